"""The list of payments: its orders, and the index ranges that serve them with each filter."""

import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import strawberry
from strawberry import argument

from connect import scope
from connect.scope import Principal
from models.payment import is_of_merchant
from models.sql import Range, Select
from resolvers.common.scalars import value
from resolvers.payments.reading.payment_filter import (
    STATES,
    Owner,
    PaymentFilter,
    check,
    conditions,
    given,
    has_amount,
    is_created,
    is_impossible,
    of_merchant,
    others,
    searched,
)
from resolvers.payments.reading.payment_lookup import PAYMENTS
from resolvers.payments.types.payment import Payment, PaymentOrigin
from resolvers.relay import sources
from resolvers.relay.connection import Connection, Order, connection_type
from resolvers.relay.documents import Listing, NewSelect, Plan, StoredDocument
from resolvers.relay.sources import Source


@strawberry.enum(description="The order of payments.")
class PaymentOrder(enum.Enum):
    CREATED_AT_DESC = value("CREATED_AT_DESC", "Newest first.")
    CREATED_AT_ASC = value("CREATED_AT_ASC", "Oldest first.")


OrderBy = Annotated[PaymentOrder, argument(description="The order of the payments.")]

# The id begins with the time of the creation.
ORDERS = {
    PaymentOrder.CREATED_AT_DESC: Order("CREATED_AT_DESC", ("id",), descending=True),
    PaymentOrder.CREATED_AT_ASC: Order("CREATED_AT_ASC", ("id",)),
}


# A condition with fewer matches than this counts as rare. The ids of the matches are read from indexes alone,
# so the limit is higher than the limit of other lists.
MAX_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class _Walk:
    """Ranges in the order of ids, and the names of the conditions that they meet (`payment_filter.given`)."""

    ranges: Source
    served: frozenset[str]
    # Whether all ranges together hold few rows.
    is_small: bool = False


async def plan(
    principal: Principal,
    criteria: PaymentFilter | None,
    _order: Order,
    new: NewSelect = Select,
    *,
    rare_below: int = MAX_COUNTED,
) -> Plan | None:
    """The index ranges for a page; None if the primary key serves all pages. Raises BadUserInput.

    The ids follow the order of creation, and each index ends with the id.

    `rare_below` has the same meaning as in `sources.plan`.
    """
    if criteria is None and scope.visibility_key(principal) is None:
        return None  # all payments
    check(criteria)
    if is_impossible(criteria):
        return Plan(lambda _: [])
    criteria = criteria or PaymentFilter()
    owner = _owner(principal, criteria)
    names = given(criteria) | ({"merchant"} if owner is not None else set())
    if not names:
        return None
    walk = _walk(criteria, owner)

    def matches(select: Select) -> list[Range]:
        rest = others(select, criteria, served=walk.served)
        # The filter may name any merchant, but a caller with the role merchant sees only its own payments.
        rest += scope.payment_conditions(select, principal) if criteria.merchant is not None else []
        if owner is not None and "merchant" not in walk.served:
            rest.append(owner(select, select.no_index("merchant_id")))
        return [replace(one, conditions=[*one.conditions, *rest]) for one in walk.ranges(select)]

    if walk.is_small or names <= walk.served:
        return Plan(matches)
    return await sources.plan(
        PAYMENTS.name,
        _sources(criteria, owner),
        lambda select: conditions(select, principal, criteria),
        matches,
        walk.ranges,
        rare_below=rare_below,
        new=new,
        # If a caller with the role merchant names a merchant in the filter, the condition of the caller's
        # scope has no source.
        is_complete=criteria.merchant is None or scope.visibility_key(principal) is None,
    )


def _owner(principal: Principal, criteria: PaymentFilter) -> Owner | None:
    """The condition on the merchant of the payments; None for all merchants."""
    if (by := criteria.merchant) is not None:
        return lambda select, column: of_merchant(select, by, column)
    if (own := scope.visibility_key(principal)) is not None:
        return lambda select, column: is_of_merchant(select, own, column)
    return None


