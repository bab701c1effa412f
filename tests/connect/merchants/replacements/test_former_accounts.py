"""Late events of a former account belong to its merchant, and change only the former account."""

import json
from typing import Any

import pytest

from connect.errors import StripeUnavailable
from connect.events import inbox, reconcile
from connect.events.handlers import HANDLERS
from connect.merchants import accounts
from connect.merchants.mirror.events import AUTHORIZED, DEAUTHORIZED
from connect.platform import periodic
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, FormerAccount, Merchant, StripeEvent, TimelineEntry, now
from testing import agreement
from testing.notifications import new_notification
from testing.processes import Simulator
from tests.connect.conftest import SHOP
from tests.connect.merchants.replacements.replaced import GERMAN

pytestmark = pytest.mark.usefixtures("database")
POLICY = inbox.Policy(debounce=0, lease=30, first_pause=60, max_attempts=3)


async def replaced(gateway: Gateway) -> tuple[str, str]:
    """Replace the open account of a new merchant. Returns the ids of the old and the new account."""
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    old = (await ConnectedAccount.get()).stripe_account_id
    await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    return old, (await ConnectedAccount.get()).stripe_account_id


async def handle(gateway: Gateway, *notifications: dict[str, Any]) -> None:
    arrivals = [inbox.arrival(n, json.dumps(n).encode(), HANDLERS, livemode=False) for n in notifications]
    await inbox.record(arrivals, POLICY)
    assert await inbox.work(gateway, "worker", POLICY, HANDLERS) == len(notifications)


async def entries() -> list[tuple[str, str]]:
    """The timeline entries about former accounts, newest first."""
    rows = await TimelineEntry.filter(message__contains="former account").order_by("-id")
    return [(row.kind, row.message) for row in rows]


async def listed() -> dict[str, Any]:
    (former,) = json.loads((await Merchant.get()).document)["formerAccounts"]
    assert isinstance(former, dict)
    return former


async def test_late_events_of_a_former_account_cost_one_fetch_and_do_not_change_the_current_account(
    gateway: Gateway, simulator: Simulator
) -> None:
    old, new = await replaced(gateway)
    before = await ConnectedAccount.all().values(
        "stripe_account_id", "snapshot", "fetch_applied", "synced_at"
    )
    simulator.control(f"accounts/{old}", {"scenario": "activate"})
    simulator.control("calls", method="DELETE")
    await handle(gateway, *(new_notification(number, old) for number in range(30)))
    assert simulator.control("calls")["calls"] == {"GET /v2/core/accounts/{id}": 1}
    merchant = await Merchant.get()
    events = await StripeEvent.all().values_list("state", "merchant_id", "stripe_account_id")
    assert set(events) == {("HANDLED", merchant.id, old)}
    after = await ConnectedAccount.all().values("stripe_account_id", "snapshot", "fetch_applied", "synced_at")
    assert after == before
    assert (merchant.status, merchant.country) == ("ONBOARDING", "DE")
    # The former account is open, so its card payments can still become active.
    former = await listed()
    assert (former["canAcceptPayments"], former["closed"]) == (True, False)
    assert former["everActiveAt"] is not None
    message = f"Card payments of the former account {old} became active."
    assert await entries() == [("CAPABILITY_CHANGED", message)]
    assert await agreement.disagreements() == []
    # An event writes nothing if the account has not changed.
    version = merchant.row_version
    await handle(gateway, new_notification(99, old))
    assert (await Merchant.get()).row_version == version
    assert new == (await ConnectedAccount.get()).stripe_account_id


async def test_the_closing_or_disconnection_of_a_former_account_is_recorded(
    gateway: Gateway, simulator: Simulator
) -> None:
    old, _ = await replaced(gateway)
    simulator.control("calls", method="DELETE")
    await handle(gateway, new_notification(1, old, type=DEAUTHORIZED))
    assert simulator.control("calls")["calls"] == {}
    await handle(gateway, new_notification(2, old))  # Stripe no longer shows the account
    assert simulator.control("calls")["calls"] == {}
    former = await listed()
    assert (former["disconnected"], former["closed"]) == (True, False)
    gone = ("DISCONNECTED", f"The former account {old} was disconnected from the platform.")
    assert await entries() == [gone]
    again = new_notification(3, old, type=AUTHORIZED, created="2026-11-21T10:00:00.000Z")
    await handle(gateway, again)
    assert not (await listed())["disconnected"]
    await gateway.close_account(old, ("merchant",))
    await handle(gateway, new_notification(4, old))
    assert (await listed())["closed"]
    assert await entries() == [("CLOSED", f"The former account {old} was closed."), gone]
    assert (await Merchant.get()).status == "ONBOARDING"
    assert await agreement.disagreements() == []


async def test_an_event_of_the_new_account_completes_the_replacement(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    old = (await ConnectedAccount.get()).stripe_account_id
    fault = {"method": "POST", "path": "/v2/core/accounts", "kind": "reset_after"}
    simulator.control("faults", fault)
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    (new,) = {account["id"] for account in simulator.control("accounts")["data"]} - {old}
    await handle(gateway, new_notification(1, new), new_notification(2, old))
    assert (await ConnectedAccount.get()).stripe_account_id == new
    assert set(await StripeEvent.all().values_list("state", "merchant_id")) == {("HANDLED", merchant.id)}
    assert (await accounts.replace(gateway, merchant, old, GERMAN, actor="tests"))[1] is False


async def test_the_sweep_fetches_no_former_account(gateway: Gateway, simulator: Simulator) -> None:
    _, new = await replaced(gateway)
    await ConnectedAccount.all().update(synced_at=(await now()).replace(year=2020))
    await periodic.hasten(reconcile.SWEEP)
    simulator.control("calls", method="DELETE")
    while await reconcile.sweep(gateway, "worker", every=reconcile.FIRST):
        pass
    assert simulator.control("calls")["total"] <= 1
    assert (await ConnectedAccount.get()).stripe_account_id == new
    assert await FormerAccount.all().count() == 1
