"""Cancel and capture payments. A call starts from the mirror, which may be outdated. If Stripe refuses the
change, the call fetches the payment and decides again.
"""

import contextlib

from connect.errors import (
    FieldCode,
    InvalidField,
    InvalidInput,
    PaymentNotChangeable,
    PaymentNotFound,
    StripeRefused,
    StripeUnavailable,
)
from connect.payments import calls, creations
from connect.payments.mirror import documents, mirror
from connect.payments.rules import entries, requests, state
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.money import fees
from connect.payments.rules.money.amounts import check_amount, check_fee_amount
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import Intent, Snapshot, decode
from connect.payments.rules.state import PaymentState
from connect.stripe_api.gateway import Gateway
from models import Payment, now
from models.transactions import repeatable, transaction_on

# The statuses in which an intent can be canceled (https://docs.stripe.com/api/payment_intents/cancel).
CANCELABLE = frozenset(
    {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture", "processing"}
)
ENDED = frozenset({PaymentState.CANCELED.value, PaymentState.EXPIRED.value})


async def cancel(gateway: Gateway, payment: Payment, *, actor: str) -> Payment:
    """Close the payment's page, or cancel its intent. A later createCheckout does not replace the page.

    Raises PaymentNotChangeable for a payment that cannot be canceled, such as a paid or failed one. Also
    raises PaymentNotFound, StripeRefused or StripeUnavailable.
    """
    payment = await settled(gateway, payment)
    if payment.state != PaymentState.CANCELED.value:
        payment = await _request_cancel(payment, actor)
    if payment.state in ENDED:
        return payment
    try:
        await _cancel(gateway, payment)
    except StripeRefused as error:
        row = await _refreshed(gateway, payment, "cancel", actor)
        if row.state in ENDED:
            return row
        if row.state in {PaymentState.SUCCEEDED.value, PaymentState.FAILED.value}:
            raise _not_cancelable(row) from error
        try:
            await _cancel(gateway, row)  # the fetched payment may need the other kind of call
        except StripeRefused:
            raise error from None
    row = await _refreshed(gateway, payment, "cancel", actor)
    if row.state in ENDED:
        return row
    raise _not_cancelable(row)


async def _cancel(gateway: Gateway, payment: Payment) -> None:
    known, account = decode(payment.snapshot), payment.stripe_account_id
    if known.session is not None and known.session.status == "open":
        key = _key("expire", payment)
        await calls.expire_session(gateway, account, known.session.id, key)
    elif known.intent is not None and known.intent.status in CANCELABLE:
        body = {"cancellation_reason": "requested_by_customer"}
        await calls.cancel_intent(gateway, account, known.intent.id, body, _key("cancel", payment))
    else:
        raise _not_cancelable(payment)


def _key(change: str, payment: Payment) -> str:
    """The idempotency key of a change. The key differs after each fetch of the payment. With the same key,
    Stripe would repeat a refusal even if the payment has another state by now
    (https://docs.stripe.com/api/idempotent_requests). Different keys are safe, because Stripe cancels and
    captures a payment only once.
    """
    return f"{change}:{payment.id}:{payment.fetch_applied}"


@repeatable
async def _request_cancel(payment: Payment, actor: str) -> Payment:
    """Store the time of the request to cancel. It distinguishes a canceled page from a page that expired
    unused.
    """
    async with transaction_on(payment.id):
        row = await Payment.select_for_update().get(id=payment.id)
        if row.cancel_requested_at is None:
            at, before = await now(), row.state
            row.cancel_requested_at = at
            await documents.save(row, at, has_entries=False)
            if row.state != before:  # an expired page counts as canceled from now on
                message = entries.state_message(before, row.state)
                await mirror.record(row.id, EntryKind.STATE_CHANGED, message, at, actor=actor)
        return row


async def capture(
    gateway: Gateway, payment: Payment, *, amount: Money | None, fee: Money | None, actor: str
) -> Payment:
    """Capture the whole amount of an authorized payment, or a part of it. Stripe releases the rest.

    `fee` replaces the fee of the payment. Without `fee`, the payment's fee terms are applied to the captured
    amount. A repeated call changes nothing. Raises InvalidInput, FeeTooLarge, PaymentNotFound,
    PaymentNotChangeable, StripeRefused or StripeUnavailable.
    """
    payment = await settled(gateway, payment)
    _check_capture(payment, amount, fee)
    if payment.state != PaymentState.AUTHORIZED.value:
        payment = await _refreshed(gateway, payment, "capture", actor)
    for is_last in (False, True):
        known = decode(payment.snapshot)
        if known.intent is None or payment.state != PaymentState.AUTHORIZED.value:
            return await _captured_before(payment, known, amount, fee)
        units = amount.minor_units if amount is not None else known.intent.amount_capturable
        _check_capturable(known.intent, units)
        applied = _fee(payment, units, fee)
        had_fee = known.intent.application_fee_amount
        body = requests.of_capture(units, applied.fee if applied and (applied.fee or had_fee) else None)
        account, key = payment.stripe_account_id, _key("capture", payment)
        try:
            await calls.capture_intent(gateway, account, known.intent.id, body, key)
            if applied is not None:
                await _set_fee(payment, applied)
            return await _refreshed(gateway, payment, "capture", actor)
        except StripeRefused:
            if is_last:
                raise
            payment = await _refreshed(gateway, payment, "capture", actor)
            if payment.state == PaymentState.AUTHORIZED.value:
                raise
    raise AssertionError  # the second pass returns or raises


def _check_capture(payment: Payment, amount: Money | None, fee: Money | None) -> None:
    fields: list[InvalidField] = []
    if amount is not None and amount.currency != payment.currency:
        message = f"The amount must be in {payment.currency}, the currency of the payment."
        user_message = f"Choose {payment.currency}."
        fields.append(InvalidField("amount.currency", FieldCode.CONTRADICTION, message, user_message))
    elif amount is not None:
        fields += check_amount("amount", amount.minor_units, amount.currency)
    if fee is not None:
        fields += check_fee_amount("fee", fee.minor_units, fee.currency, payment.currency)
    if fields:
        raise InvalidInput(fields)


def _check_capturable(intent: Intent, units: int) -> None:
    if units > intent.amount_capturable:
        limit = Money(intent.amount_capturable, intent.currency)
        message = f"The amount must be at most {limit}, the authorized amount."
        user_message = f"Enter an amount of at most {limit}."
        raise InvalidInput(
            [InvalidField("amount.minorUnits", FieldCode.AMOUNT_INVALID, message, user_message)]
        )


def _fee(payment: Payment, units: int, given: Money | None) -> fees.AppliedFeePolicy | None:
    """The fee of the captured amount; None if the payment has no fee. Raises FeeTooLarge."""
    if given is not None:
        return fees.decide(Money(units, payment.currency), given=given.minor_units)
    return fees.for_capture(fees.decode(payment.fee), units) if payment.fee is not None else None


async def _captured_before(
    payment: Payment, known: Snapshot, amount: Money | None, fee: Money | None
) -> Payment:
    """Return the payment if this amount was captured already. Otherwise, raises PaymentNotChangeable.

    If Stripe's answer to the capture was lost, the fee of the capture is stored now.
    """
    was_captured = payment.state == PaymentState.SUCCEEDED.value and known.intent is not None
    if was_captured and known.intent is not None and known.intent.capture_method == "manual":
        done = state.captured(known)
        if amount is None or amount.minor_units == done:
            applied = _fee(payment, done, fee)
            is_charged = applied is not None and applied.fee == (known.intent.application_fee_amount or 0)
            if applied is not None and is_charged and fees.encode(applied) != payment.fee:
                await _set_fee(payment, applied)
                return await Payment.get(id=payment.id)
            return payment
        message = f"{Money(done, payment.currency)} of the payment were captured already. Read the payment."
        raise PaymentNotChangeable(payment, message)
    message = f"The payment is {payment.state}. Only an AUTHORIZED payment can be captured. Read the payment."
    raise PaymentNotChangeable(payment, message)


@repeatable
async def _set_fee(payment: Payment, applied: fees.AppliedFeePolicy) -> None:
    async with transaction_on(payment.id):
        row = await Payment.select_for_update().get(id=payment.id)
        row.fee = fees.encode(applied)
        await documents.save(row, await now(), has_entries=False)


async def settled(gateway: Gateway, payment: Payment) -> Payment:
    """Complete the creation of the payment if it is pending, and return the payment.

    Raises PaymentNotFound if Stripe refused the payment, and StripeUnavailable while the outcome is unknown.
    """
    last = await creations.latest(payment.id)
    if last is not None and last.state == "PENDING":
        with contextlib.suppress(StripeRefused):  # the payment was deleted, or keeps its earlier page
            await creations.complete_or_wait(gateway, last)
    row = await Payment.get_or_none(id=payment.id)
    if row is None:
        raise PaymentNotFound
    if row.snapshot is None:
        raise StripeUnavailable
    return row


async def _refreshed(gateway: Gateway, payment: Payment, source: str, actor: str) -> Payment:
    await mirror.refresh(gateway, payment, source, actor=actor)
    return await Payment.get(id=payment.id)


def _not_cancelable(payment: Payment) -> PaymentNotChangeable:
    remedy = "Refund it instead." if payment.state == PaymentState.SUCCEEDED.value else "Read the payment."
    return PaymentNotChangeable(payment, f"The payment is {payment.state} and cannot be canceled. {remedy}")
