"""A payment is created only once at Stripe, and repeated calls return a page that works."""

import asyncio
import dataclasses
import json
from datetime import timedelta

import pytest

from connect.errors import (
    AmountTooSmall,
    ExternalIdTaken,
    FeeTooLarge,
    InvalidInput,
    MerchantNotReady,
    PaymentNotPayable,
    StripeRefused,
    StripeUnavailable,
)
from connect.merchants import accounts
from connect.merchants.inputs import encryption
from connect.merchants.rules.messages import Audience
from connect.payments import calls, creations, payments
from connect.payments.inputs import CaptureMode, Line, NewCheckout, NewIntent
from connect.payments.mirror import adoption, mirror, payers
from connect.payments.payments import Checkout, Intent
from connect.payments.rules.money.fee_policies import parse
from connect.payments.rules.money.fees import decode
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Payment, PaymentCreation, PaymentEntry, PaymentObject, now
from testing.locks import uncommitted
from testing.payments import Shop
from testing.processes import Simulator

ORIGIN = "https://shop.example"
HAT = Line(name="Hat", quantity=2, unit_amount=1250, currency="USD", description="Red")
ORDER = NewCheckout(
    external_id="order-1",
    lines=(HAT,),
    success_url=f"{ORIGIN}/done?session={{CHECKOUT_SESSION_ID}}",
    cancel_url=f"{ORIGIN}/cart",
    customer_email="jo@example.com",
    expires_in=60,
    statement_descriptor_suffix="HATS",
    locale="de",
    metadata=(("order", "7"),),
)
APP_ORDER = NewIntent(external_id="order-1", amount=2500, currency="USD", customer_email="jo@example.com")
POLICY = parse("USD 2.5% + 0.30")
KEY = encryption.encryption_key("sk_test_local")
CREATE = {"method": "POST", "path": "/v1/checkout/sessions"}
CREATE_INTENT = {"method": "POST", "path": "/v1/payment_intents"}


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    """The shop, after its account has been fetched from Stripe."""
    await accounts.refresh(shop.gateway, shop.merchant, actor="tests")
    return shop


async def checkout(shop: Shop, new: NewCheckout = ORDER) -> Checkout:
    return await payments.create_checkout(
        shop.gateway,
        shop.merchant,
        new,
        origins={ORIGIN},
        policy=POLICY,
        actor="tests",
        audience=Audience.PLATFORM,
    )


async def intent(shop: Shop, new: NewIntent = APP_ORDER) -> Intent:
    return await payments.create_intent(
        shop.gateway,
        shop.merchant,
        new,
        policy=POLICY,
        actor="tests",
        audience=Audience.PLATFORM,
    )


async def sessions(shop: Shop) -> list[dict[str, object]]:
    at = await now()
    pages = calls.sessions_between(shop.gateway, shop.account, at - timedelta(days=1), at)
    return [one async for page in pages for one in page]


async def test_a_checkout_creates_one_page_and_repeated_calls_return_the_same_page(shop: Shop) -> None:
    first = await checkout(shop)
    assert first.created
    again = await checkout(shop)
    assert (again.payment.id, again.url, again.expires_at, again.created) == (
        first.payment.id,
        first.url,
        first.expires_at,
        False,
    )
    (session,) = await sessions(shop)
    metadata = {"payment_id": str(first.payment.id), "external_id": "order-1", "order": "7"}
    assert session["metadata"] == metadata
    assert session["client_reference_id"] == str(first.payment.id)
    assert (session["amount_total"], session["currency"], session["locale"]) == (2500, "usd", "de")
    assert session["success_url"] == ORDER.success_url
    assert first.expires_at - first.payment.created_at < timedelta(minutes=61)
    row = await Payment.get()
    assert (row.state, row.amount, row.currency, row.origin) == ("AWAITING_CUSTOMER", 2500, "USD", "API")
    assert row.stripe_checkout_session_id == session["id"]
    assert row.fee is not None
    assert decode(row.fee).fee == 93  # 2.5 % of 25.00 and 0.30
    creation = await PaymentCreation.get()
    assert (creation.state, creation.kind, creation.number) == ("SUCCEEDED", "CHECKOUT", 1)
    assert "jo@example.com" not in creation.input + creation.body
    assert "customer_email" not in json.loads(creation.body)
    assert await PaymentEntry.filter(kind="CREATED").values_list("message", "actor") == [
        ("The payment was created.", "tests")
    ]
    shop.pay(first.url)
    (paid,) = await sessions(shop)
    found = await calls.retrieve_intent(shop.gateway, shop.account, str(paid["payment_intent"]))
    assert found["metadata"] == metadata
    assert (found["application_fee_amount"], found["statement_descriptor_suffix"]) == (93, "HATS")


