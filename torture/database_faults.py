"""Faults of the database, each from its start until all replicas are ready again."""

import contextlib
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from testing import disks, postgres, tables
from testing.deployment import Deployment
from testing.report import Report
from testing.waits import until
from torture.load import OK, UNAVAILABLE, Probes

# The maximum time of an answer, in seconds, in any state of the database.
MAX_ANSWER_SECONDS = 15.0
# The maximum time from the database's return until all replicas are ready, in seconds.
MAX_RETURN_SECONDS = 10.0
LOCKED_SECONDS = 8.0
# The outcomes of requests whose server was killed.
KILLED_SERVER = frozenset({"ConnectError", "ReadError", "RemoteProtocolError", "WriteError"})


@dataclass(frozen=True)
class Outage:
    """One round, from the fault to the readiness of the last replica. Times are monotonic."""

    kind: str
    began: float
    ended: float
    allowed: frozenset[str] = frozenset({OK, UNAVAILABLE})
    max_seconds: float = MAX_ANSWER_SECONDS


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
    before = time.monotonic()
    server.start()
    outage = Outage(kind, began, ready_again(deployment, probes, report, kind))
    for replica in deployment.replicas:
        statuses = [
            p.status for p in probes.seen if p.url == replica.url and p.began > down and p.ended < before
        ]
        wrong = Counter(statuses) - Counter({503: len(statuses)})
        if wrong or not statuses:
            report.problems.append(
                f"{kind}: /readyz of {replica.url} answered {dict(wrong) or 'nothing'} meanwhile"
            )
    return outage


def cut(deployment: Deployment, probes: Probes, report: Report) -> Outage:
    began = time.monotonic()
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    tables.rows(
        deployment.database_url,
        f"{ended} WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    return Outage("connections cut", began, ready_again(deployment, probes, report, "connections cut"))


def kill(deployment: Deployment, rng: random.Random) -> Outage:
    replica = deployment.replicas[0]
    began = time.monotonic()
    if replica.process is not None:
        replica.process.kill()
    time.sleep(rng.uniform(0, 0.5))
    replica.start()
    return Outage("process killed", began, time.monotonic(), frozenset({OK, UNAVAILABLE}) | KILLED_SERVER)


def lock(deployment: Deployment, probes: Probes, report: Report) -> Outage:
    began = time.monotonic()
    with closing(tables.connection(deployment.database_url)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(LOCKED_SECONDS)
        other.execute("ROLLBACK")
    return Outage("file locked", began, ready_again(deployment, probes, report, "file locked"))


def fill(deployment: Deployment, probes: Probes, report: Report, disk: Path | None) -> Outage:
    began = time.monotonic()
    # Even on a full disk, SQLite could write into the space of an existing write-ahead log, so truncate the
    # log.
    with closing(tables.connection(deployment.database_url)) as other, contextlib.suppress(Exception):
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with disks.filled(disk) if disk else _small_files(deployment):
        time.sleep(4)
    return Outage("disk full", began, ready_again(deployment, probes, report, "disk full"))


@contextlib.contextmanager
def _small_files(deployment: Deployment) -> Iterator[None]:
    """Limit the size of the process's files. This replaces a full disk if no small disk can be mounted."""
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


def ready_again(deployment: Deployment, probes: Probes, report: Report, kind: str) -> float:
    """Wait until all replicas are ready, and return that time. The report shows the longest wait."""
    returned = time.monotonic()

    def all_ready() -> bool:
        return all(probes.ready_since(returned, r.url) is not None for r in deployment.replicas)

    with contextlib.suppress(AssertionError):
        until(all_ready, 60)
    moments = [probes.ready_since(returned, replica.url) for replica in deployment.replicas]
    last = max((moment if moment is not None else time.monotonic()) for moment in moments)
    if last - returned > MAX_RETURN_SECONDS:
        report.problems.append(f"{kind}: not ready again before {last - returned:.1f} s")
    name = f"{kind}: longest wait for readiness, s"
    earlier = report.figures.get(name, 0.0)
    report.figures[name] = max(round(last - returned, 2), earlier if isinstance(earlier, float) else 0.0)
    return last
