"""Periodic tasks. One replica at a time works on a task. Due times and leases use the database's clock.

The row of a task has a due time, a lease and a state, which includes the progress. If a worker dies, its
lease expires, and another worker continues from the saved state.
"""

from datetime import timedelta
from typing import Any

from models import PeriodicTask, lease, now
from models.sql import Select

LEASE = timedelta(seconds=60)


async def claim(
    name: str, worker: str, *, every: timedelta, first_in: timedelta = timedelta()
) -> PeriodicTask | None:
    """Lease the task if it is due and free, or else return None. The caller must save or finish the task
    within LEASE.

    A new task is due after `first_in`. If the due time of a task is further away than both `every` and
    `first_in`, the setting must have been lowered or the clock set back, so the task counts as due now.
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


async def _create(name: str, due_in: timedelta) -> None:
    task = PeriodicTask(name=name, due_at=await now() + due_in, state={})
    await PeriodicTask.bulk_create([task], ignore_conflicts=True)


async def _update(task: PeriodicTask, state: dict[str, Any], **columns: Any) -> bool:
    own = PeriodicTask.filter(name=task.name, leased_by=task.leased_by)
    return bool(await own.update(state=state, **columns))
