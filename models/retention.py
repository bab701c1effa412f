"""Deletes and changes old rows in batches. The ids of the rows are UUIDv7, which contain a time.

A batch begins after the last id of the previous batch and reads a part of the primary key's index. So a batch
takes no longer in a table of ten million rows than in a small one.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from models.ids import first_uuid7
from models.sql import Select, id_of_row

# Returns the conditions that a row must meet to be removed, apart from being older than the given time.
Conditions = Callable[[Select, datetime], Sequence[str]]


async def next_ids(table: str, after: uuid.UUID, before: datetime, limit: int) -> list[uuid.UUID]:
    """The first ids after `after` of rows that were created before this time."""
    select = Select()
    rows = await select.execute(
        f"SELECT id FROM {_oldest(select, table, after, before, limit, 'id')} ORDER BY id"  # noqa: S608
    )
    return [id_of_row(row["id"]) for row in rows]


class Part(NamedTuple):
    """A part of a table: the number of its rows, how many of them to remove, and its last id (None without
    rows).
    """

    rows: int
    due: int
    last: uuid.UUID | None


async def count(table: str, conditions: Conditions, after: uuid.UUID, before: datetime, limit: int) -> Part:
    """Count the rows to remove among the first `limit` rows after `after`."""
    select = Select()
    parts = _oldest(select, table, after, before, limit, "*")
    where = " AND ".join(conditions(select, before)) or "TRUE"
    due = f"sum(CASE WHEN {where} THEN 1 ELSE 0 END)"
    last = "max(id)" if select.is_sqlite else "max(id::text)"
    (row,) = await select.execute(f"SELECT count(*) AS rows, {due} AS due, {last} AS last FROM {parts}")  # noqa: S608
    return Part(row["rows"], int(row["due"] or 0), id_of_row(row["last"]) if row["last"] else None)


def _oldest(select: Select, table: str, after: uuid.UUID, before: datetime, limit: int, columns: str) -> str:
    # The subquery has the table's name as its alias, so that conditions can refer to the table.
    return (
        f"(SELECT {columns} FROM {table} WHERE id > {select.value(after)} "  # noqa: S608
        f"AND id < {select.value(first_uuid7(before))} ORDER BY id LIMIT {limit}) AS {table}"
    )


async def matching(
    table: str, conditions: Conditions, ids: Sequence[uuid.UUID], before: datetime
) -> list[uuid.UUID]:
    """The given ids whose rows meet the conditions."""
    select = Select()
    where = " AND ".join([select.is_any("id", ids), *conditions(select, before)])
    rows = await select.execute(f"SELECT id FROM {table} WHERE {where}")  # noqa: S608
    return [id_of_row(row["id"]) for row in rows]


async def remove(
    table: str, conditions: Conditions, ids: Sequence[uuid.UUID], before: datetime, change: str | None = None
) -> int:
    """Delete those of the given rows that meet the conditions. If `change` is given, update them instead.
    Returns the number of rows.
    """
    statement = Select()
    where = " AND ".join([statement.is_any("id", ids), *conditions(statement, before)])
    action = f"UPDATE {table} SET {change}" if change is not None else f"DELETE FROM {table}"  # noqa: S608
    return len(await statement.execute(f"{action} WHERE {where} RETURNING id"))
