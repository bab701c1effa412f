"""Event destinations: the addresses that receive the platform's events.

`enabled_events` may have only names that the SDK knows (`types.txt`), because a misspelled name matches no
event. It is not known how Stripe answers an unknown name or source. The error text that refuses `*` comes
from Stripe's CLI.
"""

from pathlib import Path

from simulator.accounts.rules import dig
from simulator.events import events, snapshots
from simulator.state import Json, State, rfc3339, token
from simulator.wire import versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, missing, required
from simulator.wire.paging import page
from simulator.wire.shapes import Shape, texts

TYPES = frozenset((Path(__file__).parent / "types.txt").read_text().split())
# The types of v1, which are the types of all snapshots.
SNAPSHOT_TYPES = frozenset(
    {"*", *(name.removeprefix(snapshots.PREFIX) for name in TYPES if name.startswith(snapshots.PREFIX))}
)
# https://docs.stripe.com/api/v2/core/event-destinations/create, `events_from`.
SOURCES = ("@self", "@accounts", "@organization_members", "@organization_members/@accounts")
_EARLIER_SOURCES = {"self": "@self", "other_accounts": "@accounts"}
DESTINATION_UPDATE: dict[str, Shape] = {
    **texts("description name"),
    "enabled_events": [str],
    "include": [("webhook_endpoint.signing_secret", "webhook_endpoint.url")],
    "metadata": {"*": str},
    "webhook_endpoint": {"url": str},
}
DESTINATION: dict[str, Shape] = {
    **DESTINATION_UPDATE,
    "event_payload": ("snapshot", "thin"),
    "events_from": [str],
    "snapshot_api_version": str,
    "type": ("amazon_eventbridge", "azure_event_grid", "webhook_endpoint"),
}


def create(call: Call) -> str:
    """POST /v2/core/event_destinations."""
    body = call.body
    for name in ("enabled_events", "event_payload", "name", "type"):
        if not body.get(name):
            raise required(name)
    if body["type"] != "webhook_endpoint":
        raise Refused("parameter_invalid", "type: the simulator has only webhook endpoints")
    _check_events(body["enabled_events"], body["event_payload"])
    now = rfc3339(call.state.now())
    destination: Json = {
        "id": token("ed_test_", 40),
        "object": "v2.core.event_destination",
        "amazon_eventbridge": None,
        "azure_event_grid": None,
        "created": now,
        "description": body.get("description") or "",
        "enabled_events": body["enabled_events"],
        "event_payload": body["event_payload"],
        "events_from": _sources(call),
        "livemode": False,
        "metadata": body.get("metadata") or {},
        "name": body["name"],
        "snapshot_api_version": _snapshot_version(call),
        "status": "enabled",
        "status_details": None,
        "type": "webhook_endpoint",
        "updated": now,
        "webhook_endpoint": {"signing_secret": token("whsec_", 32), "url": _url(body)},
    }
    call.state.save("destination", destination["id"], destination)
    return str(destination["id"])


def update(call: Call) -> str:
    """POST /v2/core/event_destinations/{id}."""
    destination, body = _find(call), call.body
    _check_events(body.get("enabled_events", []), destination["event_payload"])
    changes: Json = {name: body[name] for name in ("description", "enabled_events", "name") if name in body}
    if "webhook_endpoint" in body:
        changes["webhook_endpoint"] = destination["webhook_endpoint"] | {"url": _url(body)}
    metadata = destination["metadata"] | (body.get("metadata") or {})
    changes["metadata"] = {name: value for name, value in metadata.items() if value is not None}
    return _save(call, destination | changes)


def _snapshot_version(call: Call) -> str | None:
    if call.body["event_payload"] == "thin":
        return None
    return versions.check(call.body.get("snapshot_api_version") or call.version)


def _check_events(names: list[str], payload: str) -> None:
    if payload == "snapshot":
        known = SNAPSHOT_TYPES
    elif "*" in names:
        message = "thin event destinations do not support selecting all event types"
        raise Refused("parameter_invalid", f"enabled_events: {message}")
    else:
        known = TYPES
    if unknown := [name for name in names if name not in known]:
        raise Refused("parameter_invalid", f"enabled_events: {unknown[0]!r} is not an event type")


