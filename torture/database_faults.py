"""Causes faults of the database, and waits until all replicas are ready again."""

import contextlib
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import database
from testing import disks, postgres, tables
from testing.deployment import Deployment
from testing.report import Report
from testing.waits import until
from torture.load import CLIENT_PATIENCE, OK, SERVICE, UNAVAILABLE, Probes

LOCKED_SECONDS = 8.0
# The outcomes of requests whose server was killed.
KILLED_SERVER = frozenset({"ConnectError", "ReadError", "RemoteProtocolError", "WriteError"})


@dataclass(frozen=True)
class Limits:
    """The limits of a round, with times in seconds.

    `answer` is the maximum time of every answer. `others` is the maximum time of an answer about other
    merchants while one merchant has trouble. `ready` is the maximum time from the database's return until all
    replicas are ready. If the database does not answer for `silence` seconds, the service treats it as
    unavailable. `cancelled` is the number of one merchant's mutations that clients cancel at the same time.
    """

    answer: float = 15.0
    others: float = 4.0
    ready: float = 10.0
    silence: int = database.SILENCE_SECONDS
    cancelled: int = 150

    @property
    def service(self) -> dict[str, Any]:
        """The settings of the service."""
        return {**SERVICE, "DATABASE_SILENCE_SECONDS": str(self.silence)}


# Limits for machines of any speed. They allow slow answers, so only a missing answer is a problem.
PATIENT = Limits(CLIENT_PATIENCE, CLIENT_PATIENCE, CLIENT_PATIENCE, silence=20, cancelled=40)


@dataclass(frozen=True)
class Outage:
    """One round, from the start of the fault until the last replica is ready. Times are monotonic.

    `waited` is the time from the database's return until all replicas are ready, in seconds.
    """

    kind: str
    began: float
    ended: float
    allowed: frozenset[str] = frozenset({OK, UNAVAILABLE})
    waited: float | None = None


def stop(
    server: postgres.Stoppable,
    kind: str,
    deployment: Deployment,
    probes: Probes,
    rng: random.Random,
    report: Report,
) -> Outage:
    began = time.monotonic()
    server.stop(immediate=kind == "stopped at once")
    down = time.monotonic()
    time.sleep(rng.uniform(2, 4))
    urls = {replica.url for replica in deployment.replicas}
    with contextlib.suppress(AssertionError):
        until(lambda: urls <= {probe.url for probe in list(probes.seen) if probe.began > down}, 30)
    before = time.monotonic()
    server.start()
    outage = until_ready(kind, began, deployment, probes)
    for replica in deployment.replicas:
        statuses = [
            p.status for p in probes.seen if p.url == replica.url and p.began > down and p.ended < before
        ]
        wrong = Counter(statuses) - Counter({503: len(statuses)})
        if wrong or not statuses:
            report.problems.append(
                f"{kind}: /readyz of {replica.url} answered {dict(wrong) or 'nothing'} instead of 503"
            )
    return outage


def cut(deployment: Deployment, probes: Probes) -> Outage:
    began = time.monotonic()
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    tables.rows(
        deployment.database_url,
        f"{ended} WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    return until_ready("connections cut", began, deployment, probes)


def kill(deployment: Deployment, rng: random.Random) -> Outage:
    replica = deployment.replicas[0]
    began = time.monotonic()
    if replica.process is not None:
        replica.process.kill()
    time.sleep(rng.uniform(0, 0.5))
    replica.start()
    return Outage("process killed", began, time.monotonic(), frozenset({OK, UNAVAILABLE}) | KILLED_SERVER)


def lock(deployment: Deployment, probes: Probes) -> Outage:
    began = time.monotonic()
    with closing(tables.connection(deployment.database_url)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(LOCKED_SECONDS)
        other.execute("ROLLBACK")
    return until_ready("file locked", began, deployment, probes)


def fill(deployment: Deployment, probes: Probes, disk: Path | None) -> Outage:
    began = time.monotonic()
    # Even on a full disk, SQLite could write into the space of an existing write-ahead log, so truncate the
    # log.
    with closing(tables.connection(deployment.database_url)) as other, contextlib.suppress(Exception):
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with disks.filled(disk) if disk else _small_files(deployment):
        time.sleep(4)
    return until_ready("disk full", began, deployment, probes)


@contextlib.contextmanager
def _small_files(deployment: Deployment) -> Iterator[None]:
    """Limit the size of the process's files. This simulates a full disk if no small disk can be mounted."""
    process = deployment.replicas[0].process
    if process is None:
        raise RuntimeError("the replica does not run")
    pid = process.popen.pid
    former = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    # The limit also applies to the file with the process's output, which must stay writable.
    room = process.log.stat().st_size + (1 << 20)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, former[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, former)


def until_ready(kind: str, began: float, deployment: Deployment, probes: Probes) -> Outage:
    """Wait until all replicas are ready. The caller has just brought the database back."""
    returned = time.monotonic()

    def all_ready() -> bool:
        return all(probes.ready_since(returned, r.url) is not None for r in deployment.replicas)

    with contextlib.suppress(AssertionError):
        until(all_ready, 60)
    moments = [probes.ready_since(returned, replica.url) for replica in deployment.replicas]
    last = max((moment if moment is not None else time.monotonic()) for moment in moments)
    return Outage(kind, began, last, waited=last - returned)


def judge_readiness(outages: Sequence[Outage], limits: Limits, report: Report) -> None:
    """Report the longest wait for readiness after each kind of outage, and a problem if it was too long."""
    waits: dict[str, float] = {}
    for outage in outages:
        if outage.waited is not None:
            waits[outage.kind] = max(outage.waited, waits.get(outage.kind, 0.0))
    for kind, longest in waits.items():
        report.figures[f"{kind}: longest wait for readiness, s"] = round(longest, 2)
        if longest > limits.ready:
            report.problems.append(f"{kind}: ready again only after {longest:.1f} s")
