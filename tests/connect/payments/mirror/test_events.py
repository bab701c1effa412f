"""One fetch serves all waiting notifications about a payment, in any order. If an account has no merchant,
only notifications about its fees cause a call.
"""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.events.inbox import FOREIGN
from connect.payments import calls
from connect.payments.fees import fees
from connect.payments.mirror import events, fetches, mirror
from connect.payments.rules.snapshot import Snapshot, decode
from models import (
    ApplicationFee,
    ConnectedAccount,
    Payment,
    PaymentCreation,
    PaymentEntry,
    PaymentObject,
    StripeEvent,
    now,
)
from testing.deliveries import POLICY, Deliveries, work
from testing.payments import INTENT, SESSION, Shop, open_account
from testing.statements import Statements

ALL = {"checkout.session", "refund", "dispute", "radar.early_fraud_warning"}


@pytest.fixture
def deliveries(shop: Shop) -> Deliveries:
    return Deliveries(shop)


async def states() -> set[tuple[str, str | None]]:
    return {(event.state, event.last_error) for event in await StripeEvent.all()}


async def check(shop: Shop) -> None:
    """Fail unless each mirror equals Stripe's current answers."""
    for row in await Payment.all():
        ids = row.stripe_checkout_session_id, row.stripe_payment_intent_id
        known = decode(row.snapshot)
        fetched = await fetches.fetch(shop.gateway, shop.account, *ids, known, ALL)
        assert fetches.merge(Snapshot(), fetched) == known, row.external_id


async def test_one_fetch_serves_the_five_events_of_a_paid_page(shop: Shop, deliveries: Deliveries) -> None:
    payment, url = await shop.checkout()
    await deliveries.all("v2.")
    shop.pay(url)
    shop.simulator.control("clock", {"advance_seconds": 5})
    waiting = await deliveries.waiting()
    assert sorted(event["type"] for event in waiting) == [
        "v1.application_fee.created",
        "v1.charge.succeeded",
        "v1.charge.updated",
        "v1.checkout.session.completed",
        "v1.payment_intent.succeeded",
    ]
    await deliveries.record(waiting)
    await deliveries.record(waiting)
    shop.forget_calls()
    # One attempt is enough, although some objects are unknown.
    await inbox.work(shop.gateway, "worker", POLICY, HANDLERS)
    assert shop.calls == {"GET /v1/checkout/sessions/{id}": 1}
    paid = await Payment.get(id=payment.id)
    assert (paid.state, paid.complete_at) == ("SUCCEEDED", None)
    handled = StripeEvent.filter(state="HANDLED", merchant_id=shop.merchant.id)
    assert await handled.filter(stripe_account_id=shop.account, type__startswith="v1.").count() == 5
    assert (await ApplicationFee.get()).payment_id == payment.id


async def test_a_fetch_covers_the_events_that_arrive_while_it_waits_for_its_turn(
    shop: Shop, deliveries: Deliveries
) -> None:
    _, url = await shop.checkout()
    await deliveries.all("v2.")
    shop.pay(url)
    shop.simulator.control("clock", {"advance_seconds": 5})
    waiting = await deliveries.waiting()
    await deliveries.record([one for one in waiting if "session" in one["type"]])

    async def wait(_payer: object, _account: object, _operation: object) -> None:
        await deliveries.record(waiting)

    shop.forget_calls()
    while await inbox.work(shop.gateway.with_pacing(wait), "worker", POLICY, HANDLERS):
        pass
    assert shop.calls == {"GET /v1/checkout/sessions/{id}": 1}
    assert await StripeEvent.filter(state="HANDLED", type__startswith="v1.").count() == 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_shuffled_repeated_and_late_notifications_lead_to_the_right_mirror(
    shop: Shop, deliveries: Deliveries, seed: int
) -> None:
    chance = random.Random(seed)

    async def some() -> None:
        waiting = await deliveries.waiting()
        chosen = chance.sample(waiting, chance.randint(0, len(waiting)))
        # Some notifications arrive twice, and a worker handles only a few notifications at a time.
        await deliveries.record(chosen)
        await deliveries.record(chosen[:2])
        await inbox.work(shop.gateway, "worker", POLICY, HANDLERS, max_subjects=chance.randint(1, 4))

    first, url = await shop.checkout("order-1")
    shop.pay(url, "4000000000000002")
    await some()
    second = await shop.intent("order-2")
    third = await shop.intent("order-3", payment_method="pm_card_createDispute")
    debit = await shop.intent("order-4", payment_method="pm_usBankAccount_insufficientFunds")
    shop.pay(url)
    await some()
    shop.simulator.control("clock", {"advance_seconds": 5})
    elsewhere = await shop.elsewhere()
    shop.play(str(second.stripe_payment_intent_id), "refund", amount=300)
    await some()
    shop.play(str(second.stripe_payment_intent_id), "refund")
    shop.play(elsewhere, "refund", amount=1)
    await some()
    shop.play(str(debit.stripe_payment_intent_id), "fail")
    shop.simulator.control("clock", {"advance_seconds": 5})
    rest = await deliveries.waiting()
    chance.shuffle(rest)
    for start in range(0, len(rest), 5):
        await deliveries.record(rest[start : start + 5])
        await work(shop)
    await check(shop)
    found = {row.external_id: row for row in await Payment.all()}
    assert {name: (row.state, row.refund_state, row.dispute_state) for name, row in found.items()} == {
        "order-1": ("SUCCEEDED", "NONE", "NONE"),
        "order-2": ("SUCCEEDED", "FULL", "NONE"),
        "order-3": ("SUCCEEDED", "NONE", "NEEDS_RESPONSE"),
        "order-4": ("ATTEMPT_FAILED", "NONE", "NONE"),
        None: ("SUCCEEDED", "PARTIAL", "NONE"),
    }
    assert {state for state, _ in await states()} == {"HANDLED"}
    paid = [first.id, second.id, third.id]
    assert await ApplicationFee.filter(payment_id__in=paid, amount=100, amount_refunded=0).count() == 3


