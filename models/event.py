"""The table of the inbox, with one row per event."""

import functools
import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import change_batch, changes, lease
from models.changes import Change
from models.ids import uuid7
from models.merchant import Merchant
from models.origin import MAX_LENGTH as ORIGIN_LENGTH
from models.sql import Select


class StripeEvent(Model):
    """An event that was delivered or back-filled, and the state of its handling.

    `subject_key` groups the events for which one fetch is enough. The key is the id of the object that the
    events are about, or the event's own id if the object is unknown.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    stripe_event_id = fields.CharField(max_length=255, unique=True)
    type = fields.CharField(max_length=255)
    stripe_account_id = fields.CharField(max_length=255, null=True)
    subject_key = fields.CharField(max_length=255)
    livemode = fields.BooleanField()
    body = fields.TextField()
    stripe_created_at = fields.DatetimeField()  # the time of arrival if the notification has no time
    received_at = fields.DatetimeField()
    # The trace of the delivery, if it was recorded (see `models.origin`).
    origin = fields.CharField(max_length=ORIGIN_LENGTH, null=True)
    # When the back-fill recorded the event. Null as soon as Stripe has delivered the event.
    back_filled_at = fields.DatetimeField(null=True)

    state = fields.CharField(max_length=16, default="PENDING")  # PENDING, HANDLED, IGNORED, FAILED
    attempts = fields.IntField(default=0)
    run_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    last_error = fields.TextField(null=True)
    handled_at = fields.DatetimeField(null=True)
    merchant_id: uuid.UUID | None
    merchant: fields.ForeignKeyNullableRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="events", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "stripe_event"
        indexes = (
            ("state", "run_at"),
            ("state", "id"),
            ("subject_key", "state"),
            ("stripe_account_id",),
            ("back_filled_at", "id"),
            ("leased_until",),
            ("merchant_id",),
        )


def without_bodies(events: QuerySet[StripeEvent]) -> QuerySet[StripeEvent]:
    """The same events, without reading their bodies, which may be long."""
    columns = StripeEvent._meta.fields_db_projection  # noqa: SLF001 - no public API lists them
    return events.only(*(name for name in columns if name != "body"))


def is_of_merchant(select: Select, merchant_id: Any, stripe_account_id: str | None) -> str:
    """A condition on the event table for the events of a merchant and of its account.

    The column `merchant_id` is set when an event is handled. Events of API v2 about an account have the
    account as their subject.
    """
    if merchant_id is None:
        return "1 = 0"
    of_merchant = f"merchant_id = {select.value(merchant_id)}"
    if stripe_account_id is None:
        return of_merchant
    account = select.value(stripe_account_id)
    return f"({of_merchant} OR stripe_account_id = {account} OR subject_key = {account})"


def is_of_longest_due_subjects(
    select: Select, lease_length: timedelta, *, max_events: int, max_subjects: int
) -> list[str]:
    """Conditions on the event table for the pending events of the subjects that have been due longest.

    Subjects with a leased event are excluded. One fetch settles all events of a subject, so new events that
    are not due yet are included. Events that were postponed after an attempt are included only when they are
    due.
    """
    at = select.moment()
    busy = f"SELECT subject_key FROM stripe_event WHERE {lease.is_leased(select, lease_length)}"  # noqa: S608
    oldest = (
        "SELECT subject_key, run_at FROM stripe_event "  # noqa: S608
        f"WHERE state = 'PENDING' AND run_at <= {at} AND subject_key NOT IN ({busy}) "
        f"ORDER BY run_at LIMIT {max_events}"
    )
    subjects = (
        f"SELECT subject_key FROM ({oldest}) AS oldest "  # noqa: S608
        f"GROUP BY subject_key ORDER BY min(run_at) LIMIT {max_subjects}"
    )
    return ["state = 'PENDING'", f"(run_at <= {at} OR attempts = 0)", f"subject_key IN ({subjects})"]


async def settle(ids: Sequence[uuid.UUID], worker: str, **columns: Any) -> None:
    """Write the outcome of the events that this worker still holds, and release them."""
    statement = Select()
    changed = [f"{name} = {statement.value(value)}" for name, value in columns.items()]
    changed += [f"handled_at = {statement.moment()}", "leased_until = NULL"]
    held = [statement.is_any("id", ids), f"leased_by = {statement.value(worker)}", "state = 'PENDING'"]
    await statement.execute(f"UPDATE stripe_event SET {', '.join(changed)} WHERE {' AND '.join(held)}")  # noqa: S608


class Arrival(NamedTuple):
    """The columns of a notification that is not recorded yet."""

    stripe_event_id: str
    type: str
    stripe_account_id: str | None
    subject_key: str
    livemode: bool
    body: str
    stripe_created_at: datetime | None
    state: str
    last_error: str | None
    origin: str | None


_COLUMNS = (
    "stripe_event_id, type, stripe_account_id, subject_key, livemode, body, stripe_created_at, state, "
    "last_error, origin, id, received_at, back_filled_at, handled_at, run_at, attempts"
)
# The kind of the change that wakes workers.
WAKE = "event"

# A repeated notification neither updates nor locks the row that exists already.
_ONCE = "ON CONFLICT (stripe_event_id) DO NOTHING RETURNING stripe_event_id"

# The variant bits of a UUID, which follow the time in a UUIDv7.
_VARIANT = 0b10 << 62

# Inserts any number of rows. Times and ids (UUIDv7, as in `models.ids`) use the database's clock. In
# CockroachDB, the quotient of integers has a fraction, so the quotients are rounded down.
_ON_POSTGRESQL = f"""
INSERT INTO stripe_event ({_COLUMNS})
SELECT event, type, account, key, livemode, body, coalesce(created, at), state, error, origin,
  (lpad(to_hex(floor(us / 1000)::bigint), 12, '0') || '7'
    || lpad(to_hex(floor(us % 1000 * 4096 / 1000)::bigint), 3, '0') || tail)::uuid,
  at, CASE WHEN $1 THEN NULL ELSE at END, CASE WHEN state = 'PENDING' THEN NULL ELSE at END, at + $2, 0
