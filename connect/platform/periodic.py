"""Recurring tasks: at each of them is one replica at a time, by the database's clock.

A task is a row: when it is due, who is at it, and what it found, which is also how far it is. Who dies leaves
a lease that runs out; the next one goes on from what was kept.
"""

from datetime import timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models import PeriodicTask, now

# The turns of calls to Stripe; its `due_at` is the last turn that was given.
STRIPE_CALLS = "stripe_calls"

LEASE = timedelta(seconds=60)
# More turns than that are never waited for: each worker waits for a dozen at most.
LONGEST_QUEUE = timedelta(seconds=60)
# Another may claim or finish a task after we have looked at the clock: what it writes is no clock set back.
MEANWHILE = timedelta(seconds=5)


async def claim(
    name: str, worker: str, *, every: timedelta, first_in: timedelta = timedelta()
) -> PeriodicTask | None:
    """The task, when it is due and nobody else is at it. Keep or finish it within LEASE.

    One that is due later than `every` from now is due at once: the setting was lowered, or the clock was set
    back.
    """
    at = await now()
    known = await PeriodicTask.get_or_none(name=name)
    if known is None:
        known = PeriodicTask(name=name, due_at=at + first_in, state={})
        await PeriodicTask.bulk_create([known], ignore_conflicts=True)
    latest = at + max(every, first_in) + MEANWHILE
    due = Q(due_at__lte=at) | Q(due_at__gt=latest)
    if at < known.due_at <= latest:
        return None
    # A lease that lasts longer than any is of a clock that was set back.
    free = Q(leased_until=None) | Q(leased_until__lt=at) | Q(leased_until__gt=at + LEASE + MEANWHILE)
    mine = PeriodicTask.filter(due, free, name=name)
    if not await mine.update(leased_until=at + LEASE, leased_by=worker):
        return None
    return await PeriodicTask.get(name=name)


async def keep(task: PeriodicTask, state: dict[str, Any]) -> bool:
    """Write down how far it is, and go on for another LEASE. False when another is at it meanwhile."""
    return await _save(task, state, leased_until=await now() + LEASE)


async def finish(task: PeriodicTask, state: dict[str, Any], due_in: timedelta) -> bool:
    """Write down what was found, and when it is due again. False when another is at it meanwhile."""
    return await _save(task, state, leased_until=None, leased_by=None, due_at=await now() + due_in)


async def hasten(name: str) -> None:
    """Make a task due now."""
    await PeriodicTask.filter(name=name).update(due_at=await now())


async def turn(per_second: float) -> float:
    """How many seconds to wait for the next of the turns, which all replicas share evenly."""
    distance = timedelta(seconds=1 / per_second)
    async with in_transaction():
        task = await PeriodicTask.select_for_update().get_or_none(name=STRIPE_CALLS)
        at = await now()
        if task is None:
            first = PeriodicTask(name=STRIPE_CALLS, due_at=at - distance, state={})
            await PeriodicTask.bulk_create([first], ignore_conflicts=True)
            task = await PeriodicTask.select_for_update().get(name=STRIPE_CALLS)
        if task.due_at - at > LONGEST_QUEUE:  # the clock was set back; nobody waits for a time that was wrong
            task.due_at = at - distance
        task.due_at = max(at, task.due_at + distance)
        await task.save(update_fields=["due_at"])
        return (task.due_at - at).total_seconds()


async def _save(task: PeriodicTask, state: dict[str, Any], **columns: Any) -> bool:
    mine = PeriodicTask.filter(name=task.name, leased_by=task.leased_by)
    return bool(await mine.update(state=state, **columns))
