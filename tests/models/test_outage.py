"""Real outages of both databases: their reasons, and the limit of every wait."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise import Tortoise, fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException, DBConnectionError, IntegrityError, OperationalError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models import database as databases
from models import outage
from testing import postgres
from testing.processes import free_port


class Note(Model):
    id = fields.IntField(primary_key=True)
    text = fields.CharField(max_length=200, unique=True)


Connect = Callable[[str], Awaitable[BaseDBAsyncClient]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """A function that connects to a database, with a single connection and a short limit for waits."""

    async def connect_to(url: str) -> BaseDBAsyncClient:
        settings = databases.config(url)
        settings["apps"] = {"models": {"models": [__name__], "default_connection": "default"}}
        credentials = settings["connections"]["default"]["credentials"]
        credentials["wait_seconds"] = 0.3
        credentials |= {"busy_timeout": 50} if "file_path" in credentials else {"maxsize": 1}
        EXECUTOR_CACHE.clear()
        await Tortoise.init(config=settings, _enable_global_fallback=True)
        return get_connection("default")

    yield connect_to
    await Tortoise.close_connections()


@pytest.fixture
def server_database(postgres_url: str) -> Iterator[str]:
    url = postgres.create_database(postgres_url)
    yield url
    postgres.drop_database(postgres_url, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'notes.db'}"
    server_url: str = request.getfixturevalue("server_database")
    return server_url


async def error_of(work: Awaitable[Any]) -> BaseException:
    """The error that the work raises."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the caller compares it
        return error
    raise AssertionError("nothing was raised")


async def reason_of(work: Awaitable[Any]) -> str | None:
    return outage.reason(await error_of(work))


async def write(text: str = "a") -> None:
    async with in_transaction():
        await Note.create(text=text)


async def write_inside(text: str = "a") -> None:
    async with in_transaction(), in_transaction():
        await Note.create(text=text)


async def texts() -> set[str]:
    return {note.text for note in await Note.all()}


async def test_an_unreachable_server_and_a_refused_login_are_outages(
    connect: Connect, server_database: str, postgres_url: str
) -> None:
    closed = f"postgresql://me:secret@127.0.0.1:{free_port()}/connectql"
    named = f"postgresql://me:secret@localhost:{free_port()}/connectql"  # several addresses
    unknown = "postgresql://me:secret@nowhere.invalid/connectql"
    nameless = urlsplit(postgres_url)._replace(path="/nowhere").geturl()
    stranger = server_database.replace("postgres@", "stranger@")
    for url, reason in [
        (closed, "connection refused"),
        (named, "connection refused"),
        (unknown, "unknown host"),
        (nameless, "no such database"),
        (stranger, "login refused"),
    ]:
        assert await reason_of(databases.migrate(url)) == reason, url
        await connect(url)
        for work in (Note.all().count, write, write_inside):
            assert await reason_of(work()) == reason, url
        assert not await databases.in_time(databases.is_migrated())
        await Tortoise.close_connections()


