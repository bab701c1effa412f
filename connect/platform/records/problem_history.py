"""The history of the platform's problems. Each check of a worker updates it.

An occurrence lasts from the first check that finds a problem to the first check that does not. A problem that
soon appears again continues its last occurrence, so the number of rows is bounded.
"""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from connect.platform.problems import Problem, ProblemCode, format_time
from models import ProblemOccurrence, past_uuid7, uuid7

# A problem that appears again within this time continues its last occurrence.
PAUSE = timedelta(minutes=10)


async def record(present: Sequence[Problem], dismissed: Container[str], at: datetime) -> None:
    """Record the result of a check at the time `at`, in the transaction of the check.

    `dismissed` has the codes of the dismissed problems.
    """
    latest = await _latest(at)
    new: list[ProblemOccurrence] = []
    for problem in present:
        row = latest.pop(problem.code.value, None)
        if row is None:
            row = ProblemOccurrence(id=uuid7(at), code=problem.code.value, first_seen_at=at, highest_count=0)
            new.append(row)
        row.message, row.count = problem.message, problem.count
        row.highest_count = max(row.highest_count, problem.count)
        row.last_seen_at, row.ended_at, row.was_dismissed = at, None, False
        if row not in new:
            await row.save()
    for row in latest.values():
        if row.ended_at is None:
            row.ended_at, row.was_dismissed = at, row.code in dismissed
            await row.save()
    if new:
        await ProblemOccurrence.bulk_create(new)


async def record_pause(begin: datetime, end: datetime) -> None:
    """Record that no worker was active from `begin` to `end`, in the transaction of the next check."""
    await ProblemOccurrence.create(
        id=past_uuid7(begin),
        code=ProblemCode.NO_WORKER.value,
        message=f"No worker was active from {format_time(begin)} to {format_time(end)}.",
        count=1,
        highest_count=1,
        first_seen_at=begin,
        last_seen_at=end,
        ended_at=end,
    )


async def _latest(at: datetime) -> dict[str, ProblemOccurrence]:
    """The latest occurrence of each problem, if the occurrence has not ended or has ended within PAUSE."""
    open_ = await ProblemOccurrence.filter(ended_at=None)
    ended = await ProblemOccurrence.filter(ended_at__gt=at - PAUSE)
    return {row.code: row for row in sorted((*ended, *open_), key=lambda row: row.id)}
