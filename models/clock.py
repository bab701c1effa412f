"""The time that all replicas agree on."""

from datetime import UTC, datetime
from typing import cast

from tortoise import connections


async def now() -> datetime:
    """The time of the database's clock, in UTC. Leases and deadlines must not depend on a replica's clock.

    SQLite has no server, so there it is the machine's clock.
    """
    connection = connections.get("default")
    if connection.capabilities.dialect != "postgres":
        return datetime.now(UTC)
    rows = await connection.execute_query_dict("SELECT clock_timestamp() AS now")
    return cast("datetime", rows[0]["now"]).astimezone(UTC)
