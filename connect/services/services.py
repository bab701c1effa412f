"""Start the service of a merchant, and let the merchant manage it at Stripe."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.exceptions import IntegrityError

from connect.errors import AnswerUnusable, InvalidInput, MerchantNotReady, ServiceRunning, StripeRefused
from connect.merchants.accounts import open_account
from connect.payments.inputs.return_addresses import check_return_address, convert_return_address
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.services import calls, inputs, mirror, starts
from connect.services.inputs import NewService
from connect.services.rules import access
from connect.services.rules.snapshot import decode
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import ConnectedAccount, Merchant, Service, ServiceRequest

RUNNING = (
    "The merchant has a subscription already. Read the merchant's service, or let the merchant change it in "
    "the billing portal (createBillingPortalLink)."
)


@dataclass(frozen=True, slots=True)
class Page:
    """`url` is the page on which the merchant subscribes. Pass it to the browser and never store it."""

    url: str
    expires_at: datetime
    created: bool


async def start(
    gateway: Gateway,
    merchant: Merchant,
    new: NewService,
    *,
    origins: Collection[str],
    prices: Sequence[str],
    is_merchant: bool,
    grace: timedelta = access.GRACE,
) -> Page:
    """Return a page on which the merchant subscribes. A repeat returns the same page while the page is open.

    If the input differs, a new page replaces the earlier page, so at most one page is open. Raises
    InvalidInput, MerchantNotReady or StripeRefused if no page can be made, ServiceRunning if the merchant has
    a subscription, and StripeUnavailable if it is unknown whether Stripe has made a page.
    """
    faultpoints.reach("service.arrived")
    new = inputs.check(new, origins, prices, is_merchant=is_merchant)
    account = await open_account(merchant)
    service = await mirror.ensure(account)
    if service.is_open or starts.is_customer(account.snapshot):
        # The event of a subscription may not have arrived yet.
        await _refuse_if_running(gateway, service, grace)
    wanted, created = starts.canonical(account.stripe_account_id, new), False
    while True:
        last = await starts.latest(merchant)
        if last is None or last.state == "REFUSED":
            try:
                request = await starts.store(gateway, merchant, account.stripe_account_id, new, last)
            except IntegrityError:
                audit.undone()
                continue  # another call stored its request first
            faultpoints.reach("service.written")
            created = True
            done = await stored_requests.complete(gateway, starts.START, request)
        elif last.state == "PENDING":
            done = await _complete(gateway, last)
            if done is None:
                continue
        else:
            done = starts.Started(last, None)
        if done is None:
            continue
        answer = done.answer or await _session(gateway, done.request)
        if answer.get("status") == "open" and done.request.input == wanted:
            return _page(answer, created=created)
        created = await _follow(gateway, service, merchant, done.request, answer, new, account, grace)


async def _complete(gateway: Gateway, request: ServiceRequest) -> starts.Started | None:
    """Complete a pending request that another call stored. Returns None if Stripe refused the request, or if
    the key of the request had expired.
    """
    try:
        return await stored_requests.complete_or_wait(gateway, starts.START, request)
    except StripeRefused:
        await request.refresh_from_db()
        if request.state != "REFUSED":
            raise
        return None


async def _follow(
    gateway: Gateway,
    service: Service,
    merchant: Merchant,
    request: ServiceRequest,
    answer: Answer,
    new: NewService,
    account: ConnectedAccount,
    grace: timedelta,
) -> bool:
    """Close the earlier page if it is still open, and create the next page.

    Returns False if another call has already stored the request for the next page. Raises ServiceRunning if
    the merchant has subscribed on the earlier page.
    """
    if answer.get("status") == "open":
        try:
            await calls.expire_session(gateway, answer["id"], f"service-expire:{answer['id']}")
        except StripeRefused:
            answer = await _session(gateway, request)
            if answer.get("status") == "open":
                raise
    if answer.get("status") == "complete":
        # The page may belong to a former account, and the event of the new subscription may not have arrived.
        owner = await mirror.find(request.stripe_account_id) or service
        await _refuse_if_running(gateway, owner, grace)
        await mirror.ensure(account)
    try:
        following = await starts.store(gateway, merchant, account.stripe_account_id, new, request)
    except IntegrityError:
        audit.undone()
        return False  # another call stored the next request first
    faultpoints.reach("service.written")
    await stored_requests.complete(gateway, starts.START, following)
    return True


async def _refuse_if_running(gateway: Gateway, service: Service, grace: timedelta) -> None:
    current = await mirror.refresh(gateway, service, grace=grace)
    if current.is_open:
        raise ServiceRunning(await Merchant.get(id=service.merchant_id), RUNNING)


async def _session(gateway: Gateway, request: ServiceRequest) -> Answer:
    if request.stripe_session_id is None:
        raise AnswerUnusable
    return await calls.retrieve_session(gateway, request.stripe_account_id, request.stripe_session_id)


def _page(answer: Answer, *, created: bool) -> Page:
    url, seconds = answer.get("url"), answer.get("expires_at")
    if not isinstance(url, str) or not isinstance(seconds, int):
        raise AnswerUnusable
    return Page(url, datetime.fromtimestamp(seconds, UTC), created)


async def open_portal(
    gateway: Gateway, merchant: Merchant, return_to: str, *, origins: Collection[str], cancels: bool
) -> str:
    """Return an address of Stripe's billing portal for the merchant. The address works for a short time. If
    `cancels` is true, the portal opens on the page that cancels the subscription. Raises InvalidInput,
    MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    if problems := list(check_return_address("returnTo", return_to, origins)):
        raise InvalidInput(problems)
    await open_account(merchant)
    service = await Service.get_or_none(merchant_id=merchant.id)
    if service is None or service.snapshot is None:
        raise MerchantNotReady("The merchant has no service yet. Call startService first.")
    body: dict[str, object] = {
        "customer_account": service.stripe_account_id,
        "return_url": convert_return_address(return_to),
    }
    current = decode(service.snapshot)
    if cancels and not current.is_open:
        raise MerchantNotReady("The subscription has ended already.")
    if cancels:
        flow = {"type": "subscription_cancel", "subscription_cancel": {"subscription": current.id}}
        body["flow_data"] = flow
    answer = await calls.create_portal_session(gateway, body, str(uuid.uuid4()))
    url = answer.get("url")
    if not isinstance(url, str):
        raise AnswerUnusable
    return url
