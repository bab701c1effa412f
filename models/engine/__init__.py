"""Tortoise's two database clients, made safe against cancelled tasks.

graphql-core cancels the siblings of a failed resolver, and the server cancels the request of a client that
has disconnected. With the stock clients, a task that is cancelled while it enters or leaves a transaction
keeps the lock (SQLite), the pooled connection (PostgreSQL) or an open transaction. In the end no request can
be served.

Every wait for a connection (PostgreSQL) or the lock (SQLite) ends after `wait_seconds` with
`outage.Unavailable`. A client that was closed opens no more connections, because nothing would close them.

Tortoise's migrations derive the dialect from the name of the client's module, which must contain "sqlite" or
"asyncpg".
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from tortoise.connection import get_connections

from models import outage

Result = TypeVar("Result")

WAIT_SECONDS = 10.0
# The seconds that running statements and transactions have to end when their client is closed.
CLOSE_SECONDS = 1.0
# The reason in `outage.Unavailable` if a statement uses a client that was closed at shutdown.
CLOSED = "closed by this process"

# The pauses between all attempts of a transaction take at most two seconds.
ATTEMPTS = 10
PAUSE_SECONDS = 0.005


async def acquire(lock: asyncio.Lock, wait_seconds: float) -> None:
    """Acquire the lock. Raises Unavailable after `wait_seconds`."""
    try:
        async with asyncio.timeout(wait_seconds):
            await lock.acquire()
    except TimeoutError as error:
        raise outage.Unavailable("locked") from error


async def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Await `work` to its end even if the caller is cancelled, then raise the cancellation.

    A cancellation therefore interrupts no BEGIN, COMMIT or ROLLBACK.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with contextlib.suppress(asyncio.CancelledError):  # the first cancellation is raised below
                await asyncio.wait({task})
        raise


async def repeated(work: Callable[..., Awaitable[Result]], *args: Any, **kwargs: Any) -> Result:
    """Call `work`, and repeat it after a conflict with another transaction, which the database has undone.

    Raises the last conflict after ATTEMPTS.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return await work(*args, **kwargs)
        except Exception as error:
            if not outage.is_conflict(error):
                raise
        await asyncio.sleep(random.uniform(0.5, 1) * PAUSE_SECONDS * 2 ** min(attempt, 6))  # noqa: S311
    return await work(*args, **kwargs)


@contextlib.asynccontextmanager
async def transaction(client: Any) -> AsyncIterator[Any]:
    """A transaction of `client`, which is the task's current client until the block ends.

    `client.take` gets the connection or the lock. `client.end` commits or rolls back, and releases it.
    """
    await client.take()
    error: BaseException | None = None
    try:
        await finish(client.begin())
        token = get_connections().set(client.connection_name, client)
        try:
            yield client
        finally:
            get_connections().reset(token)
    except BaseException as failure:
        error = failure
        raise
    finally:
        await finish(client.end(error))
