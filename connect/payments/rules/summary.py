"""The summary: the most important fact about a payment in one sentence. Pure.

An open or lost dispute comes before refunds, and refunds before the state of the payment. But a full refund
answers an inquiry, so it comes before the inquiry. A bank's warning comes before partial and failed refunds,
because these do not avoid a dispute.
"""

from connect.merchants.rules.messages import Message, say
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import Refund, Snapshot
from connect.payments.rules.state import (
    OPEN_REFUNDS,
    DisputeState,
    PaymentState,
    RefundState,
    captured,
    dispute_state,
    refunded,
)

# If the type of `next_action` ends with one of these texts, the payer pays with details that Stripe has
# shown, such as a voucher.
_PAYS_LATER = ("_display_details", "display_bank_transfer_instructions", "_display_qr_code")
_MICRODEPOSITS = "verify_with_microdeposits"


def summary(
    state: PaymentState, refund: RefundState, dispute: DisputeState, known: Snapshot, amount: Money
) -> Message:
    """`amount` is the requested amount. The three states are derived by `connect.payments.rules.state`."""
    total = captured(known)
    paid = Money(total, amount.currency) if total else amount
    has_inquiry = dispute is DisputeState.INQUIRY and refund is not RefundState.FULL
    if has_inquiry or dispute in {DisputeState.LOST, DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW}:
        return _dispute(dispute, known, paid)
    if dispute is DisputeState.WARNED and refund not in {RefundState.FULL, RefundState.PENDING}:
        return say("summary.dispute.warned", paid=str(paid))
    if refund is not RefundState.NONE:
        return _refund(refund, known, paid)
    if dispute in {DisputeState.WON, DisputeState.PREVENTED} and state is PaymentState.SUCCEEDED:
        return say(f"summary.dispute.{dispute.value.lower()}", paid=str(paid))
    return _payment(state, known, amount, paid)


def _dispute(state: DisputeState, known: Snapshot, paid: Money) -> Message:
    disputes = [one for one in known.disputes if dispute_state(Snapshot(disputes=(one,))) is state]
    if state is DisputeState.INQUIRY:
        answered = all(one.status == "warning_under_review" for one in disputes)
        return say(f"summary.dispute.inquiry{'.answered' if answered else ''}", paid=str(paid))
    disputed = Money(sum(one.amount for one in disputes), paid.currency) if disputes else paid
    return say(f"summary.dispute.{state.value.lower()}", disputed=str(disputed))


def _refund(state: RefundState, known: Snapshot, paid: Money) -> Message:
    match state:
        case RefundState.PENDING:
            return _pending_refund([one for one in known.refunds if one.status in OPEN_REFUNDS], paid)
        case RefundState.PARTIAL:
            part = Money(refunded(known), paid.currency)
            return say("summary.refund.partial", paid=str(paid), refunded=str(part))
        case RefundState.FAILED:
            failed = [one for one in known.refunds if one.status == "failed"]
            last = Money(failed[-1].amount, paid.currency) if failed else paid
            return say("summary.refund.failed", refunded=str(last))
        case _:
            return say("summary.refund.full", paid=str(paid))


def _pending_refund(pending: list[Refund], paid: Money) -> Message:
    if not pending:
        return say("summary.refund.requested")
    amount = str(Money(sum(one.amount for one in pending), paid.currency))
    if any(one.pending_reason == "insufficient_funds" for one in pending):
        return say("summary.refund.pending.insufficient_funds", refunded=amount)
    if any(one.status == "requires_action" for one in pending):
        return say("summary.refund.pending.requires_action", refunded=amount)
    return say("summary.refund.pending", refunded=amount)


def _payment(state: PaymentState, known: Snapshot, amount: Money, paid: Money) -> Message:
    intent = known.intent
    key = f"summary.{state.value.lower()}"
    match state:
        case PaymentState.SUCCEEDED:
            return say(key, paid=str(paid))
        case PaymentState.UNKNOWN:
            return say(key)
        case PaymentState.REQUIRES_ACTION if intent is not None and intent.next_action is not None:
            if intent.next_action.endswith(_PAYS_LATER):
                key += ".payment"
            elif intent.next_action == _MICRODEPOSITS:
                key += ".bank_account"
        case PaymentState.FAILED if (
            intent is not None and intent.charge is not None and intent.charge.reversed
        ):
            return say(f"{key}.reversed", paid=str(paid))
        case PaymentState.CANCELED if intent is not None and _was_released(known):
            key += ".released"
        case _:
            pass
    return say(key, amount=str(amount))


def _was_released(known: Snapshot) -> bool:
    """Whether an authorization ended because it was not captured in time.

    Before 2025-03-31, Stripe called this reason `automatic`
    (https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow).
    """
    intent = known.intent
    reasons = {"automatic", "expired"}
    return intent is not None and intent.cancellation_reason in reasons and intent.charge is not None
