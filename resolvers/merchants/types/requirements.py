"""The capabilities of an account, and the requirements that Stripe attaches to them."""

import enum
from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants.rules.account.requirements import PersonRole
from connect.merchants.rules.account.requirements import Subject as RequirementSubject
from connect.merchants.rules.account.requirements import Urgency as RequirementUrgency
from connect.merchants.rules.document import Document
from resolvers.common.scalars import DateTime, describe, value
from resolvers.execution import compiled_selection
from resolvers.merchants.types.status import Party

_UNKNOWN = "A value that this version of ConnectQL does not know."


@strawberry.enum(description="The status of a capability.")
class CapabilityStatus(enum.Enum):
    ACTIVE = value("ACTIVE", "The capability works.")
    PENDING = value("PENDING", "Stripe is reviewing the capability.")
    RESTRICTED = value("RESTRICTED", "The capability does not work. `details` lists the reasons.")
    REJECTED = value("REJECTED", "Stripe has rejected the capability.")
    UNSUPPORTED = value("UNSUPPORTED", "Stripe does not offer the capability to this business.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.enum(description="The way to make a capability work.")
class Resolution(enum.Enum):
    PROVIDE_INFO = value("PROVIDE_INFO", "The merchant provides the information in `requirements`.")
    CONTACT_STRIPE = value("CONTACT_STRIPE", "The merchant contacts Stripe support.")
    NO_RESOLUTION = value("NO_RESOLUTION", "The merchant can do nothing at present.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


describe(
    RequirementSubject,
    "RequirementSubject",
    "The subject of a requirement.",
    ACCOUNT="The business or the account.",
    PERSON="A person of the business; see `person`.",
    BANK_ACCOUNT="The bank account for payouts.",
    TERMS_OF_SERVICE="The acceptance of Stripe's terms.",
    OTHER="Another subject.",
)


describe(
    PersonRole,
    "PersonRole",
    "The role of a person in the business.",
    ACCOUNT_HOLDER="The sole trader, or the person who opens the account.",
    REPRESENTATIVE="The person who represents the business.",
    OWNER="An owner of the business.",
    DIRECTOR="A director of the business.",
    EXECUTIVE="A person who runs the business.",
    AUTHORIZER="The person who authorizes the representative.",
    LEGAL_GUARDIAN="The parent or guardian of the representative.",
)
describe(
    RequirementUrgency,
    "RequirementUrgency",
    "The urgency of a group of requirements, in terms that people understand.",
    OVERDUE="The deadline has passed, and the group affects a capability that has worked before.",
    NOW="A capability does not work until the group is complete.",
    SOON="A capability stops working unless the group is complete before the deadline.",
    LATER="Nothing needs to be done yet.",
)


@strawberry.enum(description="The urgency of a requirement, in Stripe's terms.")
class DeadlineStatus(enum.Enum):
    PAST_DUE = value(
        "PAST_DUE",
        "A capability is restricted until the requirement is met. In a new account all requirements are "
        "past due.",
    )
    CURRENTLY_DUE = value(
        "CURRENTLY_DUE", "The requirement is due now. Until it is met, Stripe can restrict a capability."
    )
    EVENTUALLY_DUE = value("EVENTUALLY_DUE", "The requirement will be due later.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.type(description="One reason why a capability does not work.")
class CapabilityDetail:
    code: str = field(
        description="Stripe's code for the reason. Merchants get a neutral code instead of unknown or "
        "sensitive codes."
    )
    resolution: Resolution = field(description="The way to make the capability work.")
    explanation: str = field(description="The reason in plain words.")


@strawberry.type(description="An ability of the account, such as card payments.")
class Capability:
    name: str = field(
        description="Stripe's name of the capability, such as `card_payments` or `stripe_balance.payouts`."
    )
    title: str = field(description="The name in plain words.")
    status: CapabilityStatus = field(description="Whether the capability works.")
    details: list[CapabilityDetail] = field(
        description="The reasons why the capability does not work. Empty if Stripe gives none."
    )


@strawberry.type(description="A reason why Stripe rejected the submitted information.")
class RequirementError:
    code: str = field(
        description="Stripe's code for the error. Merchants get a neutral code instead of unknown or "
        "sensitive codes."
    )
    message: str = field(
        description="Stripe's message, or the text of `explanation` if Stripe gives no message. Merchants "
        "always get the text of `explanation`."
    )
    explanation: str = field(
        description="The cause and the correction, in plain words that address the merchant."
    )


@strawberry.type(description="A capability that an unmet requirement restricts.")
class CapabilityImpact:
    capability: str = field(description="The name of the capability.")
    deadline: DeadlineStatus = field(description="How soon the capability is restricted.")


@strawberry.type(description="A person of the business whom a requirement concerns.")
class RequirementPerson:
    id: str | None = field(description="Stripe's id of the person. Null if Stripe does not name a person.")
    name: str | None = field(
        description="The given name and the surname, if Stripe has them. Null if several persons have the "
        "role."
    )
    role: PersonRole | None = field(
        description="The role that the requirement names, or else the person's first role at Stripe."
    )
    label: str = field(
        description="The role in plain words. If Stripe names no role, a general term for a person of the "
        "business."
    )


@strawberry.type(description="One of Stripe's requirement entries that belong to a group.")
class RequirementItem:
    key: str = field(description="Stripe's identifier, an opaque dotted path.")
    awaiting_action_from: Party = field(description="The party that must act.")
    deadline: DeadlineStatus = field(description="The urgency of the entry, in Stripe's terms.")


@strawberry.type(
    description="One or several requirements that can be met in one step, such as the day, month and year of "
    "a date of birth."
)
class RequirementGroup:
    key: str | None = field(
        description="A stable name of the group, for translations. Null for requirements that this version "
        "of ConnectQL does not know."
    )
    title: str = field(description="The title in plain words, at most 60 characters.")
    help: str | None = field(description="Guidance for the merchant on the information to provide.")
    subject: RequirementSubject = field(description="The subject of the group.")
    person: RequirementPerson | None = field(description="The person whom the group concerns.")
    awaiting_action_from: Party = field(
        description="The party that must act. It is Stripe while Stripe reviews all information of the "
        "group, and for notices from Stripe."
    )
    urgency: RequirementUrgency | None = field(
        description="The urgency of the group. Null if the group does not await the merchant."
    )
    items: list[RequirementItem] = field(description="Stripe's entries in this group.")
    errors: list[RequirementError] = field(description="The reasons why Stripe rejected earlier information.")
    restricts: list[str] = field(description="The names of the capabilities that need this group.")


@strawberry.type(description="One piece of information that Stripe requires.")
class Requirement:
    key: str = field(description="Stripe's identifier, an opaque dotted path.")
    title: str = field(description="The requirement in plain words, at most 60 characters.")
    help: str | None = field(description="Guidance for the merchant on the information to provide.")
    subject: RequirementSubject = field(description="The subject of the requirement.")
    person_id: str | None = field(description="Stripe's id of the person, if the subject is a person.")
    person: RequirementPerson | None = field(description="The person whom the requirement concerns.")
    awaiting_action_from: Party = field(
        description="The party that must act. It is Stripe during a review of submitted information."
    )
    deadline: DeadlineStatus = field(description="The urgency of the requirement.")
    reasons: list[str] = field(
        description="Stripe's reasons for the requirement, such as `routine_onboarding` or "
        "`routine_verification`."
    )
    errors: list[RequirementError] = field(description="The reasons why Stripe rejected earlier information.")
    restricts: list[CapabilityImpact] = field(
        description="The capabilities that the unmet requirement restricts."
    )
    alternatives: list[list["Requirement"]] = field(
        description="Groups of other requirements. The merchant can meet one whole group instead of this "
        "requirement."
    )


@strawberry.type(description="The requirements of an account.")
class RequirementSet:
    due_count: int = field(
        description="The number of `groups` that the merchant must complete now or before the deadline."
    )
    pending_count: int = field(description="The number of `groups` that await Stripe.")
    nearest_deadline: DateTime | None = field(
        description="The deadline of these requirements. Stripe gives one date for all of them. Null if "
        "there is no deadline."
    )
    transitions_at: DateTime | None = field(
        description="The date when future requirements take effect. Null for current requirements."
    )
    groups: list[RequirementGroup] = field(
        description="The requirements in groups, in the order of `entries`."
    )

    @strawberry.field(
        description="The requirements. Requirements that await the merchant come first, and requirements "
        "that await Stripe last. Of the requirements that await the same party, those with errors come "
        "first.",
        metadata=compiled_selection.PASSED_ON,
    )
    def entries(
        self,
        source: strawberry.Parent[Document],
        deadline: Annotated[
            list[DeadlineStatus] | None,
            strawberry.argument(description="Only requirements with one of these deadlines."),
        ] = None,
        awaiting_action_from: Annotated[
            Party | None, strawberry.argument(description="Only requirements that await this party.")
        ] = None,
    ) -> list[Requirement]:
        entries: list[Document] = source["entries"]
        if deadline is not None:
            statuses = {status.value for status in deadline}
            entries = [entry for entry in entries if entry["deadline"] in statuses]
        if awaiting_action_from is not None:
            party = awaiting_action_from.value
            entries = [entry for entry in entries if entry["awaitingActionFrom"] == party]
        return entries  # type: ignore[return-value]
