"""Several statements are sent as one, and each gets its own rows."""

import asyncio
import uuid

import pytest
from strawberry.dataloader import DataLoader

from models.sql import Range, Select
from models.statements import MAX_PARTS, MAX_VALUES, read_together
from testing.merchants import build_merchant, store
from testing.statements import recorded


@pytest.mark.slow
async def test_statements_of_one_shape_are_sent_as_one(database: str) -> None:  # noqa: ARG001
    await store([build_merchant(f"shop-{number:03}") for number in range(9)])
    loader = DataLoader(read_together, cache=False)

    async def names(descending: bool, size: int, *above: str) -> list[str]:
        select = Select(loader.load)
        conditions = [f"external_id > {select.value(name)}" for name in above]
        rows = await select.rows(
            ["external_id"], "merchant", conditions, ["external_id"], size, descending=descending
        )
        return [row[0] for row in rows]

    async def count(name: str) -> list[int]:
        select = Select(loader.load)
        matching = Range(["external_id"], [f"external_id > {select.value(name)}"])
        return list(await select.count("merchant", [[matching], [Range(["id"])]], None))

    with recorded() as statements:
        answers = await asyncio.gather(
            names(True, 2),
            names(False, 3, "shop-001"),
            count("shop-005"),
            count("shop-100"),
            names(False, 1, "z"),
        )
    assert list(answers) == [
        *(["shop-008", "shop-007"], ["shop-002", "shop-003", "shop-004"], [3, 9], [0, 9], []),
    ]
    assert statements.count == 2

    # More statements than `read_together` joins into one.
    with recorded() as statements:
        several = await asyncio.gather(*(names(True, 1) for _ in range(MAX_PARTS + 1)))
    assert (several, statements.count) == ([["shop-008"]] * (MAX_PARTS + 1), 2)

    async def among(last: str) -> list[str]:
        select = Select(loader.load)
        conditions = [" OR ".join(f"external_id = {select.value(name)}" for name in [*unknown, last])]
        return [row[0] for row in await select.rows(["external_id"], "merchant", conditions, ["id"], 1)]

    # More values than one statement may have.
    unknown = [uuid.uuid4().hex for _ in range(MAX_VALUES // 100)]
    with recorded() as statements:
        several = await asyncio.gather(*(among("shop-004") for _ in range(101)))
    assert (several, statements.count) == ([["shop-004"]] * 101, 2)
