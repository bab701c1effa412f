"""The database: its URL (SQLite or PostgreSQL), connection and migrations."""

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations import api as migrations

from models import outage
from models.engine.asyncpg import connect_to_server

T = TypeVar("T")

# An arbitrary number. No other advisory lock in the same database may use this number.
MIGRATION_LOCK = 727_266_001

REACH_SECONDS = 2.5

UNREADABLE = "The database URL cannot be read. In a password, write / # ? @ : % as %2F %23 %3F %40 %3A %25."


def config(url: str, *, migrating: bool = False) -> dict[str, Any]:
    """Return Tortoise's configuration for `sqlite:///relative`, `sqlite:////absolute` or `postgresql://…`.

    Raises ValueError. The message omits the URL, which may contain a password.
    """
    try:
        parts = urlsplit(url)
        port = None if parts.scheme == "sqlite" else parts.port
    except ValueError:
        raise ValueError(UNREADABLE) from None
    if parts.scheme == "sqlite":
        engine, credentials = "models.engine.sqlite", _sqlite(parts, migrating=migrating)
    elif parts.scheme in {"postgres", "postgresql"}:
        engine, credentials = "models.engine.asyncpg", _postgresql(parts, port, migrating=migrating)
    else:
        raise ValueError("The database URL must begin with sqlite:// or postgresql://")
    return {
        "connections": {"default": {"engine": engine, "credentials": credentials}},
        "apps": {
            "models": {
                "models": ["models"],
                "migrations": "models.migrations",
                "default_connection": "default",
            }
        },
    }


def _sqlite(parts: SplitResult, *, migrating: bool) -> dict[str, Any]:
    if parts.query or parts.fragment:
        raise ValueError("A SQLite URL takes no parameters; write ? and # in a file name as %3F and %23")
    path = unquote(parts.path.removeprefix("/"))
    if parts.netloc or not path:
        raise ValueError("A SQLite URL is sqlite:///relative/file or sqlite:////absolute/file")
    return {
        "file_path": path,
        "busy_timeout": 5000,
        # With the write-ahead log, commits survive a crash of the process. A power cut may lose the last
        # commits.
        "synchronous": "NORMAL",
        # A migration may replace a table. With foreign keys, dropping the old table would delete child rows.
        "foreign_keys": "OFF" if migrating else "ON",
    }


def _postgresql(parts: SplitResult, port: int | None, *, migrating: bool) -> dict[str, Any]:
    # The query holds part of the password if the password has an unescaped ?, so no message shows the query.
    if "@" in parts.query:
        raise ValueError(UNREADABLE)
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = parameters.pop("host", parts.hostname and unquote(parts.hostname))
    credentials = {
        "host": host,
        "port": port or 5432,
        "user": parts.username and unquote(parts.username),
        "password": parts.password and unquote(parts.password),
        "database": unquote(parts.path.removeprefix("/")),
        "minsize": 1,
        "maxsize": 9,
        "readers": 5,  # further connections, for single queries
        "timeout": 10,  # seconds to connect
        # The timeout of a statement, in seconds. Only a server that does not answer takes longer.
        "command_timeout": 30 if migrating else 10,
    }
    for parameter, name in (("sslmode", "ssl"), ("application_name", "application_name")):
        if parameter in parameters:
            credentials[name] = parameters.pop(parameter)
    if parameters:
        names = ", ".join(sorted(filter(str.isidentifier, parameters)))
        raise ValueError(
            f"The database URL has parameters that are not supported: {names}. "
            "The supported parameters are host, sslmode and application_name. "
            "Certificates are named by PGSSLROOTCERT, PGSSLCERT and PGSSLKEY in the environment."
        )
    if not credentials["database"]:
        raise ValueError("The database URL names no database: postgresql://user:password@host:5432/database")
    return credentials


async def migrate(url: str) -> None:
    """Bring the schema up to date. Replicas that start together wait for the first one.

    Raises an error that `models.outage` classifies if the database cannot be reached.
    """
    settings = config(url, migrating=True)
    credentials = settings["connections"]["default"]["credentials"]
    lock = _locked_file(credentials) if "file_path" in credentials else _locked_server(credentials)
    # A separate context, as an application in this process may be connected already.
    async with lock, TortoiseContext():
        await migrations.migrate(config=settings)


@contextlib.asynccontextmanager
async def _locked_file(credentials: dict[str, Any]) -> AsyncIterator[None]:
    if credentials["file_path"] == ":memory:":
        raise ValueError("An in-memory database ends with its connection, so it cannot be migrated")
    path = Path(credentials["file_path"])
    with outage.marked():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The lock file is never removed, because another process may wait for its lock.
        lock_file = path.with_name(path.name + ".lock").open("w")
    with lock_file as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # released when the process ends
                break
            except BlockingIOError:
                await asyncio.sleep(0.05)
        yield


@contextlib.asynccontextmanager
async def _locked_server(credentials: dict[str, Any]) -> AsyncIterator[None]:
    connection = await connect_to_server(credentials)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        yield
    finally:
        await connection.close()  # this releases the lock


async def connect(url: str) -> None:
    """Connect the models in every task of this process, until `close`."""
    # Tasks of requests need the fallback: they do not inherit the context of the task that connects.
    await Tortoise.init(config=config(url), _enable_global_fallback=True)


async def close() -> None:
    await Tortoise.close_connections()


def is_there(url: str) -> bool:
    """False for a SQLite file that is missing or empty. Connecting would create the file."""
    credentials = config(url)["connections"]["default"]["credentials"]
    if "file_path" not in credentials:
        return True
    file = Path(credentials["file_path"])
    return file.is_file() and file.stat().st_size > 0


async def version() -> str:
    """The database server's name and version, such as `PostgreSQL 16.2` or `SQLite 3.45.1`."""
    connection = get_connection("default")
    is_sqlite = connection.capabilities.dialect == "sqlite"
    number = "sqlite_version()" if is_sqlite else "current_setting('server_version')"
    rows = await connection.execute_query_dict(f"SELECT {number} AS number")
    return f"{'SQLite' if is_sqlite else 'PostgreSQL'} {rows[0]['number'].split()[0]}"


async def in_time(work: Coroutine[Any, Any, T]) -> T | None:
    """The result of a coroutine that uses the database. None if it fails or exceeds REACH_SECONDS."""
    # The caller must not wait for the clean-up of a cancelled statement.
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=REACH_SECONDS)
    finally:
        task.cancel()
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # else asyncio logs it
    if task.done() and not task.cancelled() and task.exception() is None:
        return task.result()
    return None


async def is_migrated() -> bool:
    """Whether every migration of this code has been applied. Raises when the database is unavailable."""
    names = {file.stem for file in (Path(__file__).parent / "migrations").glob("[0-9]*.py")}
    try:
        rows = await get_connection("default").execute_query_dict("SELECT name FROM tortoise_migrations")
    except Exception as error:
        if outage.reason(error) is not None:
            raise
        return False  # the table does not exist
    return names <= {row["name"] for row in rows}
