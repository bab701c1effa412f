"""The facts of an account from which its status and sentences are derived. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from connect.merchants.rules.account.capabilities import (
    has_resolution,
    is_decided,
    is_held,
    is_reviewed,
    needs_information,
)
from connect.merchants.rules.account.requirements import Urgency
from connect.merchants.rules.account.sections import (
    MERCHANT,
    OTHER_CONFIGURATIONS,
    Capability,
    Entry,
    Identity,
    Requirements,
)
from connect.merchants.rules.account.sections import capabilities as parse_capabilities
from connect.merchants.rules.account.sections import requirements as parse_requirements
from connect.merchants.rules.account.snapshot import DEADLINES, TERMS_ACCEPTED_KEY, Snapshot

CARD_PAYMENTS = "card_payments"
PAYOUTS = "stripe_balance.payouts"
CORE = (CARD_PAYMENTS, PAYOUTS)
DUE = frozenset({"past_due", "currently_due"})

NOTHING = Requirements()


@dataclass(frozen=True)
class Facts:
    """All inputs of the status. `capabilities` is None if no answer contained them.

    `elsewhere` has a pair of configuration and name for each active capability outside the merchant
    configuration.
    """

    exists: bool
    # Whether the platform has erased the merchant's data.
    erased: bool = False
    closed: bool = False
    disconnected: bool = False
    ever_active: bool = False
    full_dashboard: bool = False
    capabilities: tuple[Capability, ...] | None = None
    elsewhere: frozenset[tuple[str, str]] = frozenset()
    has_requirements: bool = False  # whether any answer contained `requirements`
    requirements: Requirements = NOTHING
    future: Requirements = NOTHING

    def capability(self, name: str) -> Capability | None:
        return next((c for c in self.capabilities or () if c.name == name), None)

    def is_active(self, name: str) -> bool:
        capability = self.capability(name)
        return capability is not None and capability.status == "active"

    def concerning(self, name: str) -> tuple[Entry, ...]:
        """The entries that restrict this capability of the merchant configuration.

        Entries that name no capability are included for card payments or payouts, if Stripe needs
        information for that capability and no entry names it.
        """
        entries = self._deadlines.get(name)
        if entries or name not in CORE or not needs_information(self.capability(name)):
            return tuple(e for e, _ in entries or ())
        return tuple(e for e in self.requirements.entries if not e.impacts)

    def needed_for(self, name: str) -> tuple[Entry, ...]:
        """The entries that the merchant must provide so that this capability works or keeps working.

        An entry that is not due yet is needed only if the capability needs information and has no due
        entry. Nothing is needed for a capability that Stripe has rejected or does not support.
        """
        capability = self.capability(name)
        if is_decided(capability):
            return ()
        mine = [(e, deadline) for e, deadline in self._deadlines.get(name, ()) if e.awaits_merchant]
        due = tuple(e for e, deadline in mine if deadline in DUE)
        if due or not needs_information(capability):
            return due
        return tuple(e for e in self.concerning(name) if e.awaits_merchant)

    def overdue_for(self, name: str) -> tuple[Entry, ...]:
        """If the capability works, the needed entries that are past their deadline for it. For card payments,
        it is enough that they have worked before.

        In a new account all entries are past due, but this means only that they are needed. An appeal is the
        merchant's choice, so it is never overdue.
        """
        if not self._has_worked(MERCHANT, name):
            return ()
        past_due = {e.identity for e, deadline in self._deadlines.get(name, ()) if deadline == "past_due"}
        return tuple(e for e in self.needed_for(name) if e.identity in past_due and not e.is_appeal)

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
        """All entries that the merchant must provide now, for any capability or for the account."""
        needed = {e.identity for c in self.capabilities or () for e in self.needed_for(c.name)}
        return tuple(e for e in self.open_entries if e.deadline in DUE or e.identity in needed)

    @cached_property
    def open_entries(self) -> tuple[Entry, ...]:
        """The entries that await the merchant, except the moot ones (see `_is_moot`)."""
        return tuple(e for e in self.requirements.entries if e.awaits_merchant and not self._is_moot(e))

    @cached_property
    def future_entries(self) -> tuple[Entry, ...]:
        """The future requirements that await the merchant, except the moot ones (see `_is_moot`)."""
        return tuple(e for e in self.future.entries if e.awaits_merchant and not self._is_moot(e))

    def _is_moot(self, entry: Entry) -> bool:
        """Whether the entry restricts only capabilities that Stripe has rejected or does not support."""
        return (
            bool(entry.impacts)
            and not entry.is_appeal
            and all(
                i.configuration == MERCHANT and is_decided(self.capability(i.capability))
                for i in entry.impacts
            )
        )

    @cached_property
    def _due_identities(self) -> frozenset[Identity]:
        return frozenset(e.identity for e in self.due)

    def urgency(self, entry: Entry) -> Urgency | None:
        """The urgency of an entry; None if it does not await the merchant.

        An entry that names no capability is as urgent as an entry for card payments.
        """
        if not entry.awaits_merchant:
            return None
        if entry.identity not in self._due_identities:
            return Urgency.LATER
        if entry.is_appeal:
            return Urgency.NOW
        stakes = [
            (i.configuration, i.capability, i.deadline if i.deadline in DEADLINES else entry.deadline)
            for i in entry.impacts
            if i.configuration != MERCHANT or not is_decided(self.capability(i.capability))
        ] or [(MERCHANT, CARD_PAYMENTS, entry.deadline)]
        if any(deadline == "past_due" and self._has_worked(*name) for *name, deadline in stakes):
            return Urgency.OVERDUE
        return Urgency.SOON if all(self._works(*name) for *name, _ in stakes) else Urgency.NOW

    def _works(self, configuration: str, name: str) -> bool:
        return self.is_active(name) if configuration == MERCHANT else (configuration, name) in self.elsewhere

    def _has_worked(self, configuration: str, name: str) -> bool:
        is_cards = (configuration, name) == (MERCHANT, CARD_PAYMENTS)
        return self._works(configuration, name) or (is_cards and self.ever_active)

    def is_in_review(self, name: str) -> bool:
        """Whether Stripe is reviewing the capability, or information for it."""
        return is_reviewed(self.capability(name)) or any(e.is_in_review for e in self.concerning(name))

    def is_held(self, name: str) -> bool:
        """Whether Stripe holds the capability, and no information can lift the hold."""
        capability = self.capability(name)
        return is_held(capability) or (
            not is_reviewed(capability) and any(e.is_hold for e in self.concerning(name))
        )

    def awaits_review(self, name: str) -> bool:
        """Whether the capability waits only for a review."""
        capability = self.capability(name)
        if is_decided(capability) or has_resolution(capability, "contact_stripe") or self.is_held(name):
            return False
        return self.is_in_review(name)

    @property
    def has_reviews(self) -> bool:
        """Whether Stripe is reviewing any information."""
        return any(e.is_in_review for e in self.requirements.entries)

    @property
    def onboarding_submitted(self) -> bool:
        """Whether the merchant has ever submitted Stripe's form. The merchant can log in to the Dashboard
        after that.
        """
        if self.ever_active:
            return True
        if self.capabilities is None or not self.has_requirements:
            return False
        if not self.requirements.entries and self.lacks_entries(CARD_PAYMENTS):
            return False  # Stripe may still add an entry for the terms
        return not self.awaits_terms

    @property
    def is_rejected_by_platform(self) -> bool:
        core = [c for c in self.capabilities or () if c.name in CORE]
        return any(d.code.startswith("rejected_platform") for c in core for d in c.details)

    @property
    def awaits_terms(self) -> bool:
        """Whether the terms are not accepted yet. An entry that awaits an unknown party counts, too."""
        terms = [e for e in self.requirements.entries if e.key == TERMS_ACCEPTED_KEY]
        return any(e.awaiting_action_from != "stripe" for e in terms)

    def lacks_entries(self, name: str) -> bool:
        """Whether Stripe needs information for the capability, but has not listed entries for it yet. Stripe
        adds them a little later.
        """
        return has_resolution(self.capability(name), "provide_info") and not any(
            e.awaits_merchant or e.is_in_review for e in self.concerning(name)
        )


def facts(
    snapshot: Snapshot | None, *, ever_active_at: datetime | None, disconnected: bool, erased: bool = False
) -> Facts:
    """The facts of a mirror. `snapshot` is None until Stripe has created the account."""
    if snapshot is None:
        return Facts(exists=False)
    return Facts(
        exists=True,
        erased=erased,
        closed=snapshot.closed,
        disconnected=disconnected,
        ever_active=ever_active_at is not None,
        full_dashboard=snapshot.dashboard == "full",
        capabilities=parse_capabilities(snapshot, MERCHANT),
        elsewhere=frozenset(
            (configuration, c.name)
            for configuration in OTHER_CONFIGURATIONS
            for c in parse_capabilities(snapshot, configuration) or ()
            if c.status == "active"
        ),
        has_requirements=snapshot.requirements is not None,
        requirements=parse_requirements(snapshot.requirements),
        future=parse_requirements(snapshot.future_requirements),
    )
