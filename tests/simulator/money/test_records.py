"""Objects of v1: clients fetch them for thin events, and list them by time in pages."""

import json
import time
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
async def test_a_thin_event_leads_to_its_object_in_the_scope_of_the_event(
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


PATHS = (
    "data.latest_charge.balance_transaction.source",
    "data.payment_intent.latest_charge.application_fee",
    "data.charge.payment_intent.latest_charge",
    "data.charge.balance_transaction.source",
    "data.source",
    "data.payment_intent.latest_charge.balance_transaction",
)


async def test_lists_are_filtered_by_time_and_read_in_pages(shop: Shop) -> None:
    await shop.pay(application_fee_amount=10)
    shop.pass_time(2)
    shop.pass_time(1000)
    since = int(time.time()) + 500
    for _ in range(3):
        session = await shop.checkout()
        shop.simulator.client.post(
            f"/c/pay/{session['id']}",
            data={"email": "a@b.example", "number": "4242424242424242", "expiry": "1/40", "cvc": "1"},
        )
    shop.pass_time(2)
    paid = (await shop.v1.payment_intents.list_async({"limit": 3}, shop.scope)).data
    for intent in paid:
        await shop.refund({"id": intent.id}, amount=100)
    calls: list[tuple[Any, Any, int]] = [
        (shop.v1.payment_intents, shop.scope, 3),
        (shop.v1.charges, shop.scope, 3),
        (shop.v1.refunds, shop.scope, 3),
        (shop.v1.application_fees, {}, 3),
        (shop.v1.balance_transactions, shop.scope, 6),
        (shop.v1.checkout.sessions, shop.scope, 3),
    ]
    for (service, scope, count), path in zip(calls, PATHS, strict=True):
        query = {"created": {"gte": since}, "limit": 2, "expand": [path]}
        page = await service.list_async(query, scope)
        rows = [one async for one in page.auto_paging_iter()]
        assert (len(page.data), page.has_more, len(rows), len({one.id for one in rows})) == (
            2,
            True,
            count,
            count,
        )
        assert all(one.created >= since for one in rows)
