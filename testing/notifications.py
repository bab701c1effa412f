"""Notifications as Stripe sends them, before they are signed."""

from typing import Any


def new_notification(number: int, account: str | None = None, **changed: Any) -> dict[str, Any]:
    """A notification that an account's requirements have changed. Keyword arguments replace or add fields."""
    related = {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"}
    return {
        "id": f"evt_test_{number}",
        "object": "v2.core.event",
        "type": "v2.core.account[requirements].updated",
        "created": "2026-11-20T10:00:00.000Z",
        "livemode": False,
        "context": account,
        "related_object": related if account else None,
        **changed,
    }