@pytest.mark.portable
async def test_simultaneous_calls_create_one_payment(shop: Shop) -> None:
    results = await asyncio.gather(*(checkout(shop) for _ in range(5)))
    assert len({(result.payment.id, result.url) for result in results}) == 1
    assert sum(result.created for result in results) == 1
    assert len(await sessions(shop)) == 1


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_lost_answer_causes_no_second_page(shop: Shop, simulator: Simulator, kind: str) -> None:
    simulator.control("faults", {**CREATE, "kind": kind})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    row = await Payment.get()
    assert row.state == "UNKNOWN"
    assert row.snapshot is None
    creation = await PaymentCreation.get()
    assert creation.state == "PENDING"
    assert "jo@example.com" not in creation.input + creation.body
    result = await checkout(shop)
    assert (result.payment.id, result.created) == (row.id, False)
    (session,) = await sessions(shop)
    assert session["url"] == result.url
    assert session["customer_email"] == "jo@example.com"


async def test_a_page_or_intent_of_another_payment_is_never_attached(
    shop: Shop, simulator: Simulator
) -> None:
    await checkout(shop, dataclasses.replace(ORDER, external_id="other"))
    (other,) = await sessions(shop)
    for body in (other, {**other, "id": "cs_test_unknown"}, {**other, "id": "cs_test_none", "metadata": {}}):
        simulator.control("faults", {**CREATE, "status": 200, "body": body})
        with pytest.raises(StripeUnavailable):
            await checkout(shop)
        row = await Payment.get(external_id="order-1")
        assert (row.state, row.stripe_checkout_session_id) == ("UNKNOWN", None)
    assert (await checkout(shop)).payment.state == "AWAITING_CUSTOMER"
    simulator.control(
        "faults", {**CREATE_INTENT, "status": 200, "body": {**other, "object": "payment_intent"}}
    )
    app_order = dataclasses.replace(APP_ORDER, external_id="order-2")
    with pytest.raises(StripeUnavailable):
        await intent(shop, app_order)
    assert (await intent(shop, app_order)).payment.stripe_payment_intent_id != other["id"]


@pytest.mark.portable
async def test_a_worker_completes_an_interrupted_creation(shop: Shop, simulator: Simulator) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    await PaymentCreation.all().update(run_at=await now())
    assert await creations.resume(shop.gateway) == 1
    assert await creations.resume(shop.gateway) == 0
    row = await Payment.get()
    (session,) = await sessions(shop)
    assert (row.state, row.stripe_checkout_session_id) == ("AWAITING_CUSTOMER", session["id"])
    assert (await checkout(shop)).url == session["url"]


@pytest.mark.one_database
async def test_a_repeated_request_does_not_return_a_paid_page(shop: Shop, simulator: Simulator) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    (session,) = await sessions(shop)
    shop.pay(str(session["url"]))
    with pytest.raises(PaymentNotPayable) as refused:  # Stripe's repeated answer still shows the page as open
        await checkout(shop)
    assert refused.value.payment_row.state == "SUCCEEDED"
    assert len(await sessions(shop)) == 1


