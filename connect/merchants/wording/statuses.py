"""A title and a tone for each status, for labels and chips."""

import enum
from collections.abc import Mapping

from connect.merchants.rules.status.status import Status


class Tone(enum.Enum):
    POSITIVE = "POSITIVE"
    NEUTRAL = "NEUTRAL"
    WAITING = "WAITING"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


STATUS_TITLES: Mapping[Status, str] = {
    Status.CREATING: "Being created",
    Status.ONBOARDING: "Onboarding",
    Status.ACTION_REQUIRED: "Information needed",
    Status.PENDING_REVIEW: "In review",
    Status.ACTIVE: "Active",
    Status.ACTIVE_DUE_SOON: "Active, information due",
    Status.PAYOUTS_BLOCKED: "Payouts on hold",
    Status.RESTRICTED: "Payments paused",
    Status.RESTRICTED_BY_STRIPE: "Restricted by Stripe",
    Status.REJECTED: "Rejected",
    Status.UNSUPPORTED: "Not supported",
    Status.NOT_REQUESTED: "Payments not requested",
    Status.DISCONNECTED: "Disconnected",
    Status.CLOSED: "Closed",
    Status.UNKNOWN: "Unknown",
    Status.ERASED: "Erased",
}

TONES: Mapping[Status, Tone] = {
    Status.CREATING: Tone.WAITING,
    Status.ONBOARDING: Tone.NEUTRAL,
    Status.ACTION_REQUIRED: Tone.WARNING,
    Status.PENDING_REVIEW: Tone.WAITING,
    Status.ACTIVE: Tone.POSITIVE,
    Status.ACTIVE_DUE_SOON: Tone.WARNING,
    Status.PAYOUTS_BLOCKED: Tone.WARNING,
    Status.RESTRICTED: Tone.CRITICAL,
    Status.RESTRICTED_BY_STRIPE: Tone.CRITICAL,
    Status.REJECTED: Tone.CRITICAL,
    Status.UNSUPPORTED: Tone.CRITICAL,
    Status.NOT_REQUESTED: Tone.NEUTRAL,
    Status.DISCONNECTED: Tone.NEUTRAL,
    Status.CLOSED: Tone.NEUTRAL,
    Status.UNKNOWN: Tone.NEUTRAL,
    Status.ERASED: Tone.NEUTRAL,
}
