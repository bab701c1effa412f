"""The list of payouts: its filter, its orders, and the index ranges that serve them."""

import enum
import json
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import argument

from connect import scope
from connect.merchants.rules.account.snapshot import parse_time
from connect.scope import Principal
from models.sql import Range, Select
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import DateTime, value
from resolvers.finances.payout import Payout, PayoutStatus
from resolvers.finances.payout_lookup import PAYOUTS
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.payments.reading.payment_filter import first_id, is_possible, of_merchant
from resolvers.relay.connection import Connection, Order, connection_type
from resolvers.relay.documents import Listing, NewSelect, Plan

_field = strawberry.field


@strawberry.input(description="Conditions on payouts of one merchant. A payout must meet all of them.")
class MerchantPayoutFilter:
    status: list[PayoutStatus] | None = _field(
        default=None, description="The payout has one of these states."
    )
    created_from: DateTime | None = _field(
        default=None, description="Stripe created the payout at this time or later."
    )
    created_before: DateTime | None = _field(
        default=None, description="Stripe created the payout before this time."
    )


@strawberry.input(description="Conditions on payouts. A payout must meet all of them.")
class PayoutFilter(MerchantPayoutFilter):
    merchant: MerchantRef | None = _field(default=None, description="The payout belongs to this merchant.")


_ALL = argument(description="The conditions. If omitted, all payouts match.")
Filter = Annotated[PayoutFilter | None, _ALL]
FilterOfMerchant = Annotated[MerchantPayoutFilter | None, _ALL]


@strawberry.enum(description="The order of payouts.")
class PayoutOrder(enum.Enum):
    CREATED_AT_DESC = value("CREATED_AT_DESC", "Newest first.")
    CREATED_AT_ASC = value("CREATED_AT_ASC", "Oldest first.")


OrderBy = Annotated[PayoutOrder, argument(description="The order of the payouts.")]

# The id begins with the time of the creation.
ORDERS = {
    PayoutOrder.CREATED_AT_DESC: Order("PAYOUTS_DESC", ("id",), descending=True),
    PayoutOrder.CREATED_AT_ASC: Order("PAYOUTS_ASC", ("id",)),
}


def with_merchant(criteria: MerchantPayoutFilter | None, id_: str) -> PayoutFilter:
    """The filter for the payouts of the merchant with this `id`."""
    by = MerchantRef(id=strawberry.Some(strawberry.ID(id_)), external_id=None, stripe_account_id=None)
    return PayoutFilter(merchant=by, **(vars(criteria) if criteria is not None else {}))


def check(criteria: PayoutFilter | None) -> None:
    """Raise BadUserInput if a filter field is invalid. The message names the field."""
    if criteria is None:
        return
    if criteria.status is not None and len(criteria.status) > len(PayoutStatus):
        raise BadUserInput(f"`filter.status` takes at most {len(PayoutStatus)} values.")
    for name, text in (("createdFrom", criteria.created_from), ("createdBefore", criteria.created_before)):
        if text is not None and parse_time(text) is None:
            raise BadUserInput(f"`filter.{name}` takes a time such as `2026-01-31T10:00:00Z`.")


def conditions(select: Select, principal: Principal, criteria: PayoutFilter | None) -> list[str]:
    """All conditions of the filter and of the caller's scope. Raises BadUserInput."""
    check(criteria)
    if _is_impossible(criteria):
        return ["1 = 0"]
    parts = scope.payment_conditions(select, principal)
    if criteria is None:
        return parts
    if criteria.merchant is not None:
        parts.append(of_merchant(select, criteria.merchant, select.no_index("merchant_id")))
    if criteria.status is not None:
        parts.append(select.is_any(select.no_index("status"), _statuses(criteria)))
    return [*parts, *_created(select, criteria)]


async def plan(
    principal: Principal, criteria: PayoutFilter | None, _order: Order, _new: NewSelect = Select
) -> Plan | None:
    """The index ranges for a page: one for each status of the filter, or a single range if it has none. They
    contain the payouts of one merchant or of all merchants. Each index ends with the id. Raises
    BadUserInput.
    """
    check(criteria)
    if _is_impossible(criteria):
        return Plan(lambda _: [])
    given = criteria or PayoutFilter()

    def ranges(select: Select) -> list[Range]:
        columns, common = list[str](), _created(select, given)
        # The filter may name any merchant, but a caller with the role merchant sees only its own payouts.
        owned = scope.payment_conditions(select, principal)
        if given.merchant is not None:
            columns.append("merchant_id")
            common.append(of_merchant(select, given.merchant, "merchant_id"))
        elif owned:
            columns.append("merchant_id")
        common += owned
        if given.status is None:
            return [Range(columns, common)]
        equals = select.equals if columns else select.equals_as_range
        return [
            Range([*columns, "status"], [*common, equals("status", status)]) for status in _statuses(given)
        ]

    return Plan(ranges)


def _statuses(criteria: PayoutFilter) -> list[str]:
    """The values that are stored for these statuses: Stripe's own, or `unknown`."""
    return list(dict.fromkeys(status.value.lower() for status in criteria.status or ()))


def _created(select: Select, criteria: PayoutFilter) -> list[str]:
    """The conditions on the time of the creation. The id begins with this time."""
    parts = []
    for operator, text in ((">=", criteria.created_from), ("<", criteria.created_before)):
        at: datetime | None = parse_time(text)
        if at is not None:
            parts.append(f"id {operator} {select.opaque(first_id(at))}")
    return parts


def _is_impossible(criteria: PayoutFilter | None) -> bool:
    if criteria is None:
        return False
    return criteria.status == [] or (criteria.merchant is not None and not is_possible(criteria.merchant))


LISTING = Listing(PAYOUTS, ORDERS, conditions, plan)


async def connection(principal: Principal, new: NewSelect = Select, **arguments: Any) -> Connection:
    """A page of documents. `new` and the arguments are those of `Listing.page`. Raises BadUserInput."""
    page = await LISTING.page(principal, ("document",), new, **arguments)
    return page.connection([json.loads(row[-1]) for row in page.rows])


PayoutConnection: type = connection_type(
    Payout,
    "Payout",
    "payout payouts",
    "A page of payouts.",
    "Use it in `after` or `before` with the same `orderBy`.",
)
