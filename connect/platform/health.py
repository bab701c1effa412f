"""Whether the platform is well: the facts from the database, and a look at Stripe once a minute."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import structlog
from tortoise.expressions import Q
from tortoise.functions import Count, Min

from connect.errors import ConnectError, StripeKeyRefused
from connect.events import destinations
from connect.gateway import Gateway
from connect.merchants.creations import KEY_LIFETIME
from connect.merchants.snapshot import parse_time
from connect.merchants.timeline import TimelineKind
from connect.platform import periodic
from connect.platform.problems import (
    RECENT,
    RETRYING_AFTER,
    STALE_GRACE,
    STUCK_AFTER,
    WAITING_AFTER,
    WORKER_AFTER,
    Facts,
    Problem,
    ProblemCode,
    Seen,
    StripeAnswer,
    Tally,
    find,
    kept,
    seen,
)
from models import AccountCreation, ConnectedAccount, Merchant, PeriodicTask, StripeEvent, TimelineEntry, now

TASK = "health"
EVERY = timedelta(seconds=60)

# Of what happened lately so many are looked at one by one; there are hardly ever more.
MOST_RECENT = 1000

log = structlog.get_logger("health")


async def watch(
    gateway: Gateway, worker: str, *, webhook_url: str, stale_after: timedelta, backfill_after: timedelta
) -> int:
    """Once a minute: ask Stripe for the event destination, log what became wrong and what became well.

    Returns 1 when it did, 0 when it was not due or another worker is at it.
    """
    task = await periodic.claim(TASK, worker, every=EVERY)
    if task is None:
        return 0
    before = seen(task.state)
    found = await _ask(gateway, before, webhook_url)
    problems = find(await look(stale_after=stale_after, backfill_after=backfill_after, known=found))
    # First the log: a line too many after a crash is better than none.
    _tell(before.codes, problems)
    codes = tuple(problem.code.value for problem in problems)
    await periodic.finish(task, kept(dataclasses.replace(found, codes=codes)), EVERY)
    return 1


async def problems(*, stale_after: timedelta, backfill_after: timedelta) -> list[Problem]:
    """What is wrong now, with what the last look at Stripe found."""
    return find(await look(stale_after=stale_after, backfill_after=backfill_after))


async def last_seen() -> Seen:
    """What the last look at Stripe found. One statement."""
    task = await PeriodicTask.get_or_none(name=TASK)
    return seen(task.state) if task is not None else Seen()


async def codes() -> list[str]:
    """The problems that the last look found, for monitoring; also that there was none for long."""
    last = await last_seen()
    is_late = last.checked_at is not None and await now() - last.checked_at > WORKER_AFTER
    late = [ProblemCode.NO_WORKER.value] if is_late else []
    return [*late, *(code for code in last.codes if code not in late)]


async def look(*, stale_after: timedelta, backfill_after: timedelta, known: Seen | None = None) -> Facts:
    """The facts, in a dozen statements that indexes serve. `known` replaces what the last look has left."""
    at = await now()
    tasks = {task.name: task for task in await PeriodicTask.filter(name__in=[TASK, "sweep", "backfill"])}
    states: dict[str, Mapping[str, object]] = {name: task.state for name, task in tasks.items()}
    sweep, backfill = states.get("sweep", {}), states.get("backfill", {})
    swept_at = _first_time(sweep.get("finished_at"), sweep.get("started_at")) or _due_at(tasks.get("sweep"))
    unknown = await _open(_unknown(sweep))
    waiting, retrying, failed = await _events(at)
    last_delivered_at, undelivered = await _deliveries()
    expired, stuck = await _unfinished(at)
    return Facts(
        at=at,
        stale_after=stale_after,
        backfill_after=backfill_after,
        seen=known if known is not None else seen(states.get(TASK, {})),
        last_delivered_at=last_delivered_at,
        undelivered=undelivered,
        waiting=waiting,
        retrying=retrying,
        failed=failed,
        creations_expired=expired,
        creations_stuck=stuck,
        creations_refused=await _refused(at - RECENT),
        disconnected=await _disconnected(at - RECENT),
        closed=await _closed(at - RECENT),
        stale=await _stale(at - stale_after - STALE_GRACE, unknown),
        unknown_accounts=unknown,
        unknown_since=swept_at if unknown else None,
        swept_at=swept_at,
        backfilled_at=_first_time(backfill.get("checked_at"), backfill.get("began_at"))
        or _due_at(tasks.get("backfill")),
    )


def _unknown(sweep: Mapping[str, object]) -> tuple[str, ...]:
    """The accounts that Stripe does not know: of the last sweep that ended, and of the one under way."""
    found: dict[str, None] = {}
    for name in ("missing",) if sweep.get("finished_at") else ("missing_before", "missing"):
        listed = sweep.get(name)
        found |= dict.fromkeys(map(str, listed)) if isinstance(listed, list) else {}
    return tuple(found)


async def _open(accounts: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are not known to have ended: an event may have told since."""
    if not accounts:
        return ()
    query = ConnectedAccount.filter(stripe_account_id__in=accounts, closed=False, disconnected_at=None)
    still = [str(one) for one in await query.values_list("stripe_account_id", flat=True)]
    return tuple(one for one in accounts if one in still)


async def _ask(gateway: Gateway, before: Seen, url: str) -> Seen:
    """What Stripe says of the destination. What it said before stays when it says nothing now."""
    check, checked_at = before.destination, before.destination_checked_at
    if check is not None and check.url != url:
        check, checked_at = None, None
    answer = StripeAnswer.GIVEN
    try:
        check = await destinations.check(gateway, url)
    except StripeKeyRefused:
        answer = StripeAnswer.KEY_REFUSED
    except ConnectError:
        answer = StripeAnswer.UNAVAILABLE
    at = await now()
    return Seen(
        checked_at=at,
        stripe=answer,
        stripe_since=before.stripe_since if answer is before.stripe and before.stripe_since else at,
        destination=check,
        destination_checked_at=at if answer is StripeAnswer.GIVEN else checked_at,
    )


