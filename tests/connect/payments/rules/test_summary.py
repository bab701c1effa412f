"""The summary of a payment as the merchant reads it."""

import itertools
import re

import pytest

from connect.merchants.rules.messages import Audience, Message
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import (
    Charge,
    Dispute,
    Failure,
    FraudWarning,
    Intent,
    Refund,
    Session,
    Snapshot,
)
from connect.payments.rules.state import (
    DisputeState,
    PaymentState,
    RefundState,
    dispute_state,
    payment_state,
    refund_state,
)
from connect.payments.rules.summary import summary
from connect.payments.wording import render

AMOUNT = Money(1_000, "EUR")


def told(known: Snapshot, *, is_refund_requested: bool = False) -> Message:
    refund = refund_state(known, is_requested=is_refund_requested)
    return summary(payment_state(known), refund, dispute_state(known), known, AMOUNT)


def intent(status: str, *, charge: Charge | None = None, **more: str) -> Intent:
    fields: dict[str, object] = {"id": "pi_1", "status": status, "amount": 1_000, "currency": "EUR"}
    return Intent(**fields, charge=charge, **more)  # type: ignore[arg-type]


def charge(*, captured: int = 1_000, is_reversed: bool = False) -> Charge:
    return Charge(
        id="ch_1",
        status="succeeded",
        amount=1_000,
        currency="EUR",
        amount_captured=captured,
        reversed=is_reversed,
    )


def paid(
    *refunds: Refund, disputes: tuple[Dispute, ...] = (), captured: int = 1_000, warned: bool = False
) -> Snapshot:
    one = intent("succeeded", charge=charge(captured=captured))
    warnings = (FraudWarning(id="issfr_1", actionable=True),) if warned else ()
    return Snapshot(intent=one, refunds=refunds, disputes=disputes, warnings=warnings)


def refund(status: str, amount: int = 400, pending_reason: str | None = None) -> Refund:
    return Refund(id="re_1", status=status, amount=amount, currency="EUR", pending_reason=pending_reason)


def dispute(status: str, amount: int = 1_000) -> Dispute:
    return Dispute(id="du_1", status=status, amount=amount, currency="EUR")


FAILED = Failure(code="card_declined", decline_code="stolen_card")
DECLINED = Intent(id="pi_1", status="requires_payment_method", amount=1_000, currency="EUR", failure=FAILED)
OPEN = Session(id="cs_1", status="open", payment_status="unpaid")
WARNED = "The customer's bank may soon dispute the payment of 10.00 EUR; refund it in full to avoid that."
EXPIRED = Session(id="cs_1", status="expired", payment_status="unpaid")


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (Snapshot(), "The state of the payment is not known yet."),
        (Snapshot(session=OPEN), "The customer has not paid 10.00 EUR yet."),
        (Snapshot(session=EXPIRED), "The payment page expired before the customer paid 10.00 EUR."),
        (
            Snapshot(session=OPEN, intent=DECLINED),
            "An attempt to pay 10.00 EUR failed, and the customer can try again.",
        ),
        (Snapshot(session=EXPIRED, intent=DECLINED), "The payment of 10.00 EUR failed."),
        (
            Snapshot(intent=intent("requires_action", next_action="redirect_to_url")),
            "The customer must confirm the payment of 10.00 EUR.",
        ),
        (Snapshot(intent=intent("requires_action")), "The customer must confirm the payment of 10.00 EUR."),
        (
            Snapshot(intent=intent("requires_action", next_action="oxxo_display_details")),
            "The customer must pay 10.00 EUR with the payment details that Stripe has shown.",
        ),
        (
            Snapshot(intent=intent("requires_action", next_action="verify_with_microdeposits")),
            "The customer must verify the bank account before 10.00 EUR can be paid.",
        ),
        (
            Snapshot(intent=intent("processing")),
            "The payment of 10.00 EUR is being processed, which can take several days.",
        ),
        (
            Snapshot(intent=intent("requires_capture", charge=charge(captured=0))),
            "The payment of 10.00 EUR is authorized, but not captured yet.",
        ),
        (
            Snapshot(intent=intent("canceled")),
            "The payment of 10.00 EUR was canceled, and nothing was charged.",
        ),
        (
            Snapshot(intent=intent("canceled", cancellation_reason="expired")),
            "The payment of 10.00 EUR was canceled, and nothing was charged.",
        ),
        (
            Snapshot(intent=intent("canceled", cancellation_reason="expired", charge=charge(captured=0))),
            "The authorization of 10.00 EUR ended before it was captured, and nothing was charged.",
        ),
        (
            Snapshot(
                intent=intent(
                    "canceled", cancellation_reason="requested_by_customer", charge=charge(captured=0)
                )
            ),
            "The payment of 10.00 EUR was canceled, and nothing was charged.",
        ),
        (
            Snapshot(intent=intent("succeeded", charge=charge(is_reversed=True))),
            "The bank took the payment of 10.00 EUR back.",
        ),
        (paid(), "The customer paid 10.00 EUR."),
        (paid(captured=700), "The customer paid 7.00 EUR."),
    ],
)
def test_without_refunds_and_disputes_the_sentence_describes_the_state(
    known: Snapshot, sentence: str
) -> None:
    assert render(told(known), Audience.MERCHANT) == sentence


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (paid(refund("succeeded")), "The customer paid 10.00 EUR, of which 4.00 EUR was refunded."),
        (
            paid(refund("succeeded"), refund("succeeded", 600)),
            "The whole payment of 10.00 EUR was refunded.",
        ),
        (paid(refund("pending"), refund("succeeded")), "A refund of 4.00 EUR is being processed."),
        (
            paid(refund("pending"), refund("pending", 100, "insufficient_funds")),
            "A refund of 5.00 EUR waits until your Stripe balance is high enough.",
        ),
        (
            paid(refund("requires_action")),
            "The customer must give Stripe bank details before 4.00 EUR can be refunded.",
        ),
        (
            paid(refund("failed", 300), refund("failed"), refund("canceled", 200)),
            "The refund of 4.00 EUR failed, and the customer has not received the money.",
        ),
    ],
)
def test_a_refund_takes_precedence_over_the_state(known: Snapshot, sentence: str) -> None:
    assert render(told(known), Audience.MERCHANT) == sentence


