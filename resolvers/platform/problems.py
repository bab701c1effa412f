"""The problems that `connect.platform.problems` finds. Every code has a description here."""

import strawberry
from strawberry import field

from connect.platform import health
from connect.platform.problems import Problem
from connect.platform.problems import ProblemCode as PlatformProblemCode
from connect.platform.problems import Severity as ProblemSeverity
from resolvers.execution.context import Info
from resolvers.scalars import DateTime, describe

describe(
    ProblemSeverity,
    "ProblemSeverity",
    "The urgency of a problem.",
    ERROR="A part of the service does not work until an operator acts.",
    WARNING="An operator should investigate.",
)


describe(
    PlatformProblemCode,
    "PlatformProblemCode",
    "The kind of problem.",
    STRIPE_KEY_REFUSED="Stripe does not accept the API key.",
    STRIPE_PERMISSION_MISSING="The restricted API key lacks a permission, which `message` names.",
    STRIPE_UNAVAILABLE="Stripe gives no definite answer.",
    DESTINATION_MISSING="Stripe has no event destination with the address of this service.",
    DESTINATION_DISABLED="The event destination is disabled.",
    DESTINATION_SCOPE="The event destination does not receive events of connected accounts.",
    DESTINATION_PAYLOAD="The event destination does not use thin payloads.",
    DESTINATION_EVENTS="The event destination lacks event types. `count` is the number of missing types.",
    DESTINATION_SILENT="The back-fill has found undelivered events since the last delivery.",
    NO_WORKER="No worker has reported in the last five minutes.",
    EVENTS_WAITING="Events have waited for a worker for more than a minute.",
    EVENTS_RETRYING="Events have failed for more than five minutes. ConnectQL retries them.",
    EVENTS_FAILED="Events failed too often. Call `replayEvent` to retry them.",
    CREATIONS_EXPIRED="Account creations got no definite answer for 29 days. ConnectQL has given up.",
    CREATIONS_STUCK="Account creations got no definite answer for more than five minutes.",
    CREATIONS_REFUSED="Stripe refused account creations in the last seven days. Their external ids are free.",
    REVIEWS_SLOW="Some merchants have waited for Stripe's review for more than 14 days.",
    REQUIREMENTS_CUT="Stripe lists more requirements for an account than ConnectQL stores.",
    ACCOUNTS_UNKNOWN="Stripe no longer knows some accounts.",
    ACCOUNTS_DISCONNECTED="Merchants disconnected their accounts in the last seven days.",
    ACCOUNTS_CLOSED="Accounts were closed in the last seven days, but not by closeMerchant.",
    SWEEP_STALLED="The periodic sweep, which compares all accounts with Stripe, does not finish.",
    BACKFILL_STALLED="The back-fill of undelivered events does not run.",
    MIRRORS_STALE="Some open accounts have not been compared with Stripe for too long.",
)


@strawberry.type(description="A problem of the platform and its remedy.")
class PlatformProblem:
    code: PlatformProblemCode = field(
        description="The kind of problem. Codes are stable, so monitoring can rely on them."
    )
    severity: ProblemSeverity = field(description="The urgency of the problem.")
    message: str = field(description="The problem in plain words and figures.")
    remedy: str = field(
        description="The next step: a mutation, a setting, a command or a page of Stripe's Dashboard."
    )
    count: int = field(description="The number of affected objects, or 1 for a problem without objects.")
    since: DateTime | None = field(description="When the problem began, if known.")


@strawberry.field(
    description="The current problems and their remedies, most urgent first.",
    graphql_type=list[PlatformProblem],
)
async def problems(info: Info) -> list[Problem]:
    context = info.context
    return await health.problems(stale_after=context.stale_after, backfill_after=context.backfill_after)
