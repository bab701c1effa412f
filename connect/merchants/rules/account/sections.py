"""The sections of an account's snapshot as typed values. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from connect.merchants.rules.account.snapshot import (
    DEADLINES,
    Json,
    Snapshot,
    as_deadline,
    as_object,
    as_objects,
    as_text,
    parse_time,
)


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


# The configuration whose capabilities clients read.
MERCHANT = "merchant"
OTHER_CONFIGURATIONS = ("recipient", "customer")

# The key of a risk requirement is `<id>.<description>.<resolution path>`. If the resolution path is `notice`,
# the entry is only a notice, and the merchant cannot provide anything for it
# (https://docs.stripe.com/changelog/clover/2025-09-30/expanded-risk-requirement-descriptions).
NOTICE = ".notice"
_REVIEW_NOTICE = re.compile(r"(?:^|[._])review\.notice$")

# Stripe gives entries no id. An entry is identified by its key and its reference. A reference consists of its
# type and the id of the person or inquiry.
Identity = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Impact:
    """A capability that an unmet requirement restricts, with its configuration and its deadline."""

    capability: str
    deadline: str
    configuration: str = MERCHANT


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement. Stripe gives it no id; see `identity`."""

    key: str
    awaiting_action_from: str
    deadline: str
    reasons: tuple[str, ...] = ()
    errors: tuple[EntryError, ...] = ()
    impacts: tuple[Impact, ...] = ()
    reference_type: str | None = None
    resource: str | None = None

    @property
    def identity(self) -> Identity:
        return self.key, self.reference_type, self.resource

    @property
    def awaits_merchant(self) -> bool:
        return self.awaiting_action_from == "user"

    @property
    def is_notice(self) -> bool:
        return self.key.endswith(NOTICE)

    @property
    def is_in_review(self) -> bool:
        """Whether Stripe is reviewing the submitted information, or the account."""
        return self.awaiting_action_from == "stripe" and (
            not self.is_notice or _REVIEW_NOTICE.search(self.key) is not None
        )

    @property
    def is_hold(self) -> bool:
        """Whether the entry announces a hold, such as `interv_1.legal_hold.notice`."""
        return self.key.endswith("_hold.notice")

    @property
    def is_appeal(self) -> bool:
        """Whether the entry is the form by which the merchant appeals against a rejection."""
        return "rejection_appeal" in self.key and self.awaits_merchant

    @property
    def stakes(self) -> dict[str, str]:
        """The capabilities of the merchant configuration that the entry restricts, each with its deadline.

        The earliest deadline counts if Stripe names a capability twice.
        """
        found: dict[str, str] = {}
        for impact in self.impacts:
            if impact.configuration == MERCHANT:
                deadline = impact.deadline if impact.deadline in DEADLINES else self.deadline
                found[impact.capability] = min(
                    found.get(impact.capability, deadline), deadline, key=lambda one: DEADLINES.get(one, 3)
                )
        return found


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the `options` is enough to meet all the entries in `originals`."""

    originals: tuple[Identity, ...]
    options: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    entries: tuple[Entry, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    nearest_deadline: datetime | None = None
    transitions_at: datetime | None = None


def capabilities(snapshot: Snapshot, configuration: str) -> tuple[Capability, ...] | None:
    """The capabilities of a configuration, or None if no answer contained the configuration.

    A nested capability is named by its path, such as `stripe_balance.payouts`. `card_payments` comes first,
    and payouts come second. The others are sorted by name.
    """
    section = (snapshot.configuration or {}).get(configuration)
    if not isinstance(section, Mapping):
        return None
    first = ("card_payments", "stripe_balance.payouts")
    unordered = _capabilities(as_object(section.get("capabilities")), "")
    return tuple(
        sorted(unordered, key=lambda c: (first.index(c.name) if c.name in first else len(first), c.name))
    )


def requirements(section: Json | None) -> Requirements:
    """A parsed `requirements` or `future_requirements` section; empty for None."""
    section = as_object(section)
    summary = as_object(as_object(section.get("summary")).get("minimum_deadline"))
    return Requirements(
        entries=tuple(_entries(section.get("entries"))),
        alternatives=tuple(_alternatives(section.get("alternatives"))),
        nearest_deadline=parse_time(summary.get("time")),
        transitions_at=parse_time(section.get("minimum_transition_date")),
    )


def collectors(snapshot: Snapshot) -> tuple[str | None, str | None, str | None]:
    """The parties that collect fees, losses and requirements. Each is `stripe`, `application`, a legacy
    value, or None if no answer contained it.
    """
    responsibilities = as_object(as_object(snapshot.defaults).get("responsibilities"))
    return (
        as_text(responsibilities.get("fees_collector")),
        as_text(responsibilities.get("losses_collector")),
        as_text(responsibilities.get("requirements_collector")),
    )


def _capabilities(tree: Json, prefix: str) -> Iterator[Capability]:
    for name, value in tree.items():
        if not isinstance(value, Mapping):
            continue
        status = value.get("status")
        if isinstance(status, str):
            details = tuple(
                CapabilityDetail(
                    as_text(d.get("code")) or "unknown", as_text(d.get("resolution")) or "unknown"
                )
                for d in as_objects(value.get("status_details"))
            )
            yield Capability(prefix + name, status, details)
        else:
            yield from _capabilities(value, f"{prefix}{name}.")


def _entries(value: object) -> Iterator[Entry]:
    for raw in as_objects(value):
        key = as_text(raw.get("description"))
        if not key:
            continue
        _, reference_type, resource = _identity(raw, key)
        party = as_text(raw.get("awaiting_action_from")) or "user"
        yield Entry(
            key=key,
            awaiting_action_from="stripe" if key.endswith(NOTICE) else party,
            deadline=as_deadline(raw.get("minimum_deadline")),
            reasons=tuple(_word(r.get("code")) for r in as_objects(raw.get("requested_reasons"))),
            errors=tuple(
                EntryError(_word(e.get("code")), as_text(e.get("description")) or "")
                for e in as_objects(raw.get("errors"))
            ),
            impacts=tuple(
                Impact(name, as_deadline(i.get("deadline")), as_text(i.get("configuration")) or MERCHANT)
                for i in as_objects(as_object(raw.get("impact")).get("restricts_capabilities"))
                if (name := as_text(i.get("capability")))
            ),
            reference_type=reference_type,
            resource=resource,
        )


def _identity(raw: Json, key: str) -> Identity:
    reference = as_object(raw.get("reference"))
    resource = as_text(reference.get("resource")) or as_text(reference.get("inquiry"))
    return key, as_text(reference.get("type")), resource


def _alternatives(value: object) -> Iterator[Alternative]:
    for raw in as_objects(value):
        yield Alternative(
            originals=tuple(
                _identity(e, key)
                for e in as_objects(raw.get("original_entries"))
                if (key := as_text(e.get("description")))
            ),
            options=tuple(
                entries
                for option in as_objects(raw.get("options"))
                if (entries := tuple(_entries(option.get("entries"))))
            ),
        )


def _word(value: object) -> str:
    return as_text(value) or "unknown"
