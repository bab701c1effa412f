"""`make bench-growth DB=postgresql`: the cost of a page of merchants as their number grows.

The service is a deployed `python -m api`. Each time ends when the complete answer has arrived over loopback.
Each page is read with one order and at most one filter of FILTERS. It is at the start, in the middle or at
the end of its list. Other queries count the matches of a filter.
"""

import asyncio
import contextlib
import http.client
import itertools
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import click
import orjson
import psutil  # type: ignore[import-untyped]
from tortoise.context import TortoiseContext

from api.server import logs
from bench import load
from models import Merchant, database
from resolvers.merchants.reading import merchant_list
from resolvers.relay.connection import Order, cursor
from testing import seed
from testing.databases import empty
from testing.deployment import Deployment, deployed
from testing.processes import simulator as local_stripe

SIZES = "1000,100000,1000000"
# Each query is measured this many times, after warm-up requests that fill the caches. The result is the
# median of these times.
REPEATS = 50
WARM_UPS = 8
STARTS = 3
MEMORY_SAMPLES = 10
# The requests are shuffled again after this many seconds of load.
LOAD_SECONDS = 2.0

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $filter: MerchantFilter,
       $orderBy: MerchantOrder!) {
  merchants(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { id externalId displayName status summary nextAction { kind label deadline } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ENDS = """
query ($first: Int, $after: String, $orderBy: MerchantOrder!) {
  merchants(first: $first, after: $after, orderBy: $orderBy) { pageInfo { hasNextPage endCursor } }
}
"""
ONE = """
query ($id: String!) {
  merchant(by: {externalId: $id}) {
    id displayName status summary capabilities { name status } requirements { dueCount entries { key title } }
  }
}
"""
ORDERS = [order.name for order in merchant_list.ORDERS.values()]
COUNTS = """
query ($filter: MerchantFilter) {
  merchants(first: 1, filter: $filter) { totalCount statusCounts { status count } }
}
"""

FILTERS: Mapping[str, Mapping[str, Any]] = {
    "status ACTIVE": {"status": ["ACTIVE"]},
    "status ONBOARDING, RESTRICTED": {"status": ["ONBOARDING", "RESTRICTED"]},
    "awaiting MERCHANT": {"awaitingActionFrom": "MERCHANT"},
    "ONBOARDING and MERCHANT": {"status": ["ONBOARDING"], "awaitingActionFrom": "MERCHANT"},
    "country IE, 1 %": {"country": ["IE"]},
    "country US, 60 %": {"country": ["US"]},
    "country DE, ACTIVE": {"country": ["DE"], "status": ["ACTIVE"]},
    "test mode, all": {"livemode": False},
    "live mode, none": {"livemode": True},
    "due within 30 days": {"dueWithinDays": 30},
    "status for 100 days": {"statusForDays": 100},
    "search with one match": {"search": "customer-0000123"},
    "search for an account": {"search": "acct_0123456789abcdef"},
    "search with all matches": {"search": "c"},
    "search with 7 % matches": {"search": "clover"},
    "search for two words, 0.9 % matches": {"search": "clover yoga"},
    "search for two frequent words, none match": {"search": "clover birch"},
    "search for a frequent and a rare word": {"search": "clover 123"},
    "search with some matches, ACTIVE": {"search": "clover", "status": ["ACTIVE"]},
    "search with some matches, IE": {"search": "clover", "country": ["IE"]},
}
# The filters whose matches are counted.
COUNTED = (None, *list(FILTERS)[:5], *list(FILTERS)[-9:])

Variables = Mapping[str, Any]


@dataclass
class Growth:
    """The results for one number of merchants, in seconds and bytes."""

    merchants: int
    started: float = 0.0
    queries: dict[str, float] = field(default_factory=dict)
    # Each pair is the number of requests so far and the memory after them.
    memory: list[tuple[int, int]] = field(default_factory=list)


class Client:
    """One connection to the service. Without `token`, it uses an operator's token."""

    def __init__(self, deployment: Deployment, token: str | None = None) -> None:
        address = urlsplit(deployment.replicas[0].url)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        bearer = f"Bearer {token}" if token is not None else deployment.headers["Authorization"]
        self._headers = {"Authorization": bearer, "Content-Type": "application/json"}

    def ask(self, query: str, variables: Variables) -> Any:
        """Send a query and return its data. Raises RuntimeError if the answer has errors."""
        body = orjson.dumps({"query": query, "variables": variables})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = orjson.loads(self._connection.getresponse().read())
        if answer.get("errors"):
            raise RuntimeError(f"{variables}: {answer['errors']}")
        return answer["data"]

    def close(self) -> None:
        self._connection.close()


def measure(
    database_url: str,
    folder: Path,
    merchants: int,
    *,
    repeats: int = REPEATS,
    warm_ups: int = WARM_UPS,
    starts: int = STARTS,
    requests: int = 0,
) -> Growth:
    """Start the service on a database with merchants, and measure the queries."""
    result = Growth(merchants)
    cursors = asyncio.run(_cursors(database_url, merchants))
    with (
        local_stripe(folder / "simulator.db") as stripe,
        deployed(database_url, stripe, folder, replicas=1, separate_worker=False, WORKER="off") as deployment,
    ):
        replica, times = deployment.replicas[0], []
        for _ in range(starts):
            replica.stop()
            at = time.monotonic()
            replica.start()
            times.append(time.monotonic() - at)
        result.started = median(times)
        with contextlib.closing(Client(deployment)) as client:
            for name, query, variables in _queries(cursors):
                result.queries[name] = _time(client, query, variables, warm_ups, repeats)
            if requests:
                result.memory = list(_memory(deployment, client, merchants, requests))
    return result


def _time(client: Client, query: str, variables: Variables, warm_ups: int, repeats: int) -> float:
    for _ in range(warm_ups):
        client.ask(query, variables)
    times = []
    for _ in range(repeats):
        at = time.perf_counter()
        client.ask(query, variables)
        times.append(time.perf_counter() - at)
    return median(times)


def _queries(cursors: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str, Variables]]:
    for order, (middle, last) in cursors.items():
        pages: Mapping[str, Variables] = {
            "first": {"first": 20},
            "middle": {"first": 20, "after": middle},
            "last": {"first": 20, "after": last},
            "middle, backwards": {"last": 20, "before": middle},
            "last, backwards": {"last": 20},
        }
        for at, page in pages.items():
            yield f"{order}, {at}", PAGE, {"orderBy": order, **page}
        for (name, condition), at in itertools.product(FILTERS.items(), ("first", "middle")):
            if at == "first" or order == next(iter(cursors)):
                variables = {"orderBy": order, "filter": condition, **pages[at]}
                yield f"{name}, {order}, {at}", PAGE, variables
    for filtered in COUNTED:
        criteria = FILTERS[filtered] if filtered is not None else None
        yield f"counts, {filtered or 'all'}", COUNTS, {"filter": criteria}


async def _cursors(database_url: str, merchants: int) -> dict[str, tuple[str, str]]:
    """For each order, a cursor in the middle and a cursor near the end."""
    async with TortoiseContext() as context:
        await context.init(config=database.config(database_url))
        try:
            return {
                order.name: (await _cursor(order, merchants // 2), await _cursor(order, merchants - 25))
                for order in merchant_list.ORDERS.values()
            }
        finally:
            await context.close_connections()


async def _cursor(order: Order, place: int) -> str:
    sign = "-" if order.descending else ""
    ordered = Merchant.all().order_by(*(sign + column for column in order.columns))
    (row,) = await ordered.offset(place).limit(1).values_list(*order.columns)
    return cursor(order, row)


def _memory(
    deployment: Deployment, client: Client, merchants: int, requests: int
) -> Iterator[tuple[int, int]]:
    """Sample the memory of the service's process while it answers requests for pages and for single
    merchants.
    """
    replica = deployment.replicas[0]
    if replica.process is None:
        raise RuntimeError("the service does not run")
    service = psutil.Process(replica.process.popen.pid)
    at = urlsplit(replica.url)
    address, rng = (str(at.hostname), at.port or 0), random.Random(1)  # noqa: S311 -- no secrets
    operations: list[tuple[str, Variables]] = [
        (PAGE, {"first": 20, "after": end, "orderBy": "CREATED_AT_ASC"}) for end in _ends(client)
    ]
    operations += [
        (ONE, {"id": seed.external_id(rng.randint(1, merchants))}) for _ in range(3 * len(operations))
    ]
    bearer = deployment.headers["Authorization"].removeprefix("Bearer ")
    wire = [
        load.request(address, orjson.dumps({"query": query, "variables": variables}), bearer)
        for query, variables in operations
    ]
    sent = 0
    yield sent, service.memory_info().rss
    for sample in range(1, MEMORY_SAMPLES + 1):
        while sent < sample * requests // MEMORY_SAMPLES:
            rng.shuffle(wire)
            sent += load.run([address], wire, LOAD_SECONDS).requests
        yield sent, service.memory_info().rss


def _ends(client: Client) -> Iterator[str]:
    """Read all merchants in pages of 100. Yield the end cursor of each page except the last."""
    after: str | None = None
    while True:
        variables = {"first": 100, "after": after, "orderBy": "CREATED_AT_ASC"}
        page = client.ask(ENDS, variables)["merchants"]["pageInfo"]
        if not page["hasNextPage"]:
            return
        after = page["endCursor"]
        yield str(after)


def _report(results: Sequence[Growth]) -> Iterator[str]:
    yield f"| milliseconds | {' | '.join(f'{one.merchants:,}' for one in results)} | last : first |"
    yield f"|---|{'---:|' * (len(results) + 1)}"
    rows = {name: [one.queries[name] for one in results] for name in results[0].queries}
    for name, times in {"start of the service": [one.started for one in results], **rows}.items():
        figures = " | ".join(f"{seconds * 1000:.2f}" for seconds in times)
        yield f"| {name} | {figures} | {times[-1] / times[0]:.2f} |"
    for one in results:
        for requests, memory in one.memory:
            yield f"after {requests:,} requests: {memory / 2**20:.1f} MiB"


@click.command()
@click.option("--database", "kind", type=click.Choice(["sqlite", "postgresql"]), default="postgresql")
@click.option("--sizes", default=SIZES, show_default=True, help="Numbers of merchants, in ascending order.")
@click.option("--repeats", default=REPEATS, show_default=True, type=click.IntRange(min=1))
@click.option("--requests", default=0, show_default=True, help="Requests while the memory is sampled.")
def main(kind: str, sizes: str, repeats: int, requests: int) -> None:
    """Measure the service and print the results."""
    logs.configure(json=False, level="error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # exiting stops the child processes
    click.echo(
        f"{kind}, medians of {repeats}; {os.cpu_count()} processors, load before {os.getloadavg()[0]:.2f}, "
        f"Python {platform.python_version()}, {platform.system()}"
    )
    numbers, results = [int(size) for size in sizes.split(",")], []
    for merchants in numbers:
        # Delete each database after its measurement: a million merchants on SQLite take nine gigabytes.
        with tempfile.TemporaryDirectory() as folder, empty(kind, Path(folder)) as url:
            asyncio.run(seed.seed(url, merchants))
            samples = requests if merchants == numbers[-1] else 0
            results.append(measure(url, Path(folder), merchants, repeats=repeats, requests=samples))
        click.echo(f"{merchants:,} merchants: done", err=True)
    for line in _report(results):
        click.echo(line)


if __name__ == "__main__":
    main()
