"""The mirror of a payment stores the newest fetch, and records each change once."""

import asyncio
from datetime import timedelta

import pytest

from connect.errors import AnswerUnusable, StripeRefused
from connect.payments import calls
from connect.payments.mirror import fetches, mirror
from connect.payments.mirror.mirror import Fetch, Outcome
from connect.payments.rules.snapshot import decode, hash_email
from models import ApplicationFee, Payment, PaymentEntry, PaymentObject, RefundRequest, now, uuid7
from testing.payments import Shop


async def read(payment: Payment) -> Payment:
    return await Payment.get(id=payment.id)


async def messages(payment: Payment) -> list[str]:
    rows = await PaymentEntry.filter(payment_id=payment.id).order_by("id")
    return [row.message for row in rows]


async def test_each_fetch_of_a_page_that_a_customer_pays_takes_one_call(shop: Shop) -> None:
    payment, url = await shop.checkout()
    assert (payment.state, payment.stripe_payment_intent_id) == ("AWAITING_CUSTOMER", None)
    shop.pay(url, "4000000000000002")
    shop.forget_calls()
    assert await mirror.refresh(shop.gateway, payment, "webhook") is Outcome.CHANGED
    declined = await read(payment)
    assert (declined.state, declined.last4) == ("ATTEMPT_FAILED", "0002")
    shop.pay(url)
    shop.forget_calls()
    assert await mirror.refresh(shop.gateway, declined, "webhook") is Outcome.CHANGED
    assert shop.calls == {"GET /v1/checkout/sessions/{id}": 1}
    paid = await read(payment)
    assert (paid.state, paid.last4, paid.amount, paid.currency) == ("SUCCEEDED", "4242", 2500, "USD")
    assert paid.payer_email_hash == hash_email("jo@example.com")
    # Stripe books the charge later.
    assert paid.complete_at is not None
    assert paid.complete_at - paid.synced_at == timedelta(seconds=30)  # type: ignore[operator]
    assert paid.stripe_payment_intent_id is not None
    shop.play(paid.stripe_payment_intent_id, "book")
    shop.forget_calls()
    assert await mirror.refresh(shop.gateway, paid, "webhook") is Outcome.CHANGED
    assert await mirror.refresh(shop.gateway, paid, "webhook") is Outcome.UNCHANGED
    assert shop.calls == {"GET /v1/payment_intents/{id}": 2}
    booked = await read(payment)
    assert booked.complete_at is None
    intent = decode(booked.snapshot).intent
    assert intent is not None
    assert intent.charge is not None
    assert intent.charge.transaction is not None
    assert (intent.charge.transaction.net, intent.charge.transaction.application_fee) == (2297, 100)
    fee = await ApplicationFee.get(payment_id=payment.id)
    assert (fee.amount, fee.currency, fee.stripe_account_id) == (100, "USD", shop.account)
    assert fee.stripe_charge_id == intent.charge.id
    objects = await PaymentObject.filter(payment_id=payment.id).values_list("kind", flat=True)
    assert sorted(map(str, objects)) == ["charge", "charge", "checkout.session", "payment_intent"]
    assert await messages(payment) == [
        "State changed from UNKNOWN to AWAITING_CUSTOMER.",
        "An attempt to pay failed.",
        "State changed from AWAITING_CUSTOMER to ATTEMPT_FAILED.",
        "State changed from ATTEMPT_FAILED to SUCCEEDED.",
        "Stripe booked 25.00 USD, 22.97 USD after all fees.",
        "Stripe booked the platform's fee of 1.00 USD.",
    ]


async def test_an_older_answer_that_arrives_later_changes_nothing(shop: Shop) -> None:
    payment = await shop.intent()
    first, second = await mirror.begin(payment), await mirror.begin(payment)
    intent = str(payment.stripe_payment_intent_id)
    before = await fetches.fetch(shop.gateway, shop.account, None, intent, decode(payment.snapshot))
    shop.play(intent, "refund", amount=300)
    after = await fetches.fetch(shop.gateway, shop.account, None, intent, decode(payment.snapshot))
    assert await mirror.write(payment, after, second, "webhook") is Outcome.CHANGED
    newest = await read(payment)
    assert newest.refund_state == "PARTIAL"
    assert await mirror.write(payment, before, first, "webhook") is Outcome.DROPPED
    assert await mirror.write(payment, before, second, "webhook") is Outcome.DROPPED
    # If a later fetch did not list the refunds because none was known, it must be repeated.
    later = await mirror.begin(payment)
    assert await mirror.write(payment, before, later, "webhook") is Outcome.OUTDATED
    assert (await read(payment)).row_version == newest.row_version


