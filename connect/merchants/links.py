"""Account links, which lead to Stripe's onboarding form or into the Dashboard. Their URLs are never stored.

Stripe sends the browser back to the refresh or return address of this service. Both addresses contain a
random token that identifies the link. A cookie of the browser that requested the link holds a second token. A
browser that has only the address is redirected to the app. To get a new link, it also needs the cookie. Only
hashes of the tokens are stored.
"""

import asyncio
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from connect.errors import (
    ConnectError,
    DashboardLinkRefused,
    MerchantNotReady,
    ReturnUrlNotAllowed,
    StripeRefused,
)
from connect.merchants import inputs
from connect.merchants.accounts import open_account
from connect.merchants.inputs import ReturnTargets
from connect.merchants.mirror import documents, mirror, timeline
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules.account.snapshot import decode
from connect.merchants.rules.dashboard import dashboard_addresses
from connect.merchants.rules.dashboard.dashboard_addresses import Relocate
from connect.merchants.rules.status.status import Status
from connect.scope import Payer, Role
from connect.stripe_api.gateway import Answer, Gateway
from models import ConnectedAccount, FormerAccount, Merchant, OnboardingLink, now
from models.transactions import repeatable, transaction_on

# A browser that needs more renewals is in a redirect loop.
MAX_REFRESHES = 5
# A link can be renewed for this long after it was issued.
LIFETIME = timedelta(hours=24)

# Visitors without the cookie cause at most one fetch of an account in this time.
ANONYMOUS_PAUSE = timedelta(minutes=1)
# A returning browser waits at most this long for the fetch. A later event updates the mirror anyway.
FETCH_TIMEOUT_SECONDS = 5.0

log = structlog.get_logger("links")


@dataclass(frozen=True, slots=True)
class UseCase:
    """The properties that all links to one of Stripe's pages share."""

    name: str
    # The path of our addresses, and the name of the parameter that tells the app how the visit ended.
    path: str
    parameter: str
    issued: str
    renewed: str


ONBOARDING = UseCase(
    "account_onboarding",
    "/onboarding",
    "onboarding",
    "An onboarding link was issued.",
    "A used or expired onboarding link was replaced.",
)
DASHBOARD = UseCase(
    "account_dashboard",
    "/dashboard",
    "dashboard",
    "A link into the Dashboard was issued.",
    "A used or expired link into the Dashboard was replaced.",
)
USE_CASES = {use_case.name: use_case for use_case in (ONBOARDING, DASHBOARD)}


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """`url` gives access to the merchant's data at Stripe: pass it to the browser and never store it."""

    url: str
    expires_at: str
    cookie_name: str
    cookie_value: str
    cookie_path: str


@dataclass(frozen=True, slots=True)
class Destination:
    """The target to which a browser is redirected after Stripe has sent it back. `status` is None if the
    browser lacks the link's cookie.
    """

    return_to: str
    parameter: str
    external_id: str
    status: str | None


async def issue(
    gateway: Gateway,
    merchant: Merchant,
    use_case: UseCase,
    *,
    return_to: str,
    collect: str = "",
    public_url: str,
    returns: ReturnTargets,
    relocate: Relocate,
    actor: str,
) -> IssuedLink:
    """Issue a link. For onboarding, `collect` is `currently_due` or `eventually_due`.

    `relocate` changes the base of the login address in DashboardLinkRefused.

    Raises ReturnUrlNotAllowed, MerchantNotReady, StripeRefused, DashboardLinkRefused or StripeUnavailable.
    """
    return_to = inputs.check_return_to(return_to, returns)
    account = await _account(merchant, use_case)
    address, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    columns = {
        "address_hash": _hash(address),
        "browser_hash": _hash(browser),
        "use_case": use_case.name,
        "return_to": return_to,
        "collect": collect,
    }
    try:
        answer = await _create(gateway, account, use_case, address, collect, public_url)
    except StripeRefused as error:
        if use_case is DASHBOARD:
            raise DashboardLinkRefused(
                error.code, error.message, error.request_id, relocate(_login_address(account))
            ) from error
        raise
    await _record_link(account, use_case, columns, actor)
    return IssuedLink(answer["url"], answer["expires_at"], cookie_name(address), browser, use_case.path)


