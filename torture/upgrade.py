"""Replicas of the previous release and of this one serve side by side under load, on one database.

The replicas and the worker are replaced one after another. First this release replaces the previous one, and
migrates the database while the previous one serves. Then the previous release returns, and must work with the
migrated database. At the end, this release returns. Clients send requests only to replicas that are ready, as
a load balancer does. No request may fail, and all replicas must give equal answers.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from testing import previous
from testing.deployment import Deployment, Part, deployment
from testing.processes import ROOT
from testing.processes import simulator as local_stripe
from testing.report import Report, few
from testing.waits import PATIENCE, until
from torture import aftermath, comparison, payment_comparison
from torture.failover import Orders, accounts_of
from torture.load import OK, SERVICE, STRIPE, Load, Probes, grouped
from torture.payments import open_shops

Json = dict[str, Any]

SIZE = 3  # upgrades, each with a rollback
LOOKS = 5
OLD, NEW = "previous", "present"
SETTINGS = {
    **SERVICE,
    "STRIPE_TIMEOUT_SECONDS": "8",
    "DRAIN_SECONDS": str(round(3 * PATIENCE)),
    "GRAPHIQL": "off",
}
# The parts in the order of a rolling upgrade. A rollback has the reverse order.
Order = Sequence[str | int]
ORDER: Order = ("worker", 0, 1)
_PAGE = """
query ($after: String) {
  merchants(first: 50, after: $after, orderBy: CREATED_AT_ASC) {
    edges { node {
      id externalId displayName contactEmail country status statusTitle summary
      nextAction { __typename } requirements { dueCount entries { key } }
      capabilities { name status } account { stripeAccountId }
      payments(first: 5) { edges { node { id externalId state amount { minorUnits currency } } } }
      timeline(first: 5) { edges { node { kind message } } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def prove(
    database: str, folder: Path, *, size: int, seed: int, short: bool = False, pause: float = 0.1
) -> Report:
    """Upgrade `size` times. Each client pauses for `pause` seconds between two requests.

    A `short` proof has no separate worker. It begins with one replica of the previous release, and ends when
    the other replica has gone back to that release.
    """
    report, rng = Report(), random.Random(seed)  # noqa: S311 -- repeatable on purpose
    old = previous.write(folder / OLD)
    order: Order = (0,) if short else ORDER
    steps = [(1, NEW), (0, NEW), (1, OLD)] if short else list(_steps(size))
    settings = {**SETTINGS, "WORKER": "on" if short else "off"}
    with local_stripe(folder / "simulator.db", port=None, **STRIPE) as simulator:
        parts = deployment(database, simulator, folder, replicas=2, separate_worker=not short, **settings)
        if short:  # the replica that runs first receives the notifications
            parts.replicas = parts.replicas[::-1]
        release = _Releases(parts, old)
        try:
            for name in order:
                release.start(name, OLD)
            _live(parts, release, steps, report, rng, seed=seed, pause=pause)
        finally:
            for part in [*parts.replicas, parts.worker]:
                part.stop()
    return report


class _Releases:
    """Starts each part of a deployment with the code of one of two releases."""

    def __init__(self, parts: Deployment, old: Path) -> None:
        self._parts = parts
        self._paths: Mapping[str, str] = {OLD: str(old), NEW: str(ROOT)}
        self.counts = dict.fromkeys((OLD, NEW), 0)

    def part(self, name: str | int) -> Part:
        return self._parts.worker if isinstance(name, str) else self._parts.replicas[name]

    def start(self, name: str | int, version: str) -> None:
        """Stop the part as in a rolling upgrade, and start it with the release `version`."""
        part = self.part(name)
        if part.process is not None and part.process.stop(grace=30 * PATIENCE):
            raise RuntimeError(f"{name} ended with an error: {part.process.output[-500:]}")
        # Python stores its compiled files of the previous release, even if the environment forbids it.
        part.environment = {
            **part.environment,
            "PYTHONPATH": self._paths[version],
            "PYTHONDONTWRITEBYTECODE": "",
        }
        part.start()
        self.counts[version] += 1


def _live(
    parts: Deployment,
    release: _Releases,
    steps: Sequence[tuple[str | int, str]],
    report: Report,
    rng: random.Random,
    *,
    seed: int,
    pause: float,
) -> None:
    accounts = open_shops(parts, 2)
    with Probes([replica.url for replica in parts.replicas]) as probes:
        load = Load(parts, seed, pause=pause, choose=probes.ready)
        load.requested |= set(accounts)
        orders = Orders(parts, sorted(accounts), pause, choose=probes.ready)
        with load, orders:
            for name, version in steps:
                time.sleep(rng.uniform(0.5, 1))
                known = _workers(parts)
                release.start(name, version)
                if isinstance(name, str):  # before its first report, a worker may not handle SIGTERM yet
                    until(lambda known=known: _workers(parts) - known, 60)  # type: ignore[misc]
                else:
                    url = parts.replicas[name].url
                    until(lambda url=url: url in probes.ready(), 60)  # type: ignore[misc]
                report.problems += few(_disagreements(parts))
            time.sleep(1)
    report.problems += grouped(request for request in load.requests if request.outcome != OK)
    report.problems += [
        f"createCheckout was answered with {outcome}"
        for outcome in orders.outcomes
        if outcome != "CreateCheckoutPayload"
    ]
    aftermath.check(parts, load, report)
    _, left = comparison.settled(lambda: payment_comparison.differences(parts, accounts_of(parts)), 60)
    report.problems += few(list(left))
    report.figures |= {
        "client requests": len(load.requests) + orders.outcomes.total(),
        "slowest answer, s": round(max(request.seconds for request in load.requests), 1),
        "payments acknowledged": len(orders.acknowledged),
        "starts of the previous release": release.counts[OLD],
        "starts of this release": release.counts[NEW],
    }


def _steps(size: int) -> Iterator[tuple[str | int, str]]:
    """Steps forward and back, `size` times, and forward again at the end."""
    for number in range(size):
        yield from ((name, NEW) for name in ORDER)
        yield from ((name, OLD) for name in reversed(ORDER))
        if number == size - 1:
            yield from ((name, NEW) for name in ORDER)


def _workers(parts: Deployment) -> set[str]:
    """The names of all workers that have ever reported, including stopped ones."""
    answer = parts.ask("{ platform { workers { name } } }")
    return {one["name"] for one in answer["data"]["platform"]["workers"]}


def _disagreements(parts: Deployment) -> list[str]:
    """The fields about which the replicas disagree in each of LOOKS comparisons, although they read the same
    rows."""
    lasting: dict[tuple[str, str], str] | None = None
    for _ in range(LOOKS):
        first, second, again = (_merchants(parts, number) for number in (0, 1, 0))
        found = {
            (name, key): f"{name}: {key} is {first[name][key]} and {second[name][key]}"
            for name in first.keys() & second.keys() & again.keys()
            for key in first[name]
            # A field that changes meanwhile is not compared.
            if first[name][key] == again[name][key] != second[name][key]
        }
        lasting = {one: text for one, text in found.items() if lasting is None or one in lasting}
        if not lasting:
            return []
        time.sleep(0.5)  # a merchant may change between the two answers
    return list((lasting or {}).values())


def _merchants(parts: Deployment, number: int) -> dict[str, Json]:
    nodes: dict[str, Json] = {}
    after = None
    while True:
        answer = parts.ask(_PAGE, {"after": after}, parts.replicas[number])
        page = answer["data"]["merchants"]
        nodes |= {edge["node"]["externalId"]: edge["node"] for edge in page["edges"]}
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]
