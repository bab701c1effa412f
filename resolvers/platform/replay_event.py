from typing import Annotated

import strawberry
from strawberry import field

from connect.errors import EventNotFound
from connect.events import inbox
from connect.scope import Role
from models import StripeEvent
from resolvers.errors import Error
from resolvers.execution.context import Info
from resolvers.platform.events import StripeEventType
from resolvers.relay.node import key_of
from resolvers.viewer import require


@strawberry.input(description="The event to process again.")
class ReplayEventInput:
    event: strawberry.ID = field(description="The `id` of the event.")


@strawberry.type(description="The event is queued.")
class ReplayEventPayload:
    event: StripeEvent = field(description="The event, in state PENDING.", graphql_type=StripeEventType)


@strawberry.type(description="No event has this id.")
class EventNotFoundError(Error):
    pass


ReplayEventResult = Annotated[
    ReplayEventPayload | EventNotFoundError,
    strawberry.union("ReplayEventResult", description="The result of `replayEvent`."),
]


@strawberry.mutation(
    description="Process an event again, in any state. For operators.", graphql_type=ReplayEventResult
)
async def replay_event(
    info: Info,
    input: Annotated[ReplayEventInput, strawberry.argument(description="The event to process again.")],  # noqa: A002
) -> ReplayEventPayload:
    require(info.context, Role.OPERATOR)
    key = key_of(input.event, "StripeEvent")
    if key is None:
        raise EventNotFound
    return ReplayEventPayload(event=await inbox.replay(key))
