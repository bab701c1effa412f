"""A merchant's balance and payout schedule, and the reasons why the merchant is not paid.

Their source is the merchant's document (`connect.finances.rules.document`).
"""

import enum

import strawberry
from strawberry import field

from connect.finances.rules.obstacles import Kind, Party
from resolvers.common.freshness import Freshness
from resolvers.common.scalars import URL, CurrencyCode, Date, DateTime, describe, value
from resolvers.merchants.types.dashboard_address import dashboard_address
from resolvers.payments.types.money import Money


@strawberry.type(description="The money of one currency in a balance. Amounts can be negative.")
class CurrencyBalance:
    currency: CurrencyCode = field(description="The currency. Different currencies are never added.")
    available: Money = field(description="The money that Stripe can pay out now.")
    pending: Money = field(description="The money that Stripe has not settled yet.")
    instant_available: Money = field(description="The maximum amount of an instant payout.")
    reserved: Money = field(
        description="The money that Stripe holds back as a reserve. It is not part of the other amounts. "
        "Stripe sends no events about reserves, so this amount can be up to a day old."
    )


@strawberry.type(description="The balance of a merchant's current account at Stripe.")
class Balance:
    amounts: list[CurrencyBalance] = field(
        description="One entry for each currency, ordered by the currency's code."
    )
    is_negative: bool = field(
        description="Whether the available balance, or its sum with the pending balance, is negative in any "
        "currency. New payments fill a negative balance before Stripe pays out again."
    )
    freshness: Freshness = field(
        description="The age of the balance. ConnectQL fetches the balance within a minute after money "
        "moves, once a day, and with refreshMerchant. `source` can also be `moved`, which means that "
        "ConnectQL fetched the balance because money had moved."
    )


@strawberry.enum(description="How often Stripe pays out.")
class PayoutInterval(enum.Enum):
    DAILY = value("DAILY", "On every business day.")
    WEEKLY = value("WEEKLY", "On the days of `weeklyDays`.")
    MONTHLY = value("MONTHLY", "On the days of `monthlyDays`.")
    MANUAL = value("MANUAL", "Only on request.")
    UNKNOWN = value("UNKNOWN", "A value that this version of ConnectQL does not know.")


@strawberry.enum(description="A day of the week on which Stripe pays out.")
class PayoutWeekday(enum.Enum):
    MONDAY = value("MONDAY", "Monday.")
    TUESDAY = value("TUESDAY", "Tuesday.")
    WEDNESDAY = value("WEDNESDAY", "Wednesday.")
    THURSDAY = value("THURSDAY", "Thursday.")
    FRIDAY = value("FRIDAY", "Friday.")


@strawberry.enum(description="The party that sets the schedule.")
class PayoutController(enum.Enum):
    MERCHANT = value("MERCHANT", "The merchant, in its full Stripe Dashboard.")
    PLATFORM = value("PLATFORM", "The platform, because the account has no full Dashboard.")


@strawberry.type(description="The payout schedule of a merchant's current account.")
class PayoutSchedule:
    interval: PayoutInterval = field(description="How often Stripe pays out.")
    weekly_days: list[PayoutWeekday] = field(description="The days of a weekly schedule.")
    monthly_days: list[int] = field(
        description="The days of a monthly schedule. In a month that has no such day, 29 to 31 mean its last "
        "day."
    )
    minimum_balances: list[Money] = field(
        description="The amounts that automatic payouts leave in the balance, one for each currency."
    )
    delay_days: int | None = field(description="The number of days until Stripe settles a payment.")
    statement_descriptor: str | None = field(
        description="The text for payouts on the merchant's bank statement."
    )
    is_enabled: bool = field(description="Whether payouts are enabled at Stripe.")
    controlled_by: PayoutController = field(description="The party that sets the schedule.")
    summary: str = field(description="The schedule in a sentence.")
    next_payout_estimate: Date | None = field(
        description="An estimate of the day of the next automatic payout, made from the balance as ConnectQL "
        "last fetched it. Null if no payout is expected; `payoutObstacles` then has the reasons."
    )


PayoutObstacleKind = Kind

describe(
    PayoutObstacleKind,
    "PayoutObstacleKind",
    "A reason why money does not reach the merchant's bank account. New versions can add values.",
    ACCOUNT_NOT_READY="Stripe has not confirmed the account or its capabilities yet.",
    ACCOUNT_CLOSED="The account is closed.",
    ACCOUNT_DISCONNECTED="The account is no longer connected to the platform.",
    ACCOUNT_REJECTED="Stripe or the platform has rejected the account.",
    NOT_SUPPORTED="Stripe does not offer card payments or payouts to this business.",
    NOT_REQUESTED="The platform has not requested card payments.",
    INFORMATION_NEEDED="Card payments or payouts are off until the merchant provides information.",
    UNDER_REVIEW="Card payments or payouts are off while Stripe reviews information.",
    RESTRICTED="Stripe has restricted card payments or payouts. The reason may be a legal one, which is not "
    "shown.",
    PAYOUT_FAILED="The bank returned a payout or refused a debit, and no payout in the same currency has "
    "arrived since then.",
    PAYOUT_LATE="A payout has not arrived three days after its `arrivalDate`.",
    PAYOUTS_DISABLED="Stripe has disabled payouts, and the reason is not a payout that the bank returned.",
    BALANCE_NEGATIVE="The balance is negative, so new payments fill it first.",
    MONEY_RESERVED="Stripe holds money back as a reserve.",
    SCHEDULE_MANUAL="Money is available, but the schedule is manual, so Stripe pays it out only on request.",
    BELOW_MINIMUM="The available money is not more than the minimum balance that the schedule leaves in the "
    "balance.",
    MONEY_PENDING="Stripe has not settled the payments yet.",
    NO_MONEY="There is no money to pay out.",
)

PayoutParty = Party

describe(
    PayoutParty,
    "PayoutParty",
    "A party that can stop a payout, or let it go on.",
    MERCHANT="The merchant.",
    STRIPE="Stripe.",
    PLATFORM="The platform.",
    BANK="The bank of the merchant.",
)


@strawberry.type(description="A reason why money does not reach the merchant's bank account.")
class PayoutObstacle:
    kind: PayoutObstacleKind = field(description="The reason.")
    stopped_by: PayoutParty | None = field(
        description="The party that stopped the money. Null if no party did."
    )
    ended_by: PayoutParty | None = field(
        description="The party that can end the obstacle. Null if no party can."
    )
    since: DateTime | None = field(
        description="When the obstacle began, as far as ConnectQL knows. For an obstacle in the state of the "
        "account, this is the merchant's `statusSince`. Null if the time is unknown."
    )
    explanation: str = field(description="The reason in a sentence without dates.")
    remedy: str = field(description="What to do, in a sentence.")
    url: URL | None = dashboard_address(
        "The page of the merchant's Dashboard where the merchant can act. Null if there is none, or if the "
        "merchant cannot log in to the full Dashboard."
    )
    payout_id: strawberry.ID | None = field(
        description="The `id` of the payout that failed or is late. Null for all other obstacles."
    )
