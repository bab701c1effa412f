"""The lock of PostgreSQL's migrations: a row with a lease, so that the lock also works through a pooler.

A session's lock would not end with the process, because the pooler passes the session on to other clients.
SQLite has no pooler, and the lock of its file ends with the process (see `models.database`).
"""

import asyncio
import contextlib
import uuid
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from models import outage
from models.engine import repeated
from models.lease import TOLERANCE

TABLE = "connectql_migration_lock"
# If a process is killed while it migrates, the next process waits at most this long.
LEASE = timedelta(seconds=20)
RENEW_SECONDS = 5.0
POLL_SECONDS = 0.1

_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} "
    "(id int PRIMARY KEY, owner uuid NOT NULL, leased_until timestamptz NOT NULL)"
)
# If a lease ends later than a new lease would end, the clock was set back after the lock was claimed. Such a
# lease is void.
_CLAIM = f"""
INSERT INTO {TABLE} AS lock VALUES (1, $1, statement_timestamp() + $2::interval)
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, leased_until = excluded.leased_until
WHERE lock.owner = excluded.owner OR NOT lock.leased_until
  BETWEEN statement_timestamp() AND statement_timestamp() + $3::interval
RETURNING id
"""  # noqa: S608 - our own text
_RELEASE = f"DELETE FROM {TABLE} WHERE owner = $1"  # noqa: S608 - our own text


async def hold(connection: asyncpg.Connection, work: Coroutine[Any, Any, None]) -> None:
    """Run `work` when no other process holds the lock. Raises Unavailable if the lease cannot be renewed."""
    owner = uuid.uuid4()
    try:
        await _create(connection)
        while not await _claim(connection, owner):  # noqa: ASYNC110 - the lock is in the database
            await asyncio.sleep(POLL_SECONDS)  # another process holds the lock
    except BaseException:
        work.close()
        raise
    working, renewing = asyncio.create_task(work), asyncio.create_task(_renew(connection, owner))
    try:
        await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise outage.Unavailable("the migration lock was lost") from renewing.exception()
        await working
    finally:
        for task in (working, renewing):
            task.cancel()
        await asyncio.wait({working, renewing})
        with contextlib.suppress(Exception):  # without the release, the lease expires
            await _execute(connection, _RELEASE, owner)


async def _create(connection: asyncpg.Connection) -> None:
    # Ask first, because CREATE TABLE needs the right to create tables even if the table exists.
    if await _execute(connection, "SELECT 1 WHERE to_regclass($1) IS NOT NULL", TABLE):
        return
    # Another process may create the table at the same time.
    with contextlib.suppress(asyncpg.UniqueViolationError, asyncpg.DuplicateTableError):
        await _execute(connection, _CREATE)


async def _claim(connection: asyncpg.Connection, owner: uuid.UUID) -> bool:
    return bool(await _execute(connection, _CLAIM, owner, LEASE, LEASE + TOLERANCE))


async def _renew(connection: asyncpg.Connection, owner: uuid.UUID) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        async with asyncio.timeout(RENEW_SECONDS):  # the work is cancelled before the lease ends
            if not await _claim(connection, owner):
                return


async def _execute(connection: asyncpg.Connection, text: str, *values: Any) -> list[Any]:
    return await repeated(_execute_once, connection, text, *values)


async def _execute_once(connection: asyncpg.Connection, text: str, *values: Any) -> list[Any]:
    with outage.marked():
        async with connection.transaction():  # a pooler keeps one session for the whole transaction
            rows: list[Any] = await connection.fetch(text, *values)
    return rows
