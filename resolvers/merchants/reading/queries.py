"""The root fields `merchant` and `merchants`. They return stored documents and never call Stripe."""

import json
from typing import Annotated

import strawberry

from connect.merchants.rules.document import Document
from resolvers.execution.context import Info
from resolvers.merchants.reading import merchant_list, merchant_lookup
from resolvers.merchants.reading.counts import CountedConnection, MerchantConnection
from resolvers.merchants.reading.merchant_filter import Filter
from resolvers.merchants.reading.merchant_list import MerchantOrder
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant
from resolvers.relay.connection import After, Before, First, Last


@strawberry.field(
    description="One merchant. Null if no merchant with this reference is visible to the caller.",
    graphql_type=Merchant | None,
)
async def merchant(
    info: Info, by: Annotated[MerchantRef, strawberry.argument(description="The merchant to read.")]
) -> Document | None:
    info.context.raise_failure()
    principal = info.context.principal
    row = await merchant_lookup.row(principal, by, (merchant_lookup.MERCHANTS.document(principal),))
    document: Document | None = json.loads(row[0]) if row is not None and row[0] is not None else None
    return document


@strawberry.field(
    description="The merchants that the caller may see. A page has 1 to 100 merchants, by default 20.",
    graphql_type=MerchantConnection,
)
async def merchants(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    filter: Filter = None,  # noqa: A002
    order_by: Annotated[
        MerchantOrder, strawberry.argument(description="The order of the merchants.")
    ] = MerchantOrder.CREATED_AT_DESC,
) -> CountedConnection:
    info.context.raise_failure()
    principal = info.context.principal
    page = await merchant_list.LISTING.page(
        principal,
        (merchant_lookup.MERCHANTS.document(principal),),
        first=first,
        after=after,
        last=last,
        before=before,
        filter=filter,
        order_by=order_by,
    )
    texts = [row[-1] for row in page.rows]
    connection = page.connection([json.loads(text) if text is not None else None for text in texts])
    return CountedConnection(connection, lambda: merchant_list.count(principal, filter))
