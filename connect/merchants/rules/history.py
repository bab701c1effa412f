"""Describes the changes in a timeline as sentences and as structured values. Pure.

A timeline entry stores the values before and after a change. The sentence is built for the audience that
reads it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect.merchants import wording
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.status.status import Status
from connect.merchants.wording.statuses import STATUS_TITLES

# A sentence names at most this many titles.
MAX_NAMED = 3
FUTURE = "future: "
DATES = {"nearest deadline": "Deadline", "future: transition": "Start of future requirements"}

_REFERENCE = re.compile(r" \(([^()]*)\)$")
_FIELDS = {
    "displayName": "Name",
    "contactEmail": "Contact email",
    "contactPhone": "Contact phone",
    "country": "Country",
    "entityType": "Type of business",
    "dashboard": "Dashboard",
    "appliedConfigurations": "Configurations",
    "defaults": "Account settings",
    "merchantCategoryCode": "Merchant category",
    "statementDescriptor": "Text on bank statements",
    "support": "Support contact",
    "metadata": "Metadata",
    "feePolicy": "Platform's fee",
}
_SERVICE = {
    "access": "Access to the platform's product",
    "cancelAt": "End of the canceled subscription",
    "items": "Prices",
    "status": "Status of the subscription",
}
_CAPABILITIES = {
    "active": "Now active",
    "pending": "Now in review",
    "restricted": "Now restricted",
    "rejected": "Now rejected",
    "unsupported": "Not supported",
}

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed value. `before` and `after` are texts; None if the value is absent or has no text form."""

    name: str
    title: str
    before: str | None
    after: str | None


def sentence(kind: str, before: Values, after: Values, audience: Audience) -> str | None:
    """The sentence about these changes. None if entries of this kind show their stored message instead."""
    found = differences(kind, before, after, audience)
    match kind:
        case "STATUS_CHANGED":
            (change,) = found
            return f"The status changed from {_status(change.before)} to {_status(change.after)}."
        case "UPDATED":
            return f"Changed: {_named([one.title for one in found])}."
        case "CAPABILITY_CHANGED":
            return _capabilities(found)
        case "REQUIREMENTS_CHANGED":
            return _requirements(found)
        case _:
            return None


def differences(kind: str, before: Values, after: Values, audience: Audience) -> list[Difference]:
    """The changed values of an entry, in the order of their names."""
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    match kind:
        case "STATUS_CHANGED":
            return [Difference("status", "Status", before["status"], after["status"])]
        case "UPDATED":
            return [
                Difference(name, _FIELDS.get(name, name), _text(before.get(name)), _text(after.get(name)))
                for name in names
            ]
        case "CAPABILITY_CHANGED":
            return [
                Difference(name, wording.capability(name), _word(before.get(name)), _word(after.get(name)))
                for name in names
            ]
        case "SERVICE_CHANGED":
            return [
                Difference(name, _SERVICE[name], _text(before.get(name)), _text(after.get(name)))
                for name in names
            ]
        case "REQUIREMENTS_CHANGED":
            return [_requirement(name, before.get(name), after.get(name), audience) for name in names]
        case _:
            return []


def _requirement(name: str, before: Any, after: Any, audience: Audience) -> Difference:
    if name in DATES:
        return Difference(name, DATES[name], _text(before), _text(after))
    key = _REFERENCE.sub("", name.removeprefix(FUTURE))
    if audience is Audience.MERCHANT:
        neutral = wording.neutral_key(key)
        name, key = name.replace(key, neutral, 1), neutral
    return Difference(name, wording.requirement(key).title, _state(before), _state(after))


def _state(entry: Any) -> str | None:
    """The state of a requirement: `open`, `failed` or `review`; None if it is absent."""
    if not isinstance(entry, Mapping):
        return None
    if entry.get("awaiting") == "stripe":
        return "review"
    return "failed" if entry.get("errors") else "open"


def _requirements(found: Sequence[Difference]) -> str:
    groups = {
        "Stripe could not verify: {}.": [f for f in found if f.after == "failed" != f.before],
        "Stripe asks for: {}.": [f for f in found if f.after == "open" and f.before in {None, "review"}],
        "Stripe reviews: {}.": [f for f in found if f.after == "review" != f.before],
        "Settled: {}.": [f for f in found if f.after is None and f.name not in DATES],
        "Changed: {}.": [
            f
            for f in found
            if f.name in DATES or (f.before == f.after) or (f.before, f.after) == ("failed", "open")
        ],
    }
    return " ".join(
        text.format(_named([one.title for one in changes])) for text, changes in groups.items() if changes
    )


def _capabilities(found: Sequence[Difference]) -> str:
    groups: dict[str, list[str]] = {}
    for change in found:
        label = "Removed" if change.after is None else _CAPABILITIES.get(change.after, "Changed")
        if change.before == change.after:
            label = "Reasons changed"
        groups.setdefault(label, []).append(change.title)
    return " ".join(f"{label}: {_named(titles)}." for label, titles in groups.items())


def _named(titles: Sequence[str]) -> str:
    different = list(dict.fromkeys(titles))
    named = different[:MAX_NAMED]
    if len(different) > MAX_NAMED:
        named.append(f"{len(different) - MAX_NAMED} more")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _status(name: str | None) -> str:
    known = {status.value: title for status, title in STATUS_TITLES.items()}
    return f'"{known.get(name or "", name or Status.UNKNOWN.value)}"'


def _word(capability: Any) -> str | None:
    return _text(capability.get("status")) if isinstance(capability, Mapping) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
