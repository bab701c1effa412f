"""Titles and help texts of requirements.

Stripe's key is a path, such as `identity.individual.date_of_birth.day`. Its start names the subject, which
selects a table. The longest prefix of the rest in that table selects the wording. Day, month and year
therefore share one wording, as do the lines of an address and the sides of a document.
"""

import re
from collections.abc import Mapping, Sequence

from connect.merchants.wording.account import ACCOUNT
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


def requirement(key: str) -> Wording:
    """The title and help text of any requirement key."""
    segments = _segments(key)
    if not segments:
        return Wording(UNKNOWN_TITLE, UNKNOWN_HELP)
    return _of_person(segments) or _of_subject(segments) or _of_account(segments) or _unknown(segments)


def _segments(key: str) -> list[str]:
    parts = (part.strip() for part in _LIST_POSITION.sub(".", key[:_MAX_KEY_LENGTH]).split("."))
    return [part for part in parts if part and not part.isdecimal()]


def _of_person(segments: Sequence[str]) -> Wording | None:
    """The wording of a requirement whose key names a person by id or role."""
    if _PERSON_ID.fullmatch(segments[0]):
        return _find(PERSON, segments[1:]) or _unknown(segments[1:])
    start = 1 if segments[0] == "identity" and len(segments) > 1 else 0
    role = ROLES.get(segments[start])
    rest = segments[start + 1 :]
    if role is None or not rest:
        return None
    wording = _find(PERSON, rest) or _unknown(rest)
    return Wording(wording.title, f"{wording.help} {role}")


def _of_subject(segments: Sequence[str]) -> Wording | None:
    for start, table in _SUBJECTS:
        if tuple(segments[: len(start)]) == start:
            return _find(table, segments[len(start) :])
    return None


def _of_account(segments: Sequence[str]) -> Wording | None:
    if _INQUIRY_ID.fullmatch(segments[0]):
        return _find(ACCOUNT, segments[1:]) or ACCOUNT["inquiry"]
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