def _walk(criteria: PaymentFilter, owner: Owner | None) -> _Walk:
    """The ranges to scan for a page."""
    if "search" in given(criteria):
        is_small = all(one.is_small for one in searched(Select(), criteria, owner))
        return _Walk(
            lambda select: searched(select, criteria, owner), frozenset({"search", "created"}), is_small
        )
    if owner is not None:
        names = {"merchant", "created", *(["state"] if criteria.state is not None else [])}
        return _Walk(lambda select: _of_owner(select, criteria, owner), frozenset(names))
    if states := _indexed_states(criteria):
        rarest = states[0]
        return _Walk(lambda select: _in_states(select, criteria, rarest), frozenset({*rarest, "created"}))
    if criteria.origin is PaymentOrigin.STRIPE:
        return _Walk(lambda select: [_from_stripe(select, criteria)], frozenset({"origin", "created"}))
    return _Walk(lambda select: [Range((), is_created(select, criteria))], frozenset({"created"}))


def _sources(criteria: PaymentFilter, owner: Owner | None) -> list[Source]:
    """For each condition, the source that finds its matches."""
    found: list[Source] = []
    if "search" in given(criteria):
        found.append(lambda select: searched(select, criteria, owner))
    if owner is not None:
        found.append(lambda select: _of_owner(select, criteria, owner))
    found += [
        lambda select, names=names: _in_states(select, criteria, names)  # type: ignore[misc]
        for names in _indexed_states(criteria)
        if names != ("state",) or owner is None
    ]
    if criteria.origin is PaymentOrigin.STRIPE:
        found.append(lambda select: [_from_stripe(select, criteria)])
    elif criteria.origin is not None:
        found.append(lambda _: [Range(["external_id"], ["external_id IS NOT NULL"])])
    if criteria.currency is not None:
        found.append(lambda select: [Range(["currency", "amount"], has_amount(select, criteria))])
    if "created" in given(criteria):
        found.append(lambda select: [Range(["id"], is_created(select, criteria))])
    return found


def _of_owner(select: Select, criteria: PaymentFilter, owner: Owner) -> list[Range]:
    common = [owner(select, "merchant_id"), *is_created(select, criteria)]
    if criteria.state is None:
        return [Range(["merchant_id"], common)]
    return [
        Range(["merchant_id", "state"], [*common, select.equals("state", state.value)])
        for state in dict.fromkeys(criteria.state)
    ]


def _indexed_states(criteria: PaymentFilter) -> list[tuple[str, ...]]:
    """The columns of the filter's states, grouped by the index that holds them. The rarest states come
    first.
    """
    names = tuple(name for name in STATES if getattr(criteria, name) is not None)
    both = ("refund_state", "state")
    if names[-2:] == both:
        return [*((name,) for name in names[:-2]), both]
    return [(name,) for name in names]


def _in_states(select: Select, criteria: PaymentFilter, columns: Sequence[str]) -> list[Range]:
    """A range for each combination of these states."""
    created = is_created(select, criteria)
    chosen = [dict.fromkeys(getattr(criteria, column)) for column in columns]
    ranges = []
    for first, *rest in itertools.product(*chosen):
        parts = [select.equals_as_range(columns[0], first.value)]
        for column, state in zip(columns[1:], rest, strict=True):
            parts.append(select.equals(column, state.value))
        ranges.append(Range(columns, [*parts, *created]))
    return ranges


def _from_stripe(select: Select, criteria: PaymentFilter) -> Range:
    """The range of payments that were created at Stripe. They have no external id."""
    return Range(["external_id"], ["external_id IS NULL", *is_created(select, criteria)])


LISTING = Listing(PAYMENTS, ORDERS, conditions, plan)


async def connection(principal: Principal, new: NewSelect = Select, **arguments: Any) -> Connection:
    """A page of documents. `new` and the arguments are those of `Listing.page`. Raises BadUserInput."""
    page = await LISTING.page(principal, ("row_version", "document"), new, **arguments)
    # Each order ends with the id, so each row ends with the id and the two requested columns.
    return page.connection([StoredDocument(*row[-3:]) for row in page.rows])


PaymentConnection: type = connection_type(
    Payment,
    "Payment",
    "payment payments",
    "A page of payments.",
    "Use it in `after` or `before` with the same `orderBy`.",
)
