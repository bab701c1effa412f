"""Relay connections with keyset paging: a cursor holds the sort key of its row.

New rows do not shift pages, and later pages are as fast as the first.
"""

import base64
import binascii
import enum
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
import strawberry
from strawberry import argument, field

from models.sql import WHOLE, Limit, Range, Select
from models.texts import is_storable
from resolvers.common.errors import BadUserInput

DEFAULT_PAGE = 20
MAX_PAGE = 100

Read = Callable[[list[uuid.UUID]], Awaitable[Sequence[Any]]]

First = Annotated[
    int | None,
    argument(
        description="The maximum number of entries on the page, counted from the start of the list or from "
        "the cursor `after`."
    ),
]
After = Annotated[str | None, argument(description="A cursor. The page begins after it.")]
Last = Annotated[
    int | None,
    argument(
        description="The maximum number of entries on the page, counted from the end of the list or from the "
        "cursor `before`."
    ),
]
Before = Annotated[str | None, argument(description="A cursor. The page ends before it.")]


def _parse_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")
    return time


def _parse_place(text: str) -> int:
    place = int(text)
    if not 0 <= place < 2**15:
        raise ValueError("not a small integer")
    return place


def _parse_position(text: str) -> int:
    position = int(text)
    if not 0 <= position < 2**63:
        raise ValueError("not a big integer")
    return position


# PostgreSQL does not compare these columns with text, so the texts in a cursor are parsed.
_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "id": uuid.UUID,
    "next_deadline_at": _parse_time,
    "status_since": _parse_time,
    "status_order": _parse_place,
    "respond_by": _parse_time,
    "created_at": _parse_time,
    "position": _parse_position,
}


@strawberry.type(description="The position of a page in its connection (Relay).")
class PageInfo:
    has_next_page: bool = field(description="Whether more edges follow this page.")
    has_previous_page: bool = field(description="Whether edges precede this page.")
    start_cursor: str | None = field(description="The cursor of the first edge. Null if the page is empty.")
    end_cursor: str | None = field(description="The cursor of the last edge. Null if the page is empty.")


@dataclass(frozen=True, slots=True)
class Edge:
    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class Connection:
    """The source of each type that `connection_type` declares."""

    edges: list[Edge]
    page_info: PageInfo


def connection_type(
    node_type: type, name: str, nouns: str, page: str, use: str = "Use it in `after`."
) -> type:
    """Declare the types of a connection and of its edges.

    Their descriptions contain `nouns`, such as `event events`, and `page`.
    """
    noun, plural = nouns.split()

    @strawberry.type(name=f"{name}Edge", description=f"An edge of {name}Connection.")
    class EdgeType:
        cursor: str = field(description=f"The cursor of this {noun}. {use}")
        node: Any = field(graphql_type=node_type, description=f"The {noun}.")

    @strawberry.type(name=f"{name}Connection", description=page)
    class ConnectionType:
        edges: list[Any] = field(graphql_type=list[EdgeType], description=f"The {plural} of this page.")
        page_info: PageInfo = field(description="The position of this page.")

    return ConnectionType


@dataclass(frozen=True, slots=True)
class Order:
    """Columns to sort by, all in one direction. The last column is unique."""

    name: str
    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A requested page: at most `size` rows, from the start or the end of the rows between the cursors."""

    size: int
    backwards: bool
    after: str | None
    before: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the connection's order. Each row has the order's columns, then the requested columns."""

    rows: list[Any]
    order: Order
    info: PageInfo

    def has_more(self, window: Window) -> bool:
        """Whether more rows follow in the direction of the page."""
        return self.info.has_previous_page if window.backwards else self.info.has_next_page

    @property
    def cursors(self) -> list[str]:
        return [cursor(self.order, row[: len(self.order.columns)]) for row in self.rows]

    @property
    def ids(self) -> list[uuid.UUID]:
        """The ids of the rows. The order must end with the id."""
        place = len(self.order.columns) - 1
        return [uuid.UUID(str(row[place])) for row in self.rows]

    def connection(self, nodes: Sequence[Any]) -> Connection:
        """The page with these nodes, one for each row. A row whose node is None has no edge."""
        pairs = zip(self.cursors, nodes, strict=True)
        return Connection([Edge(cursor, node) for cursor, node in pairs if node is not None], self.info)


