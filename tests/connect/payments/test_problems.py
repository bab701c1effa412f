"""Stuck requests, late refusals, a late sweep and failing wallet domains are problems of the platform."""

from datetime import timedelta

import pytest

from connect.errors import StripeRefused, StripeUnavailable
from connect.merchants.rules.document import global_id
from connect.payments import calls, creations, problems, refunds, wallet_domains
from connect.payments.fees import fee_returns, fees
from connect.payments.inputs import Line, NewCheckout
from connect.payments.mirror import mirror
from connect.payments.mirror.reconcile import EVERY, SWEEP
from connect.payments.refunds import NewRefund
from connect.payments.rules.money.fees import FeeOnRefund
from connect.platform.dismissals import Dismissals
from connect.platform.problems import GRACE, Problem
from models import (
    ApplicationFee,
    ConnectedAccount,
    DismissedProblem,
    FeeReturn,
    Payment,
    PaymentCreation,
    PeriodicTask,
    RefundRequest,
    WalletDomain,
    now,
)
from models.ids import past_uuid7
from testing.payments import Shop

REFUSED = {"status": 400, "body": {"error": {"code": "not_today", "message": "Stripe says no."}}}
PAGE = NewCheckout(
    external_id="order-2",
    lines=(Line(name="Hat", quantity=1, unit_amount=1000, currency="USD"),),
    success_url="https://shop.example/done",
    cancel_url="https://shop.example/cart",
)


async def found(*dismissed: DismissedProblem) -> list[Problem]:
    sweep, domains = [await PeriodicTask.get_or_none(name=name) for name in (SWEEP, wallet_domains.TASK)]
    return await problems.find(await now(), sweep, domains, Dismissals(dismissed))


async def codes(*dismissed: DismissedProblem) -> dict[str, tuple[str, ...]]:
    return {problem.code.value: problem.subjects for problem in await found(*dismissed)}


async def test_stuck_requests_and_refusals_that_the_caller_has_not_seen_are_problems(shop: Shop) -> None:
    payment = await shop.intent()
    await mirror.refresh(shop.gateway, payment, "webhook")
    shop.simulator.control("faults", {"method": "POST", "status": 500, "times": 99})
    with pytest.raises(StripeUnavailable):
        await refunds.refund(shop.gateway, payment, NewRefund(external_id="1"), actor="tests")
    request = await creations.store(shop.gateway, shop.merchant, shop.account, PAGE, None, "tests")
    with pytest.raises(StripeUnavailable):
        await creations.complete(shop.gateway, request)
    assert await codes() == {}
    at = await now()
    await PaymentCreation.all().update(created_at=at - timedelta(minutes=6))
    await RefundRequest.all().update(created_at=at - timedelta(minutes=7))
    (stuck,) = await found()
    assert (stuck.code.value, stuck.count) == ("PAYMENT_REQUESTS_STUCK", 2)
    assert stuck.since == at - timedelta(minutes=7)

    shop.simulator.control("faults", method="DELETE")
    shop.simulator.control("faults", {"method": "POST", **REFUSED, "times": 2})
    for model in (PaymentCreation, RefundRequest):
        await model.all().update(run_at=at, leased_until=None)
    assert (await creations.resume(shop.gateway), await refunds.resume(shop.gateway)) == (1, 1)
    subjects = {global_id("Payment", payment.id), "order-2"}
    assert {code: set(names) for code, names in (await codes()).items()} == {
        "PAYMENT_REQUESTS_REFUSED": subjects
    }
    dismissal = DismissedProblem(
        code="PAYMENT_REQUESTS_REFUSED", subject=global_id("Payment", payment.id), dismissed_at=await now()
    )
    assert await codes(dismissal) == {"PAYMENT_REQUESTS_REFUSED": ("order-2",)}
    # Repeating both calls solves the problem.
    await refunds.refund(shop.gateway, payment, NewRefund(external_id="1"), actor="tests")
    await creations.store(shop.gateway, shop.merchant, shop.account, PAGE, None, "tests")
    assert await codes() == {}


