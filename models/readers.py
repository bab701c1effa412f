"""Connections to PostgreSQL for single queries outside of transactions.

asyncpg's own pool is not used, because it wraps each connection that it hands out. Of the 45 µs of CPU time
for each query, the wrapping would take 18.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from models import outage
from models.engine import CLOSE_SECONDS, CLOSED, finish

# The isolation level of single queries, and of transactions with the profile `postgresql`. Transactions lock
# the rows that they read and then change, so they need no higher level. At the level `serializable`, which an
# administrator may have made the default, they would often conflict.
ISOLATION = "read_committed"
# While the server has no free connection, the attempts to connect are this far apart.
FULL_PAUSE_SECONDS = 0.1
# Each time the pool has sent this many queries, it closes a connection, because the memory that the server
# uses for a connection grows.
MAX_QUERIES = 50_000


class Readers:
    """At most `size` connections, opened on demand and kept for later queries."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Any]],
        size: int,
        wait_seconds: float,
        *,
        pooled: bool = False,
        spare_another: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`spare_another` closes an idle connection of another pool, if there is one."""
        self._connect = connect
        self._spare_another = spare_another
        self._fetch = _fetch_in_transaction if pooled else _fetch
        self._size = size
        self._free = asyncio.Semaphore(size)
        self._used = 0
        self._wait_seconds = wait_seconds
        self._idle: list[Any] = []
        self._is_closed = False
        self._queries = 0
        self._is_to_spare = False

    async def fetch(self, query: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a query.

        Raises Unavailable if no connection becomes free within `wait_seconds`, or after `close`.
        """
        await self._wait()
        self._used += 1
        try:
            connection = await self._take()
            try:
                with outage.marked():
                    rows: Sequence[Any] = await self._fetch(connection, query, values)
            except BaseException as error:
                await finish(self._give_back_after(connection, error))
                raise
            self._queries += 1
            if self._is_closed or self._is_to_spare or self._queries % MAX_QUERIES == 0:
                self._is_to_spare = False
                await finish(_close(connection))
            else:
                self._idle.append(connection)
            return rows
        finally:
            self._used -= 1
            self._free.release()

    def usage(self) -> tuple[int, int, int]:
        """The number of open connections, the number of those in use, and the limit."""
        return self._used + len(self._idle), self._used, self._size

    async def _wait(self) -> None:
        if self._free.locked():
            with outage.marked():
                async with asyncio.timeout(self._wait_seconds):
                    await self._free.acquire()
        else:
            await self._free.acquire()

    async def _take(self) -> Any:
        if self._is_closed:
            raise outage.Unavailable(CLOSED)
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await self._connect()
        except Exception as error:
            if not outage.is_full(error):
                raise
        return await self._take_when_full()

    async def spare(self) -> None:
        """Close an idle connection, or the next connection that becomes idle. The server then has a free
        connection.
        """
        if self._idle:
            await finish(_close(self._idle.pop()))
        else:
            self._is_to_spare = True

    async def _take_when_full(self) -> Any:
        """Wait for a connection of this pool, or until the server accepts another connection."""
        with outage.marked():
            async with asyncio.timeout(self._wait_seconds):
                while True:
                    if self._spare_another is not None:
                        await self._spare_another()
                    await asyncio.sleep(FULL_PAUSE_SECONDS)
                    if self._idle and not (connection := self._idle.pop()).is_closed():
                        return connection
                    with contextlib.suppress(asyncpg.TooManyConnectionsError):
                        return await self._connect()

    async def _give_back_after(self, connection: Any, error: BaseException) -> None:
        if outage.reason(error) is not None and not outage.is_conflict(error):
            connection.terminate()  # a clean-up could take as long as the outage
        elif isinstance(error, Exception) and not self._is_closed:
            self._idle.append(connection)
        else:  # the server may still run a cancelled query
            await _close(connection)

    async def close(self) -> None:
        """Close idle connections now, and used connections after their queries. Later queries are refused."""
        self._is_closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_close, idle))


async def _fetch(connection: Any, query: str, values: Sequence[Any]) -> Sequence[Any]:
    rows: Sequence[Any] = await connection.fetch(query, *values)
    return rows


async def _fetch_in_transaction(connection: Any, query: str, values: Sequence[Any]) -> Sequence[Any]:
    """Fetch through a pooler, which keeps the session until the transaction ends.

    asyncpg prepares and executes a statement in two messages. Without a transaction, the second message may
    reach another session, which has the prepared statement of another client.
    """
    async with connection.transaction(isolation=ISOLATION):
        rows: Sequence[Any] = await connection.fetch(query, *values)
    return rows


async def _close(connection: Any) -> None:
    """Cancel the running query and close the connection. This takes at most CLOSE_SECONDS."""
    try:
        await connection.close(timeout=CLOSE_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
