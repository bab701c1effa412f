"""The primary database server is lost under load, and its standby takes over.

All processes of the primary get SIGKILL while clients create merchants and payments and Stripe sends
notifications. With synchronous commit, no acknowledged work may be lost. Without it, the last commits before
the loss are missing, and `python -m api recover` and the back-fill must restore them from Stripe.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from testing import postgres
from testing.deployment import Deployment, service
from testing.merchants import global_id
from testing.replication import Pair, pair
from testing.report import Report
from testing.tables import rows
from testing.waits import until
from torture import aftermath, comparison, customers, payment_comparison
from torture.database_faults import Limits, Outage, judge_readiness, until_ready
from torture.load import CLIENT_PATIENCE, MISSING, OK, STRIPE, UNAVAILABLE, Load, Probes, grouped
from torture.outage import AFTERSHOCK
from torture.payments import open_shops

SIZE = 10  # fail-overs
DATABASE = "connectql"
# If replication is asynchronous, the primary commits for at least this many seconds without replication
# before it is lost.
UNREPLICATED = 1.5
# The back-fill must find the events whose notifications were lost.
BACKFILL = {"BACKFILL_AFTER_SECONDS": "3"}
PAYLOAD = "CreateCheckoutPayload"


@dataclass
class Orders:
    """A client that creates a checkout for one order after another, and repeats each until it succeeds.

    `choose` returns the URLs of the replicas to use.
    """

    deployment: Deployment
    merchants: Sequence[str]
    pause: float
    choose: Callable[[], Sequence[str]] | None = None
    acknowledged: dict[str, str] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        number = 0
        with httpx.Client(timeout=CLIENT_PATIENCE, limits=limits, trust_env=False, verify=False) as client:
            while not self._ended.wait(self.pause):
                if self._order(client, number):
                    number += 1

    def _order(self, client: httpx.Client, number: int) -> bool:
        urls = self.choose() if self.choose else [replica.url for replica in self.deployment.replicas]
        if not urls:
            return False
        url = urls[self.outcomes.total() % len(urls)]
        order, merchant = f"order-{number}", self.merchants[number % len(self.merchants)]
        values = customers.checkout(merchant, order, customers.money(2500, "USD"))
        try:
            answer = client.post(
                f"{url}/graphql",
                json={"query": customers.CHECKOUT, "variables": {"input": values}},
                headers=self.deployment.headers,
            ).json()
        except httpx.HTTPError as error:
            self.outcomes[type(error).__name__] += 1
            return False
        if errors := answer.get("errors"):
            self.outcomes[errors[0]["extensions"]["code"]] += 1
            return False
        result = answer["data"]["createCheckout"]
        self.outcomes[result["__typename"]] += 1
        if result["__typename"] != "CreateCheckoutPayload":
            return False
        self.acknowledged[order] = result["payment"]["id"]
        return True


def prove(
    folder: Path,
    *,
    size: int,
    seed: int,
    synchronous: bool,
    pause: float = 0.1,
    limits: Limits = Limits(),  # noqa: B008 -- immutable
) -> Report:
    """Lose the primary `size` times. Each client pauses for `pause` seconds between two requests."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    report = Report()
    losses: list[Outage] = []
    with pair(synchronous=synchronous) as servers:
        postgres.create_database(servers.primary.url, name=DATABASE)
        url = servers.url(DATABASE)
        with service(url, folder, stripe=STRIPE, **{**limits.service, **BACKFILL}) as deployment:
            accounts = open_shops(deployment, 2)
            load = Load(deployment, seed=seed, pause=pause)
            load.requested |= set(accounts)
            orders = Orders(deployment, sorted(accounts), pause)
            urls = [replica.url for replica in deployment.replicas]
            with Probes(urls, patience=limits.answer) as probes, load, orders:
                for number in range(size):
                    if number:
                        servers.replace()
                    time.sleep(rng.uniform(1.5, 2.5))  # steady load between two losses
                    losses.append(_lose(servers, deployment, probes, load, orders))
                time.sleep(AFTERSHOCK + 1)
            _judge(load, orders, losses, limits, report, synchronous=synchronous)
            judge_readiness(losses, limits, report)
            apart: set[str] = set()
            if not synchronous:
                apart = _recover(deployment, load, orders, report)
            aftermath.check(deployment, load, report, apart=apart)
            _, left = comparison.settled(lambda: _wrong_payments(deployment, orders, apart), 60)
            report.problems += left
    return report


