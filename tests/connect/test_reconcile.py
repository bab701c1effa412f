"""Mirrors that nothing has refreshed for long are looked at again."""

import asyncio
from datetime import timedelta

import pytest

from connect import accounts, reconcile
from connect.gateway import Gateway
from models import ConnectedAccount, Merchant, TimelineEntry, now
from tests.connect.conftest import SHOP
from tests.processes import Simulator

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


async def test_a_stale_mirror_is_refreshed_and_the_drift_recorded(
    gateway: Gateway, simulator: Simulator
) -> None:
    await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    simulator.control("deliveries", {"mode": "drop"})
    simulator.control(f"accounts/{account.stripe_account_id}", {"scenario": "activate"})
    assert await reconcile.refresh_stale(gateway, stale_after=DAY) == 0
    await ConnectedAccount.all().update(synced_at=await now() - 2 * DAY)
    assert await reconcile.refresh_stale(gateway, stale_after=DAY) == 1
    assert (await Merchant.get()).status == "ACTIVE"
    assert await TimelineEntry.filter(kind="DRIFT_REPAIRED").count() == 1
    assert await reconcile.refresh_stale(gateway, stale_after=DAY) == 0


async def test_several_workers_refresh_it_once(gateway: Gateway, simulator: Simulator) -> None:
    await accounts.create(gateway, SHOP, actor="tests")
    await ConnectedAccount.all().update(synced_at=await now() - 2 * DAY)
    simulator.control("calls", method="DELETE")
    taken = await asyncio.gather(*(reconcile.refresh_stale(gateway, stale_after=DAY) for _ in range(5)))
    assert sum(taken) == 1
    assert simulator.control("calls")["total"] == 1


async def test_a_failure_pauses_and_closed_accounts_are_left_alone(
    gateway: Gateway, simulator: Simulator
) -> None:
    await accounts.create(gateway, SHOP, actor="tests")
    await ConnectedAccount.all().update(synced_at=await now() - 2 * DAY)
    simulator.control("faults", {"method": "GET", "status": 503})
    assert await reconcile.refresh_stale(gateway, stale_after=DAY) == 1
    assert await reconcile.refresh_stale(gateway, stale_after=DAY) == 0
    await ConnectedAccount.all().update(leased_until=None, closed=True)
    assert await reconcile.refresh_stale(gateway, stale_after=DAY) == 0
