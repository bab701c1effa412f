"""Compare the payments and payouts of open accounts with Stripe, to find changes for which no event has
arrived.

The sweep is a periodic task like the sweep of accounts. For each account that has ever been able to charge,
it lists the recent payments and payouts, a hundred in one call. If an account has stored payments, or is
compared for the first time, it also lists the recent refunds, disputes and warnings. At least four calls
fetch the balance, reserves and settings. At least one more call is needed for each payment that differs or
may still change, for each payout that differs, and for each payout on its way that is late or older than the
list. All calls count toward the limit of the workers' calls to Stripe.
"""

import dataclasses
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from tortoise.expressions import Q, Subquery

from connect.disputes import rows as disputes
from connect.disputes.rules.stages import ENDED
from connect.errors import (
    AnswerUnusable,
    ConnectError,
    StripeNotFound,
    StripePermissionMissing,
    StripeUnavailable,
)
from connect.finances import reconcile as finances
from connect.merchants.mirror import mirror as accounts
from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.wire import wire_time
from connect.payments import calls
from connect.payments.fees import booked_fees, fees
from connect.payments.mirror import adoption, fetches, mirror
from connect.payments.mirror.mirror import Outcome
from connect.payments.rules import snapshot
from connect.payments.rules.snapshot import Dispute, FraudWarning, Intent, Refund, Snapshot, decode
from connect.platform import periodic
from connect.stripe_api.gateway import Answer, Gateway
from models import ApplicationFee, ConnectedAccount, Payment, now, outage
from models import Dispute as DisputeRow

SWEEP = "payment_sweep"

# A sweep begins this long after the previous sweep began.
EVERY = timedelta(days=1)
# A sweep lists at least the payments that were created in this period before its start. Bank debits take up
# to a week.
WINDOW = timedelta(days=7)
# The first successful comparison of an account lists the disputes that were created in this period. No
# inquiry is open for longer (https://docs.stripe.com/disputes/how-disputes-work).
DISPUTED = timedelta(days=120)
# A sweep lists no payments that were created longer ago than this, even if the service was down for longer.
MAX_WINDOW = timedelta(days=30)
# The first sweep begins this long after the first start of a worker.
FIRST = timedelta(minutes=2)
# The task pauses for this time if Stripe gives no answer.
PAUSE = timedelta(seconds=10)
# If Stripe gives no answer about an account, a sweep makes this many attempts.
MAX_ATTEMPTS = 3
# Payments with a dispute in these states may change long after their creation.
OPEN_DISPUTES = ("INQUIRY", "NEEDS_RESPONSE", "UNDER_REVIEW", "UNKNOWN")
# Payments in these states wait for a bank or for the merchant, some of them for weeks.
WAITING_STATES = ("PROCESSING", "AUTHORIZED")
# A payer can pay with a voucher for up to 60 days
# (https://docs.stripe.com/payments/konbini/accept-a-payment).
VOUCHER = timedelta(days=63)
# Banks return refunds up to 30 days later (https://docs.stripe.com/refunds#failed-refunds).
RETURNED = timedelta(days=31)
# Payments in these states wait for the payer, and most of the older payments are never paid. So if such a
# payment was created before the period of the sweep, it is fetched only if it may wait for a voucher.
OPEN_STATES = ("AWAITING_CUSTOMER", "ATTEMPT_FAILED", "REQUIRES_ACTION")

# Saves the progress, and extends the lease of the task.
Keep = Callable[[], Awaitable[bool]]

log = structlog.get_logger("reconcile")


@dataclass(slots=True)
class Sweep:
    """The progress and the result of a sweep, as the state of its task. Times are RFC 3339 in UTC."""

    started_at: str
    since: str
    finished_at: str | None = None
    # The id of the last compared account.
    position: str | None = None
    # Failed attempts to compare the next account.
    attempts: int = 0
    accounts: int = 0
    checked: int = 0
    repaired: int = 0
    found: int = 0
    failed: int = 0
    # The times of the sweep before this one.
    previous_started_at: str | None = None
    previous_finished_at: str | None = None


