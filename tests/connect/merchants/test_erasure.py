"""The worker completes an erasure in batches, and can stop after each batch."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from connect.finances.rules import payouts as payout_rules
from connect.merchants import erasure
from connect.merchants.mirror import timeline
from connect.merchants.mirror.timeline import TimelineKind
from models import (
    EventEndpoint,
    Merchant,
    Notice,
    OnboardingLink,
    OutgoingDelivery,
    OutgoingEvent,
    PaymentCreation,
    Payout,
    PayoutRequest,
    TimelineEntry,
    WalletDomain,
    now,
    past_uuid7,
    uuid7,
)
from testing.merchants import build_merchant, store
from testing.stored_payments import add_payment
from testing.stored_payouts import add_payout

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.by_hand]

HAT = '{"description": "A hat for Jenny"}'


@pytest.fixture
async def shops(database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Merchant, Merchant]:  # noqa: ARG001
    """A closed merchant, whose data is erased in batches of one row, and another merchant."""
    monkeypatch.setattr(erasure, "BATCH", 1)
    built, other = build_merchant("shop-1", "closed"), build_merchant("shop-2", "active")
    await store([built, other])
    return built.merchant, other.merchant


async def add_event(merchant_id: uuid.UUID, name: str, days: int) -> None:
    """Write an event that is this number of days old, and a delivery of the event."""
    at = await now() - timedelta(days=days)
    about: dict[str, Any] = {
        "type": name,
        "sequence": 1,
        "data": "{}",
        "created_at": at,
        "merchant_id": merchant_id,
    }
    event = await OutgoingEvent.create(id=past_uuid7(at), **about)
    endpoint = await EventEndpoint.first()
    assert endpoint is not None
    await OutgoingDelivery.create(endpoint_id=endpoint.id, event_id=event.id, run_at=at)


async def test_an_erasure_removes_events_notices_and_bank_data_in_batches_and_in_two_passes(
    shops: tuple[Merchant, Merchant],
) -> None:
    (merchant, other), at = shops, await now()
    for _ in range(3):
        await add_payout(merchant)
    await OutgoingEvent.all().delete()
    await EventEndpoint.create(
        url="", description="", secret="", state_since=at, created_at=at, updated_at=at
    )
    for owner, name, days in (
        (merchant.id, "payment.created", 2),
        (merchant.id, "notice.restricted", 1),
        (merchant.id, "merchant.status_changed", 0),
        (other.id, "merchant.created", 3),
    ):
        await add_event(owner, name, days)
    for owner in (merchant.id, other.id):
        about: dict[str, Any] = {
            "kind": "RESTRICTED",
            "merchant_id": owner,
            "subject_id": owner,
            "created_at": at,
        }
        await Notice.create(key=str(owner), **about)
    own = Merchant.filter(id=merchant.id)
    await own.update(erased_at=at - timedelta(minutes=1), erasure_due_at=at)

    stops = iter([False, True])
    assert await erasure.run(stopping=lambda: next(stops)) == 2
    assert await with_bank() == 1
    assert await OutgoingEvent.all().count() == 4
    assert await erasure.run() == 6
    # A transaction that began before the erasure commits its event afterwards.
    await add_event(merchant.id, "payment.created", 1)
    assert await erasure.run() == 0
    assert (await own.get()).erasure_due_at == at - timedelta(minutes=1) + erasure.SETTLED
    await own.update(erased_at=at - erasure.SETTLED, erasure_due_at=at)
    assert await erasure.run() == 5
    assert (await own.get()).erasure_due_at is None
    assert await erasure.run() == 0
    assert await with_bank() == 0
    assert [row.type for row in await OutgoingEvent.all().order_by("type")] == [
        "merchant.created",
        "merchant.status_changed",
    ]
    assert await OutgoingDelivery.all().count() == 2
    assert [row.merchant_id for row in await Notice.all()] == [other.id]


async def with_bank() -> int:
    """The number of payouts whose bank account is known."""
    return sum([payout_rules.decode(row.snapshot).destination is not None for row in await Payout.all()])


async def add_creation(merchant: Merchant, payment_id: uuid.UUID, number: int, **more: Any) -> None:
    """Store a request for a page of a payment. The request contains data about the payer."""
    at = await now()
    await PaymentCreation.create(
        merchant_id=merchant.id,
        payment_id=payment_id,
        number=number,
        kind="CHECKOUT",
        stripe_account_id=f"acct_{merchant.id.hex}",
        external_id="order-1",
        idempotency_key=f"{payment_id}:{number}",
        input=HAT,
        body=HAT,
        run_at=at,
        created_at=at,
        **more,
    )


async def test_the_second_pass_forgets_the_payment_requests_that_were_stored_after_the_first_pass(
    shops: tuple[Merchant, Merchant],
) -> None:
    (merchant, other), at = shops, await now()
    payment = await add_payment(merchant, "order-1")
    await add_creation(merchant, payment.id, 1, state="SUCCEEDED")
    await add_creation(other, uuid7(), 1, state="SUCCEEDED")
    own = Merchant.filter(id=merchant.id)
    await own.update(erased_at=at - timedelta(minutes=1), erasure_due_at=at)
    await erasure.run()
    # A replica of an earlier release stores a request for another page of the payment. A transaction that
    # began before the erasure stores a refused request for another payment.
    await add_creation(merchant, payment.id, 2, state="SUCCEEDED")
    await add_creation(merchant, uuid7(), 1, state="REFUSED", error_message="Jenny's card was declined.")
    await own.update(erased_at=at - erasure.SETTLED, erasure_due_at=at)
    await erasure.run()
    assert (await own.get()).erasure_due_at is None

    texts = set(await PaymentCreation.all().values_list("merchant_id", "input", "body", "error_message"))
    assert texts == {(merchant.id, "{}", "{}", None), (other.id, HAT, HAT, None)}


async def test_a_request_keeps_its_body_until_stripe_has_answered(shops: tuple[Merchant, Merchant]) -> None:
    """A transaction that began before the erasure can store a request. Each attempt must send its body."""
    merchant, at = shops[0], await now()
    payment = await add_payment(merchant, "order-1")
    await add_creation(merchant, payment.id, 1, state="SUCCEEDED")
    await add_creation(merchant, payment.id, 2)
    own = Merchant.filter(id=merchant.id)
    await own.update(erased_at=at - erasure.SETTLED, erasure_due_at=at)
    for _ in range(2):
        before = await now()
        await erasure.run()
        due = (await own.get()).erasure_due_at
        assert due is not None
        assert before + erasure.SETTLED <= due <= await now() + erasure.SETTLED
        bodies = PaymentCreation.all().order_by("number").values_list("input", "body")
        assert await bodies == [("{}", "{}"), (HAT, HAT)]
        await own.update(erasure_due_at=at)
    refusal = {"state": "REFUSED", "error_message": "Jenny's card was declined."}
    await PaymentCreation.filter(number=2).update(**refusal)
    await erasure.run()
    assert (await own.get()).erasure_due_at is None
    forgotten = PaymentCreation.all().values_list("input", "body", "error_message")
    assert await forgotten == [("{}", "{}", None)] * 2


async def test_an_erasure_does_not_update_a_request_again_that_is_already_forgotten(
    shops: tuple[Merchant, Merchant],
) -> None:
    merchant, at = shops[0], await now()
    payment = await add_payment(merchant, "order-1")
    await add_creation(merchant, payment.id, 1, state="SUCCEEDED")
    await add_creation(merchant, uuid7(), 1, state="REFUSED", error_message="Jenny's card was declined.")
    payout: dict[str, Any] = {"external_id": "payout-1", "amount": 1000, "currency": "USD", "actor": "staff"}
    payout |= {"merchant_id": merchant.id, "stripe_account_id": "acct_1", "idempotency_key": "payout-1"}
    await PayoutRequest.create(**payout, input=HAT, body=HAT, state="SUCCEEDED", run_at=at, created_at=at)
    await refuse_second_writes("payment_creation")
    await refuse_second_writes("payout_request")
    own = Merchant.filter(id=merchant.id)
    for erased_at in (at - timedelta(minutes=1), at - erasure.SETTLED):
        await own.update(erased_at=erased_at, erasure_due_at=at)
        assert await erasure.run() > 0
        for model in (PaymentCreation, PayoutRequest):
            assert set(await model.all().values_list("input", "body", "error_message")) == {
                ("{}", "{}", None)
            }
    assert (await PayoutRequest.get()).actor == ""


async def test_the_second_pass_removes_what_late_calls_have_written(shops: tuple[Merchant, Merchant]) -> None:
    """A call that began before the erasure can record a link or a fetch afterwards."""
    (merchant, other), at = shops, await now()
    await TimelineEntry.all().delete()
    for owner in shops:
        await timeline.record(owner.id, TimelineKind.LINK_ISSUED, "A link was issued.", at, actor="staff")
        await OnboardingLink.create(
            merchant_id=owner.id,
            address_hash=owner.external_id,
            browser_hash="",
            return_to="https://app.example/",
            collect="",
            created_at=at,
        )
        await WalletDomain.create(
            merchant_id=owner.id,
            stripe_account_id=f"acct_{owner.id.hex}",
            domain="shop.example",
            updated_at=at,
        )
    await Merchant.filter(id=merchant.id).update(erased_at=at - erasure.SETTLED, erasure_due_at=at)
    await erasure.run()
    for model in (TimelineEntry, OnboardingLink, WalletDomain):
        assert await model.all().values_list("merchant_id", flat=True) == [other.id]


async def refuse_second_writes(table: str) -> None:
    """Let the database refuse every update of a row in this table that has already been forgotten."""
    forgotten = "OLD.input = '{}' AND OLD.body = '{}' AND OLD.error_message IS NULL"
    trigger = f"CREATE TRIGGER {table}_forgotten BEFORE UPDATE ON {table} FOR EACH ROW"
    connection = get_connection("default")
    if connection.capabilities.dialect == "sqlite":
        action = "SELECT RAISE(ABORT, 'written again')"
        await connection.execute_script(f"{trigger} WHEN {forgotten} BEGIN {action}; END")
    else:
        await connection.execute_script(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'written again'; END $$; "
            f"{trigger} WHEN ({forgotten}) EXECUTE FUNCTION refuse()"
        )
