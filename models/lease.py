"""Leases. A claimed row belongs to one worker until the lease ends by the database's clock."""

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from tortoise.models import Model

from models.sql import Select

# A statement reads the clock when it begins, and may then find a row that was claimed later. The lease of
# this row must not be taken for a sign that the clock was set back.
TOLERANCE = timedelta(seconds=5)


def is_leased(statement: Select, lease: timedelta) -> str:
    """An SQL condition that is true while a lease of this length is running.

    If a lease ends later than a new lease would end, the clock was set back after the row was claimed. Such a
    lease is void.
    """
    return f"leased_until BETWEEN {statement.moment()} AND {statement.moment(lease + TOLERANCE)}"


async def claim(
    model: type[Model],
    where: Callable[[Select], Sequence[str]],
    lease: timedelta,
    *,
    by: str | None = None,
    order: str = "",
    limit: int = 1,
    counted: bool = True,
) -> list[Any]:
    """With one UPDATE, lease at most `limit` free rows that meet the conditions. Returns their keys.

    Sets `leased_until`, and also `leased_by` and `attempts` if the model has these columns. A claim counts as
    an attempt unless `counted` is False. Workers that claim at the same time get different rows.
    """
    columns = model._meta.fields_map  # noqa: SLF001 - the names of a model's columns are listed nowhere else
    table, key = model._meta.db_table, model._meta.pk_attr  # noqa: SLF001
    statement = Select()
    changes = [f"leased_until = {statement.moment(lease)}"]
    if "leased_by" in columns:
        changes.append(f"leased_by = {statement.value(by)}")
    if counted and "attempts" in columns:
        changes.append("attempts = attempts + 1")
    conditions = [f"(leased_until IS NULL OR NOT {is_leased(statement, lease)})", *where(statement)]
    rows = (
        f"SELECT {key} FROM {table} WHERE {' AND '.join(conditions)} "  # noqa: S608 - our own text
        f"ORDER BY {order or key} LIMIT {limit}"
    )
    claimed = statement.is_free(key, rows)
    text = f"UPDATE {table} SET {', '.join(changes)} WHERE {claimed} RETURNING {key}"  # noqa: S608
    return [row[key] for row in await statement.execute(text)]


async def postpone(table: str, column: str, pause: timedelta, limit: int) -> list[tuple[uuid.UUID, Any]]:
    """Claim at most `limit` rows whose time in `column` has passed. The claim sets this time to now plus the
    pause. Returns the ids and the new times of the rows.

    Workers that claim at the same time get different rows. If a worker dies, its rows are due again after the
    pause. The times are the database's own values, so that a later statement can compare them.
    """
    statement = Select()
    due = (
        f"SELECT id FROM {table} WHERE {column} <= {statement.moment()} "  # noqa: S608 - our own text
        f"ORDER BY {column} LIMIT {limit}"
    )
    rows = await statement.execute(
        f"UPDATE {table} SET {column} = {statement.moment(pause)} "  # noqa: S608 - our own text
        f"WHERE {statement.is_free('id', due)} "
        f"RETURNING id, {column} AS due_at"
    )
    return [(uuid.UUID(str(row["id"])), row["due_at"]) for row in rows]
