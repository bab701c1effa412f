"""Payouts: they contain the money that became available, arrive or fail, and have exact sums."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused

DAY = 86400.0


async def payouts(shop: Shop, **query: Any) -> list[dict[str, Any]]:
    """Return the payouts of the account, newest first."""
    return [plain(one) for one in (await shop.v1.payouts.list_async(query, shop.scope)).data]


async def inside(shop: Shop, payout: str) -> list[dict[str, Any]]:
    """Return the balance transactions of a payout."""
    found = await shop.v1.balance_transactions.list_async({"payout": payout, "limit": 100}, shop.scope)
    return [plain(row) for row in found.data]


async def paid_out(shop: Shop, **bank: str) -> dict[str, Any]:
    """Take a payment, and return the payout of its money, which is on its way."""
    if bank:
        shop.simulator.control(f"balances/{shop.account}", {"scenario": "replace_bank", **bank})
        shop.pass_time(60)
    await shop.pay(method="pm_card_bypassPending")
    shop.pass_time(2)
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "pay_out"})
    shop.pass_time(0)
    (found,) = await payouts(shop)
    assert (found["status"], found["reconciliation_status"]) == ("in_transit", "in_progress")
    return found


def to_monday(shop: Shop) -> None:
    """Advance the clock to noon of the next Monday."""
    now = datetime.now(UTC)
    noon = now.replace(hour=12, minute=0) + timedelta(days=7 - now.weekday())
    shop.pass_time((noon - now).total_seconds())


def created(made: dict[str, Any]) -> str:
    """Return the weekday and the hour of a payout."""
    return f"{datetime.fromtimestamp(made['created'], UTC):%A %H:%M}"


async def amounts(shop: Shop) -> tuple[int, int]:
    """Return the available and the pending balance."""
    balance = await shop.v1.balance.retrieve_async({}, shop.scope)
    return balance.available[0].amount, balance.pending[0].amount


async def test_each_payout_contains_the_money_that_became_available(shop: Shop) -> None:
    to_monday(shop)
    await shop.pay()
    await shop.refund(await shop.pay(2000, method="pm_card_bypassPending"), amount=500)
    shop.pass_time(3 * DAY)
    later, first = await payouts(shop)
    assert [created(one) for one in (first, later)] == ["Tuesday 01:00", "Wednesday 01:00"]
    assert (first["amount"], later["amount"]) == (1412, 941)
    assert [(row["type"], row["net"]) for row in await inside(shop, first["id"])] == [
        ("payout", -1412),
        ("refund", -500),
        ("charge", 1912),
    ]
    assert [(row["type"], row["net"]) for row in await inside(shop, later["id"])] == [
        ("payout", -941),
        ("charge", 941),
    ]


async def test_a_payout_is_paid_on_its_arrival_date_and_has_a_trace_id_a_day_later(shop: Shop) -> None:
    made = await paid_out(shop)
    assert (made["amount"], made["automatic"], made["method"], made["failure_code"]) == (
        941,
        True,
        "standard",
        None,
    )
    assert await amounts(shop) == (0, 0)
    code = "payout_reconciliation_not_ready"
    assert (await refused(inside(shop, made["id"])))[:3] == (400, code, "payout")
    shop.pass_time(made["arrival_date"] - made["created"] + 1)
    query = {"expand": ["destination", "balance_transaction"]}
    found = plain(await shop.v1.payouts.retrieve_async(made["id"], query, shop.scope))
    assert (found["status"], found["reconciliation_status"]) == ("paid", "completed")
    assert found["destination"]["last4"] == "6789"
    assert [row["net"] for row in await inside(shop, made["id"])] == [-941, 941]
    assert found["trace_id"] == {"status": "pending", "value": None}
    shop.pass_time(DAY)
    found = plain(await shop.v1.payouts.retrieve_async(made["id"], {}, shop.scope))
    assert (found["trace_id"]["status"], len(found["trace_id"]["value"])) == ("supported", 15)
    names = [name for name, _ in await shop.events() if "payout" in name]
    assert names == [
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.reconciliation_completed",
        "payout.updated",
    ]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000111111113", "account_closed"),
        ("000111111116", "no_account"),
        ("000444444440", "invalid_currency"),
    ],
)
async def test_a_payout_to_a_test_account_fails_and_its_money_waits_for_another_account(
    shop: Shop, number: str, code: str
) -> None:
    made = await paid_out(shop, number=number)
    shop.pass_time(4 * DAY)
    (found,) = await payouts(shop)
    assert (found["status"], found["failure_code"], found["reconciliation_status"]) == (
        "failed",
        code,
        "in_progress",
    )
    assert (await shop.events())[-3:] == [
        ("payout.failed", "account"),
        ("payout.updated", "account"),
        ("account.external_account.updated", "account"),
    ]
    assert await amounts(shop) == (941, 0)
    settings = plain(await shop.v1.balance_settings.retrieve_async({}, shop.scope))
    assert settings["payments"]["payouts"]["status"] == "disabled"
    order = {"scenario": "replace_bank", "number": "000123456789"}
    shop.simulator.control(f"balances/{shop.account}", order)
    shop.pass_time(8 * DAY)
    second, _ = await payouts(shop)
    assert (second["status"], second["amount"]) == ("paid", 941)
    assert [row["type"] for row in await inside(shop, second["id"])] == ["payout", "payout_failure"]
    assert second["destination"] != made["destination"]


async def test_a_paid_payout_can_fail_later(shop: Shop) -> None:
    made = await paid_out(shop)
    shop.pass_time(made["arrival_date"] - made["created"] + 1)
    order = {"scenario": "fail", "code": "account_frozen"}
    assert shop.simulator.control(f"payouts/{made['id']}", order)["status"] == "failed"
    (failed,) = await payouts(shop, status="failed")
    assert (failed["failure_code"], failed["failure_message"], failed["reconciliation_status"]) == (
        "account_frozen",
        "The bank account has been frozen.",
        "completed",
    )
    assert await amounts(shop) == (941, 0)


async def test_the_platform_may_pay_out_only_with_platform_controls(shop: Shop) -> None:
    await shop.pay(method="pm_card_bypassPending")
    shop.pass_time(2)
    order = {"amount": 500, "currency": "usd"}
    create = shop.v1.payouts.create_async
    assert (await refused(create(order, shop.scope)))[:2] == (400, "not_allowed_on_standard_account")
    schedule: Any = {"payments": {"payouts": {"schedule": {"interval": "manual"}}}}
    change = shop.v1.balance_settings.update_async
    assert (await refused(change(schedule, shop.scope)))[:2] == (400, "not_allowed_on_standard_account")
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    await change(schedule, shop.scope)
    assert (await refused(create({**order, "amount": 942}, shop.scope)))[:2] == (400, "balance_insufficient")
    made = plain(await create({**order, "metadata": {"for": "rent"}}, shop.scope))
    assert (made["status"], made["automatic"], made["reconciliation_status"], made["metadata"]) == (
        "pending",
        False,
        "not_applicable",
        {"for": "rent"},
    )
    assert (await refused(inside(shop, made["id"])))[2] == "payout"
    assert plain(await shop.v1.payouts.cancel_async(made["id"], {}, shop.scope))["status"] == "canceled"
    assert await amounts(shop) == (941, 0)
    second = plain(await create({**order, "method": "instant"}, shop.scope))
    shop.pass_time(61)
    assert [one["status"] for one in await payouts(shop, status="paid")] == ["paid"]
    message = "Payouts that are paid cannot be canceled."
    assert await refused(shop.v1.payouts.cancel_async(second["id"], {}, shop.scope)) == (
        400,
        None,
        None,
        message,
    )
    shop.pass_time(7 * DAY)
    assert len(await payouts(shop)) == 2


async def test_an_instant_payout_to_a_bank_account_without_instant_payouts_is_refused(shop: Shop) -> None:
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    await paid_out(shop, number="000888888883")
    order = {"amount": 1, "currency": "usd", "method": "instant"}
    found = await refused(shop.v1.payouts.create_async(order, shop.scope))
    assert found[:3] == (400, "instant_payouts_unsupported", "method")
