"""The endpoints of the platform's own systems, and the mutations about them."""

from typing import Annotated, Any

import strawberry
from strawberry import argument, field

from connect.errors import EndpointNotFound
from connect.merchants.rules.document import global_id
from connect.outgoing import endpoints
from connect.outgoing.rules import endpoint_types
from connect.outgoing.rules.endpoint_states import EndpointState
from connect.scope import Role
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent
from resolvers.common.errors import BadUserInput, Error, InvalidInputError, expected, mutation
from resolvers.common.scalars import URL, DateTime, describe
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.outgoing.deliveries import EventDeliveryState, EventDeliveryType
from resolvers.outgoing.events import OutgoingEventType
from resolvers.relay.node import key_of

MAX_DELIVERIES = 100

EventEndpointState = EndpointState
describe(
    EventEndpointState,
    "EventEndpointState",
    "Whether events are delivered to an endpoint.",
    ENABLED="Events are delivered.",
    PAUSED="A caller of `updateEventEndpoint` has paused the endpoint. New events are not queued for it.",
    DISABLED="ConnectQL has disabled the endpoint, because all attempts had failed for days or because it "
    "answered 410 Gone. New events are not queued for it. Enable it with `updateEventEndpoint`, then replay "
    "the missed events.",
)


@strawberry.type(
    name="EventEndpoint",
    description="An address of one of the platform's own systems, to which ConnectQL delivers events. Each "
    "event is delivered at least once, and events can arrive in any order.",
)
class EventEndpointType:
    @strawberry.field(description="The id of the endpoint. It is unique among endpoints.")
    def id(self, row: strawberry.Parent[EventEndpoint]) -> strawberry.ID:
        return strawberry.ID(global_id("EventEndpoint", row.id))

    url: URL = field(description="The address to which events are delivered.")
    description: str = field(description="A text for the platform's staff. Empty if there is none.")

    @strawberry.field(
        description="The types of the events that are delivered to the endpoint. Null if events of all types "
        "are delivered."
    )
    def types(self, row: strawberry.Parent[EventEndpoint]) -> list[str] | None:
        types = endpoint_types.decode(row.types)
        return sorted(types) if types is not None else None

    @strawberry.field(description="Whether events are delivered.")
    def state(self, row: strawberry.Parent[EventEndpoint]) -> EventEndpointState:
        return EventEndpointState(row.state)

    state_since: DateTime = field(description="When the state last changed.")
    failing_since: DateTime | None = field(
        description="The time of the first failed attempt since the last successful one. Null if no attempt "
        "has failed since the last success, or since the endpoint was paused or enabled."
    )

    @strawberry.field(
        description="Until this time, deliveries are also signed with the previous secret. Null if the "
        "secret was never rotated, or if the last rotation did not keep the previous secret."
    )
    def previous_secret_until(self, row: strawberry.Parent[EventEndpoint]) -> DateTime | None:
        return row.previous_until  # type: ignore[return-value]

    created_at: DateTime = field(description="When the endpoint was created.")

    @strawberry.field(
        description="The deliveries to the endpoint, newest first. `first` is 1 to 100, by default 20.",
        graphql_type=list[EventDeliveryType],
    )
    async def deliveries(
        self,
        row: strawberry.Parent[EventEndpoint],
        first: Annotated[int, argument(description="The number of deliveries.")] = 20,
        state: Annotated[
            EventDeliveryState | None, argument(description="Only deliveries in this state.")
        ] = None,
    ) -> list[OutgoingDelivery]:
        if not 1 <= first <= MAX_DELIVERIES:
            raise BadUserInput(f"`first` must be from 1 to {MAX_DELIVERIES}; it is {first}.")
        rows = OutgoingDelivery.filter(endpoint_id=row.id)
        if state is not None:
            rows = rows.filter(state=state.value)
        return await rows.order_by("-id").limit(first)


@strawberry.field(
    description="The endpoints for events, oldest first; at most 20. For operators and services.",
    graphql_type=list[EventEndpointType],
)
async def event_endpoints(info: Info) -> list[EventEndpoint]:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    return await EventEndpoint.all().order_by("id")


@expected(EndpointNotFound, "No endpoint has this id.")
class EventEndpointNotFoundError(Error):
    pass


@strawberry.input(description="A new endpoint.")
class CreateEventEndpointInput:
    url: URL = field(
        description="The https address, on port 443 or a port of at least 1024; at most 2,000 characters. "
        "Its host must be public, unless the platform's settings allow a private host."
    )
    description: str = field(
        default="", description="A text for the platform's staff; at most 255 characters."
    )
    types: list[str] | None = field(
        default=None,
        description="The types of the events to deliver, such as `payment.created`. Null or an empty list "
        "means all types, including types that later releases add.",
    )


@strawberry.type(description="The endpoint is stored and enabled.")
class CreateEventEndpointPayload:
    endpoint: EventEndpoint = field(description="The endpoint.", graphql_type=EventEndpointType)
    secret: str = field(
        description="The signing secret (`whsec_…`), with which the endpoint verifies deliveries. It is not "
        "shown again."
    )


