"""Events about balances and payouts that the platform's key may not read."""

import pytest

from models import Payout, StripeEvent
from testing.deliveries import Deliveries
from testing.payments import Shop

NO_PERMISSION = "Having the 'rak_{}_read' permission would allow this request to continue."


@pytest.mark.one_database
async def test_an_event_whose_object_the_key_may_not_read_is_ignored_after_one_attempt(shop: Shop) -> None:
    deliveries = Deliveries(shop)
    await deliveries.record(await deliveries.waiting())
    await StripeEvent.all().delete()
    await shop.intent(payment_method="pm_card_bypassPending")
    shop.simulator.control("clock", {"advance_seconds": 5})
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "pay_out"})
    shop.simulator.control(f"balances/{shop.account}", {"scenario": "reschedule", "interval": "manual"})
    for path, name in (("/v1/balance", "balance"), ("/v1/payouts/{id}", "payout")):
        refusal = {"type": "invalid_request_error", "code": "more_permissions_required"}
        body = {"error": {**refusal, "message": NO_PERMISSION.format(name)}}
        fault = {"method": "GET", "path": path, "status": 403, "body": body, "times": 99}
        shop.simulator.control("faults", fault)
    await deliveries.all("v1.balance", "v1.payout")
    rows = await StripeEvent.all()
    assert {(row.state, row.attempts) for row in rows} == {("IGNORED", 1)}
    assert {row.type for row in rows} >= {"v1.balance_settings.updated", "v1.payout.created"}
    assert {str(row.last_error).split(".")[0] for row in rows} == {
        "The platform's restricted key lacks the permission rak_balance_read",
        "The platform's restricted key lacks the permission rak_payout_read",
    }
    assert not await Payout.exists()
