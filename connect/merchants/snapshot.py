"""Stripe's account answer as our own data. Pure.

A section that was not named in `include` is null in the answer: that means "not asked", never "empty"
(https://docs.stripe.com/api-includable-response-values). `merge` therefore keeps what was known.
Stripe's enums are open: unknown words pass through, malformed parts are left out, nothing here raises
on any JSON object that has an `id`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

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

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One account as Stripe showed it. Sections are Stripe's own JSON, or None when not asked."""

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
    metadata: Mapping[str, str] = field(default_factory=dict)
    configuration: Json | None = None
    defaults: Json | None = None
    requirements: Json | None = None
    future_requirements: Json | None = None


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
    """One requirement. Stripe gives it no id; (key, resource) tells entries apart."""

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
    """Any one of `options` settles the entries named in `original_keys` too."""

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
    answer = _storable(answer)
    identity = _object(answer.get("identity"))
    return Snapshot(
        stripe_account_id=account_id,
        livemode=answer.get("livemode") is True,
        created_at=parse_time(answer.get("created")),
        dashboard=_text(answer.get("dashboard")),
        closed=answer.get("closed") is True,
        contact_email=_text(answer.get("contact_email")),
        display_name=_text(answer.get("display_name")),
        # Of the identity we keep these two: the rest is personal data that no rule of ours needs.
        country=_country(identity.get("country")),
        entity_type=_text(identity.get("entity_type")),
        applied_configurations=tuple(_texts(answer.get("applied_configurations"))),
        metadata={
            key: value for key, value in _object(answer.get("metadata")).items() if isinstance(value, str)
        },
        configuration=_section(answer.get("configuration")),
        defaults=_section(answer.get("defaults")),
        requirements=_section(answer.get("requirements")),
        future_requirements=_section(answer.get("future_requirements")),
    )


def merge(known: Snapshot, seen: Snapshot) -> Snapshot:
    """What we know after seeing `seen`: null sections and null identity fields keep what was known."""
    configuration = known.configuration
    if seen.configuration is not None:
        parts = {name: part for name, part in seen.configuration.items() if isinstance(part, Mapping)}
        configuration = {**(configuration or {}), **parts}
    return replace(
        seen,
        created_at=seen.created_at or known.created_at,
        dashboard=seen.dashboard or known.dashboard,
        contact_email=seen.contact_email or known.contact_email,
        display_name=seen.display_name or known.display_name,
        country=seen.country or known.country,
        entity_type=seen.entity_type or known.entity_type,
        # Closing takes the configurations off; a closed account is for good, whatever an answer leaves out.
        closed=seen.closed or known.closed,
        configuration=configuration,
        defaults=seen.defaults if seen.defaults is not None else known.defaults,
        requirements=seen.requirements if seen.requirements is not None else known.requirements,
        future_requirements=(
            seen.future_requirements if seen.future_requirements is not None else known.future_requirements
        ),
    )


def capabilities(snapshot: Snapshot) -> tuple[Capability, ...] | None:
    """The merchant configuration's capabilities, or None when that configuration was never seen.

    Nested ones are named by their path: `stripe_balance.payouts`. `card_payments` comes first, payouts next,
    the rest by name.
    """
    configuration = (snapshot.configuration or {}).get("merchant")
    if not isinstance(configuration, Mapping):
        return None
    found = _capabilities(_object(configuration.get("capabilities")), "")
    first = ("card_payments", "stripe_balance.payouts")
    return tuple(
        sorted(found, key=lambda c: (first.index(c.name) if c.name in first else len(first), c.name))
    )


def requirements(section: Json | None) -> Requirements:
    """A `requirements` or `future_requirements` section, parsed; empty when it was never seen."""
    section = _object(section)
    summary = _object(_object(section.get("summary")).get("minimum_deadline"))
    return Requirements(
        entries=tuple(_entries(section.get("entries"))),
        alternatives=tuple(_alternatives(section.get("alternatives"))),
        nearest_deadline=parse_time(summary.get("time")),
        transitions_at=parse_time(section.get("minimum_transition_date")),
    )


def collectors(snapshot: Snapshot) -> tuple[str | None, str | None, str | None]:
    """Who collects fees, losses and requirements: `stripe`, `application` or one of Stripe's legacy words."""
    found = _object(_object(snapshot.defaults).get("responsibilities"))
    return (
        _text(found.get("fees_collector")),
        _text(found.get("losses_collector")),
        _text(found.get("requirements_collector")),
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


def _storable(value: Any) -> Any:
    """Without what PostgreSQL cannot hold: U+0000 and halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
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
