"""The workers that run or have run lately. Each worker reports regularly. The times of reports are the
database's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models import WorkerProcess, now
from models.worker import report_worker

REPORT_SECONDS = 15.0
# A worker counts as running for this long after a report, because a busy worker may report late.
ALIVE_FOR = timedelta(seconds=60)
# A row is removed if its worker has not reported for this long.
KEPT_FOR = timedelta(days=1)
MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, and whether it runs."""

    name: str
    version: str
    started_at: datetime
    reported_at: datetime
    stopped_at: datetime | None
    is_alive: bool


async def report(name: str, version: str) -> None:
    """Record that the worker runs."""
    await report_worker(name, version)


async def leave(name: str) -> None:
    """Record that the worker stops."""
    await WorkerProcess.filter(name=name).update(stopped_at=await now())


async def listed() -> list[Worker]:
    """The stored workers, at most MAX_LISTED. The worker with the latest report comes first."""
    at = await now()
    rows = await WorkerProcess.all().order_by("-reported_at", "name").limit(MAX_LISTED)
    return [
        Worker(
            name=row.name,
            version=row.version,
            started_at=row.started_at,
            reported_at=row.reported_at,
            stopped_at=row.stopped_at,
            is_alive=row.stopped_at is None and at - row.reported_at <= ALIVE_FOR,
        )
        for row in rows
    ]


async def forget_old() -> None:
    """Remove the workers that have not reported for a day."""
    await WorkerProcess.filter(reported_at__lt=await now() - KEPT_FOR).delete()