def test_a_refund_that_stripe_has_not_confirmed_is_requested() -> None:
    message = told(paid(), is_refund_requested=True)
    sentence = "A refund is requested, but Stripe has not confirmed it yet."
    assert render(message, Audience.MERCHANT) == sentence


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            paid(refund("succeeded"), disputes=(dispute("needs_response", 600),)),
            "The customer disputes 6.00 EUR; respond in your Stripe Dashboard.",
        ),
        (
            paid(disputes=(dispute("appeal_under_review"),)),
            "The bank is reviewing the response to the dispute of 10.00 EUR.",
        ),
        (
            paid(disputes=(dispute("lost", 300), dispute("won"), dispute("lost", 200))),
            "The dispute was lost, and 5.00 EUR went back to the customer.",
        ),
        (
            paid(refund("succeeded"), disputes=(dispute("warning_needs_response"),)),
            "The customer's bank asks about the payment of 10.00 EUR; refund it in full, or respond.",
        ),
        (
            paid(disputes=(dispute("warning_under_review"),)),
            "The customer's bank is reviewing the response to its question about the payment of 10.00 EUR.",
        ),
        # The inquiry about a fully refunded payment cannot become a chargeback.
        (
            paid(refund("succeeded", 1_000), disputes=(dispute("warning_needs_response"),)),
            "The whole payment of 10.00 EUR was refunded.",
        ),
        (paid(disputes=(dispute("won"),)), "The customer paid 10.00 EUR, and a dispute was won."),
        (paid(disputes=(dispute("prevented"),)), "The customer paid 10.00 EUR, and a dispute was prevented."),
        (
            paid(refund("succeeded", 1_000), disputes=(dispute("won"),)),
            "The whole payment of 10.00 EUR was refunded.",
        ),
        (paid(disputes=(dispute("warning_closed"),)), "The customer paid 10.00 EUR."),
        (paid(warned=True), WARNED),
        # A partial refund does not prevent a dispute.
        (paid(refund("succeeded"), warned=True), WARNED),
        (paid(refund("failed"), warned=True), WARNED),
        (paid(refund("pending", 1_000), warned=True), "A refund of 10.00 EUR is being processed."),
        (paid(refund("succeeded", 1_000), warned=True), "The whole payment of 10.00 EUR was refunded."),
    ],
)
def test_a_dispute_that_costs_money_or_needs_a_response_takes_precedence(
    known: Snapshot, sentence: str
) -> None:
    assert render(told(known), Audience.MERCHANT) == sentence


def test_every_combination_of_states_has_one_sentence() -> None:
    full = paid(refund("failed"), disputes=(dispute("needs_response"),))
    for known in (Snapshot(), full):
        for state, back, disputed in itertools.product(PaymentState, RefundState, DisputeState):
            message = summary(state, back, disputed, known, AMOUNT)
            assert re.fullmatch(r"[^.]*(\.00[^.]*)*\.", render(message, Audience.MERCHANT))


def test_sentences_for_the_platform_name_the_merchant() -> None:
    message = told(paid(disputes=(dispute("needs_response"),)))
    assert render(message, Audience.PLATFORM) == (
        "The customer disputes 10.00 EUR, and the merchant or the platform must respond."
    )
