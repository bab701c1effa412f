"""Every enum of the schema, with what each value means to a client developer."""

import enum

import strawberry

_value = strawberry.enum_value


@strawberry.enum(description="Where a merchant stands, in one word that ConnectQL derives from Stripe's.")
class MerchantStatus(enum.Enum):
    CREATING = _value("CREATING", description="Stripe has not confirmed the account yet.")
    ONBOARDING = _value("ONBOARDING", description="The merchant has not been through Stripe's form yet.")
    ACTION_REQUIRED = _value(
        "ACTION_REQUIRED",
        description="Card payments never worked yet; the merchant must provide something.",
    )
    PENDING_REVIEW = _value("PENDING_REVIEW", description="Everything was provided; Stripe is reviewing it.")
    ACTIVE = _value("ACTIVE", description="Card payments and payouts work, and nothing is asked.")
    ACTIVE_DUE_SOON = _value(
        "ACTIVE_DUE_SOON", description="Everything works, but something is needed to keep it so."
    )
    PAYOUTS_BLOCKED = _value("PAYOUTS_BLOCKED", description="Card payments work, payouts do not.")
    RESTRICTED = _value(
        "RESTRICTED", description="Card payments worked once and are paused until the merchant acts."
    )
    RESTRICTED_BY_STRIPE = _value(
        "RESTRICTED_BY_STRIPE", description="Card payments do not work; only Stripe support can say why."
    )
    REJECTED = _value("REJECTED", description="Stripe has rejected the account.")
    UNSUPPORTED = _value("UNSUPPORTED", description="Stripe offers this business no card payments.")
    NOT_REQUESTED = _value("NOT_REQUESTED", description="Card payments were never requested for the account.")
    DISCONNECTED = _value("DISCONNECTED", description="The account no longer belongs to the platform.")
    CLOSED = _value("CLOSED", description="The account is closed, for good.")
    UNKNOWN = _value("UNKNOWN", description="Stripe has not said enough yet; a refresh tells more.")


@strawberry.enum(description="Who has to act.")
class Party(enum.Enum):
    MERCHANT = _value("MERCHANT", description="The merchant.")
    STRIPE = _value("STRIPE", description="Stripe.")


@strawberry.enum(description="An order of merchants. Equal ones follow the order of creation.")
class MerchantOrder(enum.Enum):
    CREATED_AT_DESC = _value("CREATED_AT_DESC", description="The newest first.")
    CREATED_AT_ASC = _value("CREATED_AT_ASC", description="The oldest first.")
    DISPLAY_NAME_ASC = _value("DISPLAY_NAME_ASC", description="By display name, without regard to case.")
    NEXT_DEADLINE_ASC = _value("NEXT_DEADLINE_ASC", description="The nearest deadline first, none last.")


@strawberry.enum(description="What to do next.")
class NextActionKind(enum.Enum):
    START_ONBOARDING = _value("START_ONBOARDING", description="Call createOnboardingLink and open the link.")
    RESUME_ONBOARDING = _value("RESUME_ONBOARDING", description="The same, for a merchant who has begun.")
    OPEN_DASHBOARD = _value("OPEN_DASHBOARD", description="The merchant logs in to the Stripe Dashboard.")
    WAIT_FOR_STRIPE = _value("WAIT_FOR_STRIPE", description="Nobody but Stripe has to act.")
    CONTACT_STRIPE = _value("CONTACT_STRIPE", description="The merchant contacts Stripe support.")
    CONTACT_PLATFORM = _value("CONTACT_PLATFORM", description="The merchant contacts the platform.")
    NONE = _value("NONE", description="There is nothing to do.")


@strawberry.enum(description="Who collects fees, covers losses or collects requirements.")
class Collector(enum.Enum):
    STRIPE = _value("STRIPE", description="Stripe.")
    APPLICATION = _value("APPLICATION", description="The platform.")
    UNKNOWN = _value("UNKNOWN", description="Not known, or a word of Stripe's that is new to this service.")


@strawberry.enum(description="Which Dashboard of Stripe's an account has.")
class DashboardType(enum.Enum):
    FULL = _value("FULL", description="The complete Stripe Dashboard. Every merchant created here has it.")
    EXPRESS = _value("EXPRESS", description="The Express Dashboard.")
    NONE = _value("NONE", description="None.")
    UNKNOWN = _value("UNKNOWN", description="Not known, or a word of Stripe's that is new to this service.")


