"""The document of a service has the access, the grace, the dunning and one sentence for each state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
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
# A subscription whose invoices are sent to the merchant, and one of these invoices, due at FAILED.
SENT: dict[str, Any] = {"collection_method": "send_invoice", "days_until_due": 30}
BILL = Invoice(
    id="in_2",
    status="open",
    finalized_at=FAILED - timedelta(days=30),
    due_at=FAILED,
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
            "The subscription is active. It is set to end on a fixed date.",
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
        (
            {**SENT, "status": "active", "invoices": (BILL,)},
            -1,
            "FULL",
            "The subscription is active. An invoice is not paid yet.",
        ),
        (
            {**SENT, "status": "past_due", "invoices": (BILL,)},
            13,
            "GRACE",
            "An invoice is overdue. Paying the open invoice settles it.",
        ),
        (
            {**SENT, "status": "past_due", "invoices": (BILL,)},
            14,
            "NONE",
            "An invoice is overdue, and the time to settle it is over. Paying the open invoice settles it.",
        ),
        (
            {**SENT, "status": "unpaid", "invoices": (BILL,)},
            14,
            "NONE",
            (
                "An invoice was not paid in time, so the service is interrupted. Paying the open invoice "
                "settles it."
            ),
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
def test_each_state_determines_the_access_and_the_sentence(
    changed: dict[str, Any], days: int, access: str, text: str
) -> None:
    built = document.build(Snapshot(id="sub_1", **changed), FAILED + timedelta(days=days))
    assert (built["access"], built["summary"]) == (access, text)


def test_a_sent_invoice_is_dunned_from_its_due_date() -> None:
    newer = Invoice(id="in_3", status="open", due_at=FAILED + timedelta(days=30), subscription="sub_1")
    late = Snapshot(id="sub_1", status="past_due", invoices=(newer, BILL), **SENT)
    built = document.build(late, FAILED)
    assert (built["collectionMethod"], built["daysUntilDue"]) == ("SEND_INVOICE", 30)
    dunned = [one["stripeInvoiceId"] for one in built["dunning"]["invoices"]]
    assert (built["dunning"]["overdueSince"], dunned) == ("2026-01-31T00:00:00.000Z", ["in_2"])
    # If Stripe's clock is ahead, the subscription is past due before our clock reaches the due date.
    early = document.build(late, FAILED - timedelta(minutes=1))
    assert [one["stripeInvoiceId"] for one in early["dunning"]["invoices"]] == ["in_2"]
    # If a card is declined on the invoice's page before the due date, no dunning starts.
    tried = msgspec.structs.replace(BILL, attempts=1)
    waiting = Snapshot(id="sub_1", status="active", invoices=(tried,), **SENT)
    assert document.build(waiting, FAILED - timedelta(minutes=1))["dunning"] is None


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
        "dueAt": None,
        "createdAt": None,
        "hostedUrl": "https://invoice.example/i/1",
    }
    assert built["graceUntil"] == "2026-02-14T00:00:00.000Z"
    assert built["dunning"] == {
        "overdueSince": "2026-01-31T00:00:00.000Z",
        "attempts": 2,
        "nextAttemptAt": "2026-02-03T00:00:00.000Z",
        "invoices": [due],
    }
    assert [one["stripeInvoiceId"] for one in built["invoices"]] == ["in_9", "in_1", "in_0"]
    assert built["items"][0]["interval"] == "MONTH"
    settled = document.build(Snapshot(id="sub_1", status="active", invoices=(paid,)), FAILED)
    assert (settled["dunning"], settled["graceUntil"]) == (None, None)
