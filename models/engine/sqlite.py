"""SQLite: one connection for the process, and a lock that each transaction holds until it ends."""

# ruff: noqa: SLF001 - replaces parts of Tortoise's client, whose version is therefore pinned

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.exceptions import OperationalError, TransactionManagementError

from models import outage
from models.engine import CLOSE_SECONDS, CLOSED, WAIT_SECONDS, acquire, finish, transaction


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

    async def take(self) -> None:
        await acquire(self._parent._lock, self._parent.wait_seconds)

    async def begin(self) -> None:
        client = self._parent
        if not client._connection:
            await client.create_connection(with_db=True)
        self._connection = client._connection  # type: ignore[assignment] # connected on the line above
        # A plain BEGIN takes the write lock at the first write. If another process has written since the
        # transaction's first read, the first write fails without waiting for the busy time-out.
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def end(self, error: BaseException | None) -> None:
        try:
            if error is not None or self._finalized:  # a rollback has no effect after an explicit commit
                await self._roll_back(error)
            else:
                try:
                    await self.commit()
                except BaseException as failure:
                    await self._roll_back(failure)  # SQLite leaves the transaction open when COMMIT fails
                    raise
                for payload in self.payloads:
                    self._parent.tell(payload)
        finally:
            self.ended = True
            self._parent._lock.release()

    async def _roll_back(self, error: BaseException | None) -> None:
        try:
            if self._connection:
                await self._connection.rollback()  # does nothing when no transaction is open
            if error is not None and outage.is_sticky(error):
                await self._parent.reconnect()
        except Exception:  # noqa: BLE001 - the next one must not inherit an open transaction
            await self._parent.reconnect()  # this also rolls back

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        # All transactions share the connection. A task that outlives its transaction would write into the
        # next transaction.
        if self.ended:
            raise TransactionManagementError("This transaction has ended")
        return super().acquire_connection()


class Client(SqliteClient):
    def __init__(self, *args: Any, wait_seconds: float = WAIT_SECONDS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait_seconds = wait_seconds
        self._is_closed = False
        # SQLite has no notifications, so only listeners in this process are told. See `models.changes`.
        self.listeners: set[Callable[[str], None]] = set()

    def tell(self, payload: str) -> None:
        """Call the listeners with this payload."""
        for listener in tuple(self.listeners):
            listener(payload)

    @contextlib.asynccontextmanager
    async def acquire_connection(self) -> AsyncIterator[Any]:  # type: ignore[override]
        """The connection with the lock, for one statement outside of transactions."""
        await acquire(self._lock, self.wait_seconds)
        try:
            if not self._connection:
                await self.create_connection(with_db=True)
            yield self._connection
        except BaseException as error:
            if outage.is_sticky(error):
                await self.reconnect()
            raise
        finally:
            self._lock.release()

    async def create_connection(self, with_db: bool) -> None:
        """Connect and set the pragmas. If this fails, close the connection: foreign keys may still be off."""
        await finish(self._connect(with_db=with_db))

    async def _connect(self, *, with_db: bool) -> None:
        try:
            if not self._is_closed:
                await super().create_connection(with_db)
        except BaseException:
            await self._disconnect()
            raise
        if self._is_closed:  # the client may have been closed while it connected
            await self._disconnect()
            raise outage.Unavailable(CLOSED)

    async def reconnect(self) -> None:
        """Close the connection. The next statement opens another one."""
        await finish(self._disconnect())

    async def close(self) -> None:
        """Close the connection after the running statement or transaction, which has CLOSE_SECONDS to end.

        Later statements and transactions are refused.
        """
        self._is_closed = True
        async with contextlib.AsyncExitStack() as stack:
            with contextlib.suppress(outage.Unavailable):  # the connection is closed nevertheless
                await acquire(self._lock, CLOSE_SECONDS)
                stack.callback(self._lock.release)
            await finish(self._disconnect())

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            # The connection is not used again, even if closing it fails.
            with contextlib.suppress(sqlite3.Error, ValueError):
                await connection.close()

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # Tortoise's own method leaves its transaction open if it is cancelled.
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    def _in_transaction(self) -> Any:
        return transaction(InTransaction(self))


client_class = Client
