"""The timeline of a merchant: the actions, and the observed changes to the merchant."""

import enum
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connect.merchants.rules.account.sections import Requirements
from connect.merchants.rules.document import wire_time
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.status import derive
from models import TimelineEntry, uuid7


class TimelineKind(enum.Enum):
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    LINK_ISSUED = "LINK_ISSUED"
    RETURNED = "RETURNED"
    REFRESHED = "REFRESHED"
    STATUS_CHANGED = "STATUS_CHANGED"
    REQUIREMENTS_CHANGED = "REQUIREMENTS_CHANGED"
    CAPABILITY_CHANGED = "CAPABILITY_CHANGED"
    DRIFT_REPAIRED = "DRIFT_REPAIRED"
    CLOSED = "CLOSED"
    DISCONNECTED = "DISCONNECTED"
    SERVICE_CHANGED = "SERVICE_CHANGED"
    PAYOUT_REQUESTED = "PAYOUT_REQUESTED"
    PAYOUT_SCHEDULE_CHANGED = "PAYOUT_SCHEDULE_CHANGED"


Details = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two states of a merchant."""

    kind: TimelineKind
    message: str
    before: dict[str, Any]
    after: dict[str, Any]


def changes(
    before: Facts, after: Facts, details_before: Details | None = None, details_after: Details | None = None
) -> Iterator[Change]:
    """Yield the differences between two states of an account that the timeline records. Pure.

    The details are values that do not affect the status, such as names and defaults. If one of the states
    lacks a detail, this detail is unknown and does not count as changed.
    """
    old_details, new_details = details_before or {}, details_after or {}
    known = old_details.keys() & new_details.keys()
    changed = sorted(name for name in known if old_details[name] != new_details[name])
    if changed:
        yield Change(
            TimelineKind.UPDATED,
            f"Changed: {', '.join(changed)}.",
            {name: old_details[name] for name in changed},
            {name: new_details[name] for name in changed},
        )
    if after.closed and not before.closed:
        yield Change(TimelineKind.CLOSED, "The account was closed.", {"closed": False}, {"closed": True})
    if after.disconnected and not before.disconnected:
        message = "The account was disconnected from the platform."
        yield Change(TimelineKind.DISCONNECTED, message, {"disconnected": False}, {"disconnected": True})
    old, new = _capabilities(before), _capabilities(after)
    if old != new:
        differing = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        yield Change(
            TimelineKind.CAPABILITY_CHANGED,
            "; ".join(f"{name}: {_status(old.get(name))} to {_status(new.get(name))}" for name in differing),
            {name: old.get(name) for name in differing},
            {name: new.get(name) for name in differing},
        )
    old_entries, new_entries = _requirements(before), _requirements(after)
    if old_entries != new_entries:
        added, removed = new_entries.keys() - old_entries.keys(), old_entries.keys() - new_entries.keys()
        kept = len(new_entries.keys() & old_entries.keys())
        yield Change(
            TimelineKind.REQUIREMENTS_CHANGED,
            f"Requirements: {len(added)} added, {len(removed)} settled, {kept} still open.",
            old_entries,
            new_entries,
        )
    status_before, status_after = derive(before), derive(after)
    if status_before is not status_after:
        yield Change(
            TimelineKind.STATUS_CHANGED,
            f"Status changed from {status_before.value} to {status_after.value}.",
            {"status": status_before.value},
            {"status": status_after.value},
        )


async def record(
    merchant_id: uuid.UUID,
    kind: TimelineKind,
    message: str,
    at: datetime,
    *,
    actor: str | None = None,
    fetch: int | None = None,
    request_id: str | None = None,
) -> None:
    """Add an entry that has only a message. `record_changes` adds entries with the compared values.

    `request_id` is Stripe's id of a refused request.
    """
    # Entries are sorted by their ids, which contain `at`. This is the database's time, so the entries of all
    # replicas are in order.
    await TimelineEntry.create(
        id=uuid7(at),
        merchant_id=merchant_id,
        kind=kind.value,
        message=message,
        at=at,
        actor=actor,
        fetch=fetch,
        request_id=request_id,
    )


async def record_changes(
    merchant_id: uuid.UUID,
    observed: list[Change],
    at: datetime,
    *,
    actor: str | None,
    fetch: int | None = None,
) -> None:
    """Add an entry for each observed change in one statement."""
    entries = [
        TimelineEntry(
            id=uuid7(at),
            merchant_id=merchant_id,
            kind=change.kind.value,
            message=change.message,
            at=at,
            actor=actor,
            status_before=change.before["status"] if change.kind is TimelineKind.STATUS_CHANGED else None,
            status_after=change.after["status"] if change.kind is TimelineKind.STATUS_CHANGED else None,
            before=change.before,
            after=change.after,
            fetch=fetch,
        )
        for change in observed
    ]
    if entries:
        await TimelineEntry.bulk_create(entries)


def _capabilities(facts: Facts) -> dict[str, Any]:
    return {
        c.name: {"status": c.status, "codes": sorted(d.code for d in c.details)}
        for c in facts.capabilities or ()
    }


def _status(capability: dict[str, Any] | None) -> str:
    return capability["status"] if capability else "absent"


def _requirements(facts: Facts) -> dict[str, Any]:
    dates = {
        "nearest deadline": wire_time(facts.requirements.nearest_deadline),
        "future: transition": wire_time(facts.future.transitions_at),
    }
    entries = _entries(facts.requirements, "") | _entries(facts.future, "future: ")
    return entries | {name: date for name, date in dates.items() if date is not None}


def _entries(requirements: Requirements, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}{e.key}{f' ({e.resource})' if e.resource else ''}": {
            "awaiting": e.awaiting_action_from,
            "deadline": e.deadline,
            "errors": [error.code for error in e.errors],
        }
        for e in requirements.entries
    }
