"""The states of its objects at Stripe determine whether a payment is paid, refunded or disputed."""

import pytest

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
    captured,
    dispute_state,
    payment_state,
    refund_state,
    refunded,
)


def session(status: str, payment_status: str = "unpaid") -> Session:
    return Session(id="cs_1", status=status, payment_status=payment_status)


def intent(status: str, *, failure: bool = False, charge: Charge | None = None) -> Intent:
    failed = Failure(code="card_declined") if failure else None
    return Intent(id="pi_1", status=status, amount=1000, currency="USD", failure=failed, charge=charge)


def charge(*, captured: int = 1000, refunded: int = 0, is_reversed: bool = False) -> Charge:
    return Charge(
        id="ch_1",
        status="succeeded",
        amount=1000,
        currency="USD",
        amount_captured=captured,
        amount_refunded=refunded,
        reversed=is_reversed,
    )


def refunds(*parts: tuple[str, int]) -> tuple[Refund, ...]:
    return tuple(
        Refund(id=f"re_{number}", status=status, amount=amount, currency="USD")
        for number, (status, amount) in enumerate(parts)
    )


S = PaymentState


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (Snapshot(), S.UNKNOWN),
        (Snapshot(session=session("open")), S.AWAITING_CUSTOMER),
        (Snapshot(session=session("expired")), S.EXPIRED),
        (Snapshot(session=session("complete", "no_payment_required")), S.SUCCEEDED),
        (Snapshot(session=session("complete")), S.PROCESSING),
        (Snapshot(session=session("new status")), S.UNKNOWN),
        (Snapshot(intent=intent("canceled")), S.CANCELED),
        (Snapshot(session=session("expired"), intent=intent("canceled")), S.EXPIRED),
        (Snapshot(intent=intent("requires_payment_method", failure=True)), S.ATTEMPT_FAILED),
        (
            Snapshot(session=session("open"), intent=intent("requires_payment_method", failure=True)),
            S.ATTEMPT_FAILED,
        ),
        (
            Snapshot(session=session("expired"), intent=intent("requires_payment_method", failure=True)),
            S.FAILED,
        ),
        (
            Snapshot(session=session("complete"), intent=intent("requires_payment_method", failure=True)),
            S.FAILED,
        ),
        (Snapshot(intent=intent("requires_payment_method")), S.AWAITING_CUSTOMER),
        (Snapshot(session=session("expired"), intent=intent("requires_payment_method")), S.EXPIRED),
        (Snapshot(intent=intent("requires_confirmation")), S.AWAITING_CUSTOMER),
        (Snapshot(intent=intent("requires_action")), S.REQUIRES_ACTION),
        (Snapshot(intent=intent("processing")), S.PROCESSING),
        (Snapshot(intent=intent("requires_capture")), S.AUTHORIZED),
        (Snapshot(intent=intent("succeeded", charge=charge(is_reversed=True))), S.FAILED),
        (Snapshot(intent=intent("succeeded", charge=charge())), S.SUCCEEDED),
        (Snapshot(intent=intent("a new status")), S.UNKNOWN),
    ],
)
def test_the_page_and_the_intent_determine_the_state_of_a_payment(
    known: Snapshot, state: PaymentState
) -> None:
    assert payment_state(known) is state


def test_a_page_that_cancel_payment_closed_is_canceled() -> None:
    closed = Snapshot(session=session("expired"))
    assert payment_state(closed, is_cancel_requested=True) is S.CANCELED
    with_intent = Snapshot(session=session("expired"), intent=intent("canceled"))
    assert payment_state(with_intent, is_cancel_requested=True) is S.CANCELED
    paid = Snapshot(session=session("complete", "paid"), intent=intent("succeeded", charge=charge()))
    assert payment_state(paid, is_cancel_requested=True) is S.SUCCEEDED


