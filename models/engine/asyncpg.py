"""PostgreSQL: a pool whose connections serve transactions, and connections for single queries."""

# ruff: noqa: SLF001 - replaces parts of Tortoise's client, whose version is therefore pinned

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.base_postgres.client import translate_exceptions

from models import outage
from models.engine import CLOSE_SECONDS, CLOSED, WAIT_SECONDS, finish, repeated, transaction
from models.readers import FULL_PAUSE_SECONDS, ISOLATION, Readers

# The time-out for the clean-up of a released connection.
RELEASE_SECONDS = 5.0


_NAMES = (
    *("dsn", "host", "port", "user", "password", "passfile", "database", "timeout", "ssl"),
    *("target_session_attrs", "krbsrvname", "gsslib"),
)


def arguments(credentials: Mapping[str, Any], purpose: str | None = None) -> dict[str, Any]:
    """The arguments of asyncpg.connect. `purpose` is added to the `application_name` of the URL, which is
    `connectql` by default.
    """
    given = {name: credentials[name] for name in _NAMES if name in credentials}
    application = " ".join(filter(None, [credentials.get("application_name") or "connectql", purpose]))
    given["server_settings"] = {"application_name": application}
    if "options" in credentials:
        given["server_settings"]["options"] = credentials["options"]
    if credentials.get("pooled"):
        given["statement_cache_size"] = 0
    return given


async def connect_to_server(
    credentials: Mapping[str, Any], *, purpose: str | None = None, command_timeout: float | None = None
) -> asyncpg.Connection:
    """Connect outside of the pool. The connection's `application_name` ends with the purpose.

    Raises an error that `models.outage` classifies.
    """
    with outage.marked(), _named():
        connection = await asyncpg.connect(command_timeout=command_timeout, **arguments(credentials, purpose))
        if on_query := credentials.get("on_query"):
            connection.add_query_logger(on_query)
        if not credentials.get("pooled"):
            try:
                await set_isolation(ISOLATION, connection)
            except BaseException:
                connection.terminate()
                raise
        return connection


def isolation(credentials: Mapping[str, Any]) -> str:
    """The isolation level of transactions, whatever the database's default.

    The portable profile uses `serializable`, because `read committed` can mean another level in a distributed
    database (docs/scaling.md). Queries outside transactions keep the level ISOLATION, because a single query
    sees one snapshot at every level.
    """
    return "serializable" if credentials.get("portable") else ISOLATION


async def set_isolation(level: str, connection: asyncpg.Connection) -> None:
    """Set the isolation level of the session. Behind a pooler, each transaction sets its own level."""
    await connection.execute(f"SET default_transaction_isolation = '{level.replace('_', ' ')}'")


async def connect_when_free(credentials: Mapping[str, Any]) -> asyncpg.Connection:
    """Connect, and wait at most WAIT_SECONDS while the server has no free connection."""
    with outage.marked():
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                try:
                    return await connect_to_server(credentials, command_timeout=credentials["timeout"])
                except asyncpg.TooManyConnectionsError:
                    await asyncio.sleep(FULL_PAUSE_SECONDS)


