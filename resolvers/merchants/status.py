"""The status of a merchant and its next action, as `connect.merchants` derives them."""

import enum

import strawberry
from strawberry import field

from connect.merchants.rules.guidance import NextActionKind
from connect.merchants.rules.status import Status
from resolvers.scalars import URL, DateTime, describe, value

MerchantStatus = Status

describe(
    MerchantStatus,
    "MerchantStatus",
    "The status of a merchant. ConnectQL derives it from the Stripe account.",
    CREATING="Stripe has not confirmed the account yet.",
    ONBOARDING="The merchant has not submitted Stripe's onboarding form yet.",
    ACTION_REQUIRED="Card payments have never worked, and the merchant must provide information.",
    PENDING_REVIEW="The merchant has provided everything, and Stripe is reviewing it.",
    ACTIVE="Card payments and payouts work. Nothing is due.",
    ACTIVE_DUE_SOON="Card payments and payouts work, but Stripe needs more information to keep them working.",
    PAYOUTS_BLOCKED="Card payments work. Payouts do not.",
    RESTRICTED="Card payments worked before and are paused until the merchant acts.",
    RESTRICTED_BY_STRIPE="Card payments do not work, and only Stripe support can explain the reason.",
    REJECTED="Stripe or the platform has rejected the account.",
    UNSUPPORTED="Stripe does not support card payments for this business.",
    NOT_REQUESTED="The platform has not requested card payments for the account.",
    DISCONNECTED="The account is no longer connected to the platform.",
    CLOSED="The account is closed permanently.",
    UNKNOWN="Stripe has not reported the account's capabilities yet. Refresh the merchant.",
)


@strawberry.enum(description="The party that must act.")
class Party(enum.Enum):
    MERCHANT = value("MERCHANT", "The merchant.")
    STRIPE = value("STRIPE", "Stripe.")


describe(
    NextActionKind,
    "NextActionKind",
    "The kind of next step.",
    START_ONBOARDING="Call createOnboardingLink and open the link.",
    RESUME_ONBOARDING="Call createOnboardingLink again to continue onboarding.",
    OPEN_DASHBOARD="The merchant logs in to the Stripe Dashboard.",
    WAIT_FOR_STRIPE="Wait until Stripe has acted.",
    CONTACT_STRIPE="The merchant contacts Stripe support.",
    CONTACT_PLATFORM="The merchant contacts the platform.",
    NONE="There is nothing to do.",
)


@strawberry.type(description="The next step for a merchant, its deadline, and the party that must act.")
class NextAction:
    kind: NextActionKind = field(description="The kind of step.")
    by: Party | None = field(description="The party that must act. Null if neither party must act.")
    label: str = field(description="The step in a few words, short enough for a button.")
    deadline: DateTime | None = field(
        description="The deadline, if the merchant must act and Stripe has set one."
    )
    url: URL | None = field(
        description="The address to open. Null for onboarding: call createOnboardingLink for a link."
    )
