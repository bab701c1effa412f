"""Tables that store each object as a document, and the root fields that read them."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect.scope import Principal
from models.sql import Range, Select
from resolvers.relay.connection import Order, Page, Window, find_key, read_page, window

# Creates each statement of a page: `Select`, or a function whose statements are sent together with others.
NewSelect = Callable[[], Select]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The JSON text of a row's document. It is parsed only if graphql-core must resolve its fields."""

    row_id: Any
    row_version: int
    text: str

    def parse(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table with the columns `id`, `row_version` and documents, read within the caller's scope."""

    name: str
    # The caller's scope, as conditions of a statement.
    conditions: Callable[[Select, Principal], list[str]]
    # An expression for the external id of the merchant that owns a row.
    owner: str
    # An expression for the document that the caller reads.
    document: Callable[[Principal], str]

    async def row(self, principal: Principal, column: str, value: Any, columns: Sequence[str]) -> Any:
        """Read these columns of the row with this unique value; None if the caller sees no such row."""
        select = Select()
        conditions = [*self.conditions(select, principal), f"{column} = {select.value(value)}"]
        rows = await select.matches(columns, self.name, conditions)
        return rows[0] if rows else None

    async def texts(self, principal: Principal, ids: Sequence[Any]) -> dict[Any, tuple[int, str]]:
        """The row version and document text of each object, by its id as the driver returns it.

        Objects that the caller may not see, or whose document is not built yet, are omitted.
        """
        select = Select()
        conditions = [*self.conditions(select, principal), select.is_any("id", ids)]
        columns = "id", "row_version", self.document(principal)
        rows = await select.matches(columns, self.name, conditions)
        return {key: (version, text) for key, version, text in rows if text is not None}


@dataclass(frozen=True, slots=True)
class One:
    """A root field for one object. Its only argument is a @oneOf input."""

    table: DocumentTable
    argument: str
    # Maps a field of the argument and its value to a column and a value, or to None if no object can have the
    # value. If the field needs several columns, it raises BadUserInput, and graphql-core executes the query.
    resolve: Callable[[str, Any], tuple[str, Any] | None]
    # Reads columns of a row. Arguments: principal, column, value, columns.
    find: Callable[[Principal, str, Any, Sequence[str]], Awaitable[Any]]
    # Columns whose lookups the batcher combines.
    batched: Collection[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """The limit of a scan, which reads at most `rows` rows of the ranges that `scanned` returns.

    These ranges have only the conditions that their indexes serve. If the scan does not fill the page,
    `otherwise` returns another plan for the page.
    """

    rows: int
    scanned: Callable[[Select], Sequence[Range]]
    otherwise: Callable[[], Awaitable["Plan"]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The index ranges that contain the matches. Each range has all conditions.

    The ranges are built again for each statement.
    """

    ranges: Callable[[Select], Sequence[Range]]
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A root field for the list of a table's objects."""

    table: DocumentTable
    # The orders by the values of the argument `orderBy`. The first order is the default.
    orders: Mapping[Any, Order]
    # The conditions of the argument `filter` and of the caller's scope. Raises BadUserInput.
    conditions: Callable[[Select, Principal, Any], list[str]]
    # Returns the index ranges for a page, or None if a single index serves all pages.
    plan: Callable[[Principal, Any, Order, NewSelect], Awaitable[Plan | None]] | None = None
    # Returns the number of objects with each status that match the argument `filter`, or None if too many do.
    count: Callable[[Principal, Any], Awaitable[Mapping[str, int] | None]] | None = None

    async def page(
        self,
        principal: Principal,
        columns: Sequence[str],
        new: NewSelect = Select,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: Any = None,  # noqa: A002 -- the argument's name
        order_by: Any = None,
    ) -> Page:
        """A page of the matches that the caller may see. Raises BadUserInput."""
        part = window(first, after, last, before)
        order = self.orders[order_by if order_by is not None else next(iter(self.orders))]
        plan = await self.plan(principal, filter, order, new) if self.plan is not None else None
        if plan is None:
            plan = Plan(lambda select: [Range((), self.conditions(select, principal, filter))])
        page = await self._read(plan, order, part, columns, new)
        if page is None and plan.bound is not None:
            page = await self._read(await plan.bound.otherwise(), order, part, columns, new)
        assert page is not None  # noqa: S101 -- only a bound makes a page incomplete
        return page

    async def _read(
        self, plan: Plan, order: Order, part: Window, columns: Sequence[str], new: NewSelect
    ) -> Page | None:
        """The page, or None if the scan ended at its limit before the page was full."""
        select, until = new(), None
        if plan.bound is not None:
            edge = new()
            until = await find_key(
                edge, self.table.name, order, part, plan.bound.rows, plan.bound.scanned(edge)
            )
        ranges = plan.ranges(select)
        page = await read_page(select, self.table.name, order, part, columns, ranges=ranges, until=until)
        return page if until is None or page.has_more(part) else None
