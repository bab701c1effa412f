"""The pace of the calls to Stripe: limits for all processes together, and limits for single callers.

Each process holds its waiting calls in a queue and plans only the next calls. Clients plan further ahead than
workers, so a backlog of the workers delays clients by at most WORKER_AHEAD seconds. While clients keep the
workers waiting, each process still gives one of WORKER_SHARE turns to its workers (docs/decisions/0021).

One limit applies to all calls together, and Stripe's limit for one operation applies to the calls of each
operation.
"""

import asyncio
import heapq
import itertools
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog

from connect.errors import TooManyCalls
from connect.platform import rates
from connect.scope import Payer, Role
from models import database, outage, pace

# The periodic task whose `due_at` is the time of the last planned call.
STRIPE_CALLS = "stripe_calls"
# Stripe's limit for one operation, such as GET /v1/payment_intents/{id} with any id, in calls per second. It
# is the same in live mode and in sandboxes (https://docs.stripe.com/rate-limits).
OPERATION_CALLS = 25
# The maximum length of a periodic task's name. Longer names are cut, so operations whose names begin alike
# may share a task.
MAX_NAME = 32

CLIENT_SECONDS, WORKER_SECONDS = 5.0, 3.0
CLIENT_AHEAD, WORKER_AHEAD = 1.0, 0.5
# One statement plans the calls for at most this many seconds.
BATCH_SECONDS = 0.5
# If other processes have planned too far ahead, a process pauses until its turn comes nearer, for at least
# PAUSE_SECONDS and at most MAX_PAUSE_SECONDS.
PAUSE_SECONDS = 0.02
MAX_PAUSE_SECONDS = 0.5
# A call may reach Stripe this many seconds after its planned time. The plan leaves room for late calls, so
# that the limit holds in the second in which they arrive, too.
LATE_SECONDS = 0.2
# A busy process may start a call late. If a call may have started more than this many seconds late, it is
# planned again. It is planned at most MAX_PLANS times in all.
LATE_START_SECONDS = 0.15
MAX_PLANS = 3
# While clients keep the workers waiting, the workers of a process get one of this many turns.
WORKER_SHARE = 20
# At most this many calls wait in a process.
MAX_WAITING = 1000

log = structlog.get_logger("pacing")

# A function that waits for the turn of a call. The arguments are the caller (`Payer`), the account and the
# operation.
Wait = Callable[[Payer | None, str | None, str | None], Awaitable[None]]


class _Turn(NamedTuple):
    """The planned time of a call, which is between `earliest` and `latest` by the event loop's clock."""

    earliest: float
    latest: float


class _Call(NamedTuple):
    """A waiting call. The result of `planned` is the call's turn. Calls sort by rank, then number."""

    rank: int
    number: int
    planned: asyncio.Future[_Turn]
    line: Hashable


class _Line:
    """The waiting calls of one caller. Many calls about one account hardly delay calls about other accounts.

    The order is start-time fair queueing (Goyal, Vin and Cheng 1997).
    """

    def __init__(self) -> None:
        self.calls: list[_Call] = []
        self._rank = 0  # the rank of the last call that had its turn
        self._next_ranks: dict[str | None, int] = {}

    def rank(self, account: str | None, *, again: bool) -> int:
        """The rank of a new call. A call that is planned again comes first."""
        if again:
            return self._rank - 1
        rank = max(self._rank, self._next_ranks.get(account, 0))
        self._next_ranks[account] = rank + 1
        if len(self._next_ranks) > MAX_WAITING:
            self._next_ranks = {one: next_ for one, next_ in self._next_ranks.items() if next_ > self._rank}
        if len(self.calls) > 2 * MAX_WAITING:
            self.calls = [call for call in self.calls if not call.planned.done()]
            heapq.heapify(self.calls)
        return rank

    def pop(self) -> _Call | None:
        """Take the next call whose caller still waits. None if there is no such call."""
        while self.calls:
            call = heapq.heappop(self.calls)
            if not call.planned.done():
                self._rank = max(self._rank, call.rank)
                return call
        return None


class _Clocks:
    """The difference between the event loop's clock and the database's clock, by which the calls are planned.

    The database reads its clock after it is asked and before its answer arrives. So each answer sets a lower
    and an upper limit of the difference. A busy process may read an answer late, but it remembers the limits
    from earlier answers.
    """

    def __init__(self) -> None:
        self._limits: tuple[float, float] | None = None

    def compare(self, asked_at: float, at: float, answered_at: float) -> tuple[float, float]:
        """Update and return the limits of the difference, after an answer with the database's time `at`."""
        least, most = asked_at - at, answered_at - at
        if self._limits is None:
            least = most  # the first answer takes long, because a connection is opened
        elif max(self._limits[0], least) <= min(self._limits[1], most):
            least, most = max(self._limits[0], least), min(self._limits[1], most)
        # Otherwise the clocks have diverged, or one of them was set.
        self._limits = least, most
        return self._limits


