"""SQLite: one connection for the process, and a lock that each transaction holds until it ends."""

# ruff: noqa: SLF001 - replaces parts of Tortoise's client, whose version is therefore pinned

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError, TransactionManagementError

from models import outage
from models.engine import WAIT_SECONDS, finish


async def _take(lock: asyncio.Lock, wait_seconds: float) -> None:
    """Take the process's lock. Raises Unavailable after `wait_seconds`."""
    try:
        async with asyncio.timeout(wait_seconds):
            await lock.acquire()
    except TimeoutError as error:
        raise outage.Unavailable("locked") from error


class LockedConnection(ConnectionWrapper[aiosqlite.Connection]):
    """Holds the lock for one statement outside of transactions."""

    client: "Client"

    async def __aenter__(self) -> aiosqlite.Connection:
        await _take(self._lock, self.client.wait_seconds)
        try:
            # The connection may have been replaced during the wait.
            self.connection = self.client._connection  # type: ignore[assignment] # ensured on the next line
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection

    async def __aexit__(self, exc_type: object, exc_val: BaseException | None, exc_tb: object) -> None:
        try:
            if exc_val is not None and outage.is_sticky(exc_val):
                await self.client.close()  # the next statement reconnects
        finally:
            self._lock.release()


class InTransaction(SqliteTransactionWrapper):
    """The client that is current inside a transaction."""

    ended = False
    _parent: "Client"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payloads: list[str] = []

    def tell(self, payload: str) -> None:
        """Call the listeners with this payload after the commit."""
        parent = self._parent
        if isinstance(parent, InTransaction):  # this is a savepoint
            parent.tell(payload)
        else:
            self.payloads.append(payload)

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(InTransaction(self))

    async def begin(self) -> None:
        # A plain BEGIN takes the write lock at the first write. If another process has written since the
        # transaction's first read, that write fails at once, without the busy time-out.
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        # All transactions share the connection. A task that outlives its transaction would write into the
        # next transaction.
        if self.ended:
            raise TransactionManagementError("This transaction has ended")
        return super().acquire_connection()


class Transaction(SqliteTransactionContext):
    connection: InTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        await _take(self._trxlock, self.connection._parent.wait_seconds)
        try:
            client = self.connection._parent
            if not client._connection:
                await client.create_connection(with_db=True)
            self.connection._connection = client._connection  # type: ignore[assignment]
            await finish(self.connection.begin())
        except BaseException as error:
            await finish(self._end(error))
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: object, exc_val: BaseException | None, exc_tb: object) -> None:
        try:
            await finish(self._end(exc_val))
        finally:
            get_connections().reset(self.token)

    async def _end(self, error: BaseException | None) -> None:
        try:
            if error is not None or self.connection._finalized:  # no effect after an explicit commit
                await self._rollback(error)
            else:
                try:
                    await self.connection.commit()
                except BaseException as failure:
                    await self._rollback(failure)  # SQLite leaves the transaction open when COMMIT fails
                    raise
                for payload in self.connection.payloads:
                    self.connection._parent.tell(payload)
        finally:
            self.connection.ended = True
            self._trxlock.release()

    async def _rollback(self, error: BaseException | None) -> None:
        connection = self.connection._connection
        if not connection:
            return
        try:
            await connection.rollback()  # does nothing when no transaction is open
            if error is not None and outage.is_sticky(error):
                await self.connection._parent.close()
        except Exception:  # noqa: BLE001 - the next transaction must not inherit an open one
            await self.connection._parent.close()  # this also rolls back, and the next statement reconnects


class Client(SqliteClient):
    def __init__(self, *args: Any, wait_seconds: float = WAIT_SECONDS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait_seconds = wait_seconds
        # SQLite has no notifications, so listeners are in this process. See `models.changes`.
        self.listeners: set[Callable[[str], None]] = set()

    def tell(self, payload: str) -> None:
        """Call the listeners with this payload."""
        for listener in tuple(self.listeners):
            listener(payload)

    async def create_connection(self, with_db: bool) -> None:
        """Connect and set the pragmas, or close the connection. Without the pragmas foreign keys are off."""
        await finish(self._connect(with_db=with_db))

    async def _connect(self, *, with_db: bool) -> None:
        try:
            await super().create_connection(with_db)
        except BaseException:
            await self._disconnect()
            raise

    async def close(self) -> None:
        await finish(self._disconnect())

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            # The connection is not used again, even if closing it fails.
            with contextlib.suppress(sqlite3.Error, ValueError):
                await connection.close()

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        return LockedConnection(self._lock, self)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # The stock method stays in its transaction when it is cancelled.
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    def _in_transaction(self) -> TransactionContext:
        return Transaction(InTransaction(self), self._lock)


client_class = Client