@repeatable
async def _record_link(
    account: ConnectedAccount, use_case: UseCase, columns: dict[str, Any], actor: str
) -> None:
    async with transaction_on(account.merchant_id):
        row = await Merchant.select_for_update().get(id=account.merchant_id)
        await mirror.present(account)  # raises if the account was replaced
        at = await now()
        await OnboardingLink.create(merchant_id=row.id, created_at=at, **columns)
        await _save(row, use_case, use_case.issued, at, actor)


async def refresh(gateway: Gateway, address: str, browser: str | None, public_url: str) -> str | None:
    """Return the URL of a new link.

    Returns None if the address is unknown, if the browser lacks the cookie, if MAX_REFRESHES or LIFETIME is
    exceeded, or if the account has been replaced. The app must then request a new link. A renewal counts only
    if Stripe creates the link. Raises ConnectError if the account cannot have a link, or if Stripe does not
    create it.
    """
    link = await _find(address)
    if link is None or not _has_cookie(link, browser) or not await _is_renewable(link, await now()):
        return None
    merchant = await Merchant.get(id=link.merchant_id)
    use_case = _use_case(link)
    account = await _account(merchant, use_case)
    paid = gateway.paid_by(Payer(Role.MERCHANT, merchant.external_id))
    answer = await _create(paid, account, use_case, address, link.collect, public_url)
    if not await _record_renewal(account, use_case, link.id):
        return None  # concurrent requests have used up the renewals
    url: str = answer["url"]
    return url


@repeatable
async def _record_renewal(account: ConnectedAccount, use_case: UseCase, link_id: uuid.UUID) -> bool:
    """Count a renewal. Returns False if the link cannot be renewed any more."""
    async with transaction_on(account.merchant_id):
        merchant = await Merchant.select_for_update().get(id=account.merchant_id)
        link = await OnboardingLink.select_for_update().get(id=link_id)
        at = await now()
        if not await _is_renewable(link, at):
            return False
        link.refreshes += 1
        await link.save(update_fields=["refreshes"])
        await _save(merchant, use_case, use_case.renewed, at, "browser")
    return True


async def _save(merchant: Merchant, use_case: UseCase, message: str, at: datetime, actor: str) -> None:
    """Record a new link in the timeline and in the merchant's documents."""
    # Entries about links into the Dashboard have the same kind, because replicas of the first release know no
    # other kind.
    await timeline.record(merchant.id, TimelineKind.LINK_ISSUED, message, at, actor=actor)
    if use_case is ONBOARDING:
        merchant.links_issued += 1
        merchant.last_link_issued_at = at
    await documents.save(merchant, await ConnectedAccount.get(merchant_id=merchant.id), at)


async def record_return(gateway: Gateway, address: str, browser: str | None) -> None:
    """Record a return from Stripe's form and fetch the account. A failed fetch is only logged.

    Ignores an unknown link, a link older than LIFETIME, and a link to an account that has been replaced. Also
    ignores a visitor without the cookie if the last return was less than ANONYMOUS_PAUSE ago.
    """
    link = await _find(address)
    at = await now()
    if link is None or at - link.created_at > LIFETIME:
        return
    merchant = await Merchant.get(id=link.merchant_id)
    last = merchant.last_returned_at
    if not _has_cookie(link, browser) and last is not None and at - last < ANONYMOUS_PAUSE:
        return  # a leaked address must not cause many calls to Stripe
    account = await _record_return(link)
    if account is None:
        return
    try:
        async with asyncio.timeout(FETCH_TIMEOUT_SECONDS):  # the browser waits for the redirect
            paid = gateway.paid_by(Payer(Role.MERCHANT, merchant.external_id))
            await mirror.refresh(paid, account, "return")
    except (ConnectError, TimeoutError) as error:
        log.warning("not_fetched_on_return", account=account.stripe_account_id, reason=str(error))


