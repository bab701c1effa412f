"""The inbox records each event notification once when it arrives. Workers handle it later.

A handler does not trust the content of a notification. It fetches the object. One fetch serves all waiting
notifications of an object. A failed attempt is retried, with increasing pauses. After the last attempt, the
event is FAILED until an operator replays it.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from tortoise.expressions import F, Q

from connect.errors import ConnectError, EventNotFound, StripeRefused, StripeUnavailable, UnknownPayment
from connect.events.notifications import account_id
from connect.merchants.rules.account.snapshot import parse_time
from connect.platform import faultpoints
from connect.stripe_api.gateway import Gateway
from models import StripeEvent, changes, lease, now, outage
from models.changes import Change
from models.event import WAKE, Arrival, insert, is_of_longest_due_subjects, settle, without_bodies
from models.origin import origin
from models.sql import Select

PING = "v2.core.event_destination.ping"

# The reason for ignoring events of accounts that have no merchant here. Rows store this text, so it must not
# change.
FOREIGN = "The account was not created by this service."

# Stripe retries the delivery of an event for three days (https://docs.stripe.com/webhooks#retries).
MAX_OUTAGE = timedelta(days=3)
# The maximum number of events in one claim.
MAX_EVENTS = 1000

log = structlog.get_logger("inbox")


@dataclass(frozen=True, slots=True)
class Policy:
    """The pauses and limits of event handling. Times are in seconds."""

    debounce: float = 0.25  # an onboarding emits several events at once, and one fetch serves them all
    lease: float = 30.0
    first_pause: float = 1.0  # doubles with each attempt
    max_pause: float = 900.0
    max_attempts: int = 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """The merchant of the handled events, or the reason why they were ignored."""

    merchant_id: uuid.UUID | None = None
    stripe_account_id: str | None = None
    ignored: str | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """Handles the events whose type begins with one of the prefixes.

    The event destination subscribes to `types`. `key` returns a key for a notification's object, usually the
    object's id, or None if the notification does not name the object. Events with an equal key are handled
    together. `handle` updates the mirror of the object, or raises ConnectError if the events must be retried.
    """

    types: tuple[str, ...]
    prefixes: tuple[str, ...]
    key: Callable[[dict[str, Any]], str | None]
    handle: Callable[[Gateway, Sequence[StripeEvent]], Awaitable[Outcome]]


Handlers = Sequence[Handler]


def arrival(notification: dict[str, Any], body: bytes, handlers: Handlers, *, livemode: bool) -> Arrival:
    """Return the row to store for a notification. `livemode` tells whether this service works in live mode or
    in a sandbox.
    """
    event_type: str = notification["type"]
    event_id: str = notification["id"]
    handler = find_handler(handlers, event_type)
    state, reason = "PENDING", None
    if (notification.get("livemode") is True) is not livemode:
        mode = "live mode" if livemode else "a sandbox"
        state, reason = "IGNORED", f"The event belongs to another mode; this service works in {mode}."
    elif event_type == PING:
        state = "HANDLED"
    elif handler is None:
        state = "IGNORED"
    return Arrival(
        stripe_event_id=event_id,
        type=event_type,
        stripe_account_id=account_id(notification),
        subject_key=(handler.key(notification) if handler is not None else None) or event_id,
        livemode=notification.get("livemode") is True,
        body=body.decode("utf-8"),
        stripe_created_at=parse_time(notification.get("created")),
        state=state,
        last_error=reason,
        origin=origin.get(),
    )


async def record(arrivals: Sequence[Arrival], policy: Policy, *, delivered: bool = True) -> set[str]:
    """Record notifications, each of a different event. Returns the ids of the new events.

    If `delivered` is False, the events come from Stripe's list of events. Workers handle them like delivered
    events.
    """
    new = await insert(arrivals, due_in=timedelta(seconds=policy.debounce), delivered=delivered)
    repeated = [arrival.stripe_event_id for arrival in arrivals if arrival.stripe_event_id not in new]
    if repeated and delivered:
        late = StripeEvent.filter(stripe_event_id__in=repeated, back_filled_at__isnull=False)
        # Concurrent statements that each update several rows could deadlock, so each statement updates one
        # row.
        for event_id in await late.values_list("stripe_event_id", flat=True):
            await late.filter(stripe_event_id=event_id).update(back_filled_at=None, received_at=await now())
    return new


async def work(
    gateway: Gateway, worker: str, policy: Policy, handlers: Handlers, *, max_subjects: int = 8
) -> int:
    """Handle due events. Returns their number. Any number of workers may run at once.

    After a cancellation or a database outage, the leases of the unfinished events are released, so these
    events are due again immediately, and the attempt does not count. If the release fails, too, the events
    are due again when their leases expire.
    """
    try:
        groups = await _claim(worker, policy, handlers, max_subjects)
        attempts = [_handle(gateway, worker, policy, *group) for group in groups]
        results = await asyncio.gather(*attempts, return_exceptions=True)
        # If an event's object belonged to no known payment, the handling of the other events may have stored
        # the payment.
        unknown = [group for group, result in zip(groups, results, strict=True) if result is False]
        attempts = [_handle(gateway, worker, policy, *group, is_again=True) for group in unknown]
        results += await asyncio.gather(*attempts, return_exceptions=True)
    except asyncio.CancelledError:
        await _release(worker)
        raise
    failures = [result for result in results if isinstance(result, BaseException)]
    outages = [failure for failure in failures if outage.reason(failure) is not None]
    for failure in failures:
        if failure not in outages:
            log.error("events_left", exc_info=failure)
    if outages:
        await _release(worker)
        raise outages[0]
    return sum(len(events) for _, events in groups)


async def next_due_in() -> float | None:
    """Seconds until the next waiting event is due. Negative if it is overdue, None if no event waits."""
    waiting = StripeEvent.filter(state="PENDING", leased_until=None)
    times: list[Any] = await waiting.order_by("run_at").limit(1).values_list("run_at", flat=True)
    return (times[0] - await now()).total_seconds() if times else None


async def replay(event_id: uuid.UUID) -> StripeEvent:
    """Make an event in any state due again. Raises EventNotFound."""
    changed = await StripeEvent.filter(id=event_id).update(
        state="PENDING",
        attempts=0,
        run_at=await now(),
        leased_until=None,
        leased_by=None,  # a worker that is handling the event must not mark it as handled
        last_error=None,
        handled_at=None,
    )
    if not changed:
        raise EventNotFound
    await changes.publish(Change(WAKE))
    await changes.publish(Change(changes.PLATFORM))
    return await StripeEvent.get(id=event_id)


async def handle_again(account_id: str, since: datetime, reason: str) -> None:
    """Make events of an account due again. The caller's transaction stores the mirror of this account.

    These are the events that were ignored for `reason` after `since`, and the events that a worker is
    handling now. The outcome of this worker is discarded.
    """
    at = await now()
    ignored = Q(state="IGNORED", last_error=reason, handled_at__gte=since)
    events = StripeEvent.filter(
        Q(state="PENDING", leased_until__isnull=False) | ignored, stripe_account_id=account_id
    )
    columns = {"leased_until": None, "leased_by": None, "last_error": None, "handled_at": None}
    if await events.update(state="PENDING", attempts=0, run_at=at, **columns):
        await changes.publish(Change(WAKE))


def find_handler(handlers: Handlers, event_type: str) -> Handler | None:
    return next((handler for handler in handlers if event_type.startswith(handler.prefixes)), None)


async def _claim(
    worker: str, policy: Policy, handlers: Handlers, max_subjects: int
) -> list[tuple[Handler | None, list[StripeEvent]]]:
    """Lease the events of at most `max_subjects` subjects: those whose events have been due longest. Returns
    the events grouped by subject, with the handler of each group.
    """
    length = timedelta(seconds=policy.lease)

    def due(statement: Select) -> list[str]:
        return is_of_longest_due_subjects(statement, length, max_events=MAX_EVENTS, max_subjects=max_subjects)

    keys = await lease.claim(StripeEvent, due, length, by=worker, limit=MAX_EVENTS)
    if not keys:
        return []
    faultpoints.reach("worker.claimed")
    groups: dict[str, list[StripeEvent]] = {}
    for event in await without_bodies(StripeEvent.filter(id__in=keys, leased_by=worker)).order_by("id"):
        groups.setdefault(event.subject_key, []).append(event)
    return [(find_handler(handlers, events[0].type), events) for events in groups.values()]


async def _handle(
    gateway: Gateway,
    worker: str,
    policy: Policy,
    handler: Handler | None,
    events: list[StripeEvent],
    *,
    is_again: bool = False,
) -> bool:
    """Handle the events of one subject, and settle or postpone them.

    If the object of the events belongs to no known payment and `is_again` is false, returns False and does
    not postpone the events.
    """
    try:
        if handler is None:
            outcome = Outcome(ignored="This version of the service does not handle events of this type.")
        else:
            outcome = await handler.handle(gateway, events)
    except ConnectError as error:
        if isinstance(error, UnknownPayment) and not is_again:
            return False
        reason = error.message
        if isinstance(error, StripeRefused) and error.request_id is not None:
            reason = f"{reason} Stripe's request id is {error.request_id}."
        await _postpone(events, worker, policy, reason, outage=isinstance(error, StripeUnavailable))
        return True
    except Exception as error:
        if outage.reason(error) is not None:
            raise
        log.exception("event_not_handled", events=[event.stripe_event_id for event in events])
        await _postpone(events, worker, policy, "Unexpected error. The log has the details.")
        return True
    faultpoints.reach("worker.written")
    ids = [event.id for event in events]
    if outcome.ignored is not None:
        await settle(ids, worker, state="IGNORED", last_error=outcome.ignored)
    else:
        of = {"merchant_id": outcome.merchant_id, "stripe_account_id": outcome.stripe_account_id}
        await settle(ids, worker, state="HANDLED", last_error=None, **of)
    return True


async def _postpone(
    events: list[StripeEvent], worker: str, policy: Policy, reason: str, *, outage: bool = False
) -> None:
    """Retry the events later, or give up.

    During an outage of Stripe, retries continue for as long as Stripe itself retries deliveries.
    """
    at = await now()
    groups: dict[tuple[int, bool], list[StripeEvent]] = {}
    for event in events:
        failed = event.attempts >= policy.max_attempts and (not outage or at - event.received_at > MAX_OUTAGE)
        groups.setdefault((event.attempts, failed), []).append(event)
    for (attempts, failed), group in groups.items():
        pause = min(policy.first_pause * 2 ** min(attempts - 1, 30), policy.max_pause)
        await _held(group, worker).update(
            state="FAILED" if failed else "PENDING",
            run_at=at + timedelta(seconds=pause),
            leased_until=None,
            last_error=reason,
        )
        if failed:
            await changes.publish(Change(changes.PLATFORM))
        for event in group if failed else ():
            log.error("event_failed", stripe_event=event.stripe_event_id, type=event.type, reason=reason)


async def _release(worker: str) -> None:
    """Release the events that this worker still holds, and do not count the attempt."""
    held = StripeEvent.filter(leased_by=worker, leased_until__isnull=False, state="PENDING")
    try:
        await held.update(leased_until=None, leased_by=None, attempts=F("attempts") - 1)
    except Exception as error:  # noqa: BLE001 - the leases then expire
        log.warning("leases_left", reason=outage.reason(error) or type(error).__name__)


def _held(events: Sequence[StripeEvent], worker: str) -> Any:
    """A query for those of the events that this worker still holds: no other worker has claimed them, and no
    operator has replayed them meanwhile.
    """
    return StripeEvent.filter(id__in=[event.id for event in events], leased_by=worker, state="PENDING")
