"""The access that a subscription gives to the platform's service. Pure."""

import enum
from datetime import datetime, timedelta

import msgspec

from connect.services.rules.snapshot import Invoice, Snapshot

# The default grace period. Stripe recommends eight retries of a failed payment within two weeks
# (https://docs.stripe.com/billing/revenue-recovery/smart-retries).
GRACE = timedelta(days=14)


class Access(enum.Enum):
    FULL = "FULL"
    GRACE = "GRACE"
    NONE = "NONE"


def access(snapshot: Snapshot, at: datetime, grace: timedelta = GRACE) -> Access:
    """The access that the subscription gives at the time `at`. An unknown status of the subscription gives no
    access.
    """
    if snapshot.status in {"active", "trialing"}:
        return Access.FULL
    until = grace_until(snapshot, grace)
    return Access.GRACE if until is not None and at < until else Access.NONE


def grace_until(snapshot: Snapshot, grace: timedelta = GRACE) -> datetime | None:
    """The end of the grace period, which begins when the first overdue payment was due. None unless a payment
    is overdue.
    """
    begun = overdue_since(snapshot)
    return begun + grace if begun is not None else None


def overdue_since(snapshot: Snapshot) -> datetime | None:
    """When the first overdue payment was due; None unless a payment is overdue.

    If no invoice is open, the start of the current period counts as the due date. An invoice that Stripe
    sends by e-mail has a due date, and Stripe makes no attempts to charge it
    (https://docs.stripe.com/billing/collection-method).
    """
    if snapshot.status != "past_due":
        return None
    dates = [due_date(one) for one in snapshot.open_invoices]
    known = [*(dates or [snapshot.period_starts_at]), snapshot.overdue_since]
    return min((date for date in known if date is not None), default=None)


def due_date(invoice: Invoice) -> datetime | None:
    """When the payment of an invoice was due; None if the invoice has no date."""
    return invoice.due_at or invoice.finalized_at or invoice.created_at


def follow(previous: Snapshot | None, current: Snapshot) -> Snapshot:
    """Keep the date of the first overdue payment while the subscription stays past due. This is necessary
    because a snapshot has only the latest invoices, and the first overdue invoice may be older.
    """
    is_same = previous is not None and (previous.id, previous.status) == (current.id, current.status)
    earlier = overdue_since(previous) if previous is not None and is_same else None
    kept = msgspec.structs.replace(current, overdue_since=earlier)
    return msgspec.structs.replace(kept, overdue_since=overdue_since(kept))


def overdue(snapshot: Snapshot, at: datetime) -> tuple[Invoice, ...]:
    """The subscription's overdue open invoices, newest first.

    An invoice without a due date is overdue after a failed payment. If a subscription that is past due has no
    overdue invoice, its oldest open invoice counts as overdue, because Stripe's clock may be ahead of `at`.
    """
    found = tuple(
        one
        for one in snapshot.open_invoices
        if (one.due_at <= at if one.due_at is not None else one.attempts)
    )
    return found or (snapshot.open_invoices[-1:] if snapshot.status == "past_due" else ())