@strawberry.enum(description="What a merchant does in the full Dashboard.")
class DashboardTaskKind(enum.Enum):
    COMPLETE_REQUIREMENTS = _value("COMPLETE_REQUIREMENTS", description="Provide what Stripe asks for.")
    MANAGE_FINANCES = _value("MANAGE_FINANCES", description="View and manage finances and reports.")
    RESPOND_TO_DISPUTES_AND_REFUNDS = _value(
        "RESPOND_TO_DISPUTES_AND_REFUNDS", description="Respond to disputes and issue refunds."
    )
    SCHEDULE_PAYOUTS = _value("SCHEDULE_PAYOUTS", description="Decide when Stripe pays out.")


@strawberry.enum(description="How far a capability is.")
class CapabilityStatus(enum.Enum):
    ACTIVE = _value("ACTIVE", description="It works.")
    PENDING = _value("PENDING", description="Stripe is working on it.")
    RESTRICTED = _value("RESTRICTED", description="It does not work; the details say why.")
    REJECTED = _value("REJECTED", description="Stripe has rejected it.")
    UNSUPPORTED = _value("UNSUPPORTED", description="Stripe does not offer it to this business.")
    UNKNOWN = _value("UNKNOWN", description="A word of Stripe's that is new to this service.")


@strawberry.enum(description="What can be done about a capability that does not work.")
class Resolution(enum.Enum):
    PROVIDE_INFO = _value("PROVIDE_INFO", description="The merchant provides what the requirements name.")
    CONTACT_STRIPE = _value("CONTACT_STRIPE", description="The merchant contacts Stripe support.")
    NO_RESOLUTION = _value("NO_RESOLUTION", description="Nothing, or nothing now.")
    UNKNOWN = _value("UNKNOWN", description="A word of Stripe's that is new to this service.")


@strawberry.enum(description="What a requirement is about.")
class RequirementSubject(enum.Enum):
    ACCOUNT = _value("ACCOUNT", description="The business or the account itself.")
    PERSON = _value("PERSON", description="A person of the business; `personId` says which.")
    BANK_ACCOUNT = _value("BANK_ACCOUNT", description="The bank account that payouts go to.")
    TERMS_OF_SERVICE = _value("TERMS_OF_SERVICE", description="Accepting Stripe's terms.")
    OTHER = _value("OTHER", description="Something else.")


@strawberry.enum(description="How near a deadline is, in Stripe's words.")
class DeadlineStatus(enum.Enum):
    PAST_DUE = _value(
        "PAST_DUE", description="It restricts something now. A new account begins with everything past due."
    )
    CURRENTLY_DUE = _value("CURRENTLY_DUE", description="It is asked now, before something is restricted.")
    EVENTUALLY_DUE = _value("EVENTUALLY_DUE", description="It will be asked one day, not now.")
    UNKNOWN = _value("UNKNOWN", description="A word of Stripe's that is new to this service.")


@strawberry.enum(description="What happened to a merchant.")
class TimelineKind(enum.Enum):
    CREATED = _value("CREATED", description="The merchant was created.")
    UPDATED = _value("UPDATED", description="Its details were changed through this API.")
    LINK_ISSUED = _value("LINK_ISSUED", description="An onboarding link was handed out.")
    RETURNED = _value("RETURNED", description="Somebody came back from Stripe's form.")
    REFRESHED = _value("REFRESHED", description="The account was fetched on request.")
    STATUS_CHANGED = _value("STATUS_CHANGED", description="The derived status changed.")
    REQUIREMENTS_CHANGED = _value("REQUIREMENTS_CHANGED", description="Stripe asks for other things.")
    CAPABILITY_CHANGED = _value("CAPABILITY_CHANGED", description="A capability changed.")
    DRIFT_REPAIRED = _value("DRIFT_REPAIRED", description="A change was found that no event had told of.")
    CLOSED = _value("CLOSED", description="The account was closed.")
    DISCONNECTED = _value("DISCONNECTED", description="The account was disconnected from the platform.")


@strawberry.enum(description="Who a caller is.")
class Role(enum.Enum):
    OPERATOR = _value("OPERATOR", description="Staff of the platform: sees everything.")
    SERVICE = _value("SERVICE", description="A server of the platform: all merchants, but not `platform`.")
    MERCHANT = _value("MERCHANT", description="One merchant, who sees nothing but itself.")


@strawberry.enum(description="How far the handling of an event is.")
class EventState(enum.Enum):
    PENDING = _value("PENDING", description="Waiting, or being tried again.")
    HANDLED = _value("HANDLED", description="Done: the account was brought up to date.")
    IGNORED = _value("IGNORED", description="Of no concern: `lastError` says why, if there is a reason.")
    FAILED = _value("FAILED", description="Given up after many attempts; `replayEvent` tries again.")


