"""Stripe's objects for a payment are parsed to snapshots."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connect.payments.rules import snapshot
from connect.payments.rules.snapshot import (
    Charge,
    Dispute,
    Failure,
    Fee,
    FraudWarning,
    Intent,
    Method,
    Refund,
    Session,
    Snapshot,
    Transaction,
)

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
SECONDS = int(AT.timestamp())

CHARGE: dict[str, Any] = {
    "id": "ch_1",
    "status": "succeeded",
    "amount": 1000,
    "amount_captured": 1000,
    "amount_refunded": 250,
    "application_fee": {"id": "fee_1", "amount": 123, "amount_refunded": 0, "currency": "usd"},
    "application_fee_amount": 123,
    "balance_transaction": {
        "id": "txn_1",
        "amount": 1000,
        "fee": 182,
        "net": 818,
        "currency": "usd",
        "available_on": SECONDS,
        "fee_details": [
            {"type": "stripe_fee", "amount": 59},
            {"type": "application_fee", "amount": 123},
        ],
    },
    "captured": True,
    "created": SECONDS,
    "currency": "usd",
    "disputed": False,
    "paid": True,
    "payment_method_details": {
        "type": "card",
        "card": {"brand": "visa", "last4": "4242", "country": "US", "funding": "credit", "wallet": None},
    },
    "billing_details": {"email": "Payer@Example.com"},
}
INTENT: dict[str, Any] = {
    "id": "pi_1",
    "status": "succeeded",
    "amount": 1000,
    "amount_received": 1000,
    "currency": "usd",
    "client_secret": "pi_1_secret_never",
    "created": SECONDS,
    "latest_charge": CHARGE,
    "metadata": {"payment_id": "x", "number": 1},
}


def test_an_intent_contains_its_charge_with_the_transaction_and_the_fee() -> None:
    assert snapshot.parse_intent(INTENT) == Intent(
        id="pi_1",
        status="succeeded",
        amount=1000,
        amount_received=1000,
        currency="USD",
        created_at=AT,
        metadata={"payment_id": "x"},
        charge=Charge(
            id="ch_1",
            status="succeeded",
            amount=1000,
            amount_captured=1000,
            amount_refunded=250,
            currency="USD",
            captured=True,
            paid=True,
            method=Method(type="card", brand="visa", last4="4242", country="US", funding="credit"),
            transaction=Transaction(
                id="txn_1",
                amount=1000,
                fee=182,
                net=818,
                currency="USD",
                stripe_fee=59,
                application_fee=123,
                available_on=AT,
            ),
            application_fee_amount=123,
            fee=Fee(id="fee_1", amount=123, amount_refunded=0, currency="USD"),
            created_at=AT,
        ),
    )


def test_objects_that_stripe_has_not_expanded_have_at_most_an_id() -> None:
    charge = snapshot.parse_charge(CHARGE | {"balance_transaction": "txn_1", "application_fee": "fee_1"})
    assert charge.transaction is None
    assert charge.fee == Fee(id="fee_1")
    assert snapshot.parse_intent(INTENT | {"latest_charge": "ch_1"}).charge is None


def test_a_failed_attempt_keeps_codes_and_message() -> None:
    error = {"code": "card_declined", "decline_code": "generic_decline", "message": "Declined.", "x": 1}
    intent = snapshot.parse_intent(INTENT | {"last_payment_error": error, "latest_charge": None})
    assert intent.failure == Failure(
        code="card_declined", decline_code="generic_decline", message="Declined."
    )


def test_a_session_keeps_neither_its_url_nor_an_email_address() -> None:
    session = snapshot.parse_session(
        {
            "id": "cs_1",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": 1000,
            "currency": "usd",
            "expires_at": SECONDS,
            "url": "https://checkout.stripe.com/c/pay/never",
            "customer_email": "payer@example.com",
        }
    )
    expected = Session(
        id="cs_1", status="open", payment_status="unpaid", amount_total=1000, currency="USD", expires_at=AT
    )
    assert session == expected


def test_a_refund_contains_the_id_of_its_request_and_the_banks_reference() -> None:
    refund = snapshot.parse_refund(
        {
            "id": "re_1",
            "status": "succeeded",
            "amount": 250,
            "currency": "usd",
            "destination_details": {"type": "card", "card": {"reference": "123456", "type": "refund"}},
            "metadata": {"refund_id": "r"},
        }
    )
    assert refund == Refund(
        id="re_1", status="succeeded", amount=250, currency="USD", reference="123456", request_id="r"
    )


def test_the_type_of_fraud_in_a_warning_is_not_kept() -> None:
    answer = {"id": "issfr_1", "actionable": True, "fraud_type": "made_with_stolen_card", "created": SECONDS}
    known = Snapshot(warnings=(snapshot.parse_warning(answer),))
    assert known.warnings == (FraudWarning(id="issfr_1", actionable=True, created_at=AT),)
    assert "stolen" not in snapshot.encode(known)


def test_a_dispute_has_the_withdrawn_amount_and_the_fee_from_its_transactions() -> None:
    dispute = snapshot.parse_dispute(
        {
            "id": "du_1",
            "status": "needs_response",
            "amount": 1000,
            "currency": "usd",
            "reason": "fraudulent",
            "evidence_details": {"due_by": SECONDS, "has_evidence": False, "submission_count": 0},
            "balance_transactions": [{"amount": -1000, "fee": 1500, "net": -2500, "currency": "cad"}],
        }
    )
    assert dispute == Dispute(
        id="du_1",
        status="needs_response",
        amount=1000,
        currency="USD",
        reason="fraudulent",
        due_by=AT,
        withdrawn=1000,
        fee=1500,
        fee_currency="CAD",
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"customer_details": {"email": "Payer@Example.com "}},
        {"customer_email": "payer@example.com"},
        {"receipt_email": "PAYER@example.com"},
        CHARGE,
    ],
)
def test_only_a_hash_of_the_payers_e_mail_is_kept(answer: dict[str, Any]) -> None:
    expected = "252d4c6bbbb1b6436e4b86c5faaf27ed15e86a8cadfeadf205c8293c303eb548"
    assert snapshot.email_hash(answer) == expected


def test_malformed_values_are_left_out() -> None:
    intent = snapshot.parse_intent(
        {
            "id": "pi_1",
            "status": 7,
            "amount": "1000",
            "currency": "dollar",
            "created": 10**30,
            "latest_charge": {"amount": 1},
            "description": "a\x00b",
        }
    )
    assert intent == Intent(id="pi_1", status="unknown", amount=0, currency="", description="ab")


def test_an_object_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="without an id"):
        snapshot.parse_refund({"status": "succeeded"})


def test_an_encoded_snapshot_decodes_to_the_same_snapshot() -> None:
    known = Snapshot(intent=snapshot.parse_intent(INTENT), payer_email_hash="h")
    assert snapshot.decode(snapshot.encode(known)) == known
    assert snapshot.decode(None) == Snapshot()