@repeatable
async def _record_return(link: OnboardingLink) -> ConnectedAccount | None:
    """Record that a browser has come back. Returns the account. If the link's account has been replaced,
    records nothing and returns None.
    """
    async with transaction_on(link.merchant_id):
        merchant = await Merchant.select_for_update().get(id=link.merchant_id)
        if await _is_to_former_account(link):
            return None
        at = await now()
        account = await ConnectedAccount.get(merchant_id=merchant.id)
        message = "A browser returned from Stripe's form."
        await timeline.record(merchant.id, TimelineKind.RETURNED, message, at, actor="browser")
        merchant.last_returned_at = at
        await documents.save(merchant, account, at)
    return account


async def destination(address: str, browser: str | None, returns: ReturnTargets) -> Destination | None:
    """Return the target to which a browser that opens this address is redirected.

    Returns None if the address is unknown, or if the target is no longer allowed.
    """
    link = await _find(address)
    if link is None:
        return None
    try:
        inputs.check_return_to(link.return_to, returns)
    except ReturnUrlNotAllowed:
        return None
    merchant = await Merchant.get(id=link.merchant_id)
    status = merchant.status if _has_cookie(link, browser) else None
    return Destination(link.return_to, _use_case(link).parameter, merchant.external_id, status)


def cookie_name(address: str) -> str:
    """The name of the cookie for this address. Each address has its own cookie, because one browser may use
    several links at once.
    """
    return f"connectql_link_{_hash(address)[:16]}"


def _use_case(link: OnboardingLink) -> UseCase:
    return USE_CASES[link.use_case or ONBOARDING.name]


async def _account(merchant: Merchant, use_case: UseCase) -> ConnectedAccount:
    """Return the open account. Raises MerchantNotReady if it cannot have a link to this page."""
    account = await open_account(merchant)
    is_final = merchant.status in {Status.REJECTED.value, Status.UNSUPPORTED.value}
    if use_case is ONBOARDING and is_final:
        raise MerchantNotReady("Stripe accepts no further information for this account.")
    return account


async def _is_renewable(link: OnboardingLink, at: datetime) -> bool:
    is_young = link.refreshes < MAX_REFRESHES and at - link.created_at <= LIFETIME
    return is_young and not await _is_to_former_account(link)


async def _is_to_former_account(link: OnboardingLink) -> bool:
    replaced = FormerAccount.filter(merchant_id=link.merchant_id, replaced_at__gte=link.created_at)
    return await replaced.exists()


async def _create(
    gateway: Gateway,
    account: ConnectedAccount,
    use_case: UseCase,
    address: str,
    collect: str,
    public_url: str,
) -> Answer:
    refresh_url = f"{public_url}{use_case.path}/refresh?link={address}"
    try:
        if use_case is DASHBOARD:
            return await gateway.create_dashboard_link(account.stripe_account_id, refresh_url=refresh_url)
        return await gateway.create_account_link(
            account.stripe_account_id,
            refresh_url=refresh_url,
            return_url=f"{public_url}{use_case.path}/return?link={address}",
            collect=collect,
        )
    except StripeRefused as error:
        await mirror.follow(gateway, account, error)
        raise


def _login_address(account: ConnectedAccount) -> str:
    livemode = decode(account.snapshot).livemode
    return dashboard_addresses.own(account.stripe_account_id, dashboard_addresses.HOME, livemode=livemode)


async def _find(address: str) -> OnboardingLink | None:
    return await OnboardingLink.get_or_none(address_hash=_hash(address))


def _has_cookie(link: OnboardingLink, browser: str | None) -> bool:
    return browser is not None and hmac.compare_digest(link.browser_hash, _hash(browser))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
