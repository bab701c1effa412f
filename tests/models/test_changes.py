"""What was committed is told, once, to who listens; what was not is not; and a lost connection is noticed."""

import asyncio
import contextlib
import os
import signal
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.transactions import in_transaction

from models import changes, outage
from testing.service import eventually

A, B = uuid.UUID(int=1), uuid.UUID(int=2)


@dataclass
class Listener:
    heard: list[uuid.UUID] = field(default_factory=list)
    ready: int = 0
    task: "asyncio.Task[None] | None" = None

    def note(self) -> None:
        self.ready += 1


@contextlib.asynccontextmanager
async def listening(url: str) -> AsyncIterator[Listener]:
    found = Listener()
    found.task = asyncio.create_task(changes.listen(url, found.heard.append, found.note))
    await eventually(lambda: _is(found.ready == 1))
    try:
        yield found
    finally:
        found.task.cancel()
        await asyncio.wait({found.task})


async def _is(fact: bool) -> bool:
    return fact


async def test_a_change_is_told_when_it_is_committed_and_not_before(database: str) -> None:
    async with listening(database) as one, listening(database) as two:
        async with in_transaction():
            await changes.publish(A)
            await changes.publish(B)
            await changes.publish(A)
            await asyncio.sleep(0.05)
            assert one.heard == []
        await eventually(lambda: _is(set(one.heard) == set(two.heard) == {A, B}))
        await changes.publish(B)  # outside of a transaction it is one by itself
        await eventually(lambda: _is(one.heard[-1] == B and len(one.heard) >= 3))


async def test_what_is_rolled_back_is_never_told(database: str) -> None:
    async with listening(database) as one:
        with contextlib.suppress(ZeroDivisionError):
            async with in_transaction():
                await changes.publish(A)
                raise ZeroDivisionError
        async with in_transaction():
            await changes.publish(B)
        await eventually(lambda: _is(bool(one.heard)))
        assert one.heard == [B]


async def test_a_savepoint_tells_with_the_transaction_around_it(database: str) -> None:
    async with listening(database) as one:
        async with in_transaction():
            async with in_transaction():
                await changes.publish(A)
            await asyncio.sleep(0.05)
            assert one.heard == []
        await eventually(lambda: _is(one.heard == [A]))


async def test_who_has_stopped_listening_is_not_told(database: str) -> None:
    async with listening(database) as one:
        pass
    await changes.publish(A)
    await asyncio.sleep(0.05)
    assert one.heard == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_is_no_merchant_is_passed_over(database: str) -> None:
    async with listening(database) as one:
        connection = await asyncpg.connect(database)
        await connection.execute(f"NOTIFY {changes.CHANNEL}, 'no uuid'")
        await connection.close()
        await changes.publish(A)
        await eventually(lambda: _is(bool(one.heard)))
        assert one.heard == [A]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_is_cut_is_noticed_at_once(database: str) -> None:
    async with listening(database) as one:
        connection = await asyncpg.connect(database)
        killed = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'connectql feed'"
        )
        await connection.close()
        assert [row[0] for row in killed] == [True]
        assert one.task
        await asyncio.wait({one.task}, timeout=2)
        assert outage.reason(one.task.exception() or AssertionError()) == "connection lost"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_brings_nothing_is_noticed(database: str) -> None:
    """As from a network that swallows everything: the other end is there, and says no word."""
    connection = await asyncpg.connect(database)
    async with listening(database) as one:
        pid = await connection.fetchval(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'connectql feed'"
        )
        os.kill(pid, signal.SIGSTOP)
        try:
            assert one.task
            await asyncio.wait({one.task}, timeout=3 * changes.CHECK_SECONDS)
        finally:
            os.kill(pid, signal.SIGCONT)
        assert outage.reason(one.task.exception() or AssertionError()) == "time-out"
    await connection.close()