def _sources(call: Call) -> list[str]:
    """Return `events_from` with the names that the current version uses."""
    sources = call.body.get("events_from") or ["@self"]
    if call.version < versions.EVENT_SOURCES:
        sources = [_EARLIER_SOURCES.get(name, name) for name in sources]
    if unknown := [name for name in sources if name not in SOURCES]:
        raise Refused("parameter_invalid", f"events_from: {unknown[0]!r} is not one of {', '.join(SOURCES)}")
    return sources


def steer(state: State, identifier: str, changes: Json) -> Json:
    """Set any field of a destination, even to a value that the API refuses but the Dashboard allows."""
    destination = state.all("destination").get(identifier)
    if destination is None:
        raise missing()
    if unknown := set(changes) - set(destination):
        raise Refused("parameter_unknown", f"{', '.join(sorted(unknown))}: unknown field")
    endpoint = destination["webhook_endpoint"] | changes.pop("webhook_endpoint", {})
    destination |= changes | {"webhook_endpoint": endpoint}
    state.save("destination", identifier, destination)
    return destination


def enable(call: Call) -> str:
    """POST /v2/core/event_destinations/{id}/enable."""
    return _save(call, _find(call) | {"status": "enabled", "status_details": None})


def disable(call: Call) -> str:
    """POST /v2/core/event_destinations/{id}/disable."""
    return _save(
        call, _find(call) | {"status": "disabled", "status_details": {"disabled": {"reason": "user"}}}
    )


def delete(call: Call) -> str:
    """DELETE /v2/core/event_destinations/{id}. A retry with the same idempotency key gets the same answer."""
    destination = _find(call)
    call.state.drop("destination", destination["id"])
    return str(destination["id"])


def ping(call: Call) -> str:
    """POST /v2/core/event_destinations/{id}/ping. Sends a test event to this destination only."""
    identifier = _find(call)["id"]
    related = ("v2.core.event_destination", f"/v2/core/event_destinations/{identifier}")
    event = events.emit(
        call.state,
        "v2.core.event_destination.ping",
        context=None,
        related=related,
        reason=call.reason,
        to=identifier,
    )
    return str(event["id"])


def show(call: Call) -> Json:
    """Return the destination. Its URL is null unless the request includes the URL."""
    return _render(_find(call), call.include)


def show_created(call: Call) -> Json:
    """Return a new destination. Only this answer can include the signing secret."""
    destination = _find(call)
    endpoint = {
        name: value if f"webhook_endpoint.{name}" in call.include else None
        for name, value in destination["webhook_endpoint"].items()
    }
    return destination | {"webhook_endpoint": endpoint}


def show_deleted(call: Call) -> Json:
    """Return v2's answer about a deleted destination."""
    return {"id": call.path["id"], "object": "v2.core.event_destination", "deleted": True}


def list_destinations(call: Call) -> Json:
    """GET /v2/core/event_destinations."""
    items = list(call.state.newest("destination"))
    return page("/v2/core/event_destinations", call.query, items, lambda item: _render(item, call.include))


def _render(destination: Json, include: list[str]) -> Json:
    url = destination["webhook_endpoint"]["url"] if "webhook_endpoint.url" in include else None
    return destination | {"webhook_endpoint": {"signing_secret": None, "url": url}}


def _find(call: Call) -> Json:
    destination = call.state.all("destination").get(call.path["id"])
    if destination is None:
        raise missing()
    return destination


def _save(call: Call, destination: Json) -> str:
    destination["updated"] = rfc3339(call.state.now())
    call.state.save("destination", destination["id"], destination)
    return str(destination["id"])


def _url(body: Json) -> str:
    url = dig(body, "webhook_endpoint.url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Refused("url_invalid", f"webhook_endpoint.url: {url!r} is not a valid URL.")
    return url
