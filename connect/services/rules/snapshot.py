"""Converts Stripe's answers about a subscription and its invoices to our own data, and this data to JSON
text. Pure.

Amounts are in minor units, currencies in upper case. Stripe's enums are open: unknown values pass through.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from connect.merchants.rules.account.snapshot import as_object, as_objects, as_text
from connect.stripe_api import v1_values

Json = Mapping[str, Any]

# The collection method with which Stripe sends the invoices by e-mail, instead of charging a card.
SEND_INVOICE = "send_invoice"
ENDED = frozenset({"canceled", "incomplete_expired"})
# If several subscriptions have not ended, the one whose status comes first in this list is used.
FIRST = ("active", "trialing", "past_due")


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A price of the subscription. `interval` is Stripe's word: `day`, `week`, `month` or `year`."""

    price: str
    quantity: int = 1
    unit_amount: int | None = None
    currency: str | None = None
    interval: str | None = None
    interval_count: int = 1


class Invoice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An invoice. `status` is `draft`, `open`, `paid`, `uncollectible` or `void`."""

    id: str
    status: str
    number: str | None = None
    total: int = 0
    remaining: int = 0
    currency: str | None = None
    attempts: int = 0
    created_at: datetime | None = None
    due_at: datetime | None = None
    finalized_at: datetime | None = None
    next_attempt_at: datetime | None = None
    hosted_url: str | None = None
    subscription: str | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A subscription with its latest invoices, newest first.

    `overdue_since` also covers invoices that are no longer among the latest (`access.follow`).
    """

    id: str
    status: str
    collection_method: str | None = None
    # Only for `send_invoice`: the number of days from an invoice to its due date.
    days_until_due: int | None = None
    paused: str | None = None
    reason: str | None = None
    trial_ends_at: datetime | None = None
    period_starts_at: datetime | None = None
    period_ends_at: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None
    overdue_since: datetime | None = None
    items: tuple[Item, ...] = ()
    invoices: tuple[Invoice, ...] = ()

    @property
    def open_invoices(self) -> tuple[Invoice, ...]:
        """The subscription's open invoices, newest first. An invoice can also belong to another subscription,
        or to none.
        """
        return tuple(one for one in self.invoices if one.status == "open" and one.subscription == self.id)

    @property
    def is_open(self) -> bool:
        """Whether the subscription has not ended."""
        return self.status not in ENDED


def parse(subscriptions: Sequence[Json], invoices: Sequence[Json]) -> Snapshot | None:
    """Return the current subscription of an account, or None if it has no subscription. A subscription that
    has not ended is preferred to ended subscriptions. If several have not ended, the order of `FIRST`
    decides. Among subscriptions with the same place in this order, the newest is used. `subscriptions` and
    `invoices` must be sorted newest first.
    """
    running = sorted((one for one in subscriptions if as_text(one.get("status")) not in ENDED), key=_rank)
    chosen = next(iter(running or subscriptions), None)
    if chosen is None:
        return None
    items = as_objects(as_object(chosen.get("items")).get("data"))
    starts, ends = (_moments(items, f"current_period_{edge}") for edge in ("start", "end"))
    paused = as_object(as_object(chosen.get("status_details")).get("paused"))
    return Snapshot(
        id=v1_values.identifier(chosen),
        status=as_text(chosen.get("status")) or "unknown",
        collection_method=as_text(chosen.get("collection_method")),
        days_until_due=v1_values.amount(chosen.get("days_until_due")),
        paused=as_text(as_object(paused.get("subscription")).get("type")),
        reason=as_text(as_object(chosen.get("cancellation_details")).get("reason")),
        trial_ends_at=v1_values.moment(chosen.get("trial_end")),
        period_starts_at=max(starts, default=None),
        period_ends_at=max(ends, default=None),
        cancel_at=v1_values.moment(chosen.get("cancel_at")),
        ended_at=v1_values.moment(chosen.get("ended_at")),
        items=tuple(_item(item) for item in items),
        invoices=tuple(_invoice(one) for one in invoices if v1_values.has_id(one)),
    )


def _rank(subscription: Json) -> int:
    status = as_text(subscription.get("status"))
    return FIRST.index(status) if status in FIRST else len(FIRST)


def _moments(items: Sequence[Json], name: str) -> list[datetime]:
    return [moment for item in items if (moment := v1_values.moment(item.get(name))) is not None]


def _item(answer: Json) -> Item:
    price = as_object(answer.get("price"))
    recurring = as_object(price.get("recurring"))
    return Item(
        price=as_text(price.get("id")) or "",
        quantity=v1_values.amount(answer.get("quantity")) or 1,
        unit_amount=v1_values.amount(price.get("unit_amount")),
        currency=v1_values.currency_code(price.get("currency")),
        interval=as_text(recurring.get("interval")),
        interval_count=v1_values.amount(recurring.get("interval_count")) or 1,
    )


def _invoice(answer: Json) -> Invoice:
    parent = as_object(as_object(answer.get("parent")).get("subscription_details"))
    return Invoice(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        number=as_text(answer.get("number")),
        total=v1_values.amount(answer.get("total")) or 0,
        remaining=v1_values.amount(answer.get("amount_remaining")) or 0,
        currency=v1_values.currency_code(answer.get("currency")),
        attempts=v1_values.amount(answer.get("attempt_count")) or 0,
        created_at=v1_values.moment(answer.get("created")),
        due_at=v1_values.moment(answer.get("due_date")),
        finalized_at=v1_values.moment(as_object(answer.get("status_transitions")).get("finalized_at")),
        next_attempt_at=v1_values.moment(answer.get("next_payment_attempt")),
        hosted_url=as_text(answer.get("hosted_invoice_url")),
        subscription=as_text(parent.get("subscription")),
    )


def encode(snapshot: Snapshot) -> str:
    return msgspec.json.encode(snapshot).decode()


def decode(text: str) -> Snapshot:
    return msgspec.json.decode(text, type=Snapshot)
