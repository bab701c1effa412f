"""The status of a merchant and its next action, as `connect.merchants` derives them."""

import enum

import strawberry
from strawberry import enum_value, field

from resolvers.scalars import URL, DateTime


@strawberry.enum(description="The status of a merchant, which ConnectQL derives from Stripe's account.")
class MerchantStatus(enum.Enum):
    CREATING = enum_value("CREATING", description="Stripe has not confirmed the account yet.")
    ONBOARDING = enum_value(
        "ONBOARDING", description="The merchant has not submitted Stripe's onboarding form yet."
    )
    ACTION_REQUIRED = enum_value(
        "ACTION_REQUIRED",
        description="Card payments have never worked, and the merchant must provide information.",
    )
    PENDING_REVIEW = enum_value(
        "PENDING_REVIEW", description="The merchant has provided everything, and Stripe is reviewing it."
    )
    ACTIVE = enum_value("ACTIVE", description="Card payments and payouts work. Nothing is due.")
    ACTIVE_DUE_SOON = enum_value(
        "ACTIVE_DUE_SOON",
        description="Card payments and payouts work, but Stripe needs more information to keep them working.",
    )
    PAYOUTS_BLOCKED = enum_value("PAYOUTS_BLOCKED", description="Card payments work. Payouts do not.")
    RESTRICTED = enum_value(
        "RESTRICTED", description="Card payments worked before and are paused until the merchant acts."
    )
    RESTRICTED_BY_STRIPE = enum_value(
        "RESTRICTED_BY_STRIPE",
        description="Card payments do not work, and only Stripe support can explain the reason.",
    )
    REJECTED = enum_value("REJECTED", description="Stripe or the platform has rejected the account.")
    UNSUPPORTED = enum_value(
        "UNSUPPORTED", description="Stripe does not support card payments for this business."
    )
    NOT_REQUESTED = enum_value(
        "NOT_REQUESTED", description="The platform has not requested card payments for the account."
    )
    DISCONNECTED = enum_value(
        "DISCONNECTED", description="The account is no longer connected to the platform."
    )
    CLOSED = enum_value("CLOSED", description="The account is closed permanently.")
    UNKNOWN = enum_value(
        "UNKNOWN", description="Stripe has not reported the account's capabilities yet. Refresh the merchant."
    )


@strawberry.enum(description="The party that must act.")
class Party(enum.Enum):
    MERCHANT = enum_value("MERCHANT", description="The merchant.")
    STRIPE = enum_value("STRIPE", description="Stripe.")


@strawberry.enum(description="The kind of a next action.")
class NextActionKind(enum.Enum):
    START_ONBOARDING = enum_value(
        "START_ONBOARDING", description="Call createOnboardingLink and open the link."
    )
    RESUME_ONBOARDING = enum_value(
        "RESUME_ONBOARDING", description="Call createOnboardingLink again to continue onboarding."
    )
    OPEN_DASHBOARD = enum_value("OPEN_DASHBOARD", description="The merchant logs in to the Stripe Dashboard.")
    WAIT_FOR_STRIPE = enum_value("WAIT_FOR_STRIPE", description="Wait until Stripe has acted.")
    CONTACT_STRIPE = enum_value("CONTACT_STRIPE", description="The merchant contacts Stripe support.")
    CONTACT_PLATFORM = enum_value("CONTACT_PLATFORM", description="The merchant contacts the platform.")
    NONE = enum_value("NONE", description="There is nothing to do.")


@strawberry.type(description="The next step for a merchant, the party that takes it, and its deadline.")
class NextAction:
    kind: NextActionKind = field(description="The kind of step.")
    by: Party | None = field(description="The party that must act. Null when nobody must act.")
    label: str = field(description="The step in a few words, short enough for a button.")
    deadline: DateTime | None = field(
        description="The deadline, if the merchant must act and Stripe has set one."
    )
    url: URL | None = field(
        description="The address to open, if it is a fixed one. Onboarding links are not: call "
        "createOnboardingLink."
    )
