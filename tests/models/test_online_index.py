"""An index of a large table is built while other processes write. An interrupted build is repeated."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg  # type: ignore[import-untyped]
import pytest

from models import database as databases
from testing import pgbouncer
from testing.waits import eventually
from tests.models.test_migrations import HISTORY

MIGRATION = "0024_index_of_onboarding_stage"
INDEX = "idx_merchant_onboard_aae6be"
TABLE = "merchant"

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database that lacks the index and its migration."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"DROP INDEX {INDEX}; DELETE FROM {HISTORY} WHERE name = '{MIGRATION}'")
    yield connection
    await connection.close()


@pytest.fixture
async def transaction(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A session with an open transaction that holds the same lock on the table as a write."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"BEGIN; LOCK TABLE {TABLE} IN ROW EXCLUSIVE MODE")
    yield connection
    await connection.close()


async def is_valid(admin: asyncpg.Connection) -> bool | None:
    """Whether the index is valid, or None if it does not exist."""
    valid: bool | None = await admin.fetchval(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", INDEX
    )
    return valid


async def builders(admin: asyncpg.Connection) -> list[int]:
    """The process ids of the sessions that build an index."""
    return [row["pid"] for row in await admin.fetch("SELECT pid FROM pg_stat_progress_create_index")]


async def test_others_write_while_an_index_is_built_and_an_interrupted_build_is_repeated(
    database_url: str, admin: asyncpg.Connection, transaction: asyncpg.Connection
) -> None:
    interrupted = asyncio.create_task(databases.migrate(database_url))

    async def is_building() -> bool:
        return bool(await builders(admin))

    await eventually(is_building)
    async with asyncio.timeout(60):
        await admin.execute(f"UPDATE {TABLE} SET display_name = 'New'")
    await admin.fetchval("SELECT pg_terminate_backend($1)", (await builders(admin))[0])
    with pytest.raises(Exception, match="connection"):
        await interrupted
    assert await is_valid(admin) is False

    await transaction.execute("COMMIT")
    await databases.migrate(database_url)
    assert await is_valid(admin) is True


async def test_a_migration_waits_for_an_index_that_the_session_of_a_killed_process_still_builds(
    database_url: str, admin: asyncpg.Connection, transaction: asyncpg.Connection
) -> None:
    builder = await asyncpg.connect(database_url)
    create = f"CREATE INDEX CONCURRENTLY {INDEX} ON {TABLE} (onboarding_stage, onboarding_stage_since, id)"
    building = asyncio.create_task(builder.execute(create))

    async def is_building() -> bool:
        return len(await builders(admin)) == 1

    await eventually(is_building)
    migrating = asyncio.create_task(databases.migrate(database_url))
    await asyncio.sleep(0.5)
    assert await is_building()
    await transaction.execute("COMMIT")
    await building
    number = await admin.fetchval("SELECT to_regclass($1)::oid", INDEX)
    await migrating
    assert await admin.fetchval("SELECT to_regclass($1)::oid", INDEX) == number
    assert await is_valid(admin) is True
    await builder.close()


@pytest.mark.skipif(pgbouncer.find() is None, reason="There is no PgBouncer on this machine")
async def test_the_index_is_built_through_a_pooler_in_transaction_mode(
    database_url: str, admin: asyncpg.Connection
) -> None:
    with pgbouncer.running(database_url) as url:
        await databases.migrate(url)
    assert await is_valid(admin) is True


async def test_statements_of_others_do_not_wait_long_behind_a_migration_that_waits_for_a_lock(
    database_url: str, admin: asyncpg.Connection, transaction: asyncpg.Connection
) -> None:
    await transaction.execute("COMMIT")
    await admin.execute(
        "ALTER TABLE timeline_entry DROP COLUMN request_id;"
        f"DELETE FROM {HISTORY} WHERE name = '0021_request_ids_of_entries'"
    )
    await transaction.execute("BEGIN; SELECT count(*) FROM timeline_entry")
    migrating = asyncio.create_task(databases.migrate(database_url))

    async def is_waiting() -> bool:
        return bool(await admin.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    await eventually(is_waiting)
    async with asyncio.timeout(20):  # less than the time-out of a statement
        await admin.fetchval("SELECT count(*) FROM timeline_entry")
    assert not migrating.done()
    await transaction.execute("COMMIT")
    await migrating
    assert await admin.fetchval("SELECT count(request_id) FROM timeline_entry") == 0
