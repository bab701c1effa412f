"""The statuses of seeded merchants, and the API's formats of times, ids and cursors, for peers in Python."""

import base64
import enum
import json
import uuid
from datetime import UTC, datetime

START = uuid.UUID(int=0)

STATUSES = (
    *("CREATING", "ONBOARDING", "ACTION_REQUIRED", "PENDING_REVIEW", "ACTIVE", "ACTIVE_DUE_SOON"),
    *("PAYOUTS_BLOCKED", "RESTRICTED", "RESTRICTED_BY_STRIPE", "REJECTED", "UNSUPPORTED", "NOT_REQUESTED"),
    *("DISCONNECTED", "CLOSED", "UNKNOWN"),
)
MerchantStatus = enum.Enum("MerchantStatus", {word: word for word in STATUSES})


def time(moment: datetime) -> str:
    """Format a time as the API does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def global_id(kind: str, key: uuid.UUID) -> str:
    """The opaque id of a node."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def cursor(key: uuid.UUID) -> str:
    """The cursor of a merchant or a payment."""
    text = json.dumps(["CREATED_AT_ASC", str(key)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key(after: str | None) -> uuid.UUID:
    """Return the id in a cursor. Without a cursor, return START, which is below all ids."""
    if after is None:
        return START
    return uuid.UUID(json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))[1])
