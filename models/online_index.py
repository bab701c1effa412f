"""A migration's operation that builds an index while other processes write to the table.

PostgreSQL blocks all writes to a table while `CREATE INDEX` reads it. `CREATE INDEX CONCURRENTLY` blocks no
writes, but cannot run in a transaction, and leaves an invalid index if it is interrupted
(https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).
"""

import asyncio
import re
from typing import Any

from tortoise.migrations.operations import AddIndex
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

from models import outage
from models.engine import repeated

# An index of a table with a hundred million rows is built in less time.
BUILD_SECONDS = 24 * 3600.0
POLL_SECONDS = 0.2

_CREATE = re.compile(r'CREATE INDEX "(?P<name>\w+)" ON "(?P<table>\w+)"')
# The server continues the statement of a killed process, so another session may still be building the index.
_IS_BUILT = "SELECT 1 FROM pg_stat_progress_create_index WHERE relid = to_regclass($1)"
_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"


class AddIndexOnline(AddIndex):
    """Add an index to a table that has rows. The migration has no other operation, and `atomic = False`.

    It can be repeated after an interruption.
    """

    atomic = False

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor is None:
            return
        collector = type(state_editor)(state_editor.client, atomic=False, collect_sql=True)
        await super().database_forward(app_label, old_state, new_state, collector)
        (create,) = collector.collected_sql
        client: Any = state_editor.client
        # Distributed databases build every index online, and may lack the view pg_stat_progress_create_index.
        is_server = client.capabilities.dialect == "postgres"
        is_postgresql = is_server and not client.is_portable
        online = create.replace(
            "CREATE INDEX", "CREATE INDEX CONCURRENTLY" if is_postgresql else "CREATE INDEX IF NOT EXISTS", 1
        )
        if state_editor.collect_sql:
            state_editor.collected_sql.append(online)
        elif is_postgresql:
            if (match := _CREATE.match(create)) is None:
                raise ValueError(create)
            await repeated(_build, client, match["name"], match["table"], online)
        elif is_server:
            await _execute(client, online)
        else:
            await client.execute_script(online)


async def _build(client: Any, name: str, table: str, create: str) -> None:
    while await client.execute_query_dict(_IS_BUILT, [f'"{table}"']):  # noqa: ASYNC110 - another session builds it
        await asyncio.sleep(POLL_SECONDS)
    found = await client.execute_query_dict(_IS_VALID, [f'"{name}"'])
    if found and found[0]["indisvalid"]:
        return
    if found:
        await _execute(client, f'DROP INDEX CONCURRENTLY "{name}"')
    await _execute(client, create)


async def _execute(client: Any, statement: str) -> None:
    """Execute a statement outside of a transaction, also through a pooler, and without the usual time-out."""
    connection = await client.take()
    is_done = False
    try:
        with outage.marked(holding=True):
            await connection.execute(statement, timeout=BUILD_SECONDS)
        is_done = True
    finally:
        await client.give_back(connection, terminate=not is_done)
