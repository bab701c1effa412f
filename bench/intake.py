"""`make bench-intake DB=postgresql`: the throughput of notifications, and the delay of the mirror.

The service is `python -m api` as it is deployed. With two processors it has one for itself; this process,
PostgreSQL and the local Stripe share the other. First, notifications are sent as fast as they are answered.
Then they are sent at steady rates, and the service's worker fetches each account from the local Stripe.
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
from bench.notifications import Answer, Notification, send, signed
from testing import tables
from testing.databases import empty
from testing.deployment import Deployment, deployed
from testing.processes import simulator as local_stripe

SIZE = 6000
ROUNDS = 3
CONNECTIONS = 24
# Notifications a second, and their number of accounts.
RATES = ((50, 10), (200, 10), (500, 10), (500, 100))
SECONDS = 10.0
# The default of the worker's calls to Stripe a second.
CALLS = 15
# Seconds for the worker to handle everything; a hundred accounts take seven at 15 calls a second.
PATIENCE = 30.0


@dataclass
class Result:
    """Results for some notifications. Lists have an entry for each round or for each notification."""

    title: str
    accepted: list[float] = field(default_factory=list)  # a second
    cpu: list[float] = field(default_factory=list)  # seconds for each notification
    server_cpu: list[float] = field(default_factory=list)  # the same of PostgreSQL
    answers: list[float] = field(default_factory=list)  # seconds until each was answered
    delays: list[float] = field(default_factory=list)  # seconds until the mirror was up to date
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
    ours: Collection[int] = (),
) -> Iterator[Result]:
    """Measure the throughput of `size` notifications in each round, and the delay at each rate.

    The worker makes at most `calls` calls to Stripe a second. The service runs on the processors `ours`.
    """
    settings = {
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "json",
        "BACKFILL_AFTER_SECONDS": "3600",
        "STRIPE_CALLS_PER_SECOND": str(calls),
    }
    with local_stripe(folder / "simulator.db") as stripe:
        stripe.control("deliveries", {"mode": "drop"})  # the local Stripe delivers nothing itself

        @contextlib.contextmanager
        def service(worker: str) -> Iterator[Deployment]:
            with contextlib.ExitStack() as stack:
                one = deployed(
                    database_url, stripe, folder, replicas=1, separate_worker=False, WORKER=worker, **settings
                )
                with _on(ours):
                    found = stack.enter_context(one)
                yield found

        with service("off") as deployment:
            yield from _accept(deployment, size, rounds)
            _forget(database_url)  # the worker must not fetch unknown accounts
        with service("on") as deployment:
            accounts = _accounts(deployment, max((number for _, number in rates), default=0))
            for rate, number in rates:
                yield _follow(deployment, accounts[:number], rate, seconds)


def _accept(deployment: Deployment, size: int, rounds: int) -> Iterator[Result]:
    accounts = [f"acct_bench{number}" for number in range(50)]

    def made(name: str, count: int = size) -> list[Notification]:
        return signed(deployment.webhook_url, deployment.signing_secret, accounts, name, count)

    first, again = Result("a. new ones"), Result("b. the same again")
    _send(deployment, made("warm", max(size // 10, 1)), Result("warming up"))
    for number in range(rounds):
        notifications = made(f"round{number}")
        _send(deployment, notifications, first)
        _send(deployment, notifications, again)
    kept = tables.rows(
        deployment.database_url,
        "SELECT count(*) AS number FROM stripe_event WHERE stripe_event_id LIKE 'evt_bench_round%'",
    )[0]["number"]
    if kept != rounds * size:
        first.problems.append(f"{kept} events were kept of {rounds * size}")
    yield first
    yield again


def _follow(deployment: Deployment, accounts: Sequence[str], rate: int, seconds: float) -> Result:
    name = f"at{rate}of{len(accounts)}"
    result = Result(f"{rate} a second, of {len(accounts)} accounts")
    notifications = signed(
        deployment.webhook_url, deployment.signing_secret, accounts, name, max(int(rate * seconds), 1)
    )
    deployment.simulator.control("calls", method="DELETE")
    answers = _send(deployment, notifications, result, rate=rate)
    of_these = f"stripe_event_id LIKE 'evt_bench_{name}!_%' ESCAPE '!'"
    open_ones = f"SELECT count(*) AS number FROM stripe_event WHERE state = 'PENDING' AND {of_these}"  # noqa: S608
    patience = time.monotonic() + PATIENCE
    while tables.rows(deployment.database_url, open_ones)[0]["number"] and time.monotonic() < patience:
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
        result.problems.append(f"{len(handled)} events were handled of {len(notifications)}")
    return result


def _send(
    deployment: Deployment,
    notifications: Sequence[Notification],
    result: Result,
    *,
    rate: float | None = None,
) -> list[Answer]:
    """Send notifications, and add their cost to the result."""
    replica = deployment.replicas[0]
    if replica.process is None:
        raise RuntimeError("the service does not run")
    service = psutil.Process(replica.process.popen.pid)
    server = _server(deployment.database_url)
    cpu, server_cpu, at = _cpu(service), _cpu(server), time.perf_counter()
    answers = asyncio.run(
        asyncio.wait_for(
            send(deployment.webhook_url, notifications, connections=CONNECTIONS, rate=rate), 2 * PATIENCE
        )
    )
    took = time.perf_counter() - at
    result.accepted.append(len(answers) / took)
    result.cpu.append((_cpu(service) - cpu) / len(answers))
    result.server_cpu.append((_cpu(server) - server_cpu) / len(answers))
    result.answers += [answer.seconds for answer in answers]
    if refused := sum(answer.status != 200 for answer in answers):
        result.problems.append(f"{refused} notifications were not accepted")
    return answers


def _accounts(deployment: Deployment, number: int) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        names = [f"shop-{one}" for one in range(number)]
        made = pool.map(lambda name: deployment.attempt_creation(deployment.replicas[0], name), names)
        if not all(answer and answer["__typename"] == "CreateMerchantPayload" for answer in made):
            raise RuntimeError("the merchants could not be created")
    return [account["id"] for account in deployment.accounts()]


def _forget(database_url: str) -> None:
    statement = "DELETE FROM stripe_event"
    if database_url.startswith("sqlite"):
        with contextlib.closing(tables.connection(database_url)) as db:
            db.execute(statement)
    else:
        tables.script(database_url, statement)


def _server(database_url: str) -> psutil.Process | None:
    """PostgreSQL's first process, when it runs on this machine."""
    if database_url.startswith("sqlite"):
        return None

    async def ask() -> psutil.Process | None:
        connection = await asyncpg.connect(database_url)
        try:
            with contextlib.suppress(psutil.Error):
                found = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
                return found.parent() if found.name().startswith("postgres") else None
            return None
        finally:
            await connection.close()

    return asyncio.run(ask())


