"""A service in GraphQL's form, as a part of the merchant's document. Pure."""

from datetime import datetime, timedelta
from typing import Any

from connect.merchants.rules.wire import wire_time, word
from connect.payments.rules.money.money import money
from connect.services.rules.access import GRACE, access, due_date, grace_until, overdue, overdue_since
from connect.services.rules.snapshot import Invoice, Item, Snapshot
from connect.services.rules.summary import summary

Document = dict[str, Any]

STATUSES = frozenset(
    {"active", "canceled", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid"}
)
COLLECTION_METHODS = frozenset({"charge_automatically", "send_invoice"})
INTERVALS = frozenset({"day", "month", "week", "year"})
INVOICE_STATUSES = frozenset({"draft", "open", "paid", "uncollectible", "void"})


def build(snapshot: Snapshot, at: datetime, grace: timedelta = GRACE) -> Document:
    """The service as clients read it. `at` is the time for which to decide whether the grace period has
    ended.
    """
    given = access(snapshot, at, grace)
    late = overdue(snapshot, at)
    return {
        "stripeSubscriptionId": snapshot.id,
        "status": word(snapshot.status, STATUSES),
        "access": given.value,
        "graceUntil": wire_time(grace_until(snapshot, grace)),
        "summary": summary(snapshot, given, late),
        "collectionMethod": word(snapshot.collection_method, COLLECTION_METHODS),
        "daysUntilDue": snapshot.days_until_due,
        "trialEndsAt": wire_time(snapshot.trial_ends_at),
        "currentPeriodEndsAt": wire_time(snapshot.period_ends_at),
        "cancelAt": wire_time(snapshot.cancel_at),
        "endedAt": wire_time(snapshot.ended_at),
        "items": [_item(item) for item in snapshot.items],
        "dunning": _dunning(snapshot, late) if late and snapshot.is_open else None,
        "invoices": [_invoice(invoice) for invoice in snapshot.invoices],
    }


def _item(item: Item) -> Document:
    return {
        "stripePriceId": item.price,
        "quantity": item.quantity,
        "unitAmount": money(item.unit_amount, item.currency or "") if item.unit_amount is not None else None,
        "interval": word(item.interval, INTERVALS),
        "intervalCount": item.interval_count,
    }


def _dunning(snapshot: Snapshot, late: tuple[Invoice, ...]) -> Document:
    """The overdue payments. `attempts` counts the attempts to charge the newest overdue invoice.
    `nextAttemptAt` is the time of the next attempt to charge any overdue invoice.
    """
    attempts = [one.next_attempt_at for one in late if one.next_attempt_at is not None]
    return {
        "overdueSince": wire_time(overdue_since(snapshot) or due_date(late[-1])),
        "attempts": late[0].attempts,
        "nextAttemptAt": wire_time(min(attempts, default=None)),
        "invoices": [_invoice(invoice) for invoice in late],
    }


def _invoice(invoice: Invoice) -> Document:
    return {
        "stripeInvoiceId": invoice.id,
        "number": invoice.number,
        "status": word(invoice.status, INVOICE_STATUSES),
        "total": money(invoice.total, invoice.currency or ""),
        "remaining": money(invoice.remaining, invoice.currency or ""),
        "attempts": invoice.attempts,
        "nextAttemptAt": wire_time(invoice.next_attempt_at),
        "dueAt": wire_time(invoice.due_at),
        "createdAt": wire_time(invoice.created_at),
        "hostedUrl": invoice.hosted_url,
    }
