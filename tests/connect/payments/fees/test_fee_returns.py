"""After each refund, its part of the fee is returned exactly once if the platform's setting says so."""

from datetime import timedelta
from typing import Any

import pytest

from connect.payments import calls
from connect.payments.fees import fee_returns
from connect.payments.mirror import mirror
from connect.payments.rules.money.fees import FeeOnRefund
from models import ApplicationFee, FeeReturn, Payment, now
from testing.payments import Shop


async def refunded(shop: Shop, *amounts: int, fee: int = 100) -> Payment:
    """A booked payment of 10.00 USD whose merchant has refunded these amounts in the Dashboard."""
    payment = await shop.intent(application_fee_amount=fee)
    shop.simulator.control("clock", {"advance_seconds": 5})
    for amount in amounts:
        shop.play(str(payment.stripe_payment_intent_id), "refund", amount=amount)
    await mirror.refresh(shop.gateway, payment, "webhook")
    return await Payment.get(id=payment.id)


async def settle(shop: Shop, on_refund: FeeOnRefund = FeeOnRefund.RETURN) -> int:
    await FeeReturn.filter(state="PENDING").update(run_at=await now(), leased_until=None)
    return await fee_returns.resume(shop.gateway, on_refund)


async def returned(shop: Shop) -> list[int]:
    """The amounts of the fee that have been returned at Stripe, oldest first."""
    fee = await ApplicationFee.get()
    return [one["amount"] for one in await calls.list_fee_refunds(shop.gateway, fee.stripe_fee_id)][::-1]


async def test_the_returned_parts_add_up_to_the_fee(shop: Shop) -> None:
    # The refunds return thirds of the fee, which are rounded so that they add up to the fee.
    payment = await refunded(shop, 333, 333, fee=101)
    assert await settle(shop) == 2
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    for _ in range(2):
        await mirror.refresh(shop.gateway, payment, "webhook")
    assert await settle(shop) == 1
    assert await settle(shop) == 0
    assert await returned(shop) == [34, 33, 34]
    assert (await ApplicationFee.get()).amount_refunded == 101
    assert await FeeReturn.filter(state="SUCCEEDED").count() == 3


@pytest.mark.one_database
async def test_a_platform_that_keeps_its_fees_makes_no_call(shop: Shop) -> None:
    await refunded(shop, 500)
    shop.forget_calls()
    assert await settle(shop, FeeOnRefund.KEEP) == 0
    assert await settle(shop) == 0
    assert shop.calls == {}
    assert (await FeeReturn.get()).state == "KEPT"


ANOTHER = {
    "id": "fr_1",
    "object": "fee_refund",
    "amount": 50,
    "currency": "usd",
    "fee": "fee_1",
    "metadata": {},
}


@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset_before"}, {"kind": "reset_after"}, {"status": 200, "body": ANOTHER}],
    ids=["reset_before", "reset_after", "answer about another fee"],
)
async def test_a_return_that_got_no_usable_answer_is_repeated_and_executed_once(
    shop: Shop, fault: dict[str, Any]
) -> None:
    await refunded(shop, 500)
    shop.simulator.control("faults", {"method": "POST", **fault})
    assert await settle(shop) == 1
    assert (await FeeReturn.get()).state == "PENDING"
    # The outcome of the return is unknown, so the return is repeated although the setting has changed.
    assert await settle(shop, FeeOnRefund.KEEP) == 1
    assert (await FeeReturn.get()).state == "SUCCEEDED"
    assert await returned(shop) == [50]


@pytest.mark.one_database
async def test_a_fee_return_with_an_expired_key_is_looked_up_and_sent_with_a_new_key(shop: Shop) -> None:
    payment = await refunded(shop, 500, 300)
    for kind in ("reset_before", "reset_after"):
        shop.simulator.control("faults", {"method": "POST", "kind": kind})
    await settle(shop)
    shop.play(str(payment.stripe_payment_intent_id), "refund", amount=100)
    await mirror.refresh(shop.gateway, payment, "webhook")
    await FeeReturn.all().update(created_at=await now() - timedelta(days=2))
    shop.simulator.control("clock", {"advance_seconds": 2 * 86400})
    # It takes four steps: two steps look up the returns, one step repeats the return that is not at Stripe,
    # and one step sends the return that was never sent.
    assert await settle(shop) == 4
    assert await FeeReturn.filter(state="SUCCEEDED").count() == 3
    assert sorted(await returned(shop)) == [10, 30, 50]


