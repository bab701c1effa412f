"""The list of payments: its orders, and the index ranges that serve them with each filter."""

import enum

import strawberry

from connect import scope
from connect.scope import Principal
from models.payment import is_of_merchant
from models.sql import Range, Select
from resolvers.payments.payment import Payment
from resolvers.payments.payment_filter import (
    PaymentFilter,
    check,
    conditions,
    is_impossible,
    of_merchant,
    others,
    searched,
)
from resolvers.payments.payment_lookup import PAYMENTS
from resolvers.relay.connection import Order, connection_type
from resolvers.relay.documents import Listing, Plan
from resolvers.scalars import value


@strawberry.enum(description="The order of payments.")
class PaymentOrder(enum.Enum):
    CREATED_AT_DESC = value("CREATED_AT_DESC", "Newest first.")
    CREATED_AT_ASC = value("CREATED_AT_ASC", "Oldest first.")


# The id begins with the time of the creation.
ORDERS = {
    PaymentOrder.CREATED_AT_DESC: Order("CREATED_AT_DESC", ("id",), descending=True),
    PaymentOrder.CREATED_AT_ASC: Order("CREATED_AT_ASC", ("id",)),
}


async def plan(principal: Principal, criteria: PaymentFilter | None, _order: Order) -> Plan | None:
    """The index ranges for a page. Each range is in the order of ids."""
    check(criteria)
    if is_impossible(criteria):
        return Plan(lambda _: [])
    criteria = criteria or PaymentFilter()

    def ranges(select: Select) -> list[Range]:
        owner = _owner(select, principal, criteria)
        own = scope.payment_conditions(select, principal) if criteria.merchant is not None else []
        if (found := searched(select, criteria)) is not None:
            rest = [*own, *([owner] if owner else []), *others(select, criteria)]
            return [Range(one.columns, [*one.conditions, *rest], is_small=one.is_small) for one in found]
        column, states = _states(criteria)
        if owner and column not in {None, "state"}:
            column, states = None, []
        columns = [*(["merchant_id"] if owner else []), *([column] if column else [])]
        rest = [*own, *others(select, criteria, served=[column] if column else [])]
        first = [owner] if owner else []
        if column is None:
            return [Range(columns, [*first, *rest])]
        return [
            Range(columns, [*first, select.equals_as_range(column, state), *rest])
            for state in dict.fromkeys(states)
        ]

    return Plan(ranges)


def _owner(select: Select, principal: Principal, criteria: PaymentFilter) -> str | None:
    """A condition on the merchant of the payments, or None for all merchants."""
    if criteria.merchant is not None:
        return of_merchant(select, criteria.merchant)
    own = scope.visibility_key(principal)
    return is_of_merchant(select, own) if own is not None else None


def _states(criteria: PaymentFilter) -> tuple[str | None, list[str]]:
    """The column and the values of the filter whose index serves the page."""
    facets = (
        ("dispute_state", criteria.dispute_state),
        ("refund_state", criteria.refund_state),
        ("state", criteria.state),
    )
    for column, states in facets:
        if states is not None:
            return column, [state.value for state in states]
    return None, []


LISTING = Listing(PAYMENTS, ORDERS, conditions, plan)

PaymentConnection: type = connection_type(
    Payment,
    "Payment",
    "payment payments",
    "A page of payments.",
    "Use it in `after` or `before` with the same `orderBy`.",
)
