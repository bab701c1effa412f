"""What never arrived: events that were not delivered, and drift that no event tells of.

The back-fill reads Stripe's list of events and records those that should have arrived by now. The sweep
compares every open account with Stripe's. Both are recurring tasks with one replica at a time at each, whose
calls to Stripe take their turn among all others; who dies leaves the rest of the work to the next one.
"""

import dataclasses
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from connect.errors import ConnectError, StripeNotFound, StripeUnavailable
from connect.events import inbox
from connect.events.destinations import ENABLED_EVENTS
from connect.gateway import MAX_EVENT_TYPES, Answer, Gateway
from connect.merchants import mirror
from connect.merchants.document import wire_time
from connect.merchants.mirror import Outcome
from connect.merchants.snapshot import parse_time
from connect.platform import periodic
from models import ConnectedAccount, Merchant, StripeEvent, now
from models import outage as outages

BACKFILL, SWEEP = "backfill", "sweep"

# Of what Stripe can list, the oldest (https://docs.stripe.com/api/v2/core/events/list).
LISTED = timedelta(days=30)
# How long after the very first start the first sweep begins.
FIRST = timedelta(minutes=1)
# How long both pause when Stripe gives no answer.
OUTAGE = timedelta(seconds=10)
# How often a sweep tries an account of which Stripe gives no answer; then the next sweep does.
MOST_ATTEMPTS = 3
MOST_MISSING = 10

# What is kept of a listed event: what its notification would have carried.
_THIN = ("id", "object", "type", "created", "livemode", "context", "reason", "related_object")

log = structlog.get_logger("reconcile")


@dataclass(slots=True)
class Sweep:
    """How far a sweep is, and what it found; kept as its task's state. Times are RFC 3339 in UTC."""

    started_at: str
    finished_at: str | None = None
    position: str | None = None  # the account looked at last; accounts are taken in the order of their ids
    attempts: int = 0  # at the next one, which got no answer so far
    checked: int = 0
    drifted: int = 0
    repaired: int = 0
    failed: int = 0
    missing: list[str] = field(default_factory=list)  # accounts unknown to Stripe, at most MOST_MISSING
    missing_before: list[str] = field(default_factory=list)  # as the sweep before this one found


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
    """Record the events of which no notification came within `after`. Returns how many.

    Runs every `after`, and reads from the latest event that it has seen, less `after`, in case one is listed
    late. One listing takes a limited number of types, so a pass consists of several listings, up to the same
    moment. Each has the newest event first; an interrupted pass continues below the last event it has read.
    """
    task = await periodic.claim(BACKFILL, worker, every=max(after, OUTAGE), first_in=after)
    if task is None:
        return 0
    at = await now()
    state = task.state
    reached = parse_time(state.get("reached_at")) or await _beginning(at)
    state = {"began_at": wire_time(at), **state, "reached_at": wire_time(reached)}
    checked_at = parse_time(state.get("checked_at"))
    if checked_at is not None and checked_at < at - LISTED:
        log.error("events_beyond_back_fill", checked_at=wire_time(checked_at))
        await periodic.hasten(SWEEP)
    until = parse_time(state.get("until")) or at - after
    newest = parse_time(state.get("newest"))
    below, listing = parse_time(state.get("reading_below")), state.get("listing")
    first = listing if isinstance(listing, int) else 0
    found = 0
    try:
        for start in range(first, len(types), MAX_EVENT_TYPES):
            since, chunk = max(reached - after, at - LISTED), types[start : start + MAX_EVENT_TYPES]
            async for page in gateway.events(since, below or until, chunk):
                found += await _record_unknown(page, livemode=livemode, policy=policy)
                times = sorted(filter(None, (parse_time(event.get("created")) for event in page)))
                if times:
                    newest = max(newest or times[-1], times[-1])
                    state |= {"until": wire_time(until), "newest": wire_time(newest)}
                    state |= {"listing": start, "reading_below": wire_time(times[0])}
                if not await periodic.keep(task, state):
                    return found
                if stopping():
                    await periodic.finish(task, state, timedelta())
                    return found
            below = None
    except ConnectError as error:
        log.warning("not_back_filled", reason=error.message)
        await periodic.finish(task, state, max(OUTAGE, after))
        return found
    total = state.get("found_total")
    state = {
        "reached_at": wire_time(max(reached, newest) if newest is not None else reached),
        "checked_at": wire_time(at),
        "found_total": (total if isinstance(total, int) else 0) + found,
    }
    await periodic.finish(task, state, after)
    return found


