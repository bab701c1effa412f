"""Committed changes reach every listener; changes rolled back reach none; a lost connection is detected."""

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
from models.changes import Change
from testing.service import eventually

A, B = (Change("merchant", uuid.UUID(int=number)) for number in (1, 2))


@dataclass
class Listener:
    heard: list[Change] = field(default_factory=list)
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


async def test_listeners_are_notified_when_a_change_is_committed_and_not_before(database: str) -> None:
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


async def test_a_change_that_is_rolled_back_notifies_nobody(database: str) -> None:
    async with listening(database) as one:
        with contextlib.suppress(ZeroDivisionError):
            async with in_transaction():
                await changes.publish(A)
                raise ZeroDivisionError
        async with in_transaction():
            await changes.publish(B)
        await eventually(lambda: _is(bool(one.heard)))
        assert one.heard == [B]


async def test_a_savepoint_notifies_when_the_outer_transaction_commits(database: str) -> None:
    async with listening(database) as one:
        async with in_transaction():
            async with in_transaction():
                await changes.publish(A)
            await asyncio.sleep(0.05)
            assert one.heard == []
        await eventually(lambda: _is(one.heard == [A]))


def test_a_payload_says_the_kind_the_id_and_the_owner() -> None:
    for change in (A, Change("payment", A.id, B.id), Change("event")):
        assert changes.parse(change.payload) == change
    assert A.payload == f"merchant:{A.id}"


async def test_a_listener_that_has_stopped_is_not_notified(database: str) -> None:
    async with listening(database) as one:
        pass
    await changes.publish(A)
    await asyncio.sleep(0.05)
    assert one.heard == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_payload_of_another_application_is_ignored(database: str) -> None:
    async with listening(database) as one:
        connection = await asyncpg.connect(database)
        for payload in ("no uuid", "merchant:no uuid", f"merchant:{B.id}:{B.id}:{B.id}", ""):
            await connection.execute("SELECT pg_notify($1, $2)", changes.CHANNEL, payload)
        await connection.close()
        await changes.publish(A)
        await eventually(lambda: _is(bool(one.heard)))
        assert one.heard == [A]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_closed_connection_is_detected_at_once(database: str) -> None:
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
async def test_a_silent_connection_is_detected(database: str) -> None:
    """As with a network that drops packets: the connection stays open and the server is silent."""
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
