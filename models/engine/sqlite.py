"""SQLite: one connection for the process, and one lock that a transaction holds from BEGIN to its end."""

# ruff: noqa: SLF001 - replaces parts of Tortoise's client, whose version is pinned for that

import sqlite3
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError, TransactionManagementError

from models.engine import finish


class Statement(ConnectionWrapper[aiosqlite.Connection]):
    """Holds the lock for one statement outside of transactions."""

    async def __aenter__(self) -> aiosqlite.Connection:
        await self._lock.acquire()
        try:
            # Not the one seen when this object was made: that may have been closed while we waited.
            self.connection = self.client._connection
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


class InTransaction(SqliteTransactionWrapper):
    """The client that is current inside a transaction."""

    ended = False

    async def begin(self) -> None:
        # A plain BEGIN takes the write lock at the first write. If another process has written since our
        # first read, that fails at once, and no busy time-out helps.
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        # The connection is everybody's: a task that outlives its transaction would write into someone else's.
        if self.ended:
            raise TransactionManagementError("This transaction has ended")
        return super().acquire_connection()


class Transaction(SqliteTransactionContext):
    connection: InTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            client = self.connection._parent
            if not client._connection:
                await client.create_connection(with_db=True)
            self.connection._connection = client._connection
            await finish(self.connection.begin())
        except BaseException:
            await finish(self._end(failed=True))
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: object, exc_val: object, exc_tb: object) -> None:
        try:
            await finish(self._end(failed=exc_type is not None))
        finally:
            get_connections().reset(self.token)

    async def _end(self, *, failed: bool) -> None:
        try:
            if failed or self.connection._finalized:  # after a commit by hand this changes nothing
                await self._rollback()
            else:
                try:
                    await self.connection.commit()
                except BaseException:
                    await self._rollback()  # SQLite leaves the transaction open when COMMIT fails
                    raise
        finally:
            self.connection.ended = True
            self._trxlock.release()

    async def _rollback(self) -> None:
        connection = self.connection._connection
        if not connection:
            return
        try:
            await connection.rollback()  # does nothing when no transaction is open
        except Exception:  # noqa: BLE001 - whatever it was, the next one must not inherit an open transaction
            await self.connection._parent.close()  # undoes it as well; the next statement connects anew


class Client(SqliteClient):
    async def create_connection(self, with_db: bool) -> None:
        """Connect and set the pragmas; both or neither, as foreign keys are off without them."""
        await finish(self._connect(with_db=with_db))

    async def _connect(self, *, with_db: bool) -> None:
        try:
            await super().create_connection(with_db)
        except BaseException:
            await super().close()
            raise

    async def close(self) -> None:
        await finish(super().close())

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        return Statement(self._lock, self)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # The stock one begins by itself, and stays in the transaction when it is cancelled.
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    def _in_transaction(self) -> TransactionContext:
        return Transaction(InTransaction(self), self._lock)


client_class = Client
