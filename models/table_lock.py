"""A lock for rules about all rows of a table, such as a maximum number of rows."""

from typing import Any

from tortoise.connection import get_connection


async def lock(table: str) -> None:
    """Let no other transaction change the table until the current transaction ends.

    SQLite needs no lock, because its transactions run one after the other. The serializable transactions of
    the portable profile conflict instead: distributed databases have no such lock.
    """
    connection: Any = get_connection("default")
    if connection.capabilities.dialect == "postgres" and not connection.is_portable:
        await connection.execute_query(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
