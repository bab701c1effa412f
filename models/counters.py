"""Counters in columns, incremented without reading the row."""

from tortoise.connection import get_connection
from tortoise.exceptions import DoesNotExist
from tortoise.models import Model


async def increment(row: Model, column: str) -> int:
    """Add 1 to a column of this row by one statement. Returns the new number."""
    connection = get_connection("default")
    mark = "?" if connection.capabilities.dialect == "sqlite" else "$1"
    table = type(row)._meta.db_table  # noqa: SLF001 -- only `_meta` has the table's name
    text = f"UPDATE {table} SET {column} = {column} + 1 WHERE id = {mark} RETURNING {column}"  # noqa: S608
    rows = await connection.execute_query_dict(text, [str(row.pk)])
    if not rows:
        raise DoesNotExist(type(row))
    return int(rows[0][column])
