"""A migration's operation with SQL that differs between the databases, such as triggers."""

from collections.abc import Mapping, Sequence
from typing import Any

from tortoise.migrations.operations import RunSQL
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class RunSQLOfDialect(RunSQL):
    """Run the statements of the database's dialect.

    With the portable profile, it runs nothing, because a database that only supports PostgreSQL's protocol
    may lack triggers.
    """

    def __init__(self, statements: Mapping[str, Sequence[str]]) -> None:
        super().__init__(RunSQL.noop)
        self.statements = statements

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        del app_label, old_state, new_state
        if state_editor is None:
            return
        client: Any = state_editor.client
        dialect = client.capabilities.dialect
        if dialect == "postgres" and client.is_portable:
            return
        # Tortoise's schema editor would split a trigger for SQLite at its semicolons.
        for statement in self.statements[dialect]:
            if state_editor.collect_sql:
                state_editor.collected_sql.append(statement)
            else:
                await client.execute_query(statement)
