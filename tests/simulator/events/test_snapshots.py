"""Snapshot events: the whole object, the account, and the destinations that receive them."""

import json
from typing import Any

import pytest
import stripe

from testing.processes import Simulator
from testing.waits import until
from tests.simulator.conftest import Receiver
from tests.simulator.money.conftest import OBJECTS, Shop, differences


async def subscribe(shop: Shop, url: str, types: list[str], source: str, **more: Any) -> Any:
    """Create a destination with snapshot payloads."""
    order: Any = {
        "name": "Snapshots",
        "type": "webhook_endpoint",
        "event_payload": "snapshot",
        "enabled_events": types,
        "events_from": [source],
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret"],
        **more,
    }
    return await shop.client.v2.core.event_destinations.create_async(order)


async def test_a_snapshot_has_the_account_and_the_object_of_that_time(shop: Shop, receiver: Receiver) -> None:
    made = await subscribe(shop, receiver.url, ["*"], "@accounts", snapshot_api_version="2026-10-28.endive")
    paid = await shop.pay(application_fee_amount=100)
    received = receiver.wait(3)
    secret = made.webhook_endpoint.signing_secret
    found = [stripe.Webhook.construct_event(body, header, secret) for body, header in received]
    assert {event.type for event in found} == {
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    }
    by_type = {event["type"]: event for event in (json.loads(body) for body, _ in received)}
    created, paid_event = by_type["payment_intent.created"], by_type["payment_intent.succeeded"]
    assert created["data"]["object"]["status"] == "requires_confirmation"
    assert paid_event["data"]["object"]["status"] == "succeeded"
    assert {event["account"] for event in by_type.values()} == {shop.account}
    assert (paid_event["api_version"], paid_event["request"]["id"][:4]) == ("2026-10-28.endive", "req_")
    for event in by_type.values():
        shape = OBJECTS[event["data"]["object"]["object"]]
        assert differences(event["data"]["object"], shape, event["type"]) == []
    thin: Any = await shop.client.v2.core.events.list_async({"object_id": paid["id"]})
    assert {event.snapshot_event for event in thin.data} == {created["id"], paid_event["id"]}


async def test_the_snapshot_of_a_fee_has_no_account(shop: Shop, receiver: Receiver) -> None:
    await subscribe(shop, receiver.url, ["application_fee.created"], "@self")
    await shop.pay(application_fee_amount=100)
    shop.pass_time(2)
    event = json.loads(receiver.wait(1)[0][0])
    assert (event["type"], event["data"]["object"]["amount"]) == ("application_fee.created", 100)
    assert "account" not in event
    assert differences(event["data"]["object"], OBJECTS["application_fee"], "fee") == []


async def test_a_redelivered_snapshot_is_the_same(shop: Shop, sim: Simulator, receiver: Receiver) -> None:
    await subscribe(shop, receiver.url, ["charge.succeeded"], "@accounts")
    await shop.refund(await shop.pay())
    first = json.loads(receiver.wait(1)[0][0])
    until(lambda: sim.control("deliveries/counts")["statuses"] == {"delivered": 1})
    event = sim.control("deliveries")["data"][0]["event"]
    sim.control(f"events/{event}/redeliver", {})
    again = json.loads(receiver.wait(2)[1][0])
    assert again == first
    assert again["data"]["object"]["amount_refunded"] == 0


@pytest.mark.parametrize(
    ("types", "more"),
    [
        (["v1.charge.succeeded"], {}),
        (["v2.core.account.updated"], {}),
        (["*"], {"snapshot_api_version": "x"}),
    ],
)
async def test_types_without_snapshots_and_invalid_versions_are_refused(
    shop: Shop, types: list[str], more: dict[str, str]
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        await subscribe(shop, "http://127.0.0.1:9/", types, "@accounts", **more)
