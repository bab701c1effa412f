"""What never arrived: events that were not delivered, and drift that no event tells of.

The back-fill reads Stripe's list of events and records those that should have arrived by now. The sweep
compares every open account with Stripe's. Both are recurring tasks with one replica at a time at each, whose
calls to Stripe take their turn among all others; who dies leaves the rest of the work to the next one.
"""

import dataclasses
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from connect import inbox, mirror, periodic
from connect.destinations import ENABLED_EVENTS
from connect.document import wire_time
from connect.errors import ConnectError, StripeNotFound, StripeUnavailable
from connect.gateway import Answer, Gateway
from connect.mirror import Outcome
from connect.snapshot import parse_time
from models import ConnectedAccount, Merchant, PeriodicTask, StripeEvent, now

BACKFILL, SWEEP = "backfill", "sweep"

# Of what Stripe can list, the oldest (https://docs.stripe.com/api/v2/core/events/list).
LISTED = timedelta(days=30)
# How long after the very first start the first sweep begins.
FIRST = timedelta(minutes=1)
# How long both pause when Stripe gives no answer.
OUTAGE = timedelta(seconds=10)

# What is kept of a listed event: what its notification would have carried.
_THIN = ("id", "object", "type", "created", "livemode", "context", "reason", "related_object")

log = structlog.get_logger("reconcile")


@dataclass(slots=True)
class Sweep:
    """How far a sweep is, and what it found; kept as its task's state. Times are RFC 3339 in UTC."""

    started_at: str
    finished_at: str | None = None
    position: str | None = None  # the account looked at last; accounts are taken in the order of their ids
    again: bool = False  # the second pass: those of which Stripe gave no answer
    checked: int = 0
    drifted: int = 0
    repaired: int = 0
    failed: int = 0
    missing: list[str] = field(default_factory=list)  # accounts unknown to Stripe, at most 10


async def backfill(
    gateway: Gateway, worker: str, *, after: timedelta, livemode: bool, policy: inbox.Policy
) -> int:
    """Record the events of which no notification came within `after`. Returns how many.

    Runs every `after`. What was read before is read once more, in case an event is listed late.
    """
    task = await periodic.claim(BACKFILL, worker, first_in=after)
    if task is None:
        return 0
    at = await now()
    state = task.state
    reached = parse_time(state.get("reached_at")) or await _beginning(at)
    if reached < at - LISTED:
        log.error("events_beyond_back_fill", reached_at=wire_time(reached))
        await periodic.hasten(SWEEP)
    found = 0
    try:
        async for page in gateway.events(max(reached - after, at - LISTED), at - after, ENABLED_EVENTS):
            found += await _record_unknown(page, livemode=livemode, policy=policy)
            if not await periodic.keep(task, state):
                return found
    except ConnectError as error:
        log.warning("not_back_filled", reason=error.message)
        await periodic.finish(task, state, max(OUTAGE, after))
        return found
    total = state.get("found_total")
    state = {
        "reached_at": wire_time(max(reached, at - after)),
        "checked_at": wire_time(at),
        "found": found,
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
    task = await periodic.claim(SWEEP, worker, first_in=min(every, FIRST))
    if task is None:
        return 0
    at = await now()
    run = _under_way(task) or Sweep(started_at=str(wire_time(at)))
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
    if run.failed and not run.again:
        run.again, run.failed, run.position = True, 0, None
        await periodic.finish(task, dataclasses.asdict(run), timedelta())
        return 0
    run.finished_at = wire_time(await now())
    begun = parse_time(run.started_at) or at
    await periodic.finish(task, dataclasses.asdict(run), max(begun + every - at, timedelta(seconds=1)))
    log.info("swept", **{key: value for key, value in dataclasses.asdict(run).items() if key != "position"})
    return 0


def last_sweep(state: dict[str, Any]) -> Sweep | None:
    """The sweep that a task's state tells of."""
    names = {one.name for one in dataclasses.fields(Sweep)}
    return Sweep(**{name: value for name, value in state.items() if name in names}) if state else None


def _under_way(task: PeriodicTask) -> Sweep | None:
    run = last_sweep(task.state)
    return run if run is not None and run.finished_at is None else None


async def _next(run: Sweep, batch: int) -> list[ConnectedAccount]:
    begun = parse_time(run.started_at)
    query = ConnectedAccount.filter(closed=False, disconnected_at=None, synced_at__lt=begun)
    if run.position is not None:
        query = query.filter(id__gt=uuid.UUID(run.position))
    return await query.order_by("id").limit(batch)


async def _compare(gateway: Gateway, account: ConnectedAccount, run: Sweep) -> bool:
    """Look at one account. True when Stripe gave no answer, so that the sweep should pause."""
    run.position = str(account.id)
    try:
        outcome = await mirror.refresh(gateway, account, mirror.SWEEP)
    except StripeNotFound:
        # It left the platform, or was removed, without an event that we know of: only a person can tell.
        log.warning("account_missing", account=account.stripe_account_id)
        run.checked += 1
        run.drifted += 1
        run.missing = [*run.missing, account.stripe_account_id][:10]
    except ConnectError as error:
        log.warning("not_compared", account=account.stripe_account_id, reason=error.message)
        run.failed += 1
        return isinstance(error, StripeUnavailable)
    else:
        run.checked += 1
        run.drifted += outcome is Outcome.REPAIRED
        run.repaired += outcome is Outcome.REPAIRED
    return False


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