@pytest.mark.one_database
async def test_only_fee_events_of_an_account_without_a_merchant_cause_a_call(
    shop: Shop, deliveries: Deliveries
) -> None:
    foreign = await open_account(shop.gateway, shop.simulator, "foreign")
    intent = (await calls.create_intent(shop.gateway, foreign, INTENT, "1"))["id"]
    shop.play(intent, "refund")
    await deliveries.all("v1.payment", "v1.charge", "v1.refund")
    assert shop.calls == {}
    assert await states() == {("IGNORED", FOREIGN)}
    # The event about a fee does not name the account, so the fee is fetched once.
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all("v1.application_fee")
    assert shop.calls == {"GET /v1/application_fees/{id}": 1}
    assert await states() == {("IGNORED", FOREIGN)}
    assert await ApplicationFee.all().count() == await Payment.all().count() == 0


@pytest.mark.one_database
async def test_an_object_of_the_platforms_own_account_is_not_a_payment(shop: Shop) -> None:
    notification = {
        "id": "evt_1",
        "type": "v1.payment_intent.succeeded",
        "livemode": False,
        "context": None,
        "related_object": {"id": "pi_1", "type": "payment_intent", "url": "/v1/payment_intents/pi_1"},
    }
    row = inbox.arrival(notification, b"{}", HANDLERS, livemode=False)
    await inbox.record([row], POLICY)
    shop.forget_calls()
    await work(shop)
    assert (shop.calls, await states()) == ({}, {("IGNORED", events.OF_PLATFORM)})


async def test_a_page_made_by_another_service_is_stored_when_it_is_paid(
    shop: Shop, deliveries: Deliveries
) -> None:
    unused = await calls.create_session(shop.gateway, shop.account, SESSION, "1")
    paid = await calls.create_session(shop.gateway, shop.account, SESSION, "2")
    shop.pay(paid["url"])
    await calls.expire_session(shop.gateway, shop.account, unused["id"], "3")
    await deliveries.all()
    payment = await Payment.get()
    assert (payment.origin, payment.state) == ("STRIPE", "SUCCEEDED")
    assert payment.stripe_checkout_session_id == paid["id"]
    assert (await StripeEvent.get(type="v1.checkout.session.expired")).last_error == events.NO_PAYMENT
    await check(shop)


