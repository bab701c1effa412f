"""The problems that `connect.platform.problems` finds. Every code has a description here."""

import strawberry
from strawberry import field

from connect.platform.problems import ProblemCode as PlatformProblemCode
from connect.platform.problems import Severity as ProblemSeverity
from resolvers.scalars import DateTime, describe

describe(
    ProblemSeverity,
    "ProblemSeverity",
    "The urgency of a problem.",
    ERROR="Something does not work until somebody acts.",
    WARNING="Somebody should look at it.",
)


describe(
    PlatformProblemCode,
    "PlatformProblemCode",
    "The kind of a problem.",
    STRIPE_KEY_REFUSED="Stripe does not accept the API key.",
    STRIPE_UNAVAILABLE="Stripe gives no definite answer.",
    DESTINATION_MISSING="Stripe has no event destination with the address of this service.",
    DESTINATION_DISABLED="The event destination is disabled.",
    DESTINATION_SCOPE="The event destination does not receive events of connected accounts.",
    DESTINATION_PAYLOAD="The event destination does not use thin payloads.",
    DESTINATION_EVENTS="The event destination lacks event types. `count` is their number.",
    DESTINATION_SILENT="Events had to be back-filled since the last delivery.",
    NO_WORKER="No worker has reported in the last five minutes.",
    EVENTS_WAITING="Events have waited for a worker for more than a minute.",
    EVENTS_RETRYING="Events have failed for more than five minutes. ConnectQL retries them.",
    EVENTS_FAILED="Events failed too often. Call `replayEvent` to retry them.",
    CREATIONS_EXPIRED="Account creations got no answer for 29 days. ConnectQL no longer repeats them.",
    CREATIONS_STUCK="Account creations got no definite answer for more than five minutes.",
    CREATIONS_REFUSED="Stripe refused account creations in the last seven days. Their external ids are free.",
    REQUIREMENTS_CUT="Stripe lists more requirements for an account than are stored.",
    ACCOUNTS_UNKNOWN="Stripe no longer knows some accounts.",
    ACCOUNTS_DISCONNECTED="Merchants disconnected their accounts in the last seven days.",
    ACCOUNTS_CLOSED="Accounts were closed in the last seven days, but not by closeMerchant.",
    SWEEP_STALLED="The periodic comparison of all accounts with Stripe does not finish.",
    BACKFILL_STALLED="The back-fill of events that Stripe did not deliver does not run.",
    MIRRORS_STALE="Open accounts were not compared with Stripe for too long.",
)


@strawberry.type(description="A problem of the platform and its remedy.")
class PlatformProblem:
    code: PlatformProblemCode = field(description="The kind of problem; stable, for monitoring.")
    severity: ProblemSeverity = field(description="The urgency of the problem.")
    message: str = field(description="The problem in plain words and figures.")
    remedy: str = field(
        description="The next step: a mutation, a setting, a command or a page of Stripe's Dashboard."
    )
    count: int = field(description="The number of affected objects; 1 if there is nothing to count.")
    since: DateTime | None = field(description="When the problem began, if known.")
