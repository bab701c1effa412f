"""The life cycle of payouts, from the local Stripe's events to the documents that clients read."""

import asyncio
import json
from typing import Any

import pytest

from connect.finances import calls, mirror, payouts
from models import ConnectedAccount, Merchant, Payment, Payout, PayoutTransaction, now
from testing.deliveries import Deliveries
from testing.payments import Shop
from testing.stored_payouts import add_payout

BYPASS = "pm_card_bypassPending"


async def merchant() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((await Merchant.get()).document)
    return document


def play(shop: Shop, path: str, scenario: str, **order: Any) -> None:
    shop.simulator.control(path, {"scenario": scenario, **order})


async def run(shop: Shop) -> None:
    """Run the planned fetches of balances, and read the transactions of reconciled payouts."""
    await ConnectedAccount.filter(finances_due_at__isnull=False).update(
        finances_due_at=(await ConnectedAccount.get()).synced_at
    )
    while await mirror.run(shop.gateway) + await payouts.read_inside(shop.gateway):
        pass


def task(document: dict[str, Any], kind: str) -> tuple[int, str]:
    (found,) = [one for one in document["dashboard"]["tasks"] if one["kind"] == kind]
    return found["attention"], found["explanation"]


@pytest.mark.slow
async def test_a_payout_arrives_with_its_transactions_and_its_payment(shop: Shop) -> None:
    deliveries = Deliveries(shop)
    payment = await shop.intent(payment_method=BYPASS)
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    await run(shop)
    document = await merchant()
    (usd,) = document["balance"]["amounts"]
    assert (usd["available"]["minorUnits"], usd["pending"]["minorUnits"]) == (841, 0)
    assert document["balance"]["freshness"]["source"] == "moved"
    assert document["payoutSchedule"]["summary"] == (
        "Stripe pays out the available balance on every business day."
    )
    assert document["payoutSchedule"]["nextPayoutEstimate"] is not None
    assert document["payoutObstacles"] == []

    play(shop, f"balances/{shop.account}", "pay_out")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    row = await Payout.get()
    assert (row.status, row.amount, row.currency) == ("in_transit", 841, "USD")
    assert task(await merchant(), "SCHEDULE_PAYOUTS") == (0, "8.41 USD is on its way to the bank.")
    play(shop, f"payouts/{row.stripe_payout_id}", "arrive")
    play(shop, f"payouts/{row.stripe_payout_id}", "trace")
    await deliveries.all()
    await run(shop)
    row = await Payout.get()
    shown = json.loads(row.document)
    assert (shown["status"], shown["reconciliation"]) == ("PAID", "COMPLETED")
    assert len(shown["traceId"]) == 15
    assert shown["destination"]["last4"] == "6789"
    assert shown["transactionsCompleteAt"] is not None
    (inside,) = await PayoutTransaction.all()
    assert (inside.type, inside.amount, inside.fee, inside.net) == ("charge", 1000, 159, 841)
    assert inside.payment_id == payment.id == (await Payment.get()).id
    (usd,) = (await merchant())["balance"]["amounts"]
    assert usd["available"]["minorUnits"] == 0
    assert [one["kind"] for one in (await merchant())["payoutObstacles"]] == ["NO_MONEY"]


@pytest.mark.slow
async def test_a_paid_payout_that_fails_is_an_obstacle_until_another_payout_arrives(shop: Shop) -> None:
    deliveries = Deliveries(shop)
    await shop.intent(payment_method=BYPASS)
    shop.simulator.control("clock", {"advance_seconds": 5})
    play(shop, f"balances/{shop.account}", "pay_out")
    await deliveries.all()
    first = await Payout.get()
    play(shop, f"payouts/{first.stripe_payout_id}", "arrive")
    await deliveries.all()
    play(shop, f"payouts/{first.stripe_payout_id}", "fail", code="account_closed")
    await deliveries.all()
    await run(shop)
    shown = json.loads((await Payout.get()).document)
    assert shown["failure"] == {
        "code": "account_closed",
        "explanation": "The bank account is closed.",
        "remedy": "Add another bank account in the Stripe Dashboard.",
        "wasPaid": True,
        "noticedAt": shown["failure"]["noticedAt"],
    }
    document = await merchant()
    assert task(document, "MANAGE_FINANCES") == (1, "A payout of 8.41 USD came back from the bank.")
    failed = [one for one in document["payoutObstacles"] if one["kind"] == "PAYOUT_FAILED"]
    assert [(one["stoppedBy"], one["endedBy"], one["payoutId"]) for one in failed] == [
        ("BANK", "MERCHANT", shown["id"])
    ]
    (usd,) = document["balance"]["amounts"]
    assert usd["available"]["minorUnits"] == 841
    schedule = document["payoutSchedule"]
    assert (schedule["isEnabled"], schedule["nextPayoutEstimate"]) == (False, None)

    shop.simulator.control("clock", {"advance_seconds": 60})
    play(shop, f"balances/{shop.account}", "replace_bank", number="000123456789")
    shop.simulator.control(f"accounts/{shop.account}", {"scenario": "activate"})
    play(shop, f"balances/{shop.account}", "pay_out")
    await deliveries.all()
    second = await Payout.filter(id__not=first.id).get()
    play(shop, f"payouts/{second.stripe_payout_id}", "arrive")
    await deliveries.all()
    document = await merchant()
    assert task(document, "MANAGE_FINANCES")[0] == 0
    assert "PAYOUT_FAILED" not in [one["kind"] for one in document["payoutObstacles"]]


