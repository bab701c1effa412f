"""Measures how many notifications about payments one process accepts and mirrors per second.

`python -m torture.backlog 25 100` measures on PostgreSQL, once with a limit of 25 calls to Stripe per second
and once with a limit of 100. This process sends the notifications itself, because the local Stripe cannot
send them as fast.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]

from testing import postgres, sender
from testing.deployment import Deployment, service
from testing.report import Report
from testing.waits import until
from torture import comparison, customers, payment_comparison
from torture.payments import DELAYS, open_shops

# Stripe's limit in live mode, which is also the largest value of the setting.
CALLS = 100
SHOPS = 10
PAYMENTS = 500
# The number of notifications sent per second, and of the connections over which they are sent.
RATE = 500
CONNECTIONS = 24


def measure(database: str, *, payments: int, folder: Path, calls: int = CALLS, rate: float = RATE) -> Report:
    """Send `rate` notifications about new payments per second, and measure the time until all payments are
    mirrored. The service makes at most `calls` calls to Stripe per second.
    """
    limit: dict[str, Any] = {
        "STRIPE_CALLS_PER_SECOND": str(calls),
        "STRIPE_CALLS_PER_SECOND_OF_OPERATION": str(calls),
        "STRIPE_CALLS_PER_MINUTE_OF_CALLER": "0",
        "BACKFILL_AFTER_SECONDS": "3600",
    }
    with service(database, folder, replicas=1, **limit) as deployment:
        simulator = deployment.simulator
        accounts = open_shops(deployment, SHOPS)
        until(lambda: not _open_events(deployment), 60)
        simulator.control("money", DELAYS)
        simulator.control("deliveries", {"mode": "drop"})
        for number in range(payments):
            _charge(deployment, number)
        time.sleep(sum(DELAYS.values()))
        dropped = simulator.control("deliveries?status=dropped")["data"]
        notifications = [json.loads(one["payload"]) for one in dropped]
        simulator.control("calls", method="DELETE")
        process = deployment.replicas[0].process
        if process is None:
            raise RuntimeError("the service does not run")
        pid = process.popen.pid
        signed = sender.signed(deployment.webhook_url, deployment.signing_secret, notifications)
        earlier = len(comparison.events(deployment))
        began, used = time.monotonic(), _cpu(pid)
        sending = sender.send(deployment.webhook_url, signed, connections=CONNECTIONS, rate=rate)
        answers = asyncio.run(sending)
        taken = time.monotonic() - began
        until(lambda: _is_mirrored(deployment, earlier + len(signed)), 600, pause=0.25)
        seconds, used = time.monotonic() - began, _cpu(pid) - used
        made: dict[str, Any] = simulator.control("calls")
        left = payment_comparison.differences(deployment, accounts)
    count = len(signed)
    left += [f"{one.event_id} was answered with {one.status}" for one in answers if one.status != 200]
    return Report(
        {
            "payments": payments,
            "notifications": count,
            "notifications taken a second": round(count / taken),
            "milliseconds until the answer, 99th percentile": round(
                quantiles([one.seconds for one in answers], n=100)[98] * 1000
            ),
            "calls to Stripe": made["total"],
            "calls to Stripe in the busiest second": made["busiest_second"],
            "seconds until all payments were mirrored": round(seconds, 1),
            "notifications mirrored a second": round(count / seconds),
            "milliseconds of the service's CPU time for a notification": round(used / count * 1000, 2),
            "milliseconds of the service's CPU time for a payment": round(used / payments * 1000, 2),
        },
        left,
    )


def _charge(deployment: Deployment, number: int) -> None:
    """Create a Checkout page, and pay on it by card."""
    amount, fee = customers.money(2500, "USD"), customers.money(100, "USD")
    order = customers.checkout(f"shop-{number % SHOPS}", f"order-{number}", amount, fee=fee)
    url = deployment.ask(customers.CHECKOUT, {"input": order})["data"]["createCheckout"]["url"]
    form = {"method": "card", "number": customers.VISA[0], **customers.FORM}
    httpx.post(url, data=form, timeout=30, trust_env=False)


def _cpu(pid: int) -> float:
    """The CPU seconds that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _open_events(deployment: Deployment) -> list[str]:
    return [row.type for row in comparison.events(deployment) if row.state not in {"HANDLED", "IGNORED"}]


def _is_mirrored(deployment: Deployment, count: int) -> bool:
    return len(comparison.events(deployment)) >= count and not _open_events(deployment)


def main(*limits: str) -> None:
    """Measure, and print the reports."""
    for calls in limits:
        with postgres.server() as server, tempfile.TemporaryDirectory() as folder:
            url = postgres.create_database(server)
            for line in measure(url, payments=PAYMENTS, folder=Path(folder), calls=int(calls)).lines():
                print(line)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
