"""The list of disputes: its orders, and the index ranges that serve them."""

import enum
import json
from typing import Annotated, Any

import strawberry
from strawberry import argument

from connect import scope
from connect.scope import Principal
from models.sql import Range, Select
from resolvers.common.scalars import value
from resolvers.disputes import dispute_filter
from resolvers.disputes.dispute import Dispute
from resolvers.disputes.dispute_filter import DisputeFilter
from resolvers.disputes.dispute_lookup import DISPUTES
from resolvers.relay.connection import Connection, Order, connection_type
from resolvers.relay.documents import Listing, NewSelect, Plan


@strawberry.enum(description="The order of disputes.")
class DisputeOrder(enum.Enum):
    DUE_BY_ASC = value(
        "DUE_BY_ASC",
        "The disputes that need a response come first, ordered by their deadline (earliest first). All "
        "others follow. When a dispute is answered, its place in this order changes.",
    )
    CREATED_AT_DESC = value("CREATED_AT_DESC", "Newest first.")


OrderBy = Annotated[DisputeOrder, argument(description="The order of the disputes.")]

ORDERS = {
    DisputeOrder.DUE_BY_ASC: Order("DUE_BY_ASC", ("respond_by", "id")),
    DisputeOrder.CREATED_AT_DESC: Order("CREATED_AT_DESC", ("created_at", "id"), descending=True),
}


async def plan(
    principal: Principal, criteria: DisputeFilter | None, _order: Order, _new: NewSelect = Select
) -> Plan | None:
    """The index ranges for a page, one for each status. None if all pages can be read from a single index.

    Raises BadUserInput.
    """
    dispute_filter.check(criteria)
    if dispute_filter.is_impossible(criteria):
        return Plan(lambda _: [])
    criteria = criteria or DisputeFilter()
    is_scoped = criteria.merchant is not None or scope.visibility_key(principal) is not None
    statuses = dispute_filter.statuses(criteria)
    if is_scoped or statuses is None:
        return None

    def ranges(select: Select) -> list[Range]:
        return [
            Range(
                ["status"], [select.equals_as_range("status", one), *dispute_filter.others(select, criteria)]
            )
            for one in statuses
        ]

    return Plan(ranges)


LISTING = Listing(DISPUTES, ORDERS, dispute_filter.conditions, plan)


async def connection(principal: Principal, new: NewSelect = Select, **arguments: Any) -> Connection:
    """A page of documents. `new` and the arguments are those of `Listing.page`. Raises BadUserInput."""
    page = await LISTING.page(principal, ("document",), new, **arguments)
    return page.connection([json.loads(row[-1]) for row in page.rows])


DisputeConnection: type = connection_type(
    Dispute,
    "Dispute",
    "dispute disputes",
    "A page of disputes.",
    "Use it in `after` or `before` with the same `orderBy`.",
)
