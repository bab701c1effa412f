"""Rows with marks, which are placeholders. `testing.seed` copies the rows and replaces the marks."""

import asyncio
import contextlib
import random
import re
import sqlite3
import string
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from tortoise.models import Model

from models.engine.asyncpg import connect_to_server

ALPHABET = string.ascii_letters + string.digits

Row = tuple[Any, ...]
Swaps = dict[Any, Any]
# The rows for each table.
Batch = Sequence[Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Table:
    """The name of a table and the names of its columns."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of database values. A text that contains marks is split into a tuple of parts, and each mark is
    one part."""

    cells: Row
    # The positions of the cells with marks.
    marked: tuple[int, ...]

    def fill(self, swaps: Swaps) -> Row:
        """The row with these values in place of the marks."""
        cells = list(self.cells)
        for place in self.marked:
            cell = cells[place]
            cells[place] = "".join(map(swaps.get, cell, cell)) if isinstance(cell, tuple) else swaps[cell]
        return tuple(cells)


def table(model: type[Model]) -> Table:
    """The table of a model. Its columns have the same order as the cells of a pattern."""
    return Table(model._meta.db_table, tuple(model._meta.fields_db_projection.values()))


def one_of(marks: Sequence[str]) -> re.Pattern[str]:
    """An expression that finds each of these marks."""
    return re.compile("|".join(map(re.escape, marks)))


def pattern(
    row: Model, marks: re.Pattern[str], times: Sequence[datetime], whole: Mapping[str, str] | None = None
) -> Pattern:
    """The pattern of a row. `whole` maps the names of columns whose whole value is a mark to these marks."""
    fields, whole = row._meta.fields_map, whole or {}
    cells, marked = [], []
    for place, name in enumerate(row._meta.fields_db_projection):
        value = fields[name].to_db_value(getattr(row, name), row)
        if name in whole and value is not None:
            value = (whole[name],)
        elif isinstance(value, str) and marks.search(value):
            value = tuple(re.split(f"({marks.pattern})", value))
        if isinstance(value, tuple) or (isinstance(value, datetime) and value in times):
            marked.append(place)
        cells.append(value)
    return Pattern(tuple(cells), tuple(marked))


def stored(at: datetime) -> str:
    """The time in the format of a snapshot."""
    return str(msgspec.to_builtins(at))


def key(at: datetime, order: int, chance: random.Random) -> uuid.UUID:
    """A UUIDv7 of this time. Equal times are ordered by `order`."""
    moment = int(at.timestamp() * 1000)
    return uuid.UUID(int=moment << 80 | 0x7 << 76 | order << 64 | 0x2 << 62 | chance.getrandbits(62))


def letters(chance: random.Random, length: int) -> str:
    """Random letters and digits, as in Stripe's ids."""
    return "".join(chance.choices(ALPHABET, k=length))


async def write(credentials: dict[str, Any], tables: Sequence[Table], batches: Iterator[Batch]) -> None:
    """Write the batches, each in one transaction, and let the database analyze its tables."""
    if "file_path" in credentials:
        await asyncio.to_thread(_write_file, credentials["file_path"], tables, batches)
    else:
        await _write_server(credentials, tables, batches)


def _write_file(path: str, tables: Sequence[Table], batches: Iterator[Batch]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for batch in batches:
            with connection:
                for one, rows in zip(tables, batch, strict=True):
                    marks = ", ".join("?" * len(one.columns))
                    columns = ", ".join(f'"{name}"' for name in one.columns)
                    insert = f'INSERT INTO "{one.name}" ({columns}) VALUES ({marks})'
                    connection.executemany(insert, rows)
        connection.execute("ANALYZE")
        connection.commit()


async def _write_server(
    credentials: dict[str, Any], tables: Sequence[Table], batches: Iterator[Batch]
) -> None:
    connection = await connect_to_server(credentials, purpose="seed")
    try:
        # VACUUM marks a row as visible only if its commit is on disk.
        await connection.execute("SET synchronous_commit = on")
        for batch in batches:
            async with connection.transaction():
                for one, rows in zip(tables, batch, strict=True):
                    await connection.copy_records_to_table(
                        one.name, records=rows, columns=one.columns, timeout=300
                    )
        await connection.execute("VACUUM ANALYZE", timeout=1800)
    finally:
        await connection.close()
