"""The balance is the sum of the transactions. Money becomes available two business days after a payment."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.money.conftest import Shop


@pytest.mark.parametrize(("weekday", "days"), [(0, 2), (3, 4)], ids=["Monday", "Thursday"])
async def test_money_becomes_available_at_midnight_after_two_business_days(
    shop: Shop, weekday: int, days: int
) -> None:
    now = datetime.now(UTC)
    noon = now.replace(hour=12) + timedelta(days=(weekday - now.weekday()) % 7 + 7)
    shop.pass_time((noon - now).total_seconds())
    made = await shop.pay()
    shop.pass_time(2)
    charge = (await shop.get(made["id"], "latest_charge.balance_transaction"))["latest_charge"]
    row = charge["balance_transaction"]
    available = datetime.fromtimestamp(row["available_on"], UTC)
    assert available.date() == noon.date() + timedelta(days=days)
    assert available.time().isoformat() == "00:00:00"
    balance = await shop.v1.balance.retrieve_async({}, shop.scope)
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 941)
    shop.pass_time(row["available_on"] - row["created"] + 1)
    balance = await shop.v1.balance.retrieve_async({}, shop.scope)
    assert (balance.available[0].amount, balance.pending[0].amount) == (941, 0)
    assert (await shop.events())[-1] == ("balance.available", "account")


async def test_money_from_a_card_that_bypasses_pending_is_available_immediately(shop: Shop) -> None:
    await shop.pay(method="pm_card_bypassPending")
    shop.pass_time(2)
    balance = await shop.v1.balance.retrieve_async({}, shop.scope)
    assert (balance.available[0].amount, balance.pending[0].amount) == (941, 0)


async def test_a_refund_can_make_the_available_balance_negative(shop: Shop) -> None:
    await shop.refund(await shop.pay())
    balance = await shop.v1.balance.retrieve_async({}, shop.scope)
    assert (balance.available[0].amount, balance.pending[0].amount) == (-1000, 941)


async def test_amounts_in_different_currencies_are_never_added(shop: Shop) -> None:
    await shop.pay(1000)
    await shop.pay(500, currency="jpy")
    shop.pass_time(2)
    balance = await shop.v1.balance.retrieve_async({}, shop.scope)
    assert [(one.currency, one.amount) for one in balance.pending] == [("jpy", 485), ("usd", 941)]


async def test_transactions_are_filtered_by_source_type_and_currency(shop: Shop) -> None:
    made = await shop.pay(capture_method="automatic")
    refund = await shop.refund(made)
    listing = shop.v1.balance_transactions.list_async
    found = [
        [row.source for row in (await listing(query, shop.scope)).data]
        for query in ({"source": refund["id"]}, {"type": "charge"}, {"type": "none"}, {"currency": "eur"})
    ]
    assert found == [[refund["id"]], [made["latest_charge"]], [], []]
