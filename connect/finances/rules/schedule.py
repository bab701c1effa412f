"""The payout schedule in words, and an estimate of the next payout. Pure.

https://docs.stripe.com/connect/manage-payout-schedule
"""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from connect.finances.rules.snapshot import Balance, Settings
from connect.merchants.rules.messages import Message, say
from connect.payments.rules.money.money import Money

INTERVALS = frozenset({"manual", "daily", "weekly", "monthly"})
# Stripe makes daily and weekly payouts on these days only.
BUSINESS_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
# The estimate looks this many days ahead. An automatic schedule has at least one payout day in each month.
HORIZON = 62


def in_words(settings: Settings) -> Message:
    """The schedule as a sentence without dates."""
    if settings.status == "disabled":
        return say("schedule.disabled")
    match settings.interval:
        case "daily":
            return say("schedule.daily")
        case "weekly" if settings.weekly_days:
            return say("schedule.weekly", days=_joined([day.capitalize() for day in settings.weekly_days]))
        case "monthly" if settings.monthly_days:
            return say("schedule.monthly", days=_joined([_ordinal(day) for day in settings.monthly_days]))
        case "manual":
            return say("schedule.manual")
        case _:
            return say("schedule.unknown")


def next_payout(settings: Settings, balance: Balance) -> date | None:
    """An estimate of the day of the next automatic payout. It is made for the time at which the balance was
    fetched.

    None if the schedule plans no payout, or if there is no money above the minimum.
    """
    if settings.status == "disabled" or settings.interval not in INTERVALS - {"manual"}:
        return None
    first = balance.synced_at.date() + timedelta(days=1)
    if not payable(balance.available, settings):
        total = {name: amount + balance.available.get(name, 0) for name, amount in balance.pending.items()}
        if not payable(total, settings):
            return None
        # Pending money becomes available within the delay.
        first = _after(balance.synced_at, settings.delay_days or 0)
    days = (first + timedelta(days=number) for number in range(HORIZON))
    return next((day for day in days if _has_payout(settings, day)), None)


def payable(amounts: Mapping[str, int], settings: Settings | None) -> dict[str, int]:
    """The amounts of an automatic payout, which leaves the minimum amount of each currency in the balance."""
    minimums = settings.minimums if settings is not None else {}
    left = {currency: amount - minimums.get(currency, 0) for currency, amount in amounts.items()}
    return {currency: amount for currency, amount in left.items() if amount > 0}


def texts(amounts: Mapping[str, int]) -> str:
    """Amounts for a sentence: `12.34 EUR and 1.00 USD`. Amounts of different currencies are never added."""
    return _joined([str(Money(amount, currency)) for currency, amount in sorted(amounts.items())])


def _has_payout(settings: Settings, day: date) -> bool:
    if settings.interval == "daily":
        return day.weekday() < len(BUSINESS_DAYS)
    if settings.interval == "weekly":
        return day.strftime("%A").lower() in settings.weekly_days
    # In shorter months, the days 29 to 31 stand for the last day.
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day in {min(one, last) for one in settings.monthly_days}


def _after(at: datetime, business_days: int) -> date:
    day = at.date()
    while business_days > 0:
        day += timedelta(days=1)
        business_days -= day.weekday() < len(BUSINESS_DAYS)
    return max(day, at.date() + timedelta(days=1))


def _ordinal(day: int) -> str:
    """A day of a month, such as 1st."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th") if day // 10 != 1 else "th"
    return f"{day}{suffix}"


def _joined(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
