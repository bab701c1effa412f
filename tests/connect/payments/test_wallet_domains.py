"""The wallet domains of the settings are registered once for each open account that could ever charge."""

from datetime import timedelta
from typing import Any

import pytest

from connect.payments import calls, wallet_domains
from connect.platform import periodic
from models import ConnectedAccount, Merchant, PeriodicTask, WalletDomain, now
from testing.merchants import build_merchant, store
from testing.payments import Shop, open_account

DOMAIN, OTHER = "app.example", "shop.example"
CREATE, VALIDATE = (
    "POST /v1/payment_method_domains",
    "POST /v1/payment_method_domains/{id}/validate",
)


@pytest.fixture(autouse=True)
async def active(shop: Shop) -> None:
    await Merchant.filter(id=shop.merchant.id).update(ever_active_at=await now())


async def work(shop: Shop, *domains: str, batch: int = 10) -> int:
    """Make the task and all domains due, and run the task once."""
    await periodic.hasten(wallet_domains.TASK)
    await WalletDomain.filter(run_at__isnull=False).update(run_at=await now(), leased_until=None)
    return await wallet_domains.run(shop.gateway, "worker", domains, batch=batch)


async def at_stripe(shop: Shop) -> list[str]:
    return sorted(one["domain_name"] for one in await calls.list_domains(shop.gateway, shop.account))


async def test_a_domain_is_registered_once_and_stays_at_stripe_after_its_removal_from_the_settings(
    shop: Shop,
) -> None:
    shop.forget_calls()
    assert await work(shop) == 0
    assert await work(shop, DOMAIN) == 1
    assert await work(shop, DOMAIN) == 0
    row = await WalletDomain.get()
    assert (row.state, row.apple_pay, row.google_pay, row.link) == ("ACTIVE", "active", "active", "active")
    assert (row.stripe_account_id, row.merchant_id, row.run_at) == (shop.account, shop.merchant.id, None)
    assert await work(shop, OTHER) == 1
    assert shop.calls == {CREATE: 2}
    assert await at_stripe(shop) == [DOMAIN, OTHER]


@pytest.mark.one_database
async def test_the_next_account_of_a_merchant_gets_the_domain_as_well(shop: Shop) -> None:
    assert await work(shop, DOMAIN) == 1
    await WalletDomain.all().update(run_at=await now())
    replacement = await open_account(shop.gateway, shop.simulator, "replacement")
    await ConnectedAccount.filter(merchant_id=shop.merchant.id).update(stripe_account_id=replacement)
    shop.forget_calls()
    assert await work(shop, DOMAIN) == 0  # the task waits for a new status of the merchant
    await Merchant.filter(id=shop.merchant.id).update(status_since=await now())
    assert await work(shop, DOMAIN) == 1
    assert shop.calls == {CREATE: 1}  # no call for the former account
    row = await WalletDomain.get(stripe_account_id=replacement)
    assert row.state == "ACTIVE"
    await ConnectedAccount.all().update(closed=True)
    assert await work(shop, DOMAIN, OTHER) == 0


@pytest.mark.one_database
async def test_an_account_that_has_not_been_active_gets_no_domain(shop: Shop) -> None:
    await Merchant.filter(id=shop.merchant.id).update(ever_active_at=None)
    assert await work(shop, DOMAIN) == 0
    assert await WalletDomain.exists() is False


@pytest.mark.parametrize("fault", [{"kind": "reset_before"}, {"kind": "reset_after"}], ids=str)
async def test_a_lost_answer_causes_no_second_registration(shop: Shop, fault: dict[str, Any]) -> None:
    shop.simulator.control("faults", {"path": "/v1/payment_method_domains", "times": 10, **fault})
    assert await work(shop, DOMAIN) == 1
    assert (await WalletDomain.get()).state == "PENDING"
    shop.simulator.control("faults", method="DELETE")
    assert await work(shop, DOMAIN) == 1
    assert (await WalletDomain.get()).state == "ACTIVE"
    assert await at_stripe(shop) == [DOMAIN]


@pytest.mark.one_database
async def test_an_inactive_domain_is_checked_again_with_growing_pauses(shop: Shop) -> None:
    order = {"domain_name": DOMAIN, "inactive": ["apple_pay"], "error_message": "No file."}
    shop.simulator.control("domains", order)
    shop.forget_calls()
    pauses = []
    for _ in range(5):
        assert await work(shop, DOMAIN) == 1
        row = await WalletDomain.get()
        assert row.run_at is not None
        pauses.append(round((row.run_at - row.updated_at).total_seconds() / 60))
    assert pauses == [5, 60, 360, 1440, 1440]
    found = (row.state, row.apple_pay, row.google_pay, row.error_message)
    assert found == ("INACTIVE", "inactive", "active", "No file.")
    shop.simulator.control("domains", {"domain_name": DOMAIN, "inactive": []})
    assert await work(shop, DOMAIN) == 1
    assert await work(shop, DOMAIN) == 0
    assert await WalletDomain.filter(state="ACTIVE", apple_pay="active", error_message=None).count() == 1
    assert shop.calls == {CREATE: 1, VALIDATE: 5}


@pytest.mark.one_database
async def test_a_refusal_is_stored(shop: Shop) -> None:
    refused = "under_score.example"
    assert await work(shop, refused) == 1
    row = await WalletDomain.get()
    assert (row.state, row.error_code) == ("REFUSED", "invalid_request_error")
    assert row.error_message is not None
    assert row.run_at is not None


async def test_a_domain_whose_only_inactive_wallet_is_link_is_active_and_checked_only_a_few_times(
    shop: Shop,
) -> None:
    shop.simulator.control("domains", {"domain_name": DOMAIN, "inactive": ["link"], "error_message": "Off."})
    assert [await work(shop, DOMAIN) for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    row = await WalletDomain.get()
    assert (row.state, row.link, row.error_message, row.run_at) == ("ACTIVE", "inactive", "Off.", None)


async def test_a_removed_domain_is_not_checked_until_it_is_added_again(shop: Shop) -> None:
    shop.simulator.control("domains", {"domain_name": DOMAIN, "inactive": ["google_pay"]})
    assert await work(shop, DOMAIN) == 1
    for _ in range(2):
        assert await work(shop) == 0
        assert (await WalletDomain.get()).run_at is None
    assert await work(shop, DOMAIN) == 1
    assert (await WalletDomain.get()).state == "INACTIVE"


async def test_all_accounts_are_compared_in_batches_daily_and_after_the_setting_changes(
    shop: Shop,
) -> None:
    others = [build_merchant(f"other-{number}") for number in range(4)]
    await store(others)
    await Merchant.all().update(ever_active_at=await now(), status_since=await now() - timedelta(hours=1))
    compared = []
    for _ in range(4):
        await work(shop, DOMAIN, batch=2)
        compared.append(await WalletDomain.all().count())
    assert compared == [2, 4, 5, 5]
    # Between two comparisons of all merchants, only merchants with a new status are compared.
    await WalletDomain.all().delete()
    await Merchant.filter(external_id="other-2").update(status_since=await now())
    await work(shop, DOMAIN)
    assert await WalletDomain.all().values_list("merchant_id", flat=True) == [others[2].merchant.id]
    task = await PeriodicTask.get(name=wallet_domains.TASK)
    task.state = {**task.state, "walked_at": (await now() - timedelta(days=1)).isoformat()}
    await task.save()
    await work(shop, DOMAIN)
    assert await WalletDomain.all().count() == 5
