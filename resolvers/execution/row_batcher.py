"""Reads single rows in one statement if they are requested at the same time."""

from typing import Any

from connect import scope
from connect.platform.batcher import Batcher
from connect.scope import Principal
from models.sql import Select
from resolvers.relay.documents import DocumentTable

MAX_ROWS = 100
MAX_WAITING = 10_000
# Up to this many values are sent as separate parameters. PostgreSQL prepares another statement for each
# number of parameters, so more values are sent as one array.
MAX_PARAMETERS = 8


class RowBatcher:
    """Reads rows by one unique column.

    A row has the owner, the id, the row version and this column. If a caller of the batch needs the document,
    the value of the expression `document` comes last.
    """

    def __init__(self, table: DocumentTable, column: str, document: str) -> None:
        self._table, self._column, self._document = table, column, document
        self._batcher = Batcher[tuple[Any, bool], Any](self._read, MAX_ROWS, MAX_WAITING, direct=True)

    async def row(self, principal: Principal, value: Any, *, with_document: bool) -> Any:
        """The row with this value, from a read that begins after this call.

        None if the row is missing, or invisible to the caller.
        """
        row = await self._batcher.submit((value, with_document))
        return row if row is not None and scope.can_see(principal, row[0]) else None

    async def _read(self, items: list[tuple[Any, bool]]) -> list[Any]:
        select = Select()
        columns = [self._table.owner, "id", "row_version", self._column]
        if any(with_document for _, with_document in items):
            columns.append(self._document)
        # asyncpg needs more time to encode an array than for the rest of a small statement.
        values = {value for value, _ in items}
        if len(values) <= MAX_PARAMETERS:
            condition = f"{self._column} IN ({', '.join(map(select.value, values))})"
        else:
            condition = select.is_any(self._column, values)
        rows = await select.matches(columns, self._table.name, [condition])
        by_value = {str(row[3]): row for row in rows}
        return [by_value.get(str(value)) for value, _ in items]
