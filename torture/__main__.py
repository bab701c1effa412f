"""`make torture PROOF=creation DB=sqlite N=1000 SEED=1`: run proofs and print their reports."""

import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from testing import pgbouncer, processes
from testing.databases import empty
from testing.report import Report
from torture import (
    adoption,
    backlog,
    charging,
    clocks,
    creation,
    delivery,
    disputes,
    failover,
    live,
    outage,
    outgoing,
    payments,
    payouts,
    refunds,
    replacement,
    restore,
    services,
    silence,
    stopping,
    upgrade,
    year,
)

# Runs a proof with the kind of database, the seed, the size and an empty folder. Yields titles and reports.
Run = Callable[[str, int, int, Path], Iterator[tuple[str, Report]]]


def _pooled(prove: Callable[..., Report]) -> Run:
    """Run a proof with PgBouncer between the service and PostgreSQL."""

    def run(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
        with empty(database, folder) as url, pgbouncer.pooled(url) as pooled:
            report = prove(pooled, seed=seed, size=size, folder=folder)
            report.figures["clients of the database"] = "direct" if pooled == url else "through PgBouncer"
            yield "", report

    return run


def _delivery(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "", delivery.prove(url, seed=seed, size=size, folder=folder)


def _payments(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "", payments.prove(url, seed=seed, size=size, folder=folder)
    second = folder / "backlog"
    second.mkdir()
    with empty(database, second) as url:
        yield "backlog", backlog.measure(url, payments=max(10, size // 20), folder=second)


def _year(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "", year.prove(url, seed=seed, size=size, folder=folder)


def _restore(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "", restore.prove(url, seed=seed, size=size, folder=folder)


def _silence(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "", silence.prove(url, seed=seed, size=size, folder=folder)


def _live(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "", live.prove(url, seed=seed, size=size, folder=folder)


def _outage(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    yield "", outage.prove(database, folder, rounds=size, seed=seed)


def _failover(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    if database == "postgresql":  # SQLite has no replication
        for title in ("synchronous", "asynchronous"):
            own = folder / title
            own.mkdir()
            yield title, failover.prove(own, size=size, seed=seed, synchronous=title == "synchronous")


def _stopping(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    with empty(database, folder) as url:
        yield "one replica", stopping.prove(url, folder, replicas=1, rounds=size, seed=seed)
    if database != "sqlite":
        second = folder / "in-turn"
        second.mkdir()
        with empty(database, second) as url:
            yield "in turn", stopping.prove(url, second, replicas=2, rounds=size, seed=seed)


def _upgrade(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    if database == "postgresql":  # on SQLite, the service is one process
        with empty(database, folder) as url:
            yield "", upgrade.prove(url, folder, size=size, seed=seed)


def _clocks(database: str, seed: int, size: int, folder: Path) -> Iterator[tuple[str, Report]]:
    if database != "sqlite":  # all replicas on one SQLite file share one clock
        with empty(database, folder) as url:
            yield "", clocks.prove(url, folder, rounds=size, seed=seed)


PROOFS: dict[str, tuple[int, Run]] = {
    "creation": (creation.SIZE, _pooled(creation.prove)),
    "replacement": (replacement.SIZE, _pooled(replacement.prove)),
    "adoption": (adoption.SIZE, _pooled(adoption.prove)),
    "charging": (charging.SIZE, _pooled(charging.prove)),
    "services": (services.SIZE, _pooled(services.prove)),
    "disputes": (disputes.SIZE, _pooled(disputes.prove)),
    "payouts": (payouts.SIZE, _pooled(payouts.prove)),
    "outgoing": (outgoing.SIZE, _pooled(outgoing.prove)),
    "refunds": (refunds.SIZE, _pooled(refunds.prove)),
    "delivery": (delivery.SIZE, _delivery),
    "payments": (payments.SIZE, _payments),
    "year": (year.SIZE, _year),
    "restore": (restore.SIZE, _restore),
    "silence": (silence.SIZE, _silence),
    "live": (live.SIZE, _live),
    "outage": (40, _outage),
    "failover": (failover.SIZE, _failover),
    "stopping": (10, _stopping),
    "upgrade": (upgrade.SIZE, _upgrade),
    "clocks": (8, _clocks),
}
# `portable` is PostgreSQL with the portable profile.
KINDS = "sqlite", "postgresql", "portable"


@click.command()
@click.argument("proofs", nargs=-1, type=click.Choice(list(PROOFS)), metavar="[PROOF]...")
@click.option("--database", type=click.Choice(KINDS), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--size", default=None, type=int, help="The size of the one proof. The default is its full size."
)
def main(proofs: tuple[str, ...], database: str, seed: int, size: int | None) -> None:
    """Run the named proofs, or all proofs. Exit with 1 if one has failed."""
    if size is not None and len(proofs) != 1:
        raise click.UsageError("--size needs the name of one proof.")
    processes.forks_for = uuid.uuid4().hex if sys.platform == "linux" else ""
    success = True
    for name in proofs or PROOFS:
        full, run = PROOFS[name]
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            for title, report in run(database, seed, size or full, Path(folder)):
                report.figures["took, in seconds"] = round(time.monotonic() - started)
                click.echo(
                    ", ".join(filter(None, (name, title, database, f"seed {seed}, size {size or full}")))
                )
                for line in report.lines():
                    click.echo(line)
                success = success and not report.problems
                started = time.monotonic()
    sys.exit(0 if success else 1)


if __name__ == "__main__":
    main()
