"""Locks that another connection holds."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg  # type: ignore[import-untyped]

from testing import tables
from testing.waits import PATIENCE


def locked(url: str, table: str) -> contextlib.AbstractAsyncContextManager[Callable[[], Awaitable[None]]]:
    """Lock a table, or SQLite's file, from another connection.

    Yields a function that waits until the lock blocks a statement.
    """
    return uncommitted(url, "" if url.startswith("sqlite") else f'LOCK TABLE "{table}"')


@contextlib.asynccontextmanager
async def uncommitted(url: str, statement: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Execute a statement on another connection, and commit it at the end of the `with` block.

    Yields a function that waits until the statement blocks another one.
    """
    if url.startswith("sqlite"):
        with contextlib.closing(tables.connection(url)) as file:
            file.execute("BEGIN IMMEDIATE")
            file.execute(statement)

            async def pause() -> None:
                # SQLite does not show waiting statements, so wait long enough for the statement to be
                # blocked.
                await asyncio.sleep(0.2)

            yield pause
            file.execute("COMMIT")
        return
    other = await asyncpg.connect(url)
    try:
        async with other.transaction():
            await other.execute(statement)

            async def wait() -> None:
                async with asyncio.timeout(10 * PATIENCE):
                    ungranted = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                    while not await other.fetchval(ungranted):  # noqa: ASYNC110 - the server sends no signal
                        await asyncio.sleep(0.01)

            yield wait
    finally:
        await other.close()
