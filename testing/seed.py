"""`python -m testing.seed URL N`: fill a database with N merchants, as after months of use.

The service's own code builds a few hundred shapes. Each merchant is a copy of a shape with its own values in
place of the marks, so each document equals the result of `document.build`. Equal arguments give equal rows.
"""

import asyncio
import contextlib
import itertools
import random
import re
import sqlite3
import string
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from tortoise.context import TortoiseContext
from tortoise.models import Model

from connect.merchants.rules.document import fold, global_id, wire_time
from connect.merchants.rules.words import searchable, words
from models import ConnectedAccount, Merchant, MerchantWord, TimelineEntry, database
from models.engine.asyncpg import connect_to_server
from testing import shapes

BATCH = 10_000
# Every fifth merchant has a timeline, which is enough for the measurements.
TIMELINES = 5
# The age of the first merchant.
AGE = timedelta(days=800)

FIRST = "Amber Birch Café Clover Copper Elm Harbour Juniper Maple Meadow Müller Northern Olive Silver Willow"
SECOND = "Bakery Bikes Books Ceramics Coffee Flowers Fitness Garden Kitchen Lighting Music Outdoor Pets Yoga"
THIRD = "Co Collective House Limited Market Shop Store Studio Supply Works"
NAMES = tuple(map(" ".join, itertools.product(FIRST.split(), SECOND.split(), THIRD.split())))

ALPHABET = string.ascii_letters + string.digits

Row = tuple[Any, ...]
Swaps = dict[Any, Any]


# A value. A text with placeholders becomes a tuple of parts, in which each placeholder is a part.
Cell = Any
Texts = tuple[str, ...]

UUIDS = (shapes.MERCHANT, shapes.ACCOUNT, *shapes.ENTRIES)
TIMES = (shapes.CREATED, shapes.SYNCED, shapes.ACTIVE)
NODES = (global_id("Merchant", shapes.MERCHANT), global_id("ConnectedAccount", shapes.ACCOUNT))
FOUND = searchable(words(shapes.NAME, shapes.EMAIL, shapes.EXTERNAL_ID))
WORDS = (
    *(FOUND, shapes.EXTERNAL_ID, shapes.NAME, fold(shapes.NAME), shapes.EMAIL),
    *(shapes.STRIPE_ID, shapes.PERSON),
)


def _stored(at: datetime) -> str:
    """The time in the format of a snapshot."""
    return str(msgspec.to_builtins(at))


STORED = _stored(shapes.CREATED)
# The country as a column and in a document.
COUNTRY, COUNTRY_FIELD = "country column", '"country":"US"'
COUNTRIES = ("US",) * 60 + ("DE",) * 20 + ("FR",) * 15 + ("AT",) * 4 + ("IE",)
MARKS = (
    *(*map(str, UUIDS), *(str(wire_time(at)) for at in TIMES), STORED, *NODES, *WORDS),
    *(COUNTRY, COUNTRY_FIELD),
)
MARK = re.compile("|".join(map(re.escape, MARKS)))


