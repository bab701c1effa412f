"""The merchant's document: everything that a client may read of a merchant, in wire form. Pure.

Names, enum values and times stand as GraphQL shows them, so that reading is serving. Whoever changes the
mirror or the merchant writes the document in the same transaction; nothing below the GraphQL root computes.
Raise VERSION with every change of shape or wording: older documents are then written again on start.
"""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connect.merchants import wording
from connect.merchants.guidance import dashboard_tasks, next_action, summary, unavailable_reason
from connect.merchants.requirements import alternatives, ordered, subject
from connect.merchants.snapshot import Capability, Entry, Requirements, Snapshot, collectors
from connect.merchants.status import CARD_PAYMENTS, PAYOUTS, Status, derive, facts

VERSION = 1

DASHBOARD_URL = "https://dashboard.stripe.com"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """What only we know of a merchant: identity, and the local facts beside the mirror."""

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
    """What we know of the connected account, and since when."""

    id: uuid.UUID
    snapshot: Snapshot
    synced_at: datetime
    synced_by: str
    disconnected: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """The document with the columns that stand beside it."""

    document: Document
    status: Status
    awaiting_action_from: str | None
    next_deadline_at: datetime | None


def is_same(before: str, after: str) -> bool:
    """Whether two documents, as text, say the same but for how fresh they are."""
    old, new = json.loads(before), json.loads(after)
    return {**old, "freshness": None} == {**new, "freshness": None}


def build(profile: Profile, mirror: Mirror | None) -> Derived:
    """The document and its columns."""
    known = facts(
        mirror.snapshot if mirror else None,
        ever_active_at=profile.ever_active_at,
        disconnected=mirror.disconnected if mirror else False,
    )
    status = derive(known)
    over = status in {Status.CREATING, Status.CLOSED, Status.DISCONNECTED}
    # Of an account that has ended nothing is asked any more, whatever was still open.
    asked, future = (Requirements(), Requirements()) if over else (known.requirements, known.future)
    deadlines = [d for d in (asked.nearest_deadline, _transition(future)) if d is not None]
    deadline = min(deadlines, default=None)
    action = next_action(status, known, started=profile.links_issued > 0)
    credentials = not over and known.onboarding_submitted
    full = mirror is not None and mirror.snapshot.dashboard == "full"
    dashboard_url = DASHBOARD_URL if credentials and full else None
    document: Document = {
        "__typename": "Merchant",
        "id": global_id("Merchant", profile.id),
        "externalId": profile.external_id,
        "displayName": profile.display_name,
        "contactEmail": profile.contact_email,
        "country": profile.country,
        "createdAt": wire_time(profile.created_at),
        "status": status.value,
        "summary": summary(status, known, deadline),
        "nextAction": {
            "kind": action.kind.value,
            "by": action.by,
            "label": action.label,
            "deadline": wire_time(deadline) if action.by == "MERCHANT" else None,
            "url": dashboard_url if action.opens_dashboard else None,
        },
        "account": _account(mirror) if mirror else None,
        "dashboard": {
            "type": _word(mirror.snapshot.dashboard, {"full", "express", "none"}) if mirror else "FULL",
            "available": credentials,
            "unavailableReason": None if credentials else unavailable_reason(status),
            "url": dashboard_url,
            "tasks": dashboard_tasks(status, known, credentials=credentials),
        },
        "canAcceptPayments": not over and known.is_active(CARD_PAYMENTS),
        "canReceivePayouts": not over and known.is_active(PAYOUTS),
        "capabilities": [_capability(c) for c in known.capabilities or ()],
        "requirements": _requirements(asked, len(() if over else known.due)),
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
    seen = mirror.snapshot
    fees, losses, asking = collectors(seen)
    known = {"stripe", "application"}
    return {
        "__typename": "ConnectedAccount",
        "id": global_id("ConnectedAccount", mirror.id),
        "stripeAccountId": seen.stripe_account_id,
        "livemode": seen.livemode,
        "feesCollector": _word(fees, known),
        "lossesCollector": _word(losses, known),
        "requirementsCollector": _word(asking, known),
        "appliedConfigurations": list(seen.applied_configurations),
        "closed": seen.closed,
        "createdAt": wire_time(seen.created_at or mirror.synced_at),
    }


def _capability(capability: Capability) -> Document:
    statuses = {"active", "pending", "restricted", "rejected", "unsupported"}
    return {
        "name": capability.name,
        "title": wording.capability(capability.name),
        "status": _word(capability.status, statuses),
        "details": [
            {
                "code": d.code,
                "resolution": _word(d.resolution, {"provide_info", "contact_stripe", "no_resolution"}),
                "explanation": wording.capability_detail(d.code),
            }
            for d in capability.details
        ],
    }


def _requirements(section: Requirements, due: int) -> Document:
    return {
        "dueCount": due,
        "pendingCount": sum(e.awaiting_action_from == "stripe" for e in section.entries),
        "nearestDeadline": wire_time(section.nearest_deadline),
        "transitionsAt": wire_time(section.transitions_at),
        "entries": [
            {**_entry(e), "alternatives": [_entries(group) for group in alternatives(e, section)]}
            for e in ordered(section.entries)
        ],
    }


def _entries(entries: Sequence[Entry]) -> list[Document]:
    # Stripe gives alternatives no alternatives of their own.
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
        "deadline": _word(entry.deadline, {"past_due", "currently_due", "eventually_due"}),
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
            {
                "capability": i.capability,
                "deadline": _word(i.deadline, {"past_due", "currently_due", "eventually_due"}),
            }
            for i in entry.impacts
        ],
    }


def _party(entry: Entry) -> str:
    return "STRIPE" if entry.awaiting_action_from == "stripe" else "MERCHANT"


def _word(value: str | None, known: set[str]) -> str:
    """Stripe's word as our enum has it; its enums are open, so a new word is UNKNOWN."""
    return value.upper() if value in known else "UNKNOWN"


def profile_columns(profile: Profile) -> Mapping[str, str]:
    """The columns that searching and sorting by name run over: case folded by us, as databases differ."""
    return {
        f"{name}_folded": fold(getattr(profile, name))
        for name in ("display_name", "contact_email", "external_id")
    }


def fold(text: str) -> str:
    """A text as it is searched and sorted by; cut to what an index holds."""
    return text.casefold()[:512]
