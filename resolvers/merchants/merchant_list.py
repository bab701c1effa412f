"""Merchants: which match, in which order, from where on.

In SQL, for this is asked all day, and through the models the question costs more than its answer. A page is
one statement over indexes, however many merchants there are. Before it, what a search or a deadline leaves is
counted, as far as it matters (docs/decisions/0017).
"""

import dataclasses
import enum
import itertools
from collections.abc import Sequence
from typing import Any

import strawberry

from connect import scope
from connect.merchants.document import fold
from connect.scope import Principal
from models.sql import Range, Select
from resolvers.errors import BadUserInput
from resolvers.merchants.status import MerchantStatus, Party
from resolvers.relay.connection import Order, Window, is_storable, parse_cursor
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

# No more merchants than these that a search or a deadline leaves are put in order, whichever it is. Of more
# than these, a page is soon found by walking the order.
MAX_SORTED = 5000

NAME = "display_name_folded"
DEADLINE = "next_deadline_at"
SEARCHED = (NAME, "contact_email_folded", "external_id_folded")


@strawberry.input(description="Which merchants. All that is given must hold.")
class MerchantFilter:
    status: list[MerchantStatus] | None = _field(default=None, description="Any of these; at most 15.")
    awaiting_action_from: Party | None = _field(default=None, description="Who has to act now.")
    due_within_days: int | None = _field(
        default=None, description="A deadline or a transition passed, or within so many days: 0 to 3,650."
    )
    search: str | None = _field(
        default=None,
        description="The display name, e-mail or external id begins with this, without regard to case. "
        "1 to 255 characters.",
    )


def check(wanted: MerchantFilter | None) -> None:
    """Raises BadUserInput, naming the field."""
    if wanted is None:
        return
    if wanted.status is not None and len(wanted.status) > len(MerchantStatus):
        raise BadUserInput(f"`filter.status` takes at most {len(MerchantStatus)}.")
    if wanted.due_within_days is not None and not 0 <= wanted.due_within_days <= MAX_DAYS:
        raise BadUserInput(f"`filter.dueWithinDays` must be from 0 to {MAX_DAYS}.")
    if wanted.search is not None and not (1 <= len(wanted.search) <= 255 and is_storable(wanted.search)):
        raise BadUserInput("`filter.search` must have 1 to 255 characters, none of them U+0000.")


def matching(
    statement: Select, principal: Principal, wanted: MerchantFilter | None, *, are_found: bool = False
) -> list[str]:
    """The conditions of what the caller may see and asks for. The filter has passed `check`.

    Where rows are found already these conditions are looked at, and no index is asked for them.
    """
    unindexed = statement.no_index if are_found else statement.no_index_on_sqlite
    found = scope.conditions(statement, principal)
    if wanted is None:
        return found
    if wanted.status is not None:
        column = unindexed("status")
        found.append(statement.is_any(column, [status.value for status in wanted.status]))
    if wanted.awaiting_action_from is not None:
        column = unindexed("awaiting_action_from")
        found.append(f"{column} = {statement.value(wanted.awaiting_action_from.value)}")
    if wanted.due_within_days is not None:
        column = statement.no_index(DEADLINE)
        found.append(f"{column} <= {statement.days_from_now(wanted.due_within_days)}")
    if wanted.search is not None:
        text = fold(wanted.search)
        begins = [statement.has_beginning(column, text) for column in SEARCHED]
        found.append(statement.assume_common(" OR ".join(begins)))
    return found


