"""PostgreSQL: a pool; a transaction holds one of its connections from BEGIN to its end."""

# ruff: noqa: SLF001 - replaces parts of Tortoise's client, whose version is pinned for that

import contextlib
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections

from models.engine import finish


class Transaction(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self.client._connection = await self.client._parent._pool.acquire()
        try:
            await finish(self.client.begin())
        except BaseException:
            await finish(self._end(failed=True))
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: object, exc_val: object, exc_tb: object) -> None:
        try:
            await finish(self._end(failed=exc_type is not None))
        finally:
            get_connections().reset(self.token)

    async def _end(self, *, failed: bool) -> None:
        try:
            if self.client._finalized:
                return
            if failed:
                # The block's own error is the news. Where the connection is lost, the server has rolled back.
                with contextlib.suppress(Exception):
                    await self.client.rollback()
            else:
                await self.client.commit()
        finally:
            if pool := self.client._parent._pool:
                # The pool replaces a connection that it cannot reset; what was committed stays committed.
                with contextlib.suppress(Exception):
                    await pool.release(self.client._connection)


class Client(AsyncpgDBClient):
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # The stock one begins by itself, and stays in the transaction when it is cancelled.
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    def _in_transaction(self) -> TransactionContext:
        return Transaction(TransactionWrapper(self), self._pool_init_lock)


client_class = Client
