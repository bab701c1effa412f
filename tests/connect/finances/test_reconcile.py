"""The daily comparison finds changes of payouts without events."""

from datetime import timedelta

import pytest

from connect.finances import reconcile
from models import ConnectedAccount, Payout, now
from testing.deliveries import Deliveries
from testing.payments import Shop


@pytest.mark.slow
async def test_a_payout_that_fails_long_after_its_creation_is_repaired(shop: Shop) -> None:
    await shop.intent(payment_method="pm_card_bypassPending")
    shop.simulator.control("clock", {"advance_seconds": 5})
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "pay_out"})
    await Deliveries(shop).all()
    row = await Payout.get()
    shop.simulator.control(f"payouts/{row.stripe_payout_id}", {"scenario": "arrive"})
    await Deliveries(shop).all()
    assert (await Payout.get()).status == "paid"
    shop.simulator.control(f"payouts/{row.stripe_payout_id}", {"scenario": "fail", "code": "no_account"})
    account = await ConnectedAccount.get()
    since = row.created_at + timedelta(days=20)
    assert await reconcile.compare(shop.gateway, account, since, await now()) == (1, 1)
    assert (await Payout.get()).status == "failed"
