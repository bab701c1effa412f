"""Events and their thin notifications."""

import json
from datetime import datetime
from typing import Any

from simulator.events import losses, snapshots
from simulator.state import Json, State, rfc3339, token
from simulator.wire.bodies import as_list
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, missing
from simulator.wire.paging import page

RETENTION = 30 * 86400
# These objects have no id, because each account has only one.
SINGLETONS = {"balance", "balance_settings"}


def emit(
    state: State,
    kind: str,
    *,
    context: str | None,
    related: tuple[str, str] | None = None,
    data: Json | None = None,
    reason: Json | None = None,
    to: str | None = None,
    snapshot: Json | None = None,
) -> Json:
    """Record an event, and queue its notification for every subscribed destination or only for `to`.

    `related` is the type and the path of the related object. An event without context belongs to the
    platform. `snapshot` is the object for destinations with snapshot payloads.
    """
    event: Json = {
        "id": token("evt_test_", 40),
        "object": "v2.core.event",
        "type": kind,
        "created": rfc3339(state.now()),
        "livemode": False,
        "changes": None,
        "context": context,
        "reason": reason,
        "snapshot_event": None,
    }
    if related:
        name, path = related
        event["related_object"] = {"id": path.rpartition("/")[2], "type": name, "url": path}
        if name in SINGLETONS:
            del event["related_object"]["id"]
    if data is not None:
        event["data"] = data
    scope = "@accounts" if context else "@self"
    if snapshot is not None:
        snapshots.save(state, event, snapshot)
    chosen = []
    for destination in state.all("destination").values():
        enabled = destination["status"] == "enabled" and scope in destination["events_from"]
        takes_snapshot = snapshot is not None and enabled and snapshots.is_subscribed(destination, kind)
        # Only the control plane can subscribe a thin destination to `*`.
        is_thin = destination["event_payload"] == "thin" or snapshot is None
        is_subscribed = enabled and is_thin and {kind, "*"} & set(destination["enabled_events"])
        if destination["id"] == to or ((is_subscribed or takes_snapshot) and to is None):
            chosen.append(destination["id"])
    state.save("event", event["id"], event)
    for destination in chosen:
        queue(state, event, destination)
    return event


def notification(event: Json) -> Json:
    """Return the thin form of an event."""
    names = ("id", "object", "type", "created", "livemode", "context", "reason", "related_object")
    return {name: event[name] for name in names if name in event}


def queue(state: State, event: Json, destination: str, **special: Any) -> list[Json]:
    """Queue a notification for one destination. The control plane sets the number of copies and the delay.

    `special` overrides the `payload`, the signing `secret` or the age of the signature (`stale_seconds`).
    """
    settings = state.control("deliveries")
    status = {"live": "pending", "hold": "held", "drop": "dropped"}[settings["mode"]]
    if status == "pending" and state.chance.random() < float(settings["drop_share"]):
        status = "dropped"
    if status == "pending" and losses.take(state, event["context"]):
        status = "dropped"
    payload = snapshots.payload(state, event, state.all("destination")[destination])
    deliveries = []
    for _ in range(state.chance.randint(1, int(settings["most_copies"])) + int(settings["duplicate"])):
        jitter = state.chance.uniform(0, float(settings["jitter_seconds"]))
        delivery: Json = {
            "id": token("dlv_"),
            "event": event["id"],
            "type": event["type"],
            "destination": destination,
            "payload": payload or json.dumps(notification(event)),
            "status": status,
            "attempts": [],
            "due_in": float(settings["delay_seconds"]) + jitter,
            "secret": None,
            "stale_seconds": 0.0,
            **special,
        }
        deliveries.append(delivery)
        if status == "pending":
            send(state, delivery)
        else:
            state.save("delivery", delivery["id"], delivery)
    return deliveries


def redeliver(state: State, identifier: str) -> list[Json]:
    """Queue an event again for its earlier destinations, or for all destinations if it had none."""
    event = state.all("event").get(identifier)
    if event is None:
        raise missing()
    earlier = [one for one in state.all("delivery").values() if one["event"] == event["id"]]
    keys = {delivery["destination"] for delivery in earlier} or state.all("destination")
    return [delivery for key in keys for delivery in queue(state, event, key)]


def send(state: State, delivery: Json) -> None:
    """Queue a delivery for sending."""
    delivery["status"] = "pending"
    state.save("delivery", delivery["id"], delivery)
    state.outbox.append(delivery["id"])
    state.wake.set()


def release(state: State) -> int:
    """Send the held deliveries. Returns their number."""
    held = [delivery for delivery in state.all("delivery").values() if delivery["status"] == "held"]
    for delivery in held:
        send(state, delivery)
    return len(held)


def list_events(call: Call) -> Json:
    """GET /v2/core/events, newest first."""
    query = call.query
    types = as_list(query, "types")
    if len(types) > 20:
        raise Refused("parameter_invalid", "types: at most 20")
    bounds = query.get("created", {})
    if not isinstance(bounds, dict) or set(bounds) - {"gt", "gte", "lt", "lte"}:
        raise Refused("parameter_invalid", "created: expected gt, gte, lt or lte")
    limits = {name: _moment(f"created.{name}", text) for name, text in bounds.items()}
    # Compare the lower bound first. It excludes most events, because a back-fill asks for the latest ones.
    oldest = max(rfc3339(call.state.now() - RETENTION), limits.get("gt", ""), limits.get("gte", ""))
    hidden = call.state.control("lists")["hide_events"]
    chosen = [
        event
        for event in (() if hidden else call.state.newest("event"))
        if event["created"] >= oldest
        and (not types or event["type"] in types)
        and ("object_id" not in query or query["object_id"] in _objects(event))
        and _within(event["created"], limits)
    ]
    return page("/v2/core/events", query, chosen, lambda event: event)


def _objects(event: Json) -> set[str]:
    related = event.get("related_object") or {}
    ids = (related.get("id"), event.get("context"), (event.get("data") or {}).get("account_id"))
    return {identifier for identifier in ids if identifier}


def _moment(name: str, text: str) -> str:
    try:
        return rfc3339(datetime.fromisoformat(text).timestamp())
    except ValueError:
        raise Refused("parameter_invalid", f"{name}: {text!r} is not an RFC 3339 time") from None


def _within(created: str, limits: dict[str, str]) -> bool:
    # All times have the same format in UTC, so they compare as text.
    return (
        created > limits.get("gt", "")
        and created >= limits.get("gte", "")
        and created < limits.get("lt", "~")
        and created <= limits.get("lte", "~")
    )


def retrieve(call: Call) -> Json:
    """GET /v2/core/events/{id}."""
    event = call.state.all("event").get(call.path["id"])
    if event is None or event["created"] < rfc3339(call.state.now() - RETENTION):
        raise missing()
    return event
