"""Deletes data that is no longer needed, in small batches. `retention_rules` lists the rules.

Once a day, a pass goes through the rows of all rules in the order of their creation. A pass begins after the
last row of the previous pass, so a row that must stay is not read every day. Every 30 days, a pass begins at
the first row, so it also reads the rows that had to stay.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.wire import wire_time
from connect.platform import periodic
from models import PeriodicTask, now, outage, retention
from models.retention import Conditions
from models.sql import NO_ID, Select

TASK = "retention"
# The name in the audit log.
ACTION = "removeExpiredData"
EVERY = timedelta(days=1)
# The first pass begins this long after the first start of a worker.
FIRST, NOW = timedelta(minutes=10), timedelta()
# After this time, a pass begins at the first row again.
RESTART = timedelta(days=30)
BATCH = 500
# One statement counts at most this many rows.
COUNTED = 20_000
# The pause between two batches, in which other work can use the database.
PAUSE_SECONDS = 0.2
# One call of `run` ends after this number of batches.
STEP = 50
# If this many rows of a table cannot be removed, the rows are probably not the cause.
MAX_FAILURES = 10

log = structlog.get_logger("retention")


def every_row(_select: Select, _before: datetime) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that a rule removes. The table's ids contain the time of creation (UUIDv7).

    The rows are deleted, unless `change` or `apply` is given. `change` is the SQL that sets their columns.
    `apply` gets the ids of the rows, changes these rows, and returns the number of changed rows. `conditions`
    must exclude rows that are still needed, and rows that `change` or `apply` has already changed.
    """

    table: str
    conditions: Conditions = every_row
    change: str | None = None
    apply: Callable[[Sequence[uuid.UUID]], Awaitable[int]] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Data that is removed after a number of days. `setting` is the name of the environment variable without
    CONNECTQL_.

    The value 0 keeps the data forever. Other values below `minimum` are refused.
    """

    name: str
    setting: str
    default: int
    minimum: int
    parts: tuple[Part, ...]


Rules = Sequence[Rule]
# The number of days for which the data of each rule is kept, by the rule's name.
Days = Mapping[str, int]
# A function that is awaited at the end of a pass, with the number of rows that each rule has removed.
Report = Callable[[Mapping[str, int]], Awaitable[None]]


async def run(
    worker: str,
    rules: Rules,
    days: Days,
    *,
    report: Report | None = None,
    first_in: timedelta = FIRST,
    batch: int = BATCH,
    pause_seconds: float = PAUSE_SECONDS,
    stopping: Callable[[], bool] = lambda: False,
) -> int | None:
    """Remove the next expired rows. Returns the number of batches, at most STEP.

    A row that cannot be removed is logged and left out. After MAX_FAILURES such rows in one part of a rule,
    the rest of this part waits for the next pass. Returns None if no pass is due, or if another worker works
    on it.
    """
    task = await periodic.claim(TASK, worker, every=EVERY, first_in=first_in)
    if task is None:
        return None
    at, state = await now(), dict[str, Any](task.state)
    began_at = parse_time(state.get("began_at"))
    if began_at is None or at - began_at > RESTART:
        state |= {"began_at": wire_time(at), "positions": {}}
    state = {"positions": {}, "removed": {}, "failed": [], **state}
    positions, removed, failed = state["positions"], state["removed"], state["failed"]
    batches = 0
    for rule, part in [(one, part) for one in rules if days[one.name] for part in one.parts]:
        before = at - timedelta(days=days[rule.name])
        place, failures = f"{rule.name}.{part.table}", list[uuid.UUID]()
        while place not in failed:
            after = uuid.UUID(positions[place]) if place in positions else NO_ID
            ids = await _next(part, after, before, batch)
            if not ids:
                break
            extend = partial(periodic.save, task, state)
            number = await _remove_each(part, ids, before, failures, extend)
            removed[rule.name] = removed.get(rule.name, 0) + number
            positions[place] = str(ids[-1])
            if len(failures) >= MAX_FAILURES:
                failed.append(place)
            batches += 1
            if not await periodic.save(task, state):
                return batches
            if batches == STEP or stopping():
                await periodic.finish(task, state, timedelta())
                return batches
            await asyncio.sleep(pause_seconds)
    total = {name: number for name, number in removed.items() if number}
    if total:
        log.info("expired_data_removed", **total)
        if report is not None:
            await report(total)
    await periodic.finish(task, {**state, "removed": {}, "failed": []}, EVERY)
    return batches


async def _next(part: Part, after: uuid.UUID, before: datetime, batch: int) -> list[uuid.UUID]:
    """The ids of the next rows, or an empty list if the table cannot be read, so that the other rules
    continue.
    """
    try:
        return await retention.next_ids(part.table, after, before, batch)
    except Exception as error:
        if await _is_outage(error):
            raise
        log.exception("expired_rows_not_read", table=part.table)
        return []


async def _remove_each(
    part: Part,
    ids: Sequence[uuid.UUID],
    before: datetime,
    failures: list[uuid.UUID],
    extend: Callable[[], Awaitable[bool]],
) -> int:
    """Remove these rows. Rows whose removal raises an error are added to `failures`. Returns the number of
    removed rows, without the rows that `apply` changed before it raised an error.

    After an error, both halves of the rows are tried, so a single bad row costs only a few more statements.
    An attempt can take as long as a statement may, so `extend` extends the lease after each error. `extend`
    returns False if another worker has the task now.
    """
    waiting, number = [ids], 0
    while waiting and len(failures) < MAX_FAILURES:
        some = waiting.pop()
        try:
            number += await _remove(part, some, before)
        except Exception as error:
            if await _is_outage(error):
                raise
            if len(some) > 1:
                middle = len(some) // 2
                waiting += [some[middle:], some[:middle]]
            else:
                log.exception("expired_row_not_removed", table=part.table, row=str(some[0]))
                failures.append(some[0])
            if not await extend():
                break
    return number


async def _is_outage(error: Exception) -> bool:
    """Whether the database is unavailable. After a timeout, this sends another statement. If the database
    answers it, only the first statement was too slow. If the other statement fails, its error is raised.
    """
    reason = outage.reason(error)
    if reason != outage.TIME_OUT:
        return reason is not None
    await now()
    return False


async def restart() -> None:
    """Make a pass due now, and let it begin at the first row."""
    await PeriodicTask.filter(name=TASK).update(state={}, due_at=await now())


async def due(rules: Rules, days: Days) -> dict[str, int]:
    """The number of rows that each rule would remove now."""
    at, numbers = await now(), dict[str, int]()
    for rule in rules:
        numbers[rule.name] = 0
        for part in rule.parts if days[rule.name] else ():
            before, after = at - timedelta(days=days[rule.name]), NO_ID
            while True:
                counted = await retention.count(part.table, part.conditions, after, before, COUNTED)
                numbers[rule.name] += counted.due
                if counted.last is None or counted.rows < COUNTED:
                    break
                after = counted.last
    return numbers


async def _remove(part: Part, ids: Sequence[uuid.UUID], before: datetime) -> int:
    if part.apply is not None:
        found = await retention.matching(part.table, part.conditions, ids, before)
        return await part.apply(found) if found else 0
    return await retention.remove(part.table, part.conditions, ids, before, part.change)
