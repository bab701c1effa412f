"""Stripe's account answers as our own data, and as the JSON text of the mirror's `snapshot` column. Pure.

A section that was not named in `include` is null in the answer, which means "not requested", never "empty"
(https://docs.stripe.com/api-includable-response-values). So `merge` keeps the previous section.
Stripe's enums are open: unknown values pass through. Malformed parts are left out, and nothing here raises
for a JSON object with an `id`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

# Every section that an account answer can carry; each fetch asks for all of them.
INCLUDE = (
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "identity",
    "requirements",
    "future_requirements",
)

# Only the merchant can accept the terms, in Stripe's form. While they are open, the form was never submitted.
TERMS_ACCEPTED_KEY = "identity.attestations.terms_of_service.account.date"
DEADLINES = {"past_due": 0, "currently_due": 1, "eventually_due": 2}

# Bounds the work per account. Stripe's largest accounts have a few dozen entries.
MAX_ENTRIES = 300
# The same for lists inside of lists: options of an alternative, entries of an option.
MAX_NESTED = 10

Json = Mapping[str, Any]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account as Stripe showed it. Sections are Stripe's own JSON, or None when not requested."""

    stripe_account_id: str
    livemode: bool = False
    created_at: datetime | None = None
    dashboard: str | None = None
    closed: bool = False
    contact_email: str | None = None
    display_name: str | None = None
    country: str | None = None
    entity_type: str | None = None
    applied_configurations: tuple[str, ...] = ()
    metadata: Mapping[str, str] = {}
    configuration: Json | None = None
    defaults: Json | None = None
    requirements: Json | None = None
    future_requirements: Json | None = None
    # The number of entries and alternatives that the sections lack, beyond MAX_ENTRIES in each list.
    entries_cut: int | None = None


@dataclass(frozen=True, slots=True)
class CapabilityDetail:
    code: str
    resolution: str


