"""Merchants: which match, in which order, from where on.

In SQL, for this is asked all day, and through the models the question costs more than its answer. A page is
one statement over an index, however many merchants there are.
"""

from collections.abc import Sequence
from typing import Any

import strawberry

from connect import scope
from connect.document import fold
from connect.scope import Principal
from models.reading import Statement
from resolvers.connection import Order, Window, is_storable, parse_cursor
from resolvers.enums import MerchantOrder, MerchantStatus, Party
from resolvers.errors import BadUserInput

_field = strawberry.field

MOST_DAYS = 3650

ORDERS = {
    MerchantOrder.CREATED_AT_DESC: Order("CREATED_AT_DESC", ("id",), descending=True),
    MerchantOrder.CREATED_AT_ASC: Order("CREATED_AT_ASC", ("id",)),
    MerchantOrder.DISPLAY_NAME_ASC: Order("DISPLAY_NAME_ASC", ("display_name_folded", "id")),
    MerchantOrder.NEXT_DEADLINE_ASC: Order("NEXT_DEADLINE_ASC", ("next_deadline_at", "id")),
}

SEARCHED = "display_name_folded", "contact_email_folded", "external_id_folded"


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
    if wanted.due_within_days is not None and not 0 <= wanted.due_within_days <= MOST_DAYS:
        raise BadUserInput(f"`filter.dueWithinDays` must be from 0 to {MOST_DAYS}.")
    if wanted.search is not None and not (1 <= len(wanted.search) <= 255 and is_storable(wanted.search)):
        raise BadUserInput("`filter.search` must have 1 to 255 characters, none of them U+0000.")


def matching(statement: Statement, principal: Principal, wanted: MerchantFilter | None) -> list[str]:
    """The conditions of what the caller may see and asks for. The filter has passed `check`."""
    found = scope.conditions(statement, principal)
    if wanted is None:
        return found
    if wanted.status is not None:
        found.append(statement.is_any("status", [status.value for status in wanted.status]))
    if wanted.awaiting_action_from is not None:
        found.append(f"awaiting_action_from = {statement.value(wanted.awaiting_action_from.value)}")
    if wanted.due_within_days is not None:
        found.append(f"next_deadline_at <= {statement.days_from_now(wanted.due_within_days)}")
    if wanted.search is not None:
        text = fold(wanted.search)
        found.append(f"({' OR '.join(statement.begins_with(column, text) for column in SEARCHED)})")
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
    statement = Statement()
    conditions = matching(statement, principal, wanted)
    for argument, value, later in (("after", window.after, True), ("before", window.before, False)):
        if value is not None:
            key = map(statement.value, parse_cursor(value, order, argument))
            beyond = "<" if order.descending is later else ">"
            conditions.append(f"({', '.join(order.columns)}) {beyond} ({', '.join(key)})")
    direction = " DESC" if order.descending is not window.backwards else ""
    ordered = [column + direction for column in order.columns]
    return list(
        await statement.rows((*order.columns, *columns), "merchant", conditions, ordered, window.size + 1)
    )
