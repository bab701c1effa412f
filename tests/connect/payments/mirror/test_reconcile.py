"""The sweep finds payments and changes that had no event, and makes no unnecessary call."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from connect.merchants.rules.wire import wire_time
from connect.payments import calls
from connect.payments.mirror import fetches, mirror, reconcile
from connect.platform import periodic
from models import (
    ApplicationFee,
    ApplicationFeeRefund,
    ConnectedAccount,
    Dispute,
    Merchant,
    Payment,
    PeriodicTask,
    now,
)
from testing.payments import INTENT, Shop, open_account, open_shop

DAY = timedelta(days=1)
LIST = "GET /v1/payment_intents"


async def sweep(shop: Shop, *, due: bool = True) -> reconcile.Sweep:
    """Run steps of the sweep until no step is due. Returns the progress of the sweep."""
    if due:
        await periodic.hasten(reconcile.SWEEP)
    shop.forget_calls()
    while await reconcile.sweep(shop.gateway, "worker", every=DAY):
        pass
    task = await PeriodicTask.get(name=reconcile.SWEEP)
    result = reconcile.last_sweep(task.state)
    assert result is not None
    return result


def counts(run: reconcile.Sweep) -> tuple[int, int, int, int, int]:
    return run.accounts, run.checked, run.repaired, run.found, run.failed


@pytest.mark.slow
async def test_the_sweep_repairs_and_finds_payments_whose_events_are_missing(shop: Shop) -> None:
    await reconcile.sweep(shop.gateway, "worker", every=DAY)  # the first sweep is not due yet
    await open_account(shop.gateway, shop.simulator, "foreign")
    same, refunded = await shop.intent("same"), await shop.intent("refunded")
    _, url = await shop.checkout("paid")
    await shop.checkout("open")
    shop.simulator.control("clock", {"advance_seconds": 5})
    first = await sweep(shop)
    # The list shows both intents, the two pages are fetched, and the fees are known from their payments.
    assert counts(first) == (1, 6, 2, 0, 0)
    assert shop.calls == {
        LIST: 1,
        "GET /v1/payment_intents/{id}": 2,
        "GET /v1/checkout/sessions/{id}": 2,
        "GET /v1/refunds": 1,
        "GET /v1/disputes": 1,
        "GET /v1/radar/early_fraud_warnings": 1,
        "GET /v1/application_fees": 1,
        "GET /v1/payouts": 1,
        "GET /v1/balance": 1,
        "GET /v1/balance_settings": 1,
        "GET /v1/balance_transactions": 2,
    }
    found = await shop.elsewhere()
    untried = {name: value for name, value in INTENT.items() if name not in {"payment_method", "confirm"}}
    await calls.create_intent(shop.gateway, shop.account, untried, "untried")
    shop.pay(url)
    shop.play(str(refunded.stripe_payment_intent_id), "refund", amount=100)
    fee = await ApplicationFee.get(payment_id=same.id)
    await calls.refund_fee(shop.gateway, fee.stripe_fee_id, {"amount": 7}, "7")
    shop.simulator.control("clock", {"advance_seconds": 5})  # Stripe books the fee of the page
    second = await sweep(shop)
    assert counts(second) == (1, 10, 3, 1, 0)
    states = {row.external_id: (row.state, row.refund_state) for row in await Payment.all()}
    assert states == {
        "same": ("SUCCEEDED", "NONE"),
        "refunded": ("SUCCEEDED", "PARTIAL"),
        "paid": ("SUCCEEDED", "NONE"),
        "open": ("AWAITING_CUSTOMER", "NONE"),
        None: ("SUCCEEDED", "NONE"),
    }
    assert (await Payment.get(external_id=None)).stripe_payment_intent_id == found
    assert (await ApplicationFeeRefund.get()).amount == 7
    third = await sweep(shop)
    assert counts(third)[2:] == (0, 0, 0)


@pytest.mark.slow
async def test_the_sweep_finds_changes_of_older_payments(shop: Shop) -> None:
    """The sweep's list of recent payments contains none of the older payments."""
    old = [await shop.intent(name) for name in ("failed", "returned", "disputed", "warned")]
    old.append(await shop.intent("debit", payment_method="pm_usBankAccount_processing"))
    old.append(await shop.intent("waiting", payment_method="pm_card_authenticationRequired"))
    shop.simulator.control("clock", {"advance_seconds": 5})
    for payment in old:
        await mirror.refresh(shop.gateway, payment, "webhook")
    failed, returned, disputed, warned, debit, waiting = (
        str(payment.stripe_payment_intent_id) for payment in old
    )
    # By Stripe's clock, the period of the sweep begins after the payments and before their changes.
    await Payment.all().update(created_at=await now() - timedelta(days=40))
    shop.simulator.control("clock", {"advance_seconds": 10 * 86400})
    # This refund is made before that period, and the bank returns it within the period.
    shop.play(returned, "refund")
    await mirror.refresh(shop.gateway, old[1], "webhook", kinds={fetches.REFUND})
    shop.simulator.control("clock", {"advance_seconds": 30 * 86400})
    shop.play(failed, "refund", amount=100)
    for intent in failed, returned:
        (refund,) = await calls.list_refunds(shop.gateway, shop.account, intent)
        shop.play(refund["id"], "fail")
    shop.play(disputed, "dispute")
    shop.play(warned, "warn")
    shop.play(debit, "succeed")
    await calls.cancel_intent(shop.gateway, shop.account, waiting, {}, "cancel")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await reconcile.sweep(shop.gateway, "worker", every=DAY)
    at = await now()
    begun = reconcile.Sweep(started_at=str(wire_time(at)), since=str(wire_time(at + timedelta(days=35))))
    await PeriodicTask.filter(name=reconcile.SWEEP).update(state=dataclasses.asdict(begun))
    # The sweep compared the debit, its fee and the waiting payment.
    assert counts(await sweep(shop))[1:] == (3, 6, 0, 0)
    rows = {row.external_id: (row.state, row.refund_state, row.dispute_state) for row in await Payment.all()}
    assert rows == {
        "failed": ("SUCCEEDED", "FAILED", "NONE"),
        "returned": ("SUCCEEDED", "FAILED", "NONE"),
        "disputed": ("SUCCEEDED", "NONE", "NEEDS_RESPONSE"),
        "warned": ("SUCCEEDED", "NONE", "WARNED"),
        "debit": ("SUCCEEDED", "NONE", "NONE"),
        "waiting": ("CANCELED", "NONE", "NONE"),
    }


