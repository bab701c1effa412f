"""Checks the signatures of thin event notifications, and reads their content. Pure.

A notification only names an event. The rest of its content is not trusted (docs/decisions/0006).
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from connect.stripe_api.gateway import is_signed

_ACCOUNT_ID = re.compile(r"acct_\w{1,250}", re.ASCII)


def verify(
    body: bytes, header: str | None, secrets: Collection[str], tolerance: int, at: float
) -> dict[str, Any]:
    """Parse a notification that was signed with one of the secrets, at most `tolerance` seconds before or
    after the Unix time `at`.

    Raises ValueError for any other body (https://docs.stripe.com/webhooks#verify-manually).
    """
    if header is None or len(header) > 2048 or not header.isascii():
        raise ValueError("The Stripe-Signature header is missing or malformed.")
    text = body.decode("utf-8")
    if not any(is_signed(text, header, secret) for secret in secrets):
        raise ValueError(
            "No signature matches. Put the signing secret of this event destination into "
            "CONNECTQL_WEBHOOK_SECRETS."
        )
    # The SDK refuses only old timestamps. A timestamp in the future would allow a replay until that time.
    stamp = int(next((part[2:] for part in header.split(",") if part.startswith("t=")), ""))
    if not at - tolerance <= stamp <= at + tolerance:
        seconds, side = abs(int(at) - stamp), "past" if stamp < at else "future"
        raise ValueError(
            f"The signature matches, but its timestamp is {seconds} s in the {side}, and at most {tolerance} "
            "s are allowed. Synchronize this machine's clock with NTP."
        )
    notification = json.loads(text)
    if not isinstance(notification, dict) or notification.get("object") != "v2.core.event":
        raise ValueError("This is not a thin event notification. Set the destination's payload to thin.")
    if not is_named(notification):
        raise ValueError("The notification has no id or no type.")
    return notification


def is_named(event: Mapping[str, Any]) -> bool:
    """Whether the event has an id and a type, each of at most 255 printable characters. The database cannot
    store U+0000 and unpaired surrogates, which are not printable.
    """
    names = event.get("id"), event.get("type")
    return all(isinstance(name, str) and 0 < len(name) <= 255 and name.isprintable() for name in names)


def account_id(notification: dict[str, Any]) -> str | None:
    """The account id in a notification: in its related object, in that object's URL, or in the context. None
    if none of them contains it.
    """
    related = notification.get("related_object")
    if isinstance(related, dict):
        if related.get("type") == "v2.core.account" and _ACCOUNT_ID.fullmatch(str(related.get("id"))):
            return str(related["id"])
        for part in str(related.get("url") or "").split("/"):
            if _ACCOUNT_ID.fullmatch(part):
                return part
    context = notification.get("context")
    # The context is a path, such as organization/platform/account.
    last = context.rsplit("/", 1)[-1] if isinstance(context, str) else ""
    return last if _ACCOUNT_ID.fullmatch(last) else None
