"""The mirror of the platform's fees stores the latest fetch."""

import asyncio
import dataclasses
import json

import pytest

from connect.payments import calls
from connect.payments.fees import fees
from connect.payments.mirror import fetches, mirror
from connect.payments.rules import snapshot
from models import ApplicationFee, FeeReturn, Payment
from models.payment import STRIPE
from testing.payments import Shop
from testing.waits import eventually

FEE = "/v1/application_fees/{id}"


@pytest.mark.waits
async def test_a_fetched_fee_replaces_the_older_amounts_from_a_fetch_of_its_payment(shop: Shop) -> None:
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


async def found(shop: Shop, **changed: object) -> str:
    """Store a refunded payment that was created at Stripe and found by a sweep. Returns the id of its fee."""
    intent = await shop.elsewhere(application_fee_amount=100)
    shop.simulator.control("clock", {"advance_seconds": 5})
    shop.play(intent, "refund", amount=500)
    answer = await calls.retrieve_intent(shop.gateway, shop.account, intent)
    fee = answer["latest_charge"]["application_fee"]
    answer["latest_charge"]["application_fee"] = {**fee, **changed}
    await mirror.create(shop.merchant, shop.account, fetches.parse(None, answer), "sweep")
    payment = await mirror.find(intent)
    assert payment is not None
    refunds = await calls.list_refunds(shop.gateway, shop.account, intent)
    fetched = dataclasses.replace(
        fetches.parse(None, answer, intent_id=intent), refunds=(snapshot.parse_refund(refunds[0]),)
    )
    await mirror.write(payment, fetched, await mirror.begin(payment), "sweep")
    return str(fee["id"])


async def test_a_fee_of_another_platform_is_neither_stored_nor_returned(shop: Shop) -> None:
    await found(shop, id="fee_other", application="ca_Other")
    assert await ApplicationFee.exists() is False
    assert await FeeReturn.exists() is False


async def test_a_fetched_fee_is_stored_for_a_payment_that_was_created_at_stripe(shop: Shop) -> None:
    fee = await found(shop)
    assert await ApplicationFee.exists() is False
    await fees.refresh(shop.gateway, fee)
    assert (await ApplicationFee.get()).payment_id == (await Payment.get(origin=STRIPE)).id
    planned = await FeeReturn.get()
    assert (planned.stripe_fee_id, json.loads(planned.body)["amount"]) == (fee, 50)


async def test_a_part_that_was_returned_before_the_fee_was_found_is_not_returned_again(shop: Shop) -> None:
    fee = await found(shop)
    await calls.refund_fee(shop.gateway, fee, {"amount": 50}, "dashboard")
    await fees.refresh(shop.gateway, fee)
    assert (await ApplicationFee.get()).amount_refunded == 50
    assert await FeeReturn.exists() is False
