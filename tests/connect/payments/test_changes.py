"""Payments are canceled and captured only once, and only in states that allow it."""

import dataclasses

import pytest

from connect.errors import (
    FeeTooLarge,
    InvalidInput,
    PaymentNotChangeable,
    PaymentNotPayable,
    StripeRefused,
    StripeUnavailable,
)
from connect.merchants import accounts
from connect.payments import calls, changes, creations
from connect.payments.inputs import CaptureMode, NewCheckout
from connect.payments.mirror import mirror
from connect.payments.rules.money.fees import decode
from connect.payments.rules.money.money import Money
from models import Payment, PaymentEntry
from testing.payments import Shop
from testing.processes import Simulator
from tests.connect.payments.test_payments import ORDER, checkout, intent, sessions

MANUAL = dataclasses.replace(ORDER, capture=CaptureMode.MANUAL)
EXPIRE = {"method": "POST", "path": "/v1/checkout/sessions/{id}/expire"}
CAPTURE = {"method": "POST", "path": "/v1/payment_intents/{id}/capture"}


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    """The shop, after its account has been fetched from Stripe."""
    await accounts.refresh(shop.gateway, shop.merchant, actor="tests")
    return shop


async def cancel(shop: Shop) -> Payment:
    return await changes.cancel(shop.gateway, await Payment.get(), actor="tests")


async def capture(shop: Shop, amount: int | None = None, fee: int | None = None) -> Payment:
    return await changes.capture(
        shop.gateway,
        await Payment.get(),
        amount=Money(amount, "USD") if amount is not None else None,
        fee=Money(fee, "USD") if fee is not None else None,
        actor="tests",
    )


async def authorize(shop: Shop, new: NewCheckout = MANUAL) -> str:
    """Let a customer authorize the payment. Returns the id of its intent."""
    shop.pay((await checkout(shop, new)).url)
    (session,) = await sessions(shop)
    return str(session["payment_intent"])


async def test_an_open_page_is_closed_only_once(shop: Shop, simulator: Simulator) -> None:
    await checkout(shop)
    simulator.control("faults", {**EXPIRE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await cancel(shop)
    assert (await cancel(shop)).state == "CANCELED"
    (session,) = await sessions(shop)
    assert session["status"] == "expired"
    shop.forget_calls()
    assert (await cancel(shop)).state == "CANCELED"
    assert shop.calls == {}
    entries = PaymentEntry.filter(kind="STATE_CHANGED").order_by("id")
    assert [entry.message for entry in await entries] == [
        "State changed from UNKNOWN to AWAITING_CUSTOMER.",
        "State changed from AWAITING_CUSTOMER to CANCELED.",
    ]


@pytest.mark.one_database
async def test_an_intent_is_canceled(shop: Shop) -> None:
    created = await intent(shop)
    assert (await cancel(shop)).state == "CANCELED"
    assert created.payment.stripe_payment_intent_id is not None
    found = await calls.retrieve_intent(shop.gateway, shop.account, created.payment.stripe_payment_intent_id)
    assert (found["status"], found["cancellation_reason"]) == ("canceled", "requested_by_customer")


@pytest.mark.one_database
async def test_an_expired_page_that_is_canceled_is_not_replaced(shop: Shop) -> None:
    created = (await checkout(shop)).payment
    shop.play(str(created.stripe_checkout_session_id), "expire")
    await mirror.refresh(shop.gateway, created, "webhook")
    assert (await Payment.get()).state == "EXPIRED"
    stale = await Payment.get()
    assert (await cancel(shop)).state == "CANCELED"
    entry = await PaymentEntry.filter(actor="tests").order_by("-id").first()
    assert entry is not None
    assert entry.message == "State changed from EXPIRED to CANCELED."
    with pytest.raises(PaymentNotPayable, match=r"^The payment is CANCELED and cannot be paid\."):
        await checkout(shop)
    last = await creations.latest(stale.id)
    assert last is not None
    with pytest.raises(PaymentNotPayable):  # a call may have read the payment before it was canceled
        await creations.store_next(shop.gateway, stale, last, ORDER)
    assert len(await sessions(shop)) == 1


@pytest.mark.one_database
async def test_a_page_that_has_been_paid_is_not_canceled(shop: Shop) -> None:
    url = (await checkout(shop)).url
    shop.pay(url)
    for _ in range(2):
        with pytest.raises(PaymentNotChangeable) as refused:
            await cancel(shop)
        assert refused.value.payment_row.state == "SUCCEEDED"
        assert refused.value.message == "The payment is SUCCEEDED and cannot be canceled. Refund it instead."


@pytest.mark.one_database
async def test_canceling_releases_an_authorization_that_was_made_on_a_page(shop: Shop) -> None:
    paid = await authorize(shop)
    assert (await cancel(shop)).state == "CANCELED"
    assert (await calls.retrieve_intent(shop.gateway, shop.account, paid))["status"] == "canceled"


async def test_a_part_of_an_authorization_is_captured_only_once(shop: Shop, simulator: Simulator) -> None:
    paid = await authorize(shop)
    with pytest.raises(InvalidInput, match=r"at most 25\.00 USD, the authorized amount"):
        await capture(shop, 2501)
    with pytest.raises(FeeTooLarge):
        await capture(shop, 1000, fee=1001)
    simulator.control("faults", {**CAPTURE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await capture(shop, 1000)
    await mirror.refresh(shop.gateway, await Payment.get(), "webhook")
    captured = await capture(shop, 1000)
    assert (captured.state, decode(captured.fee or "").fee) == ("SUCCEEDED", 55)
    found = await calls.retrieve_intent(shop.gateway, shop.account, paid)
    assert (found["status"], found["amount_received"]) == ("succeeded", 1000)
    assert found["latest_charge"]["application_fee_amount"] == 55  # 2.5 % of 10.00 and 0.30
    assert (await capture(shop, 1000)).state == "SUCCEEDED"
    assert (await capture(shop)).state == "SUCCEEDED"
    with pytest.raises(PaymentNotChangeable, match=r"^10\.00 USD of the payment were captured already"):
        await capture(shop, 999)


@pytest.mark.one_database
async def test_a_capture_needs_an_authorization(shop: Shop) -> None:
    url = (await checkout(shop)).url
    with pytest.raises(PaymentNotChangeable, match="The payment is AWAITING_CUSTOMER"):
        await capture(shop)
    shop.pay(url)
    with pytest.raises(PaymentNotChangeable, match="The payment is SUCCEEDED"):
        await capture(shop)


@pytest.mark.one_database
async def test_a_payment_can_be_canceled_after_stripe_has_refused_an_earlier_cancellation(shop: Shop) -> None:
    """Stripe repeats a refusal for each request with the same key."""
    paid = (await intent(shop)).payment.stripe_payment_intent_id
    assert paid is not None
    path = f"/v1/payment_intents/{paid}/confirm"
    body = {"payment_method": "pm_usBankAccount_processing", "return_url": ORDER.success_url}
    await shop.gateway.call("tests", "post", path, body, account=shop.account, idempotency_key="confirm")
    with pytest.raises(StripeRefused):
        await cancel(shop)
    shop.play(paid, "fail")
    assert (await cancel(shop)).state == "CANCELED"
