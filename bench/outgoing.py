"""`make bench-outgoing`: the cost of a change with and without an endpoint for outgoing events.

In each round, every merchant's status changes at the local Stripe, and a notification about each merchant is
sent. The service's worker fetches the accounts and writes the outgoing events. In half of the rounds, an
endpoint on loopback is enabled, so that the worker also delivers the events. A round ends when no event and
no delivery is pending.
"""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click
import psutil  # type: ignore[import-untyped]

from api.server import logs
from bench import intake
from testing import tables
from testing.databases import empty
from testing.deployment import Deployment, deployed
from testing.notifications import new_notification
from testing.processes import simulator as local_stripe
from testing.receiver import Receiver, receiving
from testing.sender import send, signed

MERCHANTS, ROUNDS = 100, 10
# Each scenario changes the merchant's status.
SCENARIOS = "activate", "past_due"
PATIENCE = 120.0

CREATE = """
mutation ($input: CreateEventEndpointInput!) {
  createEventEndpoint(input: $input) {
    __typename ... on CreateEventEndpointPayload { endpoint { id } } ... on Error { message }
  }
}
"""
ENABLE = """
mutation ($input: UpdateEventEndpointInput!) {
  updateEventEndpoint(input: $input) { __typename ... on Error { message } }
}
"""
EVENTS = "SELECT count(*) AS number FROM outgoing_event"
WAITING = """
SELECT (SELECT count(*) FROM stripe_event WHERE state = 'PENDING')
  + (SELECT count(*) FROM outgoing_event WHERE position IS NULL)
  + (SELECT count(*) FROM outgoing_delivery WHERE state = 'PENDING') AS number
"""


@dataclass
class Costs:
    """The CPU seconds for each change, one entry for each round."""

    service: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    changes: int = 0
    deliveries: int = 0


async def measure(
    database_url: str, folder: Path, *, merchants: int = MERCHANTS, rounds: int = ROUNDS
) -> tuple[Costs, Costs]:
    """Return the costs without the endpoint and with it, each measured in `rounds` rounds."""
    without, delivered = Costs(), Costs()
    with (
        local_stripe(folder / "simulator.db") as stripe,
        deployed(
            *(database_url, stripe, folder),
            replicas=1,
            separate_worker=False,
            STRIPE_CALLS_PER_SECOND="100",
            STRIPE_CALLS_PER_SECOND_OF_OPERATION="100",
            BACKFILL_AFTER_SECONDS="3600",
            EVENT_PRIVATE_HOSTS="127.0.0.1",
            NOTICES_PER_DAY="0",
        ) as deployment,
    ):
        stripe.control("deliveries", {"mode": "drop"})
        accounts = await asyncio.to_thread(intake.create_accounts, deployment, merchants)
        async with receiving() as receiver:
            created = await asyncio.to_thread(deployment.payload, CREATE, {"input": {"url": receiver.url}})
            for number in range(2 * rounds + 4):
                has_endpoint = number % 4 in {1, 2}  # both scenarios occur with and without the endpoint
                enabled = {"endpoint": created["endpoint"]["id"], "enabled": has_endpoint}
                await asyncio.to_thread(deployment.payload, ENABLE, {"input": enabled})
                # The first four rounds are a warm-up. Their costs are dropped.
                costs = (delivered if has_endpoint else without) if number > 3 else Costs()
                await _round(deployment, accounts, number, receiver, costs)
    return without, delivered


async def _round(
    deployment: Deployment, accounts: Sequence[str], number: int, receiver: Receiver, costs: Costs
) -> None:
    database_url, scenario = deployment.database_url, SCENARIOS[number % 2]

    def change() -> None:
        for account in accounts:
            deployment.simulator.control(f"accounts/{account}", {"scenario": scenario})

    # Count before the change, because the worker's sweep may find the change before its notification is sent.
    events, received = await _number(database_url, EVENTS), len(receiver.received)
    await asyncio.to_thread(change)
    created = [
        new_notification(place, account, id=f"evt_bench_{number}_{place:024}", reason=None)
        for place, account in enumerate(accounts)
    ]
    notifications = signed(deployment.webhook_url, deployment.signing_secret, created)
    process = deployment.replicas[0].process
    if process is None:
        raise RuntimeError("the service does not run")
    service, server = (
        psutil.Process(process.popen.pid),
        await asyncio.to_thread(intake.server_of, database_url),
    )
    cpu, server_cpu = intake.cpu_seconds(service), intake.cpu_seconds(server)
    await send(deployment.webhook_url, notifications, connections=intake.CONNECTIONS)
    deadline = time.monotonic() + PATIENCE
    while await _number(database_url, WAITING):
        if time.monotonic() > deadline:
            raise RuntimeError("the events were not handled or delivered in time")
        await asyncio.sleep(0.25)
    costs.service.append((intake.cpu_seconds(service) - cpu) / len(accounts))
    costs.server.append((intake.cpu_seconds(server) - server_cpu) / len(accounts))
    costs.changes += await _number(database_url, EVENTS) - events
    costs.deliveries += len(receiver.received) - received


async def _number(database_url: str, statement: str) -> int:
    (row,) = await asyncio.to_thread(tables.rows, database_url, statement)
    return int(row["number"])


@click.command()
@click.option(
    "--database", type=click.Choice(["sqlite", "postgresql"]), default="postgresql", show_default=True
)
@click.option("--size", default=MERCHANTS, show_default=True, type=click.IntRange(1, 1000))
def main(database: str, size: int) -> None:
    """Measure `size` changes in each round.

    Exit with 1 unless each event was delivered exactly once while the endpoint was enabled, and none while it
    was disabled.
    """
    logs.configure(json=False, level="error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # exiting stops the child processes
    with tempfile.TemporaryDirectory() as folder, empty(database, Path(folder)) as url:
        without, delivered = asyncio.run(measure(url, Path(folder), merchants=size))
    click.echo(f"{database}, medians of {ROUNDS} rounds of {size} changes, CPU for each change in ms")
    click.echo("| | without an endpoint | with an endpoint | ratio |\n|---|---:|---:|---:|")
    for title, one, other in (
        ("service", without.service, delivered.service),
        ("PostgreSQL", without.server, delivered.server),
    ):
        if first := median(one):
            second = median(other)
            click.echo(f"| {title} | {first * 1000:.2f} | {second * 1000:.2f} | {second / first:.2f} |")
    click.echo(f"events: {without.changes} and {delivered.changes}; deliveries: {delivered.deliveries}")
    sys.exit(0 if delivered.deliveries == delivered.changes and not without.deliveries else 1)


if __name__ == "__main__":
    main()