def _tell(before: Iterable[str], problems: list[Problem]) -> None:
    known, found = set(before), {problem.code.value for problem in problems}
    for problem in problems:
        if problem.code.value not in known:
            log.warning(
                "problem_appeared",
                code=problem.code.value,
                severity=problem.severity.value,
                message=problem.message,
                count=problem.count,
                remedy=problem.remedy,
            )
    for code in sorted(known - found):
        log.info("problem_gone", code=code)


async def _events(at: datetime) -> tuple[Tally, Tally, Tally]:
    """Events that wait for a worker, that failed so far, and that failed for good."""
    waiting = Q(state="PENDING", run_at__lt=at - WAITING_AFTER)
    retrying = Q(state="PENDING", attempts__gt=1, received_at__lt=at - RETRYING_AFTER)
    failed = Q(state="FAILED")
    rows = (
        await StripeEvent.filter(state__in=["PENDING", "FAILED"])
        .annotate(
            waiting=Count("id", _filter=waiting),
            waiting_since=Min("run_at", _filter=waiting),
            retrying=Count("id", _filter=retrying),
            retrying_since=Min("received_at", _filter=retrying),
            failed=Count("id", _filter=failed),
            failed_since=Min("received_at", _filter=failed),
        )
        .values("waiting", "waiting_since", "retrying", "retrying_since", "failed", "failed_since")
    )
    (row,) = rows
    first, second, third = (_tally(row, name) for name in ("waiting", "retrying", "failed"))
    return first, second, third


async def _deliveries() -> tuple[datetime | None, Tally]:
    """The last delivery, and the events after it that had to be back-filled."""
    latest = await StripeEvent.filter(back_filled_at=None).order_by("-id").first()
    last = latest.received_at if latest is not None else None
    silent = StripeEvent.filter(back_filled_at__isnull=False)
    if last is not None:
        silent = silent.filter(stripe_created_at__gt=last)
    (row,) = await silent.annotate(count=Count("id"), since=Min("stripe_created_at")).values("count", "since")
    return last, Tally(row["count"], row["since"])


async def _unfinished(at: datetime) -> tuple[Tally, Tally]:
    """Creations that may not be repeated any more, and those that got no answer for a while."""
    expired = Q(created_at__lte=at - KEY_LIFETIME)
    stuck = Q(created_at__gt=at - KEY_LIFETIME, created_at__lt=at - STUCK_AFTER)
    (row,) = (
        await AccountCreation.filter(state="PENDING")
        .annotate(
            expired=Count("id", _filter=expired),
            expired_since=Min("created_at", _filter=expired),
            stuck=Count("id", _filter=stuck),
            stuck_since=Min("created_at", _filter=stuck),
        )
        .values("expired", "expired_since", "stuck", "stuck_since")
    )
    return _tally(row, "expired"), _tally(row, "stuck")


async def _refused(since: datetime) -> Tally:
    """Creations that Stripe refused lately, whose external id no merchant has got since."""
    rows = (
        # The index holds run_at; a creation is repeated for as long as Stripe keeps its key.
        await AccountCreation.filter(state="REFUSED", run_at__gt=since - KEY_LIFETIME, finished_at__gte=since)
        .limit(MOST_RECENT)
        .values_list("external_id", "finished_at")
    )
    if not rows:
        return Tally()
    names = list({str(name) for name, _ in rows})
    made = set(await Merchant.filter(external_id__in=names).values_list("external_id", flat=True))
    return _of([moment for name, moment in rows if name not in made])


async def _disconnected(since: datetime) -> Tally:
    left = Merchant.filter(status="DISCONNECTED", account__disconnected_at__gte=since).limit(MOST_RECENT)
    return _of(list(await left.values_list("account__disconnected_at", flat=True)))


async def _closed(since: datetime) -> Tally:
    """Accounts that were closed lately and not on a request of ours, which the timeline would name."""
    # Whatever was closed lately was fetched then or later.
    fetched = ConnectedAccount.filter(closed=True, synced_at__gte=since).limit(MOST_RECENT)
    keys = await fetched.values_list("merchant_id", flat=True)
    if not keys:
        return Tally()
    told = TimelineEntry.filter(merchant_id__in=keys, kind=TimelineKind.CLOSED.value, actor=None)
    return _of(list(await told.filter(at__gte=since).values_list("at", flat=True)))


async def _stale(before: datetime, unknown: tuple[str, ...]) -> Tally:
    stale = ConnectedAccount.filter(closed=False, disconnected_at=None, synced_at__lt=before)
    if unknown:
        stale = stale.filter(stripe_account_id__not_in=list(unknown))
    (row,) = await stale.annotate(count=Count("id"), since=Min("synced_at")).values("count", "since")
    return Tally(row["count"], row["since"])


def _tally(row: Mapping[str, object], name: str) -> Tally:
    count, since = row[name], row[f"{name}_since"]
    return Tally(count if isinstance(count, int) else 0, _moment(since))


def _of(moments: list[object]) -> Tally:
    times = [moment for moment in map(_moment, moments) if moment is not None]
    return Tally(len(moments), min(times, default=None))


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else parse_time(value)


def _first_time(*values: object) -> datetime | None:
    return next((found for found in map(parse_time, values) if found is not None), None)


def _due_at(task: PeriodicTask | None) -> datetime | None:
    return task.due_at if task is not None else None
