"""The merchant's document: all data that a client may read about a merchant, in wire form. Pure.

Names, enum values and times have GraphQL's form, so GraphQL answers copy them unchanged. Each change
of the merchant or its mirror writes the document in the same transaction. Raise VERSION with every change of
shape or wording: the next start then rebuilds older documents.
"""

import base64
import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connect.merchants import wording
from connect.merchants.rules.guidance import dashboard_tasks, next_action, summary, unavailable_reason
from connect.merchants.rules.requirements import alternatives, ordered, subject
from connect.merchants.rules.sections import Capability, Entry, Requirements, collectors
from connect.merchants.rules.snapshot import DEADLINES, Snapshot
from connect.merchants.rules.status import CARD_PAYMENTS, PAYOUTS, Status, derive, facts

VERSION = 1

DASHBOARD_URL = "https://dashboard.stripe.com"

# Stripe's values that our enums contain.
DASHBOARDS = frozenset({"full", "express", "none"})
COLLECTORS = frozenset({"stripe", "application"})
CAPABILITY_STATUSES = frozenset({"active", "pending", "restricted", "rejected", "unsupported"})
RESOLUTIONS = frozenset({"provide_info", "contact_stripe", "no_resolution"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """The columns of a merchant that its document is built from."""

    id: uuid.UUID
    external_id: str
    display_name: str
    contact_email: str
    country: str
    created_at: datetime
    ever_active_at: datetime | None = None
    links_issued: int = 0
    last_link_issued_at: datetime | None = None
    last_returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mirror:
    """The connected account, with the time and cause of its last fetch."""

    id: uuid.UUID
    snapshot: Snapshot
    synced_at: datetime
    synced_by: str
    disconnected: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """The document with its derived columns."""

    document: Document
    status: Status
    awaiting_action_from: str | None
    next_deadline_at: datetime | None


def build(profile: Profile, mirror: Mirror | None) -> Derived:
    """Build the document and its derived columns."""
    account = facts(
        mirror.snapshot if mirror else None,
        ever_active_at=profile.ever_active_at,
        disconnected=mirror.disconnected if mirror else False,
    )
    status = derive(account)
    is_open = status not in {Status.CREATING, Status.CLOSED, Status.DISCONNECTED}
    current, future = account.requirements, account.future
    if not is_open:
        current, future = Requirements(), Requirements()
    deadlines = [d for d in (current.nearest_deadline, _transition(future)) if d is not None]
    deadline = min(deadlines, default=None)
    action = next_action(status, account, started=profile.links_issued > 0)
    has_credentials = is_open and account.onboarding_submitted
    is_full_dashboard = mirror is not None and mirror.snapshot.dashboard == "full"
    dashboard_url = DASHBOARD_URL if has_credentials and is_full_dashboard else None
    document: Document = {
        "__typename": "Merchant",
        "id": global_id("Merchant", profile.id),
        "externalId": profile.external_id,
        "displayName": profile.display_name,
        "contactEmail": profile.contact_email,
        "country": profile.country,
        "createdAt": wire_time(profile.created_at),
        "status": status.value,
        "summary": summary(status, account, deadline),
        "nextAction": {
            "kind": action.kind.value,
            "by": action.by,
            "label": action.label,
            "deadline": wire_time(deadline) if action.by == "MERCHANT" else None,
            "url": dashboard_url if action.opens_dashboard else None,
        },
        "account": _account(mirror) if mirror else None,
        "dashboard": {
            "type": _word(mirror.snapshot.dashboard, DASHBOARDS) if mirror else "FULL",
            "available": has_credentials,
            "unavailableReason": None if has_credentials else unavailable_reason(status),
            "url": dashboard_url,
            "tasks": dashboard_tasks(status, account, has_credentials=has_credentials),
        },
        "canAcceptPayments": is_open and account.is_active(CARD_PAYMENTS),
        "canReceivePayouts": is_open and account.is_active(PAYOUTS),
        "capabilities": [_capability(c) for c in account.capabilities or ()],
        "requirements": _requirements(current, len(account.due) if is_open else 0),
        "futureRequirements": _requirements(
            future, sum(e.awaiting_action_from == "user" for e in future.entries)
        ),
        "onboarding": {
            "started": profile.links_issued > 0,
            "linksIssued": profile.links_issued,
            "lastLinkIssuedAt": wire_time(profile.last_link_issued_at),
            "lastReturnedAt": wire_time(profile.last_returned_at),
            "everActiveAt": wire_time(profile.ever_active_at),
        },
        "freshness": {
            "syncedAt": wire_time(mirror.synced_at) if mirror else None,
            "source": mirror.synced_by if mirror else None,
        },
    }
    return Derived(document, status, action.by, deadline)


def global_id(typename: str, key: uuid.UUID) -> str:
    """Relay's opaque node id."""
    return base64.urlsafe_b64encode(f"{typename}:{key}".encode()).decode().rstrip("=")


def wire_time(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds, as Stripe writes it: `2026-01-31T10:00:00.000Z`."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _transition(future: Requirements) -> datetime | None:
    return future.transitions_at if future.entries else None


def _account(mirror: Mirror) -> Document:
    snapshot = mirror.snapshot
    fees, losses, requirements = collectors(snapshot)
    return {
        "__typename": "ConnectedAccount",
        "id": global_id("ConnectedAccount", mirror.id),
        "stripeAccountId": snapshot.stripe_account_id,
        "livemode": snapshot.livemode,
        "feesCollector": _word(fees, COLLECTORS),
        "lossesCollector": _word(losses, COLLECTORS),
        "requirementsCollector": _word(requirements, COLLECTORS),
        "appliedConfigurations": list(snapshot.applied_configurations),
        "closed": snapshot.closed,
        "createdAt": wire_time(snapshot.created_at or mirror.synced_at),
    }


def _capability(capability: Capability) -> Document:
    return {
        "name": capability.name,
        "title": wording.capability(capability.name),
        "status": _word(capability.status, CAPABILITY_STATUSES),
        "details": [
            {
                "code": d.code,
                "resolution": _word(d.resolution, RESOLUTIONS),
                "explanation": wording.capability_detail(d.code),
            }
            for d in capability.details
        ],
    }


def _requirements(section: Requirements, due: int) -> Document:
    groups = alternatives(section)
    return {
        "dueCount": due,
        "pendingCount": sum(e.awaiting_action_from == "stripe" for e in section.entries),
        "nearestDeadline": wire_time(section.nearest_deadline),
        "transitionsAt": wire_time(section.transitions_at),
        "entries": [
            {**_entry(e), "alternatives": [_entries(group) for group in groups.get(e.key, ())]}
            for e in ordered(section.entries)
        ],
    }


def _entries(entries: Sequence[Entry]) -> list[Document]:
    # Alternatives have no alternatives at Stripe.
    return [{**_entry(e), "alternatives": []} for e in entries]


def _entry(entry: Entry) -> Document:
    words = wording.requirement(entry.key)
    return {
        "key": entry.key,
        "title": words.title,
        "help": words.help,
        "subject": subject(entry).value,
        "personId": entry.resource if entry.reference_type == "person" else None,
        "awaitingActionFrom": _party(entry),
        "deadline": _word(entry.deadline, DEADLINES),
        "reasons": list(entry.reasons),
        "errors": [
            {
                "code": e.code,
                "message": e.description or wording.requirement_error(e.code),
                "explanation": wording.requirement_error(e.code),
            }
            for e in entry.errors
        ],
        "restricts": [
            {"capability": i.capability, "deadline": _word(i.deadline, DEADLINES)} for i in entry.impacts
        ],
    }


def _party(entry: Entry) -> str:
    return "STRIPE" if entry.awaiting_action_from == "stripe" else "MERCHANT"


def _word(value: str | None, values: Container[str]) -> str:
    """The enum member for Stripe's value; UNKNOWN if the enum has none."""
    return value.upper() if value is not None and value in values else "UNKNOWN"


def profile_columns(profile: Profile) -> Mapping[str, str]:
    """The columns for searching and sorting. Case is folded here, because databases fold it differently."""
    return {
        f"{name}_folded": fold(getattr(profile, name))
        for name in ("display_name", "contact_email", "external_id")
    }


def fold(text: str) -> str:
    """Fold the case of a text for searching and sorting, and cut it to the column's size."""
    return text.casefold()[:512]
