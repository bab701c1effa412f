"""Payouts outside the schedule: each external id is paid out once (see `connect.stripe_api.stored_requests`).

For accounts with the full Dashboard, Stripe refuses these payouts unless the platform has configured platform
controls (https://docs.stripe.com/connect/platform-controls-for-standard-accounts).
"""

import contextlib
import enum
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
    FieldCode,
    InvalidField,
    InvalidInput,
    PayoutsBlocked,
    PayoutTooLarge,
    StripeRefused,
    StripeUnavailable,
)
from connect.finances import calls, mirror, payouts
from connect.finances.mirror import Part
from connect.finances.rules import snapshot
from connect.finances.rules.inputs import check_amount
from connect.finances.rules.payouts import EXTERNAL_ID, MAX_EXTERNAL_ID, REQUEST_KEY
from connect.merchants import accounts
from connect.merchants.inputs.texts import check_text
from connect.merchants.mirror import documents, timeline
from connect.merchants.mirror import mirror as account_mirror
from connect.merchants.mirror.timeline import TimelineKind
from connect.payments.rules.money.money import Money
from connect.platform import faultpoints
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from connect.stripe_api.stored_requests import LEASE
from models import ConnectedAccount, Merchant, Payout, PayoutRequest, now, uuid7
from models.transactions import repeatable, transaction_on

TAKEN = (
    "This externalId belongs to a payout that was requested with another input. Read the merchant's payouts, "
    "or use another externalId."
)
ON_FORMER = (
    "A payout with this externalId was requested on an account that the merchant no longer has. Stripe no "
    "longer tells whether it was paid. Look for it in Stripe's Dashboard, and use another externalId."
)
# Stripe's clock may differ from ours by less than this time.
CLOCKS = timedelta(hours=1)
# If there is no bank account in the currency of a payout, Stripe's refusal has this text and no code of its
# own.
NO_BANK_ACCOUNT = "external account"
STATEMENT = 22
# The `source` of a payout whose row is written from the answer to its creation.
CREATE = "create"

log = structlog.get_logger("payouts")


class Method(enum.Enum):
    """The speed of a payout (https://docs.stripe.com/api/payouts/create)."""

    STANDARD = "STANDARD"
    INSTANT = "INSTANT"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayout:
    external_id: str
    amount: Money
    method: Method = Method.STANDARD
    statement_descriptor: str | None = None


@dataclass(frozen=True, slots=True)
class PaidOut:
    """`created` tells whether this call has requested the payout."""

    payout: Payout
    created: bool


async def create(gateway: Gateway, merchant: Merchant, new: NewPayout, *, actor: str) -> PaidOut:
    """Pay out a part of the merchant's balance. Repeated or simultaneous calls pay out once.

    Raises InvalidInput, ExternalIdTaken, MerchantNotReady, PayoutsBlocked, PayoutTooLarge, BankAccountMissing
    or StripeRefused if nothing was paid out. Raises StripeUnavailable while it is unknown whether Stripe has
    the payout; the worker or a repeated call then completes it.
    """
    faultpoints.reach("payout.arrived")
    _check_input(new)
    await _find_refused(gateway, merchant, new)
    try:
        request, created = await _store(merchant, new, actor)
    except (InvalidInput, PayoutsBlocked, PayoutTooLarge):
        # The mirror may be outdated: Stripe's present balance decides.
        await _fetch(gateway, merchant)
        request, created = await _store(merchant, new, actor)
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
    if request.input != _canonical(new):
        # Another call used the external id after the refusal of this call's request.
        raise ExternalIdTaken(new.external_id, TAKEN)
    payout = await payouts.find(request.stripe_payout_id or "")
    if payout is None:
        raise StripeUnavailable
    return PaidOut(payout, created)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete interrupted payouts until `stopping` is true. Returns the number of attempts."""
    return await stored_requests.resume(gateway, PAYOUT, limit=limit, stopping=stopping)


def _check_input(new: NewPayout) -> None:
    fields = [
        *check_text("externalId", new.external_id, MAX_EXTERNAL_ID),
        *check_amount("amount", new.amount.minor_units, new.amount.currency),
    ]
    if new.statement_descriptor is not None:
        fields += check_text("statementDescriptor", new.statement_descriptor, STATEMENT)
    if fields:
        raise InvalidInput(fields)


async def _rows(merchant: Merchant) -> tuple[Merchant, ConnectedAccount]:
    row = await Merchant.get(id=merchant.id)
    return row, await accounts.open_account(row)


async def _fetch(gateway: Gateway, merchant: Merchant) -> None:
    """Fetch everything that `_check` reads."""
    account = await accounts.open_account(merchant)
    await account_mirror.refresh(gateway, account, mirror.REFRESH)
    await mirror.refresh(gateway, account, mirror.REFRESH, {Part.BALANCE, Part.SETTINGS})


def _check(merchant: Merchant, account: ConnectedAccount, new: NewPayout) -> None:
    """Raise PayoutsBlocked, InvalidInput or PayoutTooLarge if Stripe would refuse the payout.

    Without a balance in the mirror, Stripe alone decides.
    """
    finances = snapshot.decode(account.finances)
    is_off = finances.settings is not None and finances.settings.status == "disabled"
    if is_off or not json.loads(merchant.document)["canReceivePayouts"]:
        raise PayoutsBlocked(merchant)
    balance = finances.balance
    if balance is None:
        return
    # Stripe shows the amounts for instant payouts only for some accounts.
    currency, is_instant = new.amount.currency, new.method is Method.INSTANT and bool(balance.instant)
    if currency not in balance.available:
        held = ", ".join(balance.available) or "no currency"
        message = f"The balance has no {currency}. It has {held}."
        code = FieldCode.NOT_AVAILABLE
        raise InvalidInput([InvalidField("amount.currency", code, message, "Choose another currency.")])
    available = (balance.instant if is_instant else balance.available).get(currency, 0)
    if new.amount.minor_units > available:
        raise PayoutTooLarge(Money(available, currency), is_instant=is_instant)


async def _find_refused(gateway: Gateway, merchant: Merchant, new: NewPayout) -> None:
    """Search Stripe for the payout of a refused request, before the request is stored again. The refusal may
    concern only the last attempt: Stripe may have executed an earlier attempt whose answer was lost, before
    the account was disconnected.
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
        await _attach(request, found, CREATE)


