"""platform.events lists events, newest first."""

from typing import Any

import pytest

from models import StripeEvent
from testing.merchants import build_event, build_merchant, encode_cursor, global_id, store
from testing.service import Service
from testing.statements import recorded

EVENTS = """
query ($first: Int, $after: String, $state: EventState, $merchant: MerchantRef) {
  platform {
    events(first: $first, after: $after, state: $state, merchant: $merchant) {
      edges { cursor node { id stripeEventId state merchant { externalId } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""


async def events(service: Service, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await service.graphql(EVENTS, arguments))["platform"]["events"]
    return result


def event_ids(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["stripeEventId"] for edge in connection["edges"]]


async def test_events_are_paged_newest_first(service: Service) -> None:
    one = build_merchant("shop-1")
    await store([one])
    states = ["HANDLED", "FAILED", "IGNORED", "PENDING"]
    rows = [
        build_event(number, state=states[number % 4], merchant=one.merchant if number % 3 == 0 else None)
        for number in range(25)
    ]
    await StripeEvent.bulk_create(rows)
    expected = [f"evt_{number}" for number in reversed(range(25))]
    assert event_ids(await events(service)) == expected[:20]
    pages: list[str] = []
    after = None
    while True:
        result = await events(service, first=7, after=after)
        assert result["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert result["pageInfo"]["startCursor"] == result["edges"][0]["cursor"]
        pages += event_ids(result)
        after = result["pageInfo"]["endCursor"]
        if not result["pageInfo"]["hasNextPage"]:
            break
        # New events do not shift the pages.
        await build_event(30 + len(pages), state="HANDLED").save(force_create=True)
    assert pages == expected
    for state in states:
        result = await events(service, first=100, state=state)
        assert {edge["node"]["state"] for edge in result["edges"]} == {state}
        matches = [name for name, row in zip(expected, reversed(rows), strict=True) if row.state == state]
        assert [name for name in event_ids(result) if name in expected] == matches
    node = (await events(service, first=100))["edges"][-1]["node"]
    assert node == {
        "id": global_id("StripeEvent", rows[0].id),
        "stripeEventId": "evt_0",
        "state": "HANDLED",
        "merchant": {"externalId": "shop-1"},
    }


async def test_events_of_a_merchant_include_the_failed_events_of_its_account(service: Service) -> None:
    one, other = build_merchant("shop-1"), build_merchant("shop-2")
    await store([one, other])
    assert one.account is not None
    handled, failed, of_account, foreign = (
        build_event(number, state="HANDLED" if number == 0 else "FAILED") for number in range(4)
    )
    handled.merchant_id, foreign.merchant_id = one.merchant.id, other.merchant.id
    failed.subject_key = of_account.stripe_account_id = one.account.stripe_account_id
    await StripeEvent.bulk_create([handled, failed, of_account, foreign])
    merchant = {"externalId": "shop-1"}
    assert event_ids(await events(service, merchant=merchant)) == ["evt_2", "evt_1", "evt_0"]
    assert event_ids(await events(service, merchant=merchant, state="FAILED")) == ["evt_2", "evt_1"]
    assert event_ids(await events(service, merchant={"externalId": "nobody"})) == []


async def test_events_are_read_without_their_bodies(idle: Service) -> None:
    one = build_event(1)
    await StripeEvent.bulk_create([one])
    with recorded() as statements:
        result = (await events(idle))["edges"][0]["node"]
        again = (await idle.graphql("query ($id: ID!) { node(id: $id) { id } }", {"id": result["id"]}))[
            "node"
        ]
    assert again == {"id": global_id("StripeEvent", one.id)}
    assert len([text for text in statements.texts if "FROM stripe_event " in text.replace('"', "")]) == 3
    assert [text for text in statements.texts if '"body"' in text] == []


@pytest.mark.one_database
async def test_an_invalid_argument_is_refused_by_name(service: Service) -> None:
    some_id = "01a206b6-bebc-7c0d-92c7-f963a4a70e6c"
    cursors = [
        "",
        "x",
        encode_cursor("EVENTS", "x"),
        encode_cursor("EVENTS"),
        encode_cursor("CREATED_AT_DESC", some_id),
    ]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"first": 0}, "`first` must be from 1 to 100; it is 0."),
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
        *(({"after": text}, "`after` is not a cursor of this connection in this order.") for text in cursors),
    ]
    for arguments, message in cases:
        assert await service.error(EVENTS, arguments) == ("BAD_USER_INPUT", message), arguments
    code, message = await service.error(EVENTS, {"state": "DONE"})
    assert code == "BAD_USER_INPUT"
    assert "'DONE' does not exist in 'EventState' enum" in message
