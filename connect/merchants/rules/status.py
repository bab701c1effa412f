"""The status of a merchant, derived from Stripe's last answer. Pure.

The order of the rules in `derive` matters; docs/decisions/0003 explains it. The rules need no clock: a
working account with a deadline is due soon, before and after the deadline. The status therefore changes only
with the account. Each rule considers only the requirements that restrict its own capability.
"""

import dataclasses
import enum
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from connect.merchants.rules.requirements import Urgency
from connect.merchants.rules.sections import (
    Capability,
    CapabilityDetail,
    Entry,
    Identity,
    Requirements,
)
from connect.merchants.rules.sections import capabilities as parse_capabilities
from connect.merchants.rules.sections import requirements as parse_requirements
from connect.merchants.rules.snapshot import TERMS_ACCEPTED_KEY, Snapshot

CARD_PAYMENTS = "card_payments"
PAYOUTS = "stripe_balance.payouts"
CORE = (CARD_PAYMENTS, PAYOUTS)
REVIEW_CODES = frozenset({"determining_status", "requirements_pending_verification"})
DUE = frozenset({"past_due", "currently_due"})


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


# In these states the account is not at Stripe, or no longer the platform's.
ABSENT = frozenset({Status.CREATING, Status.CLOSED, Status.DISCONNECTED})
# Stripe's final decisions: it accepts no further information, except for an appeal.
DECIDED = frozenset({Status.REJECTED, Status.UNSUPPORTED})

_NOTHING = Requirements()


@dataclass(frozen=True)
class Facts:
    """All inputs of the status. `capabilities` is None if no answer contained them."""

    exists: bool
    closed: bool = False
    disconnected: bool = False
    ever_active: bool = False
    full_dashboard: bool = False
    capabilities: tuple[Capability, ...] | None = None
    has_requirements: bool = False  # whether any answer contained the section
    requirements: Requirements = _NOTHING
    future: Requirements = _NOTHING

    def capability(self, name: str) -> Capability | None:
        return next((c for c in self.capabilities or () if c.name == name), None)

    def is_active(self, name: str) -> bool:
        capability = self.capability(name)
        return capability is not None and capability.status == "active"

    def concerning(self, name: str) -> tuple[Entry, ...]:
        """The entries that restrict this capability of the merchant configuration.

        Entries for which Stripe names no capability at all count only if Stripe needs information for this
        one and no other entry names it.
        """
        entries = self._deadlines.get(name)
        if entries or not needs_information(self.capability(name)):
            return tuple(e for e, _ in entries or ())
        return tuple(e for e in self.requirements.entries if not e.impacts)

    def needed_for(self, name: str) -> tuple[Entry, ...]:
        """The entries that the merchant must provide so that this capability works or keeps working.

        An `eventually_due` entry is needed only if it is all that an inactive capability waits for.
        """
        mine = [(e, deadline) for e, deadline in self._deadlines.get(name, ()) if e.awaits_merchant]
        due = tuple(e for e, deadline in mine if deadline in DUE)
        if due or not needs_information(self.capability(name)):
            return due
        return tuple(e for e in self.concerning(name) if e.awaits_merchant)

    def is_overdue(self, name: str) -> bool:
        """Whether a capability that has worked is past the deadline of a needed entry.

        In a new account all entries are past due, which means only that they are needed.
        """
        worked = self.is_active(name) or (name == CARD_PAYMENTS and self.ever_active)
        return worked and any(
            deadline == "past_due" for e, deadline in self._deadlines.get(name, ()) if e.awaits_merchant
        )

    @cached_property
    def _deadlines(self) -> dict[str, list[tuple[Entry, str]]]:
        """The entries that restrict each capability, with their deadlines for it."""
        found: dict[str, list[tuple[Entry, str]]] = {}
        for entry in self.requirements.entries:
            for name, deadline in entry.stakes.items():
                found.setdefault(name, []).append((entry, deadline))
        return found

    @cached_property
    def due(self) -> tuple[Entry, ...]:
        """All entries that the merchant must provide now, for any capability."""
        needed = {e.identity for c in self.capabilities or () for e in self.needed_for(c.name)}
        return tuple(
            e
            for e in self.requirements.entries
            if e.awaits_merchant and (e.deadline in DUE or e.identity in needed)
        )

    @cached_property
    def _due_identities(self) -> frozenset[Identity]:
        return frozenset(e.identity for e in self.due)

    def urgency(self, entry: Entry) -> Urgency | None:
        """How urgent an entry is to a person; None if it does not await the merchant."""
        if not entry.awaits_merchant:
            return None
        if entry.identity not in self._due_identities:
            return Urgency.LATER
        if is_appeal(entry):
            return Urgency.NOW
        stakes = entry.stakes or {CARD_PAYMENTS: entry.deadline}
        if any(
            deadline == "past_due" and (self.is_active(name) or (name == CARD_PAYMENTS and self.ever_active))
            for name, deadline in stakes.items()
        ):
            return Urgency.OVERDUE
        return Urgency.SOON if all(self.is_active(name) for name in stakes) else Urgency.NOW

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
        if not self.requirements.entries and self.lacks_entries:
            return False  # the missing entries may include the terms
        return not self.awaits_terms

    @property
    def awaits_terms(self) -> bool:
        return any(e.key == TERMS_ACCEPTED_KEY and e.awaits_merchant for e in self.requirements.entries)

    @property
    def lacks_entries(self) -> bool:
        """Whether card payments need information without an entry. Stripe adds the entries a little later."""
        return lacks_entries(self, CARD_PAYMENTS)


