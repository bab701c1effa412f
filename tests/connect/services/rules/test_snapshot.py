"""The snapshot of a service stores the current subscription of an account, and its invoices."""

from datetime import UTC, datetime, timedelta
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
                "current_period_start": SECONDS - 86_400,
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
    "due_date": SECONDS,
    "status_transitions": {"finalized_at": SECONDS},
    "next_payment_attempt": SECONDS,
    "hosted_invoice_url": "https://invoice.example/i/1",
    "parent": {"subscription_details": {"subscription": "sub_2"}},
}


def test_only_the_newest_unended_subscription_is_used() -> None:
    ended = {**SUBSCRIPTION, "id": "sub_3", "status": "canceled"}
    found = snapshot.parse([ended, SUBSCRIPTION], [INVOICE])
    assert found == Snapshot(
        id="sub_2",
        status="active",
        period_starts_at=DAY - timedelta(days=1),
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
                due_at=DAY,
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


def test_a_paid_subscription_takes_precedence_over_a_newer_unpaid_one() -> None:
    def chosen(*statuses: str) -> str | None:
        listed = [{"id": f"sub_{index}", "status": status} for index, status in enumerate(statuses)]
        found = snapshot.parse(listed, [])
        return found.id if found is not None else None

    assert chosen("canceled", "incomplete", "past_due", "trialing", "active", "active") == "sub_4"
    assert chosen("unpaid", "past_due", "past_due") == "sub_1"
    assert chosen("incomplete", "unpaid") == "sub_0"


def test_malformed_parts_are_left_out() -> None:
    broken = {"id": "sub_1", "status": None, "items": {"data": [{"price": 1}, 2]}, "trial_end": "soon"}
    found = snapshot.parse([broken], [{"id": 1}])
    assert found == Snapshot(id="sub_1", status="unknown", items=(Item(price=""),))