async def test_a_fetch_covers_the_notifications_that_arrived_before_the_fetch(shop: Shop) -> None:
    payment = await shop.intent()
    assert not mirror.covers(payment, await now())
    early = await now()
    await mirror.refresh(shop.gateway, payment, "webhook")
    payment = await read(payment)
    assert mirror.covers(payment, early)
    assert not mirror.covers(payment, await now())


@pytest.mark.one_database
async def test_a_new_page_replaces_an_expired_one(shop: Shop) -> None:
    payment, url = await shop.checkout()
    first = str(payment.stripe_checkout_session_id)
    shop.pay(url, "4000000000000002")
    await mirror.refresh(shop.gateway, payment, "webhook")
    begun = await mirror.begin(payment)
    old = await fetches.fetch(shop.gateway, shop.account, first, None, decode(None))
    await calls.expire_session(shop.gateway, shop.account, first, "expire")
    await mirror.refresh(shop.gateway, await read(payment), "webhook")
    assert (await read(payment)).state == "EXPIRED"
    answer = await calls.create_session(
        shop.gateway, shop.account, {**calls_body(payment)}, f"checkout:{payment.id}:2"
    )
    replaced = await mirror.attach(payment.id, answer)
    assert (replaced.state, replaced.stripe_payment_intent_id) == ("AWAITING_CUSTOMER", None)
    assert (await mirror.attach(payment.id, answer)).row_version == replaced.row_version
    repeated = await calls.retrieve_session(shop.gateway, shop.account, first)
    assert (await mirror.attach(payment.id, repeated)).stripe_checkout_session_id == answer["id"]
    # A fetch of the old page ends only now, and its answer is outdated.
    assert await mirror.write(payment, old, begun, "webhook") is Outcome.DROPPED
    later = Fetch((await mirror.begin(payment)).number, None)
    assert await mirror.write(payment, old, later, "webhook") is Outcome.OUTDATED
    # `payment` still names the old page; the second fetch is about the new page.
    assert await mirror.refresh(shop.gateway, payment, "webhook") is Outcome.UNCHANGED
    assert await mirror.find(first) == await mirror.find(answer["id"]) == payment


def calls_body(payment: Payment) -> dict[str, object]:
    from testing.payments import SESSION

    return {**SESSION, "metadata": {"payment_id": str(payment.id)}}


async def test_an_object_of_one_payment_is_not_attached_to_another_payment(shop: Shop) -> None:
    payment, _ = await shop.checkout()
    other = await shop.payment("order-2", 2500)
    session = str(payment.stripe_checkout_session_id)
    answer = await calls.retrieve_session(shop.gateway, shop.account, session)
    with pytest.raises(AnswerUnusable):
        await mirror.attach(other.id, answer)
    assert (await read(other)).state == "UNKNOWN"


@pytest.mark.one_database
async def test_a_refund_has_the_id_of_its_request(shop: Shop) -> None:
    payment, other = await shop.intent(), await shop.intent("order-2")
    at = await now()
    requests = []
    for number, owner in enumerate([payment, other]):
        request = RefundRequest(
            id=uuid7(),
            idempotency_key=f"refund:{number}",
            input="",
            body="",
            run_at=at,
            created_at=at,
            merchant_id=shop.merchant.id,
            payment_id=owner.id,
            external_id=f"refund-{number}",
            amount=100,
            actor="operator",
        )
        await request.save(force_create=True)
        requests.append(request)
    own, foreign = (str(request.id) for request in requests)
    # The merchant can write any metadata in the Dashboard.
    ids = {}
    for number, name in enumerate([own, own, foreign, "x", None]):
        metadata = {"metadata": {"refund_id": name}} if name is not None else {}
        body = {"payment_intent": payment.stripe_payment_intent_id, "amount": 100, **metadata}
        refund = await calls.create_refund(shop.gateway, shop.account, body, f"key-{number}")
        ids[number] = refund["id"]
    await mirror.refresh(shop.gateway, payment, "webhook", kinds={"refund"})
    objects = {number: await PaymentObject.get(stripe_object_id=key) for number, key in ids.items()}
    assert {one.payment_id for one in objects.values()} == {payment.id}
    assert [number for number, one in objects.items() if str(one.id) in {own, foreign}] == [0]


