"""Stripe's SDK fetches the object of each thin event of v1, in the scope of the event."""

import json
from typing import Any

import pytest

from tests.simulator.conftest import Receiver
from tests.simulator.money.conftest import Shop

TYPES = ["v1.charge.updated", "v1.refund.created", "v1.application_fee.created", "v1.balance.available"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@accounts", {"charge", "refund", "balance"}),
        ("@self", {"application_fee", "balance"}),
    ],
)
async def test_the_object_of_each_event_is_fetched_in_its_scope(
    shop: Shop, receiver: Receiver, source: str, expected: set[str]
) -> None:
    order: Any = {
        "name": "Thin",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": TYPES,
        "events_from": [source],
        "webhook_endpoint": {"url": receiver.url},
        "include": ["webhook_endpoint.signing_secret"],
    }
    destination: Any = await shop.client.v2.core.event_destinations.create_async(order)
    secret = destination.webhook_endpoint.signing_secret
    await shop.refund(await shop.pay(application_fee_amount=100))
    shop.pass_time(7 * 86400)
    found = set()
    for body, header in receiver.wait(len(expected)):
        notification: Any = shop.client.parse_event_notification(body, header, secret)
        thin = json.loads(body)
        assert thin["context"] == (shop.account if source == "@accounts" else None)
        # An account has one balance, which has no id.
        assert ("id" in thin["related_object"]) == (thin["type"] != "v1.balance.available")
        related = await notification.fetch_related_object_async()
        assert related.object == notification.related_object.type
        assert (await notification.fetch_event_async()).id == notification.id
        found.add(related.object)
    assert found == expected
