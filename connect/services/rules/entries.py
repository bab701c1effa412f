"""The timeline of a service: the changes between two documents (`connect.services.rules.document`). Pure.

A paid renewal changes neither status nor access, so it has no entry. The list of invoices shows it.
"""

from dataclasses import dataclass

from connect.services.rules.document import Document

# The values that an entry compares.
NAMES = ("status", "access", "cancelAt", "items")

_BEGAN = {
    "ACTIVE": "The merchant subscribed to the platform's product.",
    "INCOMPLETE": "The merchant began a subscription, whose first payment is not complete.",
    "TRIALING": "The merchant subscribed to the platform's product, with a free trial.",
}
_MOVED = {
    ("INCOMPLETE", "ACTIVE"): _BEGAN["ACTIVE"],
    ("TRIALING", "ACTIVE"): "The free trial ended, and the subscription continues.",
    ("PAUSED", "ACTIVE"): "The subscription was resumed.",
    ("PAST_DUE", "ACTIVE"): "The overdue payment was settled.",
    ("UNPAID", "ACTIVE"): "The overdue payment was settled.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence, and the values that changed. A value that was absent before is not in `before`."""

    message: str
    before: Document
    after: Document


def entry(before: Document | None, after: Document | None) -> Entry | None:
    """The entry for a fetch; None if the fetch showed nothing that belongs on the timeline."""
    if after is None:
        return None  # the ended subscription of a former account is not shown any more
    begins = before is None or before["stripeSubscriptionId"] != after["stripeSubscriptionId"]
    old = _values(before) if before is not None and not begins else {}
    new = _values(after)
    if old == new:
        return None
    message = _began(after) if begins else _changed(old, new, after)
    names = [name for name in NAMES if old.get(name) != new.get(name)]
    return Entry(
        message,
        {name: old[name] for name in names if name in old},
        {name: new[name] for name in names},
    )


def _values(service: Document) -> Document:
    items = [f"{item['stripePriceId']} x {item['quantity']}" for item in service["items"]]
    return {**{name: service[name] for name in NAMES}, "items": ", ".join(items)}


def _began(service: Document) -> str:
    known = _BEGAN.get(service["status"])
    return known or f"A subscription was found at Stripe. {service['summary']}"


def _changed(old: Document, new: Document, service: Document) -> str:
    if old["status"] != new["status"]:
        return _MOVED.get((old["status"], new["status"])) or str(service["summary"])
    if old["access"] == "GRACE" and new["access"] == "NONE":
        return "The overdue payment was not settled in time, so the access ended."
    if old["cancelAt"] != new["cancelAt"]:
        return (
            "The subscription was canceled. It ends on a fixed date."
            if new["cancelAt"] is not None
            else "The cancellation of the subscription was taken back."
        )
    if old["items"] != new["items"]:
        return "The price or the quantity of the subscription changed."
    return str(service["summary"])
