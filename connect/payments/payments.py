"""Create the payments of merchants, and return their pages and secrets."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from tortoise.exceptions import IntegrityError

from connect.errors import (
    AnswerUnusable,
    ExternalIdTaken,
    MerchantNotReady,
    PaymentNotPayable,
    StripeRefused,
)
from connect.merchants.accounts import open_account
from connect.merchants.mirror.mirror import CLOSED
from connect.merchants.rules.account.account_settings import account_settings
from connect.merchants.rules.account.snapshot import decode
from connect.merchants.rules.messages import Audience
from connect.payments import calls, creations, inputs
from connect.payments.creations import New
from connect.payments.fees import merchant_fees
from connect.payments.inputs import NewCheckout, NewIntent
from connect.payments.mirror import mirror
from connect.payments.rules import readiness, requests
from connect.payments.rules.money import amounts, fees
from connect.payments.rules.money.fee_policies import FeePolicy
from connect.payments.rules.money.fees import AppliedFeePolicy
from connect.payments.rules.state import PaymentState
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api.gateway import Answer, Gateway
from models import ConnectedAccount, Merchant, Payment, PaymentCreation

# The statuses of an intent that the customer can still pay.
PAYABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
TAKEN = (
    "This externalId belongs to a payment that was created from another input. Read that payment, or use "
    "another externalId."
)
FORGOTTEN = (
    "The data about the payer was removed from the payment with this externalId. Read that payment, or use "
    "another externalId."
)
REPLACED = "The merchant has a different account now. Create a payment with another externalId."


@dataclass(frozen=True, slots=True)
class Checkout:
    """`url` is the payment page. Pass it to the customer and never store it."""

    payment: Payment
    url: str
    expires_at: datetime
    created: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """The values that PaymentSheet and Elements need. The secrets must not be stored or logged."""

    payment: Payment
    client_secret: str
    customer_session_client_secret: str | None
    merchant_display_name: str
    merchant_country: str | None
    created: bool


async def create_checkout(
    gateway: Gateway,
    merchant: Merchant,
    new: NewCheckout,
    *,
    origins: Collection[str],
    policy: FeePolicy | None,
    actor: str,
    audience: Audience,
) -> Checkout:
    """Return the payment with this external id and a page on which the customer can pay.

    `origins` are the allowed origins of the addresses, `policy` is the platform's fee policy, and `audience`
    is the reader of the refusals. Repeated or simultaneous calls return the same payment. A page that expired
    unpaid is replaced. Raises InvalidInput, AmountTooSmall, CurrencyNotSupported, FeeTooLarge,
    MerchantNotReady, ExternalIdTaken or StripeRefused if no payment was created. Raises PaymentNotPayable if
    the payment is authorized, in processing, paid, failed or canceled, or if its page has expired and its
    account is closed or replaced. Raises StripeUnavailable while it is unknown whether Stripe has the
    payment; the worker or a repeated call then completes it.
    """
    faultpoints.reach("payment.arrived")
    new = inputs.check_checkout(new, origins)
    payment, answer, created = await _create(gateway, merchant, new, policy, actor, audience)
    url, seconds = answer.get("url"), answer.get("expires_at")
    if not isinstance(url, str) or not isinstance(seconds, int):
        raise AnswerUnusable
    return Checkout(payment, url, datetime.fromtimestamp(seconds, UTC), created)


async def create_intent(
    gateway: Gateway,
    merchant: Merchant,
    new: NewIntent,
    *,
    policy: FeePolicy | None,
    actor: str,
    audience: Audience,
) -> Intent:
    """Return the payment with this external id and the secrets with which an app lets the customer pay.

    Raises the same errors as `create_checkout`.
    """
    faultpoints.reach("payment.arrived")
    new = inputs.check_intent(new)
    payment, answer, created = await _create(gateway, merchant, new, policy, actor, audience)
    secret = answer.get("client_secret")
    if not isinstance(secret, str):
        raise AnswerUnusable
    session = await _customer_session(gateway, payment, new.customer) if new.customer is not None else None
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    known = decode(account.snapshot) if account is not None else None
    name = account_settings(known)["doingBusinessAs"] if known is not None else None
    country = known.country if known is not None else merchant.country
    return Intent(payment, secret, session, name or merchant.display_name, country, created)


async def _customer_session(gateway: Gateway, payment: Payment, customer: str) -> str:
    """Return a new secret for each call. An unused customer session has no effect, so each call can have
    its own idempotency key.
    """
    body, account = requests.of_customer_session(customer), payment.stripe_account_id
    answer = await calls.create_customer_session(gateway, account, body, str(uuid.uuid4()))
    secret = answer.get("client_secret")
    if not isinstance(secret, str):
        raise AnswerUnusable
    return secret


async def _create(
    gateway: Gateway,
    merchant: Merchant,
    new: New,
    policy: FeePolicy | None,
    actor: str,
    audience: Audience,
) -> tuple[Payment, Answer, bool]:
    """Return the payment, its open session or intent, and whether this call created the payment."""
    created = False
    while True:
        payment = await Payment.get_or_none(merchant_id=merchant.id, external_id=new.external_id)
        if payment is None:
            account, fee = await _prepare(merchant, new, policy, audience)
            try:
                creation = await creations.store(gateway, merchant, account, new, fee, actor)
            except IntegrityError:
                audit.undone()
                continue  # another call stored the same external id first
            created, attempt = True, creations.complete
        else:
            found = await _current(gateway, payment, new)
            if found is None:
                continue  # Stripe refused the payment between the two reads, so the external id is free
            creation, is_mine = found
            attempt = creations.complete if is_mine else creations.complete_or_wait
        try:
            done = await attempt(gateway, creation)
        except StripeRefused as error:
            inputs.name_fields(error)
            raise
        if done is None:
            continue  # Stripe has refused another attempt, so the external id is free
        answer = done.answer or await _read(gateway, done.payment)
        if _is_payable(answer):
            return done.payment, answer, created
        refusal = await _not_payable(gateway, done.payment)
        if refusal.payment_row.state != PaymentState.EXPIRED.value:
            raise refusal


async def _prepare(
    merchant: Merchant, new: New, policy: FeePolicy | None, audience: Audience
) -> tuple[str, AppliedFeePolicy | None]:
    """Refuse a payment that Stripe would refuse, and decide the fee. Returns the account's id, and the fee if
    there is one.

    Raises MerchantNotReady, InvalidInput, AmountTooSmall, CurrencyNotSupported or FeeTooLarge.
    """
    account = await open_account(merchant)
    known = decode(account.snapshot)
    is_page = isinstance(new, NewCheckout)
    if (problem := readiness.problem(known, is_on_page=is_page, audience=audience)) is not None:
        raise MerchantNotReady(problem)
    settings = account_settings(known)
    inputs.check_for_account(new, settings["statementDescriptorPrefix"])
    total, field = new.total, "lines" if is_page else "amount"
    amounts.check_minimum(field, total.minor_units, total.currency, settings["currency"])
    path = "lines[0].unitAmount.currency" if is_page else "amount.currency"
    own = merchant_fees.policy_of(merchant)
    fee = fees.decide(total, given=new.fee, merchant=own, platform=policy, currency_field=path)
    return account.stripe_account_id, fee


async def _current(gateway: Gateway, payment: Payment, new: New) -> tuple[PaymentCreation, bool] | None:
    """The request that creates the page or intent of an existing payment, and whether this call stored it.

    If the last request was refused or its page has expired, a new request is stored. Returns None if the
    payment has been deleted. Raises ExternalIdTaken if the input differs or the payer's data was removed. If
    a new request is needed but the payment was canceled or its account is no longer open, raises
    PaymentNotPayable.
    """
    last = await creations.latest(payment.id)
    is_sum = (payment.amount, payment.currency) == (new.total.minor_units, new.total.currency)
    # Another request would store data about the payer again, and no rule would remove it.
    is_forgotten = payment.payer_forgotten_at is not None
    is_repeat = last is not None and is_sum and creations.is_input(last.input, new, gateway.token_key)
    if last is None or is_forgotten or not is_repeat:
        if last is not None and not await Payment.exists(id=payment.id):
            return None
        raise ExternalIdTaken(new.external_id, FORGOTTEN if is_forgotten else TAKEN)
    if last.state == "PENDING":
        return last, False
    is_expired = payment.state == PaymentState.EXPIRED.value
    if last.state == "SUCCEEDED" and not is_expired:
        return last, False
    if not await Payment.exists(id=payment.id):
        return None
    if payment.cancel_requested_at is not None:
        raise await _not_payable(gateway, payment)
    account = await ConnectedAccount.get_or_none(stripe_account_id=payment.stripe_account_id)
    if account is None or account.closed:
        raise PaymentNotPayable(payment, REPLACED if account is None else CLOSED)
    return await creations.store_next(gateway, payment, last, new)


async def _read(gateway: Gateway, payment: Payment) -> Answer:
    """Read the session or the intent, which has the page's address or the secret."""
    account = payment.stripe_account_id
    if payment.stripe_checkout_session_id is not None:
        return await calls.retrieve_session(gateway, account, payment.stripe_checkout_session_id)
    if payment.stripe_payment_intent_id is not None:
        return await calls.retrieve_intent(gateway, account, payment.stripe_payment_intent_id)
    raise AnswerUnusable


def _is_payable(answer: Answer) -> bool:
    is_session = answer.get("object") == "checkout.session"
    return answer.get("status") == "open" if is_session else answer.get("status") in PAYABLE


async def _not_payable(gateway: Gateway, payment: Payment) -> PaymentNotPayable:
    await mirror.refresh(gateway, payment, "create")
    return creations.not_payable(await Payment.get(id=payment.id))
