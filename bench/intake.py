"""`make bench-intake DB=postgresql`: the throughput of notifications, and the delay of the mirror.

The service is a deployed `python -m api`. If there are several processors, one is used by the service alone.
This process, PostgreSQL and the local Stripe share the others. First, notifications are sent as fast as the
service answers. Then they are sent at steady rates, and the service's worker fetches each account from the
local Stripe.
"""

import asyncio
import contextlib
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import asyncpg  # type: ignore[import-untyped]
import click
import psutil  # type: ignore[import-untyped]

from api.server import logs
from testing import tables
from testing.databases import empty
from testing.deployment import Deployment, deployed
from testing.notifications import new_notification
from testing.processes import simulator as local_stripe
from testing.sender import Answer, Signed, send, signed

SIZE = 6000
ROUNDS = 3
CONNECTIONS = 24
# Pairs of the number of notifications per second and the number of accounts.
RATES = ((50, 10), (200, 10), (500, 10), (500, 100))
SECONDS = 10.0
# The default of --calls: the limit of the worker's calls to Stripe per second.
CALLS = 15
# Seconds to wait until the worker has handled all notifications. Fetching a hundred accounts takes seven
# seconds at 15 calls per second.
PATIENCE = 30.0


@dataclass
class Result:
    """The results of one measurement. Each list of figures has an entry for each round or each
    notification."""

    title: str
    # Notifications per second.
    accepted: list[float] = field(default_factory=list)
    # The service's CPU seconds for each notification.
    cpu: list[float] = field(default_factory=list)
    # PostgreSQL's CPU seconds for each notification.
    server_cpu: list[float] = field(default_factory=list)
    # Seconds until the service has answered.
    answers: list[float] = field(default_factory=list)
    # Seconds until the mirror was current.
    delays: list[float] = field(default_factory=list)
    fetches: int = 0
    problems: list[str] = field(default_factory=list)


def measure(
    database_url: str,
    folder: Path,
    *,
    size: int = SIZE,
    rounds: int = ROUNDS,
    rates: Sequence[tuple[int, int]] = RATES,
    seconds: float = SECONDS,
    calls: int = CALLS,
    service_processors: Collection[int] = (),
) -> Iterator[Result]:
    """Measure the throughput in rounds of `size` notifications, and the delay at each rate.

    The worker makes at most `calls` calls to Stripe per second. The service runs only on
    `service_processors`, or on any processor if they are empty.
    """
    settings = {
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "json",
        "BACKFILL_AFTER_SECONDS": "3600",
        "STRIPE_CALLS_PER_SECOND": str(calls),
        "STRIPE_CALLS_PER_SECOND_OF_OPERATION": str(calls),
    }
    with local_stripe(folder / "simulator.db") as stripe:
        stripe.control("deliveries", {"mode": "drop"})  # the local Stripe sends no notifications itself

        @contextlib.contextmanager
        def service(worker: str) -> Iterator[Deployment]:
            with contextlib.ExitStack() as stack:
                one = deployed(
                    database_url, stripe, folder, replicas=1, separate_worker=False, WORKER=worker, **settings
                )
                with _on(service_processors):
                    deployment = stack.enter_context(one)
                yield deployment

        with service("off") as deployment:
            yield from _measure_throughput(deployment, size, rounds)
            _delete_events(database_url)  # the worker must not fetch unknown accounts
        with service("on") as deployment:
            accounts = create_accounts(deployment, max((number for _, number in rates), default=0))
            for rate, number in rates:
                yield _measure_delay(deployment, accounts[:number], rate, seconds)


