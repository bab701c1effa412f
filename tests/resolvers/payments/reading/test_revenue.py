"""The revenue is the sum of the fees that Stripe booked, minus the parts that were returned."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models import ApplicationFee, ApplicationFeeRefund
from testing.service import Service

REVENUE = """
query ($from: Date!, $to: Date!) {
  revenue(from: $from, to: $to) {
    month booked { minorUnits currency decimal } returned { minorUnits } net { minorUnits }
  }
}
"""


async def store_fee(number: int, at: datetime, amount: int, currency: str = "USD") -> ApplicationFee:
    fee: ApplicationFee = await ApplicationFee.create(
        stripe_fee_id=f"fee_{number}",
        stripe_account_id="acct_1",
        amount=amount,
        amount_refunded=0,
        currency=currency,
        created_at=at,
        synced_at=at,
    )
    return fee


async def test_fees_and_returns_are_summed_by_month_and_currency(idle: Service) -> None:
    january, february = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    first = await store_fee(1, january, 100)
    await store_fee(2, january, 3_000_000_000, "JPY")
    await store_fee(3, february, 250)
    await store_fee(4, datetime(2026, 3, 1, tzinfo=UTC), 7)
    for number, amount in enumerate((40, 2)):
        await ApplicationFeeRefund.create(
            stripe_fee_refund_id=f"fr_{number}", fee=first, amount=amount, currency="USD", created_at=february
        )
    data = await idle.graphql(REVENUE, {"from": "2026-01-01", "to": "2026-02-28"})

    def row(month: str, currency: str, booked: int, decimal: str, returned: int) -> dict[str, Any]:
        return {
            "month": month,
            "booked": {"minorUnits": booked, "currency": currency, "decimal": decimal},
            "returned": {"minorUnits": returned},
            "net": {"minorUnits": booked - returned},
        }

    assert data["revenue"] == [
        row("2026-01-01", "JPY", 3_000_000_000, "3000000000", 0),
        row("2026-01-01", "USD", 100, "1.00", 0),
        row("2026-02-01", "USD", 250, "2.50", 42),
    ]
    one_day = await idle.graphql(REVENUE, {"from": "2026-02-02", "to": "2026-02-02"})
    assert one_day["revenue"] == []


INVALID = [
    ("2026-02-01", "2026-01-31", "`from` must not be after `to`."),
    ("2026-01-01", "2027-01-02", "The period must have at most 366 days. Divide the period."),
    ("yesterday", "2026-01-02", "`from` must be a day such as 2026-01-31."),
    ("2026-01-01", "2026-02-30", "`to` must be a day such as 2026-01-31."),
    ("9999-12-31", "9999-12-31", "`from` must be a day such as 2026-01-31."),
]


@pytest.mark.one_database
async def test_an_invalid_period_or_one_of_more_than_366_days_is_refused(idle: Service) -> None:
    for first, last, message in INVALID:
        assert await idle.error(REVENUE, {"from": first, "to": last}) == ("BAD_USER_INPUT", message)
    assert await idle.graphql(REVENUE, {"from": "2026-01-01", "to": "2027-01-01"}) == {"revenue": []}