async def is_pooled(credentials: Mapping[str, Any]) -> bool:
    """Whether a pooler is in front of the server, so that each transaction may get another session.

    At login, a pooler sends a process id that is not the server's. The session mode and the transaction mode
    of a pooler cannot be distinguished with certainty.
    """
    probe = {**credentials, "pooled": True}
    connection = await connect_when_free(probe)
    try:
        with outage.marked():
            async with connection.transaction():
                pid = await connection.fetchval("SELECT pg_backend_pid()")
        return bool(pid != connection.get_server_pid())
    finally:
        connection.terminate()


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Name the cause of errors that asyncpg raises before it connects."""
    try:
        yield
    except PermissionError as error:
        with contextlib.suppress(RuntimeError):  # the user has no home directory
            folder = Path.home() / ".postgresql"
            try:
                (folder / "postgresql.key").stat()
            except PermissionError:
                text = f"{folder} cannot be read; set HOME to a folder that this user may read"
                raise outage.Unavailable(text) from error
            except OSError:
                pass
        raise
    except asyncpg.ClientConfigurationError as error:
        raise outage.Unavailable(str(error).partition("\n")[0]) from error


def _is_outage(error: BaseException) -> bool:
    """Whether the connection may no longer answer after this error."""
    return outage.reason(error) is not None and not outage.is_conflict(error)


async def _skip_reset(_connection: Any) -> None:
    """Reset nothing when a connection is released."""


class InTransaction(TransactionWrapper):
    """The client that is current inside a transaction."""

    ended = False
    lock_timeout: str | None = None  # a savepoint keeps the time-out of its transaction
    _parent: "Client"

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(InTransaction(self))

    # Without `finish`, a cancelled task would make the server cancel one of these statements, and the
    # transaction around the savepoint would fail.
    async def savepoint(self) -> None:
        await finish(self.begin())

    async def release_savepoint(self) -> None:
        await finish(self.commit())

    async def savepoint_rollback(self) -> None:
        await finish(self.rollback())

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

    @property
    def is_portable(self) -> bool:
        return self._parent.is_portable

    @property
    def isolation(self) -> str:
        return self._parent.isolation

    async def take(self) -> None:
        self._connection = await self._parent.take()

    @translate_exceptions
    async def begin(self) -> None:
        self.transaction = self._connection.transaction(isolation=self.isolation)
        await self.transaction.start()
        if seconds := self._parent.lock_timeout:
            await self._connection.execute(f"SET LOCAL lock_timeout = '{seconds}'")

    async def end(self, error: BaseException | None) -> None:
        # During an outage, the server may never answer a ROLLBACK. It rolls back when the connection ends.
        is_outage = error is not None and _is_outage(error)
        try:
            if error is None and not self._finalized:
                await self.commit()
            elif not is_outage and not self._finalized:
                # The block's own error matters more than an error of ROLLBACK.
                with contextlib.suppress(Exception):
                    await self.rollback()
        finally:
            self.ended = True
            await self._parent.give_back(self._connection, terminate=is_outage)


class Client(AsyncpgDBClient):
    def __init__(self, *, wait_seconds: float = WAIT_SECONDS, readers: int = 5, **credentials: Any) -> None:
        # Tortoise accepts only one port, and uses it only in messages.
        super().__init__(**{**credentials, "host": None, "port": 5432})
        self.wait_seconds = wait_seconds
        self.is_pooled = bool(credentials.get("pooled"))
        # Whether the server may lack features of PostgreSQL, such as LISTEN.
        self.is_portable = bool(credentials.get("portable"))
        self.isolation = isolation(credentials)
        self.lock_timeout: str | None = None if self.is_portable else credentials.get("lock_timeout")
        self._is_closed = False
        self.credentials = credentials
        limit = credentials.get("command_timeout")
        connect = partial(connect_to_server, credentials, purpose="reads", command_timeout=limit)
        self._readers = Readers(
            connect, readers, wait_seconds, pooled=self.is_pooled, spare_another=self._spare_idle
        )

    async def read(self, query: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of a query outside of transactions."""
        self.log.debug("%s: %s", query, values)
        return await repeated(self._readers.fetch, query, values)

    def usage(self) -> dict[str, tuple[int, int, int]]:
        """The number of open connections of each pool, the number of those in use, and the limit."""
        pool, limit = self._pool, self.credentials.get("maxsize", 9)
        open_, idle = (pool.get_size(), pool.get_idle_size()) if pool else (0, 0)
        return {"transactions": (open_, open_ - idle, limit), "reads": self._readers.usage()}

    async def create_pool(self, **_tortoises: Any) -> asyncpg.Pool:
        # asyncpg's own reset takes one statement for each use of a connection, and would undo the SET of
        # `_prepare`. No other statement changes the session of these connections by SET, LISTEN or an
        # advisory lock.
        pool = await asyncpg.create_pool(
            reset=_skip_reset,
            init=self._prepare,
            min_size=self.credentials.get("minsize", 1),
            max_size=self.credentials.get("maxsize", 9),
            command_timeout=self.credentials.get("command_timeout"),
            **arguments(self.credentials),
        )
        if self._is_closed:
            pool.terminate()
            raise outage.Unavailable(CLOSED)
        return pool

    async def _prepare(self, connection: Any) -> None:
        """Prepare a new connection of the pool."""
        if on_query := self.credentials.get("on_query"):
            connection.add_query_logger(on_query)
        if not self.is_pooled:
            await set_isolation(self.isolation, connection)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        # Tortoise's own method leaves its transaction open if it is cancelled.
        await repeated(self._execute_many, query, values)

    async def _execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    async def take(self) -> Any:
        """Take a connection from the pool, which is created on first use.

        Raises Unavailable during an outage and after `close`.
        """
        with outage.marked(), _named():
            async with asyncio.timeout(self.wait_seconds):
                while True:
                    if self._is_closed:
                        raise outage.Unavailable(CLOSED)
                    try:
                        if not self._pool:
                            async with self._pool_init_lock:
                                if not self._pool:
                                    await self.create_connection(with_db=True)
                        return await self._pool.acquire()  # type: ignore[union-attr]
                    except asyncpg.TooManyConnectionsError:
                        await self._readers.spare()
                        await asyncio.sleep(FULL_PAUSE_SECONDS)

    async def spare(self) -> None:
        """Close a connection as soon as possible, because the server has no free connection for another
        purpose.
        """
        await self._spare_idle()
        await self._readers.spare()

    async def _spare_idle(self) -> None:
        pool = self._pool
        if pool and pool.get_idle_size():
            # If another task has taken the idle connection, the pool opens a connection, and the full
            # server refuses the connection.
            with contextlib.suppress(Exception):
                await self.give_back(await pool.acquire(), terminate=True)

    async def give_back(self, connection: Any, *, terminate: bool) -> None:
        """Release a connection to the pool, which replaces a terminated connection."""
        with contextlib.suppress(Exception):  # the statement or transaction has ended already
            if terminate:
                connection.terminate()  # a clean-up could take as long as the outage
            if pool := self._pool:
                await pool.release(connection, timeout=RELEASE_SECONDS)

    @contextlib.asynccontextmanager
    async def acquire_connection(self) -> AsyncIterator[Any]:  # type: ignore[override]
        """A connection for one statement outside of transactions."""
        connection, is_outage = await self.take(), False
        try:
            if self.is_pooled:
                # asyncpg prepares and executes a statement separately. Both must reach the same session.
                async with connection.transaction(isolation=self.isolation):
                    yield connection
            else:
                yield connection
        except BaseException as error:
            # At this point, an OSError of the driver, such as a time-out, is not translated to Unavailable
            # yet.
            is_outage = isinstance(error, OSError) or _is_outage(error)
            raise
        finally:
            await self.give_back(connection, terminate=is_outage)

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        return await repeated(self._translate, func, *args, **kwargs)

    async def _translate(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with outage.marked(holding=True):
            return await super()._translate_exceptions(func, *args, **kwargs)

    def _in_transaction(self) -> Any:
        return transaction(InTransaction(self))

    async def _close(self) -> None:
        """Close all connections. Running and later work cannot open new connections."""
        self._is_closed = True
        await self._readers.close()
        # `_pool` stays set, because running transactions release their connections to it
        if pool := self._pool:
            # An unreachable server must not delay the exit.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await pool.close()


client_class = Client
