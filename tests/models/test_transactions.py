"""Transactions on one merchant wait for each other without occupying connections of the pool."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models import PeriodicTask, now, outage
from models.transactions import transaction_on

ONLY_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def count(key: str, steps: list[str]) -> None:
    async with transaction_on(key):
        steps.append(f"{key} begins")
        await PeriodicTask.all().count()
        steps.append(f"{key} ends")


@contextlib.asynccontextmanager
async def open_transaction(key: str) -> AsyncIterator[None]:
    """Keep a transaction on this key open in another task."""
    begun, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction_on(key):
            begun.set()
            await done.wait()

    holder = asyncio.create_task(hold())
    await begun.wait()
    try:
        yield
    finally:
        done.set()
        await holder


@pytest.mark.usefixtures("database")
async def test_transactions_with_one_key_run_one_at_a_time() -> None:
    steps: list[str] = []
    await asyncio.gather(*(count("a", steps) for _ in range(20)))
    assert steps == ["a begins", "a ends"] * 20


@ONLY_POSTGRESQL
@pytest.mark.usefixtures("database")
async def test_transactions_with_another_key_do_not_wait() -> None:
    steps: list[str] = []
    async with open_transaction("a"):
        waiting = [asyncio.create_task(count("a", steps)) for _ in range(30)]
        async with asyncio.timeout(5):
            await count("b", steps)
    await asyncio.gather(*waiting)
    assert steps == ["b begins", "b ends", *["a begins", "a ends"] * 30]


@pytest.mark.usefixtures("database")
async def test_a_nested_transaction_is_a_savepoint() -> None:
    task: dict[str, Any] = {"due_at": await now(), "state": {}}

    async def fail() -> None:
        async with transaction_on("a"):
            await PeriodicTask.create(name="undone", **task)
            await PeriodicTask.create(name="kept", **task)

    async with transaction_on("a"):
        await PeriodicTask.create(name="kept", **task)
        with pytest.raises(IntegrityError):
            await fail()
    assert [row.name for row in await PeriodicTask.all()] == ["kept"]


@pytest.mark.usefixtures("database")
async def test_after_a_failed_or_cancelled_transaction_the_next_one_runs() -> None:
    steps: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with transaction_on("a"):
            raise ZeroDivisionError
    async with open_transaction("a"):
        waiting = [asyncio.create_task(count("a", steps)) for _ in range(3)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError, type(None), type(None)]
    assert steps == ["a begins", "a ends"] * 2


@pytest.mark.usefixtures("database")
async def test_waiting_too_long_is_an_outage() -> None:
    client: Any = get_connection("default")
    client.wait_seconds = 0.2
    async with open_transaction("a"):
        waiting = [count("a", []) for _ in range(30)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [outage.reason(result) for result in results if isinstance(result, Exception)] == ["locked"] * 30


@ONLY_POSTGRESQL
async def test_a_lock_time_out_of_the_server_is_an_outage(database: str) -> None:
    await PeriodicTask.create(name="locked", due_at=await now(), state={})

    async def lock() -> None:
        async with in_transaction() as connection:
            await connection.execute_query("SET LOCAL lock_timeout = '50ms'")
            await PeriodicTask.select_for_update().get(name="locked")

    other = await asyncpg.connect(database)
    try:
        async with other.transaction():
            await other.execute("SELECT 1 FROM periodic_task FOR UPDATE")
            with pytest.raises(asyncpg.LockNotAvailableError) as caught:
                await lock()
    finally:
        await other.close()
    assert outage.reason(caught.value) == "locked"
