"""The status of a merchant and its next action, as `connect.merchants` derives them."""

import enum

import strawberry
from strawberry import field

from connect.merchants.rules.status.next_action import NextActionKind
from connect.merchants.rules.status.onboarding_stage import OnboardingStage as OnboardingStage
from connect.merchants.rules.status.status import Status
from connect.merchants.wording.statuses import Tone
from resolvers.common.scalars import URL, DateTime, describe, value
from resolvers.merchants.types.dashboard_address import dashboard_address

MerchantStatus = Status

describe(
    MerchantStatus,
    "MerchantStatus",
    "The status of a merchant. ConnectQL derives it from the Stripe account.",
    CREATING="Stripe has not confirmed the account yet.",
    ONBOARDING="The merchant has not submitted Stripe's onboarding form yet.",
    ACTION_REQUIRED="Card payments have never worked, and the merchant must provide information.",
    PENDING_REVIEW="The merchant has provided everything, and Stripe is reviewing it.",
    ACTIVE="Card payments and payouts work. The merchant need not provide anything.",
    ACTIVE_DUE_SOON="Card payments and payouts work, but the merchant must provide information, now or "
    "before a deadline.",
    PAYOUTS_BLOCKED="Card payments work. Payouts do not.",
    RESTRICTED="Card payments worked before and are paused until the merchant acts.",
    RESTRICTED_BY_STRIPE="Card payments do not work, and no information from the merchant can change that. "
    "Stripe support can explain the reason.",
    REJECTED="Stripe or the platform has rejected the account.",
    UNSUPPORTED="Stripe does not support card payments for this business.",
    NOT_REQUESTED="The platform has not requested card payments for the account.",
    DISCONNECTED="The account is no longer connected to the platform.",
    CLOSED="The account is closed permanently.",
    UNKNOWN="Stripe has not reported the account's capabilities yet. Call refreshMerchant.",
    ERASED="The platform has erased the merchant's data with eraseMerchant. Lists omit the merchant unless "
    "their filter contains this status.",
)


StatusTone = Tone

describe(
    StatusTone,
    "StatusTone",
    "The tone of a status, for colors.",
    POSITIVE="All is well.",
    NEUTRAL="Neither good nor bad.",
    WAITING="Stripe must act first.",
    WARNING="Something needs attention.",
    CRITICAL="Payments or payouts do not work.",
)


describe(
    OnboardingStage,
    "OnboardingStage",
    "The stage of a merchant's onboarding, in the usual order.",
    CREATED="No link to Stripe's form has been issued. A merchant that fills out the form in embedded "
    "components stays here until it submits the form.",
    LINK_ISSUED="A link to the form has been issued. No browser has returned from the form yet.",
    FORM_LEFT="A browser has returned from the form, which is not submitted yet.",
    INFORMATION_NEEDED="The form was submitted, and Stripe needs further information from the merchant.",
    IN_REVIEW="Stripe is reviewing the information.",
    ACTIVATED="Card payments have worked. `status` tells whether they work now.",
    STOPPED="Card payments have never worked, and the merchant cannot continue. `status` tells the reason.",
)


@strawberry.type(description="A parameter of a message.")
class MessageParameter:
    name: str = field(
        description="The name of the parameter. `count` is a number of requirement groups or of payouts, and "
        "`item` is the title of the group if there is only one. `capabilities` lists Stripe's names, "
        "separated by spaces. `disputes`, `failed_refunds` and `warnings` are numbers. `amounts` and `days` "
        "are English texts."
    )
    value: str = field(description="The value as text.")


@strawberry.type(
    description="A text in the form of a key with parameters, from which a client can make a translated text."
)
class Message:
    key: str = field(description="The key of the text. New versions of ConnectQL can add keys.")
    parameters: list[MessageParameter] = field(description="The parameters of the text.")


@strawberry.enum(description="The party that must act.")
class Party(enum.Enum):
    MERCHANT = value("MERCHANT", "The merchant.")
    STRIPE = value("STRIPE", "Stripe.")
    PLATFORM = value("PLATFORM", "The platform. Only the next step of a merchant can have this value.")
    UNKNOWN = value(
        "UNKNOWN",
        "A party that this version of ConnectQL does not know. Only requirements can have this value.",
    )


describe(
    NextActionKind,
    "NextActionKind",
    "The kind of next step.",
    START_ONBOARDING="Call createOnboardingLink and open the link.",
    RESUME_ONBOARDING="Call createOnboardingLink again to continue onboarding.",
    OPEN_DASHBOARD="The merchant logs in to the Stripe Dashboard.",
    WAIT_FOR_STRIPE="Wait until Stripe has acted.",
    CONTACT_STRIPE="The merchant contacts Stripe support.",
    CONTACT_PLATFORM="The merchant contacts the platform, because only the platform can help. `by` is then "
    "PLATFORM.",
    NONE="There is nothing to do.",
)


@strawberry.type(description="The next step for a merchant, its deadline, and the party that must act.")
class NextAction:
    kind: NextActionKind = field(description="The kind of step.")
    by: Party | None = field(description="The party that must act. Null if nobody must act.")
    label: str = field(description="The step in a few words, short enough for a button.")
    message: Message = field(description="The text of `label` as a key with parameters, for translations.")
    is_actionable: bool = field(
        description="Whether the step can be taken now. Show a button only if this is true."
    )
    deadline: DateTime | None = field(
        description="The deadline for information, or for the answer to a dispute. Null if there is no "
        "deadline."
    )
    url: URL | None = dashboard_address(
        "The address of the page to open in the merchant's Dashboard. Null for onboarding, for which "
        "createOnboardingLink creates a link."
    )