@pytest.mark.one_database
async def test_a_refused_return_is_not_repeated_and_does_not_count_as_returned(shop: Shop) -> None:
    payment = await refunded(shop, 500)
    refusal = {"error": {"type": "invalid_request_error", "message": "No."}}
    shop.simulator.control("faults", {"method": "POST", "kind": "status", "status": 400, "body": refusal})
    assert await settle(shop) == 1
    request = await FeeReturn.get()
    assert (request.state, request.error_message, await settle(shop)) == ("REFUSED", "No.", 0)
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    await mirror.refresh(shop.gateway, payment, "webhook")
    assert await settle(shop) == 1
    assert await returned(shop) == [100]


async def test_a_pending_refund_returns_the_fee_when_it_succeeds(shop: Shop) -> None:
    payment = await shop.intent(application_fee_amount=100, payment_method="pm_card_pendingRefund")
    shop.simulator.control("clock", {"advance_seconds": 5})
    for number in range(2):
        shop.play(str(payment.stripe_payment_intent_id), "refund", amount=500)
        await mirror.refresh(shop.gateway, payment, "webhook")
        assert await FeeReturn.all().count() == number  # a pending refund has no FeeReturn
        shop.simulator.control("clock", {"advance_seconds": 200})
    await settle(shop)
    assert await returned(shop) == [50]


async def test_after_a_partial_capture_the_fee_is_returned_in_proportion_to_the_captured_amount(
    shop: Shop,
) -> None:
    payment = await shop.intent(capture_method="manual", application_fee_amount=100)
    intent = str(payment.stripe_payment_intent_id)
    body = {"amount_to_capture": 600, "application_fee_amount": 3}
    await calls.capture_intent(shop.gateway, shop.account, intent, body, "capture")
    shop.simulator.control("clock", {"advance_seconds": 5})
    # A sixth of three cents is half a cent, which rounds up, so the next part is zero.
    for amount, rows in ((100, 1), (100, 1), (400, 2)):
        shop.play(intent, "refund", amount=amount)
        await mirror.refresh(shop.gateway, payment, "webhook")
        assert await FeeReturn.all().count() == rows
    await settle(shop)
    assert await returned(shop) == [1, 2]


@pytest.mark.one_database
async def test_a_part_that_was_returned_elsewhere_is_not_returned_again(shop: Shop) -> None:
    payment = await refunded(shop)
    intent = str(payment.stripe_payment_intent_id)
    order = {"payment_intent": intent, "amount": 400, "refund_application_fee": True}
    await calls.create_refund(shop.gateway, shop.account, order, "with its fee")
    await mirror.refresh(shop.gateway, payment, "webhook")
    assert await settle(shop) == 0
    shop.play(intent, "refund", amount=300)
    await mirror.refresh(shop.gateway, payment, "webhook")
    # Stripe has executed the return, but its answer is lost.
    shop.simulator.control("faults", {"method": "POST", "kind": "reset_after"})
    await settle(shop)
    shop.play(intent, "refund")
    await mirror.refresh(shop.gateway, payment, "webhook")
    await settle(shop)
    assert await returned(shop) == [40, 30, 30]


@pytest.mark.one_database
async def test_a_part_returned_for_a_refund_that_failed_later_counts_for_the_next_refund(shop: Shop) -> None:
    payment = await refunded(shop, 400)
    assert await settle(shop) == 1
    refund = (await FeeReturn.get()).stripe_refund_id
    shop.play(refund, "fail")
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    await mirror.refresh(shop.gateway, payment, "webhook", kinds={"refund"})
    assert await settle(shop) == 1
    assert await returned(shop) == [40, 60]
    assert await FeeReturn.filter(state="SUCCEEDED").count() == 2
