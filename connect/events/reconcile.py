"""Finds events that Stripe did not deliver, and changes that had no event.

The back-fill reads Stripe's list of events and records the missing events. The sweep compares the mirror of
every open account with Stripe. Both are periodic tasks. Their calls count toward the limit of the workers'
calls to Stripe.
"""

import dataclasses
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from connect.errors import AnswerUnusable, ConnectError, StripeNotFound, StripeUnavailable
from connect.events import inbox, notifications
from connect.events.handlers import ENABLED_EVENTS, HANDLERS
from connect.merchants.mirror import mirror
from connect.merchants.mirror.mirror import Outcome
from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.document import wire_time
from connect.platform import periodic
from connect.stripe_api.gateway import MAX_EVENT_TYPES, Answer, Gateway
from models import ConnectedAccount, Merchant, now, outage

BACKFILL, SWEEP = "backfill", "sweep"

# Stripe lists events of the last 30 days (https://docs.stripe.com/api/v2/core/events/list).
MAX_AGE = timedelta(days=30)
# The first sweep begins at most this long after the first start of a worker.
FIRST = timedelta(minutes=1)
# If Stripe gives no answer, a sweep pauses for this time, and the back-fill for at least this time.
PAUSE = timedelta(seconds=10)
# If Stripe gives no answer about an account, a sweep makes this many attempts to fetch it.
MAX_ATTEMPTS = 3
MAX_MISSING = 10

# The fields that a listed event and its notification have in common.
_THIN = ("id", "object", "type", "created", "livemode", "context", "reason", "related_object")

log = structlog.get_logger("reconcile")


@dataclass(slots=True)
class Sweep:
    """The progress and the result of a sweep, which are stored as the state of its task. Times are RFC 3339
    in UTC.
    """

    started_at: str
    finished_at: str | None = None
    # The id of the last compared account. A sweep compares the accounts in the order of their ids.
    position: str | None = None
    # The number of failed attempts to fetch the next account.
    attempts: int = 0
    checked: int = 0
    drifted: int = 0
    repaired: int = 0
    failed: int = 0
    # The accounts that Stripe did not know, at most MAX_MISSING of them.
    missing: list[str] = field(default_factory=list)
    # The accounts that Stripe did not know in the previous sweep.
    missing_before: list[str] = field(default_factory=list)


