"""Direct access to the service's tables."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg  # type: ignore[import-untyped]

Row = dict[str, Any]


def rows(url: str, statement: str) -> list[Row]:
    """The rows of one statement."""
    if url.startswith("sqlite:"):
        with closing(connection(url)) as db:
            return [dict(row) for row in db.execute(statement)]
    return asyncio.run(_ask(url, statement))


def script(url: str, statements: str) -> None:
    """Run several statements that return no rows."""
    if url.startswith("sqlite:"):
        with closing(connection(url)) as db:
            db.executescript(statements)
    else:
        asyncio.run(_execute(url, statements))


def connection(url: str) -> sqlite3.Connection:
    """A separate connection to the SQLite file. Only an explicit BEGIN starts a transaction."""
    path = unquote(urlsplit(url).path.removeprefix("/"))
    db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    return db


def moment(value: datetime | str) -> datetime:
    """Convert the value of a time column of SQLite or PostgreSQL to a datetime."""
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time if time.tzinfo else time.replace(tzinfo=UTC)


async def _ask(url: str, statement: str) -> list[Row]:
    # Do not use prepared statements, because clients of PgBouncer share sessions.
    db = await asyncpg.connect(url, statement_cache_size=0)
    try:
        return [dict(row) for row in await db.fetch(statement)]
    finally:
        await db.close()


async def _execute(url: str, statements: str) -> None:
    db = await asyncpg.connect(url)
    try:
        await db.execute(statements)
    finally:
        await db.close()
