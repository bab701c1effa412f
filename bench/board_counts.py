"""`python -m bench.board_counts`: the time that the operator board's counts take as the number of merchants
grows.

The database contains seeded merchants and copies of them. The copies have empty documents, because no count
reads a document. About half of the copies are stuck in a stage of onboarding. Each time is the shortest of
REPEATS measurements.
"""

# ruff: noqa: S608 -- the values are numbers and names of columns

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from tortoise import connections
from tortoise.context import TortoiseContext

from api.server import logs
from connect.merchants import funnel
from connect.scope import Principal, Role
from models import Merchant, database
from resolvers.merchants.reading import merchant_list
from testing import seed
from testing.databases import empty

SIZES = "100000,400000,1000000"
SEEDED = 10_000
REPEATS = 7
STUCK_DAYS = 3
WAITING = "CREATED", "LINK_ISSUED", "FORM_LEFT", "INFORMATION_NEEDED", "IN_REVIEW"
INDEXES = "SELECT * FROM pg_indexes WHERE tablename = 'merchant' AND indexdef NOT LIKE '%UNIQUE%'"
COUNTS: dict[str, Callable[[], Awaitable[Mapping[Any, int] | None]]] = {
    "merchants by status": partial(merchant_list.count, Principal("bench", Role.OPERATOR), None),
    "merchants by stage": funnel.counts,
    f"stuck for {STUCK_DAYS} days": partial(funnel.stuck, STUCK_DAYS),
}


async def measure(url: str, merchants: int) -> None:
    """Fill the database. Then print the time and the total of each count."""
    await seed.seed(url, SEEDED)
    is_file = url.startswith("sqlite")
    async with TortoiseContext() as context:
        await context.init(config=database.config(url))
        connection = connections.get("default")
        try:
            # It is faster to build the indexes after the rows are copied.
            indexes = [] if is_file else await connection.execute_query_dict(INDEXES)
            for index in indexes:
                await connection.execute_script(f"DROP INDEX {index['indexname']}")
            for copy in range(1, merchants // SEEDED):
                await connection.execute_script(_copy(copy, is_file=is_file))
            for index in indexes:
                await connection.execute_script(index["indexdef"])
            # PostgreSQL can count with an index alone, without the table, only if it knows that all rows are
            # visible.
            await connection.execute_script("ANALYZE" if is_file else "VACUUM ANALYZE merchant")
            for name, read in COUNTS.items():
                times, total = [], 0
                for _ in range(REPEATS):
                    at = time.perf_counter()
                    total = sum((await read() or {}).values())
                    times.append(time.perf_counter() - at)
                click.echo(f"| {merchants:,} | {name} | {total:,} | {min(times) * 1000:.1f} |")
        finally:
            await context.close_connections()


def _copy(number: int, *, is_file: bool) -> str:
    """The statement that copies all seeded merchants."""
    changed = {
        "id": f"'{number:08x}-0000-7000-8000-' || lower(hex(randomblob(6)))"
        if is_file
        else "gen_random_uuid()",
        "external_id": f"external_id || '-{number}'",
        "document": "'{}'",
        "merchant_document": "NULL",
    }
    if number % 2:
        stage = WAITING[number // 2 % len(WAITING)]
        changed |= {"onboarding_stage": f"'{stage}'", "onboarding_stage_since": "created_at"}
    columns = list(Merchant._meta.fields_db_projection.values())  # noqa: SLF001 -- the names of the columns
    values = ", ".join(changed.get(name, name) for name in columns)
    seeded = "external_id LIKE 'customer-_______'"
    return f"INSERT INTO merchant ({', '.join(columns)}) SELECT {values} FROM merchant WHERE {seeded}"


@click.command()
@click.option("--database", "kind", type=click.Choice(["sqlite", "postgresql"]), default="postgresql")
@click.option(
    "--sizes", default=SIZES, show_default=True, help="Numbers of merchants, each in a new database."
)
def main(kind: str, sizes: str) -> None:
    """Measure the counts."""
    logs.configure(json=False, level="error")
    click.echo(f"{kind}, the shortest of {REPEATS} times, in milliseconds")
    for merchants in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder, empty(kind, Path(folder)) as url:
            asyncio.run(measure(url, merchants))


if __name__ == "__main__":
    main()
