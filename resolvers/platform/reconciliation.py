"""The results of the reconciler, for operators."""

import strawberry
from strawberry import field

from connect.events import reconcile
from connect.merchants.rules.account.snapshot import parse_time
from connect.payments.mirror import reconcile as payment_reconcile
from models import PeriodicTask
from resolvers.common.scalars import DateTime


@strawberry.type(
    description="The periodic comparison of recent and unfinished payments with Stripe. It repairs payments "
    "that changed without an event, and stores payments that were created at Stripe without an event. "
    "Before the first run, each value except `nextRunAt` is null or 0."
)
class PaymentSweep:
    last_run_at: DateTime | None = field(description="When the latest sweep began.")
    finished_at: DateTime | None = field(description="When the sweep ended. Null while it is running.")
    last_finished_at: DateTime | None = field(description="When a sweep last ended.")
    last_seconds: int | None = field(description="The duration of the sweep that ended last, in seconds.")
    next_run_at: DateTime | None = field(
        description="When the next sweep begins, if a worker is free. Null while a sweep is running."
    )
    accounts: int = field(description="The number of accounts whose payments the sweep compared.")
    checked: int = field(description="The number of payments, payouts and fees that the sweep compared.")
    repaired: int = field(
        description="The number of payments, payouts and fees that had changed without an event."
    )
    found: int = field(
        description="The number of payments at Stripe that ConnectQL did not know before the sweep."
    )
    failed: int = field(
        description="The number of accounts for which Stripe gave no usable answer. The platform's fees "
        "count as one account. The next sweep compares them again."
    )


@strawberry.type(
    description="How ConnectQL recovers changes whose events did not arrive. A sweep compares every open "
    "account with Stripe. The back-fill adds undelivered events from Stripe's list of events. Each value is "
    "null or 0 before the first run."
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
        description="The number of accounts for which Stripe gave no answer. The next sweep checks them "
        "again."
    )
    events_checked_at: DateTime | None = field(description="When the back-fill last read Stripe's events.")
    events_known_until: DateTime | None = field(
        description="Every event that Stripe created before this time was delivered or back-filled."
    )
    events_back_filled: int = field(description="The total number of events that the back-fill has added.")
    payments: PaymentSweep = field(description="The periodic comparison of payments with Stripe.")


@strawberry.field(description="The periodic comparison with Stripe and the back-fill of missed events.")
async def reconciliation() -> ReconciliationHealth:
    """Read the states of both sweeps and of the back-fill in one statement."""
    names = [reconcile.SWEEP, reconcile.BACKFILL, payment_reconcile.SWEEP]
    tasks = {task.name: task for task in await PeriodicTask.filter(name__in=names)}
    states = {name: task.state for name, task in tasks.items()}
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
        payments=_payments(tasks.get(payment_reconcile.SWEEP)),
    )


def _payments(task: PeriodicTask | None) -> PaymentSweep:
    run = payment_reconcile.last_sweep(task.state) if task is not None else None
    started_at, finished_at = (run.started_at, run.finished_at) if run else (None, None)
    is_running = run is not None and finished_at is None
    if run is not None and is_running:
        started_at, finished_at = run.previous_started_at, run.previous_finished_at
    begin, end = parse_time(started_at), parse_time(finished_at)
    return PaymentSweep(
        last_run_at=_time(run.started_at if run else None),
        finished_at=_time(run.finished_at if run else None),
        last_finished_at=_time(finished_at),
        last_seconds=round((end - begin).total_seconds()) if begin and end else None,
        next_run_at=task.due_at if task is not None and not is_running else None,  # type: ignore[arg-type]
        accounts=run.accounts if run else 0,
        checked=run.checked if run else 0,
        repaired=run.repaired if run else 0,
        found=run.found if run else 0,
        failed=run.failed if run else 0,
    )


def _time(text: object) -> DateTime | None:
    return DateTime(text) if isinstance(text, str) else None
