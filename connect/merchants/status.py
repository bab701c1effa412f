"""Where a merchant stands: one word, derived from what Stripe last said. Pure.

The order of the rules in `derive` is the decision; docs/decisions/0003 says why each stands where it does.
It needs no clock: a deadline that has passed while everything still works is as urgent as one ahead, so an
account's status changes only when the account does.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connect.merchants.snapshot import Capability, CapabilityDetail, Entry, Requirements, Snapshot
from connect.merchants.snapshot import capabilities as parse_capabilities
from connect.merchants.snapshot import requirements as parse_requirements

CARD_PAYMENTS = "card_payments"
PAYOUTS = "stripe_balance.payouts"
# Only the merchant can accept the terms, on Stripe's form: while this is asked, the form was never submitted.
TERMS_ACCEPTED_KEY = "identity.attestations.terms_of_service.account.date"
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
    """Everything that the status depends on. `capabilities` is None when Stripe was never asked for them."""

    exists: bool
    closed: bool = False
    disconnected: bool = False
    ever_active: bool = False
    capabilities: tuple[Capability, ...] | None = None
    requirements_seen: bool = False
    requirements: Requirements = _NOTHING
    future: Requirements = _NOTHING

    def capability(self, name: str) -> Capability | None:
        return next((c for c in self.capabilities or () if c.name == name), None)

    def is_active(self, name: str) -> bool:
        capability = self.capability(name)
        return capability is not None and capability.status == "active"

    @property
    def due(self) -> tuple[Entry, ...]:
        """What the merchant must provide now; `eventually_due` never blocks."""
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
        """Whether the merchant has been through Stripe's form once, which gave them Stripe credentials."""
        if self.ever_active:
            return True
        if self.capabilities is None or not self.requirements_seen:
            return False
        if self.asks_without_entries:
            return False  # what is asked is not known yet; the terms may be among it
        asked = {e.key for e in self.requirements.entries if e.awaiting_action_from == "user"}
        return TERMS_ACCEPTED_KEY not in asked

    @property
    def asks_without_entries(self) -> bool:
        """Stripe wants something for card payments but names nothing: the entries have not caught up yet."""
        cards = self.capability(CARD_PAYMENTS)
        return (
            not self.requirements.entries
            and cards is not None
            and any(d.resolution == "provide_info" for d in cards.details)
        )


def facts(snapshot: Snapshot | None, *, ever_active_at: datetime | None, disconnected: bool) -> Facts:
    """The facts of a mirror; no snapshot means that Stripe has not confirmed the account yet."""
    if snapshot is None:
        return Facts(exists=False)
    return Facts(
        exists=True,
        closed=snapshot.closed,
        disconnected=disconnected,
        ever_active=ever_active_at is not None,
        capabilities=parse_capabilities(snapshot),
        requirements_seen=snapshot.requirements is not None,
        requirements=parse_requirements(snapshot.requirements),
        future=parse_requirements(snapshot.future_requirements),
    )


def derive(facts: Facts) -> Status:
    """The status of a merchant: the first rule that fits."""
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
    # About card payments only: a merchant who can be paid by card is not unsupported.
    if is_unsupported(cards):
        return Status.UNSUPPORTED
    if facts.is_active(CARD_PAYMENTS):
        if not facts.is_active(PAYOUTS):
            return Status.PAYOUTS_BLOCKED
        return Status.ACTIVE_DUE_SOON if _is_due_soon(facts) else Status.ACTIVE
    details = _details(cards)
    due = facts.due
    must_act = bool(due) or facts.asks_without_entries
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
    """Whether Stripe does not offer it, and nothing can be done about that."""
    if capability is None or capability.status == "active":
        return False
    if capability.status == "unsupported" or any(
        d.code.startswith("unsupported_") for d in capability.details
    ):
        return True
    # While it is pending Stripe is at work, whatever new word it has for that.
    return capability.status != "pending" and any(
        d.resolution == "no_resolution" and d.code not in REVIEW_CODES for d in capability.details
    )


def _is_due_soon(facts: Facts) -> bool:
    return (
        bool(facts.due)
        or facts.requirements.nearest_deadline is not None
        or (bool(facts.future.entries) and facts.future.transitions_at is not None)
    )


def _is_first_onboarding(due: Iterable[Entry]) -> bool:
    due = tuple(due)
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
