"""Payments under lost, late and repeated notifications: in the end, every amount equals Stripe's ledger.

Customers pay in many ways, banks decide, and merchants act in the Dashboard. Stripe never delivers a tenth of
the notifications, and delivers the others up to three times, each copy after a random delay. The worker is
killed at random moments and at fault points. No client refreshes a payment.

Then the event destination is disabled and Stripe lists no events, so only the sweep can find the changes.
After this proof, `make torture` measures how fast many new payments are mirrored (`torture.backlog`).
"""

import json
import random
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from connect.payments.mirror import reconcile
from connect.platform import periodic
from testing import existing_accounts, tables
from testing.deployment import Deployment, service
from testing.environment import STRIPE_KEY
from testing.operations import CREATE, new_merchant
from testing.report import Report, few
from testing.waits import until
from torture import actions, comparison, delivery, payment_comparison
from torture.actions import KILLS, NOT_KILLED, Course
from torture.customers import CALL_SECONDS, Shops

SIZE = 10_000  # the number of notifications, without their copies
SHOPS = 10
STEPS_PER_SECOND = 12
STRIPE = {"REVIEW_SECONDS": "2", "RETRY_SECONDS": "1,3,9"}
# Stripe books a payment after a second, and its fee another second later.
DELAYS = {"booking_seconds": 1.0, "fee_seconds": 1.0, "debit_seconds": 4.0, "refund_seconds": 4.0}
DEBITS = {"configuration": {"merchant": {"capabilities": {"ach_debit_payments": {"requested": True}}}}}


