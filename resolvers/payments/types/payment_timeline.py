"""The history of payments. One statement reads the timelines of all payments in a list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import strawberry
from strawberry import field

from connect.payments.rules.entries import EntryKind
from connect.scope import Role
from models import PaymentEntry
from models.payment import latest_payment_entries
from resolvers.common.scalars import DateTime, describe
from resolvers.execution.context import Context, Info
from resolvers.relay.connection import Connection, Order, build_page, connection_type, parse_cursor, window

ORDER = Order("PAYMENT_TIMELINE", ("id",), descending=True)

describe(
    EntryKind,
    "PaymentEntryKind",
    "The kind of an entry in the history of a payment.",
    CREATED="The payment was created, or found at Stripe.",
    STATE_CHANGED="`state` changed.",
    ATTEMPT_FAILED="An attempt to pay failed.",
    BOOKED="Stripe booked the payment on the merchant's balance.",
    FEE_CHANGED="Stripe booked the platform's fee, or returned all or a part of it to the merchant.",
    REFUND_CHANGED="A refund was requested, refused, added or changed.",
    DISPUTE_CHANGED="A dispute, or a bank's warning of one, was added or changed.",
    DRIFT_REPAIRED="ConnectQL found a change at Stripe that no event had announced.",
)


@strawberry.type(name="PaymentEntry", description="An entry in the history of a payment.")
class PaymentEntryType:
    id: strawberry.ID = field(
        description="The id of the entry. It is unique among the entries of all payments."
    )
    at: DateTime = field(description="When ConnectQL recorded the entry.")
    kind: EntryKind = field(description="The kind of entry.")
    message: str = field(description="A text that describes the entry.")

    @strawberry.field(
        description="The subject of the access token whose call caused this entry. Merchants see `platform` "
        "instead of the subjects of other callers. Null if no caller caused the entry."
    )
    def actor(self, row: strawberry.Parent[PaymentEntry], info: Info) -> str | None:
        principal = info.context.principal
        if principal.role is not Role.MERCHANT or row.actor in {None, principal.subject}:
            return row.actor
        return "platform"


PaymentTimelineConnection: type = connection_type(
    PaymentEntryType, "PaymentTimeline", "entry entries", "A page of a payment's history, newest first."
)


@dataclass(frozen=True, slots=True)
class Key:
    """One page of one payment's history."""

    payment_id: uuid.UUID
    size: int
    after: str | None


async def connection(
    context: Context, payment_id: uuid.UUID, first: int | None, after: str | None
) -> Connection:
    """A page of one payment's history. Raises BadUserInput."""
    part = window(first, after)
    bound = str(parse_cursor(after, ORDER, "after")[0]) if after is not None else None
    rows = await context.load(load, Key(payment_id, part.size, bound))
    page = build_page([(row.id, row) for row in rows], ORDER, part)
    return page.connection([row for _, row in page.rows])


async def load(_context: Context, keys: Sequence[Key]) -> list[list[PaymentEntry]]:
    """The entries of each page, and the next entry if another page follows. For each distinct page size and
    cursor, one statement reads the entries of all payments.
    """
    entries: dict[Key, list[PaymentEntry]] = {key: [] for key in keys}
    for size, after in {(key.size, key.after) for key in keys}:
        payment_ids = [key.payment_id for key in keys if (key.size, key.after) == (size, after)]
        for row in await latest_payment_entries(payment_ids, size + 1, after):
            entries[Key(row.payment_id, size, after)].append(row)
    return [entries[key] for key in keys]
