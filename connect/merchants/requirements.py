"""Requirements in the order in which a merchant should meet them, and what each is about. Pure."""

import enum
from collections.abc import Iterable

from connect.merchants.snapshot import Entry, Requirements

_PERSONS = ("person_", "persons.", "representative.", "owners.", "directors.", "executives.", "relationship.")
_DEADLINES = {"past_due": 0, "currently_due": 1, "eventually_due": 2}


class Subject(enum.Enum):
    ACCOUNT = "ACCOUNT"
    PERSON = "PERSON"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    TERMS_OF_SERVICE = "TERMS_OF_SERVICE"
    OTHER = "OTHER"


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """The merchant's before Stripe's, failed ones first, then by how near the deadline is, then by key."""
    return sorted(
        entries,
        key=lambda e: (
            e.awaiting_action_from == "stripe",
            not e.errors,
            _DEADLINES.get(e.deadline, 3),
            e.key,
            e.resource or "",
        ),
    )


def subject(entry: Entry) -> Subject:
    """What an entry is about."""
    if "terms_of_service" in entry.key or entry.key.startswith("tos_acceptance"):
        return Subject.TERMS_OF_SERVICE
    if entry.key.startswith("external_account") or entry.reference_type == "payment_method":
        return Subject.BANK_ACCOUNT
    if entry.reference_type == "person" or entry.key.startswith(_PERSONS):
        return Subject.PERSON
    if entry.key.startswith(("identity.", "configuration.", "defaults.", "company.", "business_")):
        return Subject.ACCOUNT
    return Subject.OTHER


def alternatives(entry: Entry, requirements: Requirements) -> list[list[Entry]]:
    """The groups of entries any one of which settles this entry too."""
    return [
        ordered(option)
        for alternative in requirements.alternatives
        if entry.key in alternative.original_keys
        for option in alternative.options
    ]
