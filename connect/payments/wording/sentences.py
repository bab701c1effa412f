"""The sentences about a payment, by message key, for the platform's staff and for the merchant itself.

`{amount}` is the requested amount, `{paid}` the charged amount, `{refunded}` the part that goes back, and
`{disputed}` the disputed part. No sentence contains a date or a reason that must be withheld.
"""

from collections.abc import Mapping

from connect.merchants.rules.messages import Audience, Message


def _failed(reason: str) -> tuple[str, str]:
    return (
        f"{reason} The money is back in the merchant's Stripe balance. Repay the customer in another way.",
        f"{reason} The money is back in your Stripe balance. Repay the customer in another way.",
    )


# One text for both audiences, or a text for the platform's staff and one for the merchant.
SENTENCES: Mapping[str, str | tuple[str, str]] = {
    # Summaries.
    "summary.awaiting_customer": "The customer has not paid {amount} yet.",
    "summary.requires_action": "The customer must confirm the payment of {amount}.",
    "summary.requires_action.payment": (
        "The customer must pay {amount} with the payment details that Stripe has shown."
    ),
    "summary.requires_action.bank_account": (
        "The customer must verify the bank account before {amount} can be paid."
    ),
    "summary.processing": "The payment of {amount} is being processed, which can take several days.",
    "summary.authorized": "The payment of {amount} is authorized, but not captured yet.",
    "summary.succeeded": "The customer paid {paid}.",
    "summary.attempt_failed": "An attempt to pay {amount} failed, and the customer can try again.",
    "summary.failed": "The payment of {amount} failed.",
    "summary.failed.reversed": "The bank took the payment of {paid} back.",
    "summary.canceled": "The payment of {amount} was canceled, and nothing was charged.",
    "summary.canceled.released": (
        "The authorization of {amount} ended before it was captured, and nothing was charged."
    ),
    "summary.expired": "The payment page expired before the customer paid {amount}.",
    "summary.unknown": "The state of the payment is not known yet.",
    "summary.refund.requested": "A refund is requested, but Stripe has not confirmed it yet.",
    "summary.refund.pending": "A refund of {refunded} is being processed.",
    "summary.refund.pending.insufficient_funds": (
        "A refund of {refunded} waits until the merchant's Stripe balance is high enough.",
        "A refund of {refunded} waits until your Stripe balance is high enough.",
    ),
    "summary.refund.pending.requires_action": (
        "The customer must give Stripe bank details before {refunded} can be refunded."
    ),
    "summary.refund.partial": "The customer paid {paid}, of which {refunded} was refunded.",
    "summary.refund.full": "The whole payment of {paid} was refunded.",
    "summary.refund.failed": (
        "The refund of {refunded} failed, and the customer has not received the money."
    ),
    "summary.dispute.needs_response": (
        "The customer disputes {disputed}, and the merchant or the platform must respond.",
        "The customer disputes {disputed}; respond in your Stripe Dashboard.",
    ),
    "summary.dispute.under_review": "The bank is reviewing the response to the dispute of {disputed}.",
    "summary.dispute.lost": "The dispute was lost, and {disputed} went back to the customer.",
    "summary.dispute.inquiry": (
        "The customer's bank asks about the payment of {paid}, and the merchant must refund it or respond.",
        "The customer's bank asks about the payment of {paid}; refund it in full, or respond.",
    ),
    "summary.dispute.inquiry.answered": (
        "The customer's bank is reviewing the response to its question about the payment of {paid}."
    ),
    "summary.dispute.warned": (
        "The customer's bank may soon dispute the payment of {paid}, and a full refund usually avoids that.",
        "The customer's bank may soon dispute the payment of {paid}; refund it in full to avoid that.",
    ),
    "summary.dispute.won": "The customer paid {paid}, and a dispute was won.",
    "summary.dispute.prevented": "The customer paid {paid}, and a dispute was prevented.",
    # Refunds.
    "refund.succeeded": "The refund was sent to the customer's bank, which may need several days to show it.",
    "refund.requires_action": (
        "Stripe has asked the customer for bank details, and sends the money when it has them."
    ),
    "refund.canceled": (
        "The refund was canceled, and the money stays in the merchant's Stripe balance.",
        "The refund was canceled, and the money stays in your Stripe balance.",
    ),
    "refund.pending": "Stripe is processing the refund.",
    "refund.pending.insufficient_funds": (
        "The merchant's Stripe balance is too low. Stripe sends the refund when the balance is high enough.",
        "Your Stripe balance is too low. Stripe sends the refund when the balance is high enough.",
    ),
    "refund.pending.charge_pending": "Stripe sends the refund when the payment itself is complete.",
    "refund.failed": _failed("The refund did not reach the customer."),
    "refund.failed.card": _failed("The customer's card can no longer receive money."),
    "refund.failed.declined": _failed("The customer's bank declined the refund."),
    "refund.failed.disputed": (
        "The customer disputed the payment before the refund was sent. The outcome of the dispute decides "
        "who gets the money, so do not repay the customer in another way."
    ),
    "refund.failed.insufficient_funds": (
        "The merchant's Stripe balance was too low. Refund again when the balance is high enough.",
        "Your Stripe balance was too low. Refund again when the balance is high enough.",
    ),
    "refund.failed.stopped": (
        "The refund was stopped at the merchant's request, and the money is back in the Stripe balance.",
        "The refund was stopped at your request, and the money is back in your Stripe balance.",
    ),
    "refund.unknown": "Stripe reports a state of the refund that this version does not know.",
}


def render(message: Message, audience: Audience) -> str:
    """The text of a message for this audience."""
    texts = SENTENCES[message.key]
    if isinstance(texts, tuple):
        texts = texts[0] if audience is Audience.PLATFORM else texts[1]
    return texts.format(**dict(message.parameters))
