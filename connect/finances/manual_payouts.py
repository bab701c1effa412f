"""Payouts outside the schedule, at most one for each external id (see `connect.stripe_api.stored_requests`).

For accounts with the full Dashboard, Stripe refuses these payouts unless the platform has configured platform
controls (https://docs.stripe.com/connect/platform-controls-for-standard-accounts).
"""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from connect.errors import (
    AnswerUnusable,
    BankAccountMissing,
    ExternalIdTaken,
    InvalidInput,
    PayoutsBlocked,
    PayoutTooLarge,
    StripeRefused,
    StripeUnavailable,
)
from connect.finances import calls, mirror, payouts
from connect.finances.mirror import Part
from connect.finances.rules import snapshot
from connect.finances.rules.payouts import REQUEST_KEY
from connect.finances.rules.requests import NewPayout, body, canonical, check_balance, check_input, is_blocked
from connect.merchants import accounts
from connect.merchants.mirror import documents, timeline
from connect.merchants.mirror import mirror as account_mirror
from connect.merchants.mirror.timeline import TimelineKind
from connect.payments.rules.money.money import Money
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import ConnectedAccount, Merchant, Payout, PayoutRequest, now, uuid7
from models.transactions import repeatable, transaction_on

TAKEN = (
    "This externalId belongs to a payout that was requested with another input. Read the merchant's payouts, "
    "or use another externalId."
)
ON_FORMER = (
    "A payout with this externalId was requested on an account that the merchant no longer has. Stripe no "
    "longer shows whether it was paid. Look for it in Stripe's Dashboard, and use another externalId."
)
# We assume that Stripe's clock differs from ours by less than this time.
CLOCKS = timedelta(hours=1)
# If there is no bank account in the currency of a payout, Stripe's error message contains this text. The
# error has no code of its own.
NO_BANK_ACCOUNT = "external account"
# The `source` of a payout's row that was written from Stripe's answer to the creation.
CREATE = "create"

log = structlog.get_logger("payouts")


@dataclass(frozen=True, slots=True)
class PaidOut:
    """`created` tells whether this call has requested the payout."""

    payout: Payout
    created: bool