@pytest.mark.parametrize("is_at_stripe", [True, False])
async def test_an_expired_request_is_looked_up_and_never_sent_again(
    shop: Shop, simulator: Simulator, is_at_stripe: bool
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after" if is_at_stripe else "reset_before"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    old = await now() - stored_requests.V1_KEY_LIFETIME - 2 * stored_requests.SETTLING
    await PaymentCreation.all().update(run_at=old, created_at=old)
    shop.forget_calls()
    assert await creations.resume(shop.gateway) == 1
    assert shop.calls == {"GET /v1/checkout/sessions": 1}
    creation = await PaymentCreation.get()
    assert "customer_email" not in json.loads(creation.body)
    if is_at_stripe:
        (session,) = await sessions(shop)
        assert (creation.state, (await Payment.get()).stripe_checkout_session_id) == (
            "SUCCEEDED",
            session["id"],
        )
    else:
        assert (creation.state, creation.error_code) == ("REFUSED", "request_not_received")
        assert not await Payment.exists()


@pytest.mark.one_database
async def test_after_a_change_of_the_api_key_the_page_at_stripe_is_found(
    shop: Shop, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    renewed = Gateway("sk_test_" + "R" * 24, simulator.base_url, timeout=2, retries=0)
    result = await checkout(dataclasses.replace(shop, gateway=renewed))
    await renewed.close()
    (session,) = await sessions(shop)
    assert (result.url, result.created) == (session["url"], False)


@pytest.mark.portable
@pytest.mark.parametrize("is_old", [False, True])
async def test_an_event_that_arrives_before_the_answer_attaches_the_page(
    shop: Shop, simulator: Simulator, is_old: bool
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    (session,) = await sessions(shop)
    shop.pay(str(session["url"]))
    row = await Payment.get()
    if is_old:
        # Another replica has handled the event, but has not settled the request.
        answer = await calls.retrieve_session(shop.gateway, shop.account, str(session["id"]))
        await mirror.attach(row.id, answer, "webhook")
        old = await now() - stored_requests.V1_KEY_LIFETIME - 2 * stored_requests.SETTLING
        await PaymentCreation.all().update(run_at=old, created_at=old)
        await creations.resume(shop.gateway)
    else:
        adopted = await adoption.adopt(
            shop.gateway, shop.merchant.id, shop.account, "checkout.session", str(session["id"]), "webhook"
        )
        assert adopted is not None
        assert (adopted.id, adopted.state) == (row.id, "SUCCEEDED")
    creation = await PaymentCreation.get()
    assert creation.state == "SUCCEEDED"
    assert "customer_email" not in json.loads(creation.body)
    with pytest.raises(PaymentNotPayable):
        await checkout(shop)
    assert len(await sessions(shop)) == 1


@pytest.mark.one_database
async def test_an_expired_page_is_replaced_but_a_paid_payment_gets_no_new_page(shop: Shop) -> None:
    first = await checkout(shop)
    assert first.payment.stripe_checkout_session_id is not None
    shop.play(first.payment.stripe_checkout_session_id, "expire")
    second = await checkout(shop)
    assert second.payment.id == first.payment.id
    assert (second.created, second.url == first.url) == (False, False)
    assert (await Payment.get()).state == "AWAITING_CUSTOMER"
    numbers = await PaymentCreation.all().order_by("number").values_list("number", "state")
    assert list(numbers) == [(1, "SUCCEEDED"), (2, "SUCCEEDED")]
    assert (await checkout(shop)).url == second.url
    shop.pay(second.url)
    with pytest.raises(PaymentNotPayable) as refused:
        await checkout(shop)
    assert refused.value.payment_row.state == "SUCCEEDED"
    assert "SUCCEEDED and cannot be paid" in refused.value.message
    assert await PaymentObject.filter(kind="checkout.session").count() == 2


FORGET = f"UPDATE payment_creation SET input = '{encryption.FORGOTTEN}', body = '{encryption.FORGOTTEN}'"


async def test_a_refusal_does_not_restore_an_input_that_is_forgotten_meanwhile(
    shop: Shop, database: str, simulator: Simulator
) -> None:
    first = await checkout(shop)
    shop.play(str(first.payment.stripe_checkout_session_id), "expire")
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    request = await PaymentCreation.get(number=2)
    assert (request.state, "Hat" in request.input) == ("PENDING", True)
    async with uncommitted(database, FORGET) as wait_for_statement:
        refusal = asyncio.ensure_future(creations.refuse(request, StripeRefused("no", "No.", None)))
        await wait_for_statement()
    assert await refusal
    assert await PaymentCreation.all().order_by("number").values_list("state", "input", "body") == [
        ("SUCCEEDED", "{}", "{}"),
        ("REFUSED", "{}", "{}"),
    ]


async def test_an_answer_does_not_restore_a_body_that_is_forgotten_meanwhile(
    shop: Shop, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await checkout(shop)
    request = await PaymentCreation.get()
    assert "Hat" in request.body
    await PaymentCreation.all().update(input=encryption.FORGOTTEN, body=encryption.FORGOTTEN)
    done = await creations.complete(shop.gateway, request)
    assert done is not None
    assert done.payment.state == "AWAITING_CUSTOMER"
    settled = await PaymentCreation.get()
    assert (settled.state, settled.input, settled.body) == ("SUCCEEDED", "{}", "{}")


@pytest.mark.parametrize("is_paid", [True, False])
async def test_after_the_payers_data_is_removed_no_new_request_is_stored_for_the_payment(
    shop: Shop, is_paid: bool
) -> None:
    first = await checkout(shop)
    session = str(first.payment.stripe_checkout_session_id)
    if is_paid:
        shop.pay(first.url)
    else:
        shop.play(session, "expire")
    await mirror.refresh(shop.gateway, first.payment, "webhook")
    assert await payers.forget([first.payment.id]) == 1
    with pytest.raises(ExternalIdTaken, match="data about the payer was removed"):
        await checkout(shop)
    # If a call read the payment before the payer's data was removed, it also stores no request.
    last = await PaymentCreation.get()
    with pytest.raises(PaymentNotPayable):
        await creations.store_next(shop.gateway, first.payment, last, ORDER)
    assert await PaymentCreation.all().values_list("number", "input", "body") == [(1, "{}", "{}")]
    assert len(await sessions(shop)) == 1


@pytest.mark.one_database
async def test_an_expired_page_is_not_replaced_after_its_account_was_replaced_or_closed(shop: Shop) -> None:
    first = await checkout(shop)
    assert first.payment.stripe_checkout_session_id is not None
    shop.play(first.payment.stripe_checkout_session_id, "expire")
    await ConnectedAccount.all().update(stripe_account_id="acct_other")
    with pytest.raises(PaymentNotPayable, match="The merchant has a different account now"):
        await checkout(shop)
    await ConnectedAccount.all().update(stripe_account_id=first.payment.stripe_account_id, closed=True)
    with pytest.raises(PaymentNotPayable, match="The platform can open another one"):
        await checkout(shop)
    assert await PaymentCreation.all().count() == 1


async def test_a_repeated_call_with_another_input_is_refused_and_changes_nothing(shop: Shop) -> None:
    await checkout(shop)
    others = [
        dataclasses.replace(ORDER, lines=(dataclasses.replace(HAT, quantity=3),)),
        dataclasses.replace(ORDER, customer_email="else@example.com"),
        dataclasses.replace(ORDER, customer_email=None),
        dataclasses.replace(ORDER, fee=100, fee_currency="USD"),
    ]
    for other in others:
        with pytest.raises(ExternalIdTaken):
            await checkout(shop, other)
    with pytest.raises(ExternalIdTaken):
        await intent(shop)
    assert len(await sessions(shop)) == 1
    reordered = dataclasses.replace(ORDER, metadata=tuple(reversed(ORDER.metadata)))
    assert not (await checkout(shop, reordered)).created


async def test_a_refused_payment_is_deleted_and_frees_its_id(shop: Shop, simulator: Simulator) -> None:
    body = {"error": {"type": "invalid_request_error", "message": "Not for jo@example.com."}}
    simulator.control("faults", {**CREATE, "status": 400, "body": body})
    with pytest.raises(StripeRefused) as refused:
        await checkout(shop)
    assert (refused.value.code, refused.value.message) == ("invalid_request_error", "Not for [redacted].")
    assert not await Payment.exists()
    creation = await PaymentCreation.get()
    assert (creation.state, creation.input, creation.body) == ("REFUSED", "{}", "{}")
    changed = dataclasses.replace(ORDER, customer_email=None)
    assert (await checkout(shop, changed)).created


@pytest.mark.one_database
async def test_a_refusal_names_the_field_of_the_input(shop: Shop) -> None:
    yen = dataclasses.replace(
        ORDER, lines=(dataclasses.replace(HAT, quantity=1, unit_amount=1, currency="JPY"),), fee=0
    )
    with pytest.raises(StripeRefused) as too_small:
        await checkout(shop, dataclasses.replace(yen, fee_currency="JPY"))
    assert [(one.name, one.code.value) for one in too_small.value.fields] == [("lines", "AMOUNT_INVALID")]
    unknown = dataclasses.replace(APP_ORDER, customer="cus_unknown")
    with pytest.raises(StripeRefused) as missing:
        await intent(shop, unknown)
    assert [(one.name, one.code.value) for one in missing.value.fields] == [
        ("stripeCustomerId", "CUSTOMER_INVALID")
    ]
    assert not await Payment.exists()


@pytest.mark.one_database
async def test_input_that_stripe_would_refuse_is_refused_without_a_call(shop: Shop) -> None:
    shop.forget_calls()
    small = dataclasses.replace(ORDER, lines=(dataclasses.replace(HAT, quantity=1, unit_amount=49),))
    with pytest.raises(AmountTooSmall) as too_small:
        await checkout(shop, small)
    assert str(too_small.value.amount) == "0.50 USD"
    with pytest.raises(FeeTooLarge):
        await checkout(shop, dataclasses.replace(ORDER, fee=2501, fee_currency="USD"))
    with pytest.raises(InvalidInput):
        await checkout(shop, dataclasses.replace(ORDER, expires_in=29))
    account = await ConnectedAccount.get()
    restricted = account.snapshot.replace('"status":"active"', '"status":"restricted"')
    await ConnectedAccount.all().update(snapshot=restricted)
    with pytest.raises(
        MerchantNotReady, match=r"`card_payments`.* are not active: their status is RESTRICTED"
    ):
        await checkout(shop)
    await ConnectedAccount.all().update(snapshot=account.snapshot.replace('"display_name":"shop",', ""))
    with pytest.raises(MerchantNotReady, match="no public name"):
        await checkout(shop)
    await ConnectedAccount.all().update(snapshot=account.snapshot, closed=True)
    with pytest.raises(MerchantNotReady, match="closed"):
        await checkout(shop)
    assert shop.calls == {}
    assert not await Payment.exists()
    assert not await PaymentCreation.exists()


@pytest.mark.one_database
async def test_an_app_gets_the_client_secret_of_a_single_intent(shop: Shop, simulator: Simulator) -> None:
    simulator.control("faults", {**CREATE_INTENT, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await intent(shop)
    first = await intent(shop)
    again = await intent(shop)
    assert (first.client_secret, first.created) == (again.client_secret, again.created)
    assert first.payment.stripe_payment_intent_id is not None
    found = await calls.retrieve_intent(shop.gateway, shop.account, first.payment.stripe_payment_intent_id)
    assert first.client_secret == found["client_secret"]
    assert (found["amount"], found["application_fee_amount"]) == (2500, 93)
    assert found["receipt_email"] == "jo@example.com"
    assert found["metadata"] == {"payment_id": str(first.payment.id), "external_id": "order-1"}
    assert (first.merchant_display_name, first.merchant_country) == (shop.merchant.display_name, "US")
    assert first.customer_session_client_secret is None
    models = (Payment, PaymentCreation, PaymentEntry, PaymentObject)
    assert first.client_secret not in repr([await model.all().values() for model in models])
    customer = await calls.create_customer(shop.gateway, shop.account, {"name": "Jo"}, "customer")
    saved = dataclasses.replace(
        APP_ORDER, external_id="order-2", customer=customer["id"], capture=CaptureMode.MANUAL
    )
    other = await intent(shop, saved)
    assert other.customer_session_client_secret
    assert other.created
    assert await Payment.all().count() == 2


def test_a_stored_input_of_an_earlier_release_may_lack_optional_parts() -> None:
    stored = json.loads(creations.canonical(APP_ORDER, KEY))
    missing = [name for name, value in stored.items() if value is None]
    assert "description" in missing
    older = json.dumps({name: value for name, value in stored.items() if name not in missing})
    assert creations.is_input(older, APP_ORDER, KEY)
    assert not creations.is_input(older, dataclasses.replace(APP_ORDER, description="Hat"), KEY)
