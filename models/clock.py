"""The time that all replicas agree on."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

from tortoise import connections


async def now() -> datetime:
    """The time of the database's clock, in UTC. Leases and deadlines must not depend on a replica's clock.

    SQLite has no server, so this is the machine's clock.
    """
    connection = connections.get("default")
    if connection.capabilities.dialect != "postgres":
        return datetime.now(UTC)
    rows = await connection.execute_query_dict("SELECT clock_timestamp() AS now")
    return cast("datetime", rows[0]["now"]).astimezone(UTC)


def latest_date() -> date:
    """Today's date in the time zone that is furthest ahead (UTC+14), by this machine's clock. This clock is
    exact enough to check dates of birth.
    """
    return (datetime.now(UTC) + timedelta(hours=14)).date()
