"""Two PostgreSQL servers with streaming replication. The standby takes over when the primary is lost."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]

from testing import postgres
from testing.postgres import Stoppable
from testing.waits import until

_STATE = "SELECT coalesce(max(sync_state), '') FROM pg_stat_replication WHERE state = 'streaming'"


@dataclass
class Pair:
    """A primary and its standby, on two ports that stay the same after a fail-over.

    If the pair is `synchronous`, the primary acknowledges a commit when the standby has stored it.
    """

    synchronous: bool
    primary: Stoppable
    standby: Stoppable
    _stack: contextlib.ExitStack
    _of: dict[int, contextlib.ExitStack] = field(default_factory=dict)

    def url(self, database: str) -> str:
        """The address of a database on the server that accepts writes."""
        hosts = ",".join(f"127.0.0.1:{_port(one)}" for one in (self.primary, self.standby))
        return f"postgresql://postgres@{hosts}/{database}?sslmode=disable&target_session_attrs=read-write"

    def disconnect(self) -> None:
        """Stop the replication. The primary of an asynchronous pair continues to acknowledge commits."""
        _ask(self.standby, "ALTER SYSTEM SET primary_conninfo = ''")
        _ask(self.standby, "SELECT pg_reload_conf()")
        until(lambda: not _ask(self.standby, "SELECT count(*) FROM pg_stat_wal_receiver"), 20)

    def fail_over(self) -> None:
        """Kill all processes of the primary, and let the standby accept writes."""
        self.primary.kill()
        _ask(self.standby, "SELECT pg_promote()")

    def replace(self) -> None:
        """Replace the lost server with a new standby of the promoted server."""
        port = _port(self.primary)
        self._of.pop(port).close()
        self.primary = self.standby
        self.standby = self._enter(port, standby_of=self.primary.url)
        self.replicate()

    def replicate(self) -> None:
        """Wait until the standby follows the primary, synchronously if the pair is synchronous."""
        if self.synchronous:
            _ask(self.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
            _ask(self.primary, "SELECT pg_reload_conf()")
        until(lambda: _ask(self.primary, _STATE) == ("sync" if self.synchronous else "async"), 30)

    def _enter(self, port: int | None = None, standby_of: str | None = None) -> Stoppable:
        own = self._stack.enter_context(contextlib.ExitStack())
        server = own.enter_context(postgres.stoppable(standby_of=standby_of, port=port))
        self._of[_port(server)] = own
        return server


@contextlib.contextmanager
def pair(*, synchronous: bool) -> Iterator[Pair]:
    """Yield a new running pair."""
    with contextlib.ExitStack() as stack:
        first, second = (stack.enter_context(contextlib.ExitStack()) for _ in range(2))
        primary = first.enter_context(postgres.stoppable())
        standby = second.enter_context(postgres.stoppable(standby_of=primary.url))
        one = Pair(synchronous, primary, standby, stack, {_port(primary): first, _port(standby): second})
        one.replicate()
        yield one


def _port(server: Stoppable) -> int:
    port = urlsplit(server.url).port
    assert port
    return port


def _ask(server: Stoppable, statement: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(server.url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(ask())
