"""The pool of connections for single queries."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.transactions import in_transaction

from connect.platform.feed import Feed
from models import database, outage
from models.database import config
from models.engine.asyncpg import connect_to_server
from models.readers import Readers
from models.sql import Select
from testing import postgres

PROBE = "SELECT pg_backend_pid()"


@pytest.fixture
def server(postgres_url: str) -> dict[str, Any]:
    credentials: dict[str, Any] = config(postgres_url)["connections"]["default"]["credentials"]
    return credentials


def readers(
    server: dict[str, Any], size: int, *, wait_seconds: float = 30, query_seconds: float = 30
) -> Readers:
    return Readers(lambda: connect_to_server(server, command_timeout=query_seconds), size, wait_seconds)


async def pid(pool: Readers) -> int:
    ((number,),) = await pool.fetch(PROBE, [])
    return int(number)


async def test_a_connection_is_used_again(server: dict[str, Any]) -> None:
    pool = readers(server, 3)
    assert len({await pid(pool) for _ in range(20)}) == 1
    assert 1 < len(set(await asyncio.gather(*(pid(pool) for _ in range(20))))) <= 3
    await pool.close()


async def test_a_failed_query_keeps_its_connection(server: dict[str, Any]) -> None:
    pool = readers(server, 1)
    before = await pid(pool)
    with pytest.raises(asyncpg.UndefinedTableError):
        await pool.fetch("SELECT 1 FROM nothing", [])
    with pytest.raises(asyncpg.DataError):
        await pool.fetch("SELECT $1::int", ["x"])
    assert await pid(pool) == before
    await pool.close()


async def test_a_connection_whose_query_outlasts_the_pool_is_closed(server: dict[str, Any]) -> None:
    opened: list[Any] = []

    async def connect() -> Any:
        opened.append(await connect_to_server(server, command_timeout=30))
        return opened[-1]

    pool = Readers(connect, 1, wait_seconds=30)
    slow = asyncio.create_task(pool.fetch("SELECT pg_sleep(0.3)", []))
    await eventually_opened(opened)
    await pool.close()
    await slow
    assert [connection.is_closed() for connection in opened] == [True]


async def eventually_opened(opened: list[Any]) -> None:
    async with asyncio.timeout(60):
        while not opened:  # noqa: ASYNC110 - the pool sends no signal
            await asyncio.sleep(0.01)


async def test_waiting_for_a_connection_is_bounded(server: dict[str, Any]) -> None:
    pool = readers(server, 1, wait_seconds=0.3)
    slow = asyncio.create_task(pool.fetch("SELECT pg_sleep(0.8)", []))
    await asyncio.sleep(0.1)
    with pytest.raises(outage.Unavailable, match="time-out"):
        await pid(pool)
    await slow
    assert await pid(pool)
    await pool.close()


async def test_a_query_that_takes_too_long_ends_its_connection(server: dict[str, Any]) -> None:
    pool = readers(server, 1, query_seconds=1)
    before = await pid(pool)
    with pytest.raises(outage.Unavailable, match="time-out"):
        await pool.fetch("SELECT pg_sleep(60)", [])
    assert await pid(pool) != before
    await pool.close()


async def test_a_cancelled_query_is_cancelled_on_the_server(server: dict[str, Any]) -> None:
    pool = readers(server, 2)
    reading = asyncio.create_task(pool.fetch("SELECT pg_sleep(600), 'cancelled'", []))
    await asyncio.sleep(0.2)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    async with asyncio.timeout(60):
        while True:
            running = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%''cancelled''%'"
            if not await pool.fetch(f"{running} AND pid <> pg_backend_pid()", []):
                break
            await asyncio.sleep(0.05)
    await pool.close()


async def test_a_cancelled_wait_keeps_no_connection(server: dict[str, Any]) -> None:
    pool = readers(server, 1)
    slow = asyncio.create_task(pool.fetch("SELECT pg_sleep(0.2)", []))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(pid(pool)) for _ in range(5)]
    await asyncio.sleep(0.02)
    for task in waiting:
        task.cancel()
    await slow
    assert await pid(pool)
    await pool.close()


@pytest.fixture
def few(postgres_url: str) -> Iterator[str]:
    """The URL of a database whose role may open at most three connections."""
    url, role = postgres.create_database(postgres_url), f"few_{uuid.uuid4().hex}"
    parts = urlsplit(url)
    asyncio.run(postgres.execute(url, f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 3"))
    yield parts._replace(netloc=f"{role}@{parts.hostname}:{parts.port}").geturl()
    postgres.drop_database(postgres_url, url)
    asyncio.run(postgres.execute(postgres_url, f"DROP ROLE {role}"))


async def read() -> Any:
    return await Select().rows(["pg_sleep(0.05)::text"], "pg_database", ["true"], ["datname"], 1)


async def write() -> Any:
    async with in_transaction() as connection:
        return await connection.execute_query("SELECT pg_sleep(0.05)")


async def test_queries_and_transactions_share_the_few_connections_of_a_server(few: str) -> None:
    await database.connect(few)
    try:
        # Each kind of work finds the idle connections of the other kind.
        for work in (read, write, read, write):
            await asyncio.gather(*(work() for _ in range(8)))
        await asyncio.gather(*(work() for _ in range(20) for work in (read, write)))
    finally:
        await database.close()


async def test_the_feed_gets_one_of_the_few_connections_of_a_server(few: str) -> None:
    await database.connect(few)
    feed = Feed()
    try:
        await asyncio.gather(*(work() for _ in range(8) for work in (read, write)))
        listening = asyncio.create_task(feed.listen(few))
        await asyncio.wait_for(feed.listening.wait(), 60)
        listening.cancel()
        await asyncio.wait({listening})
    finally:
        await database.close()


async def test_no_more_connections_are_opened_than_the_setting_allows(postgres_url: str) -> None:
    url = await asyncio.to_thread(postgres.create_database, postgres_url)
    await database.connect(url, connections=4)
    try:
        await asyncio.gather(*(work() for _ in range(30) for work in (read, write)))
        opened = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        server = await asyncpg.connect(url)
        assert await server.fetchval(opened) == 5  # the pool's four connections, and this one
        await server.close()
    finally:
        await database.close()
        await asyncio.to_thread(postgres.drop_database, postgres_url, url)
