"""A pace that all processes share. One row holds the time of the last planned step."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from models.clock import now
from models.periodic import PeriodicTask
from models.sql import Select

# Processes plan at most a few seconds ahead. If a step is further away, the clock was set back after the step
# was planned.
MAX_AHEAD = timedelta(seconds=5)


class Plan(NamedTuple):
    """The seconds from `at` until the first step. `at` is a Unix time of the database's clock."""

    seconds: float
    at: float


async def plan(name: str, count: int, distance: timedelta, within: timedelta) -> Plan:
    """Plan the next `count` steps, `distance` apart, with one UPDATE.

    If the first step is more than `within` away, nothing is planned.
    """
    while True:
        if (last := await _move(name, count, distance, within)) is not None:
            return last._replace(seconds=last.seconds - (count - 1) * distance.total_seconds())
        task, at = await PeriodicTask.get_or_none(name=name), await now()
        if task is None:
            new = PeriodicTask(name=name, due_at=at - distance, state={})
            await PeriodicTask.bulk_create([new], ignore_conflicts=True)
        elif task.due_at - at > MAX_AHEAD:
            await PeriodicTask.filter(name=name, due_at=task.due_at).update(due_at=at - distance)
        elif (first := task.due_at + distance - at) > within:
            return Plan(first.total_seconds(), at.timestamp())


async def next_in(name: str, distance: timedelta) -> timedelta:
    """The time until the first step that is still free. Plans nothing."""
    task, at = await PeriodicTask.get_or_none(name=name), await now()
    if task is None or task.due_at - at > MAX_AHEAD:
        return timedelta()
    return max(task.due_at + distance - at, timedelta())


async def _move(name: str, count: int, distance: timedelta, within: timedelta) -> Plan | None:
    """Move the time of the last step. Returns a Plan with the seconds until that step, not until the first
    step, or None if no row was changed.
    """
    statement = Select()
    if statement.is_sqlite:
        last = f"max({statement.moment((count - 1) * distance)}, {_later(statement, count * distance)})"
        result = "due_at"
    else:
        last = f"greatest({statement.moment((count - 1) * distance)}, {_later(statement, count * distance)})"
        # clock_timestamp() also counts the time that the statement waits for the row if another process has
        # locked it.
        clock = "extract(epoch FROM clock_timestamp())::float8"
        result = f"extract(epoch FROM due_at)::float8 AS due_at, {clock} AS at"
    rows = await statement.execute(
        f"UPDATE periodic_task SET due_at = {last} WHERE name = {statement.value(name)} "  # noqa: S608
        f"AND due_at <= {statement.moment(within - distance)} RETURNING {result}"
    )
    if not rows:
        return None
    if statement.is_sqlite:
        due_at, at = datetime.fromisoformat(rows[0]["due_at"]), datetime.now(UTC)
        return Plan((due_at - at).total_seconds(), at.timestamp())
    return Plan(rows[0]["due_at"] - rows[0]["at"], rows[0]["at"])


def _later(statement: Select, interval: timedelta) -> str:
    """`due_at` plus the interval. SQLite rounds it to milliseconds."""
    if statement.is_sqlite:
        modifier = statement.value(f"{interval.total_seconds():+f} seconds")
        return f"strftime('%Y-%m-%d %H:%M:%f', due_at, {modifier}) || '+00:00'"
    return f"due_at + {statement.value(interval)}::interval"
