"""Periodic tasks: one replica at a time works on each, by the database's clock.

A task is a row with its due time, its lease and its state, which includes its progress. When a worker dies,
its lease expires, and another one continues from the saved state.
"""

from datetime import timedelta
from typing import Any

from models import PeriodicTask, lease, now
from models.sql import Select

# The schedule of calls to Stripe; its `due_at` is the last turn that was taken.
STRIPE_CALLS = "stripe_calls"

LEASE = timedelta(seconds=60)
# A later turn was taken by a clock that has been set back: each worker waits for a dozen turns at most.
MAX_QUEUE = timedelta(seconds=60)


async def claim(
    name: str, worker: str, *, every: timedelta, first_in: timedelta = timedelta()
) -> PeriodicTask | None:
    """The task, if it is due and free. Save or finish it within LEASE.

    A task that is due later than `every` from now is due at once: the setting was lowered, or the clock was
    set back.
    """

    def due(statement: Select) -> list[str]:
        latest = lease.moment(statement, max(every, first_in) + lease.TOLERANCE)
        return [
            f"name = {statement.value(name)}",
            f"due_at NOT BETWEEN {lease.moment(statement)} AND {latest}",
        ]

    if not await lease.claim(PeriodicTask, due, LEASE, by=worker):
        if await PeriodicTask.exists(name=name):
            return None
        await _create(name, due_in=first_in)
        if first_in or not await lease.claim(PeriodicTask, due, LEASE, by=worker):
            return None
    return await PeriodicTask.get(name=name)


async def save(task: PeriodicTask, state: dict[str, Any]) -> bool:
    """Save the progress and extend the lease. False if another worker has the task now."""
    return await _update(task, state, leased_until=await now() + LEASE)


async def finish(task: PeriodicTask, state: dict[str, Any], due_in: timedelta) -> bool:
    """Save the result and the next due time. False if another worker has the task now."""
    return await _update(task, state, leased_until=None, leased_by=None, due_at=await now() + due_in)


async def hasten(name: str) -> None:
    """Make a task due now."""
    await PeriodicTask.filter(name=name).update(due_at=await now())


async def take_turns(count: int, per_second: float) -> list[float]:
    """Take the next turns, which all replicas share evenly. Returns the seconds to wait for each."""
    distance = timedelta(seconds=1 / per_second)
    while True:
        task = await PeriodicTask.get_or_none(name=STRIPE_CALLS)
        if task is None:
            await _create(STRIPE_CALLS, due_in=-distance)
            continue
        at = await now()
        first = max(at, task.due_at + distance) if task.due_at - at <= MAX_QUEUE else at
        # Another replica that takes turns at the same moment changes the row first: then try again.
        unchanged = PeriodicTask.filter(name=STRIPE_CALLS, due_at=task.due_at)
        if await unchanged.update(due_at=first + (count - 1) * distance):
            return [(first + number * distance - at).total_seconds() for number in range(count)]


async def _create(name: str, due_in: timedelta) -> None:
    task = PeriodicTask(name=name, due_at=await now() + due_in, state={})
    await PeriodicTask.bulk_create([task], ignore_conflicts=True)


async def _update(task: PeriodicTask, state: dict[str, Any], **columns: Any) -> bool:
    own = PeriodicTask.filter(name=task.name, leased_by=task.leased_by)
    return bool(await own.update(state=state, **columns))
