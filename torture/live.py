"""Clients subscribe on every replica, while the connections that listen for changes are cut repeatedly.

Each subscriber must receive the newest state of every merchant, and never an older state after a newer one.
Some fetches overlap an update: Stripe reads the account before the update and answers after it. Other clients
open event streams and read nothing.
"""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect

from models.database import PORTABLE
from testing import portable, tables
from testing.deployment import Deployment, service
from testing.report import Report, few
from testing.subscribers import Socket, Stream
from testing.waits import PATIENCE, until
from torture import silent_clients
from torture.one_merchant import REFRESH
from torture.silence import SCENARIOS

SIZE = 500  # changes
MERCHANTS = 20
CHANGES_PER_SECOND = 10
# The number of changes between two cuts.
CUT_EVERY = 10

SELECTION = """
externalId displayName status summary
requirements { dueCount pendingCount entries { key awaitingActionFrom } }
timeline(first: 1) { edges { cursor node { id } } }
"""
ALL_MERCHANTS = f"subscription {{ merchantsChanged {{ {SELECTION} }} }}"
ONE = f"subscription ($id: String!) {{ merchantChanged(by: {{externalId: $id}}) {{ {SELECTION} }} }}"
# Once in CROSS_EVERY changes, a fetch overlaps an update. UPDATE_SECONDS and FETCH_SECONDS are their delays.
CROSS_EVERY, UPDATE_SECONDS, FETCH_SECONDS = 15, 0.3, 0.8
# The number of clients that open an event stream at the first replica and read nothing. The replica's memory
# may grow by MAX_GROWTH_MIB, and by MAX_UNREAD_MIB for each of these streams.
UNREAD, MAX_GROWTH_MIB, MAX_UNREAD_MIB = 500, 80, 0.16
READ = f"query {{ merchants(first: 100) {{ edges {{ node {{ {SELECTION} }} }} }} }}"
RENAME = """
mutation ($id: String!, $name: String!) {
  updateMerchant(input: {merchant: {externalId: $id}, displayName: $name}) { __typename }
}
"""

Merchant = dict[str, Any]


@dataclass
class Subscriber:
    """A client: the latest state of each merchant that it received, and the problems of its messages."""

    name: str
    merchants: dict[str, Merchant] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)  # the number in the latest name of each merchant
    messages: int = 0
    problems: list[str] = field(default_factory=list)

    def note(self, data: Mapping[str, Merchant]) -> None:
        (merchant,) = data.values()
        key = merchant["externalId"]
        self.messages += 1
        if key in self.merchants and _latest(merchant) < _latest(self.merchants[key]):
            self.problems.append(f"{self.name} received an older state of {key} after a newer one")
        self.merchants[key] = merchant
        number = (
            int(merchant["displayName"].removeprefix("Name ")) if "Name " in merchant["displayName"] else -1
        )
        if number < self.names.get(key, -1):
            self.problems.append(f"{self.name} received an earlier name of {key} again")
        self.names[key] = number


def prove(
    database: str, *, seed: int, size: int, folder: Path, merchants: int = MERCHANTS, unread: int = UNREAD
) -> Report:
    """Change merchants `size` times, at Stripe or through a replica, while connections are cut.

    Meanwhile, `unread` clients open event streams at the first replica and read nothing.
    """
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    report = Report({"changes": size, "merchants": merchants})
    replicas = 1 if database.startswith("sqlite") else 3
    stripe = {"REVIEW_SECONDS": "0.2"}
    settings = {"LOG_LEVEL": "warning", "LIVE_CONNECTIONS_OF_ONE": str(UNREAD)}
    with service(database, folder, replicas=replicas, stripe=stripe, **settings) as deployment:
        for number in range(merchants):
            deployment.attempt_creation(
                deployment.replicas[number % len(deployment.replicas)], f"shop-{number}"
            )
        with silent_clients.streams(deployment, unread) as memory:
            asyncio.run(_watch(deployment, report, rng, size))
            growth = memory()
        report.figures |= {"streams that read nothing": unread, "MiB for these streams": growth}
        if growth > MAX_GROWTH_MIB + MAX_UNREAD_MIB * unread:
            report.problems.append(f"{unread} streams that read nothing let the memory grow by {growth} MiB")
    return report


