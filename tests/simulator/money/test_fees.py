"""Application fees and their refunds, in the platform's scope."""

from testing.processes import Simulator
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused


async def test_a_fee_belongs_to_the_platform(shop: Shop) -> None:
    made = await shop.pay(application_fee_amount=123)
    shop.pass_time(2)
    page = await shop.v1.application_fees.list_async(
        {"charge": made["latest_charge"], "expand": ["data.charge"]}
    )
    fee = page.data[0]
    assert (fee.account, fee.amount, fee.charge.id) == (shop.account, 123, made["latest_charge"])
    in_scope = await refused(shop.v1.application_fees.retrieve_async(fee.id, {}, shop.scope))
    assert in_scope == (404, "resource_missing", "fee", f"No such application fee: '{fee.id}'")
    row = await shop.v1.balance_transactions.retrieve_async(fee.balance_transaction, {"expand": ["source"]})
    assert (row.type, row.amount, row.fee, row.source.id) == ("application_fee", 123, 0, fee.id)


async def test_a_fee_is_given_back_in_parts_until_nothing_is_left(shop: Shop) -> None:
    await shop.pay(application_fee_amount=100)
    shop.pass_time(2)
    fee = (await shop.v1.application_fees.list_async()).data[0].id
    service = shop.v1.application_fees.refunds
    first = plain(await service.create_async(fee, {"amount": 30, "metadata": {"why": "goodwill"}}))
    assert plain(await service.retrieve_async(fee, first["id"])) == first
    assert await refused(service.create_async(fee, {"amount": 71})) == (
        400,
        None,
        "amount",
        "Refund amount ($0.71) is greater than unrefunded amount on fee ($0.70)",
    )
    await service.create_async(fee)
    assert (await refused(service.create_async(fee)))[0] == 400
    assert [one.amount for one in (await service.list_async(fee)).data] == [70, 30]
    rows = await shop.v1.balance_transactions.list_async({"type": "application_fee_refund"}, shop.scope)
    assert [row.amount for row in rows.data] == [70, 30]
    rows = await shop.v1.balance_transactions.list_async({"type": "application_fee_refund"})
    assert [row.amount for row in rows.data] == [-70, -30]


async def test_a_fee_above_the_amount_is_capped_or_refused(shop: Shop, sim: Simulator) -> None:
    made = await shop.pay(1000, application_fee_amount=5000)
    shop.pass_time(2)
    charge = (await shop.get(made["id"], "latest_charge.balance_transaction"))["latest_charge"]
    assert (charge["balance_transaction"]["fee"], charge["balance_transaction"]["net"]) == (1059, -59)
    assert (await shop.v1.application_fees.list_async()).data[0].amount == 1000
    sim.control("switches", {"application_fee_above_amount_refused": True})
    assert (await refused(shop.pay(1000, application_fee_amount=1001)))[2] == "application_fee_amount"
    assert (await shop.pay(1000, application_fee_amount=1000))["status"] == "succeeded"


async def test_a_fee_of_zero_creates_no_fee_object(shop: Shop) -> None:
    made = await shop.pay(application_fee_amount=0)
    shop.pass_time(2)
    assert made["application_fee_amount"] is None
    assert (await shop.v1.application_fees.list_async()).data == []
