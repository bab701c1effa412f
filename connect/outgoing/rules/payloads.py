"""The payloads and signatures of deliveries, by the Standard Webhooks specification. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from connect.merchants.rules.document import global_id
from connect.merchants.rules.wire import wire_time
from connect.outgoing.rules.changes import TYPE_NAMES
from connect.outgoing.rules.types import VERSION

SECRET_PREFIX = "whsec_"  # noqa: S105 - the beginning of every secret


def event_id(key: uuid.UUID) -> str:
    """The id of an event in the API, in payloads and in the header `webhook-id`."""
    return global_id("OutgoingEvent", key)


def subject_id(noun: str | None, key: uuid.UUID | None) -> str | None:
    """The id of the changed object, for the query `node`; None for an event without an object."""
    return global_id(TYPE_NAMES[noun], key) if noun is not None and key is not None else None


def payload(
    key: uuid.UUID,
    name: str,
    created_at: datetime,
    sequence: int,
    noun: str | None,
    subject: uuid.UUID | None,
    data: str,
) -> bytes:
    """The JSON text of an event. Each delivery of the event has exactly these bytes."""
    about = {"type": TYPE_NAMES[noun], "id": subject_id(noun, subject)} if noun is not None else None
    return msgspec.json.encode(
        {
            "id": event_id(key),
            "type": name,
            "version": VERSION,
            "timestamp": wire_time(created_at),
            "sequence": sequence,
            "subject": about,
            "data": msgspec.Raw(data.encode()),
        }
    )


def headers(identifier: str, body: bytes, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """The headers of a delivery at this time. During a rotation, they contain a signature for each of the two
    secrets.
    """
    timestamp = str(int(at.timestamp()))
    return {
        "content-type": "application/json",
        "webhook-id": identifier,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(sign(identifier, timestamp, body, one) for one in secrets),
    }


def sign(identifier: str, timestamp: str, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{identifier}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"
