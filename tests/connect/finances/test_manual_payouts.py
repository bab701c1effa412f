"""A payout outside the schedule is made once at Stripe, and only if the platform controls payouts."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from connect.errors import (
    AnswerUnusable,
    BankAccountMissing,
    ExternalIdTaken,
    InvalidInput,
    PayoutsBlocked,
    PayoutTooLarge,
    StripeRefused,
    StripeUnavailable,
)
from connect.finances import calls, manual_payouts, mirror, problems
from connect.finances.manual_payouts import PaidOut
from connect.finances.rules.requests import Method, NewPayout
from connect.payments.rules.money.money import Money
from connect.platform.dismissals import Dismissals
from connect.stripe_api import stored_requests
from models import ConnectedAccount, Merchant, Payout, PayoutRequest, TimelineEntry, now
from testing.deliveries import Deliveries
from testing.payments import Shop

CREATE = {"method": "POST", "path": "/v1/payouts"}


async def funded(shop: Shop, *, is_controlled: bool = True) -> None:
    """Let 8.41 USD be available, and set whether the platform controls payouts."""
    shop.simulator.control("switches", {"platform_controls_payouts": is_controlled})
    await shop.intent(payment_method="pm_card_bypassPending")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await mirror.refresh(shop.gateway, await ConnectedAccount.get(), "webhook")


async def pay_out(shop: Shop, external_id: str = "1", amount: int = 300, **more: Any) -> PaidOut:
    new = NewPayout(external_id=external_id, amount=Money(amount, more.pop("currency", "USD")), **more)
    return await manual_payouts.create(shop.gateway, await Merchant.get(), new, actor="tests")


async def at_stripe(shop: Shop) -> list[dict[str, Any]]:
    """All payouts, oldest first."""
    since = (await ConnectedAccount.get()).synced_at - timedelta(days=9)
    pages = calls.recent_payouts(shop.gateway, shop.account, since)
    return [one async for page in pages for one in page][::-1]


async def resume(shop: Shop) -> int:
    await PayoutRequest.filter(state="PENDING").update(run_at=await now(), leased_until=None)
    return await manual_payouts.resume(shop.gateway)


@pytest.mark.slow
async def test_a_repeated_call_returns_the_same_payout(shop: Shop) -> None:
    await funded(shop)
    first = await pay_out(shop, statement_descriptor="HATS")
    assert (first.created, first.payout.status, first.payout.amount) == (True, "pending", 300)
    shown = json.loads(first.payout.document)
    assert (shown["automatic"], shown["method"], shown["statementDescriptor"]) == (False, "STANDARD", "HATS")
    assert shown["destination"]["last4"] == "6789"
    assert shown["freshness"]["source"] == "create"
    again = await pay_out(shop, statement_descriptor="HATS")
    assert (again.created, again.payout.id) == (False, first.payout.id)
    for other in ({"amount": 301}, {"method": Method.INSTANT}, {}):
        with pytest.raises(ExternalIdTaken, match="This externalId belongs to a payout"):
            await pay_out(shop, **other)
    (found,) = await at_stripe(shop)
    request = await PayoutRequest.get()
    assert found["metadata"] == {"connectql_request": str(request.id), "external_id": "1"}
    entry = await TimelineEntry.get(kind="PAYOUT_REQUESTED")
    assert (entry.message, entry.actor) == ("A payout of 3.00 USD was requested.", "tests")
    # The events about the payout bring it up to date.
    shop.simulator.control("clock", {"advance_seconds": 86400 * 5})
    await Deliveries(shop).all()
    assert (await Payout.get(id=first.payout.id)).status == "paid"


async def test_a_payout_whose_call_got_no_answer_is_made_only_once(shop: Shop) -> None:
    await funded(shop)
    for kind in ("reset_before", "reset_after"):
        shop.simulator.control("faults", {**CREATE, "kind": kind})
        with pytest.raises(StripeUnavailable):
            await pay_out(shop, kind)
    # The caller repeats the second request, and the worker repeats the first request.
    assert not (await pay_out(shop, "reset_after")).created
    assert await resume(shop) == 1
    assert not (await pay_out(shop, "reset_before")).created
    assert [one["amount"] for one in await at_stripe(shop)] == [300, 300]
    assert await Payout.all().count() == 2


async def test_an_expired_request_is_looked_up_and_never_repeated(shop: Shop) -> None:
    await funded(shop)
    for kind in ("reset_before", "reset_after"):
        shop.simulator.control("faults", {**CREATE, "kind": kind})
        with pytest.raises(StripeUnavailable):
            await pay_out(shop, kind)
    # No worker has run for nine days.
    old = await now() - timedelta(days=9)
    await PayoutRequest.all().update(created_at=old, run_at=old, leased_until=None)
    assert await manual_payouts.resume(shop.gateway) == 2
    states = await PayoutRequest.all().order_by("id").values_list("state", "error_code")
    assert states == [("REFUSED", stored_requests.NOT_RECEIVED), ("SUCCEEDED", None)]
    message = "The request for a payout of 3.00 USD never reached Stripe. Nothing was paid out."
    assert await TimelineEntry.filter(message=message).count() == 1
    (problem,) = await problems.find(await now(), Dismissals())
    assert (problem.code.value, problem.subjects) == ("PAYOUT_REQUESTS_REFUSED", ("shop/reset_before",))
    # The external id of the request that never arrived can be used again.
    assert (await pay_out(shop, "reset_before", 200)).created
    assert [one["amount"] for one in await at_stripe(shop)] == [300, 200]


@pytest.mark.slow
async def test_simultaneous_payouts_do_not_exceed_the_balance(shop: Shop) -> None:
    await funded(shop)
    shop.forget_calls()
    results = await asyncio.gather(
        *(pay_out(shop, str(number), 500) for number in range(3)),
        *(pay_out(shop, "same", 100) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == [
        *("PaidOut", "PaidOut", "PaidOut", "PayoutTooLarge", "PayoutTooLarge")
    ]
    assert sorted(one["amount"] for one in await at_stripe(shop)) == [100, 500]
    with pytest.raises(PayoutTooLarge, match=r"^At most 2\.41 USD can be paid out now\.") as refused:
        await pay_out(shop, "rest", 242)
    assert [one.name for one in refused.value.fields] == ["amount.minorUnits"]
    assert (await pay_out(shop, "rest", 241)).created
    with pytest.raises(PayoutTooLarge, match=r"^Nothing can be paid out now: 0\.00 USD is available\."):
        await pay_out(shop, "more", 1)


async def test_the_input_and_the_balance_are_checked_before_a_call(shop: Shop) -> None:
    await funded(shop)
    shop.forget_calls()
    with pytest.raises(InvalidInput) as invalid:
        await pay_out(shop, " ", 0, statement_descriptor="A text of 23 characters")
    assert [one.name for one in invalid.value.fields] == [
        *("externalId", "amount.minorUnits", "statementDescriptor")
    ]
    with pytest.raises(InvalidInput, match=r"^The balance has no EUR\. It has USD\.$"):
        await pay_out(shop, currency="EUR")
    with pytest.raises(PayoutTooLarge):
        await pay_out(shop, amount=842, method=Method.INSTANT)
    instant = {"object": "balance", "available": [{"amount": 841, "currency": "usd"}], "pending": []}
    instant["instant_available"] = [{"amount": 900, "currency": "usd"}]
    fault = {"method": "GET", "path": "/v1/balance", "kind": "status", "status": 200, "body": instant}
    shop.simulator.control("faults", fault)
    with pytest.raises(PayoutTooLarge, match=r"^At most 9\.00 USD can be paid out with an instant payout\."):
        await pay_out(shop, amount=901, method=Method.INSTANT)
    assert "POST /v1/payouts" not in shop.calls
    assert not await PayoutRequest.exists()
    assert (await pay_out(shop, amount=841, method=Method.INSTANT)).created


@pytest.mark.slow
async def test_a_refusal_is_shown_and_the_external_id_can_be_used_again(shop: Shop) -> None:
    await funded(shop, is_controlled=False)
    with pytest.raises(StripeRefused) as refused:
        await pay_out(shop)
    assert refused.value.code == "not_allowed_on_standard_account"
    assert (await PayoutRequest.get()).state == "REFUSED"
    entry = await TimelineEntry.get(message="Stripe refused the payout of 3.00 USD.")
    assert entry.request_id == refused.value.request_id is not None
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    assert (await pay_out(shop, amount=200)).created
    # If there is no bank account for the currency, only the message of Stripe's refusal says so.
    message = "Sorry, you don't have any external accounts in that currency (usd)."
    body = {"error": {"type": "invalid_request_error", "message": message}}
    shop.simulator.control("faults", {**CREATE, "kind": "status", "status": 400, "body": body})
    with pytest.raises(BankAccountMissing) as missing:
        await pay_out(shop, "2")
    assert [(one.name, one.code.value) for one in missing.value.fields] == [
        ("amount.currency", "NOT_AVAILABLE")
    ]


@pytest.mark.slow
async def test_no_payout_is_requested_if_the_mirror_shows_that_payouts_are_blocked(shop: Shop) -> None:
    await funded(shop)
    shop.simulator.control(f"accounts/{shop.account}", {"scenario": "payouts_blocked"})
    with pytest.raises(PayoutsBlocked) as blocked:  # the mirror learns about the block from Stripe's refusal
        await pay_out(shop)
    shown = json.loads(blocked.value.merchant_row.document)
    assert [one["kind"] for one in shown["payoutObstacles"]] == ["INFORMATION_NEEDED"]
    shop.forget_calls()
    with pytest.raises(PayoutsBlocked):
        await pay_out(shop, "2")
    assert "POST /v1/payouts" not in shop.calls
    assert await at_stripe(shop) == []


async def test_an_answer_about_another_payout_is_not_used(shop: Shop) -> None:
    await funded(shop)
    other = {"object": "payout", "id": "po_other", "amount": 300, "currency": "usd", "metadata": {}}
    shop.simulator.control("faults", {**CREATE, "kind": "status", "status": 200, "body": other})
    with pytest.raises(AnswerUnusable):
        await pay_out(shop)
    assert (await PayoutRequest.get()).state == "PENDING"
    assert not (await pay_out(shop)).created
    assert len(await at_stripe(shop)) == 1


REFUSAL = {"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "No access."}}
REFUSED = {**CREATE, "kind": "status", "status": 403, "body": REFUSAL}


async def test_a_payout_is_found_although_a_later_attempt_was_refused(shop: Shop) -> None:
    await funded(shop)
    shop.simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await pay_out(shop)
    shop.simulator.control("faults", REFUSED)
    assert await resume(shop) == 1
    refused = await PayoutRequest.get()
    assert refused.state == "REFUSED"
    entry = await TimelineEntry.filter(kind="PAYOUT_REQUESTED").order_by("-id").first()
    assert entry is not None
    assert (entry.message, entry.actor) == ("Stripe refused the payout of 3.00 USD.", "tests")
    assert not (await pay_out(shop)).created
    assert len(await at_stripe(shop)) == 1


async def test_a_late_refusal_of_an_earlier_attempt_does_not_settle_a_later_attempt(shop: Shop) -> None:
    await funded(shop)
    shop.simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await pay_out(shop)
    earlier = await PayoutRequest.get()
    shop.simulator.control("faults", REFUSED)
    await resume(shop)
    shop.simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await pay_out(shop)
    later = await PayoutRequest.get()
    assert later.idempotency_key != earlier.idempotency_key
    shop.simulator.control("faults", REFUSED)
    await stored_requests.complete(shop.gateway, manual_payouts.PAYOUT, earlier)
    assert (await PayoutRequest.get()).state == "PENDING"
    assert await resume(shop) == 1
    assert (await PayoutRequest.get()).state == "SUCCEEDED"
    assert len(await at_stripe(shop)) == 1


@pytest.mark.one_database
async def test_an_external_id_used_on_a_former_account_is_refused_with_a_remedy(shop: Shop) -> None:
    await funded(shop, is_controlled=False)
    with pytest.raises(StripeRefused):
        await pay_out(shop)
    await PayoutRequest.all().update(stripe_account_id="acct_former00000000")
    with pytest.raises(ExternalIdTaken, match="use another externalId"):
        await pay_out(shop)
