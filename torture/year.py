"""A year of a merchant's life within a minute or two: in the end, all its money equals Stripe's records.

One clock advances the time of the service, its database and the local Stripe by days. Stripe never delivers
about a tenth of the notifications, and delivers the others up to three times, in any order and late.

In the last part, Stripe sends and lists no events, so only the sweeps can find the changes.
"""

import random
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from connect.events import reconcile
from connect.payments.mirror import reconcile as payment_reconcile
from connect.services import mirror as services
from models import Service
from testing.deployment import Deployment
from testing.report import Report, few
from testing.subscriptions import make_price
from testing.waits import until
from torture import (
    comparison,
    dispute_comparison,
    finance_comparison,
    moving_clock,
    payment_comparison,
    payments,
    service_comparison,
)
from torture.actions import Course
from torture.customers import Shops
from torture.merchant_events import CALENDAR, SILENT_CALENDAR
from torture.merchant_life import CURRENCIES, Life
from torture.moving_clock import Clock
from torture.sides import at_stripe

SIZE = 365  # days
# In the last size / SILENT days, and at least in the last five, Stripe sends and lists no events.
SILENT = 12
# After each stretch of this number of days, the proof waits until the service has handled the events that
# were open after the previous stretch. So the service handles each event within 28 days, before Stripe stops
# listing it after 30 days.
STRETCH = 14
MERCHANT = "shop-0"
STRIPE = {"REVIEW_SECONDS": "3600", "RETRY_SECONDS": "0.3,1,3"}
SERVICE = {
    "FEE_ON_REFUND": "return",
    "STRIPE_CALLS_PER_SECOND": "100",
    "STRIPE_CALLS_PER_SECOND_OF_OPERATION": "100",
    "STRIPE_CALLS_PER_MINUTE_OF_CALLER": "0",
    "STRIPE_TIMEOUT_SECONDS": "8",
    # The proof compares all events of the year with the inbox, which is emptied after 90 days by default.
    "RETAIN_EVENTS_DAYS": "0",
}
CHANCE = {"most_copies": 3, "jitter_seconds": 0.3, "drop_share": 0.1, "shuffle": True}
DELAYS = {"fee_seconds": 5.0, "debit_seconds": 4.0 * 86_400, "refund_seconds": 5.0 * 86_400}


