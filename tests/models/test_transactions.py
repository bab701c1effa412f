"""Transactions with one key wait for each other without occupying connections of the pool."""

import ast
import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models import PeriodicTask, now, outage
from models import database as databases
from models.engine import ATTEMPTS
from models.transactions import MAX_WAITING, repeatable, transaction_on

pytestmark = pytest.mark.unrepeated

ROOT = Path(__file__).resolve().parents[2]

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
        async with asyncio.timeout(60):
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


@pytest.mark.usefixtures("database")
async def test_a_full_queue_refuses_at_once_and_cancelled_transactions_free_their_places() -> None:
    steps: list[str] = []
    async with open_transaction("a"):
        waiting = [asyncio.create_task(count("a", [])) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(outage.Unavailable, match="too many writes wait for one key"):
            await count("a", steps)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        later = asyncio.create_task(count("a", steps))
        await asyncio.sleep(0)
        assert not later.done()
    await later
    assert steps == ["a begins", "a ends"]


@ONLY_POSTGRESQL
@pytest.mark.usefixtures("database")
async def test_deadlocked_transactions_are_repeated() -> None:
    at = await now()
    for name in ("a", "b"):
        await PeriodicTask.create(name=name, due_at=at, state={"count": 0})
    both = asyncio.Barrier(2)
    attempts: list[str] = []

    @repeatable
    async def add(first: str, second: str) -> None:
        async with transaction_on(first):
            attempts.append(first)
            one = await PeriodicTask.select_for_update().get(name=first)
            if len(attempts) <= 2:
                await both.wait()
            two = await PeriodicTask.select_for_update().get(name=second)
            for row in (one, two):
                row.state = {"count": int(str(row.state["count"])) + 1}
                await row.save()

    await asyncio.gather(add("a", "b"), add("b", "a"))
    assert [row.state for row in await PeriodicTask.all()] == [{"count": 2}] * 2
    assert len(attempts) >= 3  # a retry of a serializable transaction may conflict again


@ONLY_POSTGRESQL
@pytest.mark.parametrize("pooler", ["session", "transaction"])
async def test_transactions_do_not_conflict_in_a_database_that_defaults_to_serializable(
    database_url: str, pooler: str
) -> None:
    name = urlsplit(database_url).path.removeprefix("/")
    server = await asyncpg.connect(database_url)
    await server.execute(f'ALTER DATABASE "{name}" SET default_transaction_isolation = serializable')
    await server.close()
    await databases.connect(database_url, pooler=pooler)
    try:
        await PeriodicTask.create(name="count", due_at=await now(), state={"count": 0})
        attempts: list[int] = []
        level = "SHOW transaction_isolation"

        @repeatable
        async def add(number: int) -> None:
            async with transaction_on(number):
                attempts.append(number)
                row = await PeriodicTask.select_for_update().get(name="count")
                row.state = {"count": int(str(row.state["count"])) + 1}
                await row.save()
                rows = await get_connection("default").execute_query_dict(level)
                assert rows == [{"transaction_isolation": "read committed"}]

        await asyncio.gather(*map(add, range(9)))
        assert (await PeriodicTask.get(name="count")).state == {"count": 9}
        assert len(attempts) == 9
        client: Any = get_connection("default")
        for rows in (await client.execute_query_dict(level), await client.read(level, [])):
            assert [tuple(row.values()) for row in rows] == [("read committed",)]
    finally:
        await databases.close()


@ONLY_POSTGRESQL
@pytest.mark.usefixtures("database")
async def test_a_permanent_conflict_is_raised_after_the_last_attempt() -> None:
    attempts: list[int] = []

    @repeatable
    async def fail() -> None:
        async with transaction_on("a"):
            attempts.append(1)
            await get_connection("default").execute_query(
                "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"
            )

    with pytest.raises(asyncpg.SerializationError) as caught:
        await fail()
    assert (outage.reason(caught.value), len(attempts)) == ("conflict", ATTEMPTS)


@pytest.mark.slow
def test_every_function_with_a_transaction_is_repeatable() -> None:
    found, missing = 0, []
    for file in [*ROOT.glob("connect/**/*.py"), *ROOT.glob("api/**/*.py"), *ROOT.glob("resolvers/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.AsyncFunctionDef) and re.search(
                r"(transaction_on|in_transaction)\(", ast.unparse(node)
            ):
                found += 1
                if not any(ast.unparse(one) == "repeatable" for one in node.decorator_list):
                    missing.append(f"{file.relative_to(ROOT)}: {node.name}")
    assert missing == []
    # Make sure that the search finds functions.
    assert found > 20
