"""The status of a merchant, derived from Stripe's last answer. Pure.

The order of the rules in `derive` matters; docs/decisions/0003 explains it. The rules need no clock: a
working account with a deadline is due soon, before and after the deadline. The status therefore changes only
with the account.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from connect.merchants.rules.sections import Capability, CapabilityDetail, Entry, Requirements
from connect.merchants.rules.sections import capabilities as parse_capabilities
from connect.merchants.rules.sections import requirements as parse_requirements
from connect.merchants.rules.snapshot import TERMS_ACCEPTED_KEY, Snapshot

CARD_PAYMENTS = "card_payments"
PAYOUTS = "stripe_balance.payouts"
REVIEW_CODES = frozenset({"determining_status", "requirements_pending_verification"})


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


_NOTHING = Requirements()


@dataclass(frozen=True, slots=True)
class Facts:
    """All inputs of the status. `capabilities` is None if no answer contained them."""

    exists: bool
    closed: bool = False
    disconnected: bool = False
    ever_active: bool = False
    capabilities: tuple[Capability, ...] | None = None
    has_requirements: bool = False  # whether any answer contained the section
    requirements: Requirements = _NOTHING
    future: Requirements = _NOTHING

    def capability(self, name: str) -> Capability | None:
        return next((c for c in self.capabilities or () if c.name == name), None)

    def is_active(self, name: str) -> bool:
        capability = self.capability(name)
        return capability is not None and capability.status == "active"

    @property
    def due(self) -> tuple[Entry, ...]:
        """The entries that the merchant must provide now, without `eventually_due` ones."""
        return tuple(
            e
            for e in self.requirements.entries
            if e.awaiting_action_from == "user" and e.deadline in {"past_due", "currently_due"}
        )

    @property
    def in_review(self) -> tuple[Entry, ...]:
        return tuple(e for e in self.requirements.entries if e.awaiting_action_from == "stripe")

    @property
    def onboarding_submitted(self) -> bool:
        """Whether the merchant has ever submitted Stripe's form, which gives Stripe credentials."""
        if self.ever_active:
            return True
        if self.capabilities is None or not self.has_requirements:
            return False
        if self.lacks_entries:
            return False  # the missing entries may include the terms
        return not any(
            e.key == TERMS_ACCEPTED_KEY and e.awaiting_action_from == "user"
            for e in self.requirements.entries
        )

    @property
    def lacks_entries(self) -> bool:
        """Whether card payments need information without an entry. Stripe adds the entries a little later."""
        cards = self.capability(CARD_PAYMENTS)
        return (
            not self.requirements.entries
            and cards is not None
            and any(d.resolution == "provide_info" for d in cards.details)
        )


def facts(snapshot: Snapshot | None, *, ever_active_at: datetime | None, disconnected: bool) -> Facts:
    """The facts of a mirror. `snapshot` is None until Stripe has created the account."""
    if snapshot is None:
        return Facts(exists=False)
    return Facts(
        exists=True,
        closed=snapshot.closed,
        disconnected=disconnected,
        ever_active=ever_active_at is not None,
        capabilities=parse_capabilities(snapshot),
        has_requirements=snapshot.requirements is not None,
        requirements=parse_requirements(snapshot.requirements),
        future=parse_requirements(snapshot.future_requirements),
    )


def derive(facts: Facts) -> Status:
    """Return the status of the first rule that applies."""
    cards, payouts = facts.capability(CARD_PAYMENTS), facts.capability(PAYOUTS)
    if not facts.exists:
        return Status.CREATING
    if facts.closed:
        return Status.CLOSED
    if facts.disconnected:
        return Status.DISCONNECTED
    if facts.capabilities is None:
        return Status.UNKNOWN
    if _is_rejected(cards) or _is_rejected(payouts):
        return Status.REJECTED
    # Only card payments count: an account with unsupported payouts is PAYOUTS_BLOCKED.
    if is_unsupported(cards):
        return Status.UNSUPPORTED
    if facts.is_active(CARD_PAYMENTS):
        if not facts.is_active(PAYOUTS):
            return Status.PAYOUTS_BLOCKED
        return Status.ACTIVE_DUE_SOON if _is_due_soon(facts) else Status.ACTIVE
    details = _details(cards)
    due = facts.due
    must_act = bool(due) or facts.lacks_entries
    if facts.ever_active and must_act:
        return Status.RESTRICTED
    if any(d.resolution == "contact_stripe" for d in details):
        return Status.RESTRICTED_BY_STRIPE
    if any(e.errors for e in due):
        return Status.ACTION_REQUIRED
    if due and _is_first_onboarding(due):
        return Status.ONBOARDING
    if must_act:
        return Status.ACTION_REQUIRED
    if _is_in_review(facts, cards, payouts):
        return Status.PENDING_REVIEW
    if cards is None:
        return Status.NOT_REQUESTED
    return Status.RESTRICTED_BY_STRIPE


def _is_rejected(capability: Capability | None) -> bool:
    return capability is not None and (
        capability.status == "rejected" or any(d.code.startswith("rejected_") for d in capability.details)
    )


def is_unsupported(capability: Capability | None) -> bool:
    """Whether Stripe will never offer the capability to this account."""
    if capability is None or capability.status == "active":
        return False
    if capability.status == "unsupported" or any(
        d.code.startswith("unsupported_") for d in capability.details
    ):
        return True
    # A pending capability is in review, even with an unknown detail code.
    return capability.status != "pending" and any(
        d.resolution == "no_resolution" and d.code not in REVIEW_CODES for d in capability.details
    )


def _is_due_soon(facts: Facts) -> bool:
    return (
        bool(facts.due)
        or facts.requirements.nearest_deadline is not None
        or (bool(facts.future.entries) and facts.future.transitions_at is not None)
    )


def _is_first_onboarding(due: tuple[Entry, ...]) -> bool:
    return any(e.key == TERMS_ACCEPTED_KEY for e in due) and all(
        reason == "routine_onboarding" for e in due for reason in e.reasons
    )


def _is_in_review(facts: Facts, cards: Capability | None, payouts: Capability | None) -> bool:
    return (
        bool(facts.in_review)
        or any(c is not None and c.status == "pending" for c in (cards, payouts))
        or any(d.code in REVIEW_CODES for d in (*_details(cards), *_details(payouts)))
    )


def _details(capability: Capability | None) -> tuple[CapabilityDetail, ...]:
    return capability.details if capability is not None else ()
