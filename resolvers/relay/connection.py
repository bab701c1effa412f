"""Relay connections over keysets: a cursor holds its row's sort key, so pages never shift or slow down."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import orjson
import strawberry
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from resolvers.errors import BadUserInput

DEFAULT_PAGE = 20
MAX_PAGE = 100

M = TypeVar("M", bound=Model)

First = Annotated[int | None, strawberry.argument(description="How many, from the beginning or `after`.")]
After = Annotated[str | None, strawberry.argument(description="A cursor: only what follows it.")]
Last = Annotated[int | None, strawberry.argument(description="How many, from the end or `before`.")]
Before = Annotated[str | None, strawberry.argument(description="A cursor: only what comes before it.")]


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")
    return found


# What a cursor holds as text and PostgreSQL takes only as what it is.
_KINDS: Mapping[str, Callable[[str], Any]] = {"id": uuid.UUID, "next_deadline_at": _moment}


@strawberry.type(description="Where a page stands among its connection (Relay).")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow in the order of the connection.")
    has_previous_page: bool = strawberry.field(description="Whether there are some before this page.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The last edge's cursor; null on an empty page.")


@dataclass(frozen=True, slots=True)
class Order:
    """Columns to sort by, the last of them unique, all in one direction."""

    name: str
    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is wanted: `size` rows after or before a cursor."""

    size: int
    backwards: bool
    after: str | None
    before: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the connection's order: their sort keys, then whatever was asked for."""

    rows: list[Any]
    order: Order
    info: PageInfo

    @property
    def cursors(self) -> list[str]:
        return [cursor(self.order, row[: len(self.order.columns)]) for row in self.rows]


def window(
    first: int | None, after: str | None, last: int | None = None, before: str | None = None
) -> Window:
    """Check the paging arguments. Raises BadUserInput, naming the argument."""
    if first is not None and last is not None:
        raise BadUserInput("Give `first` or `last`, not both.")
    for name, value in (("first", first), ("last", last)):
        if value is not None and not 1 <= value <= MAX_PAGE:
            raise BadUserInput(f"`{name}` must be from 1 to {MAX_PAGE}; it is {value}.")
    size = first if first is not None else last if last is not None else DEFAULT_PAGE
    return Window(size, last is not None, after, before)


async def page(query: QuerySet[M], order: Order, wanted: Window, columns: tuple[str, ...]) -> Page:
    """One page, in one statement. Rows are tuples: the order's columns, then `columns`."""
    if wanted.after is not None:
        query = query.filter(_beyond(order, parse_cursor(wanted.after, order, "after"), later=True))
    if wanted.before is not None:
        query = query.filter(_beyond(order, parse_cursor(wanted.before, order, "before"), later=False))
    sign = "-" if order.descending is not wanted.backwards else ""
    ordered = query.order_by(*(sign + column for column in order.columns)).limit(wanted.size + 1)
    rows: list[Any] = list(await ordered.values_list(*order.columns, *columns))
    return build_page(rows, order, wanted)


def build_page(rows: list[Any], order: Order, wanted: Window) -> Page:
    """A page of the rows that were read for it: one more than wanted, if there are more."""
    more = len(rows) > wanted.size
    rows = rows[: wanted.size]
    if wanted.backwards:
        rows.reverse()
    size = len(order.columns)
    info = PageInfo(
        has_next_page=wanted.before is not None if wanted.backwards else more,
        has_previous_page=more if wanted.backwards else wanted.after is not None,
        start_cursor=cursor(order, rows[0][:size]) if rows else None,
        end_cursor=cursor(order, rows[-1][:size]) if rows else None,
    )
    return Page(rows, order, info)


def cursor(order: Order, key: Sequence[Any]) -> str:
    """The opaque cursor of a row with this sort key."""
    text = orjson.dumps([order.name, *map(str, key)])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def parse_cursor(value: str, order: Order, argument: str) -> list[Any]:
    """The sort key in a cursor of this order. Raises BadUserInput for any other text."""
    wrong = BadUserInput(f"`{argument}` is no cursor of this connection in this order.")
    if len(value) > 4096:
        raise wrong
    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        found = json.loads(text)
    except (ValueError, binascii.Error, RecursionError):
        raise wrong from None
    if (
        not isinstance(found, list)
        or len(found) != len(order.columns) + 1
        or not all(isinstance(part, str) and is_storable(part) for part in found)
        or found[0] != order.name
    ):
        raise wrong
    try:
        key = [_KINDS.get(name, str)(part) for name, part in zip(order.columns, found[1:], strict=True)]
    except ValueError:
        raise wrong from None
    if [str(part) for part in key] != found[1:]:
        raise wrong  # not as we write it
    return key


def is_storable(text: str) -> bool:
    """Whether both databases take this text: no U+0000, no half of a surrogate pair."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


def _beyond(order: Order, key: list[Any], *, later: bool) -> Q:
    """Rows beyond a key in the connection's order: later ones, or earlier ones."""
    operator = "__lt" if order.descending is later else "__gt"
    if len(order.columns) == 1:
        return Q(**{order.columns[0] + operator: key[0]})
    column, unique = order.columns
    return Q(**{column + operator: key[0]}) | Q(**{column: key[0], unique + operator: key[1]})
