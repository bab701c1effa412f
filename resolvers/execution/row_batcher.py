"""Reads single rows that are requested at the same time in one statement."""

from typing import Any

from connect import scope
from connect.batcher import Batcher
from connect.scope import Principal
from models.sql import Select
from resolvers.relay.documents import DocumentTable

MAX_ROWS = 100
MAX_WAITING = 10_000


class RowBatcher:
    """Reads rows by one unique column. A row is the owner, id, row version and document."""

    def __init__(self, table: DocumentTable, column: str) -> None:
        self._table, self._column = table, column
        self._batcher = Batcher[Any, Any](self._read, MAX_ROWS, MAX_WAITING, direct=True)

    async def row(self, principal: Principal, value: Any) -> Any:
        """The row with this value, read after this call; None if it is missing or invisible to the caller."""
        row = await self._batcher.submit(value)
        return row if row is not None and scope.can_see(principal, row[0]) else None

    async def _read(self, values: list[Any]) -> list[Any]:
        select = Select()
        column = self._column
        columns = self._table.owner, "id", "row_version", "document", column
        condition = select.is_any(column, values if len(values) == 1 else set(values))
        rows = await select.rows(columns, self._table.name, [condition], ["id"], len(values))
        by_value = {str(row[4]): row for row in rows}
        return [by_value.get(str(value)) for value in values]
