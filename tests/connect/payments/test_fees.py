"""The mirror of the platform's fees shows the latest fetch."""

import asyncio

from connect.payments import calls, fees, fetches, mirror
from models import ApplicationFee
from testing.payments import Shop
from testing.waits import eventually

FEE = "/v1/application_fees/{id}"


async def test_a_fee_that_the_fetch_of_its_payment_stores_meanwhile_is_not_outdated(shop: Shop) -> None:
    payment = await shop.intent()
    shop.simulator.control("clock", {"advance_seconds": 5})
    begun = await mirror.begin(payment)
    answer = await calls.retrieve_intent(shop.gateway, shop.account, str(payment.stripe_payment_intent_id))
    fee = answer["latest_charge"]["application_fee"]["id"]
    await calls.refund_fee(shop.gateway, fee, {"amount": 7}, "7")
    shop.simulator.control("faults", {"method": "GET", "path": FEE, "kind": "delay_after", "seconds": 1})
    shop.forget_calls()
    refresh = asyncio.create_task(fees.refresh(shop.gateway, fee))

    async def is_asked() -> bool:
        return shop.calls.get(f"GET {FEE}") == 1

    await eventually(is_asked)
    await mirror.write(payment, fetches.parse(None, answer), begun, "webhook")
    await refresh
    assert (await ApplicationFee.get()).amount_refunded == 7
