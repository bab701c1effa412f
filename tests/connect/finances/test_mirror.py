"""When finances are fetched, and when failed fetches are repeated."""

import json
from datetime import timedelta

from connect.finances import mirror
from connect.merchants import accounts, erasure
from connect.merchants.mirror import mirror as account_mirror
from models import ConnectedAccount, Merchant, now
from models.account import finances_fetched
from models.lease import postpone
from testing.merchants import build_merchant, store
from testing.payments import Shop

BALANCE = {"method": "GET", "path": "/v1/balance"}
NO_PERMISSION = {
    "status": 403,
    "body": {
        "error": {
            "type": "invalid_request_error",
            "code": "more_permissions_required",
            "message": "Having the 'rak_balance_read' permission would allow this request to continue.",
        }
    },
}
UNUSABLE = {"status": 200, "body": {"object": "another"}}


async def test_a_fetch_with_a_missing_permission_or_an_unusable_answer_is_not_repeated(shop: Shop) -> None:
    for answer, is_repeated in ((NO_PERMISSION, False), (UNUSABLE, False), ({"status": 503}, True)):
        await ConnectedAccount.all().update(finances_due_at=await now())
        shop.simulator.control("faults", {**BALANCE, **answer, "times": 9})
        assert await mirror.run(shop.gateway) == 1
        shop.simulator.control("faults", method="DELETE")
        due_at = (await ConnectedAccount.get()).finances_due_at
        assert (due_at is not None) is is_repeated
    assert due_at is not None
    assert due_at <= await now() + mirror.RETRY


async def test_a_movement_during_a_slow_fetch_plans_another_fetch(database: str) -> None:  # noqa: ARG001
    built = build_merchant("shop-1")
    await store([built])
    await ConnectedAccount.all().update(finances_due_at=await now())
    # Claim the planned fetch as if this were nine minutes ago.
    ((account_id, due_at),) = await postpone(
        "connected_account", "finances_due_at", mirror.LEASE - timedelta(minutes=9), 1
    )
    account = await ConnectedAccount.get()
    await mirror.note_movement(account.stripe_account_id)
    await finances_fetched(account_id, due_at)
    planned = (await ConnectedAccount.get()).finances_due_at
    assert planned is not None
    assert planned <= await now() + mirror.DEBOUNCE


async def test_a_worker_that_stops_claims_no_further_account(shop: Shop) -> None:
    await store([build_merchant("closed", "closed")])
    at = await now()
    await ConnectedAccount.filter(closed=True).update(finances_due_at=at - timedelta(minutes=1))
    await ConnectedAccount.filter(closed=False).update(finances_due_at=at)
    answers = iter([False, True])
    assert await mirror.run(shop.gateway, stopping=lambda: next(answers)) == 1
    assert (await ConnectedAccount.get(closed=True)).finances_due_at is None
    assert (await ConnectedAccount.get(closed=False)).finances_due_at == at


async def test_a_requested_refresh_reads_no_movements_of_reserves(shop: Shop) -> None:
    await ConnectedAccount.all().update(finances_due_at=await now())
    await mirror.run(shop.gateway)
    shop.forget_calls()
    await accounts.refresh(shop.gateway, await Merchant.get(), actor="operator")
    calls = {path: count for path, count in shop.calls.items() if path.startswith("GET /v1/")}
    assert calls == {"GET /v1/balance": 1, "GET /v1/balance_settings": 1}


async def test_the_settings_are_fetched_again_when_stripe_pays_out_again(shop: Shop) -> None:
    def play(scenario: str) -> None:
        shop.simulator.control(f"accounts/{shop.account}", {"scenario": scenario})

    async def is_on() -> bool:
        document = json.loads((await Merchant.get()).document)
        return bool(document["payoutSchedule"]["isEnabled"])

    await ConnectedAccount.all().update(finances_due_at=await now())
    assert await mirror.run(shop.gateway) == 1
    play("payouts_blocked")
    await accounts.refresh(shop.gateway, await Merchant.get(), actor="operator")
    assert not await is_on()
    play("activate")
    account = await account_mirror.find(shop.account)
    assert account is not None
    await account_mirror.refresh(shop.gateway, account, "webhook")
    assert await mirror.run(shop.gateway) == 1
    assert await is_on()


async def test_a_fetch_that_ends_after_an_erasure_stores_no_finances(shop: Shop) -> None:
    account = await ConnectedAccount.get()
    assert await mirror.refresh(shop.gateway, account, "webhook")
    assert (await ConnectedAccount.get()).finances is not None
    await account_mirror.set_connected(account, connected=False)
    merchant, _ = await erasure.erase(shop.merchant, shop.merchant.external_id, actor="tests")
    assert not await mirror.refresh(shop.gateway, account, "webhook")
    assert (await ConnectedAccount.get()).finances is None
    assert (await Merchant.get()).row_version == merchant.row_version
