"""The delivery of Stripe's events to this service."""

from datetime import timedelta

import strawberry
from strawberry import field

from connect.events import delays
from connect.events.delays import Delays
from connect.events.destinations import DestinationStatus as DestinationStatus
from connect.platform import health
from models import StripeEvent
from resolvers.common.scalars import DateTime, describe

describe(
    DestinationStatus,
    "DestinationStatus",
    "The status of this service's event destination at Stripe.",
    UNKNOWN="ConnectQL has not received the status from Stripe yet.",
    ENABLED="Stripe sends events.",
    DISABLED="The event destination is disabled, so Stripe sends no events.",
    MISSING="Stripe has no event destination with the address of this service.",
)


@strawberry.type(
    description="The time between the creation of an event at Stripe and the moment when ConnectQL had "
    "stored the change. It is computed from the events that were handled in the last hour, at most the "
    "latest 1,000. Events that the back-fill found, and events that needed several attempts, count as well. "
    "All times are null if no event was handled in the last hour."
)
class EventDelays:
    events: int = field(description="The number of events from which the times are computed.")

    @strawberry.field(description="The median time, in milliseconds.")
    def median_milliseconds(self, row: strawberry.Parent[Delays]) -> int | None:
        return _milliseconds(row.median)

    @strawberry.field(description="The time within which 95 % of the events were handled, in milliseconds.")
    def p95_milliseconds(self, row: strawberry.Parent[Delays]) -> int | None:
        return _milliseconds(row.p95)

    @strawberry.field(description="The longest time, in milliseconds.")
    def longest_milliseconds(self, row: strawberry.Parent[Delays]) -> int | None:
        return _milliseconds(row.longest)


@strawberry.type(description="The delivery and processing of Stripe's events.")
class WebhookHealth:
    last_received_at: DateTime | None = field(
        description="When Stripe last delivered an event. Events that the back-fill fetched from Stripe do "
        "not count."
    )
    backlog: int = field(
        description="The number of events in the queue, which ConnectQL has not processed yet."
    )
    failed: int = field(description="The number of failed events. `events(state: FAILED)` lists them.")
    destination_status: DestinationStatus = field(
        description="The status of the event destination. `platform.problems` lists the problems of the "
        "destination."
    )
    destination_checked_at: DateTime | None = field(
        description="When Stripe last reported the status. A worker checks it once a minute."
    )

    @strawberry.field(
        description="When ConnectQL recorded the oldest event in the queue. Null if the queue is empty."
    )
    async def oldest_waiting_since(self) -> DateTime | None:
        return await delays.oldest_waiting()  # type: ignore[return-value]

    @strawberry.field(
        description="The time that recent events took from their creation at Stripe until ConnectQL had "
        "stored the change.",
        graphql_type=EventDelays,
    )
    async def delays(self) -> Delays:
        return await delays.read()


@strawberry.field(description="The delivery and processing of Stripe's events.")
async def webhooks() -> WebhookHealth:
    delivered = StripeEvent.filter(back_filled_at=None).order_by("-id").limit(1)
    latest = await delivered.values_list("received_at", flat=True)
    check = await health.last_check()
    status = check.destination.status if check.destination is not None else DestinationStatus.UNKNOWN
    return WebhookHealth(
        last_received_at=latest[0] if latest else None,  # type: ignore[arg-type]
        backlog=await StripeEvent.filter(state="PENDING").count(),
        failed=await StripeEvent.filter(state="FAILED").count(),
        destination_status=status,
        destination_checked_at=check.destination_checked_at,  # type: ignore[arg-type]
    )


def _milliseconds(time: timedelta | None) -> int | None:
    return min(round(time.total_seconds() * 1000), 2**31 - 1) if time is not None else None
