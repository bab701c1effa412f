"""Registers the wallet domains in the settings for each open account that has ever been able to charge, and
checks the inactive domains again.

Stripe shows Apple Pay, Google Pay and Link on a page only if the account has registered the page's domain
(https://docs.stripe.com/payments/payment-methods/pmd-registration). The worker compares accounts with stored
registrations. So no other trigger is needed after a domain is added, or after an account is replaced or
adopted. A domain that is removed from the settings stays registered at Stripe, and is not checked any more.

A domain is ACTIVE if Apple Pay and Google Pay are active. Link does not count, because a platform without
Link would never have an active domain.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from connect.errors import ConnectError, StripeRefused
from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.wire import wire_time
from connect.payments import calls
from connect.platform import periodic
from connect.stripe_api.gateway import Answer, Gateway
from models import ConnectedAccount, WalletDomain, lease, now
from models.wallet_domain import due

TASK = "wallet_domains"
EVERY = timedelta(minutes=1)
LEASE = timedelta(seconds=60)
BATCH = 500
# All accounts are compared at this interval, after a change of the setting, and after many merchants got a
# new status at once. In between, only the accounts of merchants with a new status are compared.
WALK_EVERY = timedelta(days=1)
# The search for new statuses overlaps the previous search, because the time of a status is earlier than its
# commit.
OVERLAP = timedelta(minutes=5)
WALLETS = ("apple_pay", "google_pay", "link")
# The wallets that must be active.
DECISIVE = ("apple_pay", "google_pay")
# The pauses after checks that found an inactive wallet. The last pause repeats, unless only Link is inactive.
PAUSES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
# The pause after a refusal, because Stripe repeats its first answer to an idempotency key for 24 hours.
AFTER_REFUSAL = timedelta(hours=25)
WITHOUT_ANSWER = timedelta(minutes=1)

PENDING, ACTIVE, INACTIVE, REFUSED = "PENDING", "ACTIVE", "INACTIVE", "REFUSED"

log = structlog.get_logger("wallet_domains")


async def run(
    gateway: Gateway,
    worker: str,
    domains: Collection[str],
    *,
    batch: int = BATCH,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Register or check the domains that are due, at most ten. Returns their number.

    `batch` is the number of accounts that one step compares with the stored domains. Many workers may run
    this.
    """
    names = sorted(domains)
    await _search(worker, names, batch)
    if not names:
        return 0
    keys = await lease.claim(WalletDomain, partial(due, domains=names), LEASE, order="run_at", limit=10)
    for row in await WalletDomain.filter(id__in=keys):
        if stopping():
            break  # the lease ends, and another worker continues
        await _ask(gateway, row)
    return len(keys)


def registered(state: Mapping[str, Any]) -> list[str]:
    """The domains that were in the settings when a worker last ran, from the state of the task."""
    domains = state.get("domains")
    return [str(one) for one in domains] if isinstance(domains, list) else []


async def _search(worker: str, domains: list[str], batch: int) -> None:
    """Store a row for each missing registration, once a minute.

    With 100,000 merchants, a comparison of all accounts takes the database several seconds. So the accounts
    are compared in batches, without pauses in between. The state of the task has the position.
    """
    task = await periodic.claim(TASK, worker, every=EVERY)
    if task is None:
        return
    at, state = await now(), task.state
    searched_at, walked_at = parse_time(state.get("searched_at")), parse_time(state.get("walked_at"))
    position = state.get("position")
    if registered(state) != domains:
        position = str(uuid.UUID(int=0))
        await WalletDomain.filter(run_at__isnull=False, domain__not_in=domains).update(run_at=None)
    elif position is None and (walked_at is None or at - walked_at >= WALK_EVERY):
        position = str(uuid.UUID(int=0))
    if domains and searched_at is not None:
        since = searched_at - OVERLAP
        recent = await _accounts(batch, "merchant__status_since", merchant__status_since__gte=since)
        await _add_missing(recent, domains, at)
        if len(recent) == batch:
            position = str(uuid.UUID(int=0))
    if isinstance(position, str):
        accounts = await _accounts(batch, "id", id__gt=uuid.UUID(position)) if domains else []
        await _add_missing(accounts, domains, at)
        position = str(accounts[-1].id) if len(accounts) == batch else None
        walked_at = at if position is None else walked_at
    state = {
        "domains": domains,
        "searched_at": wire_time(at),
        "walked_at": wire_time(walked_at),
        "position": position,
    }
    await periodic.finish(task, state, EVERY if position is None else timedelta())


