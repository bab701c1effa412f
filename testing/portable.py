"""Databases for the portable profile, on a PostgreSQL without `pg_notify` and advisory locks.

The name of such a database begins with PREFIX. So every process under test can derive the profile from the
URL. LISTEN itself cannot be removed, but a feed that listens also calls `pg_notify`, which fails.
"""

import asyncio
import os
import uuid
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]

from models.database import PORTABLE, POSTGRESQL
from testing import postgres

PREFIX = "portable_"
# One of this many transactions fails at its commit, as after a conflict (`make test-strict CONFLICTS=10`).
# The value 0 means that none fails.
CONFLICTS = int(os.environ.get("TEST_DATABASE_CONFLICTS") or 0)

_FUNCTIONS = """
SELECT oid::regprocedure::text AS function, proname AS name FROM pg_proc
WHERE proname = 'pg_notify' OR proname ~ '^pg_.*advisory'
"""


def profile(database_url: str) -> str:
    """The profile for the service on this database."""
    name = urlsplit(database_url).path.removeprefix("/")
    return PORTABLE if name.startswith(PREFIX) else POSTGRESQL


def create_database(server_url: str, template: str | None = None) -> str:
    """Create an empty database or a copy of the template.

    The database lacks the functions that `remove_functions` renames. `template` names a database on which
    `remove_functions` has run.
    """
    url = postgres.create_database(server_url, template, name=f"{PREFIX}{uuid.uuid4().hex}")
    if template is None:
        remove_functions(url)
    return url


def remove_functions(url: str) -> None:
    """Rename the functions that distributed databases may lack."""
    asyncio.run(_remove_functions(url))


def add_conflicts(url: str, every: int) -> None:
    """Make one of `every` transactions of the service fail at its commit, as after a conflict.

    If the service repeats the transaction, it gets another number, so it usually succeeds.
    """
    own = "current_setting('application_name') IN ('connectql', 'connectql reads')"
    conflict = "RAISE EXCEPTION 'a conflict for the tests' USING ERRCODE = '40001'"
    triggers = (
        "DO $do$ DECLARE one text; BEGIN "
        "FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP "
        "EXECUTE format('CREATE CONSTRAINT TRIGGER undo AFTER INSERT OR UPDATE OR DELETE ON %I "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION undo()', one); END LOOP; END $do$"
    )
    function = (
        "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {own} AND pg_current_xact_id()::text::bigint % {every} = 0 THEN {conflict}; END IF; "
        "RETURN NULL; END $$"
    )
    for statement in (function, triggers):
        asyncio.run(postgres.execute(url, statement))


def remove_conflicts(url: str) -> None:
    """Stop the conflicts that `add_conflicts` causes in this database."""
    body = "BEGIN RETURN NULL; END"
    statement = f"CREATE OR REPLACE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    asyncio.run(postgres.execute(url, statement))


async def _remove_functions(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for function, name in await connection.fetch(_FUNCTIONS):
            await connection.execute(f"ALTER FUNCTION {function} RENAME TO removed_{name}")
    finally:
        await connection.close()
