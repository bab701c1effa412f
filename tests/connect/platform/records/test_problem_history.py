"""The history of the platform's problems."""

from collections.abc import Container
from datetime import datetime, timedelta

import pytest
from tortoise.transactions import in_transaction

from connect.platform.problems import Problem, ProblemCode
from connect.platform.records import problem_history
from models import ProblemOccurrence, now
from models.transactions import repeatable

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)
FAILED, SILENT = ProblemCode.EVENTS_FAILED, ProblemCode.DESTINATION_SILENT

Row = tuple[str, int, int, timedelta, timedelta, timedelta | None, bool]


def problem(code: ProblemCode, count: int = 1) -> Problem:
    return Problem(code, f"{count} of {code.value}", "Repair it.", count)


@repeatable
async def check(at: datetime, *problems: Problem, dismissed: Container[str] = ()) -> None:
    async with in_transaction():
        await problem_history.record(problems, dismissed, at)


async def rows(start: datetime) -> list[Row]:
    """All occurrences, oldest first. Their times are relative to `start`."""
    return [
        (
            *(row.code, row.count, row.highest_count, row.first_seen_at - start, row.last_seen_at - start),
            row.ended_at - start if row.ended_at is not None else None,
            row.was_dismissed,
        )
        for row in await ProblemOccurrence.all().order_by("id")
    ]


async def test_a_problem_has_one_occurrence_until_it_ends() -> None:
    start = await now()
    await check(start, problem(FAILED, 2))
    await check(start + MINUTE, problem(FAILED, 5), problem(SILENT))
    await check(start + 2 * MINUTE, problem(FAILED, 3))
    silent = (SILENT.value, 1, 1, MINUTE, MINUTE, 2 * MINUTE, False)
    assert await rows(start) == [
        (FAILED.value, 3, 5, 0 * MINUTE, 2 * MINUTE, None, False),
        silent,
    ]
    assert (await ProblemOccurrence.get(code=FAILED.value)).message == "3 of EVENTS_FAILED"
    await check(start + 3 * MINUTE, dismissed={FAILED.value})
    assert await rows(start) == [
        (FAILED.value, 3, 5, 0 * MINUTE, 2 * MINUTE, 3 * MINUTE, True),
        silent,
    ]


async def test_a_problem_that_soon_reappears_continues_its_last_occurrence() -> None:
    start = await now()
    await check(start, problem(FAILED))
    await check(start + MINUTE, dismissed={FAILED.value})
    await check(start + 5 * MINUTE, problem(FAILED))
    assert await rows(start) == [(FAILED.value, 1, 1, 0 * MINUTE, 5 * MINUTE, None, False)]
    await check(start + 6 * MINUTE)
    later = 6 * MINUTE + problem_history.PAUSE + MINUTE
    await check(start + later, problem(FAILED))
    assert await rows(start) == [
        (FAILED.value, 1, 1, 0 * MINUTE, 5 * MINUTE, 6 * MINUTE, False),
        (FAILED.value, 1, 1, later, later, None, False),
    ]
