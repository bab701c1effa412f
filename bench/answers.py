"""Compares the answers of two servers as data. PostGraphile's fields are renamed before the comparison.

PostGraphile derives its schema from the tables, so its queries select the same columns under other names.
They also select whole JSON columns, so its answers contain more data for capabilities and requirements.
"""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connect.merchants.rules.document import global_id, wire_time

Json = dict[str, Any]

TIMES = {
    *("createdAt", "nearestDeadline", "transitionsAt", "actionDeadline", "futureNearestDeadline"),
    *("futureTransitionsAt", "lastLinkIssuedAt", "lastReturnedAt", "everActiveAt", "syncedAt"),
}
# Each of these maps the fields of one object of the service to PostGraphile's columns.
NEXT_ACTION = {
    "kind": "actionKind",
    "by": "actionBy",
    "label": "actionLabel",
    "deadline": "actionDeadline",
    "url": "actionUrl",
}
DASHBOARD = {
    "type": "dashboardType",
    "available": "dashboardAvailable",
    "unavailableReason": "dashboardUnavailableReason",
    "url": "dashboardUrl",
    "tasks": "dashboardTasks",
}
REQUIREMENTS = {
    "dueCount": "dueCount",
    "pendingCount": "pendingCount",
    "nearestDeadline": "nearestDeadline",
    "transitionsAt": "transitionsAt",
    "entries": "entries",
}
FUTURE_REQUIREMENTS = {
    "dueCount": "futureDueCount",
    "pendingCount": "futurePendingCount",
    "nearestDeadline": "futureNearestDeadline",
    "transitionsAt": "futureTransitionsAt",
    "entries": "futureEntries",
}
ONBOARDING = {
    "started": "onboardingStarted",
    "linksIssued": "linksIssued",
    "lastLinkIssuedAt": "lastLinkIssuedAt",
    "lastReturnedAt": "lastReturnedAt",
    "everActiveAt": "everActiveAt",
}
FRESHNESS = {"syncedAt": "syncedAt", "source": "syncSource"}
OBJECTS: Mapping[str, Mapping[str, str]] = {
    "nextAction": NEXT_ACTION,
    "dashboard": DASHBOARD,
    "requirements": REQUIREMENTS,
    "futureRequirements": FUTURE_REQUIREMENTS,
    "onboarding": ONBOARDING,
    "freshness": FRESHNESS,
}


def difference(expected: Any, actual: Any, path: str = "") -> str | None:
    """Describe the first difference between two answers: its path and both values. Returns None if they are
    equal.
    """
    if isinstance(expected, dict) and isinstance(actual, dict) and expected.keys() == actual.keys():
        parts = ((f"{path}.{name}", expected[name], actual[name]) for name in expected)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        parts = (
            (f"{path}[{number}]", *pair) for number, pair in enumerate(zip(expected, actual, strict=True))
        )
    elif type(expected) is type(actual) and expected == actual:
        return None
    else:
        return f"{path or '.'}: {_short(expected)} against {_short(actual)}"
    differences = (difference(ours, theirs, place) for place, ours, theirs in parts)
    return next((text for text in differences if text), None)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}..."


def renamed(answer: Json) -> Json:
    """Convert PostGraphile's answer to the shape of the other answers."""
    data = answer["data"]
    if "merchant" in data:
        return {"data": {"merchant": _merchant(data["merchant"]) if data["merchant"] else None}}
    page = data["merchants"]
    rows = page["nodes"]
    nodes = [_merchant(row) for row in rows]
    end = cursor(uuid.UUID(rows[-1]["id"])) if rows else None
    info = {"hasNextPage": page["pageInfo"]["hasNextPage"], "endCursor": end}
    return {"data": {"merchants": {"edges": [{"node": node} for node in nodes], "pageInfo": info}}}


def _merchant(row: Json) -> Json:
    has_all_fields = "summary" in row
    row = {name: _moment(value) if name in TIMES else value for name, value in row.items()}
    objects: Json = {}
    for name, columns in OBJECTS.items():
        selected = {ours: theirs for ours, theirs in columns.items() if theirs in row}
        if selected:
            objects[name] = {ours: row[theirs] for ours, theirs in selected.items()}
    for columns in OBJECTS.values():
        for theirs in columns.values():
            row.pop(theirs, None)
    for name in ("requirements", "futureRequirements"):
        if name in objects:
            objects[name]["entries"] = [
                _entry(entry, complete=has_all_fields) for entry in objects[name]["entries"]
            ]
    row["id"] = global_id("Merchant", uuid.UUID(row["id"]))
    if account := row["account"]:
        key = global_id("ConnectedAccount", uuid.UUID(account["id"]))
        row["account"] = account | {"id": key, "createdAt": _moment(account["createdAt"])}
    if not has_all_fields:
        row["capabilities"] = [
            capability | {"details": _only(capability["details"], ("code", "resolution"))}
            for capability in row["capabilities"]
        ]
    return row | objects


def _entry(entry: Json, *, complete: bool) -> Json:
    return entry if complete else entry | {"errors": _only(entry["errors"], ("code", "message"))}


def _only(rows: Sequence[Json], names: Sequence[str]) -> list[Json]:
    return [{name: row[name] for name in names} for row in rows]


def _moment(text: str | None) -> str | None:
    return wire_time(datetime.fromisoformat(text)) if text else None


def cursor(key: uuid.UUID) -> str:
    """The service's cursor of a merchant, for the order CREATED_AT_ASC."""
    return _encoded(["CREATED_AT_ASC", str(key)]).rstrip("=")


def key(cursor: str) -> uuid.UUID:
    """The merchant's primary key in this cursor."""
    return uuid.UUID(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[1])


def _encoded(value: Sequence[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def postgraphile_cursor(example: str, key: uuid.UUID) -> str:
    """Build PostGraphile's cursor of a row from an example cursor of the same order."""
    order, _ = json.loads(base64.b64decode(example))
    return base64.b64encode(json.dumps([order, str(key)], separators=(",", ":")).encode()).decode()