async def _accounts(limit: int, order: str, **conditions: object) -> list[ConnectedAccount]:
    """Open accounts that have ever been able to charge."""
    query = ConnectedAccount.filter(
        closed=False, disconnected_at=None, merchant__ever_active_at__isnull=False, **conditions
    )
    return await query.order_by(order).limit(limit).only("id", "merchant_id", "stripe_account_id")


async def _add_missing(accounts: Sequence[ConnectedAccount], domains: Collection[str], at: datetime) -> None:
    """Store the missing registrations of these accounts, and continue the unfinished registrations. A domain
    that was removed from the settings and added again may have an unfinished registration.
    """
    names = [account.stripe_account_id for account in accounts]
    if not names:
        return
    query = WalletDomain.filter(stripe_account_id__in=names, domain__in=list(domains))
    stored = await query.only("id", "stripe_account_id", "domain", "state", "run_at")
    stopped = [row.id for row in stored if row.state != ACTIVE and row.run_at is None]
    if stopped:
        await WalletDomain.filter(id__in=stopped).update(run_at=at)
    known = {(row.stripe_account_id, row.domain) for row in stored}
    missing = [
        WalletDomain(
            merchant_id=account.merchant_id,
            stripe_account_id=account.stripe_account_id,
            domain=domain,
            run_at=at,
            updated_at=at,
        )
        for account in accounts
        for domain in domains
        if (account.stripe_account_id, domain) not in known
    ]
    if missing:
        await WalletDomain.bulk_create(missing, ignore_conflicts=True)


async def _ask(gateway: Gateway, row: WalletDomain) -> None:
    """Register the domain, or let Stripe check it again, and write the answer."""
    account, identifier = row.stripe_account_id, row.stripe_domain_id
    try:
        if identifier is None:
            key = f"domain:{account}:{row.domain}"
            answer = await calls.create_domain(gateway, account, row.domain, key)
        else:
            key = f"domain_check:{identifier}:{row.attempts}"
            answer = await calls.validate_domain(gateway, account, identifier, key)
    except StripeRefused as error:
        refusal = {"error_code": error.code, "error_message": error.message}
        log.warning("wallet_domain_refused", account=account, domain=row.domain, code=error.code)
        await _write(row, AFTER_REFUSAL, state=REFUSED, **refusal)
    except ConnectError as error:
        log.warning("wallet_domain_not_checked", account=account, domain=row.domain, reason=error.message)
        at = await now()
        await WalletDomain.filter(id=row.id).update(run_at=at + WITHOUT_ANSWER, leased_until=None)
    else:
        statuses = {wallet: _status(answer, wallet) for wallet in WALLETS}
        is_active = all(statuses[wallet] == "active" for wallet in DECISIVE)
        is_last = is_active and (statuses["link"] == "active" or row.attempts > len(PAUSES))
        pause = None if is_last else PAUSES[min(row.attempts, len(PAUSES)) - 1]
        columns = {"stripe_domain_id": answer["id"], "error_code": None, "error_message": _reason(answer)}
        await _write(row, pause, state=ACTIVE if is_active else INACTIVE, **statuses, **columns)


async def _write(row: WalletDomain, pause: timedelta | None, **columns: Any) -> None:
    at = await now()
    run_at = at + pause if pause is not None else None
    await WalletDomain.filter(id=row.id).update(run_at=run_at, leased_until=None, updated_at=at, **columns)


def _status(answer: Answer, wallet: str) -> str:
    found = answer.get(wallet)
    return "active" if isinstance(found, dict) and found.get("status") == "active" else "inactive"


def _reason(answer: Answer) -> str | None:
    """The first reason that Stripe gives for an inactive wallet, or None."""
    for wallet in WALLETS:
        found = answer.get(wallet)
        details = found.get("status_details") if isinstance(found, dict) else None
        message = details.get("error_message") if isinstance(details, dict) else None
        if message:
            return str(message)
    return None