async def test_waiting_for_a_silent_server_ends_in_time(connect: Connect) -> None:
    """The server accepts connections and sends nothing, as behind a firewall."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while await reader.read(100):
                pass
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await connect(f"postgresql://me@127.0.0.1:{port}/connectql?sslmode=disable")
        async with asyncio.timeout(60):
            assert await reason_of(Note.all().count()) == "time-out"
            assert await reason_of(write()) == "time-out"


async def test_connections_that_the_server_ends_are_replaced(
    connect: Connect, server_database: str, postgres_url: str
) -> None:
    client = await connect(server_database)
    await Tortoise.generate_schemas()
    database = urlsplit(server_database).path.removeprefix("/")
    other = await asyncpg.connect(postgres_url)
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    try:
        # End an idle connection, one with a running statement, and one between two statements.
        await other.execute(end)
        results = await asyncio.gather(Note.all().count(), return_exceptions=True)
        assert [outage.reason(one) if isinstance(one, BaseException) else one for one in results] in (
            ["connection lost"],
            ["connection ended"],
            ["shutting down"],
            [0],
        )
        sleeping = asyncio.create_task(client.execute_query("SELECT pg_sleep(600)"))
        active = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND state = 'active'"
        while not await other.fetchval(active):  # noqa: ASYNC110 - the server sends no signal
            await asyncio.sleep(0.01)
        await other.execute(end)
        assert await reason_of(sleeping) in {"shutting down", "connection lost"}

        async def write_twice() -> None:
            async with in_transaction(), in_transaction():
                await Note.create(text="undone")
                await other.execute(end)
                await Note.create(text="undone too")

        assert await reason_of(write_twice()) in {"shutting down", "connection lost"}
        await write("kept")
        assert await texts() == {"kept"}
    finally:
        await other.close()


async def test_waiting_for_a_connection_of_the_pool_is_bounded(
    connect: Connect, server_database: str
) -> None:
    await connect(server_database)
    await Tortoise.generate_schemas()
    holding, free = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with in_transaction():
            await Note.create(text="held")
            holding.set()
            await free.wait()

    holder = asyncio.create_task(hold())
    await holding.wait()
    waiting = [write(str(n)) for n in range(3)] + [texts() for _ in range(3)]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [outage.reason(one) for one in results if isinstance(one, BaseException)] == ["time-out"] * 6
    assert outage.reason(TimeoutError()) is None  # not every time-out comes from the database
    free.set()
    await holder
    await write("after")
    assert await texts() == {"held", "after"}


async def test_waiting_for_sqlites_lock_is_bounded_and_the_lock_stays_usable(
    connect: Connect, tmp_path: Path
) -> None:
    await connect(f"sqlite:///{tmp_path / 'notes.db'}")
    await Tortoise.generate_schemas()
    holding, free = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with in_transaction():
            await Note.create(text="held")
            holding.set()
            await free.wait()

    holder = asyncio.create_task(hold())
    await holding.wait()
    waiting = [asyncio.create_task(write(str(n))) for n in range(10)]
    waiting += [asyncio.create_task(texts()) for _ in range(10)]  # type: ignore[arg-type]
    # Cancel some of the tasks shortly before or after their timeout.
    for seconds, task in zip((0.28, 0.299, 0.3, 0.301, 0.32), waiting[::4], strict=True):
        asyncio.get_running_loop().call_later(seconds, task.cancel)
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(one, BaseException) for one in results)
    reasons = [outage.reason(one) for one in results if isinstance(one, Exception)]
    assert set(reasons) == {"locked"}
    assert len(reasons) >= 15
    free.set()
    await holder
    await asyncio.gather(*(write(f"after {n}") for n in range(5)))
    assert await texts() == {"held", *(f"after {n}" for n in range(5))}


async def test_a_locked_file_is_an_outage_until_it_is_unlocked(connect: Connect, tmp_path: Path) -> None:
    await connect(f"sqlite:///{tmp_path / 'notes.db'}")
    await Tortoise.generate_schemas()
    other = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert await reason_of(Note.create(text="a")) == "locked"
    assert await reason_of(write()) == "locked"
    assert await reason_of(write_inside()) == "locked"
    assert await texts() == set()  # the write-ahead log allows reads
    other.execute("COMMIT")
    other.close()
    await write()
    assert await texts() == {"a"}


async def test_a_file_that_was_read_only_is_reopened(connect: Connect, tmp_path: Path) -> None:
    """A connection stays read-only after its file becomes writable. `query_only` simulates this."""
    client = await connect(f"sqlite:///{tmp_path / 'notes.db'}")
    await Tortoise.generate_schemas()
    ways: tuple[Callable[[], Awaitable[Any]], ...] = (lambda: Note.create(text="x"), write, write_inside)
    for number, write_now in enumerate(ways):
        await client.execute_query("PRAGMA query_only = ON")
        assert await reason_of(write_now()) == "not writable"
        await Note.create(text=str(number))
        assert await client.execute_query_dict("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    assert await texts() == {"0", "1", "2"}


async def test_a_file_that_cannot_be_opened_is_an_outage(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    await connect(f"sqlite:///{tmp_path / 'folder'}")
    assert await reason_of(Note.all().count()) == "cannot be opened"
    assert await reason_of(write()) == "cannot be opened"
    (tmp_path / "file").touch()
    assert await reason_of(databases.migrate(f"sqlite:///{tmp_path}/file/connectql.db")) == "file exists"
    (tmp_path / "folder").rmdir()
    await Tortoise.generate_schemas()
    await write()


async def test_a_full_disk_is_an_outage_and_undoes_the_transaction(connect: Connect, tmp_path: Path) -> None:
    client = await connect(f"sqlite:///{tmp_path / 'notes.db'}")
    await Tortoise.generate_schemas()
    pages = (await client.execute_query_dict("PRAGMA page_count"))[0]["page_count"]
    await client.execute_query(f"PRAGMA max_page_count = {pages + 2}")

    async def fill() -> None:
        async with in_transaction():
            async with in_transaction():
                await Note.bulk_create([Note(text=f"{n} ".ljust(200)) for n in range(200)])
            raise AssertionError("the database is not full")

    assert await reason_of(fill()) == "disk full"
    assert await texts() == set()
    await client.execute_query("PRAGMA max_page_count = 1000")
    await write()
    assert await texts() == {"a"}


async def test_a_faulty_statement_is_not_an_outage(connect: Connect, url: str) -> None:
    client = await connect(url)
    missing = await error_of(Note.all().count())
    assert isinstance(missing, OperationalError)
    assert outage.reason(missing) is None
    assert await reason_of(client.execute_query("SELEC 1")) is None
    await Tortoise.generate_schemas()
    await write()
    duplicate = await error_of(write())
    assert isinstance(duplicate, IntegrityError)
    assert outage.reason(duplicate) is None
    if url.startswith("postgresql"):
        assert await reason_of(client.execute_query("SELECT $1::int", ["x"])) is None
        assert await reason_of(client.execute_query("SELECT $1::int", [1, 2])) is None
    for other in (OSError(111, "Connection refused"), TimeoutError(), ValueError(), BaseORMException()):
        assert outage.reason(other) is None


def test_a_bug_in_the_handling_of_an_outage_is_not_an_outage() -> None:
    outage_error = DBConnectionError("postgresql://me:secret@host")
    assert outage.reason(outage_error) == "connection failed"
    bug = KeyError("missing")
    bug.__context__ = outage_error
    assert outage.reason(bug) is None
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = outage_error
    assert outage.reason(wrapped) == "connection failed"
    outage_error.__context__ = wrapped  # a circular chain
    other = OperationalError("x")
    other.__context__, wrapped.__cause__ = wrapped, other
    assert outage.reason(other) is None
