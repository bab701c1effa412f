"""Converts Stripe's answers about accounts to snapshots, which the mirror stores as JSON text. Pure.

A section that was not named in `include` is null in the answer, which means "not requested", never "empty"
(https://docs.stripe.com/api-includable-response-values). `merge` therefore keeps the previous section.
Stripe's enums are open, so unknown values are kept. Malformed parts are left out. No function here raises an
error for a JSON object that has an `id`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

# All sections that an answer about an account can contain. Each fetch requests all of them.
INCLUDE = (
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "identity",
    "requirements",
    "future_requirements",
)

# Only the merchant can accept the terms, in Stripe's form. As long as this key is required, the form has
# never been submitted.
TERMS_ACCEPTED_KEY = "identity.attestations.terms_of_service.account.date"
DEADLINES = {"past_due": 0, "currently_due": 1, "eventually_due": 2}

# The maximum length of a list, so that no account causes too much work. Stripe's largest accounts have a few
# dozen entries.
MAX_ENTRIES = 300
# The maximum length of a nested list, such as the options of an alternative and the entries of an option.
MAX_NESTED = 10

Json = Mapping[str, Any]


class Individual(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person whom a requirement concerns. No other data of persons is stored (docs/decisions/0010)."""

    name: str
    id: str | None = None
    roles: tuple[str, ...] = ()


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account as Stripe returned it. Sections are Stripe's own JSON, or None when not requested."""

    stripe_account_id: str
    livemode: bool = False
    created_at: datetime | None = None
    dashboard: str | None = None
    closed: bool = False
    contact_email: str | None = None
    # Empty if the account has no phone number. None if the number is unknown, because the answer is about a
    # closed account or the row was written by a release that did not store the number.
    contact_phone: str | None = None
    display_name: str | None = None
    country: str | None = None
    entity_type: str | None = None
    applied_configurations: tuple[str, ...] = ()
    metadata: Mapping[str, str] = {}
    configuration: Json | None = None
    defaults: Json | None = None
    requirements: Json | None = None
    future_requirements: Json | None = None
    # The persons whom requirements concern; None if the answer does not contain them.
    persons: tuple[Individual, ...] | None = None
    # The number of entries and alternatives that were cut off, because a list had more than MAX_ENTRIES.
    entries_cut: int | None = None


def parse(answer: Json) -> Snapshot:
    """Parse the answer of an Accounts v2 call (`v2.core.account`). Raises ValueError if the answer has no
    id.
    """
    account_id = answer.get("id")
    if not isinstance(account_id, str) or not account_id:
        raise ValueError("an account answer without an id")
    sections = {name: _section(answer.get(name)) for name in ("requirements", "future_requirements")}
    cut = [_count_cut(section) for section in sections.values() if section is not None]
    urgent = {name: most_urgent(section) for name, section in sections.items()}
    answer = storable({**answer, **urgent})
    identity = as_object(answer.get("identity"))
    return Snapshot(
        stripe_account_id=account_id,
        livemode=answer.get("livemode") is True,
        created_at=parse_time(answer.get("created")),
        dashboard=as_text(answer.get("dashboard")) or None,
        closed=answer.get("closed") is True,
        contact_email=as_text(answer.get("contact_email")) or None,
        contact_phone=as_text(answer.get("contact_phone")) or (None if answer.get("closed") else ""),
        display_name=as_text(answer.get("display_name")) or None,
        # The rest of the identity is personal data. Only the names in `persons` are stored.
        country=as_country(identity.get("country")),
        entity_type=as_text(identity.get("entity_type")) or None,
        applied_configurations=tuple(_texts(answer.get("applied_configurations"))),
        metadata={
            key: value for key, value in as_object(answer.get("metadata")).items() if isinstance(value, str)
        },
        configuration=_section(answer.get("configuration")),
        defaults=_section(answer.get("defaults")),
        requirements=_section(answer.get("requirements")),
        future_requirements=_section(answer.get("future_requirements")),
        persons=_persons(answer.get("persons")),
        entries_cut=sum(cut) if cut else None,
    )


def merge(previous: Snapshot, current: Snapshot) -> Snapshot:
    """The current snapshot, with the previous value of each part that is None in the current one."""
    missing = {
        name: getattr(previous, name) for name in Snapshot.__struct_fields__ if getattr(current, name) is None
    }
    configuration = current.configuration
    if configuration is not None:
        parts = {name: part for name, part in configuration.items() if isinstance(part, Mapping)}
        missing["configuration"] = {**(previous.configuration or {}), **parts}
    # A closed account stays closed, even if a later answer does not say that it is closed.
    return msgspec.structs.replace(current, **missing, closed=current.closed or previous.closed)


def encode(snapshot: Snapshot) -> str:
    """The text of the `snapshot` column."""
    return msgspec.json.encode(snapshot).decode()


def decode(text: str) -> Snapshot:
    """The snapshot that `encode` wrote."""
    return _DECODER.decode(text)


def parse_time(value: object) -> datetime | None:
    """Parse RFC 3339 text to UTC. Returns None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _persons(value: object) -> tuple[Individual, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(
        Individual(name, as_text(one.get("id")), tuple(_texts(one.get("roles"))))
        for one in as_objects(value)
        if (name := as_text(one.get("name")))
    )


def as_country(value: object) -> str | None:
    return value.upper() if isinstance(value, str) and re.fullmatch("[A-Za-z]{2}", value) else None


def as_deadline(value: object) -> str:
    return as_text(as_object(value).get("status")) or "unknown"


def _count_cut(section: Json) -> int:
    lists = as_objects(section.get("entries")), as_objects(section.get("alternatives"))
    return sum(max(len(items) - MAX_ENTRIES, 0) for items in lists)


def most_urgent(section: Json | None) -> Json | None:
    """The section with at most MAX_ENTRIES entries: the entries that matter most to the status."""
    entries = as_objects(section.get("entries")) if section is not None else []
    if section is None or len(entries) <= MAX_ENTRIES:
        return section
    return {**section, "entries": sorted(entries, key=_urgency)[:MAX_ENTRIES]}


def _urgency(entry: Json) -> tuple[bool, bool, bool, int]:
    return (
        entry.get("description") != TERMS_ACCEPTED_KEY,
        entry.get("awaiting_action_from") == "stripe",
        not entry.get("errors"),
        DEADLINES.get(as_deadline(entry.get("minimum_deadline")), 3),
    )


def storable(value: Any, limit: int = MAX_ENTRIES) -> Any:
    """The JSON with shortened lists, without integers of more than 64 bits, and without characters that
    PostgreSQL refuses.
    """
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:
            return value
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, (dict, Mapping)):  # isinstance is far faster with dict
        return {storable(key): storable(item, limit) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item, MAX_NESTED) for item in value[:limit]]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return None  # most JSON readers refuse such a number
    return value


def _section(value: object) -> Json | None:
    return value if isinstance(value, Mapping) else None


def as_object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def as_objects(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


_DECODER = msgspec.json.Decoder(Snapshot)
