"""Payment method domains: each account registers its own domains, and each wallet has a status."""

from typing import Any

import pytest

from testing.processes import Simulator
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused

WALLETS = ["amazon_pay", "apple_pay", "google_pay", "klarna", "link", "paypal"]


def states(domain: dict[str, Any]) -> dict[str, str]:
    """Return the status of each wallet."""
    return {name: domain[name]["status"] for name in WALLETS}


async def test_each_account_registers_a_domain_once(shop: Shop) -> None:
    service = shop.v1.payment_method_domains
    made = plain(await service.create_async({"domain_name": "Pay.Shop.example"}, shop.scope))
    assert (made["domain_name"], made["enabled"], states(made)) == (
        "pay.shop.example",
        True,
        dict.fromkeys(WALLETS, "active"),
    )
    again = plain(await service.create_async({"domain_name": "pay.shop.example"}, shop.scope))
    assert again == made
    platform = await service.create_async({"domain_name": "pay.shop.example"})
    assert platform.id != made["id"]
    await service.create_async({"domain_name": "other.example", "enabled": False}, shop.scope)
    found = [
        [one.domain_name for one in (await service.list_async(query, shop.scope)).data]
        for query in ({}, {"domain_name": "pay.shop.example"}, {"enabled": False})
    ]
    assert found == [["other.example", "pay.shop.example"], ["pay.shop.example"], ["other.example"]]
    foreign = await refused(service.retrieve_async(made["id"]))
    assert foreign[:3] == (404, "resource_missing", "payment_method_domain")
    assert (await service.update_async(made["id"], {"enabled": False}, shop.scope)).enabled is False


async def test_a_wallet_stays_inactive_until_a_validation_succeeds(shop: Shop, sim: Simulator) -> None:
    service = shop.v1.payment_method_domains
    sim.control("domains", {"domain_name": "shop.example", "inactive": ["apple_pay"], "error_message": "No."})
    made = plain(await service.create_async({"domain_name": "shop.example"}, shop.scope))
    assert states(made) == {**dict.fromkeys(WALLETS, "active"), "apple_pay": "inactive"}
    assert made["apple_pay"]["status_details"]["error_message"] == "No."
    sim.control("domains", {"domain_name": "shop.example", "inactive": []})
    seen = plain(await service.retrieve_async(made["id"], {}, shop.scope))
    assert seen["apple_pay"]["status"] == "inactive"
    again = plain(await service.validate_async(made["id"], {}, shop.scope))
    assert states(again) == dict.fromkeys(WALLETS, "active")
    sim.control("domains", {"domain_name": "shop.example"})
    again = plain(await service.validate_async(made["id"], {}, shop.scope))
    assert states(again) == dict.fromkeys(WALLETS, "inactive")


@pytest.mark.parametrize("name", ["https://shop.example", "shop.example:443", "localhost", "a..example"])
async def test_an_invalid_domain_is_refused(shop: Shop, name: str) -> None:
    service = shop.v1.payment_method_domains
    assert (await refused(service.create_async({"domain_name": name}, shop.scope)))[::2][:2] == (
        400,
        "domain_name",
    )
    assert (await service.list_async({}, shop.scope)).data == []


def test_the_control_plane_refuses_other_wallets(sim: Simulator) -> None:
    orders: list[dict[str, Any]] = [{"inactive": []}, {"domain_name": "a.example", "inactive": ["alipay"]}]
    for order in orders:
        with pytest.raises(RuntimeError, match="apple_pay"):
            sim.control("domains", order)
