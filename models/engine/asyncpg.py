"""PostgreSQL: a pool whose connections serve transactions, and connections for single queries."""

# ruff: noqa: SLF001 - replaces parts of Tortoise's client, whose version is therefore pinned

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    PoolConnectionWrapper,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from models import outage
from models.engine import WAIT_SECONDS, finish
from models.readers import CLOSE_SECONDS, Readers

# The time-out of a released connection's clean-up.
RELEASE_SECONDS = 5.0


async def connect_to_server(
    credentials: Mapping[str, Any], *, purpose: str | None = None, command_timeout: float | None = None
) -> asyncpg.Connection:
    """Connect outside of the pool. `connectql <purpose>` is the connection's `application_name`.

    Raises an error that `models.outage` classifies.
    """
    names = "host", "port", "user", "password", "database", "timeout", "ssl"
    arguments = {name: credentials[name] for name in names if name in credentials}
    application = " ".join(filter(None, [credentials.get("application_name") or "connectql", purpose]))
    arguments["server_settings"] = {"application_name": application}
    with outage.marked():
        return await asyncpg.connect(command_timeout=command_timeout, **arguments)


async def _acquire(client: "Client") -> Any:
    """Take a connection from the client's pool, which is created on first use. Raises Unavailable."""
    with outage.marked():
        async with asyncio.timeout(client.wait_seconds):
            if not client._pool:
                async with client._pool_init_lock:
                    if not client._pool:
                        await client.create_connection(with_db=True)
            return await client._pool.acquire()  # type: ignore[union-attr]


async def _skip_reset(_connection: Any) -> None:
    """Reset nothing when a connection is released."""


class PooledConnection(PoolConnectionWrapper[Any]):
    """Holds a connection for one statement outside of transactions."""

    client: "Client"
    connection: Any

    async def __aenter__(self) -> Any:
        self.connection = await _acquire(self.client)
        return self.connection

    async def __aexit__(self, exc_type: object, exc_val: BaseException | None, exc_tb: object) -> None:
        await _give_back(self.client, self.connection, exc_val)


async def _give_back(client: "Client", connection: Any, error: BaseException | None) -> None:
    """Release a connection to the pool. The pool replaces a terminated connection."""
    with contextlib.suppress(Exception):  # the statement has succeeded or failed already
        # An OSError of the driver, such as a time-out, is not an Unavailable yet.
        if error is not None and (isinstance(error, OSError) or outage.reason(error)):
            connection.terminate()  # a clean-up could take as long as the outage
        if pool := client._pool:
            await pool.release(connection, timeout=RELEASE_SECONDS)


class InTransaction(TransactionWrapper):
    """The client that is current inside a transaction."""

    ended = False

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(InTransaction(self))

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with outage.marked(holding=self._is_holding()):
            return await super()._translate_exceptions(func, *args, **kwargs)

    async def commit(self) -> None:
        with outage.marked(holding=self._is_holding()):
            await super().commit()

    async def rollback(self) -> None:
        with outage.marked(holding=self._is_holding()):
            await super().rollback()

    def _is_holding(self) -> bool:
        around = self._parent  # a savepoint's parent is its transaction
        return not self.ended and (not isinstance(around, InTransaction) or around._is_holding())


class Transaction(TransactionContextPooled):
    client: InTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        self.client._connection = await _acquire(self.client._parent)  # type: ignore[arg-type]
        try:
            await finish(self.client.begin())
        except BaseException as error:
            await finish(self._end(error))
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: object, exc_val: BaseException | None, exc_tb: object) -> None:
        try:
            await finish(self._end(exc_val))
        finally:
            get_connections().reset(self.token)

    async def _end(self, error: BaseException | None) -> None:
        try:
            if error is not None and outage.reason(error) is not None:
                # A ROLLBACK may never be answered. The server rolls back when the connection ends.
                with contextlib.suppress(Exception):
                    self.client._connection.terminate()
            elif self.client._finalized:
                return
            elif error is not None:
                # The block's own error matters more than an error of ROLLBACK.
                with contextlib.suppress(Exception):
                    await self.client.rollback()
            else:
                await self.client.commit()
        finally:
            self.client.ended = True
            if pool := self.client._parent._pool:
                # The transaction has ended. The pool replaces a connection that it cannot reset.
                with contextlib.suppress(Exception):
                    await pool.release(self.client._connection, timeout=RELEASE_SECONDS)


class Client(AsyncpgDBClient):
    def __init__(self, *, wait_seconds: float = WAIT_SECONDS, readers: int = 5, **credentials: Any) -> None:
        super().__init__(**credentials)
        self.wait_seconds = wait_seconds
        connect = partial(
            connect_to_server,
            credentials,
            purpose="reads",
            command_timeout=credentials.get("command_timeout"),
        )
        self._readers = Readers(connect, readers, wait_seconds)

    async def read(self, query: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a query outside of transactions."""
        self.log.debug("%s: %s", query, values)
        return await self._readers.fetch(query, values)

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        # The stock reset costs a statement for each use. It undoes SET, LISTEN and advisory locks, and no
        # statement on these connections uses them.
        return await asyncpg.create_pool(None, reset=_skip_reset, **kwargs)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # The stock method stays in its transaction when it is cancelled.
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    def acquire_connection(self) -> PoolConnectionWrapper[Any]:
        return PooledConnection(self, self._pool_init_lock)

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with outage.marked(holding=True):
            return await super()._translate_exceptions(func, *args, **kwargs)

    def _in_transaction(self) -> TransactionContext:
        return Transaction(InTransaction(self), self._pool_init_lock)

    async def _close(self) -> None:
        await self._readers.close()
        pool, self._pool = self._pool, None
        if pool:
            # An unreachable server must not delay the exit.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await pool.close()


client_class = Client
