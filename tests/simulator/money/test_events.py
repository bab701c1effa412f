"""Events of v1: the list of each account, and the same events at thin and snapshot destinations."""

import json
from collections import Counter
from typing import Any

from tests.simulator.conftest import Receiver, plain
from tests.simulator.money.conftest import Shop, refused

CARD = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


async def listed(shop: Shop, scope: Any, **query: Any) -> list[dict[str, Any]]:
    """Return the events of a scope, oldest first."""
    page = await shop.v1.events.list_async(query, scope)
    return [plain(event) async for event in page.auto_paging_iter()][::-1]


async def test_each_account_lists_the_events_of_its_own_objects(shop: Shop) -> None:
    made = await shop.pay(application_fee_amount=100)
    shop.pass_time(2)
    await shop.refund(made, amount=300, refund_application_fee=True)
    own = await listed(shop, shop.scope, limit=2)
    assert [event["type"] for event in own] == [
        *CARD,
        "charge.updated",
        "refund.created",
        "charge.refunded",
    ]
    platform = await listed(shop, {})
    assert [(event["type"], "account" in event) for event in platform] == [
        ("application_fee.created", False),
        ("application_fee.refunded", False),
    ]
    assert {event["account"] for event in own} == {shop.account}
    # Each event keeps its object as it was at the time of the event.
    amounts = [event["data"]["object"].get("amount_refunded") for event in own[1::2]]
    assert amounts == [0, 0, 300]
    assert plain(await shop.v1.events.retrieve_async(own[1]["id"], {}, shop.scope)) == own[1]
    missing = (404, "resource_missing", "id", f"No such event: '{own[1]['id']}'")
    assert await refused(shop.v1.events.retrieve_async(own[1]["id"])) == missing
    thin: Any = await shop.client.v2.core.events.list_async({"limit": 100})
    assert {event.snapshot_event for event in thin.data if event.type.startswith("v1.")} == {
        event["id"] for event in own + platform
    }


async def test_events_are_filtered_by_type_and_listed_for_thirty_days(shop: Shop) -> None:
    await shop.pay()
    queries: list[dict[str, Any]] = [
        {"type": "charge.succeeded"},
        {"type": "payment_intent.*"},
        {"types": ["charge.succeeded", "payment_intent.created"]},
    ]
    found = [[event["type"] for event in await listed(shop, shop.scope, **query)] for query in queries]
    assert found == [[CARD[1]], [CARD[0], CARD[2]], CARD[:2]]
    many = shop.v1.events.list_async({"types": ["charge.updated"] * 21}, shop.scope)
    assert (await refused(many))[2] == "types"
    both = shop.v1.events.list_async({"type": "a", "types": ["b"]}, shop.scope)
    assert (await refused(both))[0] == 400
    shop.pass_time(29 * 86400)
    assert "charge.succeeded" in [event["type"] for event in await listed(shop, shop.scope)]
    shop.pass_time(86400 + 1)
    assert "charge.succeeded" not in [event["type"] for event in await listed(shop, shop.scope)]


async def test_thin_and_snapshot_destinations_receive_the_same_events(shop: Shop, receiver: Receiver) -> None:
    types = [
        *("charge.dispute.closed", "charge.dispute.created", "charge.dispute.funds_withdrawn"),
        *("charge.refunded", "charge.succeeded", "refund.created"),
    ]
    names = {
        "thin": [*(f"v1.{name}" for name in types), "v1.application_fee.created"],
        "snapshot": [*types, "application_fee.created"],
    }
    for payload, enabled in names.items():
        order: Any = {
            "name": payload,
            "type": "webhook_endpoint",
            "event_payload": payload,
            "enabled_events": enabled,
            "events_from": ["@accounts", "@self"],
            "webhook_endpoint": {"url": receiver.url},
        }
        await shop.client.v2.core.event_destinations.create_async(order)
    await shop.pay(method="pm_card_createDispute", application_fee_amount=100)
    (found,) = (await shop.v1.disputes.list_async({}, shop.scope)).data
    await shop.v1.disputes.close_async(found.id, {}, shop.scope)
    await shop.refund(await shop.pay())
    shop.pass_time(2)
    bodies = [json.loads(body) for body, _ in receiver.wait(16)]
    scopes: dict[str, Counter[tuple[str, str | None]]] = {"event": Counter(), "v2.core.event": Counter()}
    for body in bodies:
        account = body.get("account") if body["object"] == "event" else body["context"]
        scopes[body["object"]][body["type"].removeprefix("v1."), account] += 1
    assert scopes["event"] == scopes["v2.core.event"]
    expected: Counter[tuple[str, str | None]] = Counter((name, shop.account) for name in types)
    expected.update({("charge.succeeded", shop.account): 1, ("application_fee.created", None): 1})
    assert scopes["event"] == expected
    disputed = [one for one in bodies if one["type"] == "v1.charge.dispute.created"]
    assert disputed[0]["related_object"] == {
        "id": found.id,
        "type": "dispute",
        "url": f"/v1/disputes/{found.id}",
    }
