"""Reading rows by SQL of our own, where building it through the models would cost more than the answer."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from models.engine import asyncpg


class Statement:
    """A statement that is being written, for either database. What is put into it stands apart from its text.

    Columns come as the driver has them: on SQLite ids and times are text.
    """

    def __init__(self) -> None:
        self._connection = get_connection("default")
        self.is_sqlite = self._connection.capabilities.dialect == "sqlite"
        self._values: list[Any] = []

    def value(self, value: Any) -> str:
        """Where this value stands in the text."""
        if self.is_sqlite and isinstance(value, UUID | datetime):
            value = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        self._values.append(value)
        return f"{'?' if self.is_sqlite else '$'}{len(self._values)}"

    def is_any(self, column: str, values: Iterable[Any]) -> str:
        """The condition that a column has one of these values."""
        if self.is_sqlite:
            return f"{column} IN ({', '.join(map(self.value, values))})"
        return f"{column} = ANY({self.value(list(values))})"

    def begins_with(self, column: str, text: str) -> str:
        """The condition that a column's text begins with this one."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"{column} LIKE {self.value(escaped + '%')} ESCAPE '\\'"

    def days_from_now(self, days: int) -> str:
        """So many days from now, by the clock of `models.now`."""
        if self.is_sqlite:
            return self.value(datetime.now(UTC) + timedelta(days=days))
        return f"clock_timestamp() + {self.value(timedelta(days=days))}::interval"

    async def rows(
        self, columns: Sequence[str], table: str, conditions: Sequence[str], order: Sequence[str], limit: int
    ) -> Sequence[Any]:
        """The rows of a table that meet all conditions. All but the values is the caller's own text."""
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        text = (
            f"SELECT {', '.join(columns)} FROM {table}{where}"  # noqa: S608 -- see above
            f" ORDER BY {', '.join(order)} LIMIT {self.value(limit)}"
        )
        if isinstance(self._connection, asyncpg.Client):
            return await self._connection.read(text, self._values)
        _, rows = await self._connection.execute_query(text, self._values)
        return rows
