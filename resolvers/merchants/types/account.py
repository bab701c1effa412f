"""A merchant's connected account and its access to the Stripe Dashboard."""

import enum

import strawberry
from strawberry import field

from resolvers.common.scalars import URL, CountryCode, DateTime, value
from resolvers.merchants.types.dashboard_address import dashboard_address
from resolvers.merchants.types.status import Message
from resolvers.relay.node import Node

_UNKNOWN = "Stripe reports no value, or a value that this version of ConnectQL does not know."


@strawberry.enum(description="The party that collects fees or requirements, or covers losses.")
class Collector(enum.Enum):
    STRIPE = value("STRIPE", "Stripe.")
    APPLICATION = value("APPLICATION", "The platform.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.type(description="The merchant's account at Stripe.")
class ConnectedAccount(Node):
    stripe_account_id: str = field(description="Stripe's id: `acct_...`.")
    livemode: bool = field(
        description="Whether the account is in live mode. False for an account in a sandbox."
    )
    fees_collector: Collector = field(description="The party that collects Stripe's fees.")
    losses_collector: Collector = field(description="The party that covers negative balances.")
    requirements_collector: Collector = field(
        description="The party that collects the required information from the merchant."
    )
    applied_configurations: list[str] = field(
        description="The configurations that the account has at Stripe, such as `merchant` and `customer`."
    )
    closed: bool = field(description="Whether the account is closed.")
    platform_dashboard_url: URL | None = dashboard_address(
        "The page of the account in the platform's own Dashboard, for staff who may log in there. If the "
        "account is in a sandbox, open that sandbox in the Dashboard first. Null if the caller is a "
        "merchant.",
        "platformDashboardUrl",
    )
    created_at: DateTime = field(description="When Stripe created the account.")


@strawberry.type(
    description="An account that replaceAccount has replaced, or a new account that replaceAccount opened "
    "but did not use."
)
class FormerAccount:
    stripe_account_id: str = field(
        description="Stripe's id: `acct_...`. The merchant can still be found by this id."
    )
    country: CountryCode | None = field(description="The country of the account.")
    closed: bool = field(
        description="Whether the account is closed. An account that was open when it was replaced stays open "
        "at Stripe."
    )
    disconnected: bool = field(description="Whether the account is no longer connected to the platform.")
    can_accept_payments: bool = field(
        description="Whether card payments of this account work, as far as ConnectQL knows from the last "
        "event. The platform should not use this account any more."
    )
    created_at: DateTime | None = field(description="When Stripe created the account.")
    ever_active_at: DateTime | None = field(description="When its card payments first became active.")
    replaced_at: DateTime = field(
        description="When another account replaced this one, or when ConnectQL found that this account was "
        "not used."
    )


@strawberry.enum(description="The Stripe Dashboard that an account has.")
class DashboardType(enum.Enum):
    FULL = value("FULL", "The full Stripe Dashboard, which ConnectQL requests for every merchant.")
    EXPRESS = value("EXPRESS", "The Express Dashboard.")
    NONE = value("NONE", "No Dashboard.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.enum(description="A task in the full Dashboard.")
class DashboardTaskKind(enum.Enum):
    COMPLETE_REQUIREMENTS = value("COMPLETE_REQUIREMENTS", "Provide the information that Stripe requires.")
    MANAGE_FINANCES = value("MANAGE_FINANCES", "View and manage finances and reports.")
    RESPOND_TO_DISPUTES_AND_REFUNDS = value(
        "RESPOND_TO_DISPUTES_AND_REFUNDS", "Respond to disputes and issue refunds."
    )
    SCHEDULE_PAYOUTS = value("SCHEDULE_PAYOUTS", "Set the payout schedule.")


@strawberry.type(description="One of the four tasks of a merchant in the full Dashboard.")
class DashboardTask:
    kind: DashboardTaskKind = field(description="The kind of task.")
    title: str = field(description="The title of the task.")
    available: bool = field(description="Whether the merchant can do the task now.")
    attention: int = field(
        description="The number of things that need attention. For disputes and refunds, these are the "
        "disputes that need a response, the refunds that failed in the last 30 days, and the payments that "
        "a bank may soon dispute. For finances, these are failed and late payouts, and currencies with a "
        "negative or reserved amount. For the other tasks, these are requirement groups."
    )
    explanation: str = field(
        description="The reason why the task is available or not, and the items that need attention."
    )
    message: Message = field(
        description="The text of `explanation` as a key with parameters, for translations."
    )
    deadline: DateTime | None = field(
        description="The date by which the merchant must provide information (`COMPLETE_REQUIREMENTS`), or "
        "answer the next dispute (`RESPOND_TO_DISPUTES_AND_REFUNDS`). Null if there is no such date, and "
        "for the other tasks."
    )
    url: URL | None = dashboard_address(
        "The address of the page for this task in the merchant's Dashboard. The merchant must log in first. "
        "Null if the merchant cannot log in to the full Dashboard."
    )


@strawberry.type(description="The merchant's access to the Stripe Dashboard.")
class DashboardAccess:
    type: DashboardType = field(description="The Dashboard that the account has.")
    available: bool = field(
        description="Whether the merchant can log in. False until the merchant gets its Stripe credentials "
        "during onboarding."
    )
    unavailable_reason: str | None = field(
        description="The reason why the merchant cannot log in. Null if it can."
    )
    unavailable_message: Message | None = field(
        description="The text of `unavailableReason` as a key with parameters, for translations."
    )
    url: URL | None = dashboard_address(
        "The address of the home page of the merchant's Dashboard. Null if the merchant cannot log in to the "
        "full Dashboard. The merchant must log in first. A link from `createDashboardLink` may open the "
        "Dashboard without a login."
    )
    tasks: list[DashboardTask] = field(description="The four tasks, always in the same order.")
