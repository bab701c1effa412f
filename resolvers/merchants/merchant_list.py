"""The list of merchants: its criteria, its orders, and the index ranges that serve them.

One indexed statement reads a page, even in a list of millions. A search or a deadline filter costs an extra
count (docs/decisions/0017).
"""

import dataclasses
import enum
import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import strawberry
from strawberry import argument

from connect import scope
from connect.merchants.rules.document import fold
from connect.scope import Principal
from models.sql import Range, Select
from resolvers.errors import BadUserInput
from resolvers.merchants.merchant_lookup import MERCHANTS
from resolvers.merchants.status import MerchantStatus, Party
from resolvers.relay.connection import Order, is_storable
from resolvers.relay.documents import Listing
from resolvers.scalars import value

_field = strawberry.field

MAX_DAYS = 3650


@strawberry.enum(description="The order of merchants. Equal values follow the order of creation.")
class MerchantOrder(enum.Enum):
    CREATED_AT_DESC = value("CREATED_AT_DESC", "Newest first.")
    CREATED_AT_ASC = value("CREATED_AT_ASC", "Oldest first.")
    DISPLAY_NAME_ASC = value("DISPLAY_NAME_ASC", "By display name, ignoring case.")
    NEXT_DEADLINE_ASC = value("NEXT_DEADLINE_ASC", "Nearest deadline first, no deadline last.")


ORDERS = {
    MerchantOrder.CREATED_AT_DESC: Order("CREATED_AT_DESC", ("id",), descending=True),
    MerchantOrder.CREATED_AT_ASC: Order("CREATED_AT_ASC", ("id",)),
    MerchantOrder.DISPLAY_NAME_ASC: Order("DISPLAY_NAME_ASC", ("display_name_folded", "id")),
    MerchantOrder.NEXT_DEADLINE_ASC: Order("NEXT_DEADLINE_ASC", ("next_deadline_at", "id")),
}

# Up to this number, the matches of a search or a deadline filter are read and sorted. With more matches, a
# scan of an index in the requested order finds a page quickly.
MAX_SORTED = 5000

NAME = "display_name_folded"
DEADLINE = "next_deadline_at"
SINCE = "status_since"
SEARCHED = (NAME, "contact_email_folded", "external_id_folded")


@strawberry.input(description="Conditions on merchants. A merchant must meet all of them.")
class MerchantFilter:
    status: list[MerchantStatus] | None = _field(
        default=None, description="The merchant has one of these statuses; at most 15."
    )
    awaiting_action_from: Party | None = _field(default=None, description="The party that must act now.")
    due_within_days: int | None = _field(
        default=None,
        description="The next deadline or transition has passed or comes within this number of days: 0 to "
        "3,650.",
    )
    status_for_days: int | None = _field(
        default=None,
        description="The status has not changed for at least this number of days: 0 to 3,650. With "
        "`status: [PENDING_REVIEW]` it finds reviews that take too long.",
    )
    search: str | None = _field(
        default=None,
        description="The display name, e-mail or external id begins with this text, ignoring case. "
        "At most 255 characters. Blank text finds all merchants.",
    )

    def __post_init__(self) -> None:
        if self.search is not None and not self.search.strip():
            self.search = None


Filter = Annotated[MerchantFilter | None, argument(description="The conditions. Default: all merchants.")]


def check(criteria: MerchantFilter | None) -> None:
    """Raise BadUserInput if a filter field is invalid. The message names the field."""
    if criteria is None:
        return
    if criteria.status is not None and len(criteria.status) > len(MerchantStatus):
        raise BadUserInput(f"`filter.status` takes at most {len(MerchantStatus)}.")
    if criteria.due_within_days is not None and not 0 <= criteria.due_within_days <= MAX_DAYS:
        raise BadUserInput(f"`filter.dueWithinDays` must be from 0 to {MAX_DAYS}.")
    if criteria.status_for_days is not None and not 0 <= criteria.status_for_days <= MAX_DAYS:
        raise BadUserInput(f"`filter.statusForDays` must be from 0 to {MAX_DAYS}.")
    search = criteria.search
    if search is not None and not (len(search) <= 255 and is_storable(search)):
        raise BadUserInput("`filter.search` takes at most 255 characters, none of them U+0000.")


def conditions(
    select: Select, principal: Principal, criteria: MerchantFilter | None, *, uses_index: bool = True
) -> list[str]:
    """The conditions of the filter and of the caller's scope. Raises BadUserInput.

    Set `uses_index` to False if another condition already selects the rows. The planner then uses no index
    for these conditions.
    """
    check(criteria)
    parts = scope.conditions(select, principal)
    if criteria is None:
        return parts
    column = select.no_index_on_sqlite if uses_index else select.no_index
    if criteria.status is not None:
        parts.append(select.is_any(column("status"), [status.value for status in criteria.status]))
    if criteria.awaiting_action_from is not None:
        party = select.value(criteria.awaiting_action_from.value)
        parts.append(f"{column('awaiting_action_from')} = {party}")
    if criteria.due_within_days is not None:
        days = select.moment(timedelta(days=criteria.due_within_days))
        parts.append(f"{select.no_index(DEADLINE)} <= {days}")
    if criteria.status_for_days is not None:
        parts.append(f"{select.no_index(SINCE)} <= {_days_ago(select, criteria)}")
    if criteria.search is not None:
        prefix = fold(criteria.search)
        matches = [select.begins_with_no_index(column, prefix) for column in SEARCHED]
        parts.append(select.assume_common(" OR ".join(matches)))
    return parts


