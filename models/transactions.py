"""Transactions on one merchant. They wait for each other in this process before they take a connection."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Hashable
from typing import Any
from weakref import WeakValueDictionary

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.engine import acquire

# The locks of running and waiting transactions, which hold the only references.
_locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()


@contextlib.asynccontextmanager
async def transaction_on(key: Hashable) -> AsyncIterator[None]:
    """Run a transaction after all earlier ones of this process with the same key.

    The key is the id of the merchant whose rows are locked. If another replica or an administrator holds the
    locks, only one connection of the pool waits for them. Inside a transaction this is a savepoint. Raises
    Unavailable after a wait of `wait_seconds`.
    """
    connection: Any = get_connection("default")
    if isinstance(connection, TransactionalDBClient):
        async with in_transaction():
            yield
        return
    # Like a client, a lock belongs to one event loop.
    lock = _locks.setdefault((connection, key), asyncio.Lock())
    await acquire(lock, connection.wait_seconds)
    try:
        async with in_transaction():
            yield
    finally:
        lock.release()
