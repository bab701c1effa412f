"""A service in GraphQL's form: access, grace, dunning and one sentence for each state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.services.rules import document
from connect.services.rules.snapshot import Invoice, Item, Snapshot

FAILED = datetime(2026, 1, 31, tzinfo=UTC)
DUE = Invoice(
    id="in_1",
    status="open",
    number="A-1",
    total=4000,
    remaining=4000,
    currency="USD",
    attempts=2,
    finalized_at=FAILED,
    next_attempt_at=FAILED + timedelta(days=3),
    hosted_url="https://invoice.example/i/1",
    subscription="sub_1",
)
SETTLE = "Paying the open invoice or changing the card settles it."


@pytest.mark.parametrize(
    ("changed", "days", "access", "text"),
    [
        ({"status": "active"}, 0, "FULL", "The subscription is active."),
        (
            {"status": "active", "cancel_at": FAILED},
            0,
            "FULL",
            "The subscription is active. It ends on the date of its cancellation.",
        ),
        ({"status": "trialing"}, 0, "FULL", "The free trial is running."),
        (
            {"status": "past_due", "invoices": (DUE,)},
            13,
            "GRACE",
            f"The last payment failed. Stripe tries again. {SETTLE}",
        ),
        (
            {"status": "past_due", "invoices": (DUE,)},
            14,
            "NONE",
            f"The last payment failed, and the time to settle it is over. Stripe tries again. {SETTLE}",
        ),
        (
            {"status": "past_due", "period_starts_at": FAILED, "period_ends_at": FAILED + timedelta(days=30)},
            1,
            "GRACE",
            f"The last payment failed. Stripe does not try again. {SETTLE}",
        ),
        (
            {"status": "unpaid", "invoices": (DUE,)},
            0,
            "NONE",
            f"All attempts to collect the payment failed, so the service is interrupted. {SETTLE}",
        ),
        (
            {"status": "paused", "paused": "trial_end_without_payment_method"},
            0,
            "NONE",
            "The free trial ended without a card, so the subscription is paused. Adding a card resumes it.",
        ),
        ({"status": "paused", "paused": "pause_requested"}, 0, "NONE", "The subscription is paused."),
        ({"status": "canceled"}, 0, "NONE", "The subscription has ended."),
        (
            {"status": "canceled", "reason": "payment_failed"},
            0,
            "NONE",
            "The subscription ended because its payments failed.",
        ),
        ({"status": "incomplete"}, 0, "NONE", "The first payment is not complete yet."),
        ({"status": "new"}, 0, "NONE", "Stripe reports a state that this version does not know."),
    ],
)
def test_each_state_has_an_access_and_a_sentence(
    changed: dict[str, Any], days: int, access: str, text: str
) -> None:
    built = document.build(Snapshot(id="sub_1", **changed), FAILED + timedelta(days=days))
    assert (built["access"], built["summary"]) == (access, text)


def test_an_overdue_invoice_is_dunned_until_it_is_paid() -> None:
    item = Item(price="price_1", unit_amount=4000, currency="USD", interval="month")
    paid = Invoice(id="in_0", status="paid", total=4000, currency="USD", attempts=1, subscription="sub_1")
    other = Invoice(id="in_9", status="open", total=1, currency="USD", attempts=1, subscription="sub_0")
    late = Snapshot(id="sub_1", status="past_due", items=(item,), invoices=(other, DUE, paid))
    built = document.build(late, FAILED)
    due = {
        "stripeInvoiceId": "in_1",
        "number": "A-1",
        "status": "OPEN",
        "total": {"minorUnits": 4000, "currency": "USD", "exponent": 2, "decimal": "40.00"},
        "remaining": {"minorUnits": 4000, "currency": "USD", "exponent": 2, "decimal": "40.00"},
        "attempts": 2,
        "nextAttemptAt": "2026-02-03T00:00:00.000Z",
        "createdAt": None,
        "hostedUrl": "https://invoice.example/i/1",
    }
    assert built["graceUntil"] == "2026-02-14T00:00:00.000Z"
    assert built["dunning"] == {
        "attempts": 2,
        "nextAttemptAt": "2026-02-03T00:00:00.000Z",
        "invoices": [due],
    }
    assert [one["stripeInvoiceId"] for one in built["invoices"]] == ["in_9", "in_1", "in_0"]
    assert built["items"][0]["interval"] == "MONTH"
    settled = document.build(Snapshot(id="sub_1", status="active", invoices=(paid,)), FAILED)
    assert (settled["dunning"], settled["graceUntil"]) == (None, None)