async def sweep(
    gateway: Gateway,
    worker: str,
    *,
    every: timedelta = EVERY,
    batch: int = 10,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Compare the payments of the next accounts. Returns the number of accounts.

    Stops before the next account when `stopping` returns True. A new sweep starts at the interval `every`.
    The last step of a sweep compares the platform's fees, and returns 0.
    """
    task = await periodic.claim(SWEEP, worker, every=max(every, PAUSE), first_in=min(every, FIRST))
    if task is None:
        return 0
    at = await now()
    run = last_sweep(task.state)
    if run is None or run.finished_at is not None:
        run = _new(at, run)
    compared = 0
    for account in await _next(run, batch):
        if stopping():
            break

        async def keep() -> bool:
            return await periodic.save(task, dataclasses.asdict(run))

        is_answered = await _compare(gateway, account, run, keep)
        compared += 1
        if not await keep():
            return compared  # the lease expired, and another worker continues from the saved state
        if not is_answered:
            await periodic.finish(task, dataclasses.asdict(run), PAUSE)
            return compared
    if compared or stopping():
        await periodic.finish(task, dataclasses.asdict(run), timedelta())
        return compared
    try:
        await _compare_fees(gateway, parse_time(run.since) or at, run)
    except ConnectError as error:
        log.warning("fees_not_compared", reason=error.message)
        run.failed += 1
    run.finished_at = wire_time(await now())
    started_at = parse_time(run.started_at) or at
    await periodic.finish(task, dataclasses.asdict(run), max(started_at + every - at, timedelta(seconds=1)))
    counts = {name: getattr(run, name) for name in ("accounts", "checked", "repaired", "found", "failed")}
    log.info("payments_swept", **counts)
    return 0


def last_sweep(state: dict[str, Any]) -> Sweep | None:
    """The sweep in a task's state, finished or not; None before the first sweep."""
    names = {one.name for one in dataclasses.fields(Sweep)}
    return Sweep(**{name: value for name, value in state.items() if name in names}) if state else None


def _new(at: datetime, previous: Sweep | None) -> Sweep:
    since = at - WINDOW
    before = parse_time(previous.started_at) if previous is not None else None
    if before is not None:
        since = max(min(since, before - timedelta(days=1)), at - MAX_WINDOW)
    return Sweep(
        started_at=str(wire_time(at)),
        since=str(wire_time(since)),
        previous_started_at=previous.started_at if previous is not None else None,
        previous_finished_at=previous.finished_at if previous is not None else None,
    )


async def _next(run: Sweep, batch: int) -> list[ConnectedAccount]:
    """The next open accounts that have ever been able to charge."""
    query = ConnectedAccount.filter(
        closed=False, disconnected_at=None, merchant__ever_active_at__isnull=False
    )
    if run.position is not None:
        query = query.filter(id__gt=uuid.UUID(run.position))
    return await query.order_by("id").limit(batch)


async def _compare(gateway: Gateway, account: ConnectedAccount, run: Sweep, keep: Keep) -> bool:
    """Compare one account. Returns False if Stripe gave no answer, so that the sweep must pause."""
    is_answered = True
    try:
        since, started_at = parse_time(run.since), parse_time(run.started_at)
        await _refresh_open(gateway, account, since, started_at, run, keep)
        pages = calls.list_intents(gateway, account.stripe_account_id, since or account.synced_at)
        async for page in pages:
            await _compare_page(gateway, account, page, run)
            await keep()
        is_new = account.disputes_listed_at is None
        if is_new or await Payment.exists(stripe_account_id=account.stripe_account_id):
            disputed_since = (started_at or account.synced_at) - DISPUTED if is_new else None
            await _compare_objects(gateway, account, since or account.synced_at, disputed_since, run, keep)
        if is_new:
            await ConnectedAccount.filter(id=account.id).update(disputes_listed_at=await now())
        await disputes.count_again(account.merchant_id)
        begun = since or account.synced_at, started_at or account.synced_at
        await _compare_finances(gateway, account, *begun, run)
    except ConnectError as error:
        log.warning("payments_not_compared", account=account.stripe_account_id, reason=error.message)
        # An unusable answer concerns only this account, so the sweep continues with the other accounts.
        is_answered = isinstance(error, AnswerUnusable) or not isinstance(error, StripeUnavailable)
        run.attempts += 1
        if not is_answered and run.attempts < MAX_ATTEMPTS:
            return False
        # The sweep of accounts reports an account that Stripe does not show.
        run.failed += not isinstance(error, StripeNotFound)
    except Exception as error:
        if outage.reason(error) is not None:
            raise
        log.exception("payments_not_compared", account=account.stripe_account_id)
        run.failed += 1
    run.position, run.attempts = str(account.id), 0
    run.accounts += 1
    return is_answered


async def _compare_finances(
    gateway: Gateway, account: ConnectedAccount, since: datetime, started_at: datetime, run: Sweep
) -> None:
    """Compare balance and payouts. A missing permission or an unusable answer is counted as a failure and not
    raised, because an error about a missing permission would pause the sweep at each account.
    """
    try:
        checked, repaired = await finances.compare(gateway, account, since, started_at)
    except (StripePermissionMissing, AnswerUnusable) as error:
        log.warning("finances_not_compared", account=account.stripe_account_id, reason=error.message)
        run.failed += 1
        return
    run.checked += checked
    run.repaired += repaired


async def _compare_page(gateway: Gateway, account: ConnectedAccount, page: list[Answer], run: Sweep) -> None:
    """Read one page of Stripe's list: fetch the payments that differ from the mirror, and store unknown
    payments."""
    try:
        intents = [snapshot.parse_intent(answer) for answer in page]
    except ValueError as error:
        raise AnswerUnusable from error
    known = {
        payment.stripe_payment_intent_id: payment
        for payment in await Payment.filter(stripe_payment_intent_id__in=[intent.id for intent in intents])
    }
    for answer, intent in zip(page, intents, strict=True):
        run.checked += 1
        payment = known.get(intent.id)
        if payment is None:
            if adoption.is_tried(intent):
                await _adopt(gateway, account, intent.id, run)
        elif _differs(answer, intent, decode(payment.snapshot).intent):
            outcome = await mirror.refresh(gateway, payment, mirror.SWEEP)
            run.repaired += outcome is Outcome.REPAIRED


async def _compare_objects(
    gateway: Gateway,
    account: ConnectedAccount,
    since: datetime,
    disputed_since: datetime | None,
    run: Sweep,
    keep: Keep,
) -> None:
    """Fetch the payments whose recent refunds, disputes or early fraud warnings differ from the mirror, and
    store the unknown payments that have recent or open disputes.

    The list of payments shows neither failed refunds nor warnings, and does not contain older payments. The
    list of refunds begins earlier by RETURNED, because a bank can return a refund weeks after its creation.
    """
    key = account.stripe_account_id
    for kind, pages in (
        (fetches.REFUND, calls.recent_refunds(gateway, key, since - RETURNED)),
        (fetches.DISPUTE, calls.recent_disputes(gateway, key, disputed_since or since)),
        (fetches.WARNING, calls.recent_warnings(gateway, key, since)),
    ):
        name = "actionable" if kind == fetches.WARNING else "status"
        async for page in pages:
            statuses: dict[str, dict[str, str]] = {}
            worth_finding = set[str]()
            for answer in page:
                intent_id = snapshot.reference(answer.get("payment_intent")) or ""
                statuses.setdefault(intent_id, {})[answer["id"]] = str(answer.get(name))
                if kind == fetches.DISPUTE and _is_current(answer, since):
                    worth_finding.add(intent_id)
            payments = await Payment.filter(stripe_payment_intent_id__in=list(statuses))
            known_ids = {payment.stripe_payment_intent_id for payment in payments}
            for intent_id in sorted(worth_finding - known_ids - {""}):
                await _adopt(gateway, account, intent_id, run)
                await keep()
            for payment in payments:
                known = decode(payment.snapshot)
                objects = _objects(known, kind)
                listed = statuses[str(payment.stripe_payment_intent_id)].items()
                if not listed <= {one.id: str(getattr(one, name)) for one in objects}.items():
                    outcome = await mirror.refresh(gateway, payment, mirror.SWEEP, kinds={kind})
                    run.repaired += outcome is Outcome.REPAIRED
            await keep()


def _is_current(dispute: Answer, since: datetime) -> bool:
    """Whether a listed dispute is open, or was created at or after `since`."""
    return dispute.get("status") not in ENDED or dispute.get("created", 0) >= since.timestamp()


def _objects(known: Snapshot, kind: str) -> Sequence[Refund | Dispute | FraudWarning]:
    if kind == fetches.REFUND:
        return known.refunds
    if kind == fetches.DISPUTE:
        return known.disputes
    return known.warnings


async def _adopt(gateway: Gateway, account: ConnectedAccount, intent_id: str, run: Sweep) -> None:
    if await mirror.find(intent_id) is not None:
        return  # the intent of a payment page that was replaced
    merchant_id, key = account.merchant_id, account.stripe_account_id
    found = await adoption.adopt(gateway, merchant_id, key, fetches.INTENT, intent_id, mirror.SWEEP)
    if found is not None:
        log.warning("payment_found", payment=str(found.id), account=key)
        run.found += 1


def _differs(answer: Answer, listed: Intent, known: Intent | None) -> bool:
    """Whether a listed intent differs from the mirror. A list contains only the ids of a charge's balance
    transaction and application fee, so these count as different only if the mirror lacks them.
    """
    if known is None:
        return True
    names = ("status", "amount", "amount_received", "amount_capturable", "cancellation_reason", "failure")
    if any(getattr(listed, name) != getattr(known, name) for name in names):
        return True
    old, new = known.charge, listed.charge
    if old is None or new is None:
        return old is not new
    parts = ("id", "status", "amount_captured", "amount_refunded", "captured", "disputed", "reversed")
    if any(getattr(new, name) != getattr(old, name) for name in parts):
        return True
    charge = answer["latest_charge"]
    is_booked = charge.get("balance_transaction") is not None and old.transaction is None
    return is_booked or (charge.get("application_fee") is not None and old.fee is None)


async def _refresh_open(
    gateway: Gateway,
    account: ConnectedAccount,
    since: datetime | None,
    started_at: datetime | None,
    run: Sweep,
    keep: Keep,
) -> None:
    """Fetch the payments that wait for the payer, a bank or the merchant, and the payments with pending
    refunds or open disputes. Stripe's list may not contain them, or may not show their changes.

    If a payment that waits for the payer was created before `since`, it is fetched only if it may wait for a
    voucher.
    """
    is_open = Q(state__in=WAITING_STATES) | Q(state__in=OPEN_STATES, created_at__gte=since)
    if started_at is not None:
        is_open |= Q(state="REQUIRES_ACTION", created_at__gte=started_at - VOUCHER)
    may_change = is_open | Q(refund_state="PENDING") | Q(dispute_state__in=OPEN_DISPUTES)
    # If a payment has a lost and an open dispute, its dispute state is "lost". So read the rows of the
    # disputes, too.
    needing = DisputeRow.filter(merchant_id=account.merchant_id, needs_response=True)
    may_change |= Q(id__in=Subquery(needing.values("payment_id")))
    payments = Payment.filter(
        may_change,
        merchant_id=account.merchant_id,
        stripe_account_id=account.stripe_account_id,
        synced_at__lt=started_at,
    )
    for payment in await payments.order_by("id"):
        run.checked += 1
        outcome = await mirror.refresh(gateway, payment, mirror.SWEEP, kinds={fetches.REFUND})
        run.repaired += outcome is Outcome.REPAIRED
        await keep()


async def _compare_fees(gateway: Gateway, since: datetime, run: Sweep) -> None:
    """Fetch a recent fee of our merchants if it has no row, if it differs from its row, or if its row lacks a
    payment that is stored.
    """
    began_at = await now()
    async for page in calls.list_fees(gateway, since):
        listed = [booked_fees.parse(answer, began_at) for answer in page]
        rows = ApplicationFee.filter(stripe_fee_id__in=[fee.stripe_fee_id for fee in listed])
        stored = await rows
        known = {row.stripe_fee_id: row.amount_refunded for row in stored}
        alone = {row.stripe_fee_id: row.stripe_charge_id for row in stored if row.payment_id is None}
        for fee in listed:
            run.checked += 1
            if fee.stripe_fee_id not in known and await accounts.find(fee.stripe_account_id) is None:
                continue
            charge = alone.get(fee.stripe_fee_id)
            # The payment and its fee may have been stored at the same time, so that neither found the other.
            is_unlinked = charge is not None and await mirror.find(charge) is not None
            if is_unlinked or known.get(fee.stripe_fee_id) != fee.amount_refunded:
                run.repaired += await fees.refresh(gateway, fee.stripe_fee_id) is not None