@repeatable
async def _store(merchant: Merchant, new: NewPayout, actor: str) -> tuple[PayoutRequest, bool]:
    """Store the request, or find the request with this external id. The caller gets the lease of a new
    request. A refused request is stored again with another idempotency key, because Stripe repeats its answer
    to a key.
    """
    async with transaction_on(merchant.id):
        row = await Merchant.select_for_update().get(id=merchant.id)
        known = await PayoutRequest.get_or_none(merchant_id=row.id, external_id=new.external_id)
        if known is not None and known.state != "REFUSED":
            if known.input != _canonical(new):
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
        request.input, request.body = _canonical(new), json.dumps(_body(request, new))
        request.state, request.attempts, request.created_at = "PENDING", 1, at
        request.leased_until = request.run_at = at + LEASE
        request.finished_at = request.error_code = request.request_id = None
        request.error_message = None  # type: ignore[assignment]
        await request.save(force_create=known is None)
        message = f"A payout of {new.amount} was requested."
        await timeline.record(row.id, TimelineKind.PAYOUT_REQUESTED, message, at, actor=actor)
        await documents.save(row, account, at)
    faultpoints.reach("payout.written")
    return request, True


def _canonical(new: NewPayout) -> str:
    """The input as canonical text: equal inputs have equal texts."""
    amount = [new.amount.minor_units, new.amount.currency]
    return json.dumps(
        {"amount": amount, "method": new.method.value, "statement_descriptor": new.statement_descriptor}
    )


def _body(request: PayoutRequest, new: NewPayout) -> dict[str, Any]:
    """The request for a payout (https://docs.stripe.com/api/payouts/create)."""
    body: dict[str, Any] = {
        "amount": request.amount,
        "currency": request.currency.lower(),
        "method": new.method.value.lower(),
        "metadata": {REQUEST_KEY: str(request.id), EXTERNAL_ID: new.external_id},
        "expand": ["destination"],
    }
    if new.statement_descriptor is not None:
        body["statement_descriptor"] = new.statement_descriptor
    return body


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


async def _attach(request: PayoutRequest, answer: Answer, source: str) -> PayoutRequest:
    """Write the payout into the mirror, and its id into the request."""
    owner = await account_mirror.find(request.stripe_account_id)
    if owner is None or not _is_of(request, answer):
        raise AnswerUnusable
    await payouts.write_first(owner, answer, source)
    await PayoutRequest.filter(id=request.id, state__in=["PENDING", "REFUSED"]).update(
        state="SUCCEEDED",
        stripe_payout_id=answer["id"],
        finished_at=await now(),
        leased_until=None,
        error_code=None,
        error_message=None,
        request_id=None,
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


async def _find(request: PayoutRequest) -> PayoutRequest | None:
    return await PayoutRequest.get_or_none(id=request.id)


PAYOUT = stored_requests.Kind(
    PayoutRequest,
    send=_send,
    attach=_attach,
    refuse=_refuse,
    find=_find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="payout",
    look_up=_look_up,
)
