"""A refund is made only once at Stripe, and refunds never exceed the payment."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from connect.errors import (
    AnswerUnusable,
    DisputeOpen,
    ExternalIdTaken,
    InvalidInput,
    PaymentNotChangeable,
    RefundTooLarge,
    StripeRefused,
    StripeUnavailable,
)
from connect.payments import calls, refunds
from connect.payments.fees import fee_returns
from connect.payments.mirror import complete, events, fetches, mirror
from connect.payments.refunds import NewRefund, RefundCause, Refunded, RefundWarning
from connect.payments.rules.money.fees import FeeOnRefund
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import decode
from connect.stripe_api import stored_requests
from models import FeeReturn, Payment, PaymentEntry, RefundRequest, StripeEvent, now
from testing.payments import Shop
from testing.processes import Simulator

CREATE = {"method": "POST", "path": "/v1/refunds"}
LIST = {"method": "GET", "path": "/v1/refunds"}


async def paid(shop: Shop, **changed: Any) -> Payment:
    """A booked payment of 10.00 USD with a fee of 1.00 USD."""
    payment = await shop.intent(**changed)
    shop.simulator.control("clock", {"advance_seconds": 5})
    await mirror.refresh(shop.gateway, payment, "webhook")
    return await Payment.get(id=payment.id)


async def refund(shop: Shop, external_id: str = "1", amount: int | None = None, **more: Any) -> Refunded:
    money = Money(amount, "USD") if amount is not None else None
    new = NewRefund(external_id=external_id, amount=money, **more)
    return await refunds.refund(shop.gateway, await Payment.get(), new, actor="tests")


async def at_stripe(shop: Shop) -> list[int]:
    """The amounts of all refunds at Stripe, oldest first."""
    payment = await Payment.get()
    assert payment.stripe_payment_intent_id is not None
    listed = await calls.list_refunds(shop.gateway, shop.account, payment.stripe_payment_intent_id)
    return [one["amount"] for one in listed][::-1]


async def resume(shop: Shop) -> int:
    await RefundRequest.filter(state="PENDING").update(run_at=await now(), leased_until=None)
    return await refunds.resume(shop.gateway)


async def test_a_repeated_call_returns_the_same_refund(shop: Shop) -> None:
    await paid(shop)
    first = await refund(shop, amount=400, reason=RefundCause.DUPLICATE)
    assert (first.created, first.warning, first.payment.refund_state) == (True, None, "PARTIAL")
    again = await refund(shop, amount=400, reason=RefundCause.DUPLICATE)
    assert (again.created, again.request.id) == (False, first.request.id)
    for other in ({"amount": 401, "reason": RefundCause.DUPLICATE}, {"amount": 400}, {}):
        with pytest.raises(ExternalIdTaken, match="This externalId belongs to a refund"):
            await refund(shop, **other)
    # The same amount with another id is another refund.
    second = await refund(shop, "2", 400)
    assert second.created
    rest = await refund(shop, "3")
    assert (rest.request.amount, rest.payment.refund_state) == (200, "FULL")
    assert await at_stripe(shop) == [400, 400, 200]
    assert {one.request_id for one in decode(rest.payment.snapshot).refunds} == {
        str(one.request.id) for one in (first, second, rest)
    }
    assert {one.reason for one in decode(rest.payment.snapshot).refunds} == {"duplicate", None}
    listed = await calls.list_refunds(shop.gateway, shop.account, str(rest.payment.stripe_payment_intent_id))
    assert listed[-1]["metadata"] == {
        "payment_id": str(rest.payment.id),
        "refund_id": str(first.request.id),
        "external_id": "1",
    }
    messages = await PaymentEntry.filter(actor="tests").order_by("id")
    assert messages[0].message == "A refund of 4.00 USD was requested."


async def test_a_refund_that_got_no_answer_is_made_only_once(shop: Shop, simulator: Simulator) -> None:
    await paid(shop)
    for number, kind in enumerate(("reset_before", "reset_after")):
        simulator.control("faults", {**CREATE, "kind": kind})
        with pytest.raises(StripeUnavailable):
            await refund(shop, kind, 300)
        assert (await Payment.get()).refund_state == "PENDING"
        if number:
            # An event can show the refund before the request has its answer. The refund counts only once.
            await mirror.refresh(shop.gateway, await Payment.get(), "webhook")
            with pytest.raises(RefundTooLarge) as refused:
                await refund(shop, "other", 401)
            assert refused.value.amount == Money(400, "USD")
            assert await resume(shop) == 1  # the worker completes the request
        assert not (await refund(shop, kind, 300)).created
    assert await at_stripe(shop) == [300, 300]


async def test_an_expired_request_is_looked_up_and_never_repeated(shop: Shop, simulator: Simulator) -> None:
    await paid(shop)
    for kind in ("reset_before", "reset_after"):
        simulator.control("faults", {**CREATE, "kind": kind})
        with pytest.raises(StripeUnavailable):
            await refund(shop, kind, 300)
    await RefundRequest.all().update(created_at=await now() - timedelta(days=2))
    simulator.control("clock", {"advance_seconds": 2 * 86400})
    assert await resume(shop) == 2
    states = await RefundRequest.all().order_by("id").values_list("state", "error_code")
    assert states == [("REFUSED", stored_requests.NOT_RECEIVED), ("SUCCEEDED", None)]
    message = "The request for a refund of 3.00 USD never reached Stripe. Nothing was refunded."
    assert await PaymentEntry.filter(message=message).count() == 1
    assert await at_stripe(shop) == [300]
    # The external id of the request that never arrived is free.
    assert (await refund(shop, "reset_before", 200)).created
    assert await at_stripe(shop) == [300, 200]


async def test_a_request_whose_call_may_still_be_running_is_not_looked_up(
    shop: Shop, simulator: Simulator
) -> None:
    await paid(shop)
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await refund(shop)
    sent = await now() - stored_requests.V1_KEY_LIFETIME - timedelta(minutes=1)
    await RefundRequest.all().update(created_at=sent)
    shop.forget_calls()
    assert await resume(shop) == 1
    assert ((await RefundRequest.get()).state, shop.calls) == ("PENDING", {})


@pytest.mark.slow
async def test_simultaneous_refunds_do_not_exceed_the_payment(shop: Shop) -> None:
    await paid(shop)
    shop.forget_calls()
    results = await asyncio.gather(
        *(refund(shop, str(number), 400) for number in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in results) == [
        *("RefundTooLarge", "RefundTooLarge", "Refunded", "Refunded")
    ]
    assert await at_stripe(shop) == [400, 400]
    assert shop.calls["POST /v1/refunds"] == 2
    with pytest.raises(RefundTooLarge, match=r"^Only 2\.00 USD of the payment can still be refunded\.$"):
        await refund(shop, "5", 201)
    same = await asyncio.gather(*(refund(shop, "6", 200) for _ in range(3)))
    assert sorted(one.created for one in same) == [False, False, True]
    assert shop.calls["POST /v1/refunds"] == 3
    with pytest.raises(RefundTooLarge, match=r"^Nothing of the payment is left to refund\.$"):
        await refund(shop, "7")
    assert await at_stripe(shop) == [400, 400, 200]


@pytest.mark.one_database
async def test_a_refund_made_in_the_dashboard_counts(shop: Shop) -> None:
    payment = await paid(shop)
    shop.play(str(payment.stripe_payment_intent_id), "refund", amount=700)
    with pytest.raises(RefundTooLarge) as refused:  # the mirror learns about the refund from Stripe's refusal
        await refund(shop, amount=400)
    assert refused.value.amount == Money(300, "USD")
    assert (await refund(shop, amount=300)).payment.refund_state == "FULL"
    assert await at_stripe(shop) == [700, 300]


@pytest.mark.one_database
async def test_the_input_and_the_state_are_checked_before_a_call(shop: Shop) -> None:
    payment = await shop.intent(capture_method="manual")
    shop.forget_calls()
    new = NewRefund(external_id=" ", amount=Money(1, "EUR"))
    with pytest.raises(InvalidInput) as invalid:
        await refunds.refund(shop.gateway, payment, new, actor="tests")
    assert [one.name for one in invalid.value.fields] == ["externalId", "amount.currency"]
    with pytest.raises(
        PaymentNotChangeable, match=r"^The payment is AUTHORIZED and cannot be refunded\. Cancel"
    ):
        await refund(shop)
    unconfirmed = await shop.payment("order-2", 1000)
    with pytest.raises(StripeUnavailable):
        await refunds.refund(shop.gateway, unconfirmed, NewRefund(external_id="1"), actor="tests")
    assert "POST /v1/refunds" not in shop.calls
    assert not await RefundRequest.exists()


async def test_a_refund_whose_metadata_was_removed_at_stripe_counts_once(shop: Shop) -> None:
    payment = await paid(shop)
    done = await refund(shop, amount=400)
    path = f"/v1/refunds/{done.request.stripe_refund_id}"
    await shop.gateway.call("refunds.update", "post", path, {"metadata": ""}, account=shop.account)
    await mirror.refresh(shop.gateway, payment, "webhook")
    assert {one.request_id for one in decode((await Payment.get()).snapshot).refunds} == {None}
    with pytest.raises(RefundTooLarge) as refused:
        await refund(shop, "2", 601)
    assert refused.value.amount == Money(600, "USD")


async def test_an_answer_about_another_payment_is_not_used(shop: Shop, simulator: Simulator) -> None:
    await paid(shop)
    other = {"object": "refund", "id": "re_other", "payment_intent": "pi_other"}
    simulator.control("faults", {**CREATE, "kind": "status", "status": 200, "body": other})
    with pytest.raises(AnswerUnusable):
        await refund(shop, amount=400)
    assert (await RefundRequest.get()).state == "PENDING"
    assert not (await refund(shop, amount=400)).created
    assert await at_stripe(shop) == [400]


async def test_the_amounts_of_several_disputes_are_added_up(shop: Shop) -> None:
    payment = await paid(shop, payment_method="pm_card_createMultipleDisputes")
    first, second = decode((await Payment.get()).snapshot).disputes

    async def refusal() -> DisputeOpen:
        await mirror.refresh(shop.gateway, payment, "webhook")
        with pytest.raises(DisputeOpen) as refused:
            await refund(shop)
        return refused.value

    both = await refusal()
    assert (both.disputed_amount, both.fee_amount) == (Money(1000, "USD"), Money(3000, "USD"))
    shop.play(first.id, "lose")
    assert (await refusal()).message.endswith(
        "with submitDisputeEvidence or accept it with acceptDispute, or do either in Stripe's Dashboard."
    )
    shop.play(second.id, "answer")
    assert (await refusal()).message.endswith("Wait for the bank's decision.")
    shop.play(second.id, "win")
    lost = await refusal()
    assert (lost.disputed_amount, lost.fee_amount) == (Money(500, "USD"), Money(1500, "USD"))
    assert lost.message.endswith("The dispute is lost.")


@pytest.mark.one_database
async def test_a_refund_during_a_chargeback_is_refused_and_the_error_names_the_cost(shop: Shop) -> None:
    payment = await paid(shop)
    shop.play(str(payment.stripe_payment_intent_id), "dispute")
    with pytest.raises(DisputeOpen) as refused:
        await refund(shop, amount=400)
    assert refused.value.message == (
        "The customer's bank has taken 10.00 USD back, so Stripe refuses a refund. A refund would pay "
        "the customer 4.00 USD in addition. Stripe's dispute fee of 15.00 USD is not returned by a refund. "
        "Answer the dispute with submitDisputeEvidence or accept it with acceptDispute, or do either in "
        "Stripe's Dashboard."
    )
    assert (refused.value.disputed_amount, refused.value.cost_amount, refused.value.fee_amount) == (
        Money(1000, "USD"),
        Money(400, "USD"),
        Money(1500, "USD"),
    )
    assert await at_stripe(shop) == []
    (dispute,) = decode((await Payment.get()).snapshot).disputes
    shop.play(dispute.id, "win")
    assert (await refund(shop, amount=400)).payment.refund_state == "PARTIAL"


@pytest.mark.one_database
async def test_during_an_inquiry_a_partial_refund_needs_during_inquiry_but_a_full_refund_does_not(
    shop: Shop,
) -> None:
    payment = await paid(shop)
    shop.play(str(payment.stripe_payment_intent_id), "dispute", inquiry=True)
    await mirror.refresh(shop.gateway, payment, "webhook")
    with pytest.raises(DisputeOpen, match="set `duringInquiry`") as refused:
        await refund(shop, amount=400)
    assert (refused.value.disputed_amount, refused.value.fee_amount) == (Money(1000, "USD"), None)
    partial = await refund(shop, amount=400, during_inquiry=True)
    assert partial.warning is RefundWarning.PARTIAL_DURING_INQUIRY
    assert partial.payment.refund_state == "PARTIAL"
    rest = await refund(shop, "2")
    assert (rest.warning, rest.payment.refund_state) == (RefundWarning.INQUIRY, "FULL")
    assert await at_stripe(shop) == [400, 600]


async def test_a_full_refund_ends_a_warning_of_the_bank_but_a_partial_refund_does_not(shop: Shop) -> None:
    payment = await paid(shop)
    shop.play(str(payment.stripe_payment_intent_id), "warn")
    await mirror.refresh(shop.gateway, payment, "webhook", kinds=[fetches.WARNING])
    partial = await refund(shop, amount=400)
    assert (partial.warning, partial.payment.refund_state, partial.payment.dispute_state) == (
        RefundWarning.DISPUTE_EXPECTED,
        "PARTIAL",
        "WARNED",
    )
    rest = await refund(shop, "2")
    assert (rest.warning, rest.payment.refund_state, rest.payment.dispute_state) == (None, "FULL", "NONE")
    assert await at_stripe(shop) == [400, 600]


@pytest.mark.one_database
async def test_a_refund_that_fails_later_can_be_made_again(shop: Shop) -> None:
    await paid(shop)
    first = await refund(shop)
    shop.play(str(first.request.stripe_refund_id), "fail")
    assert (await refund(shop)).payment.refund_state == "FULL"  # the mirror does not show the failure yet
    await mirror.refresh(shop.gateway, first.payment, "webhook")
    assert (await Payment.get()).refund_state == "FAILED"
    assert not (await refund(shop)).created
    assert (await refund(shop, "2")).payment.refund_state == "FULL"


@pytest.mark.one_database
async def test_a_refund_without_an_event_appears_on_the_payment(shop: Shop, simulator: Simulator) -> None:
    await paid(shop)
    simulator.control("faults", {**LIST, "kind": "reset_before"})
    done = await refund(shop, amount=700)
    assert done.payment.refund_state == "PENDING"
    assert done.request.stripe_refund_id is not None
    await complete.run(shop.gateway)
    assert (await Payment.get()).refund_state == "PARTIAL"
    # A refund counts even if the mirror does not show it yet.
    simulator.control("faults", {**LIST, "kind": "reset_before"})
    await refund(shop, "2", 200)
    shop.forget_calls()
    with pytest.raises(RefundTooLarge) as refused:
        await refund(shop, "3", 101)
    assert refused.value.amount == Money(100, "USD")
    assert "POST /v1/refunds" not in shop.calls


async def test_a_refund_that_fails_immediately_appears_on_the_payment(
    shop: Shop, simulator: Simulator
) -> None:
    """A refund that failed immediately appears only in the list of refunds, not in the charge."""
    simulator.control("switches", {"refund_needs_available_balance": True})
    payment = await paid(shop, payment_method="pm_usBankAccount_success")
    shop.play(str(payment.stripe_payment_intent_id), "succeed")
    await mirror.refresh(shop.gateway, payment, "webhook")
    simulator.control("faults", {**LIST, "kind": "reset_before"})
    done = await refund(shop)
    received = {"received_at": await now(), "attempts": 1, "stripe_account_id": shop.account}
    event = StripeEvent(type="v1.refund.failed", subject_key=done.request.stripe_refund_id, **received)
    await mirror.refresh(shop.gateway, payment, "webhook")  # a later fetch, which lists no refunds
    assert (await Payment.get()).refund_state == "PENDING"
    await events.handle(shop.gateway, [event])
    assert (await Payment.get()).refund_state == "FAILED"


async def test_a_refund_is_found_although_a_later_attempt_was_refused(
    shop: Shop, simulator: Simulator
) -> None:
    await paid(shop)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await refund(shop, amount=300)
    body = {"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "No access."}}
    simulator.control("faults", {**CREATE, "kind": "status", "status": 403, "body": body})
    assert await resume(shop) == 1
    assert (await RefundRequest.get()).state == "REFUSED"
    assert not (await refund(shop, amount=300)).created
    assert await at_stripe(shop) == [300]


async def test_a_late_refusal_of_an_earlier_attempt_does_not_settle_a_later_attempt(
    shop: Shop, simulator: Simulator
) -> None:
    await paid(shop)
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await refund(shop, amount=300)
    earlier = await RefundRequest.get()
    body = {"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "No access."}}
    refused = {**CREATE, "kind": "status", "status": 403, "body": body}
    simulator.control("faults", refused)
    await resume(shop)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await refund(shop, amount=300)
    simulator.control("faults", refused)
    await stored_requests.complete(shop.gateway, refunds.REFUND, earlier)
    assert (await RefundRequest.get()).state == "PENDING"
    assert await resume(shop) == 1
    assert (await RefundRequest.get()).state == "SUCCEEDED"
    assert await at_stripe(shop) == [300]


@pytest.mark.slow
async def test_a_refusal_frees_the_external_id(shop: Shop, simulator: Simulator) -> None:
    await paid(shop)
    refusal = {"error": {"type": "invalid_request_error", "code": "charge_not_refundable", "message": "No."}}
    simulator.control("faults", {**CREATE, "kind": "status", "status": 400, "body": refusal})
    with pytest.raises(StripeRefused):
        await refund(shop, amount=100)
    assert (await Payment.get()).refund_state == "NONE"
    assert await PaymentEntry.filter(message="Stripe refused the refund of 1.00 USD.").count() == 1
    refused = await RefundRequest.get()
    assert (refused.state, refused.error_code) == ("REFUSED", "charge_not_refundable")
    # Stripe repeats its answer for the same key, so the next attempt has another key.
    done = await refund(shop, amount=200)
    assert done.created
    assert done.request.error_code is None
    assert done.request.idempotency_key != refused.idempotency_key
    assert await at_stripe(shop) == [200]
    # A late refusal of a repeated attempt does not undo a success.
    assert not await refunds.REFUND.refuse(done.request, StripeRefused("late", "Late.", None))
    assert (await RefundRequest.get()).state == "SUCCEEDED"


@pytest.mark.slow
@pytest.mark.one_database
async def test_the_fee_is_returned_in_parts_that_add_up_to_the_fee(shop: Shop) -> None:
    await paid(shop, application_fee_amount=101)
    for number in ("1", "2"):
        await refund(shop, number, 333)
    payment = await Payment.get()
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    await mirror.refresh(shop.gateway, payment, "webhook")
    assert await fee_returns.resume(shop.gateway, FeeOnRefund.RETURN) == 3
    assert await fee_returns.resume(shop.gateway, FeeOnRefund.RETURN) == 0
    (fee,) = {one.stripe_fee_id for one in await FeeReturn.all()}
    assert [one["amount"] for one in await calls.list_fee_refunds(shop.gateway, fee)] == [34, 33, 34]
