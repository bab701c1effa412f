"""What the reconciler found: for operators."""

import strawberry

from connect.events import reconcile
from models import PeriodicTask
from resolvers.scalars import DateTime

_field = strawberry.field


@strawberry.type(
    description="How this service and Stripe are kept in agreement when events do not arrive. A sweep "
    "compares every open account with Stripe's; the back-fill reads Stripe's list of events for those that "
    "were not delivered. Both are null or 0 before their first run."
)
class ReconciliationHealth:
    last_run_at: DateTime | None = _field(description="When the latest sweep began.")
    finished_at: DateTime | None = _field(description="When it ended; null while it is under way.")
    checked: int = _field(description="How many accounts it compared with Stripe's.")
    drifted: int = _field(
        description="How many of them had changed without an event, or are unknown to Stripe now."
    )
    repaired: int = _field(description="How many of those were brought up to date.")
    failed: int = _field(description="Of how many Stripe gave no answer; the next sweep looks at them again.")
    events_checked_at: DateTime | None = _field(description="When Stripe's list of events was last read.")
    events_known_until: DateTime | None = _field(
        description="Every event that Stripe created before this has arrived or was back-filled."
    )
    events_back_filled: int = _field(description="How many events were ever back-filled.")


async def health() -> ReconciliationHealth:
    """One statement."""
    tasks = await PeriodicTask.filter(name__in=[reconcile.SWEEP, reconcile.BACKFILL])
    states = {task.name: task.state for task in tasks}
    run = reconcile.last_sweep(states.get(reconcile.SWEEP, {}))
    events = states.get(reconcile.BACKFILL, {})
    total = events.get("found_total")
    return ReconciliationHealth(
        last_run_at=_time(run.started_at if run else None),
        finished_at=_time(run.finished_at if run else None),
        checked=run.checked if run else 0,
        drifted=run.drifted if run else 0,
        repaired=run.repaired if run else 0,
        failed=run.failed if run else 0,
        events_checked_at=_time(events.get("checked_at")),
        events_known_until=_time(events.get("reached_at")),
        events_back_filled=total if isinstance(total, int) else 0,
    )


def _time(text: object) -> DateTime | None:
    return DateTime(text) if isinstance(text, str) else None
