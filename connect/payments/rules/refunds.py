"""Refunds: the amount that can still be refunded, the disputes that prevent a refund, and the message about a
refund's state. Pure.
"""

from collections.abc import Sequence

from connect.merchants.rules.messages import Message, say
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import Dispute, Refund, Snapshot
from connect.payments.rules.state import captured, refunded

_PENDING = frozenset({"insufficient_funds", "charge_pending"})
# Two of Stripe's reasons share one text, because a text must not say that a card was lost or stolen.
_FAILED = {
    "lost_or_stolen_card": "card",
    "expired_or_canceled_card": "card",
    "declined": "declined",
    "charge_for_pending_refund_disputed": "disputed",
    "insufficient_funds": "insufficient_funds",
    "merchant_request": "stopped",
}
# Stripe refuses refunds during a dispute, and after it was lost (https://docs.stripe.com/disputes).
_CHARGEBACKS = frozenset(
    {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review", "lost"}
)
_REFUNDABLE = frozenset(
    {"warning_needs_response", "warning_under_review", "warning_closed", "won", "prevented"}
)
_PLAIN = frozenset({"succeeded", "requires_action", "canceled"})


def remaining(known: Snapshot, requested: int = 0) -> int:
    """The amount that can still be refunded, in minor units of the payment's currency.

    `requested` is the sum of our requests whose refunds the snapshot does not have yet.
    """
    return max(captured(known) - refunded(known) - requested, 0)


def chargebacks(known: Snapshot) -> list[Dispute]:
    """The disputes in which the bank has the money, so that Stripe refuses refunds. For a status that this
    version does not know, Stripe's `is_charge_refundable` decides.
    """
    return [
        one
        for one in known.disputes
        if one.status in _CHARGEBACKS or (one.status not in _REFUNDABLE and not one.is_charge_refundable)
    ]


def dispute_fee(disputes: Sequence[Dispute]) -> Money | None:
    """The fees that Stripe has charged for these disputes, in the currency of the settlement.

    None while the fees are unknown, or if they have different currencies. A refund does not return these fees
    (https://support.stripe.com/questions/dispute-fees-faq).
    """
    booked = [(one.fee, one.fee_currency) for one in disputes if one.fee_currency is not None]
    currencies = {currency for _, currency in booked}
    return Money(sum(fee for fee, _ in booked), currencies.pop()) if len(currencies) == 1 else None


def explanation(refund: Refund) -> Message:
    """The message about the state of the refund. A refund can fail after its status was `succeeded`.

    Stripe's reasons: https://docs.stripe.com/refunds#failed-refunds.
    """
    if refund.status == "pending":
        known = refund.pending_reason in _PENDING
        return say(f"refund.pending.{refund.pending_reason}" if known else "refund.pending")
    if refund.status == "failed":
        reason = _FAILED.get(refund.failure_reason or "")
        return say(f"refund.failed.{reason}" if reason else "refund.failed")
    return say(f"refund.{refund.status}" if refund.status in _PLAIN else "refund.unknown")
