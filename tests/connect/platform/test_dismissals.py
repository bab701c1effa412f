"""Monitoring reads all problems except the dismissed ones, even if a dismissal and a check coincide."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from connect.events import destinations
from connect.platform import health, periodic
from connect.platform.problems import ProblemCode
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, DismissedProblem, PeriodicTask, now, uuid7
from testing.merchants import build_merchant, store
from testing.processes import Simulator

URL = "http://127.0.0.1:9/webhooks/stripe"
TIMES: Any = {"stale_after": timedelta(hours=6), "backfill_after": timedelta(minutes=1)}
CUT = ProblemCode.REQUIREMENTS_CUT


async def watch(gateway: Gateway) -> None:
    await periodic.hasten("health")
    assert await health.watch(gateway, "worker", webhook_url=URL, **TIMES) == 1


@pytest.fixture
async def cut_account(database: str, gateway: Gateway, simulator: Simulator) -> str:
    """The URL of a database whose last check has found an account with too many requirements."""
    simulator.control("deliveries", {"mode": "drop"})
    await destinations.create(gateway, URL)
    await store([build_merchant("shop-1", "active")])
    await ConnectedAccount.all().update(entries_cut=3)
    await watch(gateway)
    assert await health.codes() == [CUT.value]
    return database


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_check_that_runs_during_a_dismissal_does_not_undo_it(
    cut_account: str, gateway: Gateway
) -> None:
    """After the check has saved the problems, it waits for the locked row of an ended dismissal."""
    ended = DismissedProblem(
        id=uuid7(), code="EVENTS_FAILED", subject="", actor="jane", dismissed_at=await now()
    )
    await ended.save()
    other = await asyncpg.connect(cut_account)
    try:
        async with other.transaction():
            assert await other.fetchval("SELECT 1 FROM dismissed_problem FOR UPDATE")
            checking = asyncio.create_task(watch(gateway))
            async with asyncio.timeout(60):
                waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                while not await other.fetchval(waiting):  # noqa: ASYNC110 - the server sends no signal
                    await asyncio.sleep(0.01)
            await health.dismiss(CUT, None, actor="jane", **TIMES)
            assert await health.codes() == []
        await checking
    finally:
        await other.close()
    assert await health.codes() == []
    assert [row.code for row in await DismissedProblem.all()] == [CUT.value]


@pytest.mark.usefixtures("cut_account")
async def test_a_dismissal_hides_no_other_problem_from_monitoring() -> None:
    """A check has just found another problem, which the dismissal does not name."""
    task = await PeriodicTask.get(name="health")
    task.state = {**task.state, "codes": [CUT.value, "STRIPE_UNAVAILABLE"]}
    await task.save()
    await health.dismiss(CUT, None, actor="jane", **TIMES)
    assert await health.codes() == ["STRIPE_UNAVAILABLE"]
