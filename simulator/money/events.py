"""Events of v1: an account's events about its own objects (https://docs.stripe.com/api/events).

The platform's list does not contain the events of connected accounts: each account has a list of its own.
"""

import json
from typing import Any

from simulator.money import records
from simulator.state import Json
from simulator.wire import forms, versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/events"
RETENTION = 30 * 86400
MOST_TYPES = 20
QUERY: dict[str, forms.Table] = {**forms.PAGE, "type": str, "types": [str]}


def show(call: Call) -> Json:
    """GET /v1/events/{id}. An event can be read for 30 days."""
    record = call.state.all("snapshot").get(call.path["id"])
    if record is None or record["_account"] != records.owner(call) or not _is_kept(call, record):
        message = f"No such event: '{call.path['id']}'"
        raise Refused("resource_missing", message, 404, param="id")
    return _render(record)


def _is_kept(call: Call, record: Json) -> bool:
    return bool(record["created"] >= call.state.now() - RETENTION)


def list_events(call: Call) -> Json:
    """GET /v1/events: the events of the last 30 days, filtered by `type` or `types`.

    A type may end with `*`.
    """
    query = call.query
    if "type" in query and "types" in query:
        raise Refused(None, "You may only specify one of these parameters: type, types.")
    names = query["types"] if "types" in query else [query["type"]] if "type" in query else ["*"]
    if len(names) > MOST_TYPES:
        raise Refused(None, f"You may only specify up to {MOST_TYPES} types.", param="types")

    def keep(record: Json) -> bool:
        return _is_kept(call, record) and any(_matches(record["type"], name) for name in names)

    return records.page(call, "snapshot", PATH, _render, keep)


def _matches(kind: str, name: str) -> bool:
    return kind == name or (name.endswith("*") and kind.startswith(name[:-1]))


def _render(record: Json) -> Json:
    body: dict[str, Any] = json.loads(record["text"])
    return {**body, "api_version": versions.DEFAULT}