async def _watch(deployment: Deployment, report: Report, rng: random.Random, size: int) -> None:
    subscribers: list[Subscriber] = []
    names = [f"shop-{number}" for number in range(int(str(report.figures["merchants"])))]
    async with asyncio.TaskGroup() as tasks:
        listeners = []
        for replica in deployment.replicas:
            for kind in ("socket", "stream"):
                one = Subscriber(f"{kind} at {replica.url}")
                subscribers.append(one)
                follow = _by_socket if kind == "socket" else _by_stream
                listeners.append(tasks.create_task(follow(deployment, replica.url, one, ALL_MERCHANTS, {})))
            for name in rng.sample(names, min(5, len(names))):
                one = Subscriber(f"{name} at {replica.url}")
                subscribers.append(one)
                listeners.append(
                    tasks.create_task(_by_socket(deployment, replica.url, one, ONE, {"id": name}))
                )
        async with asyncio.timeout(30 * PATIENCE):
            while not all(one.merchants for one in subscribers):  # noqa: ASYNC110 -- many tasks, one look
                await asyncio.sleep(0.05)
        report.figures["subscribers"] = len(subscribers)
        cuts = await _change(deployment, rng, size, names, subscribers, report)
        report.figures["connections cut"] = cuts
        seconds, left = await _settled(deployment, subscribers, names)
        report.problems += few(left)
        for one in subscribers:
            report.problems += few(one.problems, 3)
        report.figures |= {
            "messages": sum(one.messages for one in subscribers),
            "seconds from the last change until all had the newest state": round(seconds, 1),
        }
        for task in listeners:
            task.cancel()


async def _change(
    deployment: Deployment,
    rng: random.Random,
    size: int,
    names: list[str],
    subscribers: list[Subscriber],
    report: Report,
) -> int:
    """Make `size` changes. Return the number of connections that were cut, which is 0 with SQLite."""
    accounts = {one["metadata"]["external_id"]: one["id"] for one in deployment.accounts()}
    is_portable = portable.profile(deployment.database_url) == PORTABLE
    cuts = 0
    quiet: list[float] = []
    after_cuts: list[float] = []
    async with httpx.AsyncClient(
        headers=dict(deployment.headers), trust_env=False, timeout=30 * PATIENCE
    ) as client:
        for number in range(size):
            name = rng.choice(names)
            replica = rng.choice(deployment.replicas)
            if number % CUT_EVERY == CUT_EVERY - 1:
                if not deployment.database_url.startswith("sqlite"):
                    cuts += await asyncio.to_thread(_cut, deployment)
                # The merchant changes before the new connections are open, so no replica is notified.
                delays = after_cuts
            elif number % 3 == 0:
                delays = quiet
            else:
                state = {"scenario": rng.choice(SCENARIOS)}
                await asyncio.to_thread(deployment.simulator.control, f"accounts/{accounts[name]}", state)
                await asyncio.sleep(rng.uniform(0.5, 1.5) / CHANGES_PER_SECOND)
                continue
            new = f"Name {number}"
            fetch = None
            if number % CROSS_EVERY == 0:
                fetch = asyncio.create_task(_cross(deployment, client, accounts[name], name))
            is_renamed = await _rename(client, replica.url, name, new, is_portable=is_portable)
            if fetch is not None:
                report.problems += await fetch
            if is_renamed:
                started = time.monotonic()
                left = await _wait_for_all(subscribers, name, new)
                delays.append(time.monotonic() - started)
                report.problems += few([f"{one.name} never received {new}" for one in left], 3)
    report.figures["from updateMerchant to the last message"] = _spread(quiet)
    report.figures["from updateMerchant to the last message, right after a cut"] = _spread(after_cuts)
    return cuts


async def _rename(
    client: httpx.AsyncClient, url: str, merchant: str, name: str, *, is_portable: bool
) -> bool:
    """Rename a merchant, if its state allows that. With the portable profile, a cut also ends the connections
    for reads. If the mutation is therefore answered with UNAVAILABLE, it is repeated.
    """
    body = {"query": RENAME, "variables": {"id": merchant, "name": name}}
    deadline = time.monotonic() + 10 * PATIENCE
    while True:
        answer = (await client.post(f"{url}/graphql", json=body)).json()
        if answer["data"] is not None:
            return bool(answer["data"]["updateMerchant"]["__typename"] == "UpdateMerchantPayload")
        is_cut = is_portable and answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        if not is_cut or time.monotonic() > deadline:
            raise AssertionError(f"the new name {name} was answered with {answer}")


