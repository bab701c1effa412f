"""For the audit log, finds the id of the object that a mutation has created, changed or deleted."""

from typing import Any

from connect.merchants.rules.document import global_id
from models import EventEndpoint, Merchant, OutgoingEvent, StripeEvent

# The fields of payloads that can hold the object, the most specific first.
FIELDS = ("refund", "dispute", "payout", "payment", "event", "endpoint", "merchant")
ROWS = (EventEndpoint, Merchant, OutgoingEvent, StripeEvent)


def of_payload(payload: Any) -> str | None:
    """The id of the object that a mutation's payload contains or names. None if there is no object."""
    for name in FIELDS:
        value = getattr(payload, name, None)
        if isinstance(value, dict):
            return str(value["id"])
        if isinstance(value, ROWS):
            return global_id(type(value).__name__, value.id)
    deleted = getattr(payload, "endpoint_id", None)
    return str(deleted) if deleted is not None else None