@pytest.mark.parametrize(
    ("kind", "method", "states_of_payment"),
    [
        ("v1.refund.created", "pm_card_visa", ("PARTIAL", "NONE")),
        ("v1.charge.refunded", "pm_card_visa", ("PARTIAL", "NONE")),
        ("v1.charge.dispute.created", "pm_card_createDispute", ("NONE", "NEEDS_RESPONSE")),
        (
            "v1.radar.early_fraud_warning.created",
            "pm_card_createIssuerFraudRecord",
            ("NONE", "WARNED"),
        ),
    ],
)
async def test_an_event_about_an_object_may_arrive_before_the_events_about_its_payment(
    shop: Shop, deliveries: Deliveries, kind: str, method: str, states_of_payment: tuple[str, str]
) -> None:
    intent = await shop.elsewhere(payment_method=method)
    shop.simulator.control("clock", {"advance_seconds": 5})
    if method == "pm_card_visa":
        shop.play(intent, "refund", amount=400)
    await deliveries.all(kind)
    payment = await Payment.get()
    assert payment.stripe_payment_intent_id == intent
    assert (payment.refund_state, payment.dispute_state) == states_of_payment
    await check(shop)
    await deliveries.all()
    assert await Payment.all().count() == 1
    assert {state for state, _ in await states()} == {"HANDLED"}


@pytest.mark.slow
async def test_a_warning_of_the_bank_is_shown_until_a_refund_or_a_dispute_ends_it(
    shop: Shop, deliveries: Deliveries
) -> None:
    refunded, url = await shop.checkout("order-1")
    shop.pay(url, "4000000000005423")
    disputed = await shop.intent("order-2", payment_method="pm_card_createIssuerFraudRecord")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    await check(shop)
    for payment in (refunded, disputed):
        row = await Payment.get(id=payment.id)
        amount = "25.00 USD" if payment is refunded else "10.00 USD"
        assert (row.dispute_state, row.refund_state) == ("WARNED", "NONE")
        assert json.loads(row.document)["summary"] == (
            f"The customer's bank may soon dispute the payment of {amount}, "
            "and a full refund usually avoids that."
        )
        assert [one["actionable"] for one in json.loads(row.document)["disputeWarnings"]] == [True]
    intent = str((await Payment.get(id=refunded.id)).stripe_payment_intent_id)
    shop.play(intent, "refund")
    shop.play(str(disputed.stripe_payment_intent_id), "dispute", inquiry=True)
    # The service sees the end of a warning without an event about the warning itself.
    await deliveries.all("v1.refund", "v1.charge.dispute")
    await check(shop)
    found = {one.external_id: (one.dispute_state, one.refund_state) for one in await Payment.all()}
    assert found == {"order-1": ("NONE", "FULL"), "order-2": ("INQUIRY", "NONE")}
    warnings = [json.loads(one.document)["disputeWarnings"] for one in await Payment.all()]
    assert [[one["actionable"] for one in listed] for listed in warnings] == [[False], [False]]
    await deliveries.all()
    assert {state for state, _ in await states()} == {"HANDLED"}
    about = PaymentEntry.filter(payment_id=refunded.id, kind="DISPUTE_CHANGED").order_by("id")
    assert [one.message for one in await about] == [
        "The customer's bank warned that it may dispute the payment. A full refund usually avoids that.",
        "The bank's warning no longer applies, because the payment was fully refunded or disputed.",
    ]


@pytest.mark.parametrize("kind", ["CHECKOUT", "INTENT"])
async def test_an_event_completes_a_creation_whose_answer_was_lost(
    shop: Shop, deliveries: Deliveries, kind: str
) -> None:
    payment = await shop.payment("order-1", 2500)
    forged = await shop.payment("order-2", 1000)
    at = await now()
    await PaymentCreation.create(
        idempotency_key="1",
        input="",
        body="",
        run_at=at,
        created_at=at,
        merchant_id=shop.merchant.id,
        payment_id=payment.id,
        kind=kind,
        stripe_account_id=shop.account,
        external_id="order-1",
    )
    for key, one in {"1": payment, "2": forged}.items():
        metadata = {"metadata": {"payment_id": str(one.id)}}
        if kind == "INTENT":
            await calls.create_intent(shop.gateway, shop.account, {**INTENT, **metadata}, key)
        else:
            answer = await calls.create_session(shop.gateway, shop.account, {**SESSION, **metadata}, key)
            shop.pay(answer["url"])
    await deliveries.all()
    assert (await Payment.get(id=payment.id)).state == "SUCCEEDED"
    # In the Dashboard, merchants can write the id of any payment into the metadata.
    assert (await Payment.get(id=forged.id)).state == "UNKNOWN"
    assert await Payment.filter(origin="STRIPE").count() == 1
    await check_known(payment)


async def check_known(payment: Payment) -> None:
    row = await Payment.get(id=payment.id)
    assert await mirror.find(str(row.stripe_payment_intent_id)) == row


