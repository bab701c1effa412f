"""The payout schedule is changed at Stripe and in the mirror, but only if the platform controls payouts."""

import json
from typing import Any

import pytest

from connect.errors import InvalidInput, MerchantNotReady, StripeRefused, StripeUnavailable
from connect.finances import schedules
from connect.finances.rules.inputs import Interval, NewSchedule
from models import ConnectedAccount, Merchant, TimelineEntry
from testing.payments import Shop

WEEKLY = NewSchedule(interval=Interval.WEEKLY, weekly_days=["monday", "friday"])


async def change(shop: Shop, new: NewSchedule) -> dict[str, Any]:
    row = await schedules.change(shop.gateway, await Merchant.get(), new, actor="tests")
    shown: dict[str, Any] = json.loads(row.document)["payoutSchedule"]
    return {name: shown[name] for name in ("interval", "weeklyDays", "monthlyDays", "summary")}


async def test_a_schedule_change_may_be_repeated_and_is_shown_at_once(shop: Shop) -> None:
    with pytest.raises(StripeRefused) as refused:
        await change(shop, WEEKLY)
    assert refused.value.code == "not_allowed_on_standard_account"
    shop.simulator.control("switches", {"platform_controls_payouts": True})
    expected = {
        "interval": "WEEKLY",
        "weeklyDays": ["MONDAY", "FRIDAY"],
        "monthlyDays": [],
        "summary": "Stripe pays out the available balance every week on Monday and Friday.",
    }
    lost = {"method": "POST", "path": "/v1/balance_settings", "kind": "reset_after"}
    shop.simulator.control("faults", lost)
    with pytest.raises(StripeUnavailable):
        await change(shop, WEEKLY)
    assert await change(shop, WEEKLY) == expected
    assert await change(shop, WEEKLY) == expected
    # Four entries: the refused call, the call without an answer, and both successful calls.
    entries = await TimelineEntry.filter(kind="PAYOUT_SCHEDULE_CHANGED")
    message = "The payout schedule weekly (Monday, Friday) was requested."
    assert [(one.message, one.actor) for one in entries] == [(message, "tests")] * 4
    monthly = await change(shop, NewSchedule(interval=Interval.MONTHLY, monthly_days=[1, 15]))
    assert (monthly["monthlyDays"], monthly["weeklyDays"]) == ([1, 15], [])
    manual = await change(shop, NewSchedule(interval=Interval.MANUAL))
    assert (manual["interval"], manual["monthlyDays"]) == ("MANUAL", [])


@pytest.mark.one_database
async def test_an_invalid_schedule_and_a_closed_account_cause_no_call(shop: Shop) -> None:
    shop.forget_calls()
    with pytest.raises(InvalidInput, match="needs at least one day"):
        await change(shop, NewSchedule(interval=Interval.WEEKLY))
    await ConnectedAccount.all().update(closed=True)
    with pytest.raises(MerchantNotReady):
        await change(shop, WEEKLY)
    assert shop.calls == {}
