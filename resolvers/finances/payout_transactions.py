"""The transactions inside payouts. One statement reads the transactions of all payouts in a list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import field

from connect.payments.rules.money.money import money
from models import PayoutTransaction
from models.payout import latest_transactions
from resolvers.common.scalars import DateTime
from resolvers.execution.context import Context, Info
from resolvers.payments.types.money import Money
from resolvers.relay.connection import Connection, Order, build_page, connection_type, parse_cursor, window
from resolvers.relay.nodes import load as load_nodes

if TYPE_CHECKING:
    from resolvers.payments.types.payment import Payment

ORDER = Order("PAYOUT_TRANSACTIONS", ("id",), descending=True)

_Row = strawberry.Parent[PayoutTransaction]


@strawberry.type(
    name="PayoutTransaction",
    description="A balance transaction inside a payout. The `net` amounts of all transactions inside a "
    "payout add up to the payout's amount.",
)
class PayoutTransactionType:
    id: strawberry.ID = field(
        description="The id of the transaction. It is unique among the transactions of all payouts."
    )
    type: str = field(description="Stripe's type, such as `charge`, `refund` or `adjustment`.")
    category: str = field(
        description="Stripe's reporting category, such as `charge`, `refund`, `dispute` or `fee`."
    )
    stripe_transaction_id: str = field(description="Stripe's id: `txn_...`.")
    stripe_source_id: str | None = field(
        description="Stripe's id of the object that caused the transaction, such as a charge, refund or "
        "dispute. Null if no object caused it."
    )
    created_at: DateTime = field(description="When Stripe booked the transaction.")

    @strawberry.field(description="The amount before fees.", graphql_type=Money | None)
    def amount(self, row: _Row) -> dict[str, Any] | None:
        return money(row.amount, row.currency)

    @strawberry.field(
        description="All fees that were deducted, including the platform's.", graphql_type=Money | None
    )
    def fee(self, row: _Row) -> dict[str, Any] | None:
        return money(row.fee, row.currency)

    @strawberry.field(description="The amount less the fees.", graphql_type=Money | None)
    def net(self, row: _Row) -> dict[str, Any] | None:
        return money(row.net, row.currency)

    @strawberry.field(
        description="The payment whose charge, refund or dispute caused the transaction. Null if there is no "
        "such payment, or if ConnectQL stored the transaction before it knew the payment.",
        graphql_type=Annotated["Payment", strawberry.lazy("resolvers.payments.types.payment")] | None,
    )
    async def payment(self, row: _Row, info: Info) -> Any:
        key = ("Payment", row.payment_id) if row.payment_id is not None else None
        return await info.context.load(load_nodes, key) if key is not None else None


PayoutTransactionConnection: type = connection_type(
    PayoutTransactionType,
    "PayoutTransaction",
    "transaction transactions",
    "A page of the transactions inside a payout, newest first.",
)


@dataclass(frozen=True, slots=True)
class Key:
    """One page of one payout's transactions."""

    payout_id: uuid.UUID
    size: int
    after: str | None


async def connection(
    context: Context, payout_id: uuid.UUID, first: int | None, after: str | None
) -> Connection:
    """A page of the transactions inside one payout. Raises BadUserInput."""
    part = window(first, after)
    bound = str(parse_cursor(after, ORDER, "after")[0]) if after is not None else None
    rows = await context.load(load, Key(payout_id, part.size, bound))
    page = build_page([(row.id, row) for row in rows], ORDER, part)
    return page.connection([row for _, row in page.rows])


async def load(_context: Context, keys: Sequence[Key]) -> list[list[PayoutTransaction]]:
    """The transactions of each page, and the next transaction if another page follows. For each distinct page
    size and cursor, one statement reads the transactions of all payouts.
    """
    found: dict[Key, list[PayoutTransaction]] = {key: [] for key in keys}
    for size, after in {(key.size, key.after) for key in keys}:
        payout_ids = [key.payout_id for key in keys if (key.size, key.after) == (size, after)]
        for row in await latest_transactions(payout_ids, size + 1, after):
            found[Key(row.payout_id, size, after)].append(row)
    return [found[key] for key in keys]
