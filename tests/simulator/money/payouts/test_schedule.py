"""The payout schedule: intervals, days, the minimum balance, and reserves."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused
from tests.simulator.money.payouts.test_payouts import DAY, amounts, created, inside, payouts, to_monday


async def change(shop: Shop, **given: Any) -> dict[str, Any]:
    """Change the payout settings as a platform with platform controls, and return them."""
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    order: Any = {"payments": {"payouts": given}}
    settings = plain(await shop.v1.balance_settings.update_async(order, shop.scope))
    found: dict[str, Any] = settings["payments"]["payouts"]
    return found


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"interval": "daily"}, ["Tuesday 01:00", "Wednesday 01:00", "Monday 01:00"]),
        ({"interval": "weekly", "weekly_payout_days": ["thursday"]}, ["Thursday 01:00"] * 2),
        ({"interval": "manual"}, []),
    ],
    ids=["daily", "weekly", "manual"],
)
async def test_payouts_follow_the_schedule(shop: Shop, schedule: dict[str, Any], expected: list[str]) -> None:
    to_monday(shop)
    found = await change(shop, schedule=schedule)
    days = {"monthly_payout_days": None, "weekly_payout_days": None}
    assert (found["schedule"], found["status"]) == ({**days, **schedule}, "enabled")
    for method, days_later in (
        ("pm_card_bypassPending", 0),
        ("pm_card_visa", 4),
        ("pm_card_bypassPending", 7),
    ):
        await shop.pay(method=method)
        shop.pass_time(days_later * DAY + 2)
    assert [created(one) for one in await payouts(shop)][::-1] == expected
    assert ("balance_settings.updated", "account") in await shop.events()


async def test_the_31st_is_the_last_day_of_each_month(shop: Shop) -> None:
    await change(shop, schedule={"interval": "monthly", "monthly_payout_days": [31]})
    for _ in range(3):
        await shop.pay(method="pm_card_bypassPending")
        shop.pass_time(31 * DAY)
    found = await payouts(shop)
    assert len(found) >= 2
    assert {datetime.fromtimestamp(one["created"] + DAY, UTC).day for one in found} == {1}


async def test_a_payout_leaves_the_minimum_balance_in_the_account(shop: Shop) -> None:
    found = await change(shop, minimum_balance_by_currency={"usd": 300}, statement_descriptor="HATS")
    assert (found["minimum_balance_by_currency"], found["statement_descriptor"]) == ({"usd": 300}, "HATS")
    await shop.pay(method="pm_card_bypassPending")
    shop.pass_time(2)
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "pay_out"})
    (made,) = await payouts(shop)
    assert (made["amount"], made["statement_descriptor"], await amounts(shop)) == (641, "HATS", (300, 0))
    shop.pass_time(6 * DAY)
    rows = [(row["type"], row["net"]) for row in await inside(shop, made["id"])]
    assert rows == [("payout", -641), ("payout_minimum_balance_hold", -300), ("charge", 941)]


async def test_days_that_do_not_fit_the_interval_are_refused(shop: Shop) -> None:
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    for schedule, name in (
        ({"interval": "weekly"}, "weekly_payout_days"),
        ({"interval": "daily", "monthly_payout_days": [1]}, "monthly_payout_days"),
        ({"interval": "monthly", "monthly_payout_days": [32]}, "monthly_payout_days"),
    ):
        order: Any = {"payments": {"payouts": {"schedule": schedule}}}
        found = await refused(shop.v1.balance_settings.update_async(order, shop.scope))
        assert found[::2][:2] == (400, f"payments[payouts][schedule][{name}]")


async def test_a_reserve_reduces_the_balance_until_it_is_released(shop: Shop) -> None:
    await shop.pay(method="pm_card_bypassPending")
    shop.pass_time(2)
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "reserve", "amount": 400})
    assert await amounts(shop) == (541, 0)
    listed = await shop.v1.balance_transactions.list_async({"type": "reserve_hold"}, shop.scope)
    assert [(row.balance_type, row.net) for row in listed.data] == [
        ("risk_reserved", 400),
        ("payments", -400),
    ]
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "release", "amount": 400})
    assert await amounts(shop) == (941, 0)
