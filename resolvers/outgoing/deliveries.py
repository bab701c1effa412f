"""Deliveries of outgoing events to endpoints."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import field

from connect.merchants.rules.document import global_id
from connect.outgoing.rules.attempts import Attempt, DeliveryError, DeliveryState, read_log
from models import OutgoingDelivery
from resolvers.common.scalars import DateTime, describe
from resolvers.execution.context import Context

EventDeliveryError = DeliveryError
EventDeliveryState = DeliveryState

describe(
    EventDeliveryError,
    "EventDeliveryError",
    "Why an attempt to deliver an event got no answer.",
    ADDRESS_NOT_ALLOWED="The host has an address outside the public internet, which the platform's settings "
    "do not allow.",
    HOST_NOT_FOUND="The host name has no address.",
    CONNECTION_FAILED="The connection failed, or the certificate was refused.",
    TIMED_OUT="The endpoint did not answer within 15 seconds.",
    SECRET_UNREADABLE="The encryption key of the secret has changed. Call `rotateEventEndpointSecret`.",  # noqa: S106
)
describe(
    EventDeliveryState,
    "EventDeliveryState",
    "The state of a delivery.",
    PENDING="The delivery waits for its first attempt or for the next one.",
    DELIVERED="The endpoint has answered with a status from 200 to 299.",
    FAILED="All attempts have failed. Call `replayOutgoingEvents` to try again.",
)


@strawberry.type(
    description="One attempt to deliver an event. The body of the endpoint's answer is not stored."
)
class EventDeliveryAttempt:
    at: DateTime = field(description="When the attempt began.")
    duration_ms: int = field(description="The duration of the attempt in milliseconds.")
    status: int | None = field(
        description="The HTTP status of the endpoint's answer. Null if there was no answer."
    )
    error: EventDeliveryError | None = field(
        description="Why there was no answer. Null if the endpoint answered."
    )


@strawberry.type(name="EventDelivery", description="The delivery of one event to one endpoint.")
class EventDeliveryType:
    @strawberry.field(description="The id of the delivery. It is unique among deliveries.")
    def id(self, row: strawberry.Parent[OutgoingDelivery]) -> strawberry.ID:
        return strawberry.ID(global_id("EventDelivery", row.id))

    @strawberry.field(description="The id of the endpoint.")
    def endpoint_id(self, row: strawberry.Parent[OutgoingDelivery]) -> strawberry.ID:
        return strawberry.ID(global_id("EventEndpoint", row.endpoint_id))

    @strawberry.field(description="The id of the event.")
    def event_id(self, row: strawberry.Parent[OutgoingDelivery]) -> strawberry.ID:
        return strawberry.ID(global_id("OutgoingEvent", row.event_id))

    @strawberry.field(description="The state of the delivery.")
    def state(self, row: strawberry.Parent[OutgoingDelivery]) -> EventDeliveryState:
        return EventDeliveryState(row.state)

    @strawberry.field(description="When the next attempt is planned. Null unless the state is PENDING.")
    def next_attempt_at(self, row: strawberry.Parent[OutgoingDelivery]) -> DateTime | None:
        is_pending = row.state == DeliveryState.PENDING.value
        return row.run_at if is_pending else None  # type: ignore[return-value]

    @strawberry.field(
        description="The last attempts, oldest first; at most 20.", graphql_type=list[EventDeliveryAttempt]
    )
    def attempts(self, row: strawberry.Parent[OutgoingDelivery]) -> list[Attempt]:
        return read_log(row.log)


async def load_deliveries(_: Context, event_ids: list[UUID]) -> Sequence[list[OutgoingDelivery]]:
    """The deliveries of each event."""
    rows = await OutgoingDelivery.filter(event_id__in=event_ids).order_by("id")
    return [[row for row in rows if row.event_id == key] for key in event_ids]