async def backfill(
    gateway: Gateway,
    worker: str,
    *,
    after: timedelta,
    livemode: bool,
    policy: inbox.Policy,
    types: Sequence[str] = ENABLED_EVENTS,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Record the events whose notifications did not arrive within `after`. Returns their number.

    A pass runs at the interval `after`. Stripe may list an event late, so a pass begins `after` before the
    latest event that earlier passes have read, and reads some events again. A list call accepts a limited
    number of types, so a pass reads several lists, all up to the same time. Each list starts with the newest
    event. An interrupted pass continues after the last event that it has read.
    """
    task = await periodic.claim(BACKFILL, worker, every=max(after, PAUSE), first_in=after)
    if task is None:
        return 0
    at = await now()
    state = task.state
    reached = parse_time(state.get("reached_at")) or await _beginning(at)
    state = {"began_at": wire_time(at), **state, "reached_at": wire_time(reached)}
    checked_at = parse_time(state.get("checked_at"))
    if checked_at is not None and checked_at < at - MAX_AGE:
        log.error("events_beyond_back_fill", checked_at=wire_time(checked_at))
        await periodic.hasten(SWEEP)
    since, until = max(reached - after, at - MAX_AGE), parse_time(state.get("until")) or at - after
    newest, below = parse_time(state.get("newest")), parse_time(state.get("reading_below"))
    listing, count = state.get("listing"), 0
    try:
        for start in range(listing if isinstance(listing, int) else 0, len(types), MAX_EVENT_TYPES):
            async for page in gateway.events(since, below or until, types[start : start + MAX_EVENT_TYPES]):
                count += await _record_missing(page, livemode=livemode, policy=policy)
                times = sorted(filter(None, (parse_time(event.get("created")) for event in page)))
                if times:
                    newest = max(newest or times[-1], times[-1])
                    state |= {"until": wire_time(until), "newest": wire_time(newest)}
                    state |= {"listing": start, "reading_below": wire_time(times[0])}
                if not await periodic.save(task, state):
                    return count
                if stopping():
                    await periodic.finish(task, state, timedelta())
                    return count
            below = None
    except ConnectError as error:
        log.warning("not_back_filled", reason=error.message)
        await periodic.finish(task, state, max(PAUSE, after))
        return count
    total = state.get("found_total")
    state = {
        "reached_at": wire_time(max(reached, newest) if newest is not None else reached),
        "checked_at": wire_time(at),
        "found_total": (total if isinstance(total, int) else 0) + count,
    }
    await periodic.finish(task, state, after)
    return count


async def sweep(
    gateway: Gateway,
    worker: str,
    *,
    every: timedelta,
    batch: int = 10,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Compare the next open accounts with Stripe. Returns their number.

    Stops before the next account when `stopping` returns True. A new sweep starts at the interval `every`. It
    skips the accounts that were fetched after its start.
    """
    task = await periodic.claim(SWEEP, worker, every=max(every, PAUSE), first_in=min(every, FIRST))
    if task is None:
        return 0
    at = await now()
    run = last_sweep(task.state)
    if run is None or run.finished_at is not None:
        run = Sweep(str(wire_time(at)), missing_before=run.missing if run is not None else [])
    compared = 0
    for account in await _next(run, batch):
        if stopping():
            break
        is_answered = await _compare(gateway, account, run)
        compared += 1
        if not await periodic.save(task, dataclasses.asdict(run)):
            return compared  # the lease expired, and another worker continues from the saved state
        if not is_answered:
            await periodic.finish(task, dataclasses.asdict(run), PAUSE)
            return compared
    if compared or stopping():
        await periodic.finish(task, dataclasses.asdict(run), timedelta())
        return compared
    run.finished_at = wire_time(await now())
    started_at = parse_time(run.started_at) or at
    await periodic.finish(task, dataclasses.asdict(run), max(started_at + every - at, timedelta(seconds=1)))
    log.info("swept", checked=run.checked, drifted=run.drifted, repaired=run.repaired, failed=run.failed)
    return 0


def last_sweep(state: dict[str, Any]) -> Sweep | None:
    """The sweep that is stored in a task's state, whether it has finished or not. None before the first
    sweep.
    """
    names = {one.name for one in dataclasses.fields(Sweep)}
    return Sweep(**{name: value for name, value in state.items() if name in names}) if state else None


async def _next(run: Sweep, batch: int) -> list[ConnectedAccount]:
    started_at = parse_time(run.started_at)
    query = ConnectedAccount.filter(closed=False, disconnected_at=None, synced_at__lt=started_at)
    if run.position is not None:
        query = query.filter(id__gt=uuid.UUID(run.position))
    return await query.order_by("id").limit(batch)


async def _compare(gateway: Gateway, account: ConnectedAccount, run: Sweep) -> bool:
    """Compare one account. Returns False if Stripe gave no answer; the sweep must then pause."""
    is_answered = True
    try:
        outcome = await mirror.refresh(gateway, account, mirror.SWEEP)
    except StripeNotFound:
        # The account was deleted, or it left the platform without an event. An operator must find out which.
        log.warning("account_missing", account=account.stripe_account_id)
        run.checked += 1
        run.drifted += 1
        run.missing = [*run.missing, account.stripe_account_id][:MAX_MISSING]
    except ConnectError as error:
        log.warning("not_compared", account=account.stripe_account_id, reason=error.message)
        # An unusable answer concerns only this account, so the sweep continues with the others.
        is_answered = isinstance(error, AnswerUnusable) or not isinstance(error, StripeUnavailable)
        run.attempts += 1
        if not is_answered and run.attempts < MAX_ATTEMPTS:
            return False
        run.failed += 1
    except Exception as error:
        if outage.reason(error) is not None:
            raise
        log.exception("not_compared", account=account.stripe_account_id)
        run.failed += 1
    else:
        run.checked += 1
        run.drifted += outcome is Outcome.REPAIRED
        run.repaired += outcome is Outcome.REPAIRED
    run.position, run.attempts = str(account.id), 0
    return is_answered


async def _beginning(at: datetime) -> datetime:
    """The time from which the first back-fill reads events: the creation of the oldest merchant, but at most
    MAX_AGE before `at`. If there are no merchants, it is `at` itself.
    """
    oldest = await Merchant.all().order_by("id").first()
    return max(oldest.created_at, at - MAX_AGE) if oldest is not None else at


async def _record_missing(page: list[Answer], *, livemode: bool, policy: inbox.Policy) -> int:
    """Record the events of a page that the inbox does not have yet. Returns their number."""
    arrivals = []
    for event in page:
        if not notifications.is_named(event):  # one unusable event must not stop the back-fill
            log.error("listed_event_unusable", created=event.get("created"))
            continue
        thin = {name: event[name] for name in _THIN if name in event}
        arrivals.append(inbox.arrival(thin, json.dumps(thin).encode(), HANDLERS, livemode=livemode))
    new = await inbox.record(arrivals, policy, delivered=False) if arrivals else set()
    for arrival in arrivals:
        if arrival.stripe_event_id in new:
            log.warning("event_back_filled", stripe_event=arrival.stripe_event_id, type=arrival.type)
    return len(new)
