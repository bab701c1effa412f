"""platform: counts, the inbox's health and its events, for operators alone."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from connect.events.handlers import ENABLED_EVENTS
from connect.gateway import Gateway
from connect.merchants.document import wire_time
from connect.platform import health, periodic
from models import AccountCreation, PeriodicTask, StripeEvent, now
from testing.service import STRIPE_KEY, Service
from tests.resolvers.world import KINDS, REFUSED, error, event, fail, forged, global_id, made, recover, store

EVENTS = """
query ($first: Int, $after: String, $state: EventState) {
  platform {
    events(first: $first, after: $after, state: $state) {
      edges { cursor node { id stripeEventId state merchant { externalId } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""

HEALTH = """
{
  platform {
    problems { code severity message remedy count since }
    webhooks { destinationStatus destinationCheckedAt }
  }
}
"""
CREATIONS = """
query ($first: Int, $after: String, $state: CreationState) {
  platform {
    creations(first: $first, after: $after, state: $state) {
      edges {
        cursor
        node {
          externalId state attempts code message remedy requestId createdAt finishedAt
          merchant { externalId }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""


async def look(service: Service, key: str = STRIPE_KEY) -> dict[str, Any]:
    """What operators and monitoring see after a worker has looked at Stripe."""
    gateway = Gateway(key, service.simulator.base_url, timeout=2, retries=0)
    settings = service.settings
    try:
        await periodic.hasten("health")
        await health.watch(
            gateway,
            "tests",
            webhook_url=settings.webhook_url,
            stale_after=settings.stale_after,
            backfill_after=settings.backfill_after,
        )
    finally:
        await gateway.close()
    found: dict[str, Any] = (await service.graphql(HEALTH))["platform"]
    task = await PeriodicTask.get(name="health")
    ready = (await service.http.get("/readyz")).json()
    assert ready["problems"] == task.state["codes"] == [one["code"] for one in found["problems"]]
    return found


async def events(service: Service, **wanted: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await service.graphql(EVENTS, wanted))["platform"]["events"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["stripeEventId"] for edge in found["edges"]]


async def test_it_counts_merchants_and_events(idle: Service) -> None:
    health = "lastReceivedAt backlog failed destinationStatus destinationCheckedAt"
    query = f"{{ platform {{ statusCounts {{ status count }} webhooks {{ {health} }} }} }}"
    unknown = {"destinationStatus": "UNKNOWN", "destinationCheckedAt": None}
    assert (await idle.graphql(query))["platform"] == {
        "statusCounts": [],
        "webhooks": {"lastReceivedAt": None, "backlog": 0, "failed": 0, **unknown},
    }
    numbers = {kind: number for number, kind in enumerate(KINDS, start=1)}
    await store(made(f"{kind}-{i}", kind) for kind, number in numbers.items() for i in range(number))
    states = ["HANDLED", "PENDING", "FAILED", "PENDING", "IGNORED", "PENDING", "FAILED"]
    await StripeEvent.bulk_create([event(number, state=state) for number, state in enumerate(states)])
    # What Stripe did not deliver is no sign that its events arrive.
    filled = event(30)
    filled.back_filled_at = filled.received_at
    await filled.save(force_create=True)
    found = (await idle.graphql(query))["platform"]
    # In the order of the enum; statuses that no merchant has are left out.
    assert found["statusCounts"] == [
        {"status": KINDS[kind][0], "count": numbers[kind]}
        for kind in (
            "creating",
            "onboarding",
            "review",
            "active",
            "due_soon",
            "rejected",
            "disconnected",
            "closed",
        )
    ]
    assert found["webhooks"] == {
        "lastReceivedAt": "2026-01-31T10:06:00.000Z",
        "backlog": 3,
        "failed": 2,
        **unknown,
    }


async def test_events_page_by_page_the_latest_first(service: Service) -> None:
    one = made("shop-1")
    await store([one])
    states = ["HANDLED", "FAILED", "IGNORED", "PENDING"]
    rows = [
        event(number, state=states[number % 4], merchant=one.merchant if number % 3 == 0 else None)
        for number in range(25)
    ]
    await StripeEvent.bulk_create(rows)
    expected = [f"evt_{number}" for number in reversed(range(25))]
    assert names(await events(service)) == expected[:20]
    walked: list[str] = []
    after = None
    while True:
        found = await events(service, first=7, after=after)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
        walked += names(found)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        # What arrives meanwhile does not shift the pages.
        await event(30 + len(walked), state="HANDLED").save(force_create=True)
    assert walked == expected
    for state in states:
        found = await events(service, first=100, state=state)
        assert {edge["node"]["state"] for edge in found["edges"]} == {state}
        wanted = [name for name, row in zip(expected, reversed(rows), strict=True) if row.state == state]
        assert [name for name in names(found) if name in expected] == wanted
    node = (await events(service, first=100))["edges"][-1]["node"]
    assert node == {
        "id": global_id("StripeEvent", rows[0].id),
        "stripeEventId": "evt_0",
        "state": "HANDLED",
        "merchant": {"externalId": "shop-1"},
    }


async def test_events_are_listed_without_loading_what_they_said(
    idle: Service, caplog: pytest.LogCaptureFixture
) -> None:
    one = event(1)
    await StripeEvent.bulk_create([one])
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    found = (await events(idle))["edges"][0]["node"]
    again = (await idle.graphql("query ($id: ID!) { node(id: $id) { id } }", {"id": found["id"]}))["node"]
    assert again == {"id": global_id("StripeEvent", one.id)}
    asked = [record.getMessage() for record in caplog.records if record.name == "tortoise.db_client"]
    assert len([text for text in asked if 'FROM "stripe_event"' in text]) == 3
    assert [text for text in asked if '"body"' in text] == []


async def test_bad_arguments_are_refused_by_name(service: Service) -> None:
    some_id = "01a206b6-bebc-7c0d-92c7-f963a4a70e6c"
    cursors = ["", "x", forged("EVENTS", "x"), forged("EVENTS"), forged("CREATED_AT_DESC", some_id)]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"first": 0}, "`first` must be from 1 to 100; it is 0."),
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
        *(({"after": text}, "`after` is no cursor of this connection in this order.") for text in cursors),
    ]
    for wanted, message in cases:
        assert await error(service, EVENTS, wanted) == ("BAD_USER_INPUT", message), wanted
    code, message = await error(service, EVENTS, {"state": "DONE"})
    assert code == "BAD_USER_INPUT"
    assert "'DONE' does not exist in 'EventState' enum" in message


async def test_a_fault_of_the_destination_is_shown_with_its_remedy(idle: Service) -> None:
    url = idle.settings.webhook_url
    well = await look(idle)
    assert well["problems"] == []
    assert well["webhooks"]["destinationStatus"] == "ENABLED"
    seen = await health.last_seen()
    assert well["webhooks"]["destinationCheckedAt"] == wire_time(seen.destination_checked_at)
    assert seen.destination is not None
    name = seen.destination.id
    create = f"Run `python -m api destination {url}` and put the secret into CONNECTQL_WEBHOOK_SECRETS."
    workbench = "In Stripe's Dashboard, Workbench > Webhooks,"
    anew = f"Stripe cannot change this. {create} Then delete {name} in Stripe's Dashboard."
    lacking = "v1.account.application.authorized, v1.account.application.deauthorized"
    faults: list[tuple[dict[str, Any], str, str, str, int, str]] = [
        (
            {"status": "disabled", "status_details": {"disabled": {"reason": "user"}}},
            "DISABLED",
            "DESTINATION_DISABLED",
            f"The event destination {name} is disabled (reason: user).",
            1,
            f"{workbench} enable {name}. What Stripe did not send meanwhile is back-filled.",
        ),
        (
            {"events_from": ["@self"]},
            "ENABLED",
            "DESTINATION_SCOPE",
            f"The event destination {name} does not send the events of connected accounts.",
            1,
            anew,
        ),
        (
            {"event_payload": "snapshot"},
            "ENABLED",
            "DESTINATION_PAYLOAD",
            f"The event destination {name} sends another payload than thin; such notifications are refused.",
            1,
            anew,
        ),
        (
            {"enabled_events": list(ENABLED_EVENTS[:-2])},
            "ENABLED",
            "DESTINATION_EVENTS",
            f"The event destination {name} lacks 2 event types: {lacking}.",
            2,
            f"{workbench} add them to {name}.",
        ),
        (
            {"webhook_endpoint": {"url": f"{url}/elsewhere"}},
            "MISSING",
            "DESTINATION_MISSING",
            f"Stripe has no event destination with the address {url}.",
            1,
            f"{create} If it exists with another address, set CONNECTQL_WEBHOOK_URL to that.",
        ),
    ]
    repair = {
        "status": "enabled",
        "status_details": None,
        "events_from": ["@accounts"],
        "event_payload": "thin",
        "enabled_events": ["*"],
        "webhook_endpoint": {"url": url},
    }
    for change, status, code, message, count, remedy in faults:
        idle.simulator.control(f"destinations/{name}", change)
        found = await look(idle)
        assert found["problems"] == [
            {
                "code": code,
                "severity": "ERROR",
                "message": message,
                "remedy": remedy,
                "count": count,
                "since": None,
            }
        ]
        assert found["webhooks"]["destinationStatus"] == status
        idle.simulator.control(f"destinations/{name}", repair)
        assert (await look(idle))["problems"] == []


async def test_a_refused_key_is_a_problem_and_the_destination_stays_as_last_seen(idle: Service) -> None:
    before = await look(idle)
    found = await look(idle, "rk_test_" + "x" * 24)
    (problem,) = found["problems"]
    assert (problem["code"], problem["severity"]) == ("STRIPE_KEY_REFUSED", "ERROR")
    assert problem["since"] == wire_time((await health.last_seen()).stripe_since)
    assert found["webhooks"] == before["webhooks"]


async def test_what_happens_between_two_looks_is_seen_at_once(idle: Service) -> None:
    await look(idle)
    at = await now()
    lost = event(1, state="FAILED")
    lost.back_filled_at = lost.received_at
    await lost.save(force_create=True)
    idle.simulator.control("deliveries", {"mode": "drop"})
    await idle.create()
    await AccountCreation.all().update(state="PENDING", created_at=at - timedelta(minutes=6))
    found = (await idle.graphql(HEALTH))["platform"]["problems"]
    assert [(one["code"], one["count"], one["since"]) for one in found] == [
        ("DESTINATION_SILENT", 1, "2026-01-31T10:01:00.000Z"),
        ("EVENTS_FAILED", 1, "2026-01-31T10:01:00.000Z"),
        ("CREATIONS_STUCK", 1, wire_time(at - timedelta(minutes=6))),
    ]
    # Monitoring is told what the last look found.
    assert (await idle.http.get("/readyz")).json()["problems"] == []


async def test_nobody_has_looked_yet(idle: Service) -> None:
    (problem,) = (await idle.graphql(HEALTH))["platform"]["problems"]
    assert (problem["code"], problem["count"], problem["since"]) == ("NO_WORKER", 1, None)


async def creations(service: Service, **wanted: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await service.graphql(CREATIONS, wanted))["platform"]["creations"]
    return found


async def test_what_stripe_refused_is_shown_with_the_reason(idle: Service) -> None:
    idle.simulator.control("deliveries", {"mode": "drop"})
    await idle.create("shop-1")
    fail(idle, "/v2/core/accounts", REFUSED)
    refusal = await idle.create("shop-2")
    recover(idle)
    assert (refusal["__typename"], refusal["code"]) == ("StripeRefusedError", "not_today")
    body = {"error": {"code": "not_found", "message": "No such thing."}}
    fail(idle, "/v2/core/accounts", {"status": 404, "body": body, "times": 1})
    await idle.create("shop-3")
    found = await creations(idle)
    rows = {row.external_id: row for row in await AccountCreation.all()}
    times = {
        name: {"createdAt": wire_time(row.created_at), "finishedAt": wire_time(row.finished_at)}
        for name, row in rows.items()
    }
    assert [edge["node"] for edge in found["edges"]] == [
        {
            "externalId": "shop-3",
            "state": "REFUSED",
            "attempts": 1,
            "code": "not_found",
            "message": "No such thing.",
            "remedy": "Check the id, and that it belongs to this platform and to the same mode as the key.",
            "requestId": rows["shop-3"].request_id,
            **times["shop-3"],
            "merchant": None,
        },
        {
            "externalId": "shop-2",
            "state": "REFUSED",
            "attempts": 1,
            "code": "not_today",
            "message": "Stripe says no.",
            "remedy": None,
            "requestId": refusal["requestId"],
            **times["shop-2"],
            "merchant": None,
        },
        {
            "externalId": "shop-1",
            "state": "SUCCEEDED",
            "attempts": 1,
            "code": None,
            "message": None,
            "remedy": None,
            "requestId": None,
            **times["shop-1"],
            "merchant": {"externalId": "shop-1"},
        },
    ]
    for state, expected in {"REFUSED": ["shop-3", "shop-2"], "SUCCEEDED": ["shop-1"], "PENDING": []}.items():
        chosen = await creations(idle, state=state)
        assert [edge["node"]["externalId"] for edge in chosen["edges"]] == expected
    first = await creations(idle, first=2)
    assert first["pageInfo"]["hasNextPage"] is True
    rest = await creations(idle, first=2, after=first["pageInfo"]["endCursor"])
    assert [edge["node"]["externalId"] for edge in rest["edges"]] == ["shop-1"]
    assert (rest["pageInfo"]["hasPreviousPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
        ({"after": forged("EVENTS", "x")}, "`after` is no cursor of this connection in this order."),
    ]
    for wanted, message in cases:
        assert await error(idle, CREATIONS, wanted) == ("BAD_USER_INPUT", message)


async def test_it_is_for_operators_alone(service: Service) -> None:
    await store([made("shop-1")])
    for query in ("{ platform { __typename } }", EVENTS, HEALTH, CREATIONS):
        for role, merchant in (("service", None), ("merchant", "shop-1")):
            answer = await service.post(query, role=role, merchant=merchant)
            assert answer.json()["data"] is None
            assert await error(service, query, role=role, merchant=merchant) == (
                "FORBIDDEN",
                "This operation requires a token with the role operator.",
            )