async def ranges(
    select: Select, principal: Principal, criteria: MerchantFilter | None, order: Order
) -> Sequence[Range] | None:
    """The index ranges that hold the matches; None if a single index serves the page.

    If the filter's own indexes find few matches, the database reads and sorts them. Otherwise it scans
    indexes in the requested order.
    """
    check(criteria)
    if criteria is None or scope.visibility_key(principal) is not None:
        return None  # all merchants, or the caller's own
    if criteria.status == []:
        return []
    sorted_by, prefix = order.columns[0], fold(criteria.search or "")
    searched, by_name = list(SEARCHED), list[Range]()
    # Statuses and parties select index ranges, so `rest` does not contain them. It contains the deadline only
    # if merchants are not sorted by deadline.
    rest = dataclasses.replace(criteria, status=None, awaiting_action_from=None)
    sorts_deadlines = criteria.due_within_days is not None and sorted_by == DEADLINE
    if sorts_deadlines:
        rest.due_within_days = None
    if criteria.search is not None and sorted_by == NAME:
        # Names with this prefix are adjacent in the index. A full scan would read all names before them.
        searched.remove(NAME)
        others = conditions(select, principal, dataclasses.replace(rest, search=None))
        by_name = _standings(select, criteria, [select.begins_with(NAME, prefix), *others])
    for indexed_by, is_used in (
        (_searched, criteria.search is not None),
        (_due, rest.due_within_days is not None),
        (_unchanged, criteria.status_for_days is not None),
    ):
        count = Select()
        counted = indexed_by(count, criteria, searched) if is_used else []
        if is_used and await count.has_at_most(MAX_SORTED, MERCHANTS.name, counted):
            few = select.is_among(MERCHANTS.name, indexed_by(select, criteria, searched), MAX_SORTED)
            parts = [few, *conditions(select, principal, criteria, uses_index=False)]
            if by_name:
                parts.append(f"NOT {select.begins_with_no_index(NAME, prefix)}")
            return [*by_name, Range((), parts, is_small=True)]
    scanned = conditions(select, principal, rest)
    if sorts_deadlines:
        scanned.append(_deadline(select, criteria))
    if not by_name:
        return _standings(select, criteria, scanned)
    outside = [
        _standings(select, criteria, [part, *scanned]) for part in select.begins_otherwise(NAME, prefix)
    ]
    return [*by_name, *itertools.chain(*outside)]


def _searched(select: Select, criteria: MerchantFilter, columns: Sequence[str]) -> Sequence[Range]:
    prefix = fold(criteria.search or "")
    return [Range([column], [select.begins_with(column, prefix)]) for column in columns]


def _due(select: Select, criteria: MerchantFilter, _columns: Sequence[str]) -> Sequence[Range]:
    return _standings(select, criteria, [_deadline(select, criteria)], DEADLINE)


def _unchanged(select: Select, criteria: MerchantFilter, _columns: Sequence[str]) -> Sequence[Range]:
    # Without a status in the filter, read a range of the index for each status.
    every = dataclasses.replace(criteria, status=criteria.status or [*MerchantStatus])
    return _standings(select, every, [f"{SINCE} <= {_days_ago(select, criteria)}"], SINCE)


def _days_ago(select: Select, criteria: MerchantFilter) -> str:
    return select.moment(-timedelta(days=criteria.status_for_days or 0))


def _deadline(select: Select, criteria: MerchantFilter) -> str:
    return f"{DEADLINE} <= {select.moment(timedelta(days=criteria.due_within_days or 0))}"


def _standings(
    select: Select, criteria: MerchantFilter, conditions: Sequence[str], *columns: str
) -> list[Range]:
    """A range for each pair of status and acting party. Indexes start with these two columns."""
    if criteria.status is None and criteria.awaiting_action_from is None:
        return [Range(columns, conditions)]
    parties = list(Party) if criteria.awaiting_action_from is None else [criteria.awaiting_action_from]
    acting = [f"awaiting_action_from = {select.opaque(party.value)}" for party in parties]
    if criteria.awaiting_action_from is None:
        acting.append("awaiting_action_from IS NULL")
    statuses = MerchantStatus if criteria.status is None else dict.fromkeys(criteria.status)
    standing = [select.equals_as_range("status", status.value) for status in statuses]
    columns = ("status", "awaiting_action_from", *columns)
    return [Range(columns, [status, party, *conditions]) for status in standing for party in acting]


LISTING = Listing(MERCHANTS, ORDERS, conditions, ranges)