async def rows(
    principal: Principal,
    wanted: MerchantFilter | None,
    order: Order,
    window: Window,
    columns: Sequence[str],
) -> list[Any]:
    """The rows of a page, and one more if there are more: the order's columns, then `columns`.

    Raises BadUserInput.
    """
    check(wanted)
    keys = [
        (parse_cursor(value, order, argument), "<" if order.descending is later else ">")
        for argument, value, later in (("after", window.after, True), ("before", window.before, False))
        if value is not None
    ]
    if wanted is not None and wanted.status is not None and not wanted.status:
        return []  # none of these
    statement = Select()
    if wanted is None or scope.visibility_key(principal) is not None:
        # All, or one that an index finds.
        ranges: Sequence[Range] = [Range((), matching(statement, principal, wanted))]
    else:
        ranges = await _ranges(statement, principal, wanted, order)
    beyond = [
        f"({', '.join(order.columns)}) {sign} ({', '.join(map(statement.opaque, key))})" for key, sign in keys
    ]
    found = await statement.rows(
        (*order.columns, *columns),
        "merchant",
        beyond,
        order.columns,
        window.size + 1,
        descending=order.descending is not window.backwards,
        ranges=ranges,
    )
    return list(found)


async def _ranges(
    statement: Select, principal: Principal, wanted: MerchantFilter, order: Order
) -> Sequence[Range]:
    """Where the merchants that match are found, for a caller who sees all: those that the filter's own
    indexes find, if they are few; or else what has to be walked in the order."""
    sorted_by, text = order.columns[0], fold(wanted.search or "")
    searched, named = list(SEARCHED), list[Range]()
    # Of what is asked, the standing and what the order itself has are the beginning and the end of a walk.
    rest = dataclasses.replace(wanted, status=None, awaiting_action_from=None)
    is_until = wanted.due_within_days is not None and sorted_by == DEADLINE
    if is_until:
        rest.due_within_days = None
    if wanted.search is not None and sorted_by == NAME:
        # The names that begin so lie together: walking would pass all that are before them.
        searched.remove(NAME)
        others = matching(statement, principal, dataclasses.replace(rest, search=None))
        named = _standings(statement, wanted, [statement.begins_with(NAME, text), *others])
    for found_by, is_asked in (
        (_searched, wanted.search is not None),
        (_due, rest.due_within_days is not None),
    ):
        counting = Select()
        if is_asked and await counting.is_few("merchant", found_by(counting, wanted, searched), MAX_SORTED):
            few = statement.is_among("merchant", found_by(statement, wanted, searched), MAX_SORTED)
            among = [few, *matching(statement, principal, wanted, are_found=True)]
            if named:
                among.append(f"NOT {statement.has_beginning(NAME, text)}")
            return [*named, Range((), among, is_few=True)]
    conditions = matching(statement, principal, rest)
    if is_until:
        conditions.append(_until(statement, wanted))
    if not named:
        return _standings(statement, wanted, conditions)
    besides = [
        _standings(statement, wanted, [one, *conditions]) for one in statement.begins_not_with(NAME, text)
    ]
    return [*named, *itertools.chain(*besides)]


def _searched(statement: Select, wanted: MerchantFilter, columns: Sequence[str]) -> Sequence[Range]:
    text = fold(wanted.search or "")
    return [Range([column], [statement.begins_with(column, text)]) for column in columns]


def _due(statement: Select, wanted: MerchantFilter, _columns: Sequence[str]) -> Sequence[Range]:
    return _standings(statement, wanted, [_until(statement, wanted)], DEADLINE)


def _until(statement: Select, wanted: MerchantFilter) -> str:
    return f"{DEADLINE} <= {statement.days_from_now(wanted.due_within_days or 0)}"


def _standings(
    statement: Select, wanted: MerchantFilter, conditions: Sequence[str], *columns: str
) -> list[Range]:
    """What meets these conditions, by every status with everyone who may have to act: indexes have the two
    together, and then the order."""
    if wanted.status is None and wanted.awaiting_action_from is None:
        return [Range(columns, conditions)]
    parties = list(Party) if wanted.awaiting_action_from is None else [wanted.awaiting_action_from]
    acting = [f"awaiting_action_from = {statement.opaque(party.value)}" for party in parties]
    if wanted.awaiting_action_from is None:
        acting.append("awaiting_action_from IS NULL")
    statuses = MerchantStatus if wanted.status is None else dict.fromkeys(wanted.status)
    standing = [statement.equals_as_range("status", status.value) for status in statuses]
    columns = ("status", "awaiting_action_from", *columns)
    return [Range(columns, [status, party, *conditions]) for status in standing for party in acting]
