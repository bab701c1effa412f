"""The pace at which one process mirrors payments: many notifications arrive at once, after a pause.

`python -m torture.backlog 25 100` measures it on PostgreSQL with these limits of calls to Stripe a second.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]

from testing import postgres
from testing.deployment import Deployment, service
from testing.report import Report
from testing.waits import until
from torture import comparison, customers, payment_comparison
from torture.payments import DELAYS, open_shops

# Stripe's limit in live mode, which is also the largest value of the setting.
CALLS = 100
SHOPS = 10
PAYMENTS = 500


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
        simulator.control("money", DELAYS)
        simulator.control("deliveries", {"mode": "hold"})
        for number in range(payments):
            _charge(deployment, number)
        time.sleep(sum(DELAYS.values()))
        simulator.control("calls", method="DELETE")
        before = Counter[str](simulator.control("deliveries/counts")["statuses"])["held"]
        process = deployment.replicas[0].process
        if process is None:
            raise RuntimeError("the service does not run")
        pid = process.popen.pid
        began, used = time.monotonic(), _cpu(pid)
        simulator.control("deliveries", {"mode": "live"})
        until(lambda: _is_mirrored(deployment, before), 600)
        seconds, used = time.monotonic() - began, _cpu(pid) - used
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
            "milliseconds of the service's CPU time for a notification": round(used / before * 1000, 2),
            "milliseconds of the service's CPU time for a payment": round(used / payments * 1000, 2),
        },
        left,
    )


def _charge(deployment: Deployment, number: int) -> None:
    """Create a page, and let its customer pay by card."""
    amount, fee = customers.money(2500, "USD"), customers.money(100, "USD")
    order = customers.checkout(f"shop-{number % SHOPS}", f"order-{number}", amount, fee=fee)
    url = deployment.ask(customers.CHECKOUT, {"input": order})["data"]["createCheckout"]["url"]
    form = {"method": "card", "number": customers.VISA[0], **customers.FORM}
    httpx.post(url, data=form, timeout=30, trust_env=False)


def _cpu(pid: int) -> float:
    """The CPU seconds of a process."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _open_events(deployment: Deployment) -> list[str]:
    return [row.type for row in comparison.events(deployment) if row.state not in {"HANDLED", "IGNORED"}]


def _is_mirrored(deployment: Deployment, count: int) -> bool:
    waiting = deployment.simulator.control("deliveries/counts")["statuses"]
    is_delivered = not waiting.get("pending") and not waiting.get("held")
    return is_delivered and len(comparison.events(deployment)) >= count and not _open_events(deployment)


def main(*limits: str) -> None:
    """Measure, and print the reports."""
    for calls in limits:
        with postgres.server() as server, tempfile.TemporaryDirectory() as folder:
            url = postgres.create_database(server)
            for line in measure(url, payments=PAYMENTS, folder=Path(folder), calls=int(calls)).lines():
                print(line)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
