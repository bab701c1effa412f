"""A builder of SQL statements, mostly SELECT, for queries that are too slow with the ORM."""

import sys
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from models.statements import Statement, read

# The PostgreSQL types that correspond to the Python types of sort keys.
TYPES = {UUID: "uuid", datetime: "timestamptz", str: "text", int: "smallint", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Range:
    """Rows that are adjacent in an index that starts with these columns.

    If `is_small` is true, the rows may be anywhere in the index, because they are few and the database sorts
    them. If `table` is set, this other table holds the ids of the rows, and `id` is the expression for an id.
    """

    columns: Sequence[str] = ()
    conditions: Sequence[str] = ()
    is_small: bool = False
    table: str | None = None
    id: str = "id"
    # The value of the order's first column, if all rows have the same value. The order's second column is
    # then the id.
    value: Any = None
    # A query for the ids of the rows. It replaces the conditions, and may be set only if the rows are ordered
    # by id.
    ids: str | None = None


WHOLE = (Range(),)

# NO_ID is less than every other id, and ALL_ID is greater than every other id.
NO_ID, ALL_ID = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition that keeps only the rows on one side of a sort key.

    The operator is `<`, `<=`, `>` or `>=`.
    """

    operator: str
    key: Sequence[Any]


class Select:
    """Builds one statement for either database. Values become parameters. All other text is trusted.

    Rows hold the driver's values. On SQLite, ids and times are text. If `read` is given, it sends the
    statement later, together with other statements (see `read_together`).
    """

    def __init__(self, read: Callable[[Statement], Awaitable[Sequence[Any]]] | None = None) -> None:
        self._connection: Any = get_connection("default")
        self._read_later = read
        self.is_sqlite = self._connection.capabilities.dialect == "sqlite"
        self.values: list[Any] = []

    def value(self, value: Any) -> str:
        """Add a parameter and return its placeholder."""
        if self.is_sqlite and isinstance(value, UUID | datetime):
            value = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        self.values.append(value)
        return f"{'?' if self.is_sqlite else '$'}{len(self.values)}"

    def is_any(self, column: str, values: Iterable[Any]) -> str:
        if self.is_sqlite:
            return f"{column} IN ({', '.join(map(self.value, values))})"
        return f"{column} = ANY({self.value(list(values))})"

    def is_free(self, column: str, rows: str) -> str:
        """A condition for an UPDATE or DELETE. It selects the rows whose value is in the subquery `rows` and
        that no other transaction is changing.

        YugabyteDB has no SKIP LOCKED for serializable transactions. With the portable profile, one of two
        transactions that change the same row is repeated instead.
        """
        if self.is_sqlite:
            return f"{column} IN ({rows})"
        # With ARRAY, the subquery runs only once in every query plan.
        end = "" if self._connection.is_portable else " FOR UPDATE SKIP LOCKED"
        return f"{column} = ANY(ARRAY({rows}{end}))"

    def pairs(self, pairs: Sequence[tuple[str, str]], name: str) -> str:
        """A table of pairs of texts, with the columns `column1` and `column2`, for the FROM clause."""
        if self.is_sqlite:
            rows = ", ".join(f"({self.value(first)}, {self.value(second)})" for first, second in pairs)
            return f"(VALUES {rows}) AS {name}"
        first, second = (self.value(list(values)) for values in zip(*pairs, strict=True))
        return f"unnest({first}::text[], {second}::text[]) AS {name}(column1, column2)"

    def _is_within(self, limit: "Limit", columns: Sequence[str], one: Range) -> str:
        """A condition that keeps the rows of a range that come before or after a sort key."""
        if one.value is None:
            key = ", ".join(map(self.opaque, limit.key))
            return f"({', '.join(columns)}) {limit.operator} ({key})"
        # With a row comparison, the database would read the range from its start. With a comparison of the
        # ids, it starts at the key.
        value, first, last = map(self.opaque, (one.value, *limit.key))
        ends = NO_ID, ALL_ID
        passed, missed = ends if limit.operator[0] == ">" else reversed(ends)
        return (
            f"{columns[1]} {limit.operator} (SELECT CASE WHEN {value} {limit.operator[0]} {first} THEN "
            f"{self.opaque(passed)} WHEN {value} = {first} THEN {last} ELSE {self.opaque(missed)} END)"
        )

    def begins_with(self, column: str, prefix: str) -> str:
        """A condition for a prefix. In an index that sorts by code point, the matches are a single range."""
        start, end = f"{column} >= {self.value(prefix)}", _end_of_prefix(prefix)
        return f"{start} AND {column} < {self.value(end)}" if end is not None else start

    def moment(self, offset: timedelta = timedelta()) -> str:
        """The time by the clock of `models.now`, plus the offset."""
        if self.is_sqlite:
            return self.value(datetime.now(UTC) + offset)
        # clock_timestamp() changes within a statement, so PostgreSQL would use no index.
        return f"(statement_timestamp() + {self.value(offset)}::interval)"

    # The following methods influence the choice of the query plan. Their names describe the effect.

    def opaque(self, value: Any) -> str:
        """A parameter that PostgreSQL's planner cannot see.

        Many rows can have the cursor's timestamp. If the planner saw this timestamp, it would expect too few
        rows after the cursor, and would sort all of them.
        """
        placeholder = self.value(value)
        return placeholder if self.is_sqlite else f"(SELECT {placeholder}::{TYPES[type(value)]})"

    def equals(self, column: str, value: Any) -> str:
        """An equality with a value that PostgreSQL's planner cannot see."""
        return f"{column} = {self.opaque(value)}"

    def equals_as_range(self, column: str, value: Any) -> str:
        """An equality for which PostgreSQL uses only an index that starts with this column. With a plain
        equality, it may scan another index in sort order and discard all rows that do not match, because it
        assumes that this column and the sort column are independent.

        Use `equals` for the later columns of an index. If this condition is on a later column, PostgreSQL
        before version 17 does not use the order of the index.
        """
        if self.is_sqlite:
            return self.equals(column, value)
        return f"{column} = ANY(ARRAY[{self.opaque(value)}])"

    def assume_common(self, condition: str) -> str:
        """The condition in a form for which PostgreSQL assumes that half of the rows match. It then reads the
        rows in index order.
        """
        return f"({condition})" if self.is_sqlite else f"coalesce({condition}, false)"

    def no_index_on_sqlite(self, column: str) -> str:
        """The column in a form for which SQLite uses no index. Unlike PostgreSQL, SQLite has no statistics
        with which it could compare the column's index with the index of the sort order.
        """
        return f"+{column}" if self.is_sqlite else column

    def no_index(self, column: str) -> str:
        """The column in a form for which neither database uses an index."""
        return f"+{column}" if self.is_sqlite else f"coalesce({column}, {column})"

    def contains(self, column: str, text: str) -> str:
        """A condition for rows whose column contains a text. The database checks it row by row."""
        function = "instr" if self.is_sqlite else "strpos"
        return f"{function}({column}, {self.value(text)}) > 0"

    def is_among(self, table: str, lists: Sequence[Sequence[Range]], limit: int | None = None) -> str:
        """A condition for the rows that are in every list of ranges, with up to `limit` rows of each range.

        PostgreSQL does not estimate the length of an array, so it looks up each id.
        """
        return self._has_id(self.ids_among(table, lists, limit))

    def ids_among(self, table: str, lists: Sequence[Sequence[Range]], limit: int | None = None) -> str:
        """A query for the ids of the rows that are in every list of ranges. It reads only indexes."""
        parts = [f"SELECT id FROM ({_ids(table, ranges, limit)}) AS listed" for ranges in lists]  # noqa: S608
        return " INTERSECT ".join(parts)

    def _has_id(self, ids: str) -> str:
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
        offset: int = 0,
        limits: Sequence[Limit] = (),
    ) -> Sequence[Any]:
        """The first rows after `offset` that meet all conditions and belong to one of these disjoint ranges.

        `limits` apply to the columns of `order`. Each range is read in the order of its index, up to `limit`
        rows, and the results are merged.
        """
        direction = " DESC" if descending else ""
        # If there is one range, the limit is a parameter, so that all limits share a prepared statement. If
        # there are several ranges or statements, PostgreSQL reuses a generic plan only if it knows the limit.
        if len(ranges) == 1 and self._read_later is None:
            limit_text = self.value(limit)
        else:
            limit_text = str(limit + offset if len(ranges) > 1 else limit)
        skip = f" OFFSET {offset}" if offset else ""
        parts = []
        for one in ranges:
            within = [self._is_within(limit, order, one) for limit in limits]
            where = _where([*one.conditions, *within, *conditions])
            if one.ids is not None:
                # Only the rows of the page are read.
                chosen = f"SELECT id FROM ({one.ids}) AS found{_where(within)}"  # noqa: S608
                where = f" WHERE {self._has_id(f'{chosen} ORDER BY id{direction} LIMIT {limit_text}')}"
            text = f"SELECT {', '.join(columns)} FROM {table}{where}"  # noqa: S608
            if one.is_small and not self.is_sqlite:
                # OFFSET 0 makes PostgreSQL find the rows before it sorts them. Otherwise it could scan the
                # whole index of the sort order.
                text = f"SELECT * FROM ({text} OFFSET 0) AS small"  # noqa: S608
            sorted_by = order if one.is_small else (*one.columns, *order)
            ordered = ", ".join(column + direction for column in dict.fromkeys(sorted_by))
            parts.append(f"{text} ORDER BY {ordered} LIMIT {limit_text}")
        if len(parts) > 1:
            ordered = ", ".join(column + direction for column in order)
            merged = " UNION ALL ".join(f"SELECT * FROM ({part}) AS one" for part in parts)  # noqa: S608
            parts = [f"{merged} ORDER BY {ordered} LIMIT {limit}"]
        return await self._read(parts[0] + skip, tuple(columns)) if parts else []

    async def matches(self, columns: Sequence[str], table: str, conditions: Sequence[str]) -> Sequence[Any]:
        """All rows that meet all conditions, in any order."""
        text = f"SELECT {', '.join(columns)} FROM {table}{_where(conditions)}"  # noqa: S608
        return await self._read(text, tuple(columns))

    async def newest_of_each(
        self,
        columns: str,
        table: str,
        owner: str,
        ids: Sequence[UUID],
        limit: int,
        after: str | None,
        conditions: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """The newest rows of each object that are older than the row `after`, at most `limit` of each.

        `owner` is the column with the objects' ids. The newest rows come first.
        """
        parts = [f"{owner} IN ({', '.join(map(self.value, ids))})", *conditions]
        if after is not None:
            parts.append(f"id < {self.value(after)}")
        return await self.execute(
            f"SELECT {columns} FROM (SELECT {columns}, ROW_NUMBER() OVER"  # noqa: S608
            f" (PARTITION BY {owner} ORDER BY id DESC) AS place FROM {table}{_where(parts)}) AS ranked"
            f" WHERE place <= {int(limit)} ORDER BY id DESC"
        )

    async def count(self, table: str, lists: Sequence[Sequence[Range]], limit: int | None) -> Sequence[int]:
        """The number of rows of each list of ranges. Each range is counted up to `limit`."""
        counts = [f"(SELECT count(*) FROM ({_ids(table, ranges, limit)}) AS counted)" for ranges in lists]  # noqa: S608
        return list((await self._read(f"SELECT {', '.join(counts)}", len(counts)))[0])

    async def count_by(
        self, column: str, table: str, conditions: Sequence[str], limit: int | None = None
    ) -> dict[Any, int]:
        """The number of rows with each value of a column, among at most `limit` rows that meet the
        conditions.
        """
        end = f" LIMIT {limit}" if limit is not None else ""
        rows = f"SELECT {column} FROM {table}{_where(conditions)}{end}"  # noqa: S608
        text = f"SELECT {column}, count(*) FROM ({rows}) AS counted GROUP BY {column}"  # noqa: S608
        counts = await self._read(text, (column, "count"))
        return {row[0]: row[1] for row in counts}

    def id_at_end(self, column: str) -> str:
        """An expression for the id at the end of a text column."""
        return f"substr({column}, -36)" if self.is_sqlite else f"right({column}, 36)::uuid"

    async def execute(self, text: str) -> list[dict[str, Any]]:
        """Execute any statement with the parameters of this object. Each row maps columns to values."""
        rows: list[dict[str, Any]] = await self._connection.execute_query_dict(text, self.values)
        return rows

    async def _read(self, text: str, shape: Hashable) -> Sequence[Any]:
        if self._read_later is not None:
            return await self._read_later(Statement(text, self.values, shape))
        return await read(self._connection, text, self.values)


def time_of_row(value: Any) -> datetime:
    """The time in a row. SQLite returns text."""
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time.astimezone(UTC)


def id_of_row(value: Any) -> UUID:
    """The id in a row. SQLite returns text."""
    return value if isinstance(value, UUID) else UUID(str(value))


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _ids(table: str, ranges: Sequence[Range], limit: int | None) -> str:
    """A query for the ids of each range, up to the limit for each."""
    end = f" LIMIT {limit}" if limit is not None else ""
    return " UNION ALL ".join(
        f"SELECT id FROM (SELECT {one.id} AS id FROM {one.table or table}{_where(one.conditions)}"  # noqa: S608
        f" ORDER BY {', '.join(one.columns)}{end}) AS one"
        for one in ranges
    )


def _end_of_prefix(prefix: str) -> str | None:
    """The first text that sorts after all texts with this prefix. None if no such text exists."""
    rest = prefix.rstrip(chr(sys.maxunicode))
    if not rest:
        return None
    following = ord(rest[-1]) + 1
    # U+D800 to U+DFFF are surrogates, not characters.
    return rest[:-1] + chr(0xE000 if following == 0xD800 else following)
