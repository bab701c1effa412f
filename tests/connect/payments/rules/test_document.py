"""A payment's document explains the failed attempt, the refunds and the fee, and has a summary."""

import uuid
from datetime import UTC, datetime

from connect.payments.rules import document
from connect.payments.rules.money import fees
from connect.payments.rules.money.fee_policies import Terms
from connect.payments.rules.money.fees import AppliedFeePolicy, FeeSource
from connect.payments.rules.snapshot import Charge, Failure, Intent, Refund, Snapshot

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def built(
    known: Snapshot,
    *requests: document.RequestedRefund,
    currency: str = "USD",
    fee: str | None = None,
) -> document.Document:
    key = uuid.UUID(int=7)
    profile = document.Profile(key, key, "API", "order-1", 1000, currency, AT, AT, fee=fee)
    return document.build(profile, known, requests=requests, ids={"re_1": key}).document


def declined(**codes: str) -> Snapshot:
    failure = Failure(**codes)
    intent = Intent(id="pi_1", status="requires_payment_method", amount=1000, currency="USD", failure=failure)
    return Snapshot(intent=intent)


def test_a_decline_tells_the_payer_the_remedy() -> None:
    known = built(declined(code="card_declined", decline_code="insufficient_funds"))
    assert known["state"] == "ATTEMPT_FAILED"
    assert known["failure"] == {
        "code": "card_declined",
        "declineCode": "insufficient_funds",
        "payerMessage": "There is not enough money, or the limit is reached. Use another payment method, or "
        "try again later.",
        "retry": "LATER",
    }
    assert known["summary"] == "An attempt to pay 10.00 USD failed, and the customer can try again."


def test_a_suspicion_of_fraud_is_never_shown() -> None:
    for code in ("fraudulent", "stolen_card", "highest_risk_level", "a_new_code"):
        text = str(built(declined(code="card_declined", decline_code=code, message=f"It is {code}.")))
        assert code not in text
        assert "generic_decline" in text


def test_a_refund_that_failed_because_of_a_stolen_card_shows_no_reason() -> None:
    charge = Charge(id="ch_1", status="succeeded", amount=1000, currency="USD", amount_captured=1000)
    intent = Intent(id="pi_1", status="succeeded", amount=1000, currency="USD", charge=charge)
    refund = Refund(
        id="re_1", status="failed", amount=400, currency="USD", failure_reason="lost_or_stolen_card"
    )
    (found,) = built(Snapshot(intent=intent, refunds=(refund,)))["refunds"]
    assert found["failureReason"] == "unknown"
    assert "stolen" not in found["explanation"]
    assert found["explanation"].endswith(
        "The money is back in the merchant's Stripe balance. Repay the customer in another way."
    )


def test_a_refund_is_pending_from_its_request_until_a_fetch_shows_it() -> None:
    charge = Charge(id="ch_1", status="succeeded", amount=1000, currency="USD", amount_captured=1000)
    known = Snapshot(intent=Intent(id="pi_1", status="succeeded", amount=1000, currency="USD", charge=charge))
    key = uuid.UUID(int=7)
    pending = document.RequestedRefund(key, "refund-1", 400, AT, is_pending=True)
    answered = document.RequestedRefund(key, "refund-1", 400, AT, is_pending=False, stripe_refund_id="re_1")
    refused = document.RequestedRefund(key, "refund-1", 400, AT, is_pending=False)
    refund = Refund(id="re_1", status="succeeded", amount=400, currency="USD", request_id=str(key))
    shown = Snapshot(intent=known.intent, refunds=(refund,))
    found = [
        built(known, pending),
        built(known, answered),
        built(shown, pending),
        built(shown, answered),
        built(known, refused),
    ]
    states = [(one["refundState"], [refund["state"] for refund in one["refunds"]]) for one in found]
    pair = ("PARTIAL", ["SUCCEEDED"])
    assert states == [("PENDING", ["PENDING"]), ("PENDING", ["PENDING"]), pair, pair, ("NONE", [])]


def test_the_fee_is_shown_with_its_inputs() -> None:
    terms = Terms(basis_points=250, flat=30, minimum=50)
    applied = AppliedFeePolicy(source=FeeSource.PLATFORM, currency="USD", amount=1000, fee=55, terms=terms)
    found = built(Snapshot(), fee=fees.encode(applied))["appliedFee"]
    amounts = {name: found[name] and found[name]["minorUnits"] for name in ("fee", "amount", "flat")}
    assert amounts == {"fee": 55, "amount": 1000, "flat": 30}
    assert (found["source"], found["basisPoints"]) == ("PLATFORM", 250)
    assert (found["minimum"]["decimal"], found["maximum"]) == ("0.50", None)
    given = AppliedFeePolicy(source=FeeSource.CALL, currency="USD", amount=1000, fee=55)
    found = built(Snapshot(), fee=fees.encode(given))["appliedFee"]
    assert (found["source"], found["basisPoints"], found["flat"]) == ("CALL", None, None)


def test_a_payment_without_a_currency_has_no_summary() -> None:
    assert built(Snapshot(), currency="")["summary"] == ""