@dataclass(frozen=True, slots=True)
class Capability:
    name: str
    status: str
    details: tuple[CapabilityDetail, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryError:
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Impact:
    capability: str
    deadline: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement. It has no id at Stripe; key and resource together identify it."""

    key: str
    awaiting_action_from: str
    deadline: str
    reasons: tuple[str, ...] = ()
    errors: tuple[EntryError, ...] = ()
    impacts: tuple[Impact, ...] = ()
    reference_type: str | None = None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Each of the `options` settles the entries named in `original_keys`."""

    original_keys: tuple[str, ...]
    options: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    entries: tuple[Entry, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    nearest_deadline: datetime | None = None
    transitions_at: datetime | None = None


def parse(answer: Json) -> Snapshot:
    """The answer of any Accounts v2 call, shaped as `v2.core.account`. Raises ValueError without an id."""
    account_id = answer.get("id")
    if not isinstance(account_id, str) or not account_id:
        raise ValueError("an account answer without an id")
    sections = {name: _section(answer.get(name)) for name in ("requirements", "future_requirements")}
    cut = [_count_cut(section) for section in sections.values() if section is not None]
    urgent = {name: _most_urgent(section) for name, section in sections.items()}
    answer = _storable({**answer, **urgent})
    identity = _object(answer.get("identity"))
    return Snapshot(
        stripe_account_id=account_id,
        livemode=answer.get("livemode") is True,
        created_at=parse_time(answer.get("created")),
        dashboard=_text(answer.get("dashboard")) or None,
        closed=answer.get("closed") is True,
        contact_email=_text(answer.get("contact_email")) or None,
        display_name=_text(answer.get("display_name")) or None,
        # The rest of the identity is personal data that nothing here needs.
        country=_country(identity.get("country")),
        entity_type=_text(identity.get("entity_type")) or None,
        applied_configurations=tuple(_texts(answer.get("applied_configurations"))),
        metadata={
            key: value for key, value in _object(answer.get("metadata")).items() if isinstance(value, str)
        },
        configuration=_section(answer.get("configuration")),
        defaults=_section(answer.get("defaults")),
        requirements=_section(answer.get("requirements")),
        future_requirements=_section(answer.get("future_requirements")),
        entries_cut=sum(cut) if cut else None,
    )


def merge(previous: Snapshot, current: Snapshot) -> Snapshot:
    """The current snapshot, with the previous value of everything that is None in it."""
    missing = {
        name: getattr(previous, name) for name in Snapshot.__struct_fields__ if getattr(current, name) is None
    }
    configuration = current.configuration
    if configuration is not None:
        parts = {name: part for name, part in configuration.items() if isinstance(part, Mapping)}
        missing["configuration"] = {**(previous.configuration or {}), **parts}
    # An account is closed for good, even if a later answer leaves that out.
    return msgspec.structs.replace(current, **missing, closed=current.closed or previous.closed)


def encode(snapshot: Snapshot) -> str:
    """The text of the `snapshot` column."""
    return msgspec.json.encode(snapshot).decode()


def decode(text: str) -> Snapshot:
    """The snapshot that `encode` wrote."""
    return _DECODER.decode(text)


def capabilities(snapshot: Snapshot) -> tuple[Capability, ...] | None:
    """The merchant configuration's capabilities, or None when no answer had that configuration.

    A nested capability is named by its path, such as `stripe_balance.payouts`. `card_payments` comes first,
    payouts second, the others follow by name.
    """
    configuration = (snapshot.configuration or {}).get("merchant")
    if not isinstance(configuration, Mapping):
        return None
    first = ("card_payments", "stripe_balance.payouts")
    unordered = _capabilities(_object(configuration.get("capabilities")), "")
    return tuple(
        sorted(unordered, key=lambda c: (first.index(c.name) if c.name in first else len(first), c.name))
    )


def requirements(section: Json | None) -> Requirements:
    """A parsed `requirements` or `future_requirements` section; empty for None."""
    section = _object(section)
    summary = _object(_object(section.get("summary")).get("minimum_deadline"))
    return Requirements(
        entries=tuple(_entries(section.get("entries"))),
        alternatives=tuple(_alternatives(section.get("alternatives"))),
        nearest_deadline=parse_time(summary.get("time")),
        transitions_at=parse_time(section.get("minimum_transition_date")),
    )


def collectors(snapshot: Snapshot) -> tuple[str | None, str | None, str | None]:
    """The collectors of fees, losses and requirements: `stripe`, `application` or a legacy value."""
    responsibilities = _object(_object(snapshot.defaults).get("responsibilities"))
    return (
        _text(responsibilities.get("fees_collector")),
        _text(responsibilities.get("losses_collector")),
        _text(responsibilities.get("requirements_collector")),
    )


def parse_time(value: object) -> datetime | None:
    """An RFC 3339 text as UTC, None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _capabilities(tree: Json, prefix: str) -> Iterator[Capability]:
    for name, value in tree.items():
        if not isinstance(value, Mapping):
            continue
        status = value.get("status")
        if isinstance(status, str):
            details = tuple(
                CapabilityDetail(_text(d.get("code")) or "unknown", _text(d.get("resolution")) or "unknown")
                for d in _objects(value.get("status_details"))
            )
            yield Capability(prefix + name, status, details)
        else:
            yield from _capabilities(value, f"{prefix}{name}.")


def _entries(value: object) -> Iterator[Entry]:
    for raw in _objects(value):
        key = _text(raw.get("description"))
        if not key:
            continue
        reference = _object(raw.get("reference"))
        yield Entry(
            key=key,
            awaiting_action_from=_text(raw.get("awaiting_action_from")) or "user",
            deadline=_deadline(raw.get("minimum_deadline")),
            reasons=tuple(_text(r.get("code")) or "unknown" for r in _objects(raw.get("requested_reasons"))),
            errors=tuple(
                EntryError(_text(e.get("code")) or "unknown", _text(e.get("description")) or "")
                for e in _objects(raw.get("errors"))
            ),
            impacts=tuple(
                Impact(name, _deadline(i.get("deadline")))
                for i in _objects(_object(raw.get("impact")).get("restricts_capabilities"))
                if (name := _text(i.get("capability")))
            ),
            reference_type=_text(reference.get("type")),
            resource=_text(reference.get("resource")),
        )


def _alternatives(value: object) -> Iterator[Alternative]:
    for raw in _objects(value):
        yield Alternative(
            original_keys=tuple(
                key for e in _objects(raw.get("original_entries")) if (key := _text(e.get("description")))
            ),
            options=tuple(
                entries
                for option in _objects(raw.get("options"))
                if (entries := tuple(_entries(option.get("entries"))))
            ),
        )


def _country(value: object) -> str | None:
    return value.upper() if isinstance(value, str) and re.fullmatch("[A-Za-z]{2}", value) else None


def _deadline(value: object) -> str:
    return _text(_object(value).get("status")) or "unknown"


def _count_cut(section: Json) -> int:
    lists = _objects(section.get("entries")), _objects(section.get("alternatives"))
    return sum(max(len(items) - MAX_ENTRIES, 0) for items in lists)


def _most_urgent(section: Json | None) -> Json | None:
    """The section with at most MAX_ENTRIES entries: those that the status depends on first."""
    entries = _objects(section.get("entries")) if section is not None else []
    if section is None or len(entries) <= MAX_ENTRIES:
        return section
    return {**section, "entries": sorted(entries, key=_urgency)[:MAX_ENTRIES]}


def _urgency(entry: Json) -> tuple[bool, bool, bool, int]:
    return (
        entry.get("description") != TERMS_ACCEPTED_KEY,
        entry.get("awaiting_action_from") == "stripe",
        not entry.get("errors"),
        DEADLINES.get(_deadline(entry.get("minimum_deadline")), 3),
    )


def _storable(value: Any, longest: int = MAX_ENTRIES) -> Any:
    """The JSON without characters that PostgreSQL refuses and without huge numbers, its lists shortened."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item, longest) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item, MAX_NESTED) for item in value[:longest]]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return None  # no JSON reader but Python's takes it
    return value


def _section(value: object) -> Json | None:
    return value if isinstance(value, Mapping) else None


def _object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


_DECODER = msgspec.json.Decoder(Snapshot)
