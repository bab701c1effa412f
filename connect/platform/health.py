"""Finds the problems of the platform in the database, and with a check at Stripe once a minute."""

import dataclasses
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from tortoise.transactions import in_transaction

from connect.errors import ConnectError, StripeKeyRefused, StripePermissionMissing
from connect.events import destinations, reconcile
from connect.events import problems as event_problems
from connect.finances import problems as finance_problems
from connect.merchants import creations
from connect.merchants import problems as merchant_problems
from connect.merchants.replacements import replacements
from connect.outgoing import problems as outgoing_problems
from connect.payments import problems as payment_problems
from connect.payments import wallet_domains
from connect.payments.mirror import reconcile as payment_reconcile
from connect.platform import dismissals as dismissed
from connect.platform import last_check as last_checks
from connect.platform import periodic, permissions
from connect.platform.dismissals import Dismissals
from connect.platform.last_check import LastCheck, StripeAnswer
from connect.platform.problems import Problem, ProblemCode, format_time, put_in_order
from connect.platform.records import problem_history, workers
from connect.services import problems as service_problems
from connect.stripe_api import call_counts, stored_requests
from connect.stripe_api.gateway import Gateway
from models import DismissedProblem, PeriodicTask, StripeEvent, changes, now
from models.changes import Change
from models.transactions import repeatable

TASK = "health"
EVERY = timedelta(seconds=60)
# Workers check every minute. If there was no check for this long, no worker is active.
WORKER_AFTER = timedelta(minutes=5)

log = structlog.get_logger("health")


async def watch(
    gateway: Gateway, worker: str, *, webhook_url: str, stale_after: timedelta, backfill_after: timedelta
) -> int:
    """Check the event destination and the key once a minute, and log the new and the solved problems.

    Also removes ended dismissals, old reports of workers and old counts of calls. If a request for an account
    is too old to be repeated, the personal data in the request is removed, too. Returns 1 after a check, and
    0 if the check is not due or another worker has the task.
    """
    task = await periodic.claim(TASK, worker, every=EVERY)
    if task is None:
        return 0
    before = last_checks.decode(task.state)
    domains = await PeriodicTask.get_or_none(name=wallet_domains.TASK)
    has_domains = domains is not None and bool(wallet_domains.registered(domains.state))
    check = await _check(gateway, before, webhook_url, has_domains=has_domains)
    dismissals = await _finish(task, before, check, stale_after, backfill_after)
    await dismissed.forget(dismissals)
    await stored_requests.forget_expired(creations.CREATION)
    await stored_requests.forget_expired(replacements.REPLACEMENT)
    await workers.forget_old()
    await call_counts.forget_old()
    return 1


@repeatable
async def _finish(
    task: PeriodicTask, before: LastCheck, check: LastCheck, stale_after: timedelta, backfill_after: timedelta
) -> Dismissals:
    """Find the problems, and save them with the check. Returns the dismissals.

    A concurrent dismissal waits for the task's lock, and then removes the dismissed problem's code from the
    saved codes.
    """
    async with in_transaction():
        await PeriodicTask.select_for_update().get(name=TASK)
        current, dismissals = await _find(stale_after, backfill_after, check)
        # Log first: after a crash, a repeated line is better than a missing line.
        _log_changes(before.codes, current)
        codes = tuple(problem.code.value for problem in current)
        check = dataclasses.replace(check, codes=codes, shown=_shown(current, check, await _numbers()))
        # If another worker has the task by now, that worker records its own check.
        if await periodic.finish(task, last_checks.encode(check), EVERY):
            await _record(before, check, current, dismissals)
            if check.shown != before.shown:
                await changes.publish(Change(changes.PLATFORM))
    return dismissals


async def _record(
    before: LastCheck, check: LastCheck, current: list[Problem], dismissals: Dismissals
) -> None:
    """Add the check to the history of problems."""
    last, at = before.checked_at, check.checked_at or await now()
    if last is not None and at - last > WORKER_AFTER:
        await problem_history.record_pause(last + WORKER_AFTER, at)
    await problem_history.record(current, {code for code, _ in dismissals.in_force}, at)


async def problems(
    *, stale_after: timedelta, backfill_after: timedelta, check: LastCheck | None = None
) -> list[Problem]:
    """Find the present problems with 30 to 40 indexed statements, and add the problems of the last check.

    Dismissed problems are left out.
    """
    return await _present(stale_after, backfill_after, check)


@repeatable
async def _present(
    stale_after: timedelta, backfill_after: timedelta, check: LastCheck | None = None
) -> list[Problem]:
    """Find the problems in one transaction, which waits for SQLite's connection only once."""
    async with in_transaction():
        current, _ = await _find(stale_after, backfill_after, check)
    return current


async def _find(
    stale_after: timedelta, backfill_after: timedelta, check: LastCheck | None
) -> tuple[list[Problem], Dismissals]:
    dismissals = await dismissed.load()
    at = await now()
    names = [TASK, reconcile.SWEEP, reconcile.BACKFILL, payment_reconcile.SWEEP, wallet_domains.TASK]
    tasks = {task.name: task for task in await PeriodicTask.filter(name__in=names)}
    if check is None:
        check = last_checks.decode(tasks[TASK].state) if TASK in tasks else LastCheck()
    found = put_in_order(
        [
            *last_checks.find_problems(check),
            *(destinations.find_problems(check.destination) if check.destination else ()),
            *_find_worker(at, check.checked_at),
            *await event_problems.find(at, tasks.get(reconcile.BACKFILL), backfill_after, dismissals),
            *await merchant_problems.find(at, tasks.get(reconcile.SWEEP), stale_after, dismissals),
            *await payment_problems.find(
                at, tasks.get(payment_reconcile.SWEEP), tasks.get(wallet_domains.TASK), dismissals
            ),
            *await finance_problems.find(at, dismissals),
            *await service_problems.find(at, dismissals),
            *await outgoing_problems.find(at, dismissals),
        ]
    )
    return [one for one in found if one.subjects or not dismissals.hide(one.code)], dismissals


