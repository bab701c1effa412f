"""Fills PostgreSQL with millions of payments, by letting the server copy seeded payments. `testing.seed`
writes all merchants and the first payments. A copy has its own id, time, external id, payer and ids at
Stripe. Its other values are those of its original, so the shares of merchants, states, currencies and cards
stay the same. The document of a copy still contains the id of the original. Of a copy's objects at Stripe,
only the intent is stored in `payment_object`.
"""

import asyncio
import shutil
import sys
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from models import Payment
from testing import seed, seed_payments, shapes

# The number of payments that are seeded. Further payments are copies.
SEEDED = 100_000
# The disk space of one payment: its rows with their indexes, and its share of the temporary files for
# sorting.
BYTES = 5000
TIMEOUT = 7200.0

# Unlogged tables are written faster. A logged table may not refer to an unlogged one, so the tables that
# refer to others come first.
UNLOGGED = (
    "dispute_request",
    "dispute",
    "payment_object",
    "payment_entry",
    "refund_request",
    "fee_return",
    "payment",
)
# A UUIDv7 from the time and a hash.
ID = (
    "(lpad(to_hex(ms), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 3)"
    " || substr(hash, 7, 12))::uuid"
)
CHANGED = {
    "id": ID,
    "created_at": "to_timestamp(ms / 1000.0)",
    "external_id": "external_id || '-' || copy",
    "stripe_checkout_session_id": "stripe_checkout_session_id || '_' || copy",
    "stripe_payment_intent_id": "stripe_payment_intent_id || '_' || copy",
    "payer_email_hash": "encode(sha256((payer_email_hash || copy)::bytea), 'hex')",
}
# The names and definitions of a table's unique constraints and primary key. `payment` keeps its primary key.
CONSTRAINTS = (
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::text::regclass"
    " AND (contype = 'u' OR contype = 'p' AND $1::text <> 'payment')"
)
# The names and definitions of a table's indexes, without the index of the primary key.
INDEXES = (
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
    " WHERE indrelid = $1::text::regclass AND NOT indisprimary"
)


async def fill(url: str, payments: int, merchants: int, *, seeded: int = SEEDED) -> None:
    """Migrate an empty database, and fill it with merchants and payments.

    If `payments` is greater than `seeded`, it is rounded down to a multiple of `seeded`. Raises RuntimeError
    if this machine's disk has too little space.
    """
    if payments > seeded and shutil.disk_usage("/tmp").free < payments * BYTES:
        raise RuntimeError(f"{payments:,} payments need {payments * BYTES / 1e9:.0f} GB of disk space")
    await seed.seed(url, merchants, payments=min(payments, seeded))
    if payments // seeded > 1:
        connection = await asyncpg.connect(url, timeout=60, command_timeout=TIMEOUT)
        try:
            await _copy(connection, payments // seeded)
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()


async def _copy(connection: Any, count: int) -> None:
    """Copy all payments, so that there are `count` times as many."""
    for table in UNLOGGED:
        await connection.execute(f"ALTER TABLE {table} SET UNLOGGED")
    # A session whose replication role is `replica` does not check foreign keys.
    await connection.execute(
        "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB';"
        # VACUUM marks a row as visible only if the row's commit is on disk.
        "SET synchronous_commit = on;"
        "CREATE TEMPORARY TABLE source AS SELECT * FROM payment; ANALYZE source; SELECT setseed(0.5)"
    )
    # It is faster to build the indexes after the copies.
    indexes = [await _drop_indexes(connection, table) for table in ("payment", "payment_object")]
    columns = list(Payment._meta.fields_db_projection.values())
    values = ", ".join(CHANGED.get(name, name) for name in columns)
    age = seed_payments.AGE / (count - 1)
    for copy in range(1, count):
        # Each round of copies gets its own period of time, so that the rows are stored in the order of their
        # age.
        first = int((shapes.NOW - age * (count - copy)).timestamp() * 1000)
        length = age.total_seconds() * 1000
        await connection.execute(
            f"WITH new AS (INSERT INTO payment ({', '.join(columns)}) SELECT {values} FROM"
            f" (SELECT *, {first} + (random() * {length})::bigint AS ms, {copy} AS copy,"
            f" md5(id::text || {copy}) AS hash FROM source) AS one ORDER BY ms"
            " RETURNING id, stripe_payment_intent_id)"
            " INSERT INTO payment_object (stripe_object_id, kind, id, payment_id)"
            " SELECT stripe_payment_intent_id, 'payment_intent', gen_random_uuid(), id FROM new"
            " WHERE stripe_payment_intent_id IS NOT NULL"
        )
    for statement in (statement for one in indexes for statement in one):
        await connection.execute(statement)


async def _drop_indexes(connection: Any, table: str) -> list[str]:
    """Drop indexes and unique constraints. Returns the statements that create them again."""
    statements = []
    for name, definition in await connection.fetch(CONSTRAINTS, table):
        await connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        statements.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for name, definition in await connection.fetch(INDEXES, table):
        await connection.execute(f"DROP INDEX {name}")
        statements.append(definition)
    return statements


def main(database_url: str, payments: str, merchants: str) -> None:
    """Fill the database."""
    asyncio.run(fill(database_url, int(payments), int(merchants)))


if __name__ == "__main__":
    main(*sys.argv[1:])
