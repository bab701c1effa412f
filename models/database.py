"""The database: its URL (SQLite or PostgreSQL), connection and migrations."""

import asyncio
import contextlib
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

import asyncpg  # type: ignore[import-untyped]
import tortoise.models
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.filters import get_filters_for_field
from tortoise.migrations import api as migrations
from tortoise.migrations.schema_generator.state import ModelState
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

from models import address, migration_lock, outage
from models.engine.asyncpg import connect_when_free, is_pooled

T = TypeVar("T")

# The database counts as unavailable if it has not answered for this number of seconds.
SILENCE_SECONDS = 2

# The migration that replaces the former migrations from 0002 up to its own number.
SQUASHED = "0018_listed_disputes"
BETWEEN_RELEASES = (
    "the database was migrated by a checkout between two releases. Migrate it with commit 206597c5 first, or "
    "use a new database."
)

# While a migration waits for the lock of a table, all other statements on the table wait, too. So a migration
# waits only for this time, and tries again later.
LOCK_TIMEOUT = "2s"
LOCK_ATTEMPTS = 30
LOCK_PAUSE_SECONDS = 1.0

# The maximum number of connections of a process, not counting the connection that listens for changes.
CONNECTIONS = 14

# The profiles: which features of the server the service uses. The portable profile needs neither LISTEN nor
# READ COMMITTED, which distributed databases may lack.
POSTGRESQL, PORTABLE = "postgresql", "portable"


def config(url: str, *, migrating: bool = False, connections: int = CONNECTIONS) -> dict[str, Any]:
    """Return Tortoise's configuration for `sqlite:///relative`, `sqlite:////absolute` or `postgresql://…`.

    Raises ValueError. The message omits the URL, which may contain a password.
    """
    scheme = url.partition("://")[0].partition("+")[0]  # SQLAlchemy writes postgresql+asyncpg
    if scheme == "sqlite":
        engine, credentials = "models.engine.sqlite", _sqlite(urlsplit(url), migrating=migrating)
    elif scheme in {"postgres", "postgresql"}:
        # The timeout of a statement, in seconds. A statement takes longer only if the server does not answer,
        # or if another session holds a lock.
        limits: dict[str, Any] = {"command_timeout": 10}
        if migrating:
            limits = {"command_timeout": 30, "lock_timeout": LOCK_TIMEOUT}
        engine, credentials = "models.engine.asyncpg", {**address.parse(url), **limits, **_share(connections)}
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


