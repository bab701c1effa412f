"""Notices about merchants: their kinds and causes, and the steps before a deadline. Pure."""

import enum
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from connect.merchants.rules.status.status import Status

# A notice is due this many days before a deadline. 0 means that the deadline has passed.
STEPS = (14, 7, 3, 1, 0)
# No notice is written about a deadline, a restriction or a failed payout that is older than this, such as one
# from before an upgrade.
RECENT = timedelta(days=7)
RESTRICTED = (Status.RESTRICTED, Status.RESTRICTED_BY_STRIPE)


class NoticeKind(enum.Enum):
    DEADLINE = "DEADLINE"
    RESTRICTED = "RESTRICTED"
    PAYOUT_FAILED = "PAYOUT_FAILED"
    DISPUTE_OPENED = "DISPUTE_OPENED"


class Cause(NamedTuple):
    """The cause of a notice. Two notices with equal keys are the same notice."""

    kind: NoticeKind
    merchant_id: uuid.UUID
    # The id of the merchant, payout or dispute.
    subject_id: uuid.UUID
    # The deadline, or the beginning of a restriction.
    at: datetime | None = None
    days: int | None = None
    # The kind of a dispute. A chargeback that follows an answered inquiry is another cause.
    dispute_kind: str | None = None

    @property
    def key(self) -> str:
        parts = [self.kind.value, str(self.subject_id)]
        if self.at is not None:
            parts.append(str(int(self.at.timestamp())))
        if self.days is not None:
            parts.append(str(self.days))
        if self.dispute_kind is not None:
            parts.append(self.dispute_kind)
        return ":".join(parts)


def step(deadline: datetime, at: datetime) -> int | None:
    """The step that is due: the smallest of STEPS that is at least the number of days until the deadline.
    None if the deadline is too far away, or passed too long ago.
    """
    if at - deadline > RECENT:
        return None
    return next((days for days in reversed(STEPS) if deadline - at <= timedelta(days=days)), None)
