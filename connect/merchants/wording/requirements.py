"""Titles and help texts of requirements.

Stripe's key of a requirement is a path, such as `identity.individual.date_of_birth.day`. The start of the key
names the subject, and each subject has a table of wordings. Among the prefixes of the rest of the key, the
longest one in that table selects the wording. So day, month and year share one wording, and so do the lines
of an address and the sides of a document.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connect.merchants.wording.account import ACCOUNT, NOTICES
from connect.merchants.wording.business import BUSINESS
from connect.merchants.wording.people import PERSON, ROLES
from connect.merchants.wording.words import Wording, readable

UNKNOWN_TITLE = "More information"
UNKNOWN_HELP = "Stripe needs this information; the form explains it."

_SUBJECTS: tuple[tuple[tuple[str, ...], Mapping[str, Wording]], ...] = (
    (("identity", "individual"), PERSON),
    (("individual",), PERSON),
    (("persons",), PERSON),
    (("person",), PERSON),
    (("identity", "business_details"), BUSINESS),
    (("business_details",), BUSINESS),
    (("company",), BUSINESS),
)

_MAX_KEY_LENGTH = 500
_LIST_POSITION = re.compile(r"\[[^\]]*\]")
_PERSON_ID = re.compile(r"person_(?:\*|\w*[0-9A-Z]\w*)")
_INQUIRY_ID = re.compile(r"(?:interv|inquiry)_(?:\*|\w+)")

# Segments that name the form of a value, not its meaning.
_STORAGE = frozenset(
    {
        *("account", "amount", "currency", "ip", "type", "user_agent", "value"),
        *("date", "day", "month", "year"),
        *("back", "file", "files", "form", "front", "front_back"),
    }
)

# Segments that are unclear without the segment before them.
_VAGUE = frozenset({"code", "document", "id", "name", "number", "status", "support"})


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that are answered in one step, such as day, month and year of a date of birth.

    `key` names the group's text for translations; it is None for requirements that are not in the tables.
    `role` is the role of the person that Stripe's key names.
    """

    key: str | None
    role: str | None


def requirement(key: str) -> Wording:
    """The title and help text of any requirement key."""
    wording, role = _describe(key)
    return Wording(wording.title, f"{wording.help} {ROLES[role]}") if role else wording


def group(key: str) -> Group:
    """The group that a requirement key belongs to."""
    wording, role = _describe(key)
    return Group(_KEYS.get(wording), role)


def _describe(key: str) -> tuple[Wording, str | None]:
    segments = _segments(key)
    if not segments:
        return Wording(UNKNOWN_TITLE, UNKNOWN_HELP), None
    if segments[-1] == "notice":
        return _notice(segments), None
    role = _role(segments)
    if role is not None:
        rest = segments[segments.index(role) + 1 :]
        return _find(PERSON, rest) or _unknown(rest), role
    if _PERSON_ID.fullmatch(segments[0]):
        return _find(PERSON, segments[1:]) or _unknown(segments[1:]), None
    return _of_subject(segments) or _of_account(segments) or _unknown(segments), None


def _segments(key: str) -> list[str]:
    parts = (part.strip() for part in _LIST_POSITION.sub(".", key[:_MAX_KEY_LENGTH]).split("."))
    return [part for part in parts if part and not part.isdecimal()]


def _role(segments: Sequence[str]) -> str | None:
    """The role at the start of a key about a person, such as `owners` in `owners.address.city`."""
    start = 1 if segments[0] == "identity" and len(segments) > 1 else 0
    return segments[start] if segments[start] in ROLES and segments[start + 1 :] else None


def _notice(segments: Sequence[str]) -> Wording:
    kinds = (ACCOUNT.get(segment) for segment in segments if segment in NOTICES)
    return next((kind for kind in kinds if kind is not None), ACCOUNT["notice"])


def _of_subject(segments: Sequence[str]) -> Wording | None:
    for start, table in _SUBJECTS:
        if tuple(segments[: len(start)]) == start:
            return _find(table, segments[len(start) :])
    return None


def _of_account(segments: Sequence[str]) -> Wording | None:
    if _INQUIRY_ID.fullmatch(segments[0]):
        found = _find(ACCOUNT, segments[1:]) or ACCOUNT["inquiry"]
        general = (ACCOUNT["inquiry"], *(ACCOUNT[kind] for kind in NOTICES))
        return ACCOUNT["inquiry.support"] if segments[-1] == "support" and found in general else found
    # Some keys do not name their subject.
    return _find(ACCOUNT, segments) or _find(PERSON, segments) or _find(BUSINESS, segments)


def _find(table: Mapping[str, Wording], path: Sequence[str]) -> Wording | None:
    if not path:
        return table.get("")
    for end in range(len(path), 0, -1):
        wording = table.get(".".join(path[:end]))
        if wording is not None:
            return wording
    return None


def _unknown(path: Sequence[str]) -> Wording:
    names = [segment for segment in path if segment not in _STORAGE] or path
    last = names[-2:] if names and names[-1] in _VAGUE else names[-1:]
    return Wording(readable(last, default=UNKNOWN_TITLE), UNKNOWN_HELP)


# The name of each wording: its first path in the tables.
_KEYS: Mapping[Wording, str] = {
    wording: f"{name}.{path}" if path else name
    for name, table in reversed((("person", PERSON), ("business", BUSINESS), ("account", ACCOUNT)))
    for path, wording in reversed(list(table.items()))
}