def _share(connections: int) -> dict[str, int]:
    """Divide the connections between transactions and single queries."""
    readers = max(1, connections * 5 // 14)
    return {"minsize": 1, "maxsize": max(1, connections - readers), "readers": readers}


async def migrate(url: str, *, pooler: str = "auto", profile: str = POSTGRESQL) -> None:
    """Bring the schema up to date. Replicas that start together wait for the first one.

    Raises Forbidden. If the database cannot be reached, raises an error that `models.outage` classifies.
    """
    settings = config(url, migrating=True)
    credentials = settings["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        async with _locked_file(credentials):
            if not _is_complete(_applied_in_file(credentials["file_path"])):
                await _migrate(settings)
        return
    await _find_pooler(credentials, pooler)
    credentials["portable"] = profile == PORTABLE
    connection = await connect_when_free(credentials)
    try:
        # A role without the right to create tables can still serve.
        if not _is_complete(await _applied(connection)):
            await migration_lock.hold(connection, _migrate_when_unlocked(settings))
    except Exception as error:
        if text := forbidden(error, credentials):
            raise Forbidden(text) from error
        raise
    finally:
        connection.terminate()


async def _migrate_when_unlocked(settings: dict[str, Any]) -> None:
    """Migrate, and let other statements pass while another session holds the lock of a table."""
    for _ in range(LOCK_ATTEMPTS - 1):
        try:
            await _migrate(settings)
        except Exception as error:
            if outage.reason(error) != "locked":
                raise
        else:
            return
        await asyncio.sleep(LOCK_PAUSE_SECONDS)
    await _migrate(settings)


async def _migrate(settings: dict[str, Any]) -> None:
    # Use a separate context, because an application in this process may be connected already.
    async with TortoiseContext():
        with no_queries():
            await migrations.migrate(config=settings)


# Migrations do not query models, but Tortoise would prepare the queries of all models after each change. It
# would also build the filters of each changed model. This takes two thirds of the CPU time of all migrations.
_prepare_queries = StateApps._build_initial_querysets  # noqa: SLF001 - Tortoise has no setting for this
_render = ModelState.render


@contextlib.contextmanager
def no_queries() -> Iterator[None]:
    """Prepare neither queries nor filters for the models of migrations."""
    StateApps._build_initial_querysets = _finish_fields  # type: ignore[method-assign, assignment] # noqa: SLF001
    ModelState.render = _render_without_filters  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        StateApps._build_initial_querysets = _prepare_queries  # type: ignore[method-assign] # noqa: SLF001
        ModelState.render = _render  # type: ignore[method-assign]


def _render_without_filters(state: ModelState, apps: StateApps, **options: Any) -> type[Model]:
    """Build the model of one migration. No other code that needs filters runs at the same time."""
    tortoise.models.get_filters_for_field = lambda **_: {}  # type: ignore[attr-defined]
    try:
        return _render(state, apps, **options)
    finally:
        tortoise.models.get_filters_for_field = get_filters_for_field  # type: ignore[attr-defined]


def _finish_fields(apps: StateApps) -> None:
    """Complete the fields of all models. From the fields, Tortoise finds the models that depend on a changed
    model.
    """
    for app in apps.apps.values():
        for model in app.values():
            if model._meta._inited:  # noqa: SLF001
                model._meta.finalise_fields()  # noqa: SLF001


async def _applied(connection: Any) -> set[str]:
    """The names of the applied migrations. Empty if the table is missing or the role may not read it."""
    try:
        async with connection.transaction():
            rows = await connection.fetch("SELECT name FROM tortoise_migrations")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        return set()
    return {row["name"] for row in rows}


def _applied_in_file(path: str) -> set[str]:
    """The names of the applied migrations. Empty if the file cannot be read.

    `sqlite3` reads them, because Tortoise would be slower.
    """
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM tortoise_migrations")}
    return set()


def _is_complete(applied: set[str]) -> bool:
    """Whether a database has all migrations of this code.

    Raises Forbidden if a checkout between two releases has migrated the database (see BETWEEN_RELEASES).
    """
    if SQUASHED not in applied and any("0001" < name[:4] <= SQUASHED[:4] for name in applied):
        raise Forbidden(BETWEEN_RELEASES)
    return _names() <= applied


class Forbidden(Exception):
    """The database cannot be migrated, usually because a privilege is missing. The message says how to
    correct this.
    """


def forbidden(error: BaseException, credentials: Mapping[str, Any]) -> str | None:
    """A message with the remedy if the role of these credentials lacks a privilege. None for other errors."""
    refusal = outage.refused_privilege(error)
    if refusal is None:
        return None
    role = credentials.get("user")
    name = f'"{role}"' if role else "CURRENT_USER"
    if "schema" in refusal:
        remedy = f"As the database's owner run: GRANT USAGE, CREATE ON SCHEMA public TO {name};"
    else:
        remedy = "Run `python -m api migrate` as the role that owns the tables."
    return f"the database's role may not migrate: {refusal}. {remedy}"


async def _find_pooler(credentials: dict[str, Any], pooler: str) -> None:
    """Set `pooled` in the credentials. `pooler` is the setting: `auto`, `session` or `transaction`."""
    if pooler != "auto":
        credentials["pooled"] = pooler == "transaction"
    elif not credentials.get("pooled"):
        credentials["pooled"] = await is_pooled(credentials)


@contextlib.asynccontextmanager
async def _locked_file(credentials: dict[str, Any]) -> AsyncIterator[None]:
    if credentials["file_path"] == ":memory:":
        raise ValueError(
            "An in-memory database disappears when its connection is closed, so it cannot be migrated"
        )
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


async def connect(
    url: str,
    *,
    connections: int = CONNECTIONS,
    pooler: str = "auto",
    profile: str = POSTGRESQL,
    on_query: Callable[[Any], None] | None = None,
) -> None:
    """Connect the models for every task of this process until `close` is called. With SQLite, `profile` has
    no effect.

    PostgreSQL's driver calls `on_query` after each statement, with an asyncpg.connection.LoggedQuery. If
    `pooler` is `auto` and the URL announces no pooler, this function connects to find out whether there is
    one. If PostgreSQL cannot be reached then, it raises an error that `models.outage` classifies. In all
    other cases, the first statement connects.
    """
    settings = config(url, connections=connections)
    credentials = settings["connections"]["default"]["credentials"]
    if "file_path" not in credentials:
        await _find_pooler(credentials, pooler)
        credentials["portable"] = profile == PORTABLE
        credentials["on_query"] = on_query
    # Tortoise stores its connections in the context of this task, which tasks of requests do not inherit.
    # Such tasks use the global fallback.
    await Tortoise.init(config=settings, _enable_global_fallback=True)


async def close() -> None:
    await Tortoise.close_connections()


def is_there(url: str) -> bool:
    """Return False if the SQLite file is missing or empty. Connecting would create the file."""
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


async def in_time(work: Coroutine[Any, Any, T], seconds: float = SILENCE_SECONDS) -> T | None:
    """The result of a coroutine that uses the database. None if it fails or takes longer than `seconds`."""
    # The caller must not wait for the clean-up of a cancelled statement.
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        task.cancel()
    # Without this, asyncio would log the error.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    if task.done() and not task.cancelled() and task.exception() is None:
        return task.result()
    return None


async def is_migrated() -> bool:
    """Whether every migration of this code has been applied. Raises if the database is unavailable."""
    try:
        rows = await get_connection("default").execute_query_dict("SELECT name FROM tortoise_migrations")
    except Exception as error:
        if outage.reason(error) is not None:
            raise
        return False  # the table does not exist
    return _names() <= {row["name"] for row in rows}


def _names() -> set[str]:
    """The names of this code's migrations."""
    return {file.stem for file in (Path(__file__).parent / "migrations").glob("[0-9]*.py")}
