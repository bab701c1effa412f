"""The billing portal: its short-lived address, a new card or plan, and the end of the subscription."""

from typing import Any

import httpx

from tests.simulator.billing.conftest import Billing
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import refused


async def test_a_customer_changes_the_card_and_cancels(billing: Billing) -> None:
    made = await billing.subscribe()
    order: Any = {"customer_account": billing.shop.account, "return_url": "https://platform.example/plan"}
    session = plain(await billing.shop.v1.billing_portal.sessions.create_async(order))
    field = {"subscription": made["id"]}
    declined = await billing.submit(session["url"], action="card", number="1", **field)
    assert declined.status_code == 422
    assert (
        await billing.submit(session["url"], action="card", number="5555555555554444", **field)
    ).is_redirect
    assert (await billing.submit(session["url"], action="cancel", **field)).is_redirect
    found = await billing.subscription(made["id"])
    assert (found["default_payment_method"]["card"]["last4"], found["cancel_at_period_end"]) == ("4444", True)
    billing.shop.pass_time(301)
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        assert (await client.get(session["url"])).status_code == 404


async def test_a_customer_changes_the_plan_from_the_next_period(billing: Billing) -> None:
    made = await billing.subscribe()
    other, yearly = await billing.add_price(3000), await billing.add_price(3000, interval="year")
    order: Any = {"customer_account": billing.shop.account}
    session = plain(await billing.shop.v1.billing_portal.sessions.create_async(order))
    field = {"subscription": made["id"], "action": "price"}
    assert (await billing.submit(session["url"], price=yearly, **field)).status_code == 422
    await billing.events()
    assert (await billing.submit(session["url"], price=other, **field)).is_redirect
    assert await billing.events() == [
        "customer.subscription.updated",
        "customer.subscription.item_price_changed",
    ]
    await billing.renew(made)
    renewed = await billing.subscription(made["id"])
    assert renewed["items"]["data"][0]["price"]["id"] == other
    assert renewed["latest_invoice"]["total"] == 2 * 3000


async def test_a_session_needs_a_customer_a_complete_flow_and_a_web_address(billing: Billing) -> None:
    create = billing.shop.v1.billing_portal.sessions.create_async
    orders: list[Any] = [
        {},
        {"customer_account": "acct_1Unknown"},
        {"customer_account": billing.shop.account, "flow_data": {"type": "subscription_cancel"}},
        {"customer_account": billing.shop.account, "return_url": "ftp://x"},
    ]
    assert [(await refused(create(order)))[1:3] for order in orders] == [
        ("parameter_missing", "customer_account"),
        ("resource_missing", "customer_account"),
        ("parameter_missing", "flow_data[subscription_cancel]"),
        ("url_invalid", "return_url"),
    ]