@dataclass(frozen=True)
class Table:
    """The name of a table and the names of its columns."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """The rows of one shape for each table, as values of the database."""

    weight: float
    rows: tuple[tuple[tuple[Cell, ...], ...], ...]


def external_id(number: int) -> str:
    """The external id of the merchant with this number, from 1."""
    return f"customer-{number:07}"


async def seed(database_url: str, merchants: int, seed: int = 1) -> None:
    """Migrate the database and fill it with this number of merchants."""
    await database.migrate(database_url)
    settings = database.config(database_url)
    async with TortoiseContext() as context:
        await context.init(config=settings)
        templates = [_template(shape) for shape in shapes.shapes()]
        tables = [_table(model) for model in (Merchant, ConnectedAccount, TimelineEntry, MerchantWord)]
    credentials = settings["connections"]["default"]["credentials"]
    batches = _batches(templates, merchants, random.Random(seed))
    if "file_path" in credentials:
        await asyncio.to_thread(_write_file, credentials["file_path"], tables, batches)
    else:
        await _write_server(credentials, tables, batches)


def _write_file(path: str, tables: Sequence[Table], batches: Iterator[Sequence[Sequence[Row]]]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for batch in batches:
            with connection:
                for table, rows in zip(tables, batch, strict=True):
                    marks = ", ".join("?" * len(table.columns))
                    columns = ", ".join(f'"{name}"' for name in table.columns)
                    insert = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'
                    connection.executemany(insert, rows)
        connection.execute("ANALYZE")
        connection.commit()


async def _write_server(
    credentials: dict[str, Any], tables: Sequence[Table], batches: Iterator[Sequence[Sequence[Row]]]
) -> None:
    connection = await connect_to_server(credentials, purpose="seed")
    try:
        # VACUUM marks only rows whose commit is on disk.
        await connection.execute("SET synchronous_commit = on")
        for batch in batches:
            async with connection.transaction():
                for table, rows in zip(tables, batch, strict=True):
                    await connection.copy_records_to_table(
                        table.name, records=rows, columns=table.columns, timeout=300
                    )
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()


def _table(model: type[Model]) -> Table:
    return Table(model._meta.db_table, tuple(model._meta.fields_db_projection.values()))


def _template(shape: shapes.Shape) -> Template:
    account = [shape.account] if shape.account else []
    tables: tuple[Sequence[Model], ...] = [shape.merchant], account, shape.entries
    return Template(shape.weight, tuple(tuple(map(_cells, rows)) for rows in tables))


def _cells(row: Model) -> tuple[Cell, ...]:
    fields = row._meta.fields_map
    names = row._meta.fields_db_projection
    return tuple(
        (COUNTRY,) if name == "country" else _cut(fields[name].to_db_value(getattr(row, name), row))
        for name in names
    )


def _cut(value: Any) -> Cell:
    if not isinstance(value, str) or not MARK.search(value):
        return value
    return tuple(re.split(f"({MARK.pattern})", value))


def _batches(
    templates: Sequence[Template], merchants: int, chance: random.Random
) -> Iterator[list[list[Row]]]:
    """The rows for each table, in batches of merchants."""
    weights = list(itertools.accumulate(template.weight for template in templates))
    for start in range(1, merchants + 1, BATCH):
        batch: list[list[Row]] = [[], [], [], []]
        for number in range(start, min(start + BATCH, merchants + 1)):
            (template,) = chance.choices(templates, cum_weights=weights)
            swaps = _swaps(number, merchants, chance)
            has_timeline = number % TIMELINES == 0
            for rows, of_table in zip(batch, template.rows[: 3 if has_timeline else 2], strict=False):
                rows.extend(tuple(_fill(cell, swaps) for cell in cells) for cells in of_table)
            key = swaps[str(shapes.MERCHANT)]
            batch[3].extend((f"{word} {key}",) for word in swaps[FOUND].split())
        yield batch


def _fill(cell: Cell, swaps: Swaps) -> Any:
    if isinstance(cell, tuple):
        return "".join(map(swaps.get, cell, cell))
    return swaps[cell] if isinstance(cell, datetime) and cell in swaps else cell


def _swaps(number: int, merchants: int, chance: random.Random) -> Swaps:
    """The replacements of the marks for this merchant."""
    created = shapes.NOW - AGE + (AGE - timedelta(days=30)) * number / merchants
    created = created.replace(microsecond=created.microsecond // 1000 * 1000)
    moments = (
        created,
        shapes.NOW - timedelta(milliseconds=chance.randrange(6 * 3_600_000)),
        created + timedelta(milliseconds=chance.randrange(86_400_000, 20 * 86_400_000)),
    )
    ids = [_uuid7(created, order, chance) for order, _ in enumerate(UUIDS)]
    name = f"{chance.choice(NAMES)} {number}"
    email = f"owner{number}@{chance.choice(SECOND.split()).lower()}.example"
    texts = (
        searchable(words(name, email, external_id(number))),
        external_id(number),
        name,
        fold(name),
        email,
        f"acct_{_letters(chance, 16)}",
        f"person_{_letters(chance, 24)}",
    )
    country = chance.choice(COUNTRIES)
    nodes = global_id("Merchant", ids[0]), global_id("ConnectedAccount", ids[1])
    times = *map(wire_time, moments), _stored(created)
    countries = country, COUNTRY_FIELD.replace("US", country)
    marks = zip(MARKS, (*map(str, ids), *times, *nodes, *texts, *countries), strict=True)
    return dict(marks) | dict(zip(TIMES, moments, strict=True))


def _uuid7(at: datetime, order: int, chance: random.Random) -> uuid.UUID:
    moment = int(at.timestamp() * 1000)
    return uuid.UUID(int=moment << 80 | 0x7 << 76 | order << 64 | 0x2 << 62 | chance.getrandbits(62))


def _letters(chance: random.Random, length: int) -> str:
    """Random letters and digits, as in Stripe's ids."""
    return "".join(chance.choices(ALPHABET, k=length))


def main(database_url: str, merchants: str) -> None:
    """Fill the database."""
    asyncio.run(seed(database_url, int(merchants)))


if __name__ == "__main__":
    main(*sys.argv[1:])
