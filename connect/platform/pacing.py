"""The pace of the calls to Stripe: a limit for all processes together, and limits for single callers.

Calls for clients wait at most CLIENT_SECONDS. A worker's call lets clients' calls pass first, but not longer
than WORKER_SECONDS, and workers plan only AHEAD_SECONDS ahead. So a backlog of the workers delays clients by
little, and clients never stop the workers (docs/decisions/0021).
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

from connect import rates
from connect.batcher import Batcher
from connect.errors import TooManyCalls
from connect.scope import Payer, Role
from models import pace

# The periodic task whose `due_at` is the time of the last planned call.
STRIPE_CALLS = "stripe_calls"

CLIENT_SECONDS = 5.0
WORKER_SECONDS = 3.0
AHEAD_SECONDS = 0.5
# A call may reach Stripe this long after its time. The plan leaves room for it, so that late calls do not
# exceed the limit of the second in which they arrive.
LATE_SECONDS = 0.2
# A call that begins later than this, because the process is busy, is planned again, up to MAX_PLANS plans.
LATE_START_SECONDS = 0.15
MAX_PLANS = 3
# At most this many calls wait to be planned.
MAX_WAITING = 1000

Wait = Callable[[Payer | None], Awaitable[None]]


class Slot(NamedTuple):
    """The seconds until a call. An unplanned call could begin after these seconds at the earliest."""

    is_planned: bool
    seconds: float


class Pace:
    """Plans calls to Stripe: at most `per_second` in any second, for all processes together."""

    def __init__(self, per_second: int) -> None:
        self._distance = timedelta(seconds=(1 + LATE_SECONDS) / per_second)
        # One statement plans the calls of at most AHEAD_SECONDS, so none begins much later than the first.
        size = max(1, int(AHEAD_SECONDS / self._distance.total_seconds()))
        self._batcher = Batcher(self._plan, size, MAX_WAITING, direct=True)

    async def reach(self, within: float) -> Slot:
        """Plan a call that begins `within` seconds, and wait until then. Without a plan, return at once."""
        clock = asyncio.get_running_loop().time
        for _ in range(MAX_PLANS):
            slot = await self._batcher.submit(within)
            begins_at = clock() + slot.seconds
            if slot.is_planned:
                await asyncio.sleep(slot.seconds)
            if not slot.is_planned or clock() - begins_at <= LATE_START_SECONDS:
                break
        return slot

    async def _plan(self, calls: list[float]) -> list[Slot]:
        within = timedelta(seconds=max(calls))
        first = await pace.plan(STRIPE_CALLS, len(calls), self._distance, within)
        is_planned, distance = first <= within.total_seconds(), self._distance.total_seconds()
        return [Slot(is_planned, first + number * distance) for number in range(len(calls))]


class Limits:
    """The calls to Stripe per minute that one payer may cause in this process. 0 means unlimited."""

    def __init__(self, per_merchant: int, per_caller: int) -> None:
        self._merchants, self._callers = rates.of(per_merchant), rates.of(per_caller)

    def count(self, payer: Payer) -> float:
        """Count a call. Returns the seconds that it must wait. Raises TooManyCalls instead of counting it.

        The calls of an operator or service wait up to CLIENT_SECONDS, so that an import slows down first.
        """
        if payer.role is Role.MERCHANT:
            limit, within, name = self._merchants, 0.0, "One merchant"
        else:
            limit, within, name = self._callers, CLIENT_SECONDS, "One caller"
        seconds = limit.wait(payer, within) if limit is not None else 0.0
        if limit is not None and seconds > within:
            text = f"{name} may cause {limit.per_minute} calls to Stripe a minute."
            raise TooManyCalls(text, math.ceil(seconds))
        return seconds


def for_clients(per_second: int, limits: Limits) -> Wait:
    """The pacing of calls for clients. It raises TooManyCalls instead of a longer wait."""
    calls = Pace(per_second)

    async def wait(payer: Payer | None) -> None:
        if payer is not None and (seconds := limits.count(payer)):
            await asyncio.sleep(seconds)
        slot = await calls.reach(CLIENT_SECONDS)
        if not slot.is_planned:
            text = f"This service makes {per_second} calls to Stripe a second, and more are waiting."
            raise TooManyCalls(text, math.ceil(slot.seconds))

    return wait


def for_workers(per_second: int) -> Wait:
    """The pacing of workers' calls."""
    calls = Pace(per_second)

    async def wait(_: Payer | None) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + WORKER_SECONDS
        while not (slot := await calls.reach(AHEAD_SECONDS)).is_planned:
            if clock() >= until:
                await calls.reach(pace.MAX_AHEAD.total_seconds())
                return
            await asyncio.sleep(min(slot.seconds - AHEAD_SECONDS, until - clock()))

    return wait
