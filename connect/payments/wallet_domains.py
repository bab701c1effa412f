"""Registers the wallet domains of the settings on each account, and checks the inactive ones again.

Stripe shows Apple Pay, Google Pay and Link on a page only if the account has registered the page's domain
(https://docs.stripe.com/payments/payment-methods/pmd-registration). The missing registrations follow from the
stored rows, so a new domain, a replaced account and an adopted account need no other trigger. A domain that
is removed from the settings stays registered at Stripe.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from connect.errors import ConnectError, StripeRefused
from connect.gateway import Answer, Gateway
from connect.payments import calls
from connect.platform import periodic
from models import WalletDomain, lease, now
from models.wallet_domain import accounts_without, due

TASK = "wallet_domains"
EVERY = timedelta(minutes=1)
LEASE = timedelta(seconds=60)
# The number of accounts that one run adds for a domain.
BATCH = 100
WALLETS = ("apple_pay", "google_pay", "link")
# The pause after each check that found an inactive wallet. The last one repeats.
PAUSES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
# Stripe repeats its first answer to an idempotency key for 24 hours.
AFTER_REFUSAL = timedelta(hours=25)
WITHOUT_ANSWER = timedelta(minutes=1)

PENDING, ACTIVE, INACTIVE, REFUSED = "PENDING", "ACTIVE", "INACTIVE", "REFUSED"

log = structlog.get_logger("wallet_domains")


async def run(
    gateway: Gateway,
    worker: str,
    domains: Collection[str],
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Register or check the domains that are due, at most ten. Returns their number.

    Many workers may run this.
    """
    if not domains:
        return 0
    names = sorted(domains)
    await _add_missing(worker, names)
    keys = await lease.claim(WalletDomain, partial(due, domains=names), LEASE, order="run_at", limit=10)
    for row in await WalletDomain.filter(id__in=keys):
        if stopping():
            break  # the lease ends, and another worker continues
        await _ask(gateway, row)
    return len(keys)


async def _add_missing(worker: str, domains: list[str]) -> None:
    task = await periodic.claim(TASK, worker, every=EVERY)
    if task is None:
        return
    at, is_full = await now(), False
    for domain in domains:
        accounts = await accounts_without(domain, BATCH)
        is_full = is_full or len(accounts) == BATCH
        rows = [
            WalletDomain(
                merchant_id=merchant, stripe_account_id=account, domain=domain, run_at=at, updated_at=at
            )
            for merchant, account in accounts
        ]
        await WalletDomain.bulk_create(rows, ignore_conflicts=True)
    await periodic.finish(task, {}, timedelta() if is_full else EVERY)


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
        is_active = all(status == "active" for status in statuses.values())
        pause = None if is_active else PAUSES[min(row.attempts, len(PAUSES)) - 1]
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
    """Stripe's reason for the first inactive wallet."""
    for wallet in WALLETS:
        found = answer.get(wallet)
        details = found.get("status_details") if isinstance(found, dict) else None
        message = details.get("error_message") if isinstance(details, dict) else None
        if message:
            return str(message)
    return None