async def _cross(deployment: Deployment, client: httpx.AsyncClient, account: str, merchant: str) -> list[str]:
    """Fetch the account while it is updated. Stripe reads the account before the update and answers after it.

    Meanwhile no notification arrives, because it would cause another fetch.
    """
    path = f"/v2/core/accounts/{account}"
    deployment.simulator.control("deliveries", {"mode": "hold"})
    slow = {"kind": "delay", "seconds": UPDATE_SECONDS}, {"kind": "delay_after", "seconds": FETCH_SECONDS}
    for method, fault in zip(("POST", "GET"), slow, strict=True):
        order = {"method": method, "path": path, **fault}
        deployment.simulator.control("faults", order)  # the faults must be set before the update is sent
    await asyncio.sleep(UPDATE_SECONDS / 3)
    body = {"query": REFRESH, "variables": {"id": merchant}}
    answer = (await client.post(f"{deployment.replicas[-1].url}/graphql", json=body)).json()
    await asyncio.to_thread(deployment.simulator.control, "deliveries", {"mode": "live"})
    if answer == {"data": {"refreshMerchant": {"__typename": "RefreshMerchantPayload"}}}:
        return []
    return [f"{merchant}: the fetch during an update answered {str(answer)[:300]}"]


def _spread(seconds: list[float]) -> str:
    delays = sorted(round(one * 1000) for one in seconds)
    if not delays:
        return "-"
    median, most = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
    return f"median {median} ms, 95 % {most} ms, maximum {delays[-1]} ms"


async def _wait_for_all(subscribers: list[Subscriber], merchant: str, name: str) -> list[Subscriber]:
    """Wait up to ten seconds for all subscribers of a merchant to have its new name.

    Returns the subscribers that still have an older name.
    """
    deadline = time.monotonic() + 10 * PATIENCE
    while True:
        left = [
            one
            for one in subscribers
            if merchant in one.merchants and one.merchants[merchant]["displayName"] != name
        ]
        if not left or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.002)


def _cut(deployment: Deployment) -> int:
    """Wait until every replica and the worker listen, then cut their connections. Return their number.

    With the portable profile, processes poll over their connections for reads. Each process may have several
    of these connections.
    """
    url = deployment.database_url
    name = "connectql reads" if portable.profile(url) == PORTABLE else "connectql feed"
    sessions = f"FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{name}'"
    until(lambda: len(tables.rows(url, f"SELECT pid {sessions}")) > len(deployment.replicas), 30)
    return len(tables.rows(url, f"SELECT pg_terminate_backend(pid) {sessions}"))


async def _settled(
    deployment: Deployment, subscribers: list[Subscriber], names: list[str]
) -> tuple[float, list[str]]:
    """Wait until all subscribers agree with a query. Return the time and the remaining differences."""
    started = time.monotonic()
    while True:
        truth = await asyncio.to_thread(_truth, deployment)
        left = [
            f"{one.name} has an old state of {name}"
            for one in subscribers
            for name in names
            if name in one.merchants and one.merchants[name] != truth[name]
        ]
        if not left or time.monotonic() - started > 30 * PATIENCE:
            return time.monotonic() - started, left
        await asyncio.sleep(0.1)


def _truth(deployment: Deployment) -> dict[str, Merchant]:
    answer = deployment.ask(READ)
    return {edge["node"]["externalId"]: edge["node"] for edge in answer["data"]["merchants"]["edges"]}


async def _by_socket(
    deployment: Deployment, url: str, subscriber: Subscriber, query: str, variables: Mapping[str, Any]
) -> None:
    address = url.replace("http://", "ws://") + "/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as connection:  # type: ignore[list-item]
        client = Socket(connection)
        await client.begin(deployment.headers["Authorization"].removeprefix("Bearer "))
        await client.subscribe(query, variables)
        while True:
            subscriber.note(await client.data(seconds=600))


async def _by_stream(
    deployment: Deployment, url: str, subscriber: Subscriber, query: str, variables: Mapping[str, Any]
) -> None:
    headers = {**deployment.headers, "Accept": "text/event-stream"}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(trust_env=False, verify=False, timeout=600) as client,
        client.stream("POST", f"{url}/graphql", json=body, headers=headers) as answer,
    ):
        events = Stream(answer.aiter_lines())
        while True:
            event, payload = await events.receive(600)
            if event == "next":
                subscriber.note(payload["data"])
            elif event:
                raise RuntimeError(f"{subscriber.name}: {event} {payload}")


def _latest(merchant: Merchant) -> str:
    """The id of the newest timeline entry, which grows with each change."""
    text: str = merchant["timeline"]["edges"][0]["node"]["id"]
    return text
