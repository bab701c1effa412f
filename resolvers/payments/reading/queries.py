"""The root fields `payment` and `payments`. They return stored documents and never call Stripe."""

import json
from typing import Annotated

import strawberry

from connect.payments.rules.document import Document
from resolvers.execution.context import Info
from resolvers.payments.reading import payment_list, payment_lookup
from resolvers.payments.reading.payment_filter import Filter
from resolvers.payments.reading.payment_list import OrderBy, PaymentConnection, PaymentOrder
from resolvers.payments.reading.payment_lookup import PaymentRef
from resolvers.payments.types.payment import Payment
from resolvers.relay.connection import After, Before, Connection, First, Last


@strawberry.field(
    description="One payment. Null if no payment with this reference is visible to the caller.",
    graphql_type=Payment | None,
)
async def payment(
    info: Info, by: Annotated[PaymentRef, strawberry.argument(description="The payment to read.")]
) -> Document | None:
    info.context.raise_failure()
    row = await payment_lookup.row(info.context.principal, by, ("document",))
    document: Document | None = json.loads(row[0]) if row is not None else None
    return document


@strawberry.field(
    description="The payments that the caller may see. A page has 1 to 100 payments, by default 20.",
    graphql_type=PaymentConnection,
)
async def payments(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    filter: Filter = None,  # noqa: A002
    order_by: OrderBy = PaymentOrder.CREATED_AT_DESC,
) -> Connection:
    info.context.raise_failure()
    return await payment_list.connection(
        info.context.principal,
        first=first,
        after=after,
        last=last,
        before=before,
        filter=filter,
        order_by=order_by,
    )
