"""Leases: a row belongs to one worker until the lease ends, according to the database's clock."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models import AccountCreation, PeriodicTask, now, uuid7
from models.lease import TOLERANCE, claim

pytestmark = pytest.mark.usefixtures("database")
LEASE = timedelta(seconds=10)


async def _tasks(count: int = 1, **columns: Any) -> None:
    at = await now()
    for number in range(count):
        await PeriodicTask.create(name=f"task-{number}", due_at=at, state={}, **columns)


async def _claim(by: str = "worker", limit: int = 1) -> list[Any]:
    return await claim(PeriodicTask, lambda _: [], LEASE, by=by, order="name", limit=limit)


async def test_a_row_is_claimed_once_until_its_lease_ends() -> None:
    await _tasks()
    at = await now()
    assert await _claim() == ["task-0"]
    row = await PeriodicTask.get()
    assert row.leased_by == "worker"
    assert row.leased_until is not None
    assert timedelta() <= row.leased_until - LEASE - at < timedelta(seconds=5)
    assert await _claim("other") == []
    await PeriodicTask.all().update(leased_until=await now() - timedelta(milliseconds=1))
    assert await _claim("other") == ["task-0"]
    assert (await PeriodicTask.get()).leased_by == "other"


@pytest.mark.portable
async def test_workers_that_claim_at_the_same_time_get_different_rows() -> None:
    await _tasks(20)
    claims = await asyncio.gather(*(_claim(f"worker-{number}", 5) for number in range(6)))
    keys = [key for claimed in claims for key in claimed]
    assert len(keys) == len(set(keys))
    assert sorted([*keys, *await _claim(limit=20)]) == sorted(f"task-{number}" for number in range(20))


async def test_a_claim_selects_rows_by_condition_and_order_and_limit() -> None:
    await _tasks(4)
    keys = await claim(
        PeriodicTask,
        lambda statement: [f"name <> {statement.value('task-3')}"],
        LEASE,
        order="name DESC",
        limit=2,
    )
    assert sorted(keys) == ["task-1", "task-2"]


async def test_a_lease_that_ends_too_far_in_the_future_is_void() -> None:
    await _tasks(1, leased_until=await now() + LEASE + TOLERANCE - timedelta(seconds=2), leased_by="slow")
    assert await _claim() == []
    await PeriodicTask.all().update(leased_until=await now() + timedelta(hours=1))
    assert await _claim() == ["task-0"]


async def test_a_claim_counts_as_an_attempt() -> None:
    at = await now()
    key = uuid7()
    await AccountCreation.create(
        id=key,
        merchant_id=uuid7(),
        external_id="a",
        idempotency_key="a",
        input="",
        body="",
        run_at=at,
        created_at=at,
    )

    async def claim_it() -> list[str]:
        keys = await claim(AccountCreation, lambda s: [f"id = {s.value(key)}", "state = 'PENDING'"], LEASE)
        return list(map(str, keys))

    assert await claim_it() == [str(key)]
    assert await claim_it() == []
    assert (await AccountCreation.get()).attempts == 1
    await AccountCreation.all().update(leased_until=None, state="SUCCEEDED")
    assert await claim_it() == []