async def dismiss(
    code: ProblemCode, subject: str | None, *, actor: str, stale_after: timedelta, backfill_after: timedelta
) -> list[DismissedProblem]:
    """Hide a present problem, or one of its subjects, until the problem occurs again. Returns the dismissals
    of the problem, or of the subject.

    A repeat changes nothing. Raises ProblemNotFound.
    """
    at = await now()
    present = await _present(stale_after, backfill_after)
    await dismissed.save(present, code, subject, actor=actor, at=at)
    left = await _present(stale_after, backfill_after)
    if code not in {problem.code for problem in left}:
        await _remove_code(code)
    await changes.publish(Change(changes.PLATFORM))
    return await dismissed.listed(code, subject)


@repeatable
async def _remove_code(code: ProblemCode) -> None:
    """Remove a problem from the result of the last check, which monitoring reads."""
    async with in_transaction():
        task = await PeriodicTask.select_for_update().get_or_none(name=TASK)
        if task is not None:
            codes = [one for one in last_checks.decode(task.state).codes if one != code.value]
            task.state = {**task.state, "codes": codes}
            await task.save(update_fields=["state"])


async def last_check() -> LastCheck:
    """Read the result of the last check with one statement."""
    task = await PeriodicTask.get_or_none(name=TASK)
    return last_checks.decode(task.state) if task is not None else LastCheck()


async def codes() -> list[str]:
    """The codes of the last check's problems, for monitoring. NO_WORKER is added if the check is too old and
    NO_WORKER is not dismissed.
    """
    check = await last_check()
    is_late = check.checked_at is not None and await now() - check.checked_at > WORKER_AFTER
    no_worker = ProblemCode.NO_WORKER
    late = [no_worker.value] if is_late and not (await dismissed.load()).hide(no_worker) else []
    return [*late, *(code for code in check.codes if code not in late)]


def _find_worker(at: datetime, checked_at: datetime | None) -> list[Problem]:
    if checked_at is not None and at - checked_at <= WORKER_AFTER:
        return []
    since = f"since {format_time(checked_at)}" if checked_at else "yet"
    return [
        Problem(
            ProblemCode.NO_WORKER,
            f"No worker has been active {since}.",
            "Start a worker: `python -m api worker`, or `python -m api` without CONNECTQL_WORKER=off. If a "
            "worker runs, its log names the cause (`worker_step_failed`).",
            since=checked_at,
        )
    ]


async def _check(gateway: Gateway, before: LastCheck, url: str, *, has_domains: bool) -> LastCheck:
    """Ask Stripe for the event destination, and test the permissions of the key.

    If Stripe does not return the destination, the result keeps the destination of the previous check
    (`before`), provided that this destination has the address `url`.
    """
    destination, checked_at = before.destination, before.destination_checked_at
    if destination is not None and destination.url != url:
        destination, checked_at = None, None
    answer, permission = StripeAnswer.GIVEN, None
    try:
        destination = await destinations.check(gateway, url)
        account = await permissions.any_account() if gateway.is_restricted else None
        has_services = gateway.is_restricted and await permissions.has_services()
        await permissions.check(gateway, account, has_domains=has_domains, has_services=has_services)
    except StripePermissionMissing as error:
        answer, permission = StripeAnswer.PERMISSION_MISSING, error.permission
    except StripeKeyRefused:
        answer = StripeAnswer.KEY_REFUSED
    except ConnectError:
        answer = StripeAnswer.UNAVAILABLE
    at = await now()
    return LastCheck(
        checked_at=at,
        stripe=answer,
        stripe_since=before.stripe_since if answer is before.stripe and before.stripe_since else at,
        destination=destination,
        destination_checked_at=at if answer is StripeAnswer.GIVEN else checked_at,
        permission=permission,
    )


async def _numbers() -> str:
    """The numbers of waiting and failed events, and the active workers, as one text."""
    waiting, failed = [await StripeEvent.filter(state=state).count() for state in ("PENDING", "FAILED")]
    alive = [f"{one.name} {one.version}" for one in await workers.listed() if one.is_alive]
    return f"{waiting} {failed} {sorted(alive)}"


def _shown(problems: list[Problem], check: LastCheck, numbers: str) -> str:
    """A hash of the problems, the destination's status, the numbers of events, and the workers."""
    texts = [f"{one.code.value} {one.count} {one.message} {one.subjects}" for one in problems]
    status = check.destination.status.value if check.destination is not None else ""
    return hashlib.sha256("\n".join([status, numbers, *texts]).encode()).hexdigest()


def _log_changes(before: Iterable[str], problems: list[Problem]) -> None:
    old, new = set(before), {problem.code.value for problem in problems}
    for problem in problems:
        if problem.code.value not in old:
            texts = {"message": problem.message, "count": problem.count, "remedy": problem.remedy}
            severity = problem.severity.value
            log.warning("problem_appeared", code=problem.code.value, severity=severity, **texts)
    for code in sorted(old - new):
        log.info("problem_gone", code=code)
