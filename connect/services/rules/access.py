"""The access that a subscription gives to the platform's service. Pure."""

import enum
from datetime import datetime, timedelta

from connect.services.rules.snapshot import Invoice, Snapshot

# As long as the retries that Stripe recommends: eight in two weeks
# (https://docs.stripe.com/billing/revenue-recovery/smart-retries).
GRACE = timedelta(days=14)


class Access(enum.Enum):
    FULL = "FULL"
    GRACE = "GRACE"
    NONE = "NONE"


def access(snapshot: Snapshot, at: datetime) -> Access:
    """The access at this time. A state that is not known here gives none."""
    if snapshot.status in {"active", "trialing"}:
        return Access.FULL
    until = grace_until(snapshot)
    return Access.GRACE if until is not None and at < until else Access.NONE


def grace_until(snapshot: Snapshot) -> datetime | None:
    """The end of the grace period after the first failed payment; None unless a payment is overdue."""
    if snapshot.status != "past_due":
        return None
    starts = [invoice.finalized_at or invoice.created_at for invoice in overdue(snapshot)]
    begun = min((start for start in starts if start is not None), default=snapshot.period_ends_at)
    return begun + GRACE if begun is not None else None


def overdue(snapshot: Snapshot) -> tuple[Invoice, ...]:
    """The subscription's open invoices with a failed payment, newest first."""
    return tuple(
        invoice
        for invoice in snapshot.invoices
        if invoice.status == "open" and invoice.attempts and invoice.subscription in {None, snapshot.id}
    )
