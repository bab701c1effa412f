"""Stripe's event notifications and the state of their processing, for operators."""

import enum
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from strawberry import argument, field

from connect.errors import EventNotFound
from connect.events import inbox
from connect.merchants.rules.document import global_id
from connect.scope import Role
from models import ConnectedAccount, StripeEvent
from models.event import is_of_merchant, without_bodies
from models.sql import Select
from resolvers.common.errors import Error, expected, mutation
from resolvers.common.scalars import DateTime, value
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant
from resolvers.relay import nodes
from resolvers.relay.connection import After, Connection, First, connection_type, newest, window
from resolvers.relay.node import Node, key_of


@strawberry.enum(description="The state of an event's processing.")
class EventState(enum.Enum):
    PENDING = value("PENDING", "The event waits for its first attempt or for a retry.")
    HANDLED = value("HANDLED", "The event was processed, and the changed object is up to date.")
    IGNORED = value("IGNORED", "The event needs no processing. `lastError` may give the reason.")
    FAILED = value("FAILED", "Too many attempts failed. Call `replayEvent` to retry.")


@strawberry.type(
    name="StripeEvent",
    description="An event from Stripe. Stripe delivered its notification, or ConnectQL found the "
    "event in Stripe's list.",
)
class StripeEventType(Node):
    @strawberry.field(description="An opaque id that never changes and is unique among all objects.")  # type: ignore[misc]
    def id(self, row: strawberry.Parent[StripeEvent]) -> strawberry.ID:
        return strawberry.ID(global_id("StripeEvent", row.id))

    stripe_event_id: str = field(description="Stripe's id: `evt_...`.")
    type: str = field(
        description="Stripe's type of the event, such as `v2.core.account[requirements].updated`."
    )
    state: EventState = field(description="The state of the processing.")
    attempts: int = field(description="The number of attempts to process the event.")
    last_error: str | None = field(
        description="The reason why the last attempt failed or why the event was ignored. Null if there is "
        "none."
    )
    received_at: DateTime = field(description="When ConnectQL recorded the event.")
    handled_at: DateTime | None = field(description="When processing ended. Null in the state PENDING.")

    @strawberry.field(
        description="The merchant whose account the event is about. Null while ConnectQL does not know it.",
        graphql_type=Merchant | None,
    )
    async def merchant(self, row: strawberry.Parent[StripeEvent], info: Info) -> Any:
        key = ("Merchant", row.merchant_id) if row.merchant_id is not None else None
        return await info.context.load(nodes.load, key)

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        return isinstance(obj, StripeEvent)


StripeEventConnection = connection_type(
    StripeEventType, "StripeEvent", "event events", "A page of events, newest first."
)


@strawberry.field(
    description="Stripe's events, newest first. A page has 1 to 100 events, by default 20.",
    graphql_type=StripeEventConnection,
)
async def events(
    info: Info,
    first: First = None,
    after: After = None,
    state: Annotated[EventState | None, argument(description="Only events in this state.")] = None,
    merchant: Annotated[
        MerchantRef | None,
        argument(
            description="Only events of this merchant: events that were processed for it, and events of its "
            "current account. If no such merchant exists, the page is empty."
        ),
    ] = None,
) -> Connection:
    part, events = window(first, after), without_bodies(StripeEvent.all())
    only: Callable[[Select], list[str]] | None = None
    if merchant is not None:
        found = await merchant_lookup.row(info.context.principal, merchant, ["id"])
        key = found["id"] if found is not None else None
        account = await ConnectedAccount.get_or_none(merchant_id=key) if key is not None else None
        account_id = account.stripe_account_id if account is not None else None
        only = lambda select: [is_of_merchant(select, key, account_id)]  # noqa: E731
    return await newest(
        "EVENTS", "stripe_event", part, state, lambda ids: events.filter(id__in=ids), only=only
    )


@expected(EventNotFound, "No event has this id.")
class EventNotFoundError(Error):
    pass


@strawberry.input(description="The event to process again.")
class ReplayEventInput:
    event: strawberry.ID = field(description="The `id` of the event.")


@strawberry.type(description="The event is queued.")
class ReplayEventPayload:
    event: StripeEvent = field(description="The event, in state PENDING.", graphql_type=StripeEventType)


@mutation(
    "Process an event again, whatever its state. For operators.", ReplayEventPayload, EventNotFoundError
)
async def replay_event(
    info: Info,
    input: Annotated[ReplayEventInput, argument(description="The event to process again.")],  # noqa: A002
) -> ReplayEventPayload:
    require(info.context, Role.OPERATOR)
    key = key_of(input.event, "StripeEvent")
    if key is None:
        raise EventNotFound
    return ReplayEventPayload(event=await inbox.replay(key))