async def test_the_first_sweep_of_an_account_finds_its_open_disputes(shop: Shop) -> None:
    """The payment was made and its inquiry was opened before this service knew the account."""
    shop.simulator.control("clock", {"advance_seconds": -40 * 86400})
    body = {**INTENT, "payment_method": "pm_card_createDisputeInquiry"}
    made = await calls.create_intent(shop.gateway, shop.account, body, "old")
    shop.simulator.control("clock", {"advance_seconds": 40 * 86400})
    await reconcile.sweep(shop.gateway, "worker", every=DAY)  # the first sweep is not due yet
    assert (await sweep(shop)).found == 1
    (dispute,) = await Dispute.all().prefetch_related("payment")
    assert (dispute.payment.stripe_payment_intent_id, dispute.payment.external_id) == (made["id"], None)
    await Payment.all().delete()
    assert (await sweep(shop)).found == 0


async def test_the_first_sweep_of_an_account_leaves_out_disputes_that_ended_long_ago(shop: Shop) -> None:
    shop.simulator.control("clock", {"advance_seconds": -40 * 86400})
    body = {**INTENT, "payment_method": "pm_card_createDispute"}
    await calls.create_intent(shop.gateway, shop.account, body, "old")
    pages = calls.recent_disputes(shop.gateway, shop.account, datetime.fromtimestamp(0, UTC))
    ((dispute,),) = [page async for page in pages]
    shop.play(dispute["id"], "lose")
    shop.simulator.control("clock", {"advance_seconds": 40 * 86400})
    await reconcile.sweep(shop.gateway, "worker", every=DAY)  # the first sweep is not due yet
    run = await sweep(shop)
    assert (run.accounts, run.found, run.failed) == (1, 0, 0)
    assert (await ConnectedAccount.get()).disputes_listed_at is not None


