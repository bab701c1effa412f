"""The query plans of recorded statements, for tests of the indexes that they use."""

import contextlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from tortoise.connection import get_connection

from testing.statements import Statements

# PostgreSQL may sort up to this number of rows instead of using an index that has the requested order.
MAX_SORTED = 1000

Index = tuple[str, ...]

TABLES = "merchant|merchant_word|connected_account|former_account|payment|payment_object|outgoing_event"


@dataclass(frozen=True)
class Plan:
    """The parts of a query plan that tests check."""

    indexes: frozenset[Index]
    # Reads that use no index: the names of the tables on PostgreSQL, or the steps of the plan on SQLite.
    scans: Sequence[str]
    # Whether the plan sorts the rows of a table. On PostgreSQL, sorts of up to MAX_SORTED rows do not
    # count.
    sorts: bool


def windows(cursor: str) -> list[dict[str, Any]]:
    """The arguments of four pages: in both directions, from an end of the list and from a cursor."""
    return [{"first": 20}, {"first": 20, "after": cursor}, {"last": 20}, {"last": 20, "before": cursor}]


def selects(statements: Statements) -> list[tuple[str, Any]]:
    pairs = zip(statements.texts, statements.parameters, strict=True)
    return [(text, values) for text, values in pairs if text.startswith("SELECT")]


# Returns the query plans of a statement, given its parameter values.
Explain = Callable[[str, list[Any]], Awaitable[list[Plan]]]


@contextlib.asynccontextmanager
async def explaining(url: str) -> AsyncIterator[Explain]:
    """Yield a function that returns the plans of a statement.

    On PostgreSQL, a statement has two plans: one for the given values, and the generic plan for all values.
    """
    if url.startswith("sqlite"):
        connection = get_connection("default")
        names = await connection.execute_query_dict(
            "SELECT i.name AS name, c.name AS of FROM sqlite_master t, pragma_index_list(t.name) i,"
            " pragma_index_info(i.name) c WHERE t.type = 'table' ORDER BY c.seqno"
        )
        of_sqlite = _columns((row["name"], row["of"]) for row in names)

        async def explain_sqlite(text: str, values: list[Any]) -> list[Plan]:
            _, rows = await connection.execute_query(f"EXPLAIN QUERY PLAN {text}", values)
            return [_sqlite([tuple(row) for row in rows], of_sqlite)]

        yield explain_sqlite
        return
    server = await asyncpg.connect(url)
    try:
        rows = await server.fetch(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute"
            " JOIN pg_index ON attrelid = indexrelid ORDER BY attnum"
        )
        of_server = _columns(rows)
        await server.execute("SET plan_cache_mode = force_generic_plan")
        generic: dict[str, Plan] = {}

        async def ask(statement: str, *values: Any) -> Plan:
            result = await server.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
            return _postgresql(json.loads(result)[0]["Plan"], of_server)

        async def explain(text: str, values: list[Any]) -> list[Plan]:
            if text not in generic:
                nulls = f"({', '.join(['NULL'] * len(values))})" if values else ""
                await server.execute(f"PREPARE statement AS {text}")
                generic[text] = await ask(f"EXECUTE statement{nulls}")
                await server.execute("DEALLOCATE statement")
            return [await ask(text, *values), generic[text]]

        yield explain
    finally:
        await server.close()


def _columns(rows: Iterable[tuple[str, str]]) -> dict[str, Index]:
    result: dict[str, Index] = {}
    for name, column in rows:
        result[name] = (*result.get(name, ()), column)
    return result


def _postgresql(root: dict[str, Any], columns: dict[str, Index]) -> Plan:
    indexes, scans, sorts = set(), [], False
    waiting = [(root, False)]
    while waiting:
        node, is_sorted = waiting.pop()
        if node["Node Type"].endswith("Seq Scan"):
            scans.append(node["Relation Name"])
        if "Index Name" in node:
            indexes.add(columns[node["Index Name"]])
            sorts = sorts or is_sorted
        # A plan may sort the result of a subquery that has a limit, and up to MAX_SORTED other rows.
        is_sorted = is_sorted or ("Sort" in node["Node Type"] and node["Plan Rows"] > MAX_SORTED)
        is_sorted = is_sorted and node["Node Type"] != "Limit"
        waiting += [(child, is_sorted) for child in node.get("Plans", [])]
    return Plan(frozenset(indexes), scans, sorts)


def _sqlite(rows: Sequence[tuple[int, int, int, str]], columns: dict[str, Index]) -> Plan:
    reads = [(parent, step) for _, parent, _, step in rows if re.match(rf"(SCAN|SEARCH) ({TABLES})\b", step)]
    named = [re.search(r"USING (?:COVERING )?INDEX (\w+)", step) for _, step in reads]
    sorted_of = {parent for _, parent, _, step in rows if step.startswith("USE TEMP B-TREE")}
    return Plan(
        frozenset(columns[result[1]] for result in named if result),
        [step for (_, step), result in zip(reads, named, strict=True) if not result],
        any(parent in sorted_of for parent, _ in reads),
    )
