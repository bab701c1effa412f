"""Versions of clients: their published operations and their use."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7
from models.sql import Select


class OperationManifest(Model):
    """The published operations of one version of a client."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    client = fields.CharField(max_length=64)
    version = fields.CharField(max_length=64)
    # JSON text: the documents, with their ids as keys.
    documents = fields.TextField()
    operations = fields.IntField()
    added_at = fields.DatetimeField()

    class Meta:
        table = "operation_manifest"
        unique_together = (("client", "version"),)


class ClientUse(Model):
    """The number of operations that a version of a client sent on one day, in UTC."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    day = fields.DateField()
    client = fields.CharField(max_length=64)
    # Empty if the client sends no version.
    version = fields.CharField(max_length=64)
    operations = fields.BigIntField()
    last_used_at = fields.DatetimeField()

    class Meta:
        table = "client_use"
        unique_together = (("day", "client", "version"),)


async def count_use(day: date, counts: dict[tuple[str, str], int], at: datetime) -> None:
    """Add these numbers of operations, by client and version, with one statement."""
    select = Select()
    stored_day = day.isoformat() if select.is_sqlite else day
    rows = [
        f"({', '.join(map(select.value, (uuid7(), stored_day, client, version, count, at)))})"
        # Processes that lock rows in the same order cannot deadlock.
        for (client, version), count in sorted(counts.items())
    ]
    await select.execute(
        "INSERT INTO client_use (id, day, client, version, operations, last_used_at) "  # noqa: S608
        f"VALUES {', '.join(rows)} ON CONFLICT (day, client, version) DO UPDATE SET "
        "operations = client_use.operations + excluded.operations, last_used_at = excluded.last_used_at"
    )


class Use(NamedTuple):
    """The use of a version: when it was last used, and the numbers of its operations in the last 7 and 30
    days, including today.
    """

    last_used_at: datetime
    in_week: int
    in_month: int


async def uses(today: date) -> dict[tuple[str, str], Use]:
    """The use of each version of each client."""
    select = Select()

    def since(days: int) -> str:
        day = today - timedelta(days=days)
        value = select.value(day.isoformat() if select.is_sqlite else day)
        return f"sum(CASE WHEN day > {value} THEN operations ELSE 0 END)"

    rows = await select.execute(
        f"SELECT client, version, max(last_used_at) AS last_used_at, {since(7)} AS in_week, "  # noqa: S608
        f"{since(30)} AS in_month FROM client_use GROUP BY client, version"
    )
    return {(row["client"], row["version"]): _use(**row) for row in rows}


def _use(last_used_at: datetime | str, in_week: int, in_month: int, **_: str) -> Use:
    last = datetime.fromisoformat(last_used_at) if isinstance(last_used_at, str) else last_used_at
    return Use(last, int(in_week), int(in_month))
