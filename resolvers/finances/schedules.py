"""The mutation updatePayoutSchedule."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.finances import schedules
from connect.finances.rules.inputs import Interval, NewSchedule
from connect.merchants import accounts
from connect.merchants.rules.document import Document
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import describe
from resolvers.common.viewer import Permission, require_permission
from resolvers.execution.context import Info
from resolvers.finances.balance import PayoutWeekday
from resolvers.merchants.mutations.errors import STRIPE_ERRORS, MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant

NewPayoutInterval = Interval

describe(
    NewPayoutInterval,
    "NewPayoutInterval",
    "How often Stripe pays out.",
    DAILY="On every business day.",
    WEEKLY="On the days of `weeklyDays`.",
    MONTHLY="On the days of `monthlyDays`.",
    MANUAL="Only on request. Stripe limits how long money may stay in the balance.",
)


@strawberry.input(description="The whole schedule, which replaces the earlier one.")
class UpdatePayoutScheduleInput:
    merchant: MerchantRef = field(description="The merchant.")
    interval: NewPayoutInterval = field(description="How often Stripe pays out.")
    weekly_days: list[PayoutWeekday] | None = field(
        default=None,
        description="The days of a weekly schedule, at least one. Omit it unless the interval is WEEKLY.",
    )
    monthly_days: list[int] | None = field(
        default=None,
        description="The days of a monthly schedule, at least one, each from 1 to 31. Omit it unless the "
        "interval is MONTHLY. In a month that has no such day, 29 to 31 mean its last day.",
    )


@strawberry.type(description="Stripe has stored the schedule.")
class UpdatePayoutSchedulePayload:
    merchant: Document = field(
        description="The merchant with its new `payoutSchedule`.", graphql_type=Merchant
    )


@mutation(
    "Set the schedule of a merchant's automatic payouts. A repeated call with the same input changes "
    "nothing. For an account with the full Dashboard, the platform must have configured platform controls at "
    "Stripe. Otherwise, the result is a StripeRefusedError with the code `not_allowed_on_standard_account`. "
    "For operators and services, and for merchants if the platform allows it.",
    *(UpdatePayoutSchedulePayload, MerchantNotFoundError, InvalidInputError, MerchantNotReadyError),
    *STRIPE_ERRORS,
)
async def update_payout_schedule(
    info: Info,
    input: Annotated[  # noqa: A002
        UpdatePayoutScheduleInput, argument(description="The merchant and the schedule.")
    ],
) -> UpdatePayoutSchedulePayload:
    context = info.context
    require_permission(context, Permission.PAY_OUT)
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    new = NewSchedule(
        interval=input.interval,
        weekly_days=tuple(day.value.lower() for day in input.weekly_days or ()),
        monthly_days=tuple(input.monthly_days or ()),
    )
    async with accounts.about(merchant):
        actor = context.principal.subject
        row = await schedules.change(context.caller_gateway, merchant, new, actor=actor)
    return UpdatePayoutSchedulePayload(merchant=merchant_lookup.of(context.principal, row))
