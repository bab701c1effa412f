"""The three facets of a payment: whether it is paid, refunded and disputed. Pure."""

import enum

from connect.payments.rules.snapshot import Snapshot


class PaymentState(enum.Enum):
    AWAITING_CUSTOMER = "AWAITING_CUSTOMER"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    PROCESSING = "PROCESSING"
    AUTHORIZED = "AUTHORIZED"
    SUCCEEDED = "SUCCEEDED"
    ATTEMPT_FAILED = "ATTEMPT_FAILED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"


class RefundState(enum.Enum):
    NONE = "NONE"
    PENDING = "PENDING"
    PARTIAL = "PARTIAL"
    FULL = "FULL"
    FAILED = "FAILED"


class DisputeState(enum.Enum):
    NONE = "NONE"
    INQUIRY = "INQUIRY"
    NEEDS_RESPONSE = "NEEDS_RESPONSE"
    UNDER_REVIEW = "UNDER_REVIEW"
    WON = "WON"
    LOST = "LOST"
    PREVENTED = "PREVENTED"
    WARNED = "WARNED"
    UNKNOWN = "UNKNOWN"


# In these states, the customer has paid or cannot pay any more.
FINAL = frozenset({PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.CANCELED, PaymentState.EXPIRED})

# If an intent has one of these statuses, the payment's state depends on nothing else.
_BY_INTENT = {
    "requires_confirmation": PaymentState.AWAITING_CUSTOMER,
    "requires_action": PaymentState.REQUIRES_ACTION,
    "processing": PaymentState.PROCESSING,
    "requires_capture": PaymentState.AUTHORIZED,
}

# The statuses of refunds that take money from the merchant (https://docs.stripe.com/refunds).
COUNTED_REFUNDS = frozenset({"pending", "requires_action", "succeeded"})
OPEN_REFUNDS = frozenset({"pending", "requires_action"})

# Stripe's statuses of disputes. If a payment has several disputes, the first status in this order decides.
_DISPUTES = (
    ({"lost"}, DisputeState.LOST),
    ({"needs_response", "appeal_needs_response"}, DisputeState.NEEDS_RESPONSE),
    ({"under_review", "appeal_under_review"}, DisputeState.UNDER_REVIEW),
    ({"warning_needs_response", "warning_under_review"}, DisputeState.INQUIRY),
    ({"won"}, DisputeState.WON),
    ({"prevented"}, DisputeState.PREVENTED),
)
_KNOWN_DISPUTES = frozenset[str]().union(*(names for names, _ in _DISPUTES))


def payment_state(known: Snapshot, *, is_cancel_requested: bool = False) -> PaymentState:
    """Whether the payment is paid. The state is UNKNOWN until Stripe has answered, and if the status is
    unknown.

    A page that cancelPayment has closed is `expired` at Stripe. `is_cancel_requested` distinguishes it from a
    page that expired unused.
    """
    session, intent = known.session, known.intent
    is_expired = session is not None and session.status == "expired"
    expired = PaymentState.CANCELED if is_cancel_requested else PaymentState.EXPIRED
    if intent is None:
        if session is None:
            return PaymentState.UNKNOWN
        if is_expired:
            return expired
        if session.status == "complete":
            is_unpaid = session.payment_status == "unpaid"
            return PaymentState.PROCESSING if is_unpaid else PaymentState.SUCCEEDED
        return PaymentState.AWAITING_CUSTOMER if session.status == "open" else PaymentState.UNKNOWN
    if intent.status == "canceled":
        return expired if is_expired else PaymentState.CANCELED
    if intent.status == "requires_payment_method":
        if intent.failure is None:
            return expired if is_expired else PaymentState.AWAITING_CUSTOMER
        can_try_again = session is None or session.status == "open"
        return PaymentState.ATTEMPT_FAILED if can_try_again else PaymentState.FAILED
    if intent.status == "succeeded":
        is_reversed = intent.charge is not None and intent.charge.reversed
        return PaymentState.FAILED if is_reversed else PaymentState.SUCCEEDED
    return _BY_INTENT.get(intent.status, PaymentState.UNKNOWN)


def captured(known: Snapshot) -> int:
    """The amount that was charged, in minor units of the payment's currency."""
    if known.intent is None:
        return 0
    charge = known.intent.charge
    return charge.amount_captured if charge is not None else known.intent.amount_received


def refunded(known: Snapshot) -> int:
    """The amount of all refunds that have not failed or been canceled, in minor units of the payment's
    currency.

    While the snapshot has no refund, the charge's `amount_refunded` is used. The amount is 0 if nothing was
    charged, because before 2025-03-31, Stripe showed the release of an authorization as a refund
    (https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow).
    """
    if captured(known) == 0:
        return 0
    listed = sum(refund.amount for refund in known.refunds if refund.status in COUNTED_REFUNDS)
    if known.refunds or known.intent is None or known.intent.charge is None:
        return listed
    return known.intent.charge.amount_refunded


def is_refunded(known: Snapshot) -> bool:
    """Whether the whole charged amount is refunded, even if a refund is still pending."""
    return 0 < captured(known) <= refunded(known)


def refund_state(known: Snapshot, *, is_requested: bool = False) -> RefundState:
    """Whether money goes back to the customer. `is_requested` is true while we have requested a refund that
    the snapshot does not have yet.
    """
    if is_requested or any(refund.status in OPEN_REFUNDS for refund in known.refunds):
        return RefundState.PENDING
    amount = refunded(known)
    if amount > 0:
        return RefundState.FULL if amount >= captured(known) else RefundState.PARTIAL
    return RefundState.FAILED if any(one.status == "failed" for one in known.refunds) else RefundState.NONE


def dispute_state(known: Snapshot) -> DisputeState:
    """The state of the most important dispute. Closed inquiries do not count. UNKNOWN stands for a status
    that this version does not know, which may need a response.

    Without a dispute, the state is WARNED while a bank warns of a dispute that a full refund can still avoid,
    and otherwise NONE. Stripe ends a warning only some seconds after a full refund, so the refund decides.
    """
    statuses = {dispute.status for dispute in known.disputes} - {"warning_closed"}
    for names, state in _DISPUTES:
        if state is DisputeState.WON and statuses - _KNOWN_DISPUTES:
            return DisputeState.UNKNOWN
        if names & statuses:
            return state
    if any(one.actionable for one in known.warnings) and not is_refunded(known):
        return DisputeState.WARNED
    return DisputeState.NONE
