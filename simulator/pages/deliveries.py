"""Notifications on the pages: grouped by account, with their attempts and buttons."""

import json
from datetime import UTC, datetime

from simulator.events import losses
from simulator.state import Json, State

# The pages use the newest LATEST notifications, and the first page shows at most MOST for each account.
LATEST, MOST = 500, 8
_TONES = {
    "delivered": "active",
    "pending": "pending",
    "held": "pending",
    "dropped": "failed",
    "failed": "failed",
}


def groups(state: State, only: str | None = None, most: int = MOST) -> list[Json]:
    """Return the latest notifications, grouped by account. `only` selects one account."""
    found: dict[str, Json] = {}
    lost = losses.find(state)
    for delivery, _ in zip(state.newest("delivery"), range(LATEST), strict=False):
        account = _account(state, delivery)
        if only is not None and account != only:
            continue
        group = found.setdefault(account, _group(state, account, lost.get(account, 0)))
        group["counts"][delivery["status"]] = group["counts"].get(delivery["status"], 0) + 1
        if len(group["rows"]) < most:
            group["rows"].append(_row(state, delivery))
    return list(found.values())


def _account(state: State, delivery: Json) -> str:
    """Return the account of a notification, or "" if the notification is about the platform itself."""
    event = state.all("event").get(delivery["event"]) or json.loads(delivery["payload"])
    return event.get("context") or event.get("account") or ""


def _group(state: State, account: str, lost: int) -> Json:
    known = state.all("account").get(account, {})
    name = known.get("display_name") or known.get("contact_email") or account or "The platform"
    return {"account": account, "name": name, "counts": {}, "rows": [], "lost": lost, "is_known": bool(known)}


def _row(state: State, delivery: Json) -> Json:
    event = state.all("event").get(delivery["event"])
    return {
        "event": delivery["event"] if event is not None else None,
        "type": delivery["type"],
        "status": {"dropped": "lost", "pending": "on the way"}.get(delivery["status"], delivery["status"]),
        "tone": _TONES[delivery["status"]],
        "at": event["created"] if event is not None else None,
        "time": words(event["created"], state.now()) if event is not None else "",
        "attempts": [
            {"at": one["at"], "time": clock_time(one["at"]), "result": one["status"] or one["error"]}
            for one in delivery["attempts"]
        ],
    }


def words(text: str, now: float) -> str:
    """Return a time as text, such as 14:05:07 if it is today, or 3 Feb, 14:05 on another day."""
    at = datetime.fromisoformat(text)
    if at.date() == datetime.fromtimestamp(now, UTC).date():
        return f"{at:%H:%M:%S}"
    return f"{at.day} {at:%b, %H:%M}"


def clock_time(text: str) -> str:
    """Return the time of a day, such as 14:05:07."""
    return f"{datetime.fromisoformat(text):%H:%M:%S}"
