"""Cancelled tasks leave no lock, connection or transaction behind."""

import asyncio
import contextlib
import random
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise import Tortoise, fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection, get_connections
from tortoise.exceptions import TransactionManagementError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models import outage
from models.database import config
from models.engine.asyncpg import arguments
from models.sql import Select
from testing import postgres
from testing.waits import eventually

SEED = 20_261_123


class Note(Model):
    id = fields.IntField(primary_key=True)
    text = fields.CharField(max_length=200, unique=True)


@pytest.fixture(params=["sqlite", "sqlite in memory", "postgresql"])
async def connection(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BaseDBAsyncClient]:
    """The client of a new database with the table `note`. On PostgreSQL, its pool has three connections."""
    server = url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url")
        url = await asyncio.to_thread(postgres.create_database, server)
    elif request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'engine.db'}"
    settings = config(url or "sqlite:///:memory:")
    settings["apps"] = {"models": {"models": [__name__], "default_connection": "default"}}
    if server:
        settings["connections"]["default"]["credentials"]["maxsize"] = 3
    EXECUTOR_CACHE.clear()
    await Tortoise.init(config=settings, _enable_global_fallback=True)
    await Tortoise.generate_schemas()
    yield get_connection("default")
    await Tortoise.close_connections()
    if server:
        await asyncio.to_thread(postgres.drop_database, server, url)


async def new_client() -> BaseDBAsyncClient:
    """Replace the client with one that has not connected."""
    await get_connection("default").close()
    get_connections().discard("default")
    return get_connection("default")


async def connections_of(client: Any) -> int:
    """The number of connections to the client's database, except the one that counts them."""
    if client.capabilities.dialect == "sqlite":
        return sum("_connection_worker_thread" in thread.name for thread in threading.enumerate())
    server = await asyncpg.connect(**arguments(client.credentials))
    try:
        others = (
            "datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(await server.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {others}"))
    finally:
        await server.close()


async def texts() -> set[str]:
    return {note.text for note in await Note.all()}


async def check_engine() -> None:
    """Assert that concurrent transactions complete, even if there are more of them than connections."""
    await Note.all().delete()

    async def write(number: int) -> None:
        async with in_transaction():
            await Note.create(text=f"{number} outer")
            with contextlib.suppress(ZeroDivisionError):
                async with in_transaction():
                    await Note.create(text=f"{number} inner")
                    raise ZeroDivisionError

    async with asyncio.timeout(60):
        await asyncio.gather(*(write(number) for number in range(10)))
        assert await texts() == {f"{number} outer" for number in range(10)}


async def read(text: str) -> int:
    """Count the notes with this text, using a `Select`."""
    statement = Select()
    condition = f"text = {statement.value(text)}"
    return len(await statement.rows(["id"], "note", [condition], ["id"], 10))


async def work(number: int, committed: set[str]) -> None:
    """Run a transaction with a savepoint, between single statements and a bulk insert."""
    await Note.filter(text="nothing").count()
    await read("nothing")
    async with in_transaction():
        await Note.create(text=f"{number} a")
        assert await read(f"{number} a") == 1  # within the transaction
        with contextlib.suppress(ZeroDivisionError):
            async with in_transaction():
                await Note.create(text=f"{number} gone")
                if number % 3 == 0:
                    raise ZeroDivisionError
        await Note.create(text=f"{number} b")
        await Note.filter(text=f"{number} gone").delete()
        if number % 7 == 0:
            raise ArithmeticError
    committed.add(str(number))
    await Note.bulk_create([Note(text=f"{number} bulk {i}") for i in range(3)])


async def storm(rounds: int, seed: int) -> set[str]:
    """Run `work` in many tasks, and cancel most of them after a random number of steps or a random time."""
    chance = random.Random(seed)
    committed: set[str] = set()
    for start in range(0, rounds, 20):
        tasks = [asyncio.create_task(work(start + i, committed)) for i in range(20)]
        for task in tasks:
            if chance.random() < 0.5:
                for _ in range(chance.randrange(12)):
                    await asyncio.sleep(0)
            else:
                await asyncio.sleep(chance.random() * 0.004)
            if chance.random() < 0.9:
                task.cancel()
            if chance.random() < 0.3:  # a second cancellation may arrive during the clean-up
                await asyncio.sleep(0)
                task.cancel()
        async with asyncio.timeout(60):
            results = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(result) for result in results} <= {NoneType, asyncio.CancelledError, ArithmeticError}
    return committed