def prove(database: str, *, seed: int, size: int, folder: Path, shops: int = SHOPS) -> Report:
    """Cause about `size` notifications, wait until all work has finished, and compare."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    backfill = str(delivery.BACKFILL_AFTER_SECONDS)
    with service(
        database, folder, stripe=STRIPE, BACKFILL_AFTER_SECONDS=backfill, FEE_ON_REFUND="return"
    ) as deployment:
        simulator = deployment.simulator
        simulator.control("money", DELAYS)
        course = Course(deployment, rng)
        accounts = open_shops(deployment, shops)
        simulator.control("deliveries", {"seed": seed, **delivery.CHANCE})
        sold = Shops(course, accounts)
        _trade(course, sold, size)
        work_seconds, left = comparison.settled(lambda: open_work(deployment), 120 + size / 10)
        calls = simulator.control("calls")
        problems = few(list(left))
        _, left = comparison.settled(lambda: payment_comparison.differences(deployment, accounts), 30)
        problems += few(list(left)) + few(payment_comparison.misordered(deployment))
        problems += few(payment_comparison.wrong_returns(deployment))
        report = _report(course, accounts, calls)
        _find_without_events(course, sold, max(20, size // 50), report)
    report.problems = problems + report.problems
    report.figures["seconds from the last change until all work was finished"] = round(work_seconds, 1)
    return report


def open_shops(deployment: Deployment, count: int) -> dict[str, str]:
    """Create merchants that can charge cards and bank accounts. Returns their accounts by external id."""
    for number in range(count):
        deployment.payload(CREATE, {"input": new_merchant(f"shop-{number}")})
    accounts = {one["metadata"]["external_id"]: one["id"] for one in deployment.accounts()}
    for account in accounts.values():
        time.sleep(CALL_SECONDS)  # Stripe also counts these calls
        existing_accounts.update(deployment.simulator, account, DEBITS)
        deployment.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    until(lambda: all(one["status"] == "ACTIVE" for one in deployment.merchants()), 60)
    return accounts


def _trade(course: Course, sold: Shops, count: int) -> None:
    """Let customers, banks and merchants act until Stripe has sent `count` notifications.

    Every kind of customer comes at least once.
    """
    kills = [partial(actions.kill, course, KILLS[n % len(KILLS)]) for n in range(max(1, count // 1000))]
    total, sent, steps = len(kills), 0, 0
    while sent < count or kills or sold.first:
        began = time.monotonic()
        if course.rng.random() < 0.4:
            sold.sell()
        else:
            sold.act()
        steps += 1
        if steps % 10 == 0:
            sent = course.deployment.simulator.control("deliveries/counts")["events"]
        # The last kill happens so early that many notifications follow it.
        while kills and len(kills) > total * (1 - sent / count / 0.8):
            kills.pop(0)()
        time.sleep(max(0.0, began + 1 / STEPS_PER_SECOND - time.monotonic()))


def _find_without_events(course: Course, sold: Shops, steps: int, report: Report) -> None:
    """Let customers, banks and merchants act while Stripe sends and lists no events. One sweep must find all
    changes.
    """
    deployment, simulator = course.deployment, course.deployment.simulator
    _, left = comparison.settled(lambda: open_work(deployment), 60)
    report.problems += few(list(left))
    hush(deployment)
    sent = simulator.control("deliveries/counts")["events"]
    sold.first = []
    for number in range(steps):
        (sold.sell if number % 3 == 0 else sold.act)()
        time.sleep(1 / STEPS_PER_SECOND)
    time.sleep(max(DELAYS["debit_seconds"], DELAYS["refund_seconds"]))
    until(lambda: not any(_is_unbooked(view) for view in simulator.control("payments")["data"]), 30)
    stale = payment_comparison.differences(deployment, sold.accounts)
    swept = sweep_now(deployment, reconcile.SWEEP)
    _, left = comparison.settled(
        lambda: (
            payment_comparison.differences(deployment, sold.accounts)
            or payment_comparison.wrong_returns(deployment)
        ),
        30,
    )
    report.problems += [f"after the sweep: {one}" for one in few(list(left))]
    report.problems += few(payment_comparison.misordered(deployment))
    if simulator.control("deliveries/counts")["events"] != sent:
        report.problems.append("Stripe sent events to a disabled destination")
    report.figures |= {
        "actions without an event": steps,
        "differences before the sweep": len(stale),
        **{f"payments {name} by the sweep": swept[name] for name in ("checked", "repaired", "found")},
    }


def sweep_now(deployment: Deployment, *names: str) -> dict[str, Any]:
    """Run the periodic tasks with these names until a sweep of payments has finished. Returns its state."""
    before = sweep(deployment).get("started_at")

    async def hasten() -> None:
        for name in names:
            await periodic.hasten(name)

    def finished() -> dict[str, Any]:
        state = sweep(deployment)
        if state.get("finished_at") and state["started_at"] != before:
            return state
        # When an earlier sweep ends, it schedules the next one for the next day, so hasten the tasks again.
        comparison.in_database(deployment, hasten)
        return {}

    return until(finished, 300, pause=0.5)


def hush(deployment: Deployment) -> None:
    """Let Stripe send and list no more events."""
    simulator = deployment.simulator
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    listed = simulator.client.get("/v2/core/event_destinations", headers=headers).raise_for_status()
    for destination in listed.json()["data"]:
        simulator.control(f"destinations/{destination['id']}", {"status": "disabled"})
    simulator.control("lists", {"hide_events": True})


def sweep(deployment: Deployment) -> dict[str, Any]:
    """The state of the latest sweep, or an empty dict before the first one."""
    statement = f"SELECT state FROM periodic_task WHERE name = '{reconcile.SWEEP}'"  # noqa: S608 -- a name of ours
    rows = tables.rows(deployment.database_url, statement)
    state: dict[str, Any] = json.loads(rows[0]["state"]) if rows else {}
    return state


def open_work(deployment: Deployment) -> list[str]:
    """Describe the deliveries, events, returns of fees and bookings that are not finished."""
    waiting = deployment.simulator.control("deliveries/counts")["statuses"].get("pending", 0)
    inbox = comparison.events(deployment)
    recorded = {row.stripe_event_id for row in inbox}
    open_events = Counter(
        (row.type, row.state, row.reason) for row in inbox if row.state not in {"HANDLED", "IGNORED"}
    )
    problems = [f"{waiting} deliveries are pending"] if waiting else []
    returns = tables.rows(deployment.database_url, "SELECT id FROM fee_return WHERE state = 'PENDING'")
    problems += [f"{len(returns)} returns of fees are pending"] if returns else []
    views = deployment.simulator.control("payments")["data"]
    problems += [f"{view['intent']['id']} is not booked" for view in views if _is_unbooked(view)]
    for status in "delivered", "dropped", "failed":
        listed = deployment.simulator.control(f"deliveries?status={status}")["data"]
        lost = {one["event"]: one["type"] for one in listed if one["event"] not in recorded}
        problems += [f"{kind} ({event}), {status}, is not in the inbox" for event, kind in lost.items()]
    return problems + [
        f"{count} {kind} are {state}: {why}" for (kind, state, why), count in open_events.items()
    ]


def _is_unbooked(view: dict[str, Any]) -> bool:
    """Whether Stripe has not booked a payment or its fee yet."""
    charge = view["charge"]
    if charge is None or not charge["paid"] or not charge["captured"]:
        return False
    return charge["balance_transaction"] is None or (
        bool(charge["application_fee_amount"]) and charge["application_fee"] is None
    )


def _report(course: Course, accounts: dict[str, str], calls: dict[str, object]) -> Report:
    deployment = course.deployment
    report = Report()
    if course.done[NOT_KILLED]:
        report.problems.append(f"the worker was {NOT_KILLED} {course.done[NOT_KILLED]} times")
    busiest = int(str(calls["busiest_second"]))
    if busiest > delivery.MAX_CALLS_IN_A_SECOND:
        report.problems.append(f"{busiest} calls to Stripe in one second")
    counts = deployment.simulator.control("deliveries/counts")
    inbox = comparison.events(deployment)
    shown = payment_comparison.payments(deployment)
    for name in "state", "refundState", "disputeState":
        course.done.update({f"{name} {key}": n for key, n in Counter(one[name] for one in shown).items()})
    report.figures = {
        "merchants": len(accounts),
        "payments": len(shown),
        **dict(sorted(course.done.items())),
        "refunds": sum(len(one["refunds"]) for one in shown),
        "disputes": sum(len(one["disputes"]) for one in shown),
        "notifications": counts["events"],
        "deliveries": sum(counts["statuses"].values()),
        **{f"deliveries {status}": count for status, count in sorted(counts["statuses"].items())},
        "undelivered, read from Stripe's list": sum(not row.delivered for row in inbox),
        **{f"events {key}": n for key, n in sorted(Counter(row.state for row in inbox).items())},
        "calls to Stripe": calls["total"],
        "calls to Stripe in the busiest second": busiest,
    }
    return report
