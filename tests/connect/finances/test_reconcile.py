"""The daily comparison finds changes of payouts for which no event arrived."""

from datetime import timedelta

import pytest

from connect.finances import reconcile
from models import ConnectedAccount, Payout, now
from testing.deliveries import Deliveries
from testing.payments import Shop


@pytest.mark.slow
async def test_a_failure_long_after_the_creation_of_a_payout_is_found(shop: Shop) -> None:
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days_ago", "is_fetched", "fetches"),
    [(0, True, 0), (0, False, 1), (10, True, 1)],
    ids=["on time", "only created", "late"],
)
async def test_an_unchanged_payout_counts_as_changed_only_once_and_is_fetched_only_if_needed(
    shop: Shop, days_ago: int, is_fetched: bool, fetches: int
) -> None:
    shop.simulator.control("clock", {"advance_seconds": -86_400 * days_ago})
    await shop.intent(payment_method="pm_card_bypassPending")
    shop.simulator.control("clock", {"advance_seconds": 5})
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "pay_out"})
    shop.simulator.control("clock", {"advance_seconds": 5})
    account, since = await ConnectedAccount.get(), await now() - timedelta(days=1)
    assert await reconcile.compare(shop.gateway, account, since, await now()) == (1, 1)
    assert (await Payout.get()).status == "in_transit"
    if not is_fetched:
        await Payout.all().update(fetch_began_at=None)
    shop.forget_calls()
    assert await reconcile.compare(shop.gateway, account, since, await now()) == (1, 0)
    assert shop.calls.get("GET /v1/payouts/{id}", 0) == fetches