def _cpu(process: psutil.Process | None) -> float:
    """The CPU seconds of a process and its children; 0 without a process."""
    spent = 0.0
    if process is not None:
        times = process.cpu_times()
        spent = times.user + times.system + times.children_user + times.children_system
        for child in process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                spent += child.cpu_times().user + child.cpu_times().system
    return float(spent)


def _processors() -> tuple[set[int], set[int]]:
    """The processors for the service and for the others; none where the system cannot choose."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    first, *rest = sorted(os.sched_getaffinity(0))
    return ({first}, set(rest)) if rest else (set(), set())


@contextlib.contextmanager
def _on(processors: Collection[int]) -> Iterator[None]:
    """Run this process and the ones it starts on these processors only."""
    if not processors:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


HEAD = ("as fast as they are answered", "accepted/s", "CPU µs", "PostgreSQL µs", "p50 ms", "p99 ms")
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
    help="How many notifications in a round.",
)
@click.option(
    "--calls",
    default=CALLS,
    show_default=True,
    type=click.IntRange(1, 100),
    help="Calls to Stripe that the worker makes a second, at most.",
)
def main(database: str, size: int, calls: int) -> None:
    """Measure and print; exit with 1 when a notification was refused, lost or not handled."""
    logs.configure(json=False, level="error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the exit stops the processes started here
    load = os.getloadavg()[0]
    click.echo(
        f"{database}, {CONNECTIONS} connections, medians of {ROUNDS} rounds of {size:,}, {calls} calls "
        f"to Stripe a second; {os.cpu_count()} processors, load before {load:.2f}, "
        f"Python {platform.python_version()}, {platform.system()}"
    )
    results = []
    ours, others = _processors()
    with tempfile.TemporaryDirectory() as folder, _on(others), empty(database, Path(folder)) as url:
        for result in measure(url, Path(folder), size=size, calls=calls, ours=ours):
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
