"""Charges: their list by time, a change of their metadata, and the permissions of restricted keys."""

import time

from testing.processes import Simulator
from tests.simulator.conftest import connected, plain
from tests.simulator.money.conftest import Shop, refused


async def test_charges_are_listed_by_time_in_pages(shop: Shop) -> None:
    first = await shop.pay()
    shop.pass_time(100)
    later = [await shop.pay() for _ in range(3)]
    newest = [one["latest_charge"] for one in later[::-1]]
    since = {"created": {"gte": int(time.time()) + 50}}
    page = await shop.v1.charges.list_async({**since, "limit": 2}, shop.scope)
    assert page.has_more is True
    assert [one.id async for one in page.auto_paging_iter()] == newest
    before = await shop.v1.charges.list_async({"created": {"lt": since["created"]["gte"]}}, shop.scope)
    assert [one.id for one in before.data] == [first["latest_charge"]]
    wrong = await refused(shop.v1.charges.list_async({"starting_after": "ch_none"}, shop.scope))
    assert wrong[:3] == (400, "resource_missing", "starting_after")
    assert (await refused(shop.v1.charges.list_async({"limit": 0}, shop.scope)))[0] == 400


async def test_an_update_changes_metadata_and_emits_an_event(shop: Shop) -> None:
    made = await shop.pay(metadata={"order": "1"})
    order = {"description": "Two hats", "metadata": {"order": "", "note": "x"}}
    charge = plain(await shop.v1.charges.update_async(made["latest_charge"], order, shop.scope))
    assert (charge["description"], charge["metadata"]) == ("Two hats", {"note": "x"})
    assert (await shop.events())[-1] == ("charge.updated", "account")


async def test_a_restricted_key_that_reads_charges_cannot_refund_them(shop: Shop, sim: Simulator) -> None:
    await shop.pay()
    sim.control("keys", {"key": "rk_test_money", "permissions": ["rak_charge_read"]})
    async with connected(sim, "rk_test_money") as limited:
        assert len((await limited.client.v1.charges.list_async({}, shop.scope)).data) == 1
        status, code, _, message = await refused(limited.client.v1.refunds.create_async({}, shop.scope))
        assert (status, code) == (403, "more_permissions_required")
        assert "Having the 'rak_charge_write' permission would allow this request to continue." in message
