"""Snapshot events: v1's form of an event, with the whole object (https://docs.stripe.com/api/events/object).

Only events about objects of `money` and `billing` have a snapshot. A snapshot of one of the platform's own
objects has no `account`. `GET /v1/events` lists the snapshots of each account.
"""

import json
from typing import Any

from simulator.state import Json, State, token
from simulator.wire.keys import PLATFORM

PREFIX = "v1."


def is_subscribed(destination: Json, kind: str) -> bool:
    """Whether a destination with snapshot payloads receives events of this type."""
    if destination["event_payload"] != "snapshot" or not kind.startswith(PREFIX):
        return False
    return bool({kind.removeprefix(PREFIX), "*"} & set(destination["enabled_events"]))


def save(state: State, event: Json, shown: Json) -> None:
    """Save a snapshot with the current object, and name the snapshot in its event.

    The snapshot is stored as text, because the object changes later.
    """
    reason: Json = event["reason"] or {}
    request = reason.get("request") or {}
    body = {
        "id": token("evt_", 24),
        "object": "event",
        **({"account": event["context"]} if event["context"] else {}),
        "created": int(state.now()),
        "data": {"object": shown},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": request.get("id"), "idempotency_key": request.get("idempotency_key") or None},
        "type": event["type"].removeprefix(PREFIX),
    }
    event["snapshot_event"] = body["id"]
    record = {
        "id": body["id"],
        "_account": event["context"] or PLATFORM,
        "created": body["created"],
        "type": body["type"],
        "text": json.dumps(body),
    }
    state.save("snapshot", record["id"], record)


def payload(state: State, event: Json, destination: Json) -> str | None:
    """Return the body for a destination with snapshot payloads, or None if the destination gets thin
    events."""
    saved = state.all("snapshot").get(event.get("snapshot_event") or "")
    if destination["event_payload"] != "snapshot" or saved is None:
        return None
    body: dict[str, Any] = json.loads(saved["text"])
    return json.dumps({**body, "api_version": destination["snapshot_api_version"]})
