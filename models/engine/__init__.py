"""Tortoise's two database clients, made safe against cancelled tasks.

graphql-core cancels the siblings of a failed resolver, and the server cancels the request of a client that
has disconnected. With Tortoise's own clients, a task that is cancelled while it enters or leaves a
transaction keeps the lock (SQLite), the pooled connection (PostgreSQL) or an open transaction. In the end,
the service can handle no more requests.

Every wait for a connection (PostgreSQL) or the lock (SQLite) ends after `wait_seconds` with
`outage.Unavailable`. A closed client opens no more connections, because nothing would close them.

Tortoise's migrations derive the dialect from the name of the client's module, which must contain "sqlite" or
"asyncpg".
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from tortoise.connection import get_connections

from models import outage

Result = TypeVar("Result")

WAIT_SECONDS = 10.0
# When a client is closed, its running statements and transactions may take this long to end.
CLOSE_SECONDS = 1.0
# The reason in `outage.Unavailable` if a statement uses a client that was closed at shutdown.
CLOSED = "closed by this process"

# With this number of attempts, the pauses between them add up to at most two seconds.
ATTEMPTS = 10
PAUSE_SECONDS = 0.005
# A repetition waits at most this long for its turn.
TURN_SECONDS = 1.0


# In each event loop, repetitions take turns by this lock. `_is_repeating` is true in the task that holds it.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
_is_repeating: ContextVar[bool] = ContextVar("is_repeating", default=False)


async def acquire(lock: asyncio.Lock, wait_seconds: float) -> None:
    """Acquire the lock. Raises Unavailable after `wait_seconds`."""
    try:
        async with asyncio.timeout(wait_seconds):
            await lock.acquire()
    except TimeoutError as error:
        raise outage.Unavailable("locked") from error


async def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Await `work` to its end even if the caller is cancelled, then raise the cancellation.

    A cancellation therefore interrupts no statement that begins or ends a transaction or a savepoint.
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
    """Call `work`, and repeat it after a conflict with another transaction.

    The database has then rolled the work back. After ATTEMPTS attempts, the last conflict is raised.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return await (work if attempt == 1 else partial(_repeat, work))(*args, **kwargs)
        except Exception as error:
            if not outage.is_conflict(error):
                raise
        await asyncio.sleep(random.uniform(0.5, 1) * PAUSE_SECONDS * 2 ** min(attempt, 6))  # noqa: S311
    return await _repeat(work, *args, **kwargs)


async def _repeat(work: Callable[..., Awaitable[Result]], *args: Any, **kwargs: Any) -> Result:
    """Call `work` again. Repetitions of serializable transactions run one after the other, because many
    simultaneous repetitions would conflict with one another again and again.
    """
    client: Any = get_connections().get("default")
    if not getattr(client, "is_portable", False) or _is_repeating.get():
        return await work(*args, **kwargs)
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await turn.acquire()
    except TimeoutError:
        return await work(*args, **kwargs)  # the turn's holder may wait for a lock that this task holds
    token = _is_repeating.set(True)
    try:
        return await work(*args, **kwargs)
    finally:
        _is_repeating.reset(token)
        turn.release()


@contextlib.asynccontextmanager
async def transaction(client: Any) -> AsyncIterator[Any]:
    """A transaction of `client`. Until the block ends, `client` is the task's current client.

    `client.take` gets the connection or the lock. `client.end` commits or rolls back, and releases the
    connection or the lock.
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
