"""What is wrong with the platform, and whether Stripe's events arrive."""

from datetime import timedelta

import strawberry

from connect.platform import health
from connect.platform.problems import DestinationStatus as Status
from models import StripeEvent
from resolvers.enums import DestinationStatus, PlatformProblemCode, ProblemSeverity
from resolvers.scalars import DateTime

_field = strawberry.field


@strawberry.type(description="Something that is wrong with the platform, and what to do about it.")
class PlatformProblem:
    code: PlatformProblemCode = _field(description="What it is; stable, for monitoring.")
    severity: ProblemSeverity = _field(description="How urgent it is.")
    message: str = _field(description="What is wrong, in plain words and figures; for operators.")
    remedy: str = _field(description="The next step: a mutation, a setting, a command, a place at Stripe.")
    count: int = _field(description="How many are affected; 1 where there is nothing to count.")
    since: DateTime | None = _field(description="Since when, as far as that is known.")


@strawberry.type(description="Whether events reach this service and are handled.")
class WebhookHealth:
    last_received_at: DateTime | None = _field(
        description="When Stripe last delivered an event; those that were back-filled do not count."
    )
    backlog: int = _field(description="How many wait to be handled.")
    failed: int = _field(description="How many were given up; see `events(state: FAILED)`.")
    destination_status: DestinationStatus = _field(
        description="How Stripe's event destination for this service is; `problems` says what is wrong."
    )
    destination_checked_at: DateTime | None = _field(
        description="When Stripe last answered that; a worker asks once a minute."
    )


async def problems(*, stale_after: timedelta, backfill_after: timedelta) -> list[PlatformProblem]:
    """The platform's problems now, the most urgent first."""
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


async def webhooks() -> WebhookHealth:
    """How events arrive and are handled."""
    delivered = StripeEvent.filter(back_filled_at=None).order_by("-id").limit(1)
    latest = await delivered.values_list("received_at", flat=True)
    seen = await health.last_seen()
    status = seen.destination.status if seen.destination is not None else Status.UNKNOWN
    return WebhookHealth(
        last_received_at=latest[0] if latest else None,  # type: ignore[arg-type]
        backlog=await StripeEvent.filter(state="PENDING").count(),
        failed=await StripeEvent.filter(state="FAILED").count(),
        destination_status=DestinationStatus(status.value),
        destination_checked_at=seen.destination_checked_at,  # type: ignore[arg-type]
    )
