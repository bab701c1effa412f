"""The root field `revenue`: the fees that Stripe has booked for the platform."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry import argument, field

from connect import scope
from connect.payments.fees import fees
from connect.payments.rules.money.money import money
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import Date
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.payments.types.money import Money

# The longest period in days, which touches at most 13 calendar months.
MAX_DAYS = 366
# The years that `from` and `to` may have. The end of the year 9999 would overflow.
YEARS = range(2000, 3000)


@strawberry.type(description="The platform's fees of one month in one currency, as Stripe booked them.")
class RevenueRow:
    month: Date = field(description="The first day of the month, in UTC.")
    booked: Money = field(
        description="The application fees that Stripe booked in the month, before `returned` is deducted. "
        "Stripe may book a fee in the platform's currency instead of the payment's."
    )
    returned: Money = field(
        description="The parts of fees that were returned to merchants in the month. The fees may have been "
        "booked in an earlier month."
    )
    net: Money = field(description="`booked` minus `returned`. It can be negative.")


@strawberry.field(
    description="The platform's revenue: the application fees that Stripe has booked, minus the parts that "
    "were returned to merchants. There is one row for each month and currency in which fees were booked or "
    "returned, ordered by month, then by currency. In the first and the last month, only the days inside the "
    "period count. For operators.",
    graphql_type=list[RevenueRow],
)
async def revenue(
    info: Info,
    from_: Annotated[Date, argument(name="from", description="The first day, in UTC.")],
    to: Annotated[Date, argument(description="The last day, in UTC. The period has at most 366 days.")],
) -> list[dict[str, Any]]:
    require(info.context, scope.Role.OPERATOR)
    info.context.raise_failure()
    first, last = _day("from", from_), _day("to", to)
    if first > last:
        raise BadUserInput("`from` must not be after `to`.")
    if (last - first).days >= MAX_DAYS:
        raise BadUserInput(f"The period must have at most {MAX_DAYS} days. Divide the period.")
    return [
        {
            "month": row.month.isoformat(),
            "booked": money(row.booked, row.currency),
            "returned": money(row.returned, row.currency),
            "net": money(row.booked - row.returned, row.currency),
        }
        for row in await fees.revenue(first, last)
    ]


def _day(name: str, text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day has no time zone
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise BadUserInput(f"`{name}` must be a day such as 2026-01-31.")
    return day
