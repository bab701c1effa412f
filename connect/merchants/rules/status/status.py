"""The status of a merchant, derived from Stripe's last answer. Pure.

The order of the rules in `derive` matters; docs/decisions/0003 explains it. The rules need no clock: a
working account with a deadline is ACTIVE_DUE_SOON both before and after the deadline, so the status changes
only when the account changes. A rule about one capability considers only the requirements that restrict it.
"""

import dataclasses
import enum

from connect.merchants.rules.account.capabilities import (
    has_resolution,
    is_rejected,
    is_unsupported,
)
from connect.merchants.rules.account.sections import Entry
from connect.merchants.rules.status.facts import CARD_PAYMENTS, CORE, NOTHING, PAYOUTS, Facts


class Status(enum.Enum):
    CREATING = "CREATING"
    ONBOARDING = "ONBOARDING"
    ACTION_REQUIRED = "ACTION_REQUIRED"
    PENDING_REVIEW = "PENDING_REVIEW"
    ACTIVE = "ACTIVE"
    ACTIVE_DUE_SOON = "ACTIVE_DUE_SOON"
    PAYOUTS_BLOCKED = "PAYOUTS_BLOCKED"
    RESTRICTED = "RESTRICTED"
    RESTRICTED_BY_STRIPE = "RESTRICTED_BY_STRIPE"
    REJECTED = "REJECTED"
    UNSUPPORTED = "UNSUPPORTED"
    NOT_REQUESTED = "NOT_REQUESTED"
    DISCONNECTED = "DISCONNECTED"
    CLOSED = "CLOSED"
    UNKNOWN = "UNKNOWN"
    ERASED = "ERASED"


# With these statuses, the account does not exist yet, is closed, or no longer belongs to the platform.
ABSENT = frozenset({Status.CREATING, Status.CLOSED, Status.DISCONNECTED, Status.ERASED})
# With these statuses, Stripe's decision is final. Stripe accepts no further information except an appeal.
DECIDED = frozenset({Status.REJECTED, Status.UNSUPPORTED})


def derive(facts: Facts) -> Status:
    """Return the status of the first rule that applies."""
    cards, payouts = facts.capability(CARD_PAYMENTS), facts.capability(PAYOUTS)
    if facts.erased:
        return Status.ERASED
    if not facts.exists:
        return Status.CREATING
    if facts.closed:
        return Status.CLOSED
    if facts.disconnected:
        return Status.DISCONNECTED
    if facts.capabilities is None:
        return Status.UNKNOWN
    if is_rejected(cards) or is_rejected(payouts):
        return Status.REJECTED
    # Only card payments count: if they work and payouts are unsupported, the account is PAYOUTS_BLOCKED.
    if is_unsupported(cards):
        return Status.UNSUPPORTED
    if facts.is_active(CARD_PAYMENTS):
        if not facts.is_active(PAYOUTS):
            return Status.PAYOUTS_BLOCKED
        return Status.ACTIVE_DUE_SOON if is_due_soon(facts) else Status.ACTIVE
    needed = facts.needed_for(CARD_PAYMENTS)
    if needed or facts.lacks_entries(CARD_PAYMENTS):
        if facts.ever_active:
            return Status.RESTRICTED
        if needed and _is_first_onboarding(facts, needed):
            return Status.ONBOARDING
        return Status.ACTION_REQUIRED
    if cards is None:
        return Status.NOT_REQUESTED
    if has_resolution(cards, "contact_stripe") or facts.is_held(CARD_PAYMENTS):
        return Status.RESTRICTED_BY_STRIPE
    if any(map(facts.is_in_review, CORE)):
        return Status.PENDING_REVIEW
    return Status.RESTRICTED_BY_STRIPE


def open_facts(facts: Facts, status: Status) -> Facts:
    """The facts without requirements that the merchant can no longer meet.

    An account that Stripe has rejected keeps the requirement of an appeal, if the merchant can log in to
    appeal. An account that the platform has rejected keeps no requirement.
    """
    if status not in ABSENT | DECIDED:
        return facts
    appeals: tuple[Entry, ...] = ()
    if status is Status.REJECTED and facts.onboarding_submitted and facts.full_dashboard:
        appeals = tuple(e for e in facts.requirements.entries if e.awaits_merchant and e.is_appeal)
    if not appeals or facts.is_rejected_by_platform:
        return dataclasses.replace(facts, requirements=NOTHING, future=NOTHING)
    kept = dataclasses.replace(facts.requirements, entries=appeals, alternatives=())
    return dataclasses.replace(facts, requirements=kept, future=NOTHING)


def is_due_soon(facts: Facts) -> bool:
    """Whether a working account must provide something now, or by a date that Stripe has set."""
    current = facts.requirements
    has_deadline = current.nearest_deadline is not None and (not current.entries or facts.open_entries)
    has_transition = facts.future.transitions_at is not None and facts.future_entries
    return bool(facts.due or has_deadline or has_transition)


def _is_first_onboarding(facts: Facts, needed: tuple[Entry, ...]) -> bool:
    return (
        facts.awaits_terms
        and not any(e.errors for e in needed)
        and all(reason == "routine_onboarding" for e in needed for reason in e.reasons)
    )
