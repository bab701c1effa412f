"""platform: counts, the inbox's health and its events, for operators alone."""

from typing import Any

from models import StripeEvent
from tests.resolvers.world import KINDS, error, event, forged, global_id, made, store
from tests.service import Service

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


async def events(service: Service, **wanted: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await service.graphql(EVENTS, wanted))["platform"]["events"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["stripeEventId"] for edge in found["edges"]]


async def test_it_counts_merchants_and_events(service: Service) -> None:
    query = "{ platform { statusCounts { status count } webhooks { lastReceivedAt backlog failed } } }"
    assert (await service.graphql(query))["platform"] == {
        "statusCounts": [],
        "webhooks": {"lastReceivedAt": None, "backlog": 0, "failed": 0},
    }
    numbers = {kind: number for number, kind in enumerate(KINDS, start=1)}
    await store(made(f"{kind}-{i}", kind) for kind, number in numbers.items() for i in range(number))
    states = ["HANDLED", "PENDING", "FAILED", "PENDING", "IGNORED", "PENDING", "FAILED"]
    await StripeEvent.bulk_create([event(number, state=state) for number, state in enumerate(states)])
    found = (await service.graphql(query))["platform"]
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
    assert found["webhooks"] == {"lastReceivedAt": "2026-01-31T10:06:00.000Z", "backlog": 3, "failed": 2}


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


async def test_it_is_for_operators_alone(service: Service) -> None:
    await store([made("shop-1")])
    for query in ("{ platform { __typename } }", EVENTS):
        for role, merchant in (("service", None), ("merchant", "shop-1")):
            answer = await service.post(query, role=role, merchant=merchant)
            assert answer.json()["data"] is None
            assert await error(service, query, role=role, merchant=merchant) == (
                "FORBIDDEN",
                "This needs a token with the role operator.",
            )
