"""`python -m testing.seed URL N M`: fill a database with N merchants and M payments.

The service's own code builds a few dozen shapes. A shape is a merchant with placeholders, called marks, for
the values that differ between merchants. Each merchant is a copy of a shape in which the merchant's own
values replace the marks, so each document equals the result of `document.build`. Equal arguments give equal
rows.
"""

import asyncio
import functools
import itertools
import random
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tortoise.context import TortoiseContext
from tortoise.models import Model

from connect.merchants.rules.document import fold, global_id, wire_time
from connect.merchants.rules.words import searchable, words
from models import ConnectedAccount, Merchant, MerchantWord, TimelineEntry, database
from testing import seed_payments, shapes, templates
from testing.seed_payments import Owner
from testing.templates import Pattern, Row, Swaps, key, letters, stored

MODELS = (Merchant, ConnectedAccount, TimelineEntry, MerchantWord)
BATCH = 2_000
# Every fifth merchant has a timeline, which is enough for the measurements.
TIMELINES = 5
# The age of the first merchant.
AGE = timedelta(days=800)

FIRST = "Amber Birch Café Clover Copper Elm Harbour Juniper Maple Meadow Müller Northern Olive Silver Willow"
SECOND = "Bakery Bikes Books Ceramics Coffee Flowers Fitness Garden Kitchen Lighting Music Outdoor Pets Yoga"
THIRD = "Co Collective House Limited Market Shop Store Studio Supply Works"
NAMES = tuple(map(" ".join, itertools.product(FIRST.split(), SECOND.split(), THIRD.split())))

UUIDS = (shapes.MERCHANT, shapes.ACCOUNT, *shapes.ENTRIES)
TIMES = (shapes.CREATED, shapes.SYNCED, shapes.ACTIVE)
NODES = (global_id("Merchant", shapes.MERCHANT), global_id("ConnectedAccount", shapes.ACCOUNT))
FOUND = searchable(words(shapes.NAME, shapes.EMAIL, shapes.EXTERNAL_ID))
WORDS = (
    *(FOUND, shapes.EXTERNAL_ID, shapes.NAME, fold(shapes.NAME), shapes.EMAIL),
    *(shapes.STRIPE_ID, shapes.PERSON),
)
STORED = stored(shapes.CREATED)
# The mark in the country's column, and the mark of the country in a document.
COUNTRY, COUNTRY_FIELD = "country column", '"country":"US"'
COUNTRIES = ("US",) * 60 + ("DE",) * 20 + ("FR",) * 15 + ("AT",) * 4 + ("IE",)
MARKS = (
    *(*map(str, UUIDS), *(str(wire_time(at)) for at in TIMES), STORED, *NODES, *WORDS),
    *(COUNTRY, COUNTRY_FIELD),
)
MARK = templates.one_of(MARKS)


@dataclass(frozen=True)
class Template:
    """The rows of one shape for each table, as database values."""

    weight: float
    rows: tuple[tuple[Pattern, ...], ...]


def external_id(number: int) -> str:
    """The external id of the merchant with this number, from 1."""
    return f"customer-{number:07}"


async def seed(database_url: str, merchants: int, seed: int = 1, *, payments: int = 0) -> None:
    """Migrate the database and fill it with these numbers of merchants and payments."""
    await database.migrate(database_url)
    settings = database.config(database_url)
    credentials = settings["connections"]["default"]["credentials"]
    owners: list[Owner] = []
    async with TortoiseContext() as context:
        await context.init(config=settings)
        batches = _batches(_templates(), merchants, random.Random(seed), owners)
        await templates.write(credentials, [templates.table(one) for one in MODELS], batches)
        if payments:
            tables = [templates.table(one) for one in seed_payments.MODELS]
            batches = seed_payments.batches(owners, payments, random.Random(f"payments {seed}"))
            await templates.write(credentials, tables, batches)


@functools.cache
def _templates() -> list[Template]:
    return [_template(shape) for shape in shapes.shapes()]


def _template(shape: shapes.Shape) -> Template:
    account = [shape.account] if shape.account else []
    tables: tuple[Sequence[Model], ...] = [shape.merchant], account, shape.entries
    return Template(shape.weight, tuple(tuple(map(_pattern, rows)) for rows in tables))


def _pattern(row: Model) -> Pattern:
    return templates.pattern(row, MARK, TIMES, {"country": COUNTRY})


def _batches(
    made: Sequence[Template], merchants: int, chance: random.Random, owners: list[Owner]
) -> Iterator[list[list[Row]]]:
    """The rows for each table, in batches of merchants. Adds the merchants with an account to `owners`."""
    weights = list(itertools.accumulate(template.weight for template in made))
    for start in range(1, merchants + 1, BATCH):
        batch: list[list[Row]] = [[], [], [], []]
        for number in range(start, min(start + BATCH, merchants + 1)):
            (template,) = chance.choices(made, cum_weights=weights)
            swaps = _swaps(number, merchants, chance)
            has_timeline = number % TIMELINES == 0
            for rows, of_table in zip(batch, template.rows[: 3 if has_timeline else 2], strict=False):
                rows.extend(pattern.fill(swaps) for pattern in of_table)
            merchant_id = swaps[str(shapes.MERCHANT)]
            batch[3].extend((f"{word} {merchant_id}",) for word in swaps[FOUND].split())
            if template.rows[1]:
                owners.append(Owner(uuid.UUID(merchant_id), external_id(number), swaps[shapes.STRIPE_ID]))
        yield batch


def _swaps(number: int, merchants: int, chance: random.Random) -> Swaps:
    """The value that replaces each mark for this merchant."""
    created = shapes.NOW - AGE + (AGE - timedelta(days=30)) * number / merchants
    created = created.replace(microsecond=created.microsecond // 1000 * 1000)
    moments = (
        created,
        shapes.NOW - timedelta(milliseconds=chance.randrange(6 * 3_600_000)),
        created + timedelta(milliseconds=chance.randrange(86_400_000, 20 * 86_400_000)),
    )
    ids = [key(created, order, chance) for order, _ in enumerate(UUIDS)]
    name = f"{chance.choice(NAMES)} {number}"
    email = f"owner{number}@{chance.choice(SECOND.split()).lower()}.example"
    texts = (
        searchable(words(name, email, external_id(number))),
        external_id(number),
        name,
        fold(name),
        email,
        f"acct_{letters(chance, 16)}",
        f"person_{letters(chance, 24)}",
    )
    country = chance.choice(COUNTRIES)
    nodes = global_id("Merchant", ids[0]), global_id("ConnectedAccount", ids[1])
    times = *map(wire_time, moments), stored(created)
    countries = country, COUNTRY_FIELD.replace("US", country)
    marks = zip(MARKS, (*map(str, ids), *times, *nodes, *texts, *countries), strict=True)
    return dict(marks) | dict(zip(TIMES, moments, strict=True))


def main(database_url: str, merchants: str, payments: str = "0") -> None:
    """Fill the database."""
    asyncio.run(seed(database_url, int(merchants), payments=int(payments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
