"""Subscriptions: their sessions, changes, lists and refusals."""

import pytest

from simulator.billing.subscriptions import following
from tests.simulator.billing.conftest import Billing
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import ORDER, refused


@pytest.mark.parametrize(
    ("interval", "count", "times", "expected"),
    [
        ("month", 1, 1, 1709164800),  # 2024-02-29
        ("month", 1, 2, 1711843200),  # 2024-03-31
        ("year", 1, 1, 1738281600),  # 2025-01-31
        ("week", 2, 1, 1707868800),  # 2024-02-14
        ("day", 1, 3, 1706918400),  # 2024-02-03
    ],
)
def test_periods_follow_the_day_of_the_anchor(interval: str, count: int, times: int, expected: int) -> None:
    january = 1706659200  # 2024-01-31
    assert following(january, {"interval": interval, "interval_count": count}, times) == expected


async def test_a_session_needs_a_recurring_price_and_an_account_that_is_a_customer(billing: Billing) -> None:
    shop = billing.shop
    one_time = plain(
        await shop.v1.prices.create_async(
            {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Once"}}
        )
    )["id"]
    found = [
        (await refused(billing.session(**more)))[2:]
        for more in (
            {"customer_account": "acct_1Unknown"},
            {"line_items": [{"price": one_time, "quantity": 1}]},
            {"payment_intent_data": {"description": "x"}},
        )
    ]
    assert found == [
        ("customer_account", "No such customer_account: 'acct_1Unknown'"),
        (
            "line_items",
            "You must provide at least one recurring price in `subscription` mode when using prices.",
        ),
        ("payment_intent_data", "You can not pass `payment_intent_data` in `subscription` mode."),
    ]
    wrong = {**ORDER, "line_items": [{"price": billing.price, "quantity": 1}]}
    del wrong["payment_intent_data"]
    assert (await refused(shop.v1.checkout.sessions.create_async(wrong)))[2] == "mode"
    off: dict[str, object] = {"configuration": {"customer": {"applied": False}}}
    await shop.client.v2.core.accounts.update_async(shop.account, off)  # type: ignore[arg-type]
    assert (await refused(billing.session()))[2] == "customer_account"


async def test_a_call_that_changes_the_card_emits_an_additional_event(billing: Billing) -> None:
    made, other = await billing.subscribe(), await billing.subscribe("5555555555554444")
    await billing.events()
    card = {"default_payment_method": other["default_payment_method"]["id"]}
    for events in (
        ["customer.subscription.updated", "customer.subscription.default_payment_method_changed"],
        ["customer.subscription.updated"],  # the subscription has this card already
    ):
        await billing.shop.v1.subscriptions.update_async(made["id"], card)
        assert await billing.events() == events
    changed = await billing.subscription(made["id"])
    assert changed["default_payment_method"]["card"]["last4"] == "4444"


async def test_a_subscription_ends_with_its_period_or_immediately(billing: Billing) -> None:
    made = await billing.subscribe()
    change = billing.shop.v1.subscriptions.update_async
    await billing.events()
    later = plain(await change(made["id"], {"cancel_at_period_end": True, "metadata": {"a": "1"}}))
    end = later["items"]["data"][0]["current_period_end"]
    assert (later["cancel_at"], later["status"], later["metadata"]) == (end, "active", {"a": "1"})
    assert await billing.events() == [
        "customer.subscription.updated",
        "customer.subscription.cancel_at_changed",
    ]
    billing.shop.pass_time(end - made["created"] + 10)
    assert (await billing.subscription(made["id"]))["status"] == "canceled"
    other = await billing.subscribe()
    ended = plain(await billing.shop.v1.subscriptions.cancel_async(other["id"]))
    assert (ended["status"], ended["cancellation_details"]["reason"]) == (
        "canceled",
        "cancellation_requested",
    )
    again = billing.shop.v1.subscriptions.cancel_async(other["id"])
    assert (await refused(again))[:2] == (404, "resource_missing")
    account = billing.shop.account

    async def listed(status: str | None) -> list[str]:
        query = {"customer_account": account, **({"status": status} if status else {})}
        return [one.id for one in (await billing.shop.v1.subscriptions.list_async(query)).data]

    assert await listed(None) == []
    assert await listed("all") == [other["id"], made["id"]]
    assert await listed("ended") == [other["id"], made["id"]]
