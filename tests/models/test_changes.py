"""Every listener gets committed changes and no others, and detects a lost connection."""

import asyncio
import contextlib
import os
import signal
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.transactions import in_transaction

from models import changes, outage
from models.changes import Change
from testing.service import eventually

pytestmark = pytest.mark.unrepeated

A, B = (Change("merchant", uuid.UUID(int=number)) for number in (1, 2))


@dataclass
class Listener:
    changes: list[Change] = field(default_factory=list)
    ready: int = 0
    task: "asyncio.Task[None] | None" = None

    def note(self) -> None:
        self.ready += 1


@contextlib.asynccontextmanager
async def listening(url: str) -> AsyncIterator[Listener]:
    listener = Listener()
    listener.task = asyncio.create_task(changes.listen(url, listener.changes.append, listener.note))
    await eventually(lambda: _is(listener.ready == 1))
    try:
        yield listener
    finally:
        listener.task.cancel()
        await asyncio.wait({listener.task})


async def _is(fact: bool) -> bool:
    return fact


@pytest.mark.portable
async def test_listeners_are_notified_when_a_change_is_committed_and_not_before(database: str) -> None:
    async with listening(database) as one, listening(database) as two:
        async with in_transaction():
            await changes.publish(A)
            await changes.publish(B)
            await changes.publish(A)
            await asyncio.sleep(0.05)
            assert one.changes == []
        await eventually(lambda: _is(set(one.changes) == set(two.changes) == {A, B}))
        await changes.publish(B)  # a transaction of its own
        await eventually(lambda: _is(one.changes[-1] == B and len(one.changes) >= 3))


@pytest.mark.portable
async def test_a_rolled_back_change_notifies_no_listener(database: str) -> None:
    async with listening(database) as one:
        with contextlib.suppress(ZeroDivisionError):
            async with in_transaction():
                await changes.publish(A)
                raise ZeroDivisionError
        async with in_transaction():
            await changes.publish(B)
        await eventually(lambda: _is(bool(one.changes)))
        assert one.changes == [B]


@pytest.mark.portable
async def test_a_savepoint_notifies_when_the_outer_transaction_commits(database: str) -> None:
    async with listening(database) as one:
        async with in_transaction():
            async with in_transaction():
                await changes.publish(A)
            await asyncio.sleep(0.05)
            assert one.changes == []
        await eventually(lambda: _is(one.changes == [A]))


def test_a_payload_contains_the_kind_the_id_and_the_owner() -> None:
    for change in (A, Change("payment", A.id, B.id), Change("event")):
        assert changes.parse(change.payload) == change
    assert A.payload == f"merchant:{A.id}"


async def test_a_listener_that_has_stopped_is_not_notified(database: str) -> None:
    async with listening(database) as one:
        pass
    await changes.publish(A)
    await asyncio.sleep(0.05)
    assert one.changes == []


@pytest.mark.listens
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_payload_of_another_application_is_ignored(database: str) -> None:
    async with listening(database) as one:
        connection = await asyncpg.connect(database)
        for payload in ("no uuid", "merchant:no uuid", f"merchant:{B.id}:{B.id}:{B.id}", ""):
            await connection.execute("SELECT pg_notify($1, $2)", changes.CHANNEL, payload)
        await connection.close()
        await changes.publish(A)
        await eventually(lambda: _is(bool(one.changes)))
        assert one.changes == [A]


@pytest.mark.listens
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_closed_connection_is_detected_at_once(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "CHECK_SECONDS", 60)  # the next check would come too late
    async with listening(database) as one:
        connection = await asyncpg.connect(database)
        ended = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'connectql feed'"
        )
        await connection.close()
        assert [row[0] for row in ended] == [True]
        assert one.task
        await asyncio.wait({one.task}, timeout=60)
        assert outage.reason(one.task.exception() or AssertionError()) == "connection lost"


@pytest.mark.listens
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_listener_that_is_cancelled_while_its_connection_is_lost_ends_as_cancelled(
    database: str,
) -> None:
    connection = await asyncpg.connect(database)
    loop = asyncio.get_running_loop()
    async with listening(database) as one:
        task: Any = one.task

        def cancel_between_the_loss_and_the_next_step() -> None:
            if task.done():
                return
            if task._fut_waiter.done():
                task.cancel()
            else:
                loop.call_soon(cancel_between_the_loss_and_the_next_step)

        loop.call_soon(cancel_between_the_loss_and_the_next_step)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'connectql feed'"
        )
        await asyncio.wait({task}, timeout=60)
        assert task.cancelled()
    await connection.close()


@pytest.mark.listens
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_silent_connection_is_detected(database: str) -> None:
    """Stop the server's process. The connection stays open without answers, as in a network failure."""
    connection = await asyncpg.connect(database)
    async with listening(database) as one:
        pid = await connection.fetchval(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'connectql feed'"
        )
        os.kill(pid, signal.SIGSTOP)
        try:
            assert one.task
            await asyncio.wait({one.task}, timeout=60)
        finally:
            os.kill(pid, signal.SIGCONT)
        assert outage.reason(one.task.exception() or AssertionError()) == "time-out"
    await connection.close()
