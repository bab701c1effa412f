"""Checks of the inputs about payouts. Pure."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connect.errors import FieldCode, InvalidField
from connect.merchants.inputs.currencies import check_currency
from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.money import Money
from connect.stripe_api.v1_values import MAX_TOTAL

LAST_DAY = 31


class Interval(enum.Enum):
    """The intervals that Stripe accepts (https://docs.stripe.com/api/balance-settings/update)."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """`weekly_days` are names such as `monday`, and `monthly_days` numbers from 1 to 31."""

    interval: Interval
    weekly_days: Sequence[str] = ()
    monthly_days: Sequence[int] = ()


def check_amount(name: str, minor_units: int, currency: str) -> Iterator[InvalidField]:
    """Check the amount of a payout. `name` is the path of the `MoneyInput`."""
    if currency not in CURRENCIES:
        yield from check_currency(f"{name}.currency", currency)
        return
    name, step = f"{name}.minorUnits", CURRENCIES[currency].payout_step
    if minor_units < 1:
        user_message = "Enter an amount greater than zero."
        yield InvalidField(name, FieldCode.AMOUNT_INVALID, "Must be at least 1.", user_message)
    elif minor_units > MAX_TOTAL:
        yield InvalidField(name, FieldCode.AMOUNT_INVALID, "Is too large.", "Enter a smaller amount.")
    elif minor_units % step:
        steps = Money(step, currency)
        message = f"Must be a multiple of {step}: Stripe pays out {currency} in steps of {steps}."
        yield InvalidField(name, FieldCode.AMOUNT_INVALID, message, f"Enter an amount in steps of {steps}.")


def check_schedule(new: NewSchedule) -> Iterator[InvalidField]:
    """Check that the days fit the interval."""
    for interval, name, days in (
        (Interval.WEEKLY, "weeklyDays", list(new.weekly_days)),
        (Interval.MONTHLY, "monthlyDays", list(new.monthly_days)),
    ):
        if new.interval is not interval:
            if days:
                message = f"Only the interval {interval.value} has these days."
                yield InvalidField(name, FieldCode.CONTRADICTION, message, "Leave the days out.")
        elif not days:
            message = f"The interval {interval.value} needs at least one day."
            yield InvalidField(name, FieldCode.REQUIRED, message, "Choose a day.")
        elif len(set(days)) < len(days):
            yield InvalidField(name, FieldCode.DUPLICATE, "Give each day once.", "Choose each day once.")
    if any(not 1 <= day <= LAST_DAY for day in new.monthly_days):
        message = f"Days of a month are from 1 to {LAST_DAY}."
        yield InvalidField("monthlyDays", FieldCode.OUT_OF_RANGE, message, message)