async def create(gateway: Gateway, merchant: Merchant, new: NewPayout, *, actor: str) -> PaidOut:
    """Pay out a part of the merchant's balance. Repeated or simultaneous calls pay out once.

    Raises InvalidInput, ExternalIdTaken, MerchantNotReady, PayoutsBlocked, PayoutTooLarge, BankAccountMissing
    or StripeRefused if nothing was paid out. Raises StripeUnavailable while it is unknown whether Stripe has
    created the payout; the worker or a repeated call then completes it.
    """
    faultpoints.reach("payout.arrived")
    if fields := list(check_input(new)):
        raise InvalidInput(fields)
    await _find_refused(gateway, merchant, new)
    try:
        request, created = await _store(gateway, merchant, new, actor)
    except (InvalidInput, PayoutsBlocked, PayoutTooLarge):
        # The mirror may be outdated, so fetch Stripe's current balance, and check again.
        await _fetch(gateway, merchant)
        request, created = await _store(gateway, merchant, new, actor)
    try:
        if created:
            await stored_requests.complete(gateway, PAYOUT, request)
        else:
            await stored_requests.complete_or_wait(gateway, PAYOUT, request)
    except StripeRefused as error:
        with contextlib.suppress(StripeUnavailable, StripeRefused):
            await _fetch(gateway, merchant)
        _check(*await _rows(merchant), new)  # raises a more exact error
        if NO_BANK_ACCOUNT in error.detail.lower():
            raise BankAccountMissing(new.amount.currency) from error
        raise
    request = await PayoutRequest.get(id=request.id)
    if request.input != canonical(new):
        # After Stripe refused this call's request, another call used the external id.
        raise ExternalIdTaken(new.external_id, TAKEN)
    payout = await payouts.find(request.stripe_payout_id or "")
    if payout is None:
        raise StripeUnavailable
    return PaidOut(payout, created)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete at most `limit` interrupted payouts. Starts no further payout once `stopping` returns true.
    Returns the number of attempts.
    """
    return await stored_requests.resume(gateway, PAYOUT, limit=limit, stopping=stopping)


async def _rows(merchant: Merchant) -> tuple[Merchant, ConnectedAccount]:
    row = await Merchant.get(id=merchant.id)
    return row, await accounts.open_account(row)


async def _fetch(gateway: Gateway, merchant: Merchant) -> None:
    """Fetch everything that `_check` reads."""
    account = await accounts.open_account(merchant)
    await account_mirror.refresh(gateway, account, mirror.REFRESH)
    await mirror.refresh(gateway, account, mirror.REFRESH, {Part.BALANCE, Part.SETTINGS})


def _check(merchant: Merchant, account: ConnectedAccount, new: NewPayout) -> None:
    """Raise PayoutsBlocked, InvalidInput or PayoutTooLarge if Stripe would refuse the payout according to the
    mirror.
    """
    finances = snapshot.decode(account.finances)
    if is_blocked(finances, json.loads(merchant.document)):
        raise PayoutsBlocked(merchant)
    check_balance(finances, new)


async def _find_refused(gateway: Gateway, merchant: Merchant, new: NewPayout) -> None:
    """Search Stripe for the payout of a refused request, before the request is stored again. Stripe may have
    executed an earlier attempt whose answer was lost, and have refused only the last attempt, for example
    because the account was disconnected by then.

    Raises ExternalIdTaken if the request was for a former account whose payouts Stripe no longer shows.
    """
    refused = PayoutRequest.filter(merchant_id=merchant.id, external_id=new.external_id, state="REFUSED")
    request = await refused.first()
    if request is None:
        return
    try:
        found = await _look_up(gateway, request)
    except StripeRefused as error:
        account = await accounts.open_account(merchant)
        if account.stripe_account_id == request.stripe_account_id:
            raise
        raise ExternalIdTaken(new.external_id, ON_FORMER) from error
    if found is not None:
        await attach(request, found, CREATE)


@repeatable
async def _store(
    gateway: Gateway, merchant: Merchant, new: NewPayout, actor: str
) -> tuple[PayoutRequest, bool]:
    """Return the stored request with this external id, and whether this call has stored it. A new request is
    leased to the caller. A refused request is stored again with another idempotency key, because Stripe
    repeats its answer to a key.

    Raises ExternalIdTaken if the external id was used with another input. Also raises MerchantNotReady and
    the errors of `_check`.
    """
    async with transaction_on(merchant.id):
        row = await Merchant.select_for_update().get(id=merchant.id)
        known = await PayoutRequest.get_or_none(merchant_id=row.id, external_id=new.external_id)
        if known is not None and known.state != "REFUSED":
            if known.input != canonical(new):
                raise ExternalIdTaken(new.external_id, TAKEN)
            return known, False
        account = await accounts.open_account(row)
        _check(row, account, new)
        at = await now()
        request = known or PayoutRequest(id=uuid7(at), merchant_id=row.id, external_id=new.external_id)
        request.stripe_account_id, request.actor = account.stripe_account_id, actor
        request.amount, request.currency = new.amount.minor_units, new.amount.currency
        number = f":{uuid7(at)}" if known is not None else ""
        request.idempotency_key = f"payout:{request.id}{number}"
        request.input, request.body = canonical(new), json.dumps(body(str(request.id), new))
        request.update_from_dict(stored_requests.new(gateway, at))
        await request.save(force_create=known is None)
        message = f"A payout of {new.amount} was requested."
        await timeline.record(row.id, TimelineKind.PAYOUT_REQUESTED, message, at, actor=actor)
        await audit.note("Merchant", row.id)
        await documents.save(row, account, at)
    faultpoints.reach("payout.written")
    return request, True


async def _send(gateway: Gateway, request: PayoutRequest, body: dict[str, Any]) -> Answer:
    return await calls.create_payout(gateway, request.stripe_account_id, body, request.idempotency_key)


async def _look_up(gateway: Gateway, request: PayoutRequest) -> Answer | None:
    since = request.created_at - CLOCKS
    async for page in calls.recent_payouts(gateway, request.stripe_account_id, since):
        for listed in page:
            if _is_of(request, listed):
                return await calls.retrieve_payout(gateway, request.stripe_account_id, listed["id"])
    return None


def _is_of(request: PayoutRequest, answer: Answer) -> bool:
    return bool((answer.get("metadata") or {}).get(REQUEST_KEY) == str(request.id))


async def attach(request: PayoutRequest, answer: Answer, source: str) -> PayoutRequest:
    """Write the payout into the mirror, and its id into the request. Raises AnswerUnusable if the payout
    belongs to another request.
    """
    owner = await account_mirror.find(request.stripe_account_id)
    if owner is None or not _is_of(request, answer):
        raise AnswerUnusable
    await payouts.write_first(owner, answer, source)
    await PayoutRequest.filter(id=request.id, state__in=["PENDING", "REFUSED"]).update(
        stripe_payout_id=answer["id"], **stored_requests.success(await now())
    )
    log.info("payout_attached", merchant=str(request.merchant_id), object=answer["id"])
    return request


@repeatable
async def _refuse(request: PayoutRequest, error: StripeRefused) -> bool:
    async with transaction_on(request.merchant_id):
        row = await Merchant.select_for_update().get(id=request.merchant_id)
        at = await now()
        if not await stored_requests.mark_refused(request, error, at):
            return False
        amount = Money(request.amount, request.currency)
        message = f"Stripe refused the payout of {amount}."
        if error.code == stored_requests.NOT_RECEIVED:
            message = f"The request for a payout of {amount} never reached Stripe. Nothing was paid out."
        kind = TimelineKind.PAYOUT_REQUESTED
        actor, request_id = request.actor, error.request_id
        await timeline.record(row.id, kind, message, at, actor=actor, request_id=request_id)
        account = await ConnectedAccount.get_or_none(merchant_id=row.id)
        await documents.save(row, account, at)
    return True


PAYOUT = stored_requests.Kind(
    PayoutRequest,
    send=_send,
    attach=attach,
    refuse=_refuse,
    find=stored_requests.find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="payout",
    look_up=_look_up,
)
