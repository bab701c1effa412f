"""Calls to Stripe about payments are made in the given account. Answers about other objects are unusable."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connect.errors import AnswerUnusable, StripeNotFound, StripeRefused, StripeUnavailable
from connect.payments import calls
from connect.stripe_api.gateway import Gateway
from testing.payments import INTENT, SESSION, open_account
from testing.processes import Simulator

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


async def test_the_stripe_objects_of_a_payment_are_created_changed_and_listed(
    gateway: Gateway, simulator: Simulator
) -> None:
    shop, other = [await open_account(gateway, simulator, name) for name in ("shop", "other")]
    session = await calls.create_session(gateway, shop, SESSION, "checkout:1:1")
    assert session == await calls.retrieve_session(gateway, shop, session["id"])
    assert (await calls.expire_session(gateway, shop, session["id"], "expire:1"))["status"] == "expired"
    with pytest.raises(StripeNotFound) as missing:
        await calls.retrieve_session(gateway, other, session["id"])
    assert missing.value.code == "resource_missing"

    paid = await calls.create_intent(gateway, shop, INTENT, "intent:1:1")
    assert await calls.list_sessions(gateway, shop, paid["id"]) == []
    simulator.control(f"payments/{paid['id']}", {"scenario": "book"})
    intent = await calls.retrieve_intent(gateway, shop, paid["id"])
    charge = intent["latest_charge"]
    assert (charge["balance_transaction"]["amount"], charge["application_fee"]["amount"]) == (1000, 100)
    assert [one["id"] for one in await calls.list_charges(gateway, shop, paid["id"])] == [charge["id"]]
    assert (await calls.retrieve_charge(gateway, shop, charge["id"]))["amount"] == 1000

    body = {"payment_intent": paid["id"], "amount": 300}
    refund = await calls.create_refund(gateway, shop, body, "refund:1")
    assert await calls.create_refund(gateway, shop, body, "refund:1") == refund
    assert await calls.list_refunds(gateway, shop, paid["id"]) == [refund]
    assert (await calls.retrieve_refund(gateway, shop, refund["id"]))["amount"] == 300

    fee = charge["application_fee"]["id"]
    returned = await calls.refund_fee(gateway, fee, {"amount": 30}, "fee-refund:1")
    assert (await calls.retrieve_fee(gateway, fee))["amount_refunded"] == 30
    assert await calls.list_fee_refunds(gateway, fee) == [returned]
    assert [one["id"] for one in await calls.fees_of_charge(gateway, charge["id"])] == [fee]
    assert [one["id"] async for page in calls.list_fees(gateway, BEGINNING) for one in page] == [fee]

    authorized = await calls.create_intent(gateway, shop, {**INTENT, "capture_method": "manual"}, "2")
    captured = await calls.capture_intent(
        gateway, shop, authorized["id"], {"amount_to_capture": 400}, "capture:2"
    )
    assert captured["amount_received"] == 400
    waiting = await calls.create_intent(gateway, shop, {"amount": 500, "currency": "usd"}, "3")
    reason = {"cancellation_reason": "abandoned"}
    canceled = await calls.cancel_intent(gateway, shop, waiting["id"], reason, "cancel:3")
    assert canceled["status"] == "canceled"
    pages = [page async for page in calls.list_intents(gateway, shop, BEGINNING)]
    assert [[one["id"] for one in page] for page in pages] == [
        [waiting["id"], authorized["id"], paid["id"]],
    ]
    rest = [page async for page in calls.list_intents(gateway, shop, BEGINNING, authorized["id"])]
    assert [[one["id"] for one in page] for page in rest] == [[paid["id"]]]


async def test_a_list_is_read_to_its_last_page(gateway: Gateway, simulator: Simulator) -> None:
    shop = await open_account(gateway, simulator)
    intent = (await calls.create_intent(gateway, shop, INTENT, "1"))["id"]
    body = {"payment_intent": intent, "amount": 1}
    refunds = [await calls.create_refund(gateway, shop, body, f"refund:{number}") for number in range(3)]
    page = {"object": "list", "has_more": True, "data": refunds[2:]}
    simulator.control("faults", {"method": "GET", "status": 200, "body": page})
    assert await calls.list_refunds(gateway, shop, intent) == refunds[::-1]


@pytest.mark.parametrize(
    "answer",
    [
        {"object": "refund", "id": "re_2"},
        {"object": "charge", "id": "re_1"},
        {"object": "refund"},
        {"object": "list", "data": {}},
        [],
    ],
    ids=str,
)
async def test_an_answer_about_another_object_is_unusable(
    gateway: Gateway, simulator: Simulator, answer: Any
) -> None:
    simulator.control("faults", {"method": "GET", "times": 2, "status": 200, "body": answer})
    with pytest.raises(AnswerUnusable):
        await calls.retrieve_refund(gateway, "acct_1", "re_1")
    with pytest.raises(AnswerUnusable):
        await calls.list_refunds(gateway, "acct_1", "pi_1")


async def test_if_a_refusal_has_no_code_its_type_is_used_as_the_code(
    gateway: Gateway, simulator: Simulator
) -> None:
    shop = await open_account(gateway, simulator, "shop")
    with pytest.raises(StripeRefused) as unknown:
        await calls.create_intent(gateway, shop, {**INTENT, "currency": "xxd"}, "1")
    assert unknown.value.code == "invalid_request_error"
    assert unknown.value.message.startswith("Invalid currency: xxd.")
    await calls.create_intent(gateway, shop, INTENT, "2")
    with pytest.raises(StripeRefused) as reused:
        await calls.create_intent(gateway, shop, {**INTENT, "amount": 2000}, "2")
    assert reused.value.code == "idempotency_error"
    with pytest.raises(StripeRefused) as declined:
        await calls.create_intent(
            gateway, shop, {**INTENT, "payment_method": "pm_card_visa_chargeDeclined"}, "3"
        )
    assert declined.value.code == "card_declined"
    assert str(declined.value.request_id).startswith("req_")


@pytest.mark.parametrize(
    ("status", "code", "type_"),
    [(409, "idempotency_key_in_use", "idempotency_error"), (429, "lock_timeout", "invalid_request_error")],
)
async def test_a_call_that_conflicts_with_another_call_can_be_retried(
    gateway: Gateway, simulator: Simulator, status: int, code: str, type_: str
) -> None:
    body = {"error": {"code": code, "type": type_, "message": "Another request is running."}}
    simulator.control("faults", {"status": status, "body": body})
    with pytest.raises(StripeUnavailable):
        await calls.create_refund(gateway, "acct_1", {}, "refund:1")
