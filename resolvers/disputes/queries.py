"""The root fields `dispute` and `disputes`. They return stored documents and never call Stripe."""

import json
from typing import Annotated

import strawberry

from connect.disputes.rules.document import Document
from resolvers.disputes import dispute_list, dispute_lookup
from resolvers.disputes.dispute import Dispute
from resolvers.disputes.dispute_filter import Filter
from resolvers.disputes.dispute_list import DisputeConnection, DisputeOrder, OrderBy
from resolvers.disputes.dispute_lookup import DisputeRef
from resolvers.execution.context import Info
from resolvers.relay.connection import After, Before, Connection, First, Last


@strawberry.field(
    description="One dispute. Null if no dispute with this reference is visible to the caller.",
    graphql_type=Dispute | None,
)
async def dispute(
    info: Info, by: Annotated[DisputeRef, strawberry.argument(description="The dispute to read.")]
) -> Document | None:
    info.context.raise_failure()
    row = await dispute_lookup.row(info.context.principal, by, ("document",))
    document: Document | None = json.loads(row[0]) if row is not None else None
    return document


@strawberry.field(
    description="The disputes that the caller may see. A page has 1 to 100 disputes, by default 20.",
    graphql_type=DisputeConnection,
)
async def disputes(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    filter: Filter = None,  # noqa: A002
    order_by: OrderBy = DisputeOrder.DUE_BY_ASC,
) -> Connection:
    info.context.raise_failure()
    return await dispute_list.connection(
        info.context.principal,
        first=first,
        after=after,
        last=last,
        before=before,
        filter=filter,
        order_by=order_by,
    )