async def test_two_simultaneous_fetches_store_an_unknown_payout_once(shop: Shop) -> None:
    await shop.intent(payment_method=BYPASS)
    shop.simulator.control("clock", {"advance_seconds": 5})
    play(shop, f"balances/{shop.account}", "pay_out")
    shop.simulator.control("clock", {"advance_seconds": 5})
    owner = await ConnectedAccount.get()
    pages = calls.recent_payouts(shop.gateway, shop.account, owner.synced_at)
    (listed,) = [one["id"] async for page in pages for one in page]
    both = [payouts.refresh(shop.gateway, owner, listed, "webhook") for _ in range(2)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    row = await Payout.get()
    assert row.fetch_applied == row.fetches_started
    assert len(await Payout.all()) == 1


@pytest.mark.slow
async def test_one_fetch_serves_a_burst_of_payments(shop: Shop) -> None:
    deliveries = Deliveries(shop)
    for number in range(5):
        await shop.intent(f"order-{number}", payment_method=BYPASS)
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    await run(shop)
    shop.forget_calls()
    await run(shop)
    assert shop.calls == {}
    for number in range(5, 10):
        await shop.intent(f"order-{number}", payment_method=BYPASS)
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    shop.forget_calls()
    await run(shop)
    assert shop.calls == {"GET /v1/balance": 1}
    (usd,) = (await merchant())["balance"]["amounts"]
    assert usd["available"]["minorUnits"] == 8410


@pytest.mark.slow
async def test_a_reserve_a_schedule_and_a_debt_are_explained(shop: Shop) -> None:
    deliveries = Deliveries(shop)
    payment = await shop.intent(payment_method=BYPASS)
    shop.simulator.control("clock", {"advance_seconds": 5})
    play(shop, f"balances/{shop.account}", "reserve", amount=300, currency="usd")
    play(shop, f"balances/{shop.account}", "reschedule", interval="manual")
    await deliveries.all()
    await run(shop)
    document = await merchant()
    (usd,) = document["balance"]["amounts"]
    assert (usd["available"]["minorUnits"], usd["reserved"]["minorUnits"]) == (541, 300)
    assert (document["payoutSchedule"]["interval"], document["payoutSchedule"]["nextPayoutEstimate"]) == (
        "MANUAL",
        None,
    )
    assert [(one["kind"], one["stoppedBy"], one["endedBy"]) for one in document["payoutObstacles"]] == [
        ("MONEY_RESERVED", "STRIPE", "STRIPE"),
        ("SCHEDULE_MANUAL", "MERCHANT", "MERCHANT"),
    ]
    assert document["payoutObstacles"][0]["since"] is not None
    assert task(document, "MANAGE_FINANCES") == (
        1,
        "Stripe holds 3.00 USD back as a reserve, and releases it automatically.",
    )
    assert document["nextAction"]["by"] is None

    assert payment.stripe_payment_intent_id is not None
    shop.play(payment.stripe_payment_intent_id, "refund")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await deliveries.all()
    await run(shop)
    document = await merchant()
    assert document["balance"]["isNegative"] is True
    assert task(document, "MANAGE_FINANCES")[0] == 2
    assert document["nextAction"]["label"] == "Look at the negative balance in the Stripe Dashboard"
    assert (await Merchant.get()).awaiting_action_from == "MERCHANT"


async def test_the_transactions_of_a_payout_are_read_again_after_an_unusable_answer(shop: Shop) -> None:
    row = await add_payout(shop.merchant, amount=5)
    await Payout.all().update(transactions_at=None, transactions_due_at=row.created_at)
    inside = {"id": "txn_1", "amount": 5, "fee": 0, "net": 5, "currency": "usd", "source": "x" * 300}
    body = {"object": "list", "data": [inside], "has_more": False}
    fault = {"method": "GET", "path": "/v1/balance_transactions", "status": 200, "body": body}
    shop.simulator.control("faults", fault)
    assert await payouts.read_inside(shop.gateway) == 1
    row = await Payout.get()
    assert (row.attempts, row.transactions_at) == (1, None)
    assert row.transactions_due_at is not None
    assert row.transactions_due_at > await now() + payouts.PAUSE

    no_permission = {"error": {"code": "more_permissions_required", "type": "invalid_request_error"}}
    await Payout.all().update(transactions_due_at=row.created_at)
    shop.simulator.control("faults", {**fault, "status": 403, "body": no_permission})
    assert await payouts.read_inside(shop.gateway) == 1
    assert (await Payout.get()).attempts == 2


async def test_the_payments_of_a_very_large_payout_can_be_searched(database: str) -> None:  # noqa: ARG001
    assert await payouts.payments_of([f"ch_{number}" for number in range(33_000)]) == {}
