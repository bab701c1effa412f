"""Timelines of many merchants at once."""

import uuid
from collections.abc import Sequence
from typing import Any

from tortoise import connections

from models.merchant import TimelineEntry

_COLUMNS = ("id", "merchant_id", "at", "kind", "message", "actor", "status_before", "status_after")


async def latest_entries(
    merchant_ids: Sequence[uuid.UUID], limit: int, after: str | None
) -> list[TimelineEntry]:
    """Return the newest entries of each merchant, at most `limit` of each, older than the entry `after`.

    Runs one statement for any number of merchants. The entries have only the columns that clients see.
    """
    db = connections.get("default")
    values: list[Any] = [str(i) for i in merchant_ids]
    keys = ",".join(f"${i + 1}" for i in range(len(values)))
    older = ""
    if after is not None:
        values.append(after)
        older = f" AND id < ${len(values)}"
    columns = ", ".join(_COLUMNS)
    sql = (
        f"SELECT {columns} FROM (SELECT {columns}, ROW_NUMBER() OVER"  # noqa: S608 -- no text from clients
        f" (PARTITION BY merchant_id ORDER BY id DESC) AS place FROM timeline_entry"
        f" WHERE merchant_id IN ({keys}){older}) AS ranked WHERE place <= {int(limit)} ORDER BY id DESC"
    )
    if db.capabilities.dialect == "sqlite":
        sql = sql.replace("$", "?")
    rows = await db.execute_query_dict(sql, values)
    return [TimelineEntry(**row) for row in rows]