@pytest.mark.parametrize(
    ("parts", "amount", "state"),
    [
        ((), 0, RefundState.NONE),
        ((("succeeded", 400),), 400, RefundState.PARTIAL),
        ((("succeeded", 400), ("succeeded", 600)), 1000, RefundState.FULL),
        ((("succeeded", 400), ("pending", 100)), 500, RefundState.PENDING),
        ((("requires_action", 1000),), 1000, RefundState.PENDING),
        ((("failed", 400),), 0, RefundState.FAILED),
        ((("canceled", 400),), 0, RefundState.NONE),
        ((("failed", 400), ("succeeded", 400)), 400, RefundState.PARTIAL),
    ],
)
def test_the_refunds_that_have_not_failed_are_added_up(
    parts: tuple[tuple[str, int], ...], amount: int, state: RefundState
) -> None:
    known = Snapshot(intent=intent("succeeded", charge=charge()), refunds=refunds(*parts))
    assert refunded(known) == amount
    assert refund_state(known) is state


def test_a_refund_request_that_stripe_has_not_answered_counts_as_pending() -> None:
    known = Snapshot(intent=intent("succeeded", charge=charge()))
    assert refund_state(known, is_requested=True) is RefundState.PENDING


def test_if_no_refunds_are_listed_the_sum_from_stripe_is_used() -> None:
    known = Snapshot(intent=intent("succeeded", charge=charge(refunded=300)))
    assert (refunded(known), refund_state(known)) == (300, RefundState.PARTIAL)


def test_a_refund_of_the_captured_amount_is_full() -> None:
    part = Snapshot(
        intent=intent("succeeded", charge=charge(captured=700)), refunds=refunds(("succeeded", 700))
    )
    assert (captured(part), refund_state(part)) == (700, RefundState.FULL)


@pytest.mark.parametrize("listed", [(), refunds(("succeeded", 1000))])
def test_a_released_authorization_is_not_refunded(listed: tuple[Refund, ...]) -> None:
    released = charge(captured=0, refunded=1000)
    known = Snapshot(intent=intent("canceled", charge=released), refunds=listed)
    assert (refunded(known), refund_state(known)) == (0, RefundState.NONE)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ((), DisputeState.NONE),
        (("warning_closed",), DisputeState.NONE),
        (("prevented",), DisputeState.PREVENTED),
        (("prevented", "won"), DisputeState.WON),
        (("won", "warning_needs_response"), DisputeState.INQUIRY),
        (("warning_under_review", "under_review"), DisputeState.UNDER_REVIEW),
        (("appeal_under_review", "needs_response"), DisputeState.NEEDS_RESPONSE),
        (("appeal_needs_response", "won"), DisputeState.NEEDS_RESPONSE),
        (("needs_response", "lost"), DisputeState.LOST),
        (("a new status",), DisputeState.UNKNOWN),
        (("a new status", "won"), DisputeState.UNKNOWN),
        (("a new status", "under_review"), DisputeState.UNDER_REVIEW),
    ],
)
def test_the_worst_dispute_determines_the_dispute_state(
    statuses: tuple[str, ...], state: DisputeState
) -> None:
    disputes = tuple(
        Dispute(id=f"du_{number}", status=status, amount=1000, currency="USD")
        for number, status in enumerate(statuses)
    )
    assert dispute_state(Snapshot(disputes=disputes)) is state
    warned = Snapshot(disputes=disputes, warnings=(FraudWarning(id="issfr_1", actionable=True),))
    assert dispute_state(warned) is (DisputeState.WARNED if state is DisputeState.NONE else state)
    ended = Snapshot(disputes=disputes, warnings=(FraudWarning(id="issfr_1"),))
    assert dispute_state(ended) is state


@pytest.mark.parametrize(
    ("status", "amount", "state"),
    [
        ("succeeded", 1000, DisputeState.NONE),
        ("pending", 1000, DisputeState.NONE),
        ("succeeded", 999, DisputeState.WARNED),
        ("failed", 1000, DisputeState.WARNED),
    ],
)
def test_a_full_refund_ends_a_warning_before_stripe_does(
    status: str, amount: int, state: DisputeState
) -> None:
    paid, made = intent("succeeded", charge=charge()), refunds((status, amount))
    known = Snapshot(intent=paid, refunds=made, warnings=(FraudWarning(id="issfr_1", actionable=True),))
    assert dispute_state(known) is state
