"""The results of the reconciler, for operators."""

import strawberry
from strawberry import field

from connect.events import reconcile
from models import PeriodicTask
from resolvers.scalars import DateTime


@strawberry.type(
    description="The recovery of changes whose events did not arrive. A sweep compares every open account "
    "with Stripe. The back-fill adds undelivered events from Stripe's list of events. Each value is null or "
    "0 before the first run."
)
class ReconciliationHealth:
    last_run_at: DateTime | None = field(description="When the latest sweep began.")
    finished_at: DateTime | None = field(description="When the sweep ended. Null while it is running.")
    checked: int = field(description="The number of accounts that the sweep compared with Stripe.")
    drifted: int = field(
        description="The number of accounts that changed without an event or that Stripe no longer has."
    )
    repaired: int = field(description="The number of drifted accounts that the sweep updated.")
    failed: int = field(
        description="The number of accounts without an answer from Stripe. The next sweep checks them again."
    )
    events_checked_at: DateTime | None = field(description="When the back-fill last read Stripe's events.")
    events_known_until: DateTime | None = field(
        description="Every event that Stripe created before this time was delivered or back-filled."
    )
    events_back_filled: int = field(description="The number of events back-filled in total.")


@strawberry.field(description="The periodic comparison with Stripe and the back-fill of missed events.")
async def reconciliation() -> ReconciliationHealth:
    """Read the state of the latest sweep and back-fill in one statement."""
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
