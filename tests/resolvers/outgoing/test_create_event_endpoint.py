"""Endpoints get the events about changes. Operators and services manage the endpoints."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from connect.outgoing.rules import payloads
from models import AuditEntry
from testing import confidential
from testing.merchants import global_id
from testing.processes import Simulator
from testing.receiver import receiving
from testing.service import Service, eventually, running
from testing.state import read_state

ERRORS = "... on InvalidInputError { field } ... on Error { message }"
CREATE = f"""
mutation ($input: CreateEventEndpointInput!) {{
  createEventEndpoint(input: $input) {{
    __typename
    ... on CreateEventEndpointPayload {{
      secret endpoint {{ id url description types state failingSince previousSecretUntil }}
    }}
    {ERRORS}
  }}
}}
"""
UPDATE = f"""
mutation ($input: UpdateEventEndpointInput!) {{
  updateEventEndpoint(input: $input) {{
    __typename ... on UpdateEventEndpointPayload {{ endpoint {{ state types url }} }} {ERRORS}
  }}
}}
"""
ROTATE = f"""
mutation ($input: RotateEventEndpointSecretInput!) {{
  rotateEventEndpointSecret(input: $input) {{
    __typename
    ... on RotateEventEndpointSecretPayload {{ secret endpoint {{ previousSecretUntil }} }}
    {ERRORS}
  }}
}}
"""
TEST = """
mutation ($input: SendTestEventInput!) {
  sendTestEvent(input: $input) {
    __typename ... on SendTestEventPayload { event { id type subjectId deliveries { state } } }
    ... on Error { message }
  }
}
"""
REPLAY = f"""
mutation ($input: ReplayOutgoingEventsInput!) {{
  replayOutgoingEvents(input: $input) {{
    __typename ... on ReplayOutgoingEventsPayload {{ count }} {ERRORS}
    ... on InvalidInputError {{ fields {{ name code }} }}
  }}
}}
"""
DELETE = """
mutation ($input: DeleteEventEndpointInput!) {
  deleteEventEndpoint(input: $input) {
    __typename ... on DeleteEventEndpointPayload { endpointId } ... on Error { message }
  }
}
"""
ENDPOINTS = """
{ eventEndpoints { id deliveries(first: 100) { state eventId attempts { status error durationMs } } } }
"""
EVENTS = """
query ($first: Int, $after: String, $types: [String!]) {
  outgoingEvents(first: $first, after: $after, types: $types) {
    edges { cursor node { id type subjectId sequence payload deliveries { endpointId state } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def call(service: Service, text: str, **values: Any) -> dict[str, Any]:
    (result,) = (await service.graphql(text, {"input": values}, role="service")).values()
    return dict(result)


@pytest.mark.slow
async def test_an_endpoint_gets_the_events_that_a_query_also_returns(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    allowed = {"EVENT_PRIVATE_HOSTS": "127.0.0.1", "EVENT_KEYS": "e" * 32}
    async with running(database_url, simulator, tmp_path, **allowed) as service, receiving() as receiver:
        created = await call(service, CREATE, url=f"{receiver.url}/hooks", description="Ours")
        endpoint, secret = created["endpoint"], created["secret"]
        confidential.keep("secret", secret)
        assert endpoint == {
            "id": endpoint["id"],
            "url": f"{receiver.url}/hooks",
            "description": "Ours",
            "types": None,
            "state": "ENABLED",
            "failingSince": None,
            "previousSecretUntil": None,
        }
        merchant = (await service.create("shop-1"))["merchant"]

        async def arrived() -> bool:
            return len({one.id for one in receiver.received}) >= 3

        await eventually(arrived)
        first = await read(service, first=2)
        rest = await read(service, after=first["pageInfo"]["endCursor"])
        events = [edge["node"] for edge in first["edges"] + rest["edges"]]
        assert [event["type"] for event in events] == [
            *("merchant.created", "merchant.status_changed", "merchant.requirements_changed")
        ]
        assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
        assert {event["subjectId"] for event in events} == {merchant["id"]}
        assert events[0]["sequence"] < events[1]["sequence"] == events[2]["sequence"]
        assert json.loads(events[1]["payload"])["data"] == {
            "merchant": {"id": merchant["id"], "externalId": "shop-1"},
            "status": "ONBOARDING",
            "previousStatus": "CREATING",
        }
        delivered = {one.id: one for one in receiver.received}
        for event in events:
            one = delivered[event["id"]]
            assert one.body.decode() == event["payload"]
            stamp = one.headers["webhook-timestamp"]
            assert one.headers["webhook-signature"] == payloads.sign(one.id, stamp, one.body, secret)
        (chosen,) = (await read(service, types=["merchant.created"]))["edges"]
        assert chosen["node"]["id"] == events[0]["id"]
        assert len((await read(service, types=[]))["edges"]) == 3  # an empty list means all types

        async def settled() -> bool:
            (known,) = (await service.graphql(ENDPOINTS))["eventEndpoints"]
            return [one["state"] for one in known["deliveries"]] == ["DELIVERED"] * 3

        await eventually(settled)
        # A paused endpoint gets a test event only after it is enabled again.
        paused = await call(service, UPDATE, endpoint=endpoint["id"], enabled=False, types=["refund.created"])
        assert paused["endpoint"] == {
            "state": "PAUSED",
            "types": ["refund.created"],
            "url": f"{receiver.url}/hooks",
        }
        sent = (await call(service, TEST, endpoint=endpoint["id"]))["event"]
        assert (sent["type"], sent["subjectId"], sent["deliveries"]) == (
            *("endpoint.test", None),
            [{"state": "PENDING"}],
        )
        replayed = await call(
            service, REPLAY, endpoint=endpoint["id"], events={"ids": [events[0]["id"], "x"]}
        )
        assert replayed["count"] == 1
        entry = await AuditEntry.get(action="replayOutgoingEvents")
        assert (entry.subject, entry.outcome) == (endpoint["id"], "OK")
        receiver.received.clear()
        await call(service, UPDATE, endpoint=endpoint["id"], enabled=True)

        async def repeated() -> bool:
            return {one.id for one in receiver.received} == {sent["id"], events[0]["id"]}

        await eventually(repeated)
        rotated = await call(service, ROTATE, endpoint=endpoint["id"])
        assert rotated["secret"] not in {secret, None}
        assert rotated["endpoint"]["previousSecretUntil"] is not None
        deleted = await call(service, DELETE, endpoint=endpoint["id"])
        assert deleted["endpointId"] == endpoint["id"]
        assert (await service.graphql(ENDPOINTS))["eventEndpoints"] == []


async def read(service: Service, **arguments: Any) -> dict[str, Any]:
    page: dict[str, Any] = (await service.graphql(EVENTS, arguments, role="service"))["outgoingEvents"]
    return page


@pytest.mark.one_database
async def test_each_refusal_has_its_type_and_changes_nothing(service: Service) -> None:
    missing = global_id("EventEndpoint", uuid.UUID(int=1))
    before = await read_state(service)
    refused = await call(service, CREATE, url="https://127.0.0.1/")
    assert refused == {
        "__typename": "InvalidInputError",
        "field": "url",
        "message": "The host is in a private network. An operator can allow it with "
        "CONNECTQL_EVENT_PRIVATE_HOSTS.",
    }
    cases: list[tuple[str, dict[str, Any]]] = [
        (UPDATE, {"enabled": True}),
        (ROTATE, {}),
        (TEST, {}),
        (REPLAY, {"events": {"ids": [missing]}}),
        (DELETE, {}),
    ]
    for text, values in cases:
        for key in (missing, "x"):
            assert (await call(service, text, endpoint=key, **values))["__typename"] == (
                "EventEndpointNotFoundError"
            )
    for events, name, code in (
        ({"ids": []}, "events.ids", "REQUIRED"),
        ({"ids": [missing] * 101}, "events.ids", "TOO_MANY"),
        ({"period": {"since": "x", "until": "2026-01-31T10:00:00Z"}}, "events.period.since", "DATE_INVALID"),
    ):
        result = await call(service, REPLAY, endpoint=missing, events=events)
        assert result["fields"] == [{"name": name, "code": code}]
    forbidden = ("FORBIDDEN", "This operation requires a token with the role operator or service.")
    for text in (EVENTS, ENDPOINTS):
        assert await service.error(text, role="merchant", merchant="shop-1") == forbidden
    new = {"input": {"url": "https://8.8.8.8/"}}
    assert await service.error(CREATE, new, role="merchant", merchant="shop-1") == forbidden
    for arguments, message in (
        ({"types": ["payment.x"]}, "`types`: 'payment.x' is not an event type."),
        ({"after": "x"}, "`after` is not a cursor of this connection in this order."),
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
    ):
        assert await service.error(EVENTS, arguments) == ("BAD_USER_INPUT", message)
    assert await read_state(service) == before
