"""Steps of the sweep and of the back-fill."""

import json
from datetime import timedelta
from typing import Any

from connect.events import inbox, reconcile
from connect.events.handlers import HANDLERS
from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from connect.platform import periodic
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, PeriodicTask, now
from testing.processes import Simulator

DAY = timedelta(days=1)
POLICY = inbox.Policy(debounce=0)


async def create_accounts(gateway: Gateway, simulator: Simulator, count: int) -> list[str]:
    """Create merchants without delivering their events."""
    simulator.control("deliveries", {"mode": "drop"})
    for number in range(count):
        merchant = NewMerchant(f"shop-{number}", "Shop", "owner@shop.example", "US")
        await accounts.create(gateway, merchant, actor="tests")
    simulator.control("calls", method="DELETE")
    return [account.stripe_account_id for account in await ConnectedAccount.all().order_by("id")]


async def run_sweep(gateway: Gateway, **changed: Any) -> reconcile.Sweep:
    """Run steps until the sweep has finished. If no sweep is planned, the first sweep begins."""
    if not await PeriodicTask.exists(name=reconcile.SWEEP):
        await begin_sweep()
    for _ in range(100):
        await reconcile.sweep(gateway, "worker", **{"every": DAY, **changed})
        run = reconcile.last_sweep((await PeriodicTask.get(name=reconcile.SWEEP)).state)
        assert run is not None
        if run.finished_at is not None:
            return run
    raise AssertionError("the sweep did not finish")


async def begin_sweep() -> None:
    """Make the first sweep due."""
    await PeriodicTask.create(name=reconcile.SWEEP, due_at=await now(), state={})


async def run_backfill(gateway: Gateway, worker: str = "worker", *, due: bool = True) -> int:
    if due:
        await periodic.hasten(reconcile.BACKFILL)
    return await reconcile.backfill(
        gateway, worker, after=timedelta(seconds=0.2), livemode=False, policy=POLICY
    )


async def record(notification: dict[str, Any]) -> set[str]:
    row = inbox.arrival(notification, json.dumps(notification).encode(), HANDLERS, livemode=False)
    return await inbox.record([row], POLICY)


async def statuses() -> list[str]:
    return list(await Merchant.all().order_by("id").values_list("status", flat=True))  # type: ignore[arg-type]


def notification_of(identifier: str, account: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "object": "v2.core.event",
        "type": "v2.core.account.updated",
        "created": "2026-11-20T10:00:00.000Z",
        "livemode": False,
        "context": account,
        "related_object": {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"},
    }
