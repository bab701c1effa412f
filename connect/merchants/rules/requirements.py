"""The order of requirements, and the subject of each. Pure."""

import enum
from collections.abc import Iterable

from connect.merchants.rules.sections import Entry, Requirements
from connect.merchants.rules.snapshot import DEADLINES, MAX_NESTED

_PERSONS = ("person_", "persons.", "representative.", "owners.", "directors.", "executives.", "relationship.")


class Subject(enum.Enum):
    ACCOUNT = "ACCOUNT"
    PERSON = "PERSON"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    TERMS_OF_SERVICE = "TERMS_OF_SERVICE"
    OTHER = "OTHER"


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """Sort the merchant's entries before Stripe's, then by errors, deadline and key."""
    return sorted(
        entries,
        key=lambda e: (
            e.awaiting_action_from == "stripe",
            not e.errors,
            DEADLINES.get(e.deadline, 3),
            e.key,
            e.resource or "",
        ),
    )


def subject(entry: Entry) -> Subject:
    if "terms_of_service" in entry.key or entry.key.startswith("tos_acceptance"):
        return Subject.TERMS_OF_SERVICE
    if entry.key.startswith("external_account") or entry.reference_type == "payment_method":
        return Subject.BANK_ACCOUNT
    if entry.reference_type == "person" or entry.key.startswith(_PERSONS):
        return Subject.PERSON
    if entry.key.startswith(("identity.", "configuration.", "defaults.", "company.", "business_")):
        return Subject.ACCOUNT
    return Subject.OTHER


def alternatives(requirements: Requirements) -> dict[str, list[list[Entry]]]:
    """Return at most MAX_NESTED groups of entries for each key. Any one group settles the requirement."""
    groups: dict[str, list[list[Entry]]] = {}
    for alternative in requirements.alternatives:
        options = [ordered(option) for option in alternative.options]
        for key in dict.fromkeys(alternative.original_keys):
            of_key = groups.setdefault(key, [])
            of_key += options[: MAX_NESTED - len(of_key)]
    return groups
