"""Problems of event delivery and handling."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.functions import Count as CountOf
from tortoise.functions import Min

from connect.merchants.rules.account.snapshot import parse_time
from connect.platform.dismissals import Dismissals
from connect.platform.problems import GRACE, Count, Problem, ProblemCode, Words, describe, format_time
from models import PeriodicTask, StripeEvent

# If an event has been due for longer than this, a worker is missing, or the workers are too slow.
WAITING_AFTER = timedelta(seconds=60)
# Failures of more recent events are not shown, because the next attempts often succeed.
RETRYING_AFTER = timedelta(minutes=5)
# Only this many failed events, the oldest ones, can be dismissed one by one.
MAX_SUBJECTS = 1000

WORDS = {
    ProblemCode.DESTINATION_SILENT: Words(
        "{things} had to be back-filled: Stripe has delivered nothing {last}.",
        "Look at the failed deliveries in Stripe's Dashboard, Workbench > Webhooks. Status 400 means that "
        "CONNECTQL_WEBHOOK_SECRETS is wrong. No response means that Stripe cannot reach the address.",
        "event",
    ),
    ProblemCode.EVENTS_WAITING: Words(
        "{things} should have been handled by now. The oldest has been due since {since}.",
        "Start a worker (`python -m api worker`), or more workers if those that run are too slow.",
        "event",
    ),
    ProblemCode.EVENTS_RETRYING: Words(
        "{things} failed and will be retried.",
        "Read `platform { events(state: PENDING) { edges { node { attempts lastError } } } }` and fix the "
        "cause. The retries continue automatically.",
        "event",
    ),
    ProblemCode.EVENTS_FAILED: Words(
        "{things} failed and will not be retried.",
        "Read `platform { events(state: FAILED) { edges { node { id lastError } } } }`, fix the cause, then "
        "call replayEvent for each.",
        "event",
    ),
    ProblemCode.BACKFILL_STALLED: Words(
        "No search for missed events has succeeded since {since}.",
        "Check that a worker runs and that Stripe answers. The worker's log names the cause "
        "(`not_back_filled`, `worker_step_failed`).",
    ),
}


async def find(
    at: datetime, backfill: PeriodicTask | None, backfill_after: timedelta, dismissals: Dismissals
) -> list[Problem]:
    """Find the present problems with at most four statements. Dismissed failed events do not count."""
    waiting, retrying, all_failed = await _unhandled(at)
    failed = await _failed(all_failed, dismissals)
    last, silent = await _deliveries()
    return [
        *describe(
            WORDS,
            ProblemCode.DESTINATION_SILENT,
            silent,
            last=f"since {format_time(last)}" if last else "yet",
        ),
        *describe(WORDS, ProblemCode.EVENTS_WAITING, waiting),
        *describe(WORDS, ProblemCode.EVENTS_RETRYING, retrying),
        *describe(WORDS, ProblemCode.EVENTS_FAILED, failed),
        *_stalled(at, backfill, backfill_after),
    ]


def _stalled(at: datetime, backfill: PeriodicTask | None, after: timedelta) -> list[Problem]:
    if backfill is None:
        return []
    state = backfill.state
    last = parse_time(state.get("checked_at")) or parse_time(state.get("began_at")) or backfill.due_at
    late = Count(int(at - last > 5 * after + GRACE), last)
    return describe(WORDS, ProblemCode.BACKFILL_STALLED, late)


async def _unhandled(at: datetime) -> list[Count]:
    """Count the events that wait for a worker, the events to retry, and the failed events."""
    conditions = (
        (Q(state="PENDING", run_at__lt=at - WAITING_AFTER), "run_at"),
        (Q(state="PENDING", attempts__gt=1, received_at__lt=at - RETRYING_AFTER), "received_at"),
        (Q(state="FAILED"), "received_at"),
    )
    columns: dict[str, CountOf | Min] = {}
    for number, (condition, column) in enumerate(conditions):
        columns[f"{number}_number"] = CountOf("id", _filter=condition)
        columns[f"{number}_since"] = Min(column, _filter=condition)
    (row,) = await StripeEvent.filter(state__in=["PENDING", "FAILED"]).annotate(**columns).values(*columns)
    return [Count.of(row, f"{number}_") for number in range(3)]


async def _failed(all_failed: Count, dismissals: Dismissals) -> Count:
    """Count the failed events that are not dismissed. The subjects of the count are the ids of the oldest of
    these events.
    """
    if not all_failed.number:
        return all_failed
    failed = StripeEvent.filter(state="FAILED").order_by("id").limit(MAX_SUBJECTS)
    rows: list[Any] = await failed.values_list("stripe_event_id", "received_at")
    left = Count.of_all(dismissals.without(ProblemCode.EVENTS_FAILED, rows))
    return Count(all_failed.number - len(rows) + left.number, left.since or all_failed.since, left.subjects)


async def _deliveries() -> tuple[datetime | None, Count]:
    """The time of the last delivery, and the number of later events that had to be back-filled. If nothing
    was ever delivered, the time is None, and all back-filled events are counted.
    """
    latest = await StripeEvent.filter(back_filled_at=None).order_by("-id").first()
    last = latest.received_at if latest is not None else None
    silent = StripeEvent.filter(back_filled_at__isnull=False)
    if last is not None:
        silent = silent.filter(stripe_created_at__gt=last)
    columns = {"number": CountOf("id"), "since": Min("stripe_created_at")}
    (row,) = await silent.annotate(**columns).values(*columns)
    return last, Count.of(row)
