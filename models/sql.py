"""Reading rows by SQL of our own, where building it through the models would cost more than the answer."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from models.engine import asyncpg


@dataclass(frozen=True, slots=True)
class Range:
    """Rows that lie together in an index, which begins with these columns; or few, wherever they lie."""

    columns: Sequence[str] = ()
    conditions: Sequence[str] = ()
    is_few: bool = False


WHOLE = (Range(),)

# PostgreSQL's types of what a keyset is made of.
TYPES = {UUID: "uuid", datetime: "timestamptz", str: "text"}


class Select:
    """A statement that is being written, for either database. What is put into it stands apart from its text.

    Columns come as the driver has them: on SQLite ids and times are text.
    """

    def __init__(self) -> None:
        self._connection = get_connection("default")
        self.is_sqlite = self._connection.capabilities.dialect == "sqlite"
        self.values: list[Any] = []

    def value(self, value: Any) -> str:
        """Where this value stands in the text."""
        if self.is_sqlite and isinstance(value, UUID | datetime):
            value = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        self.values.append(value)
        return f"{'?' if self.is_sqlite else '$'}{len(self.values)}"

    def opaque(self, value: Any) -> str:
        """The same for a value by which PostgreSQL shall not guess how many rows there are: it would take
        the rows behind a cursor whose time most rows share for very few, and read all of them."""
        return self.value(value) if self.is_sqlite else f"(SELECT {self.value(value)}::{TYPES[type(value)]})"

    def is_any(self, column: str, values: Iterable[Any]) -> str:
        """The condition that a column has one of these values."""
        if self.is_sqlite:
            return f"{column} IN ({', '.join(map(self.value, values))})"
        return f"{column} = ANY({self.value(list(values))})"

    def equals_as_range(self, column: str, value: Any) -> str:
        """The condition that a column, the first one of an index, has this value, and no other index will do.

        From an equation PostgreSQL concludes that rows come by the rest of the index's columns alone, and
        walks them by a key of these: past all others, where it takes two columns for independent.
        """
        if self.is_sqlite:
            return f"{column} = {self.value(value)}"
        return f"{column} = ANY(ARRAY[{self.opaque(value)}])"

    def begins_with(self, column: str, text: str) -> str:
        """The condition that a column's text begins with this one, as a range of an index.

        The column must be compared by code point, as SQLite's text always is.
        """
        found = f"{column} >= {self.value(text)}"
        end = _beyond(text)
        return f"{found} AND {column} < {self.value(end)}" if end is not None else found

    def begins_not_with(self, column: str, text: str) -> Sequence[str]:
        """The ranges before and behind those texts."""
        before, end = f"{column} < {self.value(text)}", _beyond(text)
        return [before] if end is None else [before, f"{column} >= {self.value(end)}"]

    def has_beginning(self, column: str, text: str) -> str:
        """The same for no index: where rows are read in another order, and looked at one by one."""
        return f"substr({column}, 1, {len(text)}) = {self.value(text)}"

    def assume_common(self, condition: str) -> str:
        """A condition that PostgreSQL shall expect half of the rows to meet, not hardly any: then it would
        sort these."""
        return f"({condition})" if self.is_sqlite else f"coalesce({condition}, false)"

    def no_index_on_sqlite(self, column: str) -> str:
        """A column in a condition for which SQLite must not leave the order that the rows are wanted in.

        It does not know how many rows a condition leaves. PostgreSQL does, and may choose.
        """
        return f"+{column}" if self.is_sqlite else column

    def no_index(self, column: str) -> str:
        """The same where PostgreSQL does not know it either."""
        return f"+{column}" if self.is_sqlite else f"coalesce({column}, {column})"

    def days_from_now(self, days: int) -> str:
        """So many days from now, by the clock of `models.now`."""
        if self.is_sqlite:
            return self.value(datetime.now(UTC) + timedelta(days=days))
        # The clock's time would be another for each row, and then no index serves.
        return f"statement_timestamp() + {self.value(timedelta(days=days))}::interval"

    def is_among(self, table: str, ranges: Sequence[Range], most: int) -> str:
        """The condition that a row's id is one of those in these ranges, which are known to be few.

        PostgreSQL does not count what an array will hold, but takes it for little, and looks each up.
        """
        ids = _ids(table, ranges, most)
        return f"id IN ({ids})" if self.is_sqlite else f"id = ANY(ARRAY({ids}))"

    async def rows(
        self,
        columns: Sequence[str],
        table: str,
        conditions: Sequence[str],
        order: Sequence[str],
        limit: int,
        *,
        descending: bool = False,
        ranges: Sequence[Range] = WHOLE,
    ) -> Sequence[Any]:
        """The rows of a table that meet all conditions, from ranges that have no row in common.

        All but the values is the caller's own text. Of each range no more is read than can be wanted, in its
        index's own order.
        """
        direction = " DESC" if descending else ""
        # Of many ranges PostgreSQL shall keep the plan, not make one for each question: it does when a plan
        # for whatever values is no dearer, so it must be told the limit.
        most = str(limit) if len(ranges) > 1 else self.value(limit)
        parts = []
        for one in ranges:
            found = f"SELECT {', '.join(columns)} FROM {table}{_where([*one.conditions, *conditions])}"  # noqa: S608
            if one.is_few and not self.is_sqlite:
                # All of them first, and then their order: PostgreSQL could seek them in an index that has it.
                found = f"SELECT * FROM ({found} OFFSET 0) AS few"  # noqa: S608
            ordered = ", ".join(column + direction for column in (*one.columns, *order))
            parts.append(f"{found} ORDER BY {ordered} LIMIT {most}")
        if len(parts) > 1:
            ordered = ", ".join(column + direction for column in order)
            merged = " UNION ALL ".join(f"SELECT * FROM ({part}) AS one" for part in parts)  # noqa: S608
            parts = [f"{merged} ORDER BY {ordered} LIMIT {most}"]
        return await self._execute(parts[0]) if parts else []

    async def is_few(self, table: str, ranges: Sequence[Range], most: int) -> bool:
        """Whether there are no more rows than that in all these ranges together."""
        if not ranges:
            return True
        rows = await self._execute(f"SELECT count(*) FROM ({_ids(table, ranges, most + 1)}) AS found")  # noqa: S608
        return bool(rows[0][0] <= most)

    async def _execute(self, text: str) -> Sequence[Any]:
        if isinstance(self._connection, asyncpg.Client):
            return await self._connection.read(text, self.values)
        _, rows = await self._connection.execute_query(text, self.values)
        return rows


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _ids(table: str, ranges: Sequence[Range], most: int) -> str:
    """Ids in each of these ranges, so many at most, as its index has them."""
    return " UNION ALL ".join(
        f"SELECT id FROM (SELECT id FROM {table}{_where(one.conditions)}"  # noqa: S608
        f" ORDER BY {', '.join(one.columns)} LIMIT {most}) AS one"
        for one in ranges
    )


def _beyond(text: str) -> str | None:
    """The first text behind all that begin with this one; None when there is none."""
    kept = text.rstrip(chr(sys.maxunicode))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    # What is half of a surrogate pair is no character.
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)
