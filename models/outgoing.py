"""Events for the platform's own systems, and their deliveries."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from models.ids import past_uuid7, uuid7
from models.sql import Range, Select

# The range of the times that ids can contain. No event is earlier or later.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class OutgoingEvent(Model):
    """A change that the platform's own systems can hear of. It is written in the transaction of the change.

    Rows are never changed, except that a worker sets `position` once. They refer to no other table, so that a
    retention rule can delete them by their ids, which contain the time.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    # The event's number in the order in which events are read. Null until a worker has seen the committed
    # event (`connect.outgoing.positions`).
    position = fields.BigIntField(null=True, unique=True)
    type = fields.CharField(max_length=64)
    # `merchant`, `payment`, `dispute` or `payout`, and the id of the object. Both are null for a test event.
    subject_type = fields.CharField(max_length=16, null=True)
    subject_id = fields.UUIDField(null=True)
    # The merchant of the subject. Null for a test event.
    merchant_id = fields.UUIDField(null=True)
    # The row version of the subject after the change, or when the notice was written. 0 for a test event.
    sequence = fields.IntField()
    # JSON text in wire form (`connect.outgoing.rules.changes`).
    data = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "outgoing_event"
        indexes = (("type", "position"), ("merchant_id", "id"))


class EventEndpoint(Model):
    """An address of the platform's own systems to which events are delivered."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    url = fields.TextField()
    description = fields.CharField(max_length=255)
    # JSON text: the types of the delivered events. Null for all types.
    types = fields.TextField(null=True)
    # The signing secrets in encrypted form (`connect.outgoing.secrets`). The previous secret is valid
    # until `previous_until`.
    secret = fields.TextField()
    previous_secret = fields.TextField(null=True)
    previous_until = fields.DatetimeField(null=True)
    # ENABLED, PAUSED by an operator, or DISABLED after failures.
    state = fields.CharField(max_length=16, default="ENABLED")
    state_since = fields.DatetimeField()
    # The time of the first failed attempt since the last success. Null after a success.
    failing_since = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "event_endpoint"


class OutgoingDelivery(Model):
    """The delivery of one event to one endpoint."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    endpoint_id: uuid.UUID
    endpoint: fields.ForeignKeyRelation[EventEndpoint] = fields.ForeignKeyField(
        "models.EventEndpoint", related_name="deliveries", on_delete=fields.CASCADE
    )
    event_id = fields.UUIDField()
    state = fields.CharField(max_length=16, default="PENDING")  # PENDING, DELIVERED, FAILED
    attempts = fields.IntField(default=0)
    run_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    # JSON text: the last attempts (`connect.outgoing.rules.attempts`).
    log = fields.TextField(default="[]")
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outgoing_delivery"
        unique_together = (("event_id", "endpoint_id"),)
        indexes = (("endpoint_id", "state", "run_at"),)


async def set_positions(positions: Mapping[uuid.UUID, int]) -> None:
    """Set the positions of these events with one statement."""
    statement = Select()
    if statement.is_sqlite:
        cases = " ".join(
            f"WHEN {statement.value(key)} THEN {position:d}" for key, position in positions.items()
        )
        text = f"UPDATE outgoing_event SET position = CASE id {cases} END"  # noqa: S608 - our own text
        await statement.execute(f"{text} WHERE {statement.is_any('id', positions)}")
        return
    keys, numbers = statement.value(list(positions)), statement.value(list(positions.values()))
    await statement.execute(
        "UPDATE outgoing_event SET position = numbered.position "  # noqa: S608 - our own text
        f"FROM unnest({keys}::uuid[], {numbers}::bigint[]) AS numbered (id, position) "
        "WHERE outgoing_event.id = numbered.id"
    )


async def events_after(position: int, types: Sequence[str], limit: int) -> list[OutgoingEvent]:
    """The next events of these types after this position. If no type is given, events of all types."""
    if not types:
        return await OutgoingEvent.filter(position__gt=position).order_by("position").limit(limit)
    select = Select()
    later = f"position > {select.value(position)}"
    # Each type is a range of the index, so a rare type is found without reading all other events.
    ranges = [Range(("type",), [select.equals_as_range("type", one)]) for one in dict.fromkeys(types)]
    found = await select.rows(["position"], "outgoing_event", [later], ["position"], limit, ranges=ranges)
    return await OutgoingEvent.filter(position__in=[row[0] for row in found]).order_by("position")


async def events_between(
    since: datetime, until: datetime, types: Sequence[str], limit: int
) -> list[uuid.UUID]:
    """The ids of the events of these types from `since` to before `until`, oldest first."""
    # The ids contain the times in milliseconds. With conditions on the ids, the query reads only a part of
    # their index.
    margin = timedelta(seconds=1)
    since, until = max(since, _FIRST + margin), min(until, _LAST)
    if since >= until:
        return []
    events = OutgoingEvent.filter(
        id__gte=past_uuid7(since - margin),
        id__lte=past_uuid7(until + margin),
        created_at__gte=since,
        created_at__lt=until,
        type__in=list(types),
    )
    ids: list[uuid.UUID] = await events.order_by("id").limit(limit).values_list("id", flat=True)  # type: ignore[assignment]
    return ids


async def queue_again(endpoint_id: uuid.UUID, event_ids: Sequence[uuid.UUID], at: datetime) -> None:
    """Plan the delivery of these events to an endpoint now, including events that were delivered before."""
    rows = [OutgoingDelivery(endpoint_id=endpoint_id, event_id=event_id, run_at=at) for event_id in event_ids]
    await OutgoingDelivery.bulk_create(
        rows,
        on_conflict=("event_id", "endpoint_id"),
        update_fields=("state", "attempts", "run_at", "finished_at"),
        batch_size=500,
    )


class Notice(Model):
    """A notice about a merchant, which was written as an outgoing event.

    `key` identifies the cause and the step, so that each notice is written once.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    key = fields.CharField(max_length=128, unique=True)
    # A member of `connect.outgoing.rules.notices.NoticeKind`.
    kind = fields.CharField(max_length=16)
    merchant_id = fields.UUIDField()
    # The id of the payout or dispute that the notice is about, or else the id of the merchant.
    subject_id = fields.UUIDField()
    # The deadline, and the number of days before it on which the notice was due. Null for notices without a
    # deadline.
    deadline = fields.DatetimeField(null=True)
    days = fields.SmallIntField(null=True)
    created_at = fields.DatetimeField()
    # When a check found that the cause had ended.
    resolved_at = fields.DatetimeField(null=True)
    # When to send the next mails about the notice. Null if there are no mails to send, or all have been sent.
    mail_at = fields.DatetimeField(null=True)
    mail_attempts = fields.SmallIntField(default=0)
    # JSON text: hashes of the recipients to whom the mail was sent. It is set only while mails to other
    # recipients are planned.
    mailed_to = fields.TextField(null=True)

    class Meta:
        table = "notice"
        indexes = (("merchant_id", "created_at"), ("resolved_at", "id"), ("mail_at",))
