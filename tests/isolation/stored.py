"""The rows of all tables, and the rows that an operation changes."""

from dataclasses import dataclass
from typing import Any, Self

from tortoise import connections

from testing import state
from testing.statements import Statements
from tests.isolation.merchants import Party, belongs

Rows = set[tuple[Any, ...]]


@dataclass
class Stored:
    """The rows of each table.

    `changes` reads only the tables that may have changed, because reading all tables would take most of a
    test's time.
    """

    tables: dict[str, Rows]

    @classmethod
    async def read(cls) -> Self:
        return cls({name: await _rows(name) for name in await state.table_names()})

    async def changes(self, statements: Statements) -> list[str]:
        """Read the tables that the statements may have changed, and return the old and new rows as text."""
        writes = [text for text in statements.texts if not text.startswith("SELECT")]
        changed: Rows = set()
        for name in [name for name in self.tables if any(name in text for text in writes)]:
            before, self.tables[name] = self.tables[name], await _rows(name)
            changed |= before ^ self.tables[name]
        return [str(row) for row in changed]

    def of(self, party: Party) -> list[str]:
        """Return the rows of a merchant."""
        rows = [str(row) for table in self.tables.values() for row in table]
        return [row for row in rows if belongs(row, party.keys)]


async def _rows(table: str) -> Rows:
    _, rows = await connections.get("default").execute_query(f'SELECT * FROM "{table}"')
    return {tuple(row) for row in rows}
