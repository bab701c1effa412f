"""A service as our own data: the current subscription of an account, and its invoices."""

from datetime import UTC, datetime
from typing import Any

from connect.services.rules import snapshot
from connect.services.rules.snapshot import Invoice, Item, Snapshot

DAY = datetime(2026, 1, 31, tzinfo=UTC)
SECONDS = int(DAY.timestamp())
SUBSCRIPTION: dict[str, Any] = {
    "id": "sub_2",
    "status": "active",
    "cancellation_details": {"reason": None},
    "items": {
        "data": [
            {
                "current_period_end": SECONDS,
                "quantity": 2,
                "price": {
                    "id": "price_1",
                    "currency": "usd",
                    "unit_amount": 2000,
                    "recurring": {"interval": "month", "interval_count": 3},
                },
            }
        ]
    },
}
INVOICE: dict[str, Any] = {
    "id": "in_1",
    "status": "open",
    "number": "A-1",
    "total": 4000,
    "amount_remaining": 4000,
    "currency": "usd",
    "attempt_count": 1,
    "created": SECONDS,
    "status_transitions": {"finalized_at": SECONDS},
    "next_payment_attempt": SECONDS,
    "hosted_invoice_url": "https://invoice.example/i/1",
    "parent": {"subscription_details": {"subscription": "sub_2"}},
}


def test_the_newest_subscription_that_has_not_ended_counts() -> None:
    ended = {**SUBSCRIPTION, "id": "sub_3", "status": "canceled"}
    found = snapshot.parse([ended, SUBSCRIPTION], [INVOICE])
    assert found == Snapshot(
        id="sub_2",
        status="active",
        period_ends_at=DAY,
        items=(
            Item(
                price="price_1",
                quantity=2,
                unit_amount=2000,
                currency="USD",
                interval="month",
                interval_count=3,
            ),
        ),
        invoices=(
            Invoice(
                id="in_1",
                status="open",
                number="A-1",
                total=4000,
                remaining=4000,
                currency="USD",
                attempts=1,
                created_at=DAY,
                finalized_at=DAY,
                next_attempt_at=DAY,
                hosted_url="https://invoice.example/i/1",
                subscription="sub_2",
            ),
        ),
    )
    assert snapshot.decode(snapshot.encode(found)) == found
    ended_only = snapshot.parse([ended], [])
    assert ended_only is not None
    assert (ended_only.id, ended_only.is_open) == ("sub_3", False)
    assert snapshot.parse([], [INVOICE]) is None


def test_malformed_parts_are_left_out() -> None:
    broken = {"id": "sub_1", "status": None, "items": {"data": [{"price": 1}, 2]}, "trial_end": "soon"}
    found = snapshot.parse([broken], [{"id": 1}])
    assert found == Snapshot(id="sub_1", status="unknown", items=(Item(price=""),))
