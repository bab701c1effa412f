"""Transactions with the same key wait for each other in this process before they take a connection."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import Any, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models import outage
from models.engine import acquire, repeated

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# The maximum number of transactions that wait for the same key. Further transactions are refused immediately.
MAX_WAITING = 100


class _Queue:
    """The lock of the transactions with one key, and the number of transactions that wait for it."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


# The queue of each key. A queue disappears when no transaction runs or waits in it.
_queues: WeakValueDictionary[Hashable, _Queue] = WeakValueDictionary()


def repeatable(function: Callable[Arguments, Awaitable[Result]]) -> Callable[Arguments, Awaitable[Result]]:
    """Repeat a function after a conflict with another transaction. The function must change nothing but the
    database.

    Inside a transaction, only the outermost function is repeated, because the database has rolled back the
    whole transaction.
    """

    @functools.wraps(function)
    async def wrapper(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        if isinstance(get_connection("default"), TransactionalDBClient):
            return await function(*args, **kwargs)
        return await repeated(function, *args, **kwargs)

    return wrapper


@contextlib.asynccontextmanager
async def transaction_on(key: Hashable) -> AsyncIterator[None]:
    """Run a transaction after all earlier ones of this process with the same key.

    The key is usually the id of the merchant or payment whose rows are locked. If another replica or an
    administrator holds the locks, only one connection of the pool waits for them. Inside a transaction, this
    is a savepoint. Raises Unavailable after a wait of `wait_seconds`, or immediately if MAX_WAITING
    transactions wait already.
    """
    async with alone_on(key), in_transaction():
        yield


@contextlib.asynccontextmanager
async def alone_on(key: Hashable) -> AsyncIterator[None]:
    """Run the block in the same queue as the transactions with this key, but without a transaction.

    Raises Unavailable like `transaction_on`.
    """
    connection: Any = get_connection("default")
    if isinstance(connection, TransactionalDBClient):
        yield
        return
    # Like a client, a lock belongs to one event loop.
    queue = _queues.setdefault((connection, key), _Queue())
    if queue.waiting >= MAX_WAITING:
        raise outage.Unavailable("too many writes wait for one key")
    queue.waiting += 1
    try:
        await acquire(queue.lock, connection.wait_seconds)
    finally:
        queue.waiting -= 1
    try:
        yield
    finally:
        queue.lock.release()