async def test_a_refusal_of_the_first_call_is_no_problem_because_the_caller_has_seen_it(shop: Shop) -> None:
    payment = await shop.intent()
    shop.simulator.control("faults", {"method": "POST", "path": "/v1/refunds", **REFUSED})
    with pytest.raises(StripeRefused):
        await refunds.refund(shop.gateway, payment, NewRefund(external_id="1"), actor="tests")
    assert (await RefundRequest.get()).state == "REFUSED"
    assert await codes() == {}


async def test_a_refused_fee_return_is_a_problem_until_the_fee_is_returned_elsewhere(
    shop: Shop,
) -> None:
    payment = await shop.intent()
    shop.simulator.control("clock", {"advance_seconds": 5})
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    await mirror.refresh(shop.gateway, payment, "webhook")
    shop.simulator.control("faults", {"method": "POST", **REFUSED})
    assert await fee_returns.resume(shop.gateway, FeeOnRefund.RETURN) == 1
    assert await codes() == {"FEE_RETURNS_REFUSED": (global_id("Payment", payment.id),)}
    await FeeReturn.all().update(run_at=await now() - timedelta(days=8))
    assert await codes() == {}
    await FeeReturn.all().update(run_at=await now())
    fee = (await ApplicationFee.get()).stripe_fee_id
    await calls.refund_fee(shop.gateway, fee, {}, "dashboard")
    await fees.refresh(shop.gateway, fee)
    assert await codes() == {}
    assert await Payment.all().count() == 1


@pytest.mark.usefixtures("database")
async def test_a_sweep_is_late_after_two_intervals() -> None:
    at = await now()
    late, soon = (at - 2 * EVERY - GRACE + timedelta(minutes=n) for n in (-1, 1))
    task = await PeriodicTask.create(name=SWEEP, due_at=soon, state={})
    assert await codes() == {}
    for started_at, finished_at, since in (
        (late, None, late),
        (late, late, late),
        (late, soon, None),
        (soon, None, None),
    ):
        ended = finished_at.isoformat() if finished_at else None
        task.state = {"started_at": started_at.isoformat(), "since": "", "finished_at": ended}
        await task.save()
        expected = [("PAYMENT_SWEEP_STALLED", since)] if since else []
        assert [(one.code.value, one.since) for one in await found()] == expected
    task.state, task.due_at = {}, late
    await task.save()
    assert await codes() == {"PAYMENT_SWEEP_STALLED": ()}


async def test_a_domain_that_is_refused_or_inactive_for_a_day_is_a_problem_of_the_platform(
    shop: Shop,
) -> None:
    at = await now()
    names = {"new.example": 23, "old.example": 25, "bad.example": 0, "gone.example": 25, "link.example": 25}
    states = {"bad.example": "REFUSED", "link.example": "ACTIVE"}
    rows = [
        WalletDomain(
            id=past_uuid7(at - timedelta(hours=hours)),
            merchant_id=shop.merchant.id,
            stripe_account_id=shop.account,
            domain=name,
            state=states.get(name, "INACTIVE"),
            updated_at=at,
        )
        for name, hours in names.items()
    ]
    await WalletDomain.bulk_create(rows)
    setting = sorted(set(names) - {"gone.example"})
    await PeriodicTask.create(name=wallet_domains.TASK, due_at=at, state={"domains": setting})
    first, second = await found()
    assert (first.code.value, first.subjects) == ("WALLET_DOMAINS_REFUSED", ("bad.example",))
    assert (second.code.value, second.subjects) == ("WALLET_DOMAINS_INACTIVE", ("old.example",))
    assert second.since is not None
    assert abs(second.since - at + timedelta(hours=25)) < timedelta(milliseconds=2)
    assert second.message.endswith("for more than a day: old.example (on 1 account).")
    dismissal = DismissedProblem(
        code="WALLET_DOMAINS_INACTIVE", subject="old.example", dismissed_at=await now()
    )
    assert await codes(dismissal) == {"WALLET_DOMAINS_REFUSED": ("bad.example",)}
    await ConnectedAccount.all().update(closed=True)
    assert await found() == []