async def sweep(
    gateway: Gateway,
    worker: str,
    *,
    every: timedelta,
    batch: int = 10,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Compare the next few open accounts with Stripe's. Returns how many were looked at.

    When it is `stopping`, it takes up no further account. A sweep begins `every` so often; what was fetched
    since it began, for whatever reason, counts as compared.
    """
    task = await periodic.claim(SWEEP, worker, every=max(every, OUTAGE), first_in=min(every, FIRST))
    if task is None:
        return 0
    at = await now()
    run = last_sweep(task.state)
    if run is None or run.finished_at is not None:
        run = Sweep(str(wire_time(at)), missing_before=run.missing if run is not None else [])
    looked = 0
    for account in await _next(run, batch):
        if stopping():
            break
        outage = await _compare(gateway, account, run)
        looked += 1
        if not await periodic.keep(task, dataclasses.asdict(run)):
            return looked  # our lease ran out, and another goes on from what we kept
        if outage:
            await periodic.finish(task, dataclasses.asdict(run), OUTAGE)
            return looked
    if looked or stopping():
        await periodic.finish(task, dataclasses.asdict(run), timedelta())
        return looked
    run.finished_at = wire_time(await now())
    begun = parse_time(run.started_at) or at
    await periodic.finish(task, dataclasses.asdict(run), max(begun + every - at, timedelta(seconds=1)))
    log.info("swept", checked=run.checked, drifted=run.drifted, repaired=run.repaired, failed=run.failed)
    return 0


def last_sweep(state: dict[str, Any]) -> Sweep | None:
    """The sweep that a task's state tells of, ended or under way."""
    names = {one.name for one in dataclasses.fields(Sweep)}
    return Sweep(**{name: value for name, value in state.items() if name in names}) if state else None


async def _next(run: Sweep, batch: int) -> list[ConnectedAccount]:
    begun = parse_time(run.started_at)
    query = ConnectedAccount.filter(closed=False, disconnected_at=None, synced_at__lt=begun)
    if run.position is not None:
        query = query.filter(id__gt=uuid.UUID(run.position))
    return await query.order_by("id").limit(batch)


async def _compare(gateway: Gateway, account: ConnectedAccount, run: Sweep) -> bool:
    """Look at one account, and go on behind it. True when Stripe gave no answer, so that the sweep pauses."""
    outage = False
    try:
        outcome = await mirror.refresh(gateway, account, mirror.SWEEP)
    except StripeNotFound:
        # It left the platform, or was removed, without an event that we know of: only a person can tell.
        log.warning("account_missing", account=account.stripe_account_id)
        run.checked += 1
        run.drifted += 1
        run.missing = [*run.missing, account.stripe_account_id][:MOST_MISSING]
    except ConnectError as error:
        log.warning("not_compared", account=account.stripe_account_id, reason=error.message)
        outage = isinstance(error, StripeUnavailable)
        run.attempts += 1
        if outage and run.attempts < MOST_ATTEMPTS:
            return True
        run.failed += 1
    except Exception as error:
        if outages.reason(error) is not None:
            raise
        # An answer that cannot be read concerns one account; the others must still be compared.
        log.exception("not_compared", account=account.stripe_account_id)
        run.failed += 1
    else:
        run.checked += 1
        run.drifted += outcome is Outcome.REPAIRED
        run.repaired += outcome is Outcome.REPAIRED
    run.position, run.attempts = str(account.id), 0
    return outage


async def _beginning(at: datetime) -> datetime:
    """From when on events can be missing before anything was back-filled, also among those that arrived."""
    oldest = await Merchant.all().order_by("id").first()
    return max(oldest.created_at, at - LISTED) if oldest is not None else at


async def _record_unknown(page: list[Answer], *, livemode: bool, policy: inbox.Policy) -> int:
    ids = [event["id"] for event in page]
    known = set(await StripeEvent.filter(stripe_event_id__in=ids).values_list("stripe_event_id", flat=True))
    recorded = 0
    for event in page:
        if event["id"] in known:
            continue
        thin = {name: event[name] for name in _THIN if name in event}
        body = json.dumps(thin).encode()
        recorded += await inbox.record(thin, body, livemode=livemode, policy=policy, delivered=False)
        log.warning("event_back_filled", stripe_event=event["id"], type=event["type"])
    return recorded
