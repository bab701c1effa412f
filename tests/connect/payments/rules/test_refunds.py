import pytest

from connect.merchants.rules.messages import Message
from connect.payments.rules.money.money import Money
from connect.payments.rules.refunds import chargebacks, dispute_fee, explanation, remaining
from connect.payments.rules.snapshot import Charge, Dispute, Intent, Refund, Snapshot
from connect.payments.wording.sentences import SENTENCES


def refund(status: str, amount: int = 100, **reasons: str) -> Refund:
    return Refund(id="re_1", status=status, amount=amount, currency="EUR", **reasons)  # type: ignore[arg-type]


def paid(*refunds: Refund, captured: int = 1000) -> Snapshot:
    charge = Charge(
        id="ch_1", status="succeeded", amount=1000, currency="EUR", captured=True, amount_captured=captured
    )
    intent = Intent(id="pi_1", status="succeeded", amount=1000, currency="EUR", charge=charge)
    return Snapshot(intent=intent, refunds=refunds)


@pytest.mark.parametrize(
    ("known", "requested", "left"),
    [
        (paid(), 0, 1000),
        (paid(captured=700), 0, 700),
        (paid(captured=0), 0, 0),
        (paid(refund("succeeded"), refund("pending"), refund("requires_action")), 0, 700),
        (paid(refund("failed"), refund("canceled")), 0, 1000),
        (paid(refund("succeeded")), 300, 600),
        (paid(refund("succeeded", 1000)), 0, 0),
        (paid(refund("succeeded", 900)), 300, 0),
        (Snapshot(), 0, 0),
    ],
)
def test_open_and_successful_refunds_reduce_the_amount_that_can_be_refunded(
    known: Snapshot, requested: int, left: int
) -> None:
    assert remaining(known, requested) == left


def test_without_requests_and_refunds_the_whole_amount_can_be_refunded() -> None:
    assert remaining(paid()) == 1000


def dispute(status: str, **more: object) -> Dispute:
    return Dispute(id="du_1", status=status, amount=100, currency="EUR", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "is_in_the_way"),
    [
        *((status, True) for status in ("needs_response", "under_review", "lost")),
        *((status, True) for status in ("appeal_needs_response", "appeal_under_review")),
        *((status, False) for status in ("warning_needs_response", "warning_under_review", "warning_closed")),
        *((status, False) for status in ("won", "prevented")),
    ],
)
def test_a_dispute_prevents_a_refund_while_the_bank_has_the_money(status: str, is_in_the_way: bool) -> None:
    for is_refundable in (True, False):  # Stripe's flag matters only for unknown statuses
        one = dispute(status, is_charge_refundable=is_refundable)
        assert chargebacks(Snapshot(disputes=(one,))) == [one] * is_in_the_way
        unknown = dispute("new status", is_charge_refundable=is_refundable)
        assert chargebacks(Snapshot(disputes=(unknown,))) == ([] if is_refundable else [unknown])


@pytest.mark.parametrize(
    ("disputes", "fee"),
    [
        ([], None),
        ([dispute("needs_response")], None),
        ([dispute("needs_response", fee=0, fee_currency="CAD")], Money(0, "CAD")),
        (
            [
                dispute("lost", fee=1500, fee_currency="CAD"),
                dispute("needs_response", fee=700, fee_currency="CAD"),
                dispute("needs_response"),
            ],
            Money(2200, "CAD"),
        ),
        # Amounts in two currencies cannot be added.
        ([dispute("lost", fee=1, fee_currency="CAD"), dispute("lost", fee=1, fee_currency="USD")], None),
    ],
)
def test_the_fee_of_the_disputes_is_known_once_stripe_has_booked_it(
    disputes: list[Dispute], fee: Money | None
) -> None:
    assert dispute_fee(disputes) == fee


@pytest.mark.parametrize(
    ("known", "key"),
    [
        (refund("succeeded"), "refund.succeeded"),
        (refund("requires_action"), "refund.requires_action"),
        (refund("canceled"), "refund.canceled"),
        (refund("pending"), "refund.pending"),
        (refund("pending", pending_reason="processing"), "refund.pending"),
        (refund("pending", pending_reason="new"), "refund.pending"),
        (refund("pending", pending_reason="insufficient_funds"), "refund.pending.insufficient_funds"),
        (refund("pending", pending_reason="charge_pending"), "refund.pending.charge_pending"),
        (refund("failed"), "refund.failed"),
        (refund("failed", failure_reason="unknown"), "refund.failed"),
        (refund("failed", failure_reason="new"), "refund.failed"),
        (refund("failed", failure_reason="lost_or_stolen_card"), "refund.failed.card"),
        (refund("failed", failure_reason="expired_or_canceled_card"), "refund.failed.card"),
        (refund("failed", failure_reason="declined"), "refund.failed.declined"),
        (refund("failed", failure_reason="charge_for_pending_refund_disputed"), "refund.failed.disputed"),
        (refund("failed", failure_reason="insufficient_funds"), "refund.failed.insufficient_funds"),
        (refund("failed", failure_reason="merchant_request"), "refund.failed.stopped"),
        (refund("new status"), "refund.unknown"),
    ],
)
def test_every_state_of_a_refund_is_explained(known: Refund, key: str) -> None:
    assert explanation(known) == Message(key)
    assert key in SENTENCES