FROM (
  SELECT statement_timestamp() AS at, floor(extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS us
) AS clock,
unnest(
  $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[], $9::timestamptz[], $10::text[],
  $11::text[], $12::text[], $13::text[]
) AS arrival (event, type, account, key, livemode, body, created, state, error, origin, tail)
{_ONCE}"""  # noqa: S608 - the text has no outside input
_AND_NOTIFY = f"{_ON_POSTGRESQL}, pg_notify('{changes.CHANNEL}', '{WAKE}')"
_AND_PUBLISH = f"""
WITH new AS ({_ON_POSTGRESQL}), published AS ({change_batch.INSERT}'{WAKE}' FROM new LIMIT 1)
SELECT stripe_event_id FROM new"""  # noqa: S608 - the text has no outside input


@functools.cache
def _on_sqlite(rows: int) -> str:
    row = f"({', '.join('?' * len(_COLUMNS.split(',')))})"
    return f"INSERT INTO stripe_event ({_COLUMNS}) VALUES {', '.join([row] * rows)} {_ONCE}"  # noqa: S608


async def insert(arrivals: Sequence[Arrival], *, due_in: timedelta, delivered: bool) -> set[str]:
    """Record notifications of different events with one statement. Returns the ids of the new events.

    The events are due after `due_in`. If `delivered` is False, they come from Stripe's list of events.
    """
    connection: Any = get_connection("default")
    # The rows are sorted by event, so that two statements with the same events cannot deadlock.
    if connection.capabilities.dialect == "postgres":
        tails = sorted(f"{_VARIANT | int.from_bytes(os.urandom(8)) >> 2:x}" for _ in arrivals)
        columns = zip(*((*one, tail) for one, tail in sorted(zip(arrivals, tails, strict=True))), strict=True)
        values = [delivered, due_in, *map(list, columns)]
        text = _AND_PUBLISH if connection.is_portable else _AND_NOTIFY
        rows = await connection.execute_query_dict(text, values)
    else:
        at = datetime.now(UTC)
        values = []
        for one, key in sorted((one, uuid7(at)) for one in arrivals):
            values += one._replace(stripe_created_at=one.stripe_created_at or at)
            values += str(key), at, None if delivered else at
            values += None if one.state == "PENDING" else at, at + due_in, 0
        rows = await connection.execute_query_dict(_on_sqlite(len(arrivals)), values)
        if rows:
            await changes.publish(Change(WAKE))
    return {row["stripe_event_id"] for row in rows}