def distance(per_second: int) -> timedelta:
    """The time between two calls."""
    return timedelta(seconds=(1 + LATE_SECONDS) / per_second)


async def next_turn_in(per_second: int) -> timedelta:
    """The time until the first turn that no process has planned yet."""
    return await pace.next_in(STRIPE_CALLS, distance(per_second))


class Queue:
    """The waiting calls of this process. All processes together make at most `per_second` calls in any
    second.

    `name` is the periodic task that all processes share. Callers take turns. The calls of a caller that name
    no account, such as creations, take turns separately from the caller's other calls. If the database has
    not answered for `silence` seconds, a call that has waited too long fails with `Unavailable`.
    """

    def __init__(self, per_second: int, ahead: float, silence: float, name: str = STRIPE_CALLS) -> None:
        self.per_second, self._name = per_second, name
        self.distance = distance(per_second)
        self._size = max(1, int(BATCH_SECONDS / self.distance.total_seconds()))
        self._ahead = timedelta(seconds=ahead)
        self._silence = silence
        self._numbers = itertools.count()
        self._count = 0
        self._lines: OrderedDict[Hashable, _Line] = OrderedDict()  # the first line has the next turn
        self._planning: asyncio.Task[None] | None = None
        self._clocks = _Clocks()
        # The time at which the running query for a batch of turns was sent. None while no query runs.
        self._asked_at: float | None = None
        # The time from which a waiting call of a worker may take a turn from the clients.
        self._next_share_at = 0.0

    @property
    def seconds(self) -> float:
        """The minimum time that the waiting calls of this process take, in seconds."""
        return self._count * self.distance.total_seconds()

    async def turn(self, payer: Payer | None, account: str | None, patience: float) -> bool:
        """Wait for the turn of a call. Returns False if it has no turn within `patience` seconds, or if
        MAX_WAITING other calls wait.

        Raises outage.Unavailable if the database cannot plan it.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + patience
        for plans in range(MAX_PLANS):
            if self._count >= MAX_WAITING:
                return False
            try:
                async with asyncio.timeout(max(until - clock(), self._ahead.total_seconds())):
                    planned = await self._submit(payer, account, again=plans > 0)
            except TimeoutError:
                if self._asked_at is not None and clock() - self._asked_at > self._silence:
                    raise outage.Unavailable("time-out") from None
                return False
            await asyncio.sleep(planned.latest - clock())
            if clock() - planned.earliest <= LATE_START_SECONDS:
                break
        return True

    async def take_share(self) -> bool:
        """Wait for a turn for a worker's call while clients keep the workers waiting. Workers get one of
        WORKER_SHARE turns. Returns False if no turn is free for workers now.
        """
        clock, step = asyncio.get_running_loop().time, self.distance.total_seconds()
        if clock() < self._next_share_at:
            return False
        self._next_share_at = clock() + WORKER_SHARE * step
        # The call may be planned further ahead than the calls of clients.
        ahead = CLIENT_AHEAD + BATCH_SECONDS + step
        seconds, _ = await pace.plan(self._name, 1, self.distance, timedelta(seconds=ahead))
        if seconds <= ahead:
            await asyncio.sleep(seconds)
        return seconds <= ahead

    async def _submit(self, payer: Payer | None, account: str | None, *, again: bool) -> _Turn:
        """Wait until a call is planned."""
        name = payer, account is None
        line = self._lines.setdefault(name, _Line())
        planned: asyncio.Future[_Turn] = asyncio.get_running_loop().create_future()
        call = _Call(line.rank(account, again=again), next(self._numbers), planned, name)
        heapq.heappush(line.calls, call)
        self._count += 1
        if self._planning is None:
            self._planning = asyncio.create_task(self._plan_all())
        try:
            return await planned
        finally:
            self._count -= 1

    async def _plan_all(self) -> None:
        """Plan the next calls until none is waiting."""
        try:
            while batch := self._next():
                seconds, turn = await self._plan(len(batch))
                if seconds > self._ahead.total_seconds():
                    for call in batch:
                        heapq.heappush(self._lines.setdefault(call.line, _Line()).calls, call)
                    pause = max(seconds - self._ahead.total_seconds(), PAUSE_SECONDS)
                    await asyncio.sleep(min(pause, MAX_PAUSE_SECONDS))
                    continue
                for number, call in enumerate(batch):
                    if not call.planned.done():
                        after = number * self.distance.total_seconds()
                        call.planned.set_result(_Turn(turn.earliest + after, turn.latest + after))
        except Exception as error:  # noqa: BLE001 - every waiting call raises it
            reason = outage.reason(error)
            waiting = [call for line in self._lines.values() for call in line.calls]
            for call in (*batch, *waiting):
                if not call.planned.done():
                    call.planned.set_exception(outage.Unavailable(reason) if reason is not None else error)
            self._lines.clear()
        finally:
            self._planning = None

    async def _plan(self, count: int) -> tuple[float, _Turn]:
        """Plan the next `count` calls, after the calls that all processes have planned. Returns the seconds
        until the first of these calls, and the turn of that call.
        """
        clock = asyncio.get_running_loop().time
        self._asked_at = asked_at = clock()
        try:
            seconds, at = await pace.plan(self._name, count, self.distance, self._ahead)
        finally:
            self._asked_at = None
        least, most = self._clocks.compare(asked_at, at, clock())
        return seconds, _Turn(at + seconds + least, at + seconds + most)

    def _next(self) -> list[_Call]:
        """Take the next calls: one from each line in turn."""
        batch: list[_Call] = []
        while self._lines and len(batch) < self._size:
            name, line = next(iter(self._lines.items()))
            call = line.pop()
            if call is None:
                del self._lines[name]
            else:
                self._lines.move_to_end(name)
                batch.append(call)
        return batch


class Limits:
    """The calls to Stripe per minute that one caller may cause in this process. 0 means unlimited."""

    def __init__(self, per_merchant: int, per_caller: int) -> None:
        self._merchants, self._callers = rates.of(per_merchant), rates.of(per_caller)

    def count(self, payer: Payer) -> float:
        """Count a call. Returns the seconds that the call must wait. A call above the limit raises
        TooManyCalls, and is not counted.

        The calls of an operator or service wait up to CLIENT_SECONDS, so that an import slows
        down before it is refused.
        """
        if payer.role is Role.MERCHANT:
            limit, within, name = self._merchants, 0.0, "One merchant"
        else:
            limit, within, name = self._callers, CLIENT_SECONDS, "One caller"
        seconds = limit.wait(payer, within) if limit is not None else 0.0
        if limit is not None and seconds > within:
            text = f"{name} may cause at most {limit.per_minute} calls to Stripe a minute."
            raise _refusal(text, seconds, payer)
        return seconds


class _Queues:
    """The queues that a call passes: first the queue of its operation, then the queue of all calls.

    An operation needs its own queue only if the limit for all calls is above the limit for one operation.
    """

    def __init__(self, per_second: int, of_operation: int, ahead: float, silence: float) -> None:
        self._all = Queue(per_second, ahead, silence)
        self._limit = of_operation if of_operation < per_second else None
        self._ahead, self._silence = ahead, silence
        self._of_operation: dict[str, Queue] = {}

    def of(self, operation: str | None) -> Sequence[Queue]:
        if operation is None or self._limit is None:
            return (self._all,)
        queue = self._of_operation.get(operation)
        if queue is None:
            name = f"calls:{operation}"[:MAX_NAME]
            queue = Queue(self._limit, self._ahead, self._silence, name)
            self._of_operation[operation] = queue
        return queue, self._all


def for_clients(
    per_second: int,
    limits: Limits,
    silence: float = database.SILENCE_SECONDS,
    *,
    of_operation: int = OPERATION_CALLS,
) -> Wait:
    """The pacing of calls for clients. A call that would wait longer than CLIENT_SECONDS raises
    TooManyCalls.
    """
    queues = _Queues(per_second, of_operation, CLIENT_AHEAD, silence)

    async def wait(payer: Payer | None, account: str | None, operation: str | None) -> None:
        seconds = limits.count(payer) if payer is not None else 0.0
        if seconds:
            await asyncio.sleep(seconds)
        clock = asyncio.get_running_loop().time
        until = clock() + CLIENT_SECONDS - seconds
        for queue in queues.of(operation):
            if not await queue.turn(payer, account, max(until - clock(), CLIENT_AHEAD)):
                limit = (
                    f"This service makes at most {queue.per_second} calls to Stripe a second, and more are "
                    "waiting."
                )
                raise _refusal(limit, max(queue.seconds, 1), payer)

    return wait


def for_workers(
    per_second: int, silence: float = database.SILENCE_SECONDS, *, of_operation: int = OPERATION_CALLS
) -> Wait:
    """The pacing of workers' calls."""
    queues = _Queues(per_second, of_operation, WORKER_AHEAD, silence)

    async def wait(payer: Payer | None, account: str | None, operation: str | None) -> None:
        for queue in queues.of(operation):
            while not await queue.turn(payer, account, WORKER_SECONDS):
                if await queue.take_share():
                    break
                await asyncio.sleep(PAUSE_SECONDS)

    return wait


def _refusal(limit: str, seconds: float, payer: Payer | None) -> TooManyCalls:
    about = {"role": payer.role.name, "payer": payer.name} if payer is not None else {}
    log.warning("call_refused", limit=limit, **about)
    return TooManyCalls(limit, math.ceil(seconds))
