"""The row batcher reads the rows of simultaneous requests in one statement."""

import asyncio

import pytest
from tortoise import connections

from connect.scope import Principal, Role
from resolvers.execution.row_batcher import RowBatcher
from resolvers.merchants.reading.merchant_lookup import MERCHANTS
from testing.merchants import build_merchant, store
from testing.statements import Statements

OPERATOR = Principal("somebody", Role.OPERATOR)


def _only(merchant: str) -> Principal:
    return Principal("somebody", Role.MERCHANT, merchant)


@pytest.fixture
async def names(database: str) -> list[str]:  # noqa: ARG001 -- the fixture connects to it
    merchants = [build_merchant(f"shop-{number}") for number in range(6)]
    await store(merchants)
    return [one.merchant.external_id for one in merchants]


async def test_one_statement_reads_the_rows_of_several_callers(
    names: list[str], statements: Statements
) -> None:
    batcher = RowBatcher(MERCHANTS, "external_id", "document")
    requests = [(OPERATOR, name) for name in [*names, "nobody"]]
    requests += [(_only("shop-1"), "shop-1"), (_only("shop-1"), "shop-2"), (_only(""), "shop-3")]
    statements.clear()
    rows = await asyncio.gather(
        *(batcher.row(caller, name, with_document=False) for caller, name in requests)
    )
    owners = [row[0] if row is not None else None for row in rows]
    assert owners == [*names, None, "shop-1", None, None]
    # The first request is read alone, then all others together.
    assert statements.count == 2


async def test_rows_are_read_by_id_too(database: str) -> None:  # noqa: ARG001 -- the fixture connects to it
    one = build_merchant("shop-1")
    await store([one])
    row = await RowBatcher(MERCHANTS, "id", "document").row(OPERATOR, one.merchant.id, with_document=True)
    assert (row[0], row[-1]) == ("shop-1", one.merchant.document)


@pytest.mark.parametrize("cancelled", [0, 1, 3])
async def test_a_cancelled_request_does_not_fail_the_others(names: list[str], cancelled: int) -> None:
    batcher = RowBatcher(MERCHANTS, "external_id", "document")
    for turns in range(12):  # cancel while the request submits, waits or reads
        tasks = [asyncio.create_task(batcher.row(OPERATOR, name, with_document=True)) for name in names]
        for _ in range(turns):
            await asyncio.sleep(0)
        tasks[cancelled].cancel()
        rows = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)
        for place, (row, name) in enumerate(zip(rows, names, strict=True)):
            if place == cancelled and isinstance(row, asyncio.CancelledError):
                continue
            assert not isinstance(row, BaseException)
            assert row[0] == name
        assert (await batcher.row(OPERATOR, names[0], with_document=True))[0] == names[0]


async def test_an_error_fails_only_its_batch(names: list[str]) -> None:
    batcher = RowBatcher(MERCHANTS, "external_id", "document")
    connection = connections.get("default")
    await connection.execute_script("ALTER TABLE merchant RENAME TO elsewhere")
    requests = (batcher.row(OPERATOR, name, with_document=True) for name in names)
    errors = await asyncio.wait_for(asyncio.gather(*requests, return_exceptions=True), 60)
    assert all(isinstance(error, Exception) for error in errors)
    await connection.execute_script("ALTER TABLE elsewhere RENAME TO merchant")
    assert (await batcher.row(OPERATOR, names[0], with_document=True))[0] == names[0]