@pytest.mark.slow
async def test_an_account_is_compared_in_full_later_if_its_first_comparison_failed(shop: Shop) -> None:
    shop.simulator.control("clock", {"advance_seconds": -40 * 86400})
    body = {**INTENT, "payment_method": "pm_card_createDisputeInquiry"}
    await calls.create_intent(shop.gateway, shop.account, body, "old")
    shop.simulator.control("clock", {"advance_seconds": 40 * 86400})
    await reconcile.sweep(shop.gateway, "worker", every=DAY)  # the first sweep is not due yet
    shop.simulator.control("faults", {"method": "GET", "path": "/v1/disputes", "status": 500, "times": 3})
    # Each failed attempt pauses the sweep. The last step ends the sweep.
    assert [(await sweep(shop)).failed for _ in range(4)] == [0, 0, 1, 1]
    assert (await sweep(shop)).found == 1


async def test_the_sweep_finds_the_missed_deadline_of_an_inquiry_although_another_dispute_is_lost(
    shop: Shop,
) -> None:
    payment = await shop.intent()
    identifier = str(payment.stripe_payment_intent_id)
    shop.play(identifier, "dispute", amount=400)
    shop.play(identifier, "dispute", amount=600, inquiry=True)
    await mirror.refresh(shop.gateway, payment, "webhook", kinds={fetches.DISPUTE})
    shop.play((await Dispute.get(kind="CHARGEBACK")).stripe_dispute_id, "lose")
    shop.simulator.control("clock", {"advance_seconds": 5})  # Stripe books the fee
    await mirror.refresh(shop.gateway, payment, "webhook", kinds={fetches.DISPUTE})
    inquiry = await Dispute.get(kind="INQUIRY")
    assert ((await Payment.get()).dispute_state, inquiry.needs_response) == ("LOST", True)
    shop.simulator.control("clock", {"advance_seconds": 10 * 86400})
    await reconcile.sweep(shop.gateway, "worker", every=DAY)
    assert counts(await sweep(shop))[2] == 1
    assert not (await Dispute.get(kind="INQUIRY")).needs_response


async def test_payments_of_accounts_that_are_closed_or_were_never_active_are_not_listed(shop: Shop) -> None:
    await shop.intent()
    await ConnectedAccount.all().update(closed=True)
    other = await open_shop(shop.gateway, shop.simulator, "never")
    await Merchant.filter(id=other.merchant.id).update(ever_active_at=None)
    await reconcile.sweep(shop.gateway, "worker", every=DAY)
    assert counts(await sweep(shop))[:2] == (0, 0)
    assert LIST not in shop.calls


async def test_a_sweep_pauses_if_stripe_gives_no_answer_and_continues_later(shop: Shop) -> None:
    await shop.intent()
    second = await open_shop(shop.gateway, shop.simulator, "second")
    await second.intent()
    await reconcile.sweep(shop.gateway, "worker", every=DAY)
    await periodic.hasten(reconcile.SWEEP)
    shop.simulator.control("faults", {"method": "GET", "path": LIST.partition(" ")[2], "status": 503})
    assert await reconcile.sweep(shop.gateway, "worker", every=DAY) == 1
    task = await PeriodicTask.get(name=reconcile.SWEEP)
    paused = reconcile.last_sweep(task.state)
    assert paused is not None
    assert (paused.attempts, paused.position, paused.finished_at) == (1, None, None)
    run = await sweep(shop)
    assert (run.accounts, run.failed, run.started_at) == (2, 0, paused.started_at)


async def test_only_one_worker_runs_the_sweep(shop: Shop) -> None:
    await shop.intent()
    await reconcile.sweep(shop.gateway, "worker", every=DAY)
    await periodic.hasten(reconcile.SWEEP)
    shop.forget_calls()
    runs = [reconcile.sweep(shop.gateway, f"worker-{number}", every=DAY) for number in range(3)]
    assert sorted(await asyncio.gather(*runs)) == [0, 0, 1]
    assert shop.calls[LIST] == 1


async def test_a_key_without_the_permission_for_payouts_does_not_stop_the_sweep(shop: Shop) -> None:
    await shop.intent()
    await reconcile.sweep(shop.gateway, "worker", every=DAY)
    message = "Having the 'rak_payout_read' permission would allow this request to continue."
    refusal = {"type": "invalid_request_error", "code": "more_permissions_required", "message": message}
    answer = {"status": 403, "body": {"error": refusal}, "times": 9}
    shop.simulator.control("faults", {"method": "GET", "path": "/v1/payouts", **answer})
    run = await sweep(shop)
    assert (run.accounts, run.failed, run.attempts, shop.calls[LIST]) == (1, 1, 0, 1)
