"""Collects items while a flush is under way, and flushes them together: most of a statement's cost does not
depend on its number of rows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from models import outage

T = TypeVar("T")
R = TypeVar("R")

# The time that a cancelled flush gets to clean up.
CLOSE_SECONDS = 0.5


class Batcher(Generic[T, R]):
    """`flush` takes a list of items and returns their results in the same order.

    When a batch fails, each of its items is flushed again, alone: one bad item must not fail the others. When
    the database is down, all waiting items fail at once. `size` limits a batch, and `waiting` the queue. With
    `direct`, a caller that finds the batcher idle awaits `flush` itself, which saves a task.
    """

    def __init__(
        self,
        flush: Callable[[list[T]], Awaitable[Sequence[R]]],
        size: int,
        waiting: int,
        *,
        direct: bool = False,
    ) -> None:
        self._flush, self._size, self._max_waiting, self._direct = flush, size, waiting, direct
        self._queue: list[tuple[T, asyncio.Future[R]]] = []
        self.is_busy = False
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """The result of this item, from a flush that started after this call.

        Raises the error of its flush; `outage.Unavailable` also when the queue is full.
        """
        if not self.is_busy and self._direct:
            return await self._flush_directly(item)
        if len(self._queue) >= self._max_waiting:
            raise outage.Unavailable("too many wait")
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.append((item, result))
        if not self.is_busy:
            self._start()
        return await result

    async def close(self) -> None:
        """Cancel the flush under way and all waiting items."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=CLOSE_SECONDS)
            self._end([], None)  # a task that was cancelled before its start has not done so

    async def _flush_directly(self, item: T) -> R:
        self.is_busy = True
        try:
            return (await self._flush([item]))[0]
        except Exception as error:
            if (reason := outage.reason(error)) is not None:
                self._end([], reason)
            raise
        finally:
            self._start()

    def _start(self) -> None:
        """Flush the queue in a task of its own, which no waiter's cancellation ends."""
        self.is_busy = bool(self._queue)
        if self._queue:
            self._task = asyncio.create_task(self._flush_all())

    async def _flush_all(self) -> None:
        batch: list[tuple[T, asyncio.Future[R]]] = []
        reason: str | None = None
        try:
            while self._queue:
                batch, self._queue = self._queue[: self._size], self._queue[self._size :]
                await self._flush_batch(batch)
        except outage.Unavailable as error:
            reason = error.reason
        finally:
            self._end(batch, reason)

    async def _flush_batch(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        """Resolve the futures of a batch. Raises Unavailable when the database is down."""
        try:
            results = await self._flush([item for item, _ in batch])
        except Exception as error:
            if (reason := outage.reason(error)) is not None:
                raise outage.Unavailable(reason) from error
            if len(batch) > 1:
                for one in batch:
                    await self._flush_batch([one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():  # its caller may have been cancelled
                future.set_result(result)

    def _end(self, batch: list[tuple[T, "asyncio.Future[R]"]], reason: str | None) -> None:
        """End all unresolved futures: with Unavailable for this reason, or by cancelling them."""
        for _, future in (*batch, *self._queue):
            if future.done():
                continue
            if reason is None:
                future.cancel()
            else:
                # An instance each: a shared one would collect the tracebacks of all waiters.
                future.set_exception(outage.Unavailable(reason))
        self._queue, self.is_busy, self._task = [], False, None
