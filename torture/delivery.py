"""Notifications under faults, with killed workers: in the end the mirror equals Stripe's accounts.

A few hundred merchants go through random scenarios. Stripe never delivers a tenth of the notifications, and
delivers the others up to three times, each copy after a random delay. Some notifications arrive before the
answer to the account's creation. Some have false content. In the end, Stripe sends hundreds of notifications
about one account at once. No client repeats a request.
"""

import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from testing.deployment import Deployment, service
from testing.report import Report, few
from testing.waits import until
from torture import comparison, refreshes
from torture.actions import NOT_KILLED, Course, create, play_scenarios, stranger

SIZE = 10_000  # the number of notifications, without their copies
BACKFILL_AFTER_SECONDS = 3
MAX_CALLS_IN_A_SECOND = 25  # Stripe's limit in a sandbox
MAX_FETCHES_FOR_A_BURST = 10
BURST = 500
CHANCE = {"most_copies": 3, "jitter_seconds": 3.0, "drop_share": 0.1, "shuffle": True}


def prove(database: str, *, seed: int, size: int, folder: Path) -> Report:
    """Send about `size` notifications, wait until all work has finished, and compare."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    stripe = {"REVIEW_SECONDS": "2", "RETRY_SECONDS": "1,3,9"}
    backfill = str(BACKFILL_AFTER_SECONDS)
    with service(database, folder, stripe=stripe, BACKFILL_AFTER_SECONDS=backfill) as deployment:
        deployment.simulator.control("deliveries", {"seed": seed, **CHANCE})
        course = Course(deployment, rng)
        names = [f"shop-{number}" for number in range(max(8, size * 3 // 100))]
        create(course, ["bursty", *names])
        accounts = {one["metadata"]["external_id"]: one["id"] for one in deployment.accounts()}
        course.alive = [accounts[name] for name in names]
        strangers = [stranger(deployment) for _ in range(3)]
        burst = min(BURST, size // 2)
        play_scenarios(course, size - burst, strangers)
        bursty = accounts["bursty"]
        refreshed = refreshes.at_once(deployment, course.alive, rng, min(refreshes.SIZE, size // 3))
        before = _send_burst(course, bursty, burst)
        _, left = comparison.settled(lambda: _left(course), 120 + size / 50)
        settled = time.monotonic() - course.ended_at
        report = _judge(course, burst, _fetches(deployment, bursty) - before)
    report.problems = few(list(left)) + refreshed.problems + report.problems
    report.figures |= refreshed.figures
    report.figures["seconds from the last event until all work was finished"] = round(settled, 1)
    return report


def _send_burst(course: Course, account: str, size: int) -> int:
    """Send `size` events of one account at once. Return the number of earlier fetches of the account."""
    simulator = course.deployment.simulator
    _wait_for_deliveries(course.deployment, 120)
    # The back-fill may still fetch the account for the events of its creation, which must not be counted.
    time.sleep(BACKFILL_AFTER_SECONDS)
    before = _fetches(course.deployment, account)
    # Jitter would lengthen the burst and add fetches.
    simulator.control("deliveries", {"jitter_seconds": 0.0, "most_copies": 1})
    simulator.control(f"accounts/{account}", {"scenario": "touch", "times": size})
    course.ended_at = time.monotonic()
    return before


def _fetches(deployment: Deployment, account: str) -> int:
    addresses: dict[str, int] = deployment.simulator.control("calls")["addresses"]
    return addresses.get(f"GET /v2/core/accounts/{account}", 0)


def _wait_for_deliveries(deployment: Deployment, seconds: float) -> None:
    until(lambda: not _pending(deployment), seconds)


def _pending(deployment: Deployment) -> int:
    statuses: dict[str, int] = deployment.simulator.control("deliveries/counts")["statuses"]
    return statuses.get("pending", 0)


def _judge(course: Course, burst: int, fetches: int) -> Report:
    deployment = course.deployment
    report = Report(problems=few(comparison.misordered(deployment)))
    counts = deployment.simulator.control("deliveries/counts")
    calls = deployment.simulator.control("calls")
    inbox = comparison.events(deployment)
    report.problems += few(_unrecorded(course, inbox, "delivered"))
    states = Counter(row.state for row in inbox)
    disconnected = _disconnected(deployment)
    if course.done[NOT_KILLED]:
        report.problems.append(f"the worker was {NOT_KILLED} {course.done[NOT_KILLED]} times")
    if fetches > MAX_FETCHES_FOR_A_BURST:
        report.problems.append(f"{burst} events of one account caused {fetches} fetches")
    if calls["busiest_second"] > MAX_CALLS_IN_A_SECOND:
        report.problems.append(f"{calls['busiest_second']} calls to Stripe in one second")
    report.figures = {
        "merchants": len(deployment.merchants()),
        **dict(sorted(course.done.items())),
        "notifications": counts["events"],
        "deliveries": sum(counts["statuses"].values()),
        **{f"deliveries {status}": count for status, count in sorted(counts["statuses"].items())},
        "events recorded": len(inbox),
        "undelivered, read from Stripe's list": sum(not row.delivered for row in inbox),
        **{f"events {state}": count for state, count in sorted(states.items())},
        "unhandled events of disconnected accounts": sum(
            row.account_id in disconnected and row.state in {"PENDING", "FAILED"} for row in inbox
        ),
        f"fetches for {burst} events of one account": fetches,
        "calls to Stripe": calls["total"],
        "calls to Stripe in the busiest second": calls["busiest_second"],
    }
    return report


def _left(course: Course) -> list[str]:
    """The remaining differences and unfinished events."""
    deployment = course.deployment
    inbox = comparison.events(deployment)
    unfetchable = _disconnected(deployment)
    problems = []
    for row in inbox:
        unknown = row.account_id in unfetchable or (row.account_id or "").startswith("acct_nobody")
        if row.state not in {"HANDLED", "IGNORED"} and not (unknown and row.reason):
            problems.append(f"{row.type} of {row.account_id} is {row.state}: {row.reason}")
    for status in "dropped", "failed":
        problems += _unrecorded(course, inbox, status)
    pending = _pending(deployment)
    if pending:
        problems.append(f"{pending} deliveries are pending")
    return comparison.differences(deployment) + problems


def _unrecorded(course: Course, inbox: Sequence[comparison.EventRow], status: str) -> list[str]:
    """The events that are not in the inbox, although they have deliveries with this status."""
    deliveries = course.deployment.simulator.control(f"deliveries?status={status}")["data"]
    types = {delivery["event"]: delivery["type"] for delivery in deliveries}
    lost = types.keys() - {row.stripe_event_id for row in inbox} - course.untrue
    return [f"{types[event]} ({event}), {status}, is not in the inbox" for event in sorted(lost)]


def _disconnected(deployment: Deployment) -> set[str]:
    return {one["id"] for one in deployment.accounts() if one["simulator"]["deauthorized"]}
