"""The root fields `merchant` and `merchants`. They return stored documents and never call Stripe."""

import json
from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants.rules.document import Document
from resolvers.execution.context import Info
from resolvers.merchants import merchant_list, merchant_lookup
from resolvers.merchants.merchant import Merchant
from resolvers.merchants.merchant_list import MerchantFilter, MerchantOrder
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.relay.connection import After, Before, First, Last, PageInfo


@strawberry.type(description="An edge of MerchantConnection.")
class MerchantEdge:
    cursor: str = field(
        description="The cursor of this merchant. Use it in `after` or `before` with the same `orderBy`."
    )
    node: Document = field(description="The merchant.", graphql_type=Merchant)


@strawberry.type(description="A page of merchants.")
class MerchantConnection:
    edges: list[MerchantEdge] = field(description="The merchants of this page.")
    page_info: PageInfo = field(description="The position of this page.")


@strawberry.field(
    description="One merchant. Null if no merchant with this reference is visible to the caller.",
    graphql_type=Merchant | None,
)
async def merchant(
    info: Info, by: Annotated[MerchantRef, strawberry.argument(description="The merchant to read.")]
) -> Document | None:
    info.context.raise_failure()
    row = await merchant_lookup.row(info.context.principal, by, ("document",))
    document: Document | None = json.loads(row[0]) if row is not None else None
    return document


@strawberry.field(description="The merchants that the caller may see. A page has 1 to 100, by default 20.")
async def merchants(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    filter: Annotated[  # noqa: A002
        MerchantFilter | None, strawberry.argument(description="The conditions. Default: all merchants.")
    ] = None,
    order_by: Annotated[
        MerchantOrder, strawberry.argument(description="The order of the merchants.")
    ] = MerchantOrder.CREATED_AT_DESC,
) -> MerchantConnection:
    info.context.raise_failure()
    page = await merchant_list.LISTING.page(
        info.context.principal,
        ("document",),
        first=first,
        after=after,
        last=last,
        before=before,
        filter=filter,
        order_by=order_by,
    )
    return MerchantConnection(
        edges=[
            MerchantEdge(cursor=cursor, node=json.loads(row[-1]))
            for row, cursor in zip(page.rows, page.cursors, strict=True)
        ],
        page_info=page.info,
    )
