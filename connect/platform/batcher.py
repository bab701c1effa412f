"""A batcher collects the items that arrive during a flush, and flushes them together.

A statement for many rows costs little more than a statement for one row.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from models import outage

T = TypeVar("T")
R = TypeVar("R")

# A cancelled flush has this long to clean up.
CLOSE_SECONDS = 0.5


class Batcher(Generic[T, R]):
    """Passes items in batches to `flush`, which returns one result per item, in the same order.

    If a batch fails, the batcher flushes each of its items alone, so that one bad item does not fail the
    others. If the database is down, all waiting items fail immediately. `size` is the maximum length of a
    batch, and `waiting` is the maximum length of the queue. If `direct` is true, a caller that finds the
    batcher idle awaits `flush` itself, so no task is created. `on_idle` is called when a separate task has
    flushed the queue.
    """

    def __init__(
        self,
        flush: Callable[[list[T]], Awaitable[Sequence[R]]],
        size: int = sys.maxsize,
        waiting: int = sys.maxsize,
        *,
        direct: bool = False,
        on_idle: Callable[[], object] = lambda: None,
    ) -> None:
        self._on_idle = on_idle
        self._flush, self._size, self._max_waiting, self._direct = flush, size, waiting, direct
        self._queue: list[tuple[T, asyncio.Future[R]]] = []
        self.is_busy = False
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """Return the result of this item, from a flush that starts after this call.

        Raises the error of that flush, or `outage.Unavailable` if the queue is full.
        """
        if not self.is_busy and self._direct:
            return await self._flush_directly(item)
        if len(self._queue) >= self._max_waiting:
            raise outage.Unavailable("queue full")
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.append((item, result))
        if not self.is_busy:
            self._start()
        return await result

    async def close(self) -> None:
        """Cancel the running flush and all waiting items."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=CLOSE_SECONDS)
            self._end([], None)  # a task that is cancelled before its first step never calls `_end`

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
        """Flush the queue in a separate task, so that a cancelled caller does not cancel the flush."""
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
                for entry in batch:
                    await self._flush_batch([entry])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():  # its caller may have been cancelled
                future.set_result(result)

    def _end(self, batch: list[tuple[T, "asyncio.Future[R]"]], reason: str | None) -> None:
        """Fail all open futures with Unavailable, or cancel them if `reason` is None."""
        for _, future in (*batch, *self._queue):
            if future.done():
                continue
            if reason is None:
                future.cancel()
            else:
                # A shared exception would collect the tracebacks of all callers.
                future.set_exception(outage.Unavailable(reason))
        self._queue, self.is_busy, self._task = [], False, None
        self._on_idle()
