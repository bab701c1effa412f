"""The pace at which one process mirrors payments: many notifications arrive at once, after a pause."""

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from testing.deployment import Deployment, service
from testing.report import Report
from testing.waits import until
from torture import comparison, customers, payment_comparison
from torture.actions import Course
from torture.customers import Shops
from torture.payments import DELAYS, open_shops

# Stripe's limit in live mode, which is the greatest value of the setting.
CALLS = 100
SHOPS = 10


def measure(database: str, *, payments: int, folder: Path, calls: int = CALLS) -> Report:
    """Hold the notifications about new payments, send them at once, and measure the time until all payments
    are mirrored. The service makes at most `calls` calls to Stripe a second."""
    limit: dict[str, Any] = {
        "STRIPE_CALLS_PER_SECOND": str(calls),
        "STRIPE_CALLS_PER_MINUTE_OF_CALLER": "0",
        "BACKFILL_AFTER_SECONDS": "3600",
    }
    with service(database, folder, replicas=1, **limit) as deployment:
        simulator = deployment.simulator
        accounts = open_shops(deployment, SHOPS)
        until(lambda: not _open_events(deployment), 60)
        shops = Shops(Course(deployment, random.Random(1)), accounts, pause=0)  # noqa: S311 -- repeatable
        simulator.control("money", DELAYS)
        simulator.control("deliveries", {"mode": "hold"})
        for number in range(payments):
            _charge(deployment, shops, number)
        time.sleep(sum(DELAYS.values()))
        simulator.control("calls", method="DELETE")
        before = Counter[str](simulator.control("deliveries/counts")["statuses"])["held"]
        began = time.monotonic()
        simulator.control("deliveries", {"mode": "live"})
        until(lambda: _is_mirrored(deployment, before), 600)
        seconds = time.monotonic() - began
        made: dict[str, Any] = simulator.control("calls")
        left = payment_comparison.differences(deployment, accounts)
    return Report(
        {
            "payments": payments,
            "notifications": before,
            "calls to Stripe": made["total"],
            "calls to Stripe in the busiest second": made["busiest_second"],
            "seconds until all payments were mirrored": round(seconds, 1),
            "notifications mirrored a second": round(before / seconds),
        },
        left,
    )


def _charge(deployment: Deployment, shops: Shops, number: int) -> None:
    """Create an order of the service, and let its customer pay in an app."""
    merchant = f"shop-{number % SHOPS}"
    amount, fee = customers.money(2500, "USD"), customers.money(100, "USD")
    order = customers.intent(merchant, f"order-{number}", amount, fee=fee)
    made = deployment.ask(customers.INTENT, {"input": order})["data"]["createPaymentIntent"]["payment"]
    shops.call(merchant, f"payment_intents/{made['stripePaymentIntentId']}/confirm", customers.PAID)


def _open_events(deployment: Deployment) -> list[str]:
    return [row.type for row in comparison.events(deployment) if row.state not in {"HANDLED", "IGNORED"}]


def _is_mirrored(deployment: Deployment, count: int) -> bool:
    waiting = deployment.simulator.control("deliveries/counts")["statuses"]
    is_delivered = not waiting.get("pending") and not waiting.get("held")
    return is_delivered and len(comparison.events(deployment)) >= count and not _open_events(deployment)
