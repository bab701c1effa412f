"""The mirror of services: fetch a merchant's subscription, and write it with the merchant's document."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from tortoise.expressions import Q

from connect.errors import AnswerUnusable, ConnectError, StripeUnavailable
from connect.merchants.mirror import documents, timeline
from connect.merchants.mirror import mirror as accounts
from connect.merchants.mirror.timeline import Change, TimelineKind
from connect.merchants.rules.account import snapshot as snapshots
from connect.platform import periodic
from connect.services import calls
from connect.services.rules import access, document, entries
from connect.services.rules.snapshot import Snapshot, decode, encode, parse
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, Service, now, start_service_fetch
from models.transactions import repeatable, transaction_on

# The sweep fetches an open subscription whose last fetch is older than this.
EVERY = timedelta(hours=6)
# The pause after a sweep that leaves no late service, and the maximum number of services in one sweep.
PAUSE = timedelta(minutes=1)
BATCH = 20
# A sweep searches this many accounts for customers of the platform that have no service.
WALK = 200
# The accounts that are customers of the platform have this configuration.
CUSTOMER = "customer"
TASK = "services"
MOVED = "The merchant's account was replaced during the fetch. Repeat the same request; repeats are safe."

log = structlog.get_logger("services")


async def find(stripe_account_id: str) -> Service | None:
    """Return the service of the merchant with this current or former account; None if there is no merchant.

    If the merchant has no service yet, stores a service, which is empty until the first fetch.
    """
    service = await Service.get_or_none(stripe_account_id=stripe_account_id)
    if service is not None:
        return service
    account = await accounts.find(stripe_account_id)
    return await ensure(account) if account is not None else None


@repeatable
async def ensure(account: ConnectedAccount) -> Service:
    """Return the service of the account's merchant. If the merchant has none, store an empty one.

    If the stored service belongs to another account and has no open subscription, it moves to this account
    and counts as not fetched yet.
    """
    async with transaction_on(account.merchant_id):
        await Merchant.select_for_update().get(id=account.merchant_id)
        row = await Service.get_or_none(merchant_id=account.merchant_id)
        if row is None:
            return await Service.create(
                merchant_id=account.merchant_id, stripe_account_id=account.stripe_account_id
            )
        if row.stripe_account_id != account.stripe_account_id and not row.is_open:
            row.stripe_account_id, row.synced_at = account.stripe_account_id, None
            await row.save(update_fields=["stripe_account_id", "synced_at"])
        return row


async def refresh(gateway: Gateway, service: Service, *, grace: timedelta = access.GRACE) -> Service:
    """Fetch the subscription and its invoices, and write them unless a later fetch was written already.

    `grace` is the platform's grace period after a failed payment.
    """
    fetch, at = await start_service_fetch(service.id), await now()
    found = await calls.latest_subscriptions(gateway, service.stripe_account_id)
    invoices = await calls.latest_invoices(gateway, service.stripe_account_id) if found else []
    current = parse(found, invoices)
    return await write(service, current, fetch, at, grace=grace)


@repeatable
async def write(
    service: Service,
    current: Snapshot | None,
    fetch: int,
    began: datetime,
    *,
    grace: timedelta = access.GRACE,
) -> Service:
    """Write the answer of the fetch with this number, unless the answer of a later fetch was written already.

    For an erased merchant, only the number and the time of the fetch are written. Raises StripeUnavailable if
    the service has moved to another account during the fetch.
    """
    async with transaction_on(service.merchant_id):
        merchant = await Merchant.select_for_update().get(id=service.merchant_id)
        row = await Service.select_for_update().get(id=service.id)
        if row.stripe_account_id != service.stripe_account_id:
            raise StripeUnavailable(MOVED)
        if merchant.erased_at is not None:
            row.fetch_applied, row.synced_at = fetch, began
            await row.save(update_fields=["fetch_applied", "synced_at"])
            return row
        if fetch <= row.fetch_applied:
            log.info("older_service_dropped", service=str(row.id), fetch=fetch)
            return row
        if current is not None:
            current = access.follow(decode(row.snapshot) if row.snapshot is not None else None, current)
        row.update_from_dict(
            {
                "fetch_applied": fetch,
                "synced_at": began,
                "snapshot": encode(current) if current is not None else None,
                "stripe_subscription_id": current.id if current is not None else None,
                "is_open": current is not None and current.is_open,
            }
        )
        await _save(merchant, row, current, grace)
        return row


async def _save(merchant: Merchant, row: Service, current: Snapshot | None, grace: timedelta) -> None:
    """Save the service, and update the merchant's document and timeline. If the grace period has ended,
    `end_graces` does not select the service again.
    """
    at = await now()
    until = access.grace_until(current, grace) if current is not None else None
    row.grace_until = until if until is not None and at < until else None
    await row.save()
    built = document.build(current, at, grace) if current is not None else None
    text = json.dumps(built) if built is not None else None
    if text == merchant.service:
        return
    before = json.loads(merchant.service) if merchant.service is not None else None
    entry = entries.entry(before, built)
    if entry is not None:
        change = Change(TimelineKind.SERVICE_CHANGED, entry.message, entry.before, entry.after)
        await timeline.record_changes(merchant.id, [change], at, actor=None)
    merchant.update_from_dict({"service": text})
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    await documents.save(merchant, account, at, has_entries=entry is not None)


async def end_graces(grace: timedelta = access.GRACE) -> int:
    """Withdraw the access of at most BATCH merchants whose grace period has ended. Returns their number."""
    due = await Service.filter(grace_until__lte=await now()).order_by("grace_until").limit(BATCH)
    for service in due:
        await _end_grace(service, grace)
    return len(due)


@repeatable
async def _end_grace(service: Service, grace: timedelta) -> None:
    async with transaction_on(service.merchant_id):
        merchant = await Merchant.select_for_update().get(id=service.merchant_id)
        row = await Service.select_for_update().get(id=service.id)
        await _save(merchant, row, decode(row.snapshot) if row.snapshot is not None else None, grace)


async def sweep(
    gateway: Gateway,
    worker: str,
    *,
    grace: timedelta = access.GRACE,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Once a minute, end the grace periods that are over, and add services for customers of the platform that
    have none.

    Then fetch at most BATCH services: open services whose last fetch is older than EVERY, and services that
    were never fetched. Returns the sum of the ended grace periods and the fetched services. One replica at a
    time does this.
    """
    task = await periodic.claim(TASK, worker, every=PAUSE)
    if task is None:
        return 0
    state = dict(task.state)
    ended = latest = await end_graces(grace)
    while latest == BATCH and not stopping() and await periodic.save(task, state):
        latest = await end_graces(grace)
        ended += latest
    state["position"] = await _find_customers(state.get("position"))
    before = await now() - EVERY
    late = Q(is_open=True, synced_at__lt=before) | Q(synced_at__isnull=True)
    services = await Service.filter(late, id__gt=_start(state.get("service"))).order_by("id").limit(BATCH)
    fetched, pause = 0, PAUSE
    for service in services:
        if stopping():
            break
        # The position is saved before the fetch, so that a service that cannot be fetched does not hold up
        # the others.
        state["service"] = str(service.id)
        if not await periodic.save(task, state):
            break
        try:
            await refresh(gateway, service, grace=grace)
            fetched += 1
        except ConnectError as error:
            log.warning("service_not_fetched", service=str(service.id), reason=error.message)
            if isinstance(error, StripeUnavailable) and not isinstance(error, AnswerUnusable):
                break  # the other services would probably fail as well
    else:
        # After the last late service, the next sweep begins again with the first one.
        if len(services) < BATCH:
            state["service"] = None
        else:  # more services may be late
            pause = timedelta()
    await periodic.finish(task, state, pause)
    return ended + fetched


def _start(position: object) -> uuid.UUID:
    """The id after which the next batch begins."""
    return uuid.UUID(position) if isinstance(position, str) else uuid.UUID(int=0)


async def _find_customers(position: object) -> str | None:
    """Search the next accounts, and add a service for each customer of the platform that has no service, such
    as an adopted account.

    Returns the position at which the next search continues, or None to begin again with the first account.
    """
    found = await ConnectedAccount.filter(id__gt=_start(position)).order_by("id").limit(WALK)
    for account in found:
        is_customer = CUSTOMER in snapshots.decode(account.snapshot).applied_configurations
        if is_customer and not await Service.exists(merchant_id=account.merchant_id):
            await ensure(account)
    return str(found[-1].id) if len(found) == WALK else None
