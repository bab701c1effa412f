"""Requests for payouts are restored after a loss, so that a repeated createPayout makes no second payout."""

from datetime import timedelta

import pytest

from connect.errors import ExternalIdTaken
from connect.finances import manual_payouts, mirror, recovery
from connect.finances.manual_payouts import PaidOut
from connect.finances.rules.requests import NewPayout
from connect.merchants.adoption.recovered import Finding
from connect.payments.rules.money.money import Money
from models import ConnectedAccount, Merchant, Payout, PayoutRequest, now
from testing.payments import Shop


async def recover(shop: Shop, *, dry_run: bool = False) -> list[tuple[Finding, str]]:
    since = await now() - timedelta(hours=1)
    found = recovery.run(shop.gateway, since, actor="recover", dry_run=dry_run)
    return [(one.finding, one.external_id) async for one in found]


async def pay_out(shop: Shop, amount: int = 300) -> PaidOut:
    new = NewPayout(external_id="1", amount=Money(amount, "USD"), statement_descriptor="HATS")
    return await manual_payouts.create(shop.gateway, await Merchant.get(), new, actor="tests")


@pytest.mark.slow
async def test_a_lost_request_is_restored_and_a_repeated_call_finds_its_payout(shop: Shop) -> None:
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    await shop.intent(payment_method="pm_card_bypassPending")
    shop.simulator.control("clock", {"advance_seconds": 5})
    await mirror.refresh(shop.gateway, await ConnectedAccount.get(), "webhook")
    first = await pay_out(shop)
    before = await PayoutRequest.get()
    await PayoutRequest.all().delete()
    await Payout.all().delete()

    body = {"error": {"type": "invalid_request_error", "message": "Not for this account."}}
    shop.simulator.control("faults", {"method": "GET", "path": "/v1/payouts", "status": 400, "body": body})
    assert await recover(shop) == [(Finding.UNREADABLE, "shop")]
    assert await recover(shop, dry_run=True) == [(Finding.RESTORABLE, "1")]
    assert await recover(shop) == [(Finding.RESTORED, "1")]
    assert await recover(shop) == []
    after = await PayoutRequest.get()
    assert (after.id, after.input, after.state) == (before.id, before.input, "SUCCEEDED")
    again = await pay_out(shop)
    assert (again.created, again.payout.stripe_payout_id) == (False, first.payout.stripe_payout_id)
    with pytest.raises(ExternalIdTaken):
        await pay_out(shop, 301)
    assert await Payout.filter(amount=300).count() == 1