def _measure_throughput(deployment: Deployment, size: int, rounds: int) -> Iterator[Result]:
    accounts = [f"acct_bench{number}" for number in range(50)]

    def sign(name: str, count: int = size) -> list[Signed]:
        return _signed(deployment, accounts, name, count)

    first, again = Result("a. new notifications"), Result("b. repeated notifications")
    _send(deployment, sign("warm", max(size // 10, 1)), Result("warm-up"))
    for number in range(rounds):
        notifications = sign(f"round{number}")
        _send(deployment, notifications, first)
        _send(deployment, notifications, again)
    stored = tables.rows(
        deployment.database_url,
        "SELECT count(*) AS number FROM stripe_event WHERE stripe_event_id LIKE 'evt_bench_round%'",
    )[0]["number"]
    if stored != rounds * size:
        first.problems.append(f"{stored} of {rounds * size} events were stored")
    yield first
    yield again


def _signed(deployment: Deployment, accounts: Sequence[str], name: str, count: int) -> list[Signed]:
    """Sign `count` notifications of different events, distributed over the accounts in turn."""
    created = [
        new_notification(
            number,
            accounts[number % len(accounts)],
            id=f"evt_bench_{name}_{number:024}",
            reason=None,
        )
        for number in range(count)
    ]
    return signed(deployment.webhook_url, deployment.signing_secret, created)


def _measure_delay(deployment: Deployment, accounts: Sequence[str], rate: int, seconds: float) -> Result:
    name = f"at{rate}of{len(accounts)}"
    result = Result(f"{rate} per second, for {len(accounts)} accounts")
    notifications = _signed(deployment, accounts, name, max(int(rate * seconds), 1))
    deployment.simulator.control("calls", method="DELETE")
    answers = _send(deployment, notifications, result, rate=rate)
    of_these = f"stripe_event_id LIKE 'evt_bench_{name}!_%' ESCAPE '!'"
    pending = f"SELECT count(*) AS number FROM stripe_event WHERE state = 'PENDING' AND {of_these}"  # noqa: S608
    deadline = time.monotonic() + PATIENCE
    while tables.rows(deployment.database_url, pending)[0]["number"] and time.monotonic() < deadline:
        time.sleep(0.25)
    handled = {
        row["stripe_event_id"]: tables.moment(row["handled_at"]).timestamp()
        for row in tables.rows(
            deployment.database_url,
            f"SELECT stripe_event_id, handled_at FROM stripe_event WHERE state = 'HANDLED' AND {of_these}",  # noqa: S608
        )
    }
    result.fetches = deployment.simulator.control("calls")["calls"].get("GET /v2/core/accounts/{id}", 0)
    result.delays = [
        handled[answer.event_id] - answer.sent_at for answer in answers if answer.event_id in handled
    ]
    if len(handled) != len(notifications):
        result.problems.append(f"{len(handled)} of {len(notifications)} events were handled")
    return result


def _send(
    deployment: Deployment,
    notifications: Sequence[Signed],
    result: Result,
    *,
    rate: float | None = None,
) -> list[Answer]:
    """Send notifications and add their costs to the result."""
    replica = deployment.replicas[0]
    if replica.process is None:
        raise RuntimeError("the service does not run")
    service = psutil.Process(replica.process.popen.pid)
    server = server_of(deployment.database_url)
    cpu, server_cpu, at = cpu_seconds(service), cpu_seconds(server), time.perf_counter()
    answers = asyncio.run(
        asyncio.wait_for(
            send(deployment.webhook_url, notifications, connections=CONNECTIONS, rate=rate), 2 * PATIENCE
        )
    )
    took = time.perf_counter() - at
    result.accepted.append(len(answers) / took)
    result.cpu.append((cpu_seconds(service) - cpu) / len(answers))
    result.server_cpu.append((cpu_seconds(server) - server_cpu) / len(answers))
    result.answers += [answer.seconds for answer in answers]
    if refused := sum(answer.status != 200 for answer in answers):
        result.problems.append(f"{refused} notifications were not accepted")
    return answers


def create_accounts(deployment: Deployment, number: int) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        names = [f"shop-{one}" for one in range(number)]
        answers = pool.map(lambda name: deployment.attempt_creation(deployment.replicas[0], name), names)
        if not all(answer and answer["__typename"] == "CreateMerchantPayload" for answer in answers):
            raise RuntimeError("the merchants could not be created")
    return [account["id"] for account in deployment.accounts()]


def _delete_events(database_url: str) -> None:
    statement = "DELETE FROM stripe_event"
    if database_url.startswith("sqlite"):
        with contextlib.closing(tables.connection(database_url)) as db:
            db.execute(statement)
    else:
        tables.script(database_url, statement)


def server_of(database_url: str) -> psutil.Process | None:
    """The main process of PostgreSQL, or None if it does not run on this machine."""
    if database_url.startswith("sqlite"):
        return None

    async def ask() -> psutil.Process | None:
        connection = await asyncpg.connect(database_url)
        try:
            with contextlib.suppress(psutil.Error):
                backend = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
                return backend.parent() if backend.name().startswith("postgres") else None
            return None
        finally:
            await connection.close()

    return asyncio.run(ask())


def cpu_seconds(process: psutil.Process | None) -> float:
    """The CPU seconds of a process and its children, or 0 if there is no process."""
    spent = 0.0
    if process is not None:
        times = process.cpu_times()
        spent = times.user + times.system + times.children_user + times.children_system
        for child in process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                spent += child.cpu_times().user + child.cpu_times().system
    return float(spent)


def _processors() -> tuple[set[int], set[int]]:
    """The processors for the service and for all other processes. Empty sets mean all processors."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    first, *rest = sorted(os.sched_getaffinity(0))
    return ({first}, set(rest)) if rest else (set(), set())


@contextlib.contextmanager
def _on(processors: Collection[int]) -> Iterator[None]:
    """Run this process and its new child processes on these processors only."""
    if not processors:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


HEAD = ("at the maximum rate", "accepted/s", "CPU µs", "PostgreSQL µs", "p50 ms", "p99 ms")
DELAY_HEAD = ("at a steady rate", *HEAD[2:], "to the mirror: p50 ms", "p99 ms", "last ms", "fetches")


def _row(result: Result) -> tuple[str, ...]:
    return (result.title, f"{median(result.accepted):,.0f}", *_costs(result))


def _delay_row(result: Result) -> tuple[str, ...]:
    at = quantiles(result.delays, n=100) if len(result.delays) > 1 else []
    delays = (at[49], at[98], max(result.delays)) if at else ()
    return (result.title, *_costs(result), *(f"{one * 1000:,.0f}" for one in delays), f"{result.fetches:,}")


def _costs(result: Result) -> tuple[str, ...]:
    at = quantiles(result.answers, n=100)
    return (
        f"{median(result.cpu) * 1e6:.0f}",
        f"{median(result.server_cpu) * 1e6:.0f}" if any(result.server_cpu) else "",
        f"{at[49] * 1000:.1f}",
        f"{at[98] * 1000:.1f}",
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@click.command()
@click.option(
    "--database", type=click.Choice(["sqlite", "postgresql"]), default="postgresql", show_default=True
)
@click.option(
    "--size",
    default=SIZE,
    show_default=True,
    type=click.IntRange(min=100),
    help="Number of notifications in each round.",
)
@click.option(
    "--calls",
    default=CALLS,
    show_default=True,
    type=click.IntRange(1, 100),
    help="Maximum number of the worker's calls to Stripe per second.",
)
def main(database: str, size: int, calls: int) -> None:
    """Measure the service; exit with 1 if a notification was refused, lost or not handled."""
    logs.configure(json=False, level="error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # exiting stops the child processes
    load = os.getloadavg()[0]
    click.echo(
        f"{database}, {CONNECTIONS} connections, medians of {ROUNDS} rounds of {size:,}, {calls} calls "
        f"to Stripe per second; {os.cpu_count()} processors, load before {load:.2f}, "
        f"Python {platform.python_version()}, {platform.system()}"
    )
    results = []
    service_processors, others = _processors()
    with tempfile.TemporaryDirectory() as folder, _on(others), empty(database, Path(folder)) as url:
        for result in measure(
            url, Path(folder), size=size, calls=calls, service_processors=service_processors
        ):
            click.echo(result.title, err=True)
            results.append(result)
    click.echo(_table(HEAD, [_row(result) for result in results if not result.delays]))
    click.echo()
    click.echo(_table(DELAY_HEAD, [_delay_row(result) for result in results if result.delays]))
    problems = [f"PROBLEM {result.title}: {problem}" for result in results for problem in result.problems]
    for problem in problems:
        click.echo(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
