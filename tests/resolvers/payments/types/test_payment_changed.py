"""paymentChanged and paymentListChanged follow payments within the caller's scope."""

from tortoise.transactions import in_transaction

from connect.payments.mirror import documents
from models import Merchant, Payment, now
from models.transactions import repeatable
from testing.merchants import build_merchant, global_id, store
from testing.service import Service
from testing.stored_payments import add_payment
from testing.subscribers import Socket, socket

ONE = "subscription ($by: PaymentRef!) { paymentChanged(by: $by) { externalId amount { minorUnits } } }"
LIST = """
subscription ($filter: PaymentFilter) {
  paymentListChanged(filter: $filter) { change paymentId payment { externalId amount { minorUnits } } }
}
"""
READ = ("READ", None, None)


async def shops() -> list[Merchant]:
    built = [build_merchant("shop-1"), build_merchant("shop-2")]
    await store(built)
    return [one.merchant for one in built]


@repeatable
async def reprice(payment: Payment, amount: int) -> None:
    async with in_transaction():
        row = await Payment.select_for_update().get(id=payment.id)
        row.amount = amount
        await documents.save(row, await now())


async def next_change(client: Socket) -> tuple[str, str | None, int | None]:
    message = (await client.data())["paymentListChanged"]
    payment = message["payment"]
    return message["change"], message["paymentId"], payment and payment["amount"]["minorUnits"]


async def test_the_current_state_comes_first_and_then_each_change(idle: Service) -> None:
    merchant, _ = await shops()
    payment = await add_payment(merchant, "order-1")
    by = {"id": global_id("Payment", payment.id)}
    async with (
        socket(idle, token=idle.token()) as operator,
        socket(idle, token=idle.token("merchant", "shop-1")) as own,
    ):
        for client in (operator, own):
            await client.subscribe(ONE, {"by": by})
            expected = {"paymentChanged": {"externalId": "order-1", "amount": {"minorUnits": 1000}}}
            assert await client.data() == expected
        await reprice(payment, 2000)
        for client in (operator, own):
            assert (await client.data())["paymentChanged"]["amount"] == {"minorUnits": 2000}


async def test_another_merchants_payment_looks_like_a_missing_one(idle: Service) -> None:
    merchant, _ = await shops()
    payment = await add_payment(merchant, "order-1")
    async with socket(idle, token=idle.token("merchant", "shop-2")) as client:
        for number, key in enumerate((payment.id, merchant.id)):
            by = {"id": global_id("Payment", key)}
            await client.subscribe(ONE, {"by": by}, id=str(number))
            (error,) = (await client.receive())["payload"]["errors"]
            await client.receive()  # complete
            assert (error["message"], error["extensions"]["code"]) == (
                "There is no such payment.",
                "NOT_FOUND",
            )


async def test_a_list_reports_matches_and_payments_that_left(idle: Service) -> None:
    merchant, other = await shops()
    payment, foreign = await add_payment(merchant, "order-1"), await add_payment(other, "order-2")
    await idle.deliver_changes()
    key, foreign_key = global_id("Payment", payment.id), global_id("Payment", foreign.id)
    criteria = {"currency": "USD", "minimumAmount": 1000}
    async with (
        socket(idle, token=idle.token("service")) as service,
        socket(idle, token=idle.token("merchant", "shop-1")) as own,
    ):
        for client in (service, own):
            await client.subscribe(LIST, {"filter": criteria})
            assert await next_change(client) == READ
        await reprice(foreign, 3000)
        assert await next_change(service) == ("CHANGED", foreign_key, 3000)
        await reprice(payment, 500)
        for client in (service, own):
            assert await next_change(client) == ("LEFT", key, 500)
        await reprice(payment, 1500)
        for client in (service, own):
            assert await next_change(client) == ("CHANGED", key, 1500)
