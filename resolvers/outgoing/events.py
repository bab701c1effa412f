"""outgoingEvents: the changes that the platform's own systems read, in an order without gaps."""

from typing import Annotated, Any

import strawberry
from strawberry import argument, field

from connect.outgoing.deliveries import payload_of
from connect.outgoing.rules import endpoint_types, payloads
from connect.scope import Role
from models import OutgoingEvent
from models.outgoing import events_after
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import DateTime
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.outgoing.deliveries import EventDeliveryType, load_deliveries
from resolvers.relay.connection import (
    After,
    Connection,
    First,
    Order,
    build_page,
    connection_type,
    parse_cursor,
    window,
)

ORDER = Order("OUTGOING_EVENTS", ("position",))
MAX_TYPES = 50


@strawberry.type(
    name="OutgoingEvent",
    description="An event about a change, for the platform's own systems. It contains the `id` and the new "
    "status of the changed object. Query the object to read everything else.",
)
class OutgoingEventType:
    @strawberry.field(
        description="The id of the event, which is also the header `webhook-id` of each delivery. An event "
        "can arrive more than once, with the same id."
    )
    def id(self, row: strawberry.Parent[OutgoingEvent]) -> strawberry.ID:
        return strawberry.ID(payloads.event_id(row.id))

    type: str = field(
        description="The type, such as `merchant.status_changed`. A later release can add types."
    )
    created_at: DateTime = field(description="When ConnectQL recorded the change.")
    sequence: int = field(
        description="A number that grows with each change of the object. Of two events about the same "
        "object, the event with the lower number describes an earlier state. Events about the same change "
        "have the same number."
    )

    @strawberry.field(
        description="The `id` of the changed object: a merchant, payment, dispute or payout. Pass it to "
        "`node` to read the object. An event about a refund has the `id` of the refunded payment. Null for "
        "a test event."
    )
    def subject_id(self, row: strawberry.Parent[OutgoingEvent]) -> strawberry.ID | None:
        key = payloads.subject_id(row.subject_type, row.subject_id)
        return strawberry.ID(key) if key is not None else None

    @strawberry.field(description="The JSON text that is sent as the body of each delivery.")
    def payload(self, row: strawberry.Parent[OutgoingEvent]) -> str:
        return payload_of(row).decode()

    @strawberry.field(
        description="The deliveries of the event, one for each endpoint that gets it.",
        graphql_type=list[EventDeliveryType],
    )
    async def deliveries(self, row: strawberry.Parent[OutgoingEvent], info: Info) -> Any:
        return await info.context.load(load_deliveries, row.id)


OutgoingEventConnection = connection_type(
    OutgoingEventType,
    "OutgoingEvent",
    "event events",
    "A page of events, oldest first.",
    "Use it in `after`. No event is skipped, even hours later.",
)


@strawberry.field(
    description="The events for the platform's own systems. They are in the order in which they became "
    "readable. A new event never appears before an existing cursor, so a reader that continues after its "
    "last cursor misses no event. If a page is empty, keep the cursor and ask again later. Events are "
    "removed some time after their creation, by default after 90 days. `eraseMerchant` removes all earlier "
    "events about the erased merchant, even if nobody has read them yet. A page has 1 to 100 events, by "
    "default 20. For operators and services.",
    graphql_type=OutgoingEventConnection,
)
async def outgoing_events(
    info: Info,
    first: First = None,
    after: After = None,
    types: Annotated[
        list[str] | None,
        argument(
            description="Only events of these types, such as `payment.created`. Null or an empty list means "
            "all types, as in the `types` of an endpoint."
        ),
    ] = None,
) -> Connection:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    page = window(first, after)
    for _, name in endpoint_types.unknown(types or ()):
        raise BadUserInput(f"`types`: {name!r} is not an event type.")
    if types is not None and len(types) > MAX_TYPES:
        raise BadUserInput(f"`types` must have at most {MAX_TYPES} entries.")
    position = parse_cursor(after, ORDER, "after")[0] if after is not None else 0
    rows = await events_after(position, types or (), page.size + 1)
    built = build_page([(row.position, row) for row in rows], ORDER, page)
    return built.connection([row for _, row in built.rows])
