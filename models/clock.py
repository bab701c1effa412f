"""The time that all replicas agree on."""

from datetime import UTC, datetime
from typing import cast

from tortoise import connections


async def now() -> datetime:
    """The database's clock in UTC: replicas may disagree, leases and deadlines may not.

    An SQLite database is used on one machine only, so there the machine's clock is that clock.
    """
    connection = connections.get("default")
    if connection.capabilities.dialect != "postgres":
        return datetime.now(UTC)
    rows = await connection.execute_query_dict("SELECT clock_timestamp() AS now")
    return cast("datetime", rows[0]["now"]).astimezone(UTC)
