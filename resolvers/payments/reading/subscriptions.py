"""The root fields `paymentChanged` and `paymentListChanged`."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry

from connect.errors import PaymentNotFound
from connect.platform.feed import PAYMENTS
from resolvers.execution.context import Info
from resolvers.payments.reading import payment_filter, payment_lookup
from resolvers.payments.reading.payment_filter import Filter
from resolvers.payments.reading.payment_lookup import PaymentRef
from resolvers.payments.types.payment import Payment
from resolvers.relay.list_changes import ChangingList, ListChangeKind, changes_of_money
from resolvers.relay.object_changes import object_changes


@strawberry.subscription(
    description="Sends the current state of one payment, then its new state after each change. Ends with the "
    "error NOT_FOUND if the payment does not exist, is not visible to the caller, or is removed because "
    "Stripe refused it.",
    graphql_type=Payment,
)
def payment_changed(
    info: Info, by: Annotated[PaymentRef, strawberry.argument(description="The payment to watch.")]
) -> AsyncGenerator[Any, None]:
    principal = info.context.principal
    return object_changes(
        info.context, PAYMENTS, lambda: payment_lookup.row(principal, by, ("id",)), PaymentNotFound()
    )


@strawberry.type(description="A change to the list of payments that match a filter.")
class PaymentListChange:
    change: ListChangeKind = strawberry.field(description="The kind of change.")
    payment_id: strawberry.ID | None = strawberry.field(
        description="The payment's `id`. Null if the change is `READ`."
    )
    payment: Payment | None = strawberry.field(
        description="The payment's current state. Null if the change is `READ` or the payment no longer "
        "exists."
    )


LIST = ChangingList(PAYMENTS, "payment", "Payment")


@strawberry.subscription(
    description="Sends the changes to the list of payments that match the filter. The list itself is not "
    "sent: read it from `payments` after each message with `READ`, then apply the messages that follow. "
    "`LEFT` is sent for each changed payment that does not match the filter, even if it never matched. If "
    "the connection is lost, subscribe again. A merchant gets only the changes to its own payments.",
    graphql_type=PaymentListChange,
)
def payment_list_changed(
    info: Info,
    filter: Filter = None,  # noqa: A002
) -> AsyncGenerator[Any, None]:
    return changes_of_money(info.context, LIST, filter, payment_filter.check, payment_filter.conditions)
