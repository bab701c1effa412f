"""Transactions on one merchant. They wait for each other in this process before they take a connection."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Hashable
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models import outage


class _Queue:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0


_queues: dict[Hashable, _Queue] = {}


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
    async with _turn(key, connection.wait_seconds), in_transaction():
        yield


@contextlib.asynccontextmanager
async def _turn(key: Hashable, wait_seconds: float) -> AsyncIterator[None]:
    queue = _queues.setdefault(key, _Queue())
    queue.users += 1
    try:
        try:
            async with asyncio.timeout(wait_seconds):
                await queue.lock.acquire()
        except TimeoutError as error:
            raise outage.Unavailable("locked") from error
        try:
            yield
        finally:
            queue.lock.release()
    finally:
        queue.users -= 1
        if not queue.users:
            del _queues[key]