async def test_a_payment_that_was_created_at_stripe_is_stored_only_once(shop: Shop) -> None:
    intent = await shop.elsewhere(metadata={"customer": "jo@example.com"})
    fetched = await fetches.fetch(shop.gateway, shop.account, None, intent, decode(None))
    payment = await mirror.create(shop.merchant, shop.account, fetched, "webhook")
    assert (payment.origin, payment.external_id, payment.state) == ("STRIPE", None, "SUCCEEDED")
    assert "jo@example.com" not in f"{payment.snapshot} {payment.document}"
    # Lists are sorted by id, so the id contains the time at which Stripe created the payment.
    assert payment.id.int >> 80 == int(payment.created_at.timestamp()) * 1000
    assert (payment.amount, payment.currency, payment.last4) == (1000, "USD", "4242")
    assert await mirror.create(shop.merchant, shop.account, fetched, "webhook") == payment
    assert await Payment.all().count() == 1
    assert await messages(payment) == [
        "The payment was created at Stripe, not by this service.",
        "State changed from UNKNOWN to SUCCEEDED.",
    ]


@pytest.mark.one_database
async def test_a_fetch_without_a_usable_answer_changes_nothing(shop: Shop) -> None:
    payment = await shop.intent()
    before = await read(payment)
    refusal = {"error": {"code": "not_today", "type": "invalid_request_error", "message": "No."}}
    shop.simulator.control("faults", {"method": "GET", "status": 400, "body": refusal})
    with pytest.raises(StripeRefused):
        await mirror.refresh(shop.gateway, payment, "webhook")
    shop.simulator.control("faults", {"method": "GET", "status": 200, "body": {"object": "payment_intent"}})
    with pytest.raises(AnswerUnusable):
        await mirror.refresh(shop.gateway, payment, "webhook")
    after = await read(payment)
    assert (after.row_version, after.fetch_applied) == (before.row_version, before.fetch_applied)
    unanswered = await shop.payment("order-2", 100)
    assert await mirror.refresh(shop.gateway, unanswered, "sweep") is Outcome.UNCHANGED


async def test_a_change_without_an_event_counts_as_drift(shop: Shop) -> None:
    payment = await shop.intent()
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    assert await mirror.refresh(shop.gateway, payment, "sweep") is Outcome.REPAIRED
    assert await mirror.refresh(shop.gateway, await read(payment), "sweep") is Outcome.UNCHANGED
    assert (await messages(payment))[-1] == "The comparison with Stripe found a change that had no event."


@pytest.mark.parametrize("kind", [fetches.WARNING, fetches.REFUND])
async def test_a_fetch_that_lists_an_object_is_repeated_if_a_later_fetch_was_written_without_the_object(
    shop: Shop, kind: str
) -> None:
    """The later fetch lists neither warnings nor refunds. Only the refund list shows a failed refund."""
    payment = await shop.intent()
    intent = str(payment.stripe_payment_intent_id)
    path = "/v1/radar/early_fraud_warnings"
    if kind == fetches.WARNING:
        shop.play(intent, "warn")
    else:
        path = "/v1/refunds"
        shop.play(intent, "refund", amount=100)
        (refund,) = await calls.list_refunds(shop.gateway, shop.account, intent)
        shop.play(refund["id"], "fail")
    shop.forget_calls()
    shop.simulator.control("faults", {"method": "GET", "path": path, "kind": "delay", "seconds": 0.7})
    first = asyncio.create_task(mirror.refresh(shop.gateway, payment, "webhook", kinds={kind}))
    while f"GET {path}" not in shop.calls:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)
    await mirror.refresh(shop.gateway, payment, "webhook")
    assert await first is Outcome.CHANGED
    row = await Payment.get()
    expected = ("WARNED", "NONE") if kind == fetches.WARNING else ("NONE", "FAILED")
    assert (row.dispute_state, row.refund_state) == expected
    assert shop.calls[f"GET {path}"] == 2
