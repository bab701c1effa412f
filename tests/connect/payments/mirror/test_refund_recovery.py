"""Lost refund requests are restored, so that a repeated refundPayment refunds nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest

from connect.errors import ExternalIdTaken
from connect.merchants.adoption.recovered import Finding
from connect.payments import calls, refunds
from connect.payments.mirror import mirror, recovery, refund_recovery
from connect.payments.refunds import NewRefund, Refunded
from connect.payments.rules.money.money import Money
from models import ConnectedAccount, FormerAccount, Payment, RefundRequest, now
from testing.payments import INTENT, Shop


async def recover(shop: Shop, *, dry_run: bool = False) -> list[tuple[Finding, str]]:
    """Run both recoveries, and return each finding with its external id."""
    since = await now() - timedelta(hours=1)
    return [
        (one.finding, one.external_id)
        for run in (recovery.run, refund_recovery.run)
        async for one in run(shop.gateway, since, actor="recover", dry_run=dry_run)
    ]


async def refund(shop: Shop, amount: int, external_id: str = "back-1") -> Refunded:
    new = NewRefund(external_id=external_id, amount=Money(amount, "USD"))
    return await refunds.refund(shop.gateway, await Payment.get(), new, actor="tests")


@pytest.mark.slow
async def test_a_payment_of_a_former_account_is_restored_with_its_refund_and_repeated_calls_find_the_refund(
    shop: Shop,
) -> None:
    payment = await shop.payment("order-1", 1000)
    metadata = {"payment_id": str(payment.id), "external_id": "order-1"}
    order = {**INTENT, "metadata": metadata}
    await mirror.attach(payment.id, await calls.create_intent(shop.gateway, shop.account, order, "order-1"))
    first = (await refund(shop, 300)).request
    # Replace the account as replaceAccount does, and then delete the payment.
    account, at = await ConnectedAccount.get(), await now()
    state: dict[str, Any] = {
        "snapshot": account.snapshot,
        "fetch_applied": 1,
        "synced_at": at,
        "replaced_at": at,
    }
    await FormerAccount.create(
        merchant_id=account.merchant_id, stripe_account_id=account.stripe_account_id, **state
    )
    await ConnectedAccount.all().update(stripe_account_id="acct_new", disconnected_at=at)
    await Payment.all().delete()

    assert await recover(shop, dry_run=True) == [(Finding.RESTORABLE, "order-1")]
    assert await recover(shop) == [(Finding.RESTORED, "order-1"), (Finding.RESTORED, "back-1")]
    assert await recover(shop) == []
    request = await RefundRequest.get()
    assert (request.id, request.amount, request.state) == (first.id, 300, "SUCCEEDED")
    again = await refund(shop, 300)
    assert (again.created, again.request.id) == (False, first.id)
    (shown,) = json.loads(again.payment.document)["refunds"]
    assert (shown["externalId"], shown["stripeRefundId"]) == ("back-1", request.stripe_refund_id)
    with pytest.raises(ExternalIdTaken):
        await refund(shop, 301)
    assert await RefundRequest.all().count() == 1

    # If a client repeats the refund before the recovery, the money goes back twice. The recovery reports it.
    await RefundRequest.all().delete()
    await refund(shop, 300)
    assert await recover(shop) == [(Finding.DUPLICATE, "back-1")]


async def test_a_refund_is_restored_even_if_the_backup_shows_its_payment_as_unpaid(shop: Shop) -> None:
    open_payment, url = await shop.checkout()
    shop.pay(url)
    await mirror.refresh(shop.gateway, open_payment, "webhook")
    first = (await refund(shop, 300)).request
    await open_payment.save()
    await RefundRequest.all().delete()

    assert await recover(shop, dry_run=True) == [(Finding.RESTORABLE, "back-1")]
    assert (await Payment.get()).stripe_payment_intent_id is None  # the dry run also wrote no fetch
    assert await recover(shop) == [(Finding.RESTORED, "back-1")]
    again = await refund(shop, 300)
    assert (again.created, again.request.id) == (False, first.id)
    assert len(json.loads(again.payment.document)["refunds"]) == 1
