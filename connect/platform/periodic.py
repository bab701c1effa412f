"""Periodic tasks. One replica at a time works on a task, by the database's clock.

The row of a task has a due time, a lease and a state, which includes the progress. If a worker dies, its
lease expires, and another worker continues from the saved state.
"""

from datetime import timedelta
from typing import Any

from models import PeriodicTask, lease, now
from models.sql import Select

# The row that paces all workers' calls to Stripe. Its `due_at` is the time of the last planned call.
STRIPE_CALLS = "stripe_calls"

LEASE = timedelta(seconds=60)
# Workers plan only a few calls ahead. If the last planned call is further away, the clock was set back since.
MAX_QUEUE = timedelta(seconds=60)


async def claim(
    name: str, worker: str, *, every: timedelta, first_in: timedelta = timedelta()
) -> PeriodicTask | None:
    """Lease the task if it is due and free. The caller must save or finish it within LEASE.

    A new task is due in `first_in`. A task that is due later than `every` from now is due at once, because
    the setting was lowered or the clock was set back.
    """

    def due(statement: Select) -> list[str]:
        latest = statement.moment(max(every, first_in) + lease.TOLERANCE)
        return [
            f"name = {statement.value(name)}",
            f"due_at NOT BETWEEN {statement.moment()} AND {latest}",
        ]

    if not await lease.claim(PeriodicTask, due, LEASE, by=worker):
        if await PeriodicTask.exists(name=name):
            return None
        await _create(name, due_in=first_in)
        if first_in or not await lease.claim(PeriodicTask, due, LEASE, by=worker):
            return None
    return await PeriodicTask.get(name=name)


async def save(task: PeriodicTask, state: dict[str, Any]) -> bool:
    """Save the progress and extend the lease. Returns False if another worker has the task now."""
    return await _update(task, state, leased_until=await now() + LEASE)


async def finish(task: PeriodicTask, state: dict[str, Any], due_in: timedelta) -> bool:
    """Save the result and the next due time. Returns False if another worker has the task now."""
    return await _update(task, state, leased_until=None, leased_by=None, due_at=await now() + due_in)


async def hasten(name: str) -> None:
    """Make a task due now."""
    await PeriodicTask.filter(name=name).update(due_at=await now())


async def plan_calls(count: int, per_second: float) -> list[float]:
    """Plan the next `count` calls to Stripe. Returns the seconds to wait before each call.

    The planned calls of all replicas are evenly spaced.
    """
    distance = timedelta(seconds=1 / per_second)
    while True:
        task = await PeriodicTask.get_or_none(name=STRIPE_CALLS)
        if task is None:
            await _create(STRIPE_CALLS, due_in=-distance)
            continue
        at = await now()
        first = max(at, task.due_at + distance) if task.due_at - at <= MAX_QUEUE else at
        # The update fails if another replica has planned calls in the meantime.
        unchanged = PeriodicTask.filter(name=STRIPE_CALLS, due_at=task.due_at)
        if await unchanged.update(due_at=first + (count - 1) * distance):
            return [(first + number * distance - at).total_seconds() for number in range(count)]


async def _create(name: str, due_in: timedelta) -> None:
    task = PeriodicTask(name=name, due_at=await now() + due_in, state={})
    await PeriodicTask.bulk_create([task], ignore_conflicts=True)


async def _update(task: PeriodicTask, state: dict[str, Any], **columns: Any) -> bool:
    own = PeriodicTask.filter(name=task.name, leased_by=task.leased_by)
    return bool(await own.update(state=state, **columns))
