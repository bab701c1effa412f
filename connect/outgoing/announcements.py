"""Announces each change to the subscribers of the feed and to the platform's own systems.

Every write of a merchant, a payment, a dispute or a payout publishes its change with `announce`, so no write
can publish a change without its events. `tests/connect/outgoing/test_announcements.py` verifies this.
"""

import uuid
from datetime import datetime
from typing import NamedTuple

import msgspec

from connect.outgoing.rules.changes import occurrences, subject_data
from models import OutgoingEvent, changes, uuid7
from models.changes import Change


class Subject(NamedTuple):
    """The changed object. `sequence` is its row version after the change."""

    noun: str
    id: uuid.UUID
    merchant_id: uuid.UUID
    merchant_external_id: str
    sequence: int


async def announce(subject: Subject, before: str | None, after: str | None, at: datetime | None) -> None:
    """Publish a change and write its events, in the transaction of the change.

    `before` and `after` are the object's documents before and after the change (see
    `connect.outgoing.rules.changes`). Most changes have no events; for these, only the feed's statement is
    sent. `at` is None if a new release rebuilds the document. A rebuild has no events, because it can change
    the wording, but the object itself has not changed.
    """
    owner = subject.merchant_id if subject.noun != "merchant" else None
    await changes.publish(Change(subject.noun, subject.id, owner))
    found = occurrences(subject.noun, before, after) if at is not None else []
    if not found:
        return
    about = subject_data(subject.merchant_id, subject.merchant_external_id)
    rows = [
        OutgoingEvent(
            id=uuid7(at),
            type=one.type.value,
            subject_type=subject.noun,
            subject_id=subject.id,
            merchant_id=subject.merchant_id,
            sequence=subject.sequence,
            data=msgspec.json.encode({**about, **one.data}).decode(),
            created_at=at,
        )
        for one in found
    ]
    await OutgoingEvent.bulk_create(rows)
