"""The checks of amounts and schedules name the invalid field."""

import pytest

from connect.finances.rules.inputs import Interval, NewSchedule, check_amount, check_schedule


@pytest.mark.parametrize(
    ("units", "currency", "expected"),
    [
        (1, "USD", []),
        (2**53 - 1, "USD", []),
        (100, "HUF", []),
        (0, "USD", [("amount.minorUnits", "AMOUNT_INVALID")]),
        (2**53, "USD", [("amount.minorUnits", "AMOUNT_INVALID")]),
        (150, "HUF", [("amount.minorUnits", "AMOUNT_INVALID")]),
        (1, "usd", [("amount.currency", "CURRENCY_UNKNOWN")]),
    ],
)
def test_an_amount_must_be_one_that_stripe_pays_out(
    units: int, currency: str, expected: list[tuple[str, str]]
) -> None:
    found = check_amount("amount", units, currency)
    assert [(one.name, one.code.value) for one in found] == expected


def test_days_must_fit_the_interval() -> None:
    def check(interval: Interval, weekly: list[str], monthly: list[int]) -> list[tuple[str, str]]:
        new = NewSchedule(interval=interval, weekly_days=weekly, monthly_days=monthly)
        return [(one.name, one.code.value) for one in check_schedule(new)]

    assert check(Interval.DAILY, [], []) == []
    assert check(Interval.WEEKLY, ["monday", "friday"], []) == []
    assert check(Interval.MONTHLY, [], [1, 31]) == []
    assert check(Interval.MANUAL, ["monday"], [1]) == [
        ("weeklyDays", "CONTRADICTION"),
        ("monthlyDays", "CONTRADICTION"),
    ]
    assert check(Interval.WEEKLY, [], []) == [("weeklyDays", "REQUIRED")]
    assert check(Interval.WEEKLY, ["monday", "monday"], []) == [("weeklyDays", "DUPLICATE")]
    assert check(Interval.MONTHLY, [], [0, 32]) == [("monthlyDays", "OUT_OF_RANGE")]
