"""Counts the calls to Stripe. Each process adds the counts of its own calls to those in the database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from models import StripeCallCount, outage
from models.stripe_calls import SLOT_SECONDS, Calls, add_calls, present_slot, sum_calls

# A call that waits for its turn for longer than this counts as delayed.
DELAYED_SECONDS = 1.0
# The interval at which a process saves its counts.
SAVE_SECONDS = 5.0
# The last save of a process may take this long.
LAST_SECONDS = 1.0

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

log = structlog.get_logger("stripe_calls")


class CallCounts:
    """The counts of this process's calls: those that are not saved yet, and the totals."""

    def __init__(self) -> None:
        self._new = self.total = Calls()

    def add(self, *, calls: int = 0, refused: int = 0, throttled: int = 0) -> None:
        self._count(Calls(calls=calls, refused=refused, throttled=throttled))

    def add_wait(self, seconds: float) -> None:
        """Count a call as delayed if it waited for its turn for longer than DELAYED_SECONDS."""
        if seconds > DELAYED_SECONDS:
            self._count(Calls(delayed=1, longest_wait=round(seconds * 1000)))

    async def save(self) -> None:
        """Add the new calls to the counts in the database. After a failure, the next `save` adds them."""
        new, self._new = self._new, Calls()
        if new == Calls():
            return
        try:
            await add_calls(new)
        except BaseException:
            self._new = _sum(self._new, new)
            raise

    def _count(self, more: Calls) -> None:
        self._new, self.total = _sum(self._new, more), _sum(self.total, more)


def _sum(one: Calls, other: Calls) -> Calls:
    sums = Calls(*map(sum, zip(one, other, strict=True)))
    return sums._replace(longest_wait=max(one.longest_wait, other.longest_wait))


@contextlib.asynccontextmanager
async def saving(counts: CallCounts, *, every: float = SAVE_SECONDS) -> AsyncIterator[None]:
    """Save the counts regularly while the context is open, and once at its end."""
    task = asyncio.create_task(_save_regularly(counts, every))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task, last := asyncio.create_task(_save(counts))}, timeout=LAST_SECONDS)
        last.cancel()


async def _save_regularly(counts: CallCounts, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await _save(counts)


async def _save(counts: CallCounts) -> None:
    try:
        await counts.save()
    except Exception as error:
        if (reason := outage.reason(error)) is not None:
            log.warning("database_unavailable", step="call_counts", reason=reason)
        else:
            log.exception("calls_not_saved")


@dataclass(frozen=True, slots=True)
class Recent:
    """The calls of the last minute, hour and day. Each period is up to ten seconds longer than its name says.

    `throttled_at` and `delayed_at` are the times of the last throttled call and the last delayed call in
    `day`, with a precision of ten seconds.
    """

    minute: Calls
    hour: Calls
    day: Calls
    throttled_at: datetime | None
    delayed_at: datetime | None


async def recent() -> Recent:
    """The recent calls of all processes. A call is included after at most SAVE_SECONDS."""
    slot = await present_slot()

    def first(time: timedelta) -> int:
        return slot - int(time.total_seconds()) // SLOT_SECONDS

    minute, _, _ = await sum_calls(first(MINUTE))
    hour, _, _ = await sum_calls(first(HOUR))
    day, throttled, delayed = await sum_calls(first(DAY))
    return Recent(minute, hour, day, _start(throttled), _start(delayed))


async def forget_old() -> None:
    """Remove the counts that are older than a day."""
    oldest = await present_slot() - int(DAY.total_seconds()) // SLOT_SECONDS
    await StripeCallCount.filter(slot__lt=oldest).delete()


def _start(slot: int | None) -> datetime | None:
    return datetime.fromtimestamp(slot * SLOT_SECONDS, UTC) if slot is not None else None