def facts(snapshot: Snapshot | None, *, ever_active_at: datetime | None, disconnected: bool) -> Facts:
    """The facts of a mirror. `snapshot` is None until Stripe has created the account."""
    if snapshot is None:
        return Facts(exists=False)
    return Facts(
        exists=True,
        closed=snapshot.closed,
        disconnected=disconnected,
        ever_active=ever_active_at is not None,
        full_dashboard=snapshot.dashboard == "full",
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
    if is_rejected(cards) or is_rejected(payouts):
        return Status.REJECTED
    # Only card payments count: an account with unsupported payouts is PAYOUTS_BLOCKED.
    if is_unsupported(cards):
        return Status.UNSUPPORTED
    if facts.is_active(CARD_PAYMENTS):
        if not facts.is_active(PAYOUTS):
            return Status.PAYOUTS_BLOCKED
        return Status.ACTIVE_DUE_SOON if _is_due_soon(facts) else Status.ACTIVE
    needed = facts.needed_for(CARD_PAYMENTS)
    if needed or facts.lacks_entries:
        if facts.ever_active:
            return Status.RESTRICTED
        if needed and _is_first_onboarding(facts, needed):
            return Status.ONBOARDING
        return Status.ACTION_REQUIRED
    if cards is None:
        return Status.NOT_REQUESTED
    if has_resolution(cards, "contact_stripe"):
        return Status.RESTRICTED_BY_STRIPE
    if _is_in_review(facts, cards, payouts):
        return Status.PENDING_REVIEW
    return Status.RESTRICTED_BY_STRIPE


def open_facts(facts: Facts, status: Status) -> Facts:
    """The facts without requirements that can no longer be met.

    An account that Stripe has rejected keeps its appeal if the merchant can log in to answer it.
    """
    if status not in ABSENT | DECIDED:
        return facts
    appeals: tuple[Entry, ...] = ()
    if status is Status.REJECTED and facts.onboarding_submitted and facts.full_dashboard:
        appeals = tuple(e for e in facts.requirements.entries if e.awaits_merchant and is_appeal(e))
    if not appeals or is_rejected_by_platform(facts):
        return dataclasses.replace(facts, requirements=_NOTHING, future=_NOTHING)
    kept = dataclasses.replace(facts.requirements, entries=appeals, alternatives=())
    return dataclasses.replace(facts, requirements=kept, future=_NOTHING)


def is_appeal(entry: Entry) -> bool:
    """Whether the entry is the form by which the merchant appeals against a rejection."""
    return "rejection_appeal" in entry.key and entry.awaits_merchant


def is_rejected(capability: Capability | None) -> bool:
    return capability is not None and (
        capability.status == "rejected" or any(d.code.startswith("rejected_") for d in capability.details)
    )


def is_rejected_by_platform(facts: Facts) -> bool:
    return any(d.code.startswith("rejected_platform") for c in facts.capabilities or () for d in c.details)


def is_unsupported(capability: Capability | None) -> bool:
    """Whether Stripe will never offer the capability to this account."""
    if capability is None or capability.status == "active":
        return False
    if capability.status == "unsupported" or any(
        d.code.startswith("unsupported_") for d in capability.details
    ):
        return True
    # A pending capability is in review, even with an unknown detail code.
    return (
        capability.status != "pending"
        and not has_resolution(capability, "provide_info")
        and any(d.resolution == "no_resolution" and d.code not in REVIEW_CODES for d in capability.details)
    )


def needs_information(capability: Capability | None) -> bool:
    """Whether an inactive capability waits for information: Stripe says so, or gives no other reason."""
    if capability is None or capability.status in {"active", "pending", "rejected", "unsupported"}:
        return False
    if is_rejected(capability) or is_unsupported(capability):
        return False
    return has_resolution(capability, "provide_info") or not (
        has_resolution(capability, "contact_stripe")
        or any(d.code in REVIEW_CODES for d in capability.details)
    )


def lacks_entries(facts: Facts, name: str) -> bool:
    """Whether Stripe needs information for the capability, but no entry says which information."""
    capability = facts.capability(name)
    return has_resolution(capability, "provide_info") and not facts.concerning(name)


def has_resolution(capability: Capability | None, resolution: str) -> bool:
    return any(d.resolution == resolution for d in _details(capability))


def _is_due_soon(facts: Facts) -> bool:
    if any(facts.needed_for(name) for name in CORE):
        return True
    entries = facts.requirements.entries
    if facts.requirements.nearest_deadline is not None and (not entries or any(map(_is_core, entries))):
        return True
    return facts.future.transitions_at is not None and any(map(_is_core, facts.future.entries))


def _is_core(entry: Entry) -> bool:
    """Whether the entry restricts card payments or payouts, or names no capability."""
    return not entry.impacts or not entry.stakes.keys().isdisjoint(CORE)


def _is_first_onboarding(facts: Facts, needed: tuple[Entry, ...]) -> bool:
    return (
        facts.awaits_terms
        and not any(e.errors for e in needed)
        and all(reason == "routine_onboarding" for e in needed for reason in e.reasons)
    )


def _is_in_review(facts: Facts, cards: Capability | None, payouts: Capability | None) -> bool:
    return (
        bool(facts.in_review)
        or any(c is not None and c.status == "pending" for c in (cards, payouts))
        or any(d.code in REVIEW_CODES for d in (*_details(cards), *_details(payouts)))
    )


def _details(capability: Capability | None) -> tuple[CapabilityDetail, ...]:
    return capability.details if capability is not None else ()