@pytest.mark.slow
@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
async def test_hundreds_of_cancelled_tasks_leave_nothing_behind(seed: int) -> None:
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    committed = await storm(400, seed)
    by_task: dict[str, set[str]] = {}
    for note in await texts():
        number, kind = note.split(" ", 1)
        by_task.setdefault(number, set()).add(kind)
    whole = ({"a", "b"}, {"a", "b", "bulk 0", "bulk 1", "bulk 2"})
    assert [kinds for kinds in by_task.values() if kinds not in whole] == []  # no partial transaction
    assert committed <= set(by_task)
    assert 0 < len(by_task) < 400  # some transactions were committed, and some were not
    await check_engine()
    # asyncpg reports a released connection that is still in a transaction.
    assert [complaint for complaint in complaints if "transaction" in complaint] == []


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("connection", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("steps", range(24))
async def test_a_cancellation_at_any_step_leaves_nothing_behind(steps: int) -> None:
    """Cancel a single task, which must connect first, after this number of steps."""
    await new_client()
    task = asyncio.create_task(work(1, set()))
    for _ in range(steps):
        await asyncio.sleep(0.0005 if steps % 2 else 0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await check_engine()


async def count() -> int:
    return await Note.all().count()


async def write() -> None:
    async with in_transaction():
        await Note.create(text="written")
        await Note.all().delete()


async def becomes_disconnected(client: BaseDBAsyncClient) -> None:
    """Wait until the client has no connections. The connections end shortly after the client was closed."""

    async def has_none() -> bool:
        return await connections_of(client) == 0

    await eventually(has_none)


@pytest.mark.waits
@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("connection", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("query", [lambda: read("nothing"), count, write], ids=["read", "count", "write"])
async def test_a_client_that_is_closed_at_any_step_of_a_query_leaves_no_connection(
    query: Callable[[], Coroutine[Any, Any, object]],
) -> None:
    for steps in range(24):
        client = await new_client()
        task = asyncio.create_task(query())
        for _ in range(steps):
            await asyncio.sleep(0.0005 if steps % 2 else 0)
        await client.close()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        assert not isinstance(result, BaseException) or outage.reason(result) is not None, repr(result)

        await becomes_disconnected(client)


@pytest.mark.parametrize("connection", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("query", [lambda: read("nothing"), count, write], ids=["read", "count", "write"])
async def test_a_closed_client_refuses_queries(
    connection: BaseDBAsyncClient, query: Callable[[], Coroutine[Any, Any, object]]
) -> None:
    await query()
    await connection.close()
    with pytest.raises(outage.Unavailable, match="closed by this process"):
        await query()
    await becomes_disconnected(connection)


@pytest.mark.usefixtures("connection")
async def test_a_transaction_stays_usable_after_its_savepoint_is_cancelled_at_any_step() -> None:
    async def cancel(task: "asyncio.Task[None]", steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()

    async def write(steps: int) -> None:
        async with in_transaction():
            await Note.create(text=f"{steps} before")
            task = asyncio.current_task()
            assert task
            canceller = asyncio.create_task(cancel(task, steps))
            try:
                async with in_transaction():
                    await Note.create(text=f"{steps} inside a")
                    await Note.create(text=f"{steps} inside b")
                canceller.cancel()
            except asyncio.CancelledError:
                task.uncancel()
            await Note.create(text=f"{steps} after")

    for steps in range(80):
        await asyncio.create_task(write(steps))
        rest = {text.removeprefix(f"{steps} ") for text in await texts() if text.startswith(f"{steps} ")}
        assert rest in ({"before", "after"}, {"before", "inside a", "inside b", "after"})


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("connection", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "kept"),
    [("SAVEPOINT", {"after"}), ("RELEASE", {"inside", "after"}), ("ROLLBACK", {"after"})],
)
async def test_a_cancellation_interrupts_no_statement_of_a_savepoint(statement: str, kept: set[str]) -> None:
    """An interruption would rarely reach the server, but if it did, the outer transaction would fail."""
    records: list[Any] = []

    async def write() -> None:
        task = asyncio.current_task()
        assert task
        cancel_soon = partial(asyncio.get_running_loop().call_soon, task.cancel)
        async with in_transaction() as around:
            async with around.acquire_connection() as server:
                server.add_query_logger(records.append)
            try:
                if statement == "SAVEPOINT":
                    cancel_soon()
                async with in_transaction():
                    await Note.create(text="inside")
                    cancel_soon()
                    if statement == "ROLLBACK":
                        raise ZeroDivisionError
            except asyncio.CancelledError:
                task.uncancel()
            await Note.create(text="after")

    await asyncio.create_task(write())
    sent = [record.exception for record in records if record.query.startswith(statement)]
    assert sent == [None]
    assert await texts() == kept


async def test_a_cancelled_task_finishes_its_commit(
    connection: BaseDBAsyncClient,
) -> None:
    committing = asyncio.Event()

    async def write() -> None:
        async with in_transaction():
            await Note.create(text="kept")
            committing.set()

    task = asyncio.create_task(write())
    await committing.wait()
    await asyncio.sleep(0)  # the task is now in COMMIT
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await texts() == {"kept"}
    assert get_connection("default") is connection


@pytest.mark.usefixtures("connection")
async def test_a_transaction_stays_usable_after_a_time_out_in_its_savepoint() -> None:
    async with in_transaction():
        await Note.create(text="before")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.02), in_transaction():
                await Note.create(text="undone")
                await asyncio.sleep(5)
        await Note.create(text="after")
    assert await texts() == {"before", "after"}


@pytest.mark.usefixtures("connection")
async def test_a_task_that_outlives_its_transaction_cannot_write() -> None:
    ended = asyncio.Event()

    async def stray() -> None:
        await ended.wait()
        await Note.create(text="stray")

    async with in_transaction():
        task = asyncio.create_task(stray())
        await Note.create(text="kept")
    ended.set()
    # Each driver raises its own error.
    with pytest.raises((TransactionManagementError, asyncpg.InterfaceError)):
        await task
    assert await texts() == {"kept"}


async def test_a_failed_commit_undoes_its_transaction_and_the_next_one_works(
    connection: BaseDBAsyncClient,
) -> None:
    await connection.execute_script(
        "CREATE TABLE child (note INT REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    async def write() -> None:
        async with in_transaction() as inside:
            await Note.create(text="undone")
            await inside.execute_query("INSERT INTO child VALUES (123456)")

    with pytest.raises((sqlite3.IntegrityError, asyncpg.ForeignKeyViolationError)):
        await write()
    assert await texts() == set()
    await check_engine()


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("connection", ["postgresql"], indirect=True)
async def test_a_connection_lost_inside_a_transaction_is_replaced() -> None:
    async def write() -> None:
        async with in_transaction() as inside:
            await Note.create(text="undone")
            await inside.execute_query("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await write()
    assert await texts() == set()
    await check_engine()


@pytest.mark.parametrize("connection", ["sqlite"], indirect=True)
async def test_another_process_waits_for_a_transaction_that_reads_before_it_writes(
    connection: BaseDBAsyncClient, tmp_path: Path
) -> None:
    """A second connection to the file acts as the other process, and tries to write after the first read."""
    await Note.create(text="first")
    other = sqlite3.connect(tmp_path / "engine.db", isolation_level=None, timeout=60, check_same_thread=False)

    def write() -> None:
        other.execute("INSERT INTO note (text) VALUES ('theirs')")
        other.close()

    async with in_transaction():
        assert await Note.all().count() == 1
        writing = asyncio.create_task(asyncio.to_thread(write))
        await asyncio.sleep(0.1)
        await Note.create(text="ours")
    await writing
    assert await texts() == {"first", "ours", "theirs"}
    assert await connection.execute_query_dict("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


async def test_concurrent_queries_leave_connections_for_transactions(connection: BaseDBAsyncClient) -> None:
    await Note.create(text="here")
    async with asyncio.timeout(60):
        assert await asyncio.gather(*(read("here") for _ in range(50))) == [1] * 50
    await check_engine()
    assert await connection.execute_query_dict("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize("connection", ["postgresql"], indirect=True)
async def test_a_lost_connection_is_not_used_again(connection: BaseDBAsyncClient) -> None:
    await Note.create(text="here")
    await asyncio.gather(*(read("here") for _ in range(3)))
    end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    for _ in range(3):
        with contextlib.suppress(Exception):  # the statement also ends its own connection
            await connection.execute_query(end_all)
        await asyncio.sleep(0.2)
        async with asyncio.timeout(60):
            assert await asyncio.gather(*(read("here") for _ in range(9))) == [1] * 9
    await check_engine()