@mutation(
    "Create an endpoint for events. Each call creates a new endpoint. There can be at most 20. For operators "
    "and services.",
    *(CreateEventEndpointPayload, InvalidInputError),
)
async def create_event_endpoint(
    info: Info,
    input: Annotated[CreateEventEndpointInput, argument(description="The endpoint.")],  # noqa: A002
) -> CreateEventEndpointPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    new = endpoints.Changes(str(input.url), input.description, tuple(input.types or ()))
    endpoint, secret = await endpoints.create(new, info.context.outgoing)
    return CreateEventEndpointPayload(endpoint=endpoint, secret=secret)


@strawberry.input(description="The new values of an endpoint. Omitted values stay as they are.")
class UpdateEventEndpointInput:
    endpoint: strawberry.ID = field(description="The `id` of the endpoint.")
    url: URL | None = field(
        default=None, description="The new address. See `url` of CreateEventEndpointInput."
    )
    description: str | None = field(
        default=None, description="The new text for the platform's staff; at most 255 characters."
    )
    types: list[str] | None = field(default=None, description="The new types. An empty list means all types.")
    enabled: bool | None = field(
        default=None,
        description="Whether to deliver events. If a paused or disabled endpoint is enabled, its pending "
        "deliveries are attempted immediately. Events that occurred while the endpoint was paused or "
        "disabled are delivered only if they are replayed.",
    )


@strawberry.type(description="The endpoint has the new values.")
class UpdateEventEndpointPayload:
    endpoint: EventEndpoint = field(description="The endpoint.", graphql_type=EventEndpointType)


@mutation(
    "Change an endpoint, pause it, or enable it again. Repeating a call changes nothing. For operators and "
    "services.",
    *(UpdateEventEndpointPayload, EventEndpointNotFoundError, InvalidInputError),
)
async def update_event_endpoint(
    info: Info,
    input: Annotated[UpdateEventEndpointInput, argument(description="The new values.")],  # noqa: A002
) -> UpdateEventEndpointPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    types = tuple(input.types) if input.types is not None else None
    url = str(input.url) if input.url is not None else None
    new = endpoints.Changes(url, input.description, types, input.enabled)
    endpoint = await endpoints.update(_key(input.endpoint), new, info.context.outgoing)
    return UpdateEventEndpointPayload(endpoint=endpoint)


@strawberry.input(description="The endpoint to delete.")
class DeleteEventEndpointInput:
    endpoint: strawberry.ID = field(description="The `id` of the endpoint.")


@strawberry.type(description="The endpoint and its deliveries are deleted.")
class DeleteEventEndpointPayload:
    endpoint_id: strawberry.ID = field(description="The `id` of the deleted endpoint.")


@mutation(
    "Delete an endpoint with its deliveries. For operators and services.",
    *(DeleteEventEndpointPayload, EventEndpointNotFoundError),
)
async def delete_event_endpoint(
    info: Info,
    input: Annotated[DeleteEventEndpointInput, argument(description="The endpoint.")],  # noqa: A002
) -> DeleteEventEndpointPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    key = await endpoints.delete(_key(input.endpoint))
    return DeleteEventEndpointPayload(endpoint_id=strawberry.ID(global_id("EventEndpoint", key)))


@strawberry.input(description="The endpoint that gets a new secret.")
class RotateEventEndpointSecretInput:
    endpoint: strawberry.ID = field(description="The `id` of the endpoint.")
    keep_previous_hours: int = field(
        default=endpoints.ROTATION_HOURS,
        description="How long deliveries are also signed with the previous secret: 0 to 168 hours.",
    )


@strawberry.type(description="The endpoint has a new secret.")
class RotateEventEndpointSecretPayload:
    endpoint: EventEndpoint = field(description="The endpoint.", graphql_type=EventEndpointType)
    secret: str = field(description="The new signing secret (`whsec_…`). It is not shown again.")


@mutation(
    "Replace the secret of an endpoint. Each call makes a new secret. For operators and services.",
    *(RotateEventEndpointSecretPayload, EventEndpointNotFoundError, InvalidInputError),
)
async def rotate_event_endpoint_secret(
    info: Info,
    input: Annotated[  # noqa: A002
        RotateEventEndpointSecretInput, argument(description="The endpoint.")
    ],
) -> RotateEventEndpointSecretPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    key, policy = _key(input.endpoint), info.context.outgoing
    endpoint, secret = await endpoints.rotate(key, input.keep_previous_hours, policy)
    return RotateEventEndpointSecretPayload(endpoint=endpoint, secret=secret)


@strawberry.input(description="The endpoint that gets a test event.")
class SendTestEventInput:
    endpoint: strawberry.ID = field(description="The `id` of the endpoint.")


@strawberry.type(description="The test event is queued.")
class SendTestEventPayload:
    event: OutgoingEvent = field(
        description="The event. Its `deliveries` show the endpoint's answer.", graphql_type=OutgoingEventType
    )


@mutation(
    "Deliver an event of the type `endpoint.test` to one endpoint, even if its `types` do not include this "
    "type. Each call sends a new event. For operators and services.",
    *(SendTestEventPayload, EventEndpointNotFoundError),
)
async def send_test_event(
    info: Info,
    input: Annotated[SendTestEventInput, argument(description="The endpoint.")],  # noqa: A002
) -> SendTestEventPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    return SendTestEventPayload(event=await endpoints.send_test(_key(input.endpoint)))


def _key(value: str) -> Any:
    return key_of(value, "EventEndpoint")