def window(
    first: int | None, after: str | None, last: int | None = None, before: str | None = None
) -> Window:
    """Check the paging arguments. Raises BadUserInput with the name of the argument."""
    if first is not None and last is not None:
        raise BadUserInput("Give `first` or `last`, not both.")
    for name, value in (("first", first), ("last", last)):
        if value is not None and not 1 <= value <= MAX_PAGE:
            raise BadUserInput(f"`{name}` must be from 1 to {MAX_PAGE}; it is {value}.")
    size = first if first is not None else last if last is not None else DEFAULT_PAGE
    return Window(size, last is not None, after, before)


async def read_page(
    select: Select,
    table: str,
    order: Order,
    window: Window,
    columns: Sequence[str] = (),
    conditions: Sequence[str] = (),
    ranges: Sequence[Range] = WHOLE,
    until: Sequence[Any] | None = None,
) -> Page:
    """Read a page in one statement. If `until` is given, read no rows beyond this sort key, in the direction
    of the page.

    Raises BadUserInput for an invalid cursor.
    """
    limits, descending = _limits(order, window), order.descending is not window.backwards
    if until is not None:
        limits.append(Limit(">=" if descending else "<=", until))
    rows = await select.rows(
        (*order.columns, *columns),
        table,
        conditions,
        order.columns,
        window.size + 1,
        descending=descending,
        ranges=ranges,
        limits=limits,
    )
    return build_page(list(rows), order, window)


async def find_key(
    select: Select, table: str, order: Order, window: Window, place: int, ranges: Sequence[Range]
) -> list[Any] | None:
    """The sort key of the row at this place, in the direction of the page; None if there are fewer rows."""
    rows = await select.rows(
        order.columns,
        table,
        [],
        order.columns,
        1,
        descending=order.descending is not window.backwards,
        ranges=ranges,
        offset=place,
        limits=_limits(order, window),
    )
    return parse_cursor(cursor(order, rows[0]), order, "") if rows else None


def _limits(order: Order, window: Window) -> list[Limit]:
    """The limits that the cursors set. Raises BadUserInput for an invalid cursor."""
    cursors = ("after", window.after, True), ("before", window.before, False)
    return [
        Limit("<" if order.descending is is_after else ">", parse_cursor(value, order, name))
        for name, value, is_after in cursors
        if value is not None
    ]


def build_page(rows: list[Any], order: Order, window: Window) -> Page:
    """Build a page from its rows. If there is one row more than the page size, another page follows."""
    has_more = len(rows) > window.size
    rows = rows[: window.size]
    if window.backwards:
        rows.reverse()
    size = len(order.columns)
    info = PageInfo(
        has_next_page=window.before is not None if window.backwards else has_more,
        has_previous_page=has_more if window.backwards else window.after is not None,
        start_cursor=cursor(order, rows[0][:size]) if rows else None,
        end_cursor=cursor(order, rows[-1][:size]) if rows else None,
    )
    return Page(rows, order, info)


async def newest(
    name: str,
    table: str,
    window: Window,
    choice: enum.Enum | None,
    read: Read,
    *,
    column: str = "state",
    only: Callable[[Select], list[str]] | None = None,
) -> Connection:
    """A page of the table's rows, newest first, in two statements.

    If `choice` is given, the page has only the rows with the value of `choice` in `column`.

    `read` finds rows by their ids. `only` returns further conditions.
    """
    select = Select()
    conditions = [f"{column} = {select.value(choice.value)}"] if choice is not None else []
    conditions += only(select) if only is not None else []
    order = Order(name, ("id",), descending=True)
    page = await read_page(select, table, order, window, conditions=conditions)
    rows = {row.id: row for row in await read(page.ids)}
    return page.connection([rows.get(key) for key in page.ids])


def cursor(order: Order, key: Sequence[Any]) -> str:
    """The opaque cursor for a row with this sort key."""
    text = orjson.dumps([order.name, *map(str, key)])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def parse_cursor(value: str, order: Order, argument: str) -> list[Any]:
    """The sort key in a cursor of this order. Raises BadUserInput for any other text."""
    error = BadUserInput(f"`{argument}` is not a cursor of this connection in this order.")
    if len(value) > 4096:
        raise error
    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        parts = json.loads(text)
    except (ValueError, binascii.Error, RecursionError):
        raise error from None
    if (
        not isinstance(parts, list)
        or len(parts) != len(order.columns) + 1
        or not all(isinstance(part, str) and is_storable(part) for part in parts)
        or parts[0] != order.name
    ):
        raise error
    try:
        key = [_PARSERS.get(name, str)(part) for name, part in zip(order.columns, parts[1:], strict=True)]
    except ValueError:
        raise error from None
    if [str(part) for part in key] != parts[1:]:
        raise error  # the text is not in the form that `cursor` writes
    return key