def _lose(servers: Pair, deployment: Deployment, probes: Probes, load: Load, orders: Orders) -> Outage:
    """Cause one fail-over. If replication is asynchronous, stop it first, so that some acknowledged work is
    not replicated.
    """
    if not servers.synchronous:
        servers.disconnect()
        merchants, payments = len(load.acknowledged), len(orders.acknowledged)
        time.sleep(UNREPLICATED)
        # Each client may have sent one request before the replication stopped.
        until(lambda: len(load.acknowledged) > merchants + load.clients, 60)
        until(lambda: len(orders.acknowledged) > payments + 1, 60)
    began = time.monotonic()
    servers.fail_over()
    return until_ready("fail-over", began, deployment, probes)


def _judge(
    load: Load,
    orders: Orders,
    losses: Sequence[Outage],
    limits: Limits,
    report: Report,
    *,
    synchronous: bool,
) -> None:
    """Check that the requests of `load` fail only with UNAVAILABLE and only during a fail-over, and that no
    answer takes too long. The requests of `orders` may fail with UNAVAILABLE at any time. Without synchronous
    commit, an acknowledged merchant may be missing.
    """
    always = {OK} if synchronous else {OK, MISSING}
    wrong = []
    for request in load.requests:
        is_during = any(
            loss.began <= request.ended and request.began <= loss.ended + AFTERSHOCK for loss in losses
        )
        allowed = always | {UNAVAILABLE} if is_during else always
        if request.outcome not in allowed or request.seconds > limits.answer:
            wrong.append(request)
    report.problems += grouped(wrong)
    report.problems += [
        f"createCheckout was answered with {outcome}"
        for outcome in orders.outcomes.keys() - {PAYLOAD, UNAVAILABLE}
    ]
    unavailable = sum(request.outcome == UNAVAILABLE for request in load.requests)
    report.figures |= {
        "fail-overs": len(losses),
        "requests": len(load.requests) + orders.outcomes.total(),
        "answered UNAVAILABLE": unavailable + orders.outcomes[UNAVAILABLE],
        "slowest answer, s": round(max(request.seconds for request in load.requests), 1),
        "payments acknowledged": len(orders.acknowledged),
    }


def _recover(deployment: Deployment, load: Load, orders: Orders, report: Report) -> set[str]:
    """Restore the lost rows from Stripe. Returns the ids at Stripe that `recover` reports as duplicates."""
    merchants, payments = _stored(deployment, "merchant"), _stored(deployment, "payment")
    report.figures |= {
        "acknowledged merchants that were lost": sum(
            merchants.get(name) != key for name, key in load.acknowledged.items()
        ),
        "acknowledged payments that were lost": sum(
            payments.get(name) != key for name, key in orders.acknowledged.items()
        ),
    }
    # The worker runs at the same time, and completes creations for which Stripe's answer was lost.
    ended = deployment.command("recover", "--since", "2020-01-01")
    found = [line.split("\t") for line in ended.stdout.splitlines() if "\t" in line]
    counts = Counter(f"{kind}s {finding}" for finding, kind, *_ in found)
    report.figures |= {name: counts[name] for name in sorted(counts)}
    apart = {stripe_id for finding, *_, stripe_id in found if finding == "duplicate"}
    if ended.returncode != (1 if apart else 0):
        report.problems.append(f"recover ended with {ended.returncode}: {ended.stderr[-300:]}")
    return apart


def _wrong_payments(deployment: Deployment, orders: Orders, apart: Collection[str]) -> list[str]:
    """The acknowledged payments that are missing or have another id, and the differences from Stripe."""
    stored = _stored(deployment, "payment")
    accounts = accounts_of(deployment, apart)
    twins = {f"{one} is missing" for one in apart}
    return [
        *(
            f"{order} was acknowledged as {payment}, but the database has {stored.get(order)}"
            for order, payment in orders.acknowledged.items()
            if stored.get(order) != payment
        ),
        *(one for one in payment_comparison.differences(deployment, accounts) if one not in twins),
    ]


def accounts_of(deployment: Deployment, apart: Collection[str] = ()) -> dict[str, str]:
    """The account ids by the external ids of the merchants. The accounts in `apart` belong to no merchant."""
    return {a["metadata"]["external_id"]: a["id"] for a in deployment.accounts() if a["id"] not in apart}


def _stored(deployment: Deployment, table: str) -> dict[str, str]:
    """The ids of all rows, in the form that clients see, by external id."""
    found = rows(deployment.database_url, f"SELECT id, external_id FROM {table}")  # noqa: S608 -- our own names
    return {row["external_id"]: global_id(table.capitalize(), row["id"]) for row in found}
