"""The timeline of a service has one sentence for each change that matters, and none for a paid renewal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.services.rules import document, entries
from connect.services.rules.entries import Entry
from connect.services.rules.snapshot import Invoice, Item, Snapshot

FAILED = datetime(2026, 1, 31, tzinfo=UTC)
DUE = Invoice(id="in_1", status="open", attempts=1, finalized_at=FAILED, subscription="sub_1")
PRICE = Item(price="price_1", quantity=2)


def service(status: str = "active", days: int = 0, **changed: Any) -> document.Document:
    built = {"id": "sub_1", "status": status, "items": (PRICE,), **changed}
    return document.build(Snapshot(**built), FAILED + timedelta(days=days))


LATE: dict[str, Any] = {"status": "past_due", "invoices": (DUE,)}
SETTLE = "Stripe does not try again. Paying the open invoice or changing the card settles it."


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (None, {}, "The merchant subscribed to the platform's product."),
        (
            None,
            {"status": "trialing"},
            "The merchant subscribed to the platform's product, with a free trial.",
        ),
        (
            None,
            {"status": "incomplete"},
            "The merchant began a subscription, whose first payment is not complete.",
        ),
        ({"status": "incomplete"}, {}, "The merchant subscribed to the platform's product."),
        (None, {"status": "canceled"}, "A subscription was found at Stripe. The subscription has ended."),
        (
            {"status": "canceled", "id": "sub_0"},
            {},
            "The merchant subscribed to the platform's product.",
        ),
        ({"status": "trialing"}, {}, "The free trial ended, and the subscription continues."),
        ({}, LATE, f"The last payment failed. {SETTLE}"),
        (LATE, {}, "The overdue payment was settled."),
        (
            LATE,
            {**LATE, "days": 14},
            "The overdue payment was not settled in time, so the access ended.",
        ),
        (
            LATE,
            {"status": "canceled", "reason": "payment_failed"},
            "The subscription ended because its payments failed.",
        ),
        (
            {},
            {"cancel_at": FAILED},
            "The subscription was canceled. It ends on a fixed date.",
        ),
        ({"cancel_at": FAILED}, {}, "The cancellation of the subscription was taken back."),
        (
            {},
            {"items": (Item(price="price_2"),)},
            "The price or the quantity of the subscription changed.",
        ),
        ({}, {"status": "paused"}, "The subscription is paused."),
        ({"status": "paused"}, {}, "The subscription was resumed."),
    ],
)
def test_each_change_has_a_sentence(
    before: dict[str, Any] | None, after: dict[str, Any], message: str
) -> None:
    found = entries.entry(service(**before) if before is not None else None, service(**after))
    assert found is not None
    assert found.message == message


def test_an_entry_contains_the_values_that_changed() -> None:
    begun = entries.entry(None, service())
    values = {"status": "ACTIVE", "access": "FULL", "items": "price_1 x 2"}
    assert begun == Entry("The merchant subscribed to the platform's product.", {}, values)
    late = entries.entry(service(), service(**LATE))
    assert late is not None
    assert (late.before, late.after) == (
        {"status": "ACTIVE", "access": "FULL"},
        {"status": "PAST_DUE", "access": "GRACE"},
    )


def test_a_paid_renewal_has_no_entry() -> None:
    paid = Invoice(id="in_2", status="paid", attempts=1, subscription="sub_1")
    renewed = service(invoices=(paid,), period_ends_at=FAILED + timedelta(days=30))
    assert entries.entry(service(), renewed) is None
    # Another failed attempt has no entry either. The ended subscription of a former account has none, too.
    again = Invoice(id="in_1", status="open", attempts=2, finalized_at=FAILED, subscription="sub_1")
    assert entries.entry(service(**LATE), service("past_due", invoices=(again,))) is None
    assert entries.entry(service("canceled"), None) is None
