"""replayOutgoingEvents: deliver events to an endpoint again."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.merchants.rules.account.snapshot import parse_time
from connect.outgoing import endpoints
from connect.scope import Role
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import DateTime
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.outgoing.endpoints import EventEndpointNotFoundError
from resolvers.relay.node import key_of

MAX_EVENTS = 100


@strawberry.input(description="A period of time.")
class EventPeriod:
    since: DateTime = field(description="The beginning, which is included.")
    until: DateTime = field(description="The end, which is not included.")


@strawberry.input(one_of=True, description="The events to deliver again.")
class EventSelection:
    ids: strawberry.Maybe[list[strawberry.ID]] = field(
        description="The ids of 1 to 100 events. An event is delivered even if the endpoint's `types` do not "
        "include its type.",
    )
    period: strawberry.Maybe[EventPeriod] = field(
        description="All events of a period whose types are among the endpoint's `types`; at most 10,000.",
    )


@strawberry.input(description="The endpoint and the events.")
class ReplayOutgoingEventsInput:
    endpoint: strawberry.ID = field(description="The `id` of the endpoint.")
    events: EventSelection = field(description="The events.")


@strawberry.type(description="The events are queued.")
class ReplayOutgoingEventsPayload:
    count: int = field(description="The number of queued events. Unknown ids do not count.")


@mutation(
    "Deliver events to an endpoint again, with the same ids, whether or not they were delivered before. If "
    "the endpoint is paused or disabled, they are delivered after it is enabled. For operators and services.",
    *(ReplayOutgoingEventsPayload, EventEndpointNotFoundError, InvalidInputError),
)
async def replay_outgoing_events(
    info: Info,
    input: Annotated[  # noqa: A002
        ReplayOutgoingEventsInput, argument(description="The endpoint and the events.")
    ],
) -> ReplayOutgoingEventsPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    key = key_of(input.endpoint, "EventEndpoint")
    if (period := input.events.period) is not None:
        since, until = _time("since", period.value.since), _time("until", period.value.until)
        return ReplayOutgoingEventsPayload(count=await endpoints.replay_between(key, since, until))
    ids = input.events.ids.value if input.events.ids is not None else []
    if not 1 <= len(ids) <= MAX_EVENTS:
        message = f"Give 1 to {MAX_EVENTS} ids."
        code = FieldCode.TOO_MANY if ids else FieldCode.REQUIRED
        raise InvalidInput([InvalidField("events.ids", code, message, message)])
    keys = [found for one in ids if (found := key_of(one, "OutgoingEvent")) is not None]
    return ReplayOutgoingEventsPayload(count=await endpoints.replay(key, keys))


def _time(name: str, text: str) -> datetime:
    moment = parse_time(text)
    if moment is None:
        message = "Write a time in UTC, such as 2026-01-31T10:00:00Z."
        raise InvalidInput([InvalidField(f"events.period.{name}", FieldCode.DATE_INVALID, message, message)])
    return moment
