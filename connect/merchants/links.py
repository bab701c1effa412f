"""Onboarding links: handed out once, never kept.

Stripe sends the browser back to two addresses of ours. Each carries a random token that names the link that
was issued, and the browser that asked for it holds a second one in a cookie. The address alone gets a visitor
back to the app and nothing more; only with the cookie is a new link made. Of both tokens we keep the hash.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog

from connect.errors import ConnectError, MerchantNotReady, ReturnUrlNotAllowed
from connect.gateway import Answer, Gateway
from connect.merchants import inputs, mirror, timeline
from connect.merchants.accounts import open_account
from connect.merchants.status import Status
from connect.merchants.timeline import TimelineKind
from models import ConnectedAccount, Merchant, OnboardingLink, now
from models.transactions import transaction_on

# A person who needs more renewals than this is in a loop; the app asks for a new link.
MOST_REFRESHES = 5
# How long the browser may renew its link before the app has to ask again.
LIFETIME = timedelta(hours=24)

# How often somebody without the cookie can make us look at the account.
STRANGERS_PAUSE = timedelta(minutes=1)
# How long a browser that comes back waits for Stripe's answer; the worker gets it anyway.
PATIENCE_SECONDS = 5.0

log = structlog.get_logger("links")


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """`url` is a credential to the merchant's onboarding data: hand it to its browser and forget it."""

    url: str
    expires_at: str
    cookie_name: str
    cookie_value: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to send a browser that came back. `status` only for the browser that was given the link."""

    return_to: str
    external_id: str
    status: str | None


async def issue(
    gateway: Gateway,
    merchant: Merchant,
    *,
    return_to: str,
    collect: str,
    public_url: str,
    return_origins: Collection[str],
    actor: str,
) -> IssuedLink:
    """A new link to Stripe's onboarding form. `collect` is `currently_due` or `eventually_due`.

    Raises ReturnUrlNotAllowed, MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    inputs.check_return_to(return_to, return_origins)
    account = await _account_to_onboard(merchant)
    address, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    answer = await _ask(gateway, account, address, collect, public_url)
    async with transaction_on(merchant.id):
        row = await Merchant.select_for_update().get(id=merchant.id)
        at = await now()
        await OnboardingLink.create(
            merchant_id=row.id,
            address_hash=_hash(address),
            browser_hash=_hash(browser),
            return_to=return_to,
            collect=collect,
            created_at=at,
        )
        message = "An onboarding link was issued."
        await timeline.record(row.id, TimelineKind.LINK_ISSUED, message, at, actor=actor)
        row.links_issued += 1
        row.last_link_issued_at = at
        await mirror.save(row, await ConnectedAccount.get(id=account.id))
    return IssuedLink(answer["url"], answer["expires_at"], cookie_name(address), browser)


async def refresh(gateway: Gateway, address: str, browser: str | None, public_url: str) -> str | None:
    """A new link for the browser that was given the first one; None for any other, and when it is in a loop.

    Raises ConnectError when no link can be made now.
    """
    link = await _find(address)
    if link is None or not _holds(link, browser):
        return None
    at = await now()
    async with transaction_on(link.merchant_id):
        row = await OnboardingLink.select_for_update().get(id=link.id)
        if row.refreshes >= MOST_REFRESHES or at - row.created_at > LIFETIME:
            return None
        row.refreshes += 1
        await row.save(update_fields=["refreshes"])
    merchant = await Merchant.get(id=link.merchant_id)
    account = await _account_to_onboard(merchant)
    answer = await _ask(gateway, account, address, link.collect, public_url)
    async with transaction_on(merchant.id):
        merchant = await Merchant.select_for_update().get(id=merchant.id)
        at = await now()
        message = "A used or expired onboarding link was replaced."
        await timeline.record(merchant.id, TimelineKind.LINK_ISSUED, message, at, actor="browser")
        merchant.links_issued += 1
        merchant.last_link_issued_at = at
        await mirror.save(merchant, await ConnectedAccount.get(id=account.id))
    url: str = answer["url"]
    return url


async def returned(gateway: Gateway, address: str, browser: str | None) -> None:
    """Somebody came back from Stripe's form. That proves nothing, so look; failing to is no harm."""
    link = await _find(address)
    at = await now()
    if link is None or at - link.created_at > LIFETIME:
        return
    merchant = await Merchant.get(id=link.merchant_id)
    last = merchant.last_returned_at
    if not _holds(link, browser) and last is not None and at - last < STRANGERS_PAUSE:
        return  # an address that leaked must not make us ask Stripe again and again
    async with transaction_on(link.merchant_id):
        merchant = await Merchant.select_for_update().get(id=link.merchant_id)
        at = await now()
        account = await ConnectedAccount.get(merchant_id=merchant.id)
        message = "Somebody came back from Stripe's form."
        await timeline.record(merchant.id, TimelineKind.RETURNED, message, at, actor="browser")
        merchant.last_returned_at = at
        await mirror.save(merchant, account)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):  # a person is waiting for the redirect
            await mirror.refresh(gateway, account, "return")
    except (ConnectError, TimeoutError) as error:
        log.warning("not_fetched_on_return", account=account.stripe_account_id, reason=str(error))


async def destination(
    address: str, browser: str | None, return_origins: Collection[str]
) -> Destination | None:
    """Where a browser with this address goes on to; None when the address means nothing."""
    link = await _find(address)
    if link is None:
        return None
    try:
        inputs.check_return_to(link.return_to, return_origins)
    except ReturnUrlNotAllowed:
        return None  # the allow-list has changed since
    merchant = await Merchant.get(id=link.merchant_id)
    return Destination(
        link.return_to, merchant.external_id, merchant.status if _holds(link, browser) else None
    )


def cookie_name(address: str) -> str:
    """The cookie that belongs to an address: several links may be under way in one browser."""
    return f"connectql_link_{_hash(address)[:16]}"


async def _account_to_onboard(merchant: Merchant) -> ConnectedAccount:
    account = await open_account(merchant)
    if merchant.status in {Status.REJECTED.value, Status.UNSUPPORTED.value}:
        raise MerchantNotReady("Stripe accepts no further information for this account.")
    return account


async def _ask(
    gateway: Gateway, account: ConnectedAccount, address: str, collect: str, public_url: str
) -> Answer:
    return await gateway.create_account_link(
        account.stripe_account_id,
        refresh_url=f"{public_url}/onboarding/refresh?link={address}",
        return_url=f"{public_url}/onboarding/return?link={address}",
        collect=collect,
    )


async def _find(address: str) -> OnboardingLink | None:
    return await OnboardingLink.get_or_none(address_hash=_hash(address))


def _holds(link: OnboardingLink, browser: str | None) -> bool:
    return browser is not None and hmac.compare_digest(link.browser_hash, _hash(browser))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