@strawberry.enum(description="The legal form of a business.")
class EntityType(enum.Enum):
    INDIVIDUAL = _value("INDIVIDUAL", description="One person.")
    COMPANY = _value("COMPANY", description="A company.")
    NON_PROFIT = _value("NON_PROFIT", description="A non-profit organisation.")
    GOVERNMENT_ENTITY = _value("GOVERNMENT_ENTITY", description="A part of the state.")


@strawberry.enum(description="How much Stripe's onboarding form asks for.")
class CollectRequirements(enum.Enum):
    CURRENTLY_DUE = _value("CURRENTLY_DUE", description="Only what is needed now: the shortest form.")
    EVENTUALLY_DUE = _value("EVENTUALLY_DUE", description="Also what will be needed one day: fewer visits.")


@strawberry.enum(description="What became of the creation of an account at Stripe.")
class CreationState(enum.Enum):
    PENDING = _value("PENDING", description="Stripe gave no definite answer yet; it is repeated.")
    SUCCEEDED = _value("SUCCEEDED", description="The account is there.")
    REFUSED = _value("REFUSED", description="Stripe said no; the merchant is gone, its external id is free.")


@strawberry.enum(description="How urgent a problem is.")
class ProblemSeverity(enum.Enum):
    ERROR = _value("ERROR", description="Something does not work until somebody acts.")
    WARNING = _value("WARNING", description="Somebody should have a look.")


@strawberry.enum(description="How Stripe's event destination for this service is.")
class DestinationStatus(enum.Enum):
    UNKNOWN = _value("UNKNOWN", description="Stripe was not asked yet, or did not answer.")
    ENABLED = _value("ENABLED", description="Stripe sends to it.")
    DISABLED = _value("DISABLED", description="Stripe does not send to it until somebody enables it.")
    MISSING = _value("MISSING", description="Stripe has none with this service's address.")


@strawberry.enum(description="What can be wrong with the platform.")
class PlatformProblemCode(enum.Enum):
    STRIPE_KEY_REFUSED = _value("STRIPE_KEY_REFUSED", description="Stripe does not accept the API key.")
    STRIPE_UNAVAILABLE = _value("STRIPE_UNAVAILABLE", description="Stripe gives no definite answer.")
    DESTINATION_MISSING = _value(
        "DESTINATION_MISSING", description="Stripe has no event destination with this service's address."
    )
    DESTINATION_DISABLED = _value("DESTINATION_DISABLED", description="The event destination is disabled.")
    DESTINATION_SCOPE = _value(
        "DESTINATION_SCOPE", description="The event destination lacks the events of connected accounts."
    )
    DESTINATION_PAYLOAD = _value(
        "DESTINATION_PAYLOAD", description="The event destination's payload is not thin."
    )
    DESTINATION_EVENTS = _value(
        "DESTINATION_EVENTS", description="The event destination lacks event types; `count` says how many."
    )
    DESTINATION_SILENT = _value(
        "DESTINATION_SILENT", description="Events had to be back-filled since the last delivery."
    )
    NO_WORKER = _value("NO_WORKER", description="No worker has shown itself for five minutes, or ever.")
    EVENTS_WAITING = _value(
        "EVENTS_WAITING", description="Events are due for more than a minute, and nobody handles them."
    )
    EVENTS_RETRYING = _value(
        "EVENTS_RETRYING", description="Events fail for more than five minutes; they are tried again."
    )
    EVENTS_FAILED = _value("EVENTS_FAILED", description="Events were given up; `replayEvent` tries again.")
    CREATIONS_EXPIRED = _value(
        "CREATIONS_EXPIRED", description="Creations got no answer for 29 days and are not repeated any more."
    )
    CREATIONS_STUCK = _value(
        "CREATIONS_STUCK", description="Creations got no definite answer for more than five minutes."
    )
    CREATIONS_REFUSED = _value(
        "CREATIONS_REFUSED",
        description="Stripe refused creations in the last seven days, and the external id is still free.",
    )
    ACCOUNTS_UNKNOWN = _value("ACCOUNTS_UNKNOWN", description="Stripe does not know accounts any more.")
    ACCOUNTS_DISCONNECTED = _value(
        "ACCOUNTS_DISCONNECTED", description="Merchants disconnected their accounts in the last seven days."
    )
    ACCOUNTS_CLOSED = _value(
        "ACCOUNTS_CLOSED", description="Accounts were closed in the last seven days, not by closeMerchant."
    )
    SWEEP_STALLED = _value(
        "SWEEP_STALLED", description="The regular comparison of all accounts with Stripe's does not end."
    )
    BACKFILL_STALLED = _value(
        "BACKFILL_STALLED", description="Events that Stripe does not deliver are not fetched."
    )
    MIRRORS_STALE = _value(
        "MIRRORS_STALE", description="Open accounts were not compared with Stripe's for too long."
    )