@pytest.mark.one_database
async def test_events_about_an_earlier_attempt_to_pay_find_the_payment(
    shop: Shop, deliveries: Deliveries
) -> None:
    payment, url = await shop.checkout()
    shop.pay(url, "4000000000000002")
    shop.pay(url)
    await deliveries.all()
    charges = PaymentObject.filter(payment_id=payment.id, kind="charge")
    assert await charges.count() == 2
    assert {state for state, _ in await states()} == {"HANDLED"}


@pytest.mark.one_database
async def test_events_after_a_disconnection_change_nothing(shop: Shop, deliveries: Deliveries) -> None:
    payment = await shop.intent()
    elsewhere = await shop.elsewhere()
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    waiting = await deliveries.waiting()
    shop.simulator.control(f"accounts/{shop.account}", {"scenario": "deauthorize"})
    await ConnectedAccount.filter(stripe_account_id=shop.account).update(disconnected_at=await now())
    await deliveries.record([one for one in waiting if one["type"].startswith("v1.")])
    await work(shop)
    assert {state for state, _ in await states()} == {"HANDLED"}
    assert (await Payment.get()).refund_state == "NONE"
    assert await mirror.find(elsewhere) is None


@pytest.mark.one_database
async def test_a_returned_fee_appears_on_the_payment_and_in_the_revenue(
    shop: Shop, deliveries: Deliveries
) -> None:
    payment = await shop.intent()
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    fee = await ApplicationFee.get()
    for key, amount in {"1": 30, "2": 5}.items():
        await calls.refund_fee(shop.gateway, fee.stripe_fee_id, {"amount": amount}, key)
    await deliveries.all()
    assert shop.calls == {"GET /v1/application_fees/{id}": 1}
    assert (await ApplicationFee.get()).amount_refunded == 35
    document = json.loads((await Payment.get(id=payment.id)).document)
    assert document["applicationFeeRefunded"]["minorUnits"] == 35
    today = datetime.now(UTC).date()
    rows = await fees.revenue(today, today + timedelta(days=1))
    assert [(row.currency, row.booked, row.returned) for row in rows] == [("USD", 100, 35)]
    assert await fees.revenue(today - timedelta(days=60), today - timedelta(days=1)) == []


@pytest.mark.one_database
async def test_an_event_about_a_fee_may_arrive_before_its_payment_is_known(
    shop: Shop, deliveries: Deliveries
) -> None:
    payment = await shop.payment("order-1", 1000)
    answer = await calls.create_intent(shop.gateway, shop.account, INTENT, "1")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all("v1.application_fee")
    assert (await ApplicationFee.get()).payment_id is None
    await mirror.attach(payment.id, answer)
    await deliveries.all()
    assert (await ApplicationFee.get()).payment_id == payment.id
    document = json.loads((await Payment.get(id=payment.id)).document)
    assert document["applicationFee"]["minorUnits"] == 100


async def test_an_event_that_an_earlier_fetch_covers_takes_few_statements(
    shop: Shop, deliveries: Deliveries, statements: Statements
) -> None:
    payment = await shop.intent()
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all("v2.", "v1.application_fee", "v1.charge.succeeded")
    waiting = await deliveries.waiting()
    await deliveries.record([one for one in waiting if one["type"] == "v1.payment_intent.succeeded"])
    # Make it look as if the last fetch began after the notification arrived.
    await Payment.filter(id=payment.id).update(fetch_began_at=await now() + timedelta(seconds=1))
    row = await Payment.get(id=payment.id)
    shop.forget_calls()
    statements.clear()
    assert await inbox.work(shop.gateway, "worker", POLICY, HANDLERS) == 1
    assert shop.calls == {}
    # The statements claim and read the events, find the payment, and settle the events.
    assert verbs(statements) == ["UPDATE", "SELECT", "SELECT", "UPDATE"]
    await mirror.refresh(shop.gateway, row, "webhook")
    # The statements count the fetch, lock the payment, read its fee and its refund requests, and write it.
    assert verbs(statements) == ["UPDATE", "SELECT", "SELECT", "SELECT", "UPDATE"]


def verbs(statements: Statements) -> list[str]:
    """The verbs of the SQL statements, without the statements that read the clock or control transactions."""
    of_tables = [text for text in statements.texts if text.startswith(("SELECT", "UPDATE", "INSERT"))]
    statements.clear()
    return [text.split()[0] for text in of_tables if not text.startswith("SELECT clock")]
