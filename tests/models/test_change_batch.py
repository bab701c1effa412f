"""Processes that poll instead of using LISTEN get every committed change, even if it is committed late."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models import ChangeBatch, PendingChange, PeriodicTask, change_batch, changes, now, outage
from models.changes import Change
from models.transactions import repeatable
from testing.service import eventually

pytestmark = [
    pytest.mark.parametrize("database_url", ["portable"], indirect=True),
    pytest.mark.usefixtures("database"),
    pytest.mark.unrepeated,
]


def change(number: int) -> Change:
    return Change("merchant", uuid.UUID(int=number))


@contextlib.asynccontextmanager
async def polling() -> AsyncIterator[tuple[list[str], "asyncio.Task[None]"]]:
    """Poll as a process does. Yields the list of received payloads, and the polling task."""
    received, ready = list[str](), asyncio.Event()
    task = asyncio.create_task(change_batch.poll(received.append, ready.set))
    await ready.wait()
    try:
        yield received, task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def receives(received: list[str], *expected: Change) -> None:
    async def has_all() -> bool:
        return {one.payload for one in expected} <= set(received)

    await eventually(has_all)


async def numbers() -> list[Any]:
    return list(await ChangeBatch.all().order_by("number").values_list("number", flat=True))


async def test_a_change_is_delivered_even_if_later_ones_were_committed_first() -> None:
    published, done = asyncio.Event(), asyncio.Event()

    async def commit_late() -> None:
        async with in_transaction():
            await changes.publish(change(0))
            published.set()
            await done.wait()

    async with polling() as (received, _):
        late = asyncio.create_task(commit_late())
        await published.wait()
        for number in (1, 2, 3):  # each change gets a batch of its own
            await changes.publish(change(number))
            await receives(received, change(number))
        assert change(0).payload not in received
        done.set()
        await late
        await receives(received, change(0))
    assert sorted(received) == sorted(change(number).payload for number in range(4))
    assert await numbers() == [1, 2, 3, 4, 5]


async def test_every_process_gets_every_change_of_concurrent_transactions() -> None:
    @repeatable
    async def publish(number: int) -> None:
        async with in_transaction():
            await changes.publish(change(number))
            await asyncio.sleep(number % 7 / 100)

    async with polling() as (one, _), polling() as (two, _), polling() as (three, _):
        await asyncio.gather(*map(publish, range(100)))
        for received in (one, two, three):
            await receives(received, *map(change, range(100)))
            assert len(received) == 100
    assert await PendingChange.all().count() == 0
    made = await numbers()
    assert made == list(range(1, len(made) + 1))


async def test_a_process_that_missed_deleted_batches_reports_an_outage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with polling() as (received, late):
        await changes.publish(change(1))
        await receives(received, change(1))
        # A process deletes old batches, but keeps the newest one, because listeners start from it.
        await ChangeBatch.all().update(made_at=await now() - change_batch.KEEP - timedelta(seconds=1))
        monkeypatch.setattr(change_batch, "DELETE_SECONDS", 0)
        async with polling():
            await eventually(lambda: _are_left(1))
        assert not late.done()
        await _replace_all(7, change(2))
        await asyncio.wait({late}, timeout=60)
        assert outage.reason(late.exception() or AssertionError()) == (
            "changes were deleted before they were read"
        )
        assert change(2).payload not in received


@repeatable
async def _replace_all(number: int, content: Change) -> None:
    """Replace all batches with one later batch in one transaction, so that no poll sees old and new batches
    together.
    """
    async with in_transaction():
        await ChangeBatch.all().delete()
        await ChangeBatch.create(number=number, changes=content.payload, made_at=await now())


async def _are_left(count: int) -> bool:
    return await ChangeBatch.all().count() == count


async def test_transactions_are_serializable_and_repeated_after_a_conflict() -> None:
    level = "SHOW transaction_isolation"
    client: Any = get_connection("default")
    (single,), (changing,) = await client.read(level, []), await client.execute_query_dict(level)
    assert (single[0], changing["transaction_isolation"]) == ("read committed", "serializable")
    at = await now()
    for name in ("a", "b"):
        await PeriodicTask.create(name=name, due_at=at, state={})
    both, attempts = asyncio.Barrier(2), list[str]()

    @repeatable
    async def take_the_last(own: str) -> None:
        """Delete this caller's row unless it is the last one. The other caller's row is not locked."""
        async with in_transaction():
            attempts.append(own)
            count = await PeriodicTask.all().count()
            if len(attempts) <= 2:
                await both.wait()
            if count > 1:
                await PeriodicTask.filter(name=own).delete()

    await asyncio.gather(take_the_last("a"), take_the_last("b"))
    assert await PeriodicTask.all().count() == 1
    assert len(attempts) >= 3  # a retry may conflict again
