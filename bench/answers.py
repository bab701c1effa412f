"""Compares the answers of two servers as data, PostGraphile's after renaming its fields.

PostGraphile derives its schema from the tables. Its queries select the same columns under its own names and
JSON columns as a whole, so its answers have some more data in capabilities and requirements.
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
# Our objects, and their columns in PostGraphile.
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
ASKED = {
    "dueCount": "dueCount",
    "pendingCount": "pendingCount",
    "nearestDeadline": "nearestDeadline",
    "transitionsAt": "transitionsAt",
    "entries": "entries",
}
FUTURE = {
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
    "requirements": ASKED,
    "futureRequirements": FUTURE,
    "onboarding": ONBOARDING,
    "freshness": FRESHNESS,
}


def difference(expected: Any, found: Any, path: str = "") -> str | None:
    """The first difference of two answers with both values, or None."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        parts = ((f"{path}.{name}", expected[name], found[name]) for name in expected)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        parts = (
            (f"{path}[{number}]", *pair) for number, pair in enumerate(zip(expected, found, strict=True))
        )
    elif type(expected) is type(found) and expected == found:
        return None
    else:
        return f"{path or '.'}: {_short(expected)} against {_short(found)}"
    return next((told for where, ours, theirs in parts if (told := difference(ours, theirs, where))), None)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}..."


def renamed(answer: Json) -> Json:
    """PostGraphile's answer in the shape of the other servers'."""
    data = answer["data"]
    if "merchant" in data:
        return {"data": {"merchant": _merchant(data["merchant"]) if data["merchant"] else None}}
    found = data["merchants"]
    rows = found["nodes"]
    nodes = [_merchant(row) for row in rows]
    end = cursor(uuid.UUID(rows[-1]["id"])) if rows else None
    info = {"hasNextPage": found["pageInfo"]["hasNextPage"], "endCursor": end}
    return {"data": {"merchants": {"edges": [{"node": node} for node in nodes], "pageInfo": info}}}


def _merchant(row: Json) -> Json:
    whole = "summary" in row
    row = {name: _moment(value) if name in TIMES else value for name, value in row.items()}
    made: Json = {}
    for name, columns in OBJECTS.items():
        there = {ours: theirs for ours, theirs in columns.items() if theirs in row}
        if there:
            made[name] = {ours: row[theirs] for ours, theirs in there.items()}
    for columns in OBJECTS.values():
        for theirs in columns.values():
            row.pop(theirs, None)
    for asked in ("requirements", "futureRequirements"):
        if asked in made:
            made[asked]["entries"] = [_entry(entry, whole=whole) for entry in made[asked]["entries"]]
    row["id"] = global_id("Merchant", uuid.UUID(row["id"]))
    if account := row["account"]:
        key = global_id("ConnectedAccount", uuid.UUID(account["id"]))
        row["account"] = account | {"id": key, "createdAt": _moment(account["createdAt"])}
    if not whole:
        row["capabilities"] = [
            capability | {"details": _only(capability["details"], ("code", "resolution"))}
            for capability in row["capabilities"]
        ]
    return row | made


def _entry(entry: Json, *, whole: bool) -> Json:
    return entry if whole else entry | {"errors": _only(entry["errors"], ("code", "message"))}


def _only(rows: Sequence[Json], names: Sequence[str]) -> list[Json]:
    return [{name: row[name] for name in names} for row in rows]


def _moment(text: str | None) -> str | None:
    return wire_time(datetime.fromisoformat(text)) if text else None


def cursor(key: uuid.UUID) -> str:
    """The service's cursor of a merchant in the order of creation."""
    return _encoded(["CREATED_AT_ASC", str(key)]).rstrip("=")


def key(cursor: str) -> uuid.UUID:
    """The merchant's key in this cursor."""
    return uuid.UUID(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[1])


def _encoded(value: Sequence[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def postgraphile_cursor(known: str, key: uuid.UUID) -> str:
    """The cursor of another row, made from one of PostGraphile's cursors in the same order."""
    order, _ = json.loads(base64.b64decode(known))
    return base64.b64encode(json.dumps([order, str(key)], separators=(",", ":")).encode()).decode()
