"""The order of requirements, their subjects, and the groups into which they fall. Pure."""

import enum
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from connect.merchants import wording
from connect.merchants.rules.account.sections import Entry, Identity, Requirements
from connect.merchants.rules.account.snapshot import DEADLINES, MAX_NESTED

_PARTIES = {"user": 0, "stripe": 2}
_PERSON_ID = re.compile(r"(?:persons\.)?(person_\w+)(?:\.|$)")
_PERSONS = (
    *("person_", "persons.", "representative.", "owners.", "directors.", "executives.", "relationship."),
    *("individual.", "identity.individual."),
)


class Subject(enum.Enum):
    ACCOUNT = "ACCOUNT"
    PERSON = "PERSON"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    TERMS_OF_SERVICE = "TERMS_OF_SERVICE"
    OTHER = "OTHER"


class PersonRole(enum.Enum):
    ACCOUNT_HOLDER = "ACCOUNT_HOLDER"
    REPRESENTATIVE = "REPRESENTATIVE"
    OWNER = "OWNER"
    DIRECTOR = "DIRECTOR"
    EXECUTIVE = "EXECUTIVE"
    AUTHORIZER = "AUTHORIZER"
    LEGAL_GUARDIAN = "LEGAL_GUARDIAN"


class Urgency(enum.Enum):
    OVERDUE = "OVERDUE"
    NOW = "NOW"
    SOON = "SOON"
    LATER = "LATER"


ROLES = {
    "representative": PersonRole.REPRESENTATIVE,
    "owners": PersonRole.OWNER,
    "directors": PersonRole.DIRECTOR,
    "executives": PersonRole.EXECUTIVE,
    "authorizer": PersonRole.AUTHORIZER,
    "legal_guardian": PersonRole.LEGAL_GUARDIAN,
}


@dataclass(frozen=True, slots=True)
class Person:
    """The person that a requirement concerns: Stripe's id, the role that the key names, or both."""

    id: str | None
    role: PersonRole | None


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that are settled in one step, such as day, month and year of a birthday.

    `person` is None if the entries name no person. `urgency` is None if no entry awaits the merchant.
    """

    key: str | None
    person: Person | None
    entries: tuple[Entry, ...]
    urgency: Urgency | None


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """Sort entries that await the merchant first, and entries that await Stripe last. The entries of one
    party are sorted by errors (entries with errors come first), then by deadline, then by key.
    """
    return sorted(
        entries,
        key=lambda e: (
            _PARTIES.get(e.awaiting_action_from, 1),
            not e.errors,
            DEADLINES.get(e.deadline, 3),
            e.key,
            e.resource or "",
        ),
    )


def subject(entry: Entry) -> Subject:
    if "terms_of_service" in entry.key or entry.key.startswith("tos_acceptance"):
        return Subject.TERMS_OF_SERVICE
    if (
        entry.key.startswith("external_account")
        or "bank_account" in entry.key
        or entry.reference_type == "payment_method"
    ):
        return Subject.BANK_ACCOUNT
    if entry.reference_type == "person" or entry.key.startswith(_PERSONS):
        return Subject.PERSON
    if entry.key.startswith(("identity.", "configuration.", "defaults.", "company.", "business_")):
        return Subject.ACCOUNT
    return Subject.OTHER


def person(entry: Entry) -> Person | None:
    """The person that the entry concerns, from Stripe's reference or from the key; None if it concerns no
    person.
    """
    if subject(entry) is not Subject.PERSON:
        return None
    found = _PERSON_ID.match(entry.key)
    named = found.group(1) if found is not None else None
    key = entry.resource if entry.reference_type == "person" else named
    role = ROLES.get(wording.group(entry.key).role or "")
    if key is None and role is None and entry.key.startswith(("individual.", "identity.individual.")):
        role = PersonRole.ACCOUNT_HOLDER
    return Person(key, role) if key is not None or role is not None else None


def grouped(entries: Iterable[Entry], urgency: Callable[[Entry], Urgency | None]) -> list[Group]:
    """Group the entries, in the order of `ordered`. A group is as urgent as its most urgent entry."""
    groups: dict[object, list[Entry]] = {}
    for entry in ordered(entries):
        groups.setdefault(group_key(entry), []).append(entry)
    return [
        Group(
            wording.group(group[0].key).key,
            person(group[0]),
            tuple(group),
            min(
                (u for u in map(urgency, group) if u is not None),
                key=list(Urgency).index,
                default=None,
            ),
        )
        for group in groups.values()
    ]


def count(entries: Iterable[Entry]) -> int:
    """The number of groups that these entries make up."""
    return len({group_key(e) for e in entries})


def only_title(entries: Sequence[Entry]) -> str | None:
    """The title of the group if these entries make up a single group, otherwise None. The title names no
    withheld reason.
    """
    return wording.requirement(wording.neutral_key(entries[0].key)).title if count(entries) == 1 else None


def counted(entries: Sequence[Entry]) -> dict[str, int | str]:
    """The parameters of a message about these entries: `count`, and `item` for a single group."""
    title = only_title(entries) if entries else None
    return {"count": count(entries)} | ({"item": title} if title else {})


def alternatives(requirements: Requirements) -> dict[Identity, list[list[Entry]]]:
    """Return, for each entry that has alternatives, at most MAX_NESTED groups of entries. One of the groups
    is enough to meet the requirement. The keys of the result are the identities of the entries. If an item of
    `originals` has no reference, and only one entry has its key, the item also stands for this entry.
    """
    by_key: dict[str, list[Identity]] = {}
    for entry in requirements.entries:
        by_key.setdefault(entry.key, []).append(entry.identity)
    groups: dict[Identity, list[list[Entry]]] = {}
    for alternative in requirements.alternatives:
        options = [ordered(option) for option in alternative.options]
        for identity in dict.fromkeys(_entry_of(original, by_key) for original in alternative.originals):
            of_entry = groups.setdefault(identity, [])
            of_entry += options[: MAX_NESTED - len(of_entry)]
    return groups


def _entry_of(original: Identity, by_key: dict[str, list[Identity]]) -> Identity:
    same: Collection[Identity] = by_key.get(original[0], ())
    if original not in same and original[1:] == (None, None) and len(set(same)) == 1:
        return next(iter(same))
    return original


def group_key(entry: Entry) -> object:
    """A value that is the same for all entries of a group."""
    group = wording.group(entry.key)
    # It is unknown whether requirements that our tables do not list belong together, so they are grouped by
    # their keys. Entries of different inquiries never belong together.
    own = entry.key if group.key is None else None
    inquiry = entry.resource if entry.reference_type != "person" else None
    return group, own, inquiry, person(entry)
