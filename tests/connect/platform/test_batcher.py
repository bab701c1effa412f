"""The batcher flushes waiting items together, but an item that fails does not affect the others."""

import asyncio
from collections.abc import Sequence

import pytest

from connect.platform.batcher import Batcher
from models import outage


class Flushes:
    """A flush that records its batches and waits for `open`."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.outage = False

    async def __call__(self, items: list[int]) -> Sequence[int]:
        self.batches.append(items)
        await self.open.wait()
        if self.outage:
            raise outage.Unavailable("disk full")
        if any(item < 0 for item in items):
            raise ValueError(items)
        return [item * 10 for item in items]


async def _submit(batcher: Batcher[int, int], *items: int) -> list["asyncio.Task[int]"]:
    tasks = [asyncio.create_task(batcher.submit(item)) for item in items]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def _settle(tasks: Sequence["asyncio.Task[int]"]) -> list[int | BaseException]:
    return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)


async def test_items_that_arrive_during_a_flush_share_the_next_batches() -> None:
    flush = Flushes()
    batcher = Batcher(flush, 3, 100)
    first = await _submit(batcher, 1, 2)
    others = await _submit(batcher, 3, 4, 5, 6)
    assert flush.batches == [[1, 2]]
    flush.open.set()
    assert await _settle([*first, *others]) == [10, 20, 30, 40, 50, 60]
    assert flush.batches == [[1, 2], [3, 4, 5], [6]]
    assert await batcher.submit(7) == 70


async def test_an_idle_direct_batcher_flushes_in_the_callers_task() -> None:
    flush = Flushes()
    flush.open.set()
    batcher = Batcher(flush, 3, 100, direct=True)
    before = len(asyncio.all_tasks())
    assert await batcher.submit(1) == 10
    assert len(asyncio.all_tasks()) == before
    flush.open.clear()
    tasks = await _submit(batcher, 2, 3, 4)
    flush.open.set()
    assert await _settle(tasks) == [20, 30, 40]
    assert flush.batches == [[1], [2], [3, 4]]


async def test_a_bad_item_does_not_fail_the_others() -> None:
    flush = Flushes()
    flush.open.set()
    good, bad, other = await _settle(await _submit(Batcher(flush, 10, 100), 1, -2, 3))
    assert (good, other) == (10, 30)
    assert isinstance(bad, ValueError)
    assert flush.batches == [[1, -2, 3], [1], [-2], [3]]


@pytest.mark.parametrize("direct", [False, True])
async def test_after_one_flush_an_outage_fails_all_waiting_items(*, direct: bool) -> None:
    flush = Flushes()
    batcher = Batcher(flush, 2, 100, direct=direct)
    tasks = await _submit(batcher, 1, 2, 3, 4, 5)
    flush.outage = True
    flush.open.set()
    errors = await _settle(tasks)
    assert [outage.reason(error) for error in errors if isinstance(error, outage.Unavailable)] == [
        "disk full"
    ] * 5
    assert len(set(map(id, errors))) == 5
    assert len(flush.batches) == 1
    flush.outage = False
    assert await batcher.submit(6) == 60


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("cancelled", range(4))
async def test_a_cancelled_caller_does_not_affect_the_others(cancelled: int, *, direct: bool) -> None:
    flush = Flushes()
    batcher = Batcher(flush, 2, 100, direct=direct)
    tasks = await _submit(batcher, 1, 2, 3, 4)
    tasks[cancelled].cancel()
    await asyncio.sleep(0)
    flush.open.set()
    results = await _settle(tasks)
    assert isinstance(results.pop(cancelled), asyncio.CancelledError)
    assert results == [10 * item for item in (1, 2, 3, 4) if item != cancelled + 1]
    assert await batcher.submit(5) == 50


async def test_a_full_queue_refuses_items() -> None:
    flush = Flushes()
    batcher = Batcher(flush, 10, 2)
    first = await _submit(batcher, 1)
    tasks = await _submit(batcher, 2, 3)
    with pytest.raises(outage.Unavailable, match="queue full"):
        await batcher.submit(4)
    flush.open.set()
    assert await _settle([*first, *tasks]) == [10, 20, 30]


@pytest.mark.parametrize("has_started", [False, True])
async def test_close_cancels_the_flush_and_all_waiting_items(*, has_started: bool) -> None:
    flush = Flushes()
    batcher = Batcher(flush, 2, 100)
    await batcher.close()  # no flush is running
    tasks = [asyncio.create_task(batcher.submit(item)) for item in (1, 2, 3)]
    for _ in range(3 if has_started else 1):
        await asyncio.sleep(0)
    await batcher.close()
    assert all(isinstance(error, asyncio.CancelledError) for error in await _settle(tasks))
    assert flush.batches == ([[1, 2]] if has_started else [])
    flush.open.set()
    assert await batcher.submit(4) == 40
