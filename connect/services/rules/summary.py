"""A plain sentence about a subscription. The sentences contain no dates. Pure."""

from connect.services.rules.access import Access
from connect.services.rules.snapshot import SEND_INVOICE, Invoice, Snapshot

_SETTLE = "Paying the open invoice or changing the card settles it."
# For invoices that Stripe sends by e-mail instead of charging a card.
_PAY = "Paying the open invoice settles it."
_STATES = {
    "active": "The subscription is active.",
    "canceled": "The subscription has ended.",
    "incomplete": "The first payment is not complete yet.",
    "incomplete_expired": "The first payment was never completed, so the subscription did not begin.",
    "paused": "The subscription is paused.",
    "trialing": "The free trial is running.",
    "unpaid": f"All attempts to collect the payment failed, so the service is interrupted. {_SETTLE}",
}


def summary(snapshot: Snapshot, access: Access, late: tuple[Invoice, ...]) -> str:
    """Describe the status of the subscription and, if a payment is overdue, how to settle it.

    `late` contains the overdue invoices.
    """
    is_sent = snapshot.collection_method == SEND_INVOICE
    if snapshot.status == "past_due":
        return _overdue(access, late, is_sent=is_sent)
    if snapshot.status == "unpaid" and is_sent:
        return f"An invoice was not paid in time, so the service is interrupted. {_PAY}"
    if snapshot.status == "canceled" and snapshot.reason == "payment_failed":
        return "The subscription ended because its payments failed."
    if snapshot.paused == "trial_end_without_payment_method":
        return "The free trial ended without a card, so the subscription is paused. Adding a card resumes it."
    text = _STATES.get(snapshot.status, "Stripe reports a state that this version does not know.")
    if snapshot.status == "active" and is_sent and snapshot.open_invoices:
        text = f"{text} An invoice is not paid yet."
    if snapshot.is_open and snapshot.cancel_at is not None:
        return f"{text} It is set to end on a fixed date."
    return text


def _overdue(access: Access, late: tuple[Invoice, ...], *, is_sent: bool) -> str:
    if is_sent:
        over = ", and the time to settle it is over" if access is Access.NONE else ""
        return f"An invoice is overdue{over}. {_PAY}"
    retries = any(invoice.next_attempt_at is not None for invoice in late)
    state = "The last payment failed."
    if access is Access.NONE:
        state = "The last payment failed, and the time to settle it is over."
    again = "Stripe tries again." if retries else "Stripe does not try again."
    return f"{state} {again} {_SETTLE}"
