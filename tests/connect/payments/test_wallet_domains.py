"""Each account that can charge has the wallet domains of the settings, registered once."""

from typing import Any

import pytest

from connect.payments import calls, wallet_domains
from connect.platform import periodic
from models import ConnectedAccount, Merchant, WalletDomain, now
from testing.payments import Shop, open_account

DOMAIN, OTHER = "app.example", "shop.example"
CREATE, VALIDATE = (
    "POST /v1/payment_method_domains",
    "POST /v1/payment_method_domains/{id}/validate",
)


@pytest.fixture(autouse=True)
async def active(shop: Shop) -> None:
    await Merchant.filter(id=shop.merchant.id).update(ever_active_at=await now())


async def work(shop: Shop, *domains: str) -> int:
    """Let everything be due, and run the task once."""
    await periodic.hasten(wallet_domains.TASK)
    await WalletDomain.filter(run_at__isnull=False).update(run_at=await now(), leased_until=None)
    return await wallet_domains.run(shop.gateway, "worker", domains)


async def at_stripe(shop: Shop) -> list[str]:
    return sorted(one["domain_name"] for one in await calls.list_domains(shop.gateway, shop.account))


async def test_a_domain_is_registered_once_and_stays_after_its_removal(shop: Shop) -> None:
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


async def test_the_next_account_of_a_merchant_gets_the_domain_as_well(shop: Shop) -> None:
    assert await work(shop, DOMAIN) == 1
    await WalletDomain.all().update(run_at=await now())
    replacement = await open_account(shop.gateway, shop.simulator, "replacement")
    await ConnectedAccount.filter(merchant_id=shop.merchant.id).update(stripe_account_id=replacement)
    shop.forget_calls()
    assert await work(shop, DOMAIN) == 1
    assert shop.calls == {CREATE: 1}  # and none for the former account
    row = await WalletDomain.get(stripe_account_id=replacement)
    assert row.state == "ACTIVE"
    await ConnectedAccount.all().update(closed=True)
    assert await work(shop, DOMAIN, OTHER) == 0


async def test_an_account_that_has_not_been_active_gets_no_domain(shop: Shop) -> None:
    await Merchant.filter(id=shop.merchant.id).update(ever_active_at=None)
    assert await work(shop, DOMAIN) == 0
    assert await WalletDomain.exists() is False


@pytest.mark.parametrize("fault", [{"kind": "reset_before"}, {"kind": "reset_after"}], ids=str)
async def test_a_lost_answer_leads_to_one_registration(shop: Shop, fault: dict[str, Any]) -> None:
    shop.simulator.control("faults", {"path": "/v1/payment_method_domains", "times": 10, **fault})
    assert await work(shop, DOMAIN) == 1
    assert (await WalletDomain.get()).state == "PENDING"
    shop.simulator.control("faults", method="DELETE")
    assert await work(shop, DOMAIN) == 1
    assert (await WalletDomain.get()).state == "ACTIVE"
    assert await at_stripe(shop) == [DOMAIN]


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


async def test_a_refusal_is_stored(shop: Shop) -> None:
    refused = "under_score.example"
    assert await work(shop, refused) == 1
    row = await WalletDomain.get()
    assert (row.state, row.error_code) == ("REFUSED", "invalid_request_error")
    assert row.error_message is not None
    assert row.run_at is not None
