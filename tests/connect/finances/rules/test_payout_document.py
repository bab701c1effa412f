"""The document of a payout: the description of each status, and the platform's own id."""

import uuid

import pytest

from connect.finances.rules import payout_document, payouts
from tests.connect.finances.rules.situations import NOW

PROFILE = payout_document.Profile(
    id=uuid.UUID(int=1),
    merchant_id=uuid.UUID(int=2),
    created_at=NOW,
    updated_at=NOW,
    synced_at=NOW,
    synced_by="x",
)
ANSWER = {"id": "po_1", "currency": "usd", "created": 1, "arrival_date": int(NOW.timestamp())}


def build(**changed: object) -> payout_document.Document:
    return payout_document.build(PROFILE, payouts.parse({**ANSWER, **changed}))


@pytest.mark.parametrize(
    ("status", "amount", "expected"),
    [
        ("pending", 5, "Stripe has created the payout, and sends it soon."),
        ("pending", -5, "Stripe debits the bank account soon, to fill the negative balance."),
        ("paid", -5, "Stripe has debited the bank account. The bank can still refuse the debit."),
        ("canceled", -5, "The debit of the bank account was canceled."),
        ("failed", 5, "The payout came back."),
        ("failed", -5, "The bank refused the debit."),
        (
            "new_status",
            -5,
            "Stripe reports a state of the payout that this version of ConnectQL does not know.",
        ),
    ],
)
def test_the_summary_of_a_debit_differs_from_that_of_a_payout(
    status: str, amount: int, expected: str
) -> None:
    assert build(status=status, amount=amount)["summary"] == expected


def test_the_summary_of_a_late_debit_differs_from_that_of_a_late_payout() -> None:
    late = {"status": "in_transit", "arrival_date": int(NOW.timestamp()) - 86400 * 4}
    assert build(amount=-5, **late)["summary"] == (
        "The debit of the bank account should have filled the balance some days ago."
    )
    assert build(amount=5, **late)["summary"] == "The payout should have arrived some days ago."


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"external_id": "rent", "connectql_request": "1"}, "rent"),
        ({"external_id": "rent"}, None),
        ({"external_id": "x" * 256, "connectql_request": "1"}, None),
        (None, None),
    ],
)
def test_only_a_payout_that_connectql_requested_has_an_external_id(
    metadata: object, expected: str | None
) -> None:
    assert build(status="paid", amount=5, metadata=metadata)["externalId"] == expected
