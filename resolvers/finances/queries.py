"""The root fields `payout` and `payouts`. They return stored documents and never call Stripe."""

import json
from typing import Annotated

import strawberry

from connect.finances.rules.payout_document import Document
from resolvers.execution.context import Info
from resolvers.finances import payout_list, payout_lookup
from resolvers.finances.payout import Payout
from resolvers.finances.payout_list import Filter, OrderBy, PayoutConnection, PayoutOrder
from resolvers.finances.payout_lookup import PayoutRef
from resolvers.relay.connection import After, Before, Connection, First, Last


@strawberry.field(
    description="One payout. Null if no payout with this reference is visible to the caller.",
    graphql_type=Payout | None,
)
async def payout(
    info: Info, by: Annotated[PayoutRef, strawberry.argument(description="The payout to read.")]
) -> Document | None:
    info.context.raise_failure()
    row = await payout_lookup.row(info.context.principal, by, ("document",))
    document: Document | None = json.loads(row[0]) if row is not None else None
    return document


@strawberry.field(
    description="The payouts that the caller may see. A page has 1 to 100 payouts, by default 20.",
    graphql_type=PayoutConnection,
)
async def payouts(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    filter: Filter = None,  # noqa: A002
    order_by: OrderBy = PayoutOrder.CREATED_AT_DESC,
) -> Connection:
    info.context.raise_failure()
    return await payout_list.connection(
        info.context.principal,
        first=first,
        after=after,
        last=last,
        before=before,
        filter=filter,
        order_by=order_by,
    )
