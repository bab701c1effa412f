"""The problems that `connect.platform.problems` finds. Every code has a description here."""

import enum
from datetime import timedelta

import strawberry
from strawberry import enum_value, field

from connect.platform import health
from resolvers.scalars import DateTime


@strawberry.enum(description="The urgency of a problem.")
class ProblemSeverity(enum.Enum):
    ERROR = enum_value("ERROR", description="Something does not work until somebody acts.")
    WARNING = enum_value("WARNING", description="Somebody should look at it.")


@strawberry.enum(description="The kind of a problem.")
class PlatformProblemCode(enum.Enum):
    STRIPE_KEY_REFUSED = enum_value("STRIPE_KEY_REFUSED", description="Stripe does not accept the API key.")
    STRIPE_UNAVAILABLE = enum_value("STRIPE_UNAVAILABLE", description="Stripe gives no definite answer.")
    DESTINATION_MISSING = enum_value(
        "DESTINATION_MISSING", description="Stripe has no event destination with the address of this service."
    )
    DESTINATION_DISABLED = enum_value(
        "DESTINATION_DISABLED", description="The event destination is disabled."
    )
    DESTINATION_SCOPE = enum_value(
        "DESTINATION_SCOPE",
        description="The event destination does not receive events of connected accounts.",
    )
    DESTINATION_PAYLOAD = enum_value(
        "DESTINATION_PAYLOAD", description="The event destination does not use thin payloads."
    )
    DESTINATION_EVENTS = enum_value(
        "DESTINATION_EVENTS",
        description="The event destination lacks event types. `count` is their number.",
    )
    DESTINATION_SILENT = enum_value(
        "DESTINATION_SILENT", description="Events had to be back-filled since the last delivery."
    )
    NO_WORKER = enum_value("NO_WORKER", description="No worker has reported in the last five minutes.")
    EVENTS_WAITING = enum_value(
        "EVENTS_WAITING", description="Events have waited for a worker for more than a minute."
    )
    EVENTS_RETRYING = enum_value(
        "EVENTS_RETRYING",
        description="Events have failed for more than five minutes. ConnectQL retries them.",
    )
    EVENTS_FAILED = enum_value(
        "EVENTS_FAILED", description="Events failed too often. Call `replayEvent` to retry them."
    )
    CREATIONS_EXPIRED = enum_value(
        "CREATIONS_EXPIRED",
        description="Account creations got no answer for 29 days. ConnectQL no longer repeats them.",
    )
    CREATIONS_STUCK = enum_value(
        "CREATIONS_STUCK",
        description="Account creations got no definite answer for more than five minutes.",
    )
    CREATIONS_REFUSED = enum_value(
        "CREATIONS_REFUSED",
        description="Stripe refused account creations in the last seven days. Their external ids are unused.",
    )
    REQUIREMENTS_CUT = enum_value(
        "REQUIREMENTS_CUT", description="Stripe lists more requirements for an account than are stored."
    )
    ACCOUNTS_UNKNOWN = enum_value("ACCOUNTS_UNKNOWN", description="Stripe no longer knows some accounts.")
    ACCOUNTS_DISCONNECTED = enum_value(
        "ACCOUNTS_DISCONNECTED", description="Merchants disconnected their accounts in the last seven days."
    )
    ACCOUNTS_CLOSED = enum_value(
        "ACCOUNTS_CLOSED",
        description="Accounts were closed in the last seven days, but not by closeMerchant.",
    )
    SWEEP_STALLED = enum_value(
        "SWEEP_STALLED", description="The periodic comparison of all accounts with Stripe does not finish."
    )
    BACKFILL_STALLED = enum_value(
        "BACKFILL_STALLED", description="The back-fill of events that Stripe did not deliver does not run."
    )
    MIRRORS_STALE = enum_value(
        "MIRRORS_STALE", description="Open accounts were not compared with Stripe for too long."
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


async def problems(*, stale_after: timedelta, backfill_after: timedelta) -> list[PlatformProblem]:
    """The present problems, the most urgent first."""
    return [
        PlatformProblem(
            code=PlatformProblemCode(problem.code.value),
            severity=ProblemSeverity(problem.severity.value),
            message=problem.message,
            remedy=problem.remedy,
            count=problem.count,
            since=problem.since,  # type: ignore[arg-type]
        )
        for problem in await health.problems(stale_after=stale_after, backfill_after=backfill_after)
    ]