def prove(database: str, *, seed: int, size: int, folder: Path) -> Report:
    """Let the merchant live `size` days, wait until all work has finished, and compare. Then compare again
    after the sweeps.
    """
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    silent = max(5, size // SILENT)
    with moving_clock.service_with_clock(database, folder, stripe=STRIPE, **SERVICE) as (deployment, clock):
        simulator = deployment.simulator
        accounts = payments.open_shops(deployment, 1)
        simulator.control("money", DELAYS)
        simulator.control("deliveries", {"seed": seed, **CHANCE})
        course = Course(deployment, rng)
        sold = Shops(course, accounts, pause=0, currencies=CURRENCIES)
        # In a short life, the merchant pays for the service each week.
        interval, period = ("month", 31) if size >= 120 else ("week", 7)
        life = Life(clock, sold, MERCHANT, make_price(deployment.simulator, interval), period)
        began = time.monotonic()
        life.plan(CALENDAR, size - silent)
        earlier: set[str] = set()
        for day in range(1, size - silent + 1):
            life.live()
            if day % STRETCH == 0:
                until(partial(_are_handled, deployment, earlier), 60, pause=0.2)
                earlier = _open_events(deployment)
        seconds = time.monotonic() - began
        work_seconds, left = settled(clock, lambda: payments.open_work(deployment), 60)
        problems = few(list(left))
        _, left = settled(clock, lambda: differences(clock, accounts), 60)
        problems += few(list(left))
        report = _report(course, accounts)
        began = time.monotonic()
        _find_without_events(life, accounts, silent, report)
        seconds += time.monotonic() - began
    report.problems = problems + report.problems
    report.figures |= {
        "seconds of real time for these days": round(seconds),
        "seconds from the last event until all work was finished": round(work_seconds, 1),
    }
    return report


def _open_events(deployment: Deployment) -> set[str]:
    """The ids of the pending events in the inbox, and of events whose notifications Stripe has dropped."""
    waiting = {row.stripe_event_id for row in comparison.events(deployment) if row.state == "PENDING"}
    dropped = deployment.simulator.control("deliveries?status=dropped")["data"]
    return waiting | {one["event"] for one in dropped}


def _are_handled(deployment: Deployment, events: set[str]) -> bool:
    rows = comparison.events(deployment)
    return events <= {row.stripe_event_id for row in rows if row.state != "PENDING"}


def settled(clock: Clock, looks: Any, seconds: float) -> tuple[float, Any]:
    """`comparison.settled`, with the clock advanced by a minute before each call of `looks`."""

    def look() -> Any:
        clock.pass_time(60)
        time.sleep(0.2)
        return looks()

    return comparison.settled(look, seconds)


def differences(clock: Clock, accounts: dict[str, str]) -> list[str]:
    """All differences between Stripe and the service."""
    deployment = clock.deployment
    return [
        *comparison.differences(deployment),
        *payment_comparison.differences(deployment, accounts),
        *payment_comparison.wrong_returns(deployment),
        *finance_comparison.differences(deployment, accounts),
        *dispute_comparison.differences(deployment, accounts),
        *service_comparison.differences(deployment, accounts, clock.now()),
        *payment_comparison.misordered(deployment),
    ]


def _find_without_events(life: Life, accounts: dict[str, str], days: int, report: Report) -> None:
    """Let the last days pass while Stripe sends and lists no events. The sweeps must find everything."""
    deployment, clock = life.deployment, life.clock
    payments.hush(deployment)
    sent = deployment.simulator.control("deliveries/counts")["events"]
    life.plan(SILENT_CALENDAR, days)
    for _ in range(days):
        life.live()
    clock.pass_time(3600)  # all payments are booked
    stale = differences(clock, accounts)
    _, left = comparison.settled(partial(_swept, clock, accounts), 90)
    report.problems += [f"after the sweep: {one}" for one in few(list(left))]
    if deployment.simulator.control("deliveries/counts")["events"] != sent:
        report.problems.append("Stripe sent events to a disabled destination")
    report.figures |= {
        "days without an event": days,
        "differences before the last sweep": len(stale),
    }


def _swept(clock: Clock, accounts: dict[str, str]) -> list[str]:
    """Run all sweeps now, and return the differences that are left."""
    deployment = clock.deployment

    async def forget() -> None:
        await Service.all().update(synced_at=None)

    comparison.in_database(deployment, forget)
    payments.sweep_now(deployment, reconcile.SWEEP, payment_reconcile.SWEEP, services.TASK)
    _, left = comparison.settled(lambda: differences(clock, accounts), 8)
    return list(left)


def _report(course: Course, accounts: dict[str, str]) -> Report:
    deployment = course.deployment
    shown, sent = payment_comparison.payments(deployment), finance_comparison.payouts(deployment)
    (account,) = accounts.values()
    invoices = at_stripe(deployment, "invoices", customer_account=account)
    counts = deployment.simulator.control("deliveries/counts")
    inbox = comparison.events(deployment)
    disputes = [dispute["status"] for one in shown for dispute in one["disputes"]]
    return Report(
        {
            **dict(sorted(course.done.items())),
            "payments": len(shown),
            "refunds": sum(len(one["refunds"]) for one in shown),
            **{f"disputes {name}": count for name, count in sorted(Counter(disputes).items())},
            **{f"payouts {name}": n for name, n in sorted(Counter(one["status"] for one in sent).items())},
            **{
                f"invoices {name}": n
                for name, n in sorted(Counter(one["status"] for one in invoices).items())
            },
            "notifications": counts["events"],
            **{f"deliveries {status}": count for status, count in sorted(counts["statuses"].items())},
            "undelivered, read from Stripe's list": sum(not row.delivered for row in inbox),
            "calls to Stripe": deployment.simulator.control("calls")["total"],
        }
    )
