"""The requests for sessions and intents of payments (see `connect.stripe_api.stored_requests`)."""

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import structlog

from connect.errors import AnswerUnusable, PaymentNotPayable, StripeRefused
from connect.merchants.inputs import encryption
from connect.payments import calls
from connect.payments.inputs import NewCheckout, NewIntent
from connect.payments.mirror import documents, mirror
from connect.payments.rules import requests
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.money import fees
from connect.payments.rules.money.fees import AppliedFeePolicy
from connect.payments.rules.snapshot import PAYMENT_KEY
from connect.payments.rules.state import PaymentState
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Merchant, Payment, PaymentCreation, PaymentObject, now, uuid7
from models.payment import API
from models.transactions import repeatable, transaction_on

CHECKOUT, INTENT = "CHECKOUT", "INTENT"
# Stripe's clock may differ from ours, and a slow call reaches Stripe late.
TOLERANCE = timedelta(minutes=10)
# The error type of API v1 for an idempotency key whose first request had another body.
KEY_REUSED = "idempotency_error"

log = structlog.get_logger("payments")

New = NewCheckout | NewIntent


class Created(NamedTuple):
    """A payment, and Stripe's answer with the address of the page or with the secret. `answer` is None if
    another attempt received it.
    """

    payment: Payment
    answer: Answer | None


@repeatable
async def store(
    gateway: Gateway,
    merchant: Merchant,
    stripe_account_id: str,
    new: New,
    fee: AppliedFeePolicy | None,
    actor: str,
) -> PaymentCreation:
    """Store a payment and its first request, leased to the caller.

    The gateway's key encrypts the customer's e-mail address in the request. Raises IntegrityError when
    another caller stored the external id first.
    """
    at = await now()
    payment = Payment(
        id=uuid7(at),
        merchant_id=merchant.id,
        merchant_external_id=merchant.external_id,
        stripe_account_id=stripe_account_id,
        origin=API,
        external_id=new.external_id,
        created_at=at,
        updated_at=at,
        fee=fees.encode(fee) if fee is not None else None,
        amount=new.total.minor_units,
        currency=new.total.currency,
    )
    async with transaction_on(payment.id):
        await documents.create(payment)
        creation = await _store(gateway, payment, 1, new)
        message = "The payment was created."
        await mirror.record(payment.id, EntryKind.CREATED, message, at, actor=actor)
        await audit.note("Payment", payment.id)
    faultpoints.reach("payment.written")
    return creation


@repeatable
async def store_next(
    gateway: Gateway, payment: Payment, last: PaymentCreation, new: New
) -> tuple[PaymentCreation, bool]:
    """Store the request that follows a settled request.

    Returns the new request, and whether this call has stored it.
    The amount and the fee stay the same. A new request is leased to the caller. Raises PaymentNotPayable if
    the payment was canceled or the payer's data was removed meanwhile.
    """
    async with transaction_on(payment.id):
        row = await Payment.select_for_update().get(id=payment.id)
        if row.cancel_requested_at is not None or row.payer_forgotten_at is not None:
            raise not_payable(row)
        newest = await latest(row.id)
        if newest is not None and newest.number > last.number:
            return newest, False
        creation = await _store(gateway, row, last.number + 1, new)
        await audit.note("Payment", row.id)
    faultpoints.reach("payment.written")
    return creation, True


def not_payable(payment: Payment) -> PaymentNotPayable:
    message = (
        f"The payment is {payment.state} and cannot be paid. Read the payment. For another payment, use "
        "another externalId."
    )
    return PaymentNotPayable(payment, message)


async def latest(payment_id: uuid.UUID) -> PaymentCreation | None:
    return await PaymentCreation.filter(payment_id=payment_id).order_by("-number").first()


async def _store(gateway: Gateway, payment: Payment, number: int, new: New) -> PaymentCreation:
    at = await now()
    fee = fees.decode(payment.fee).fee if payment.fee is not None else 0
    if isinstance(new, NewCheckout):
        kind, body = CHECKOUT, requests.of_checkout(payment.id, new, fee, at)
    else:
        kind, body = INTENT, requests.of_intent(payment.id, new, fee)
    return await PaymentCreation.create(
        id=uuid7(at),
        merchant_id=payment.merchant_id,
        payment_id=payment.id,
        number=number,
        kind=kind,
        stripe_account_id=payment.stripe_account_id,
        external_id=payment.external_id,
        idempotency_key=key(kind, payment.id, number),
        input=canonical(new, gateway.token_key),
        body=json.dumps(encryption.encrypt(body, gateway.token_key)),
        **stored_requests.new(gateway, at),
    )


def key(kind: str, payment_id: uuid.UUID, number: int) -> str:
    """The idempotency key of a payment's request with this number."""
    return f"{kind.lower()}:{payment_id}:{number}"


async def complete(gateway: Gateway, creation: PaymentCreation) -> Created | None:
    """Send the stored request and write the answer, as `stored_requests.complete` does."""
    return await stored_requests.complete(gateway, CREATION, creation)


async def complete_or_wait(gateway: Gateway, creation: PaymentCreation) -> Created | None:
    """Complete the creation or wait for it, as `stored_requests.complete_or_wait` does."""
    return await stored_requests.complete_or_wait(gateway, CREATION, creation)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete at most `limit` interrupted creations, and no more after `stopping` returns true. Returns the
    number of attempts.
    """
    return await stored_requests.resume(gateway, CREATION, limit=limit, stopping=stopping)


@repeatable
async def settle(payment_id: uuid.UUID) -> None:
    """Settle the pending request of a payment whose session or intent was attached by an event."""
    async with transaction_on(payment_id):
        await Payment.select_for_update().get_or_none(id=payment_id)
        creation = await latest(payment_id)
        if creation is not None and creation.state == "PENDING":
            await _settle(creation)


async def send(gateway: Gateway, creation: PaymentCreation, body: dict[str, Any]) -> Answer:
    """Send the request. If it was sent before, read the object again, because Stripe may repeat an old
    answer.

    Raises AnswerUnusable if the object belongs to another payment.
    """
    account, key = creation.stripe_account_id, creation.idempotency_key
    is_session = creation.kind == CHECKOUT
    try:
        create = calls.create_session if is_session else calls.create_intent
        answer = await create(gateway, account, body, key)
    except StripeRefused as error:
        # After a change of the API key, the body lacks the e-mail address, so Stripe refuses the idempotency
        # key.
        found = await look_up(gateway, creation) if error.code == KEY_REUSED else None
        if found is None:
            raise
        return found
    if payment_of(answer.get("metadata")) != creation.payment_id:
        log.error("object_of_another_payment", payment=str(creation.payment_id), object=answer["id"])
        raise AnswerUnusable
    if creation.attempts == 1:
        return answer
    if is_session:
        return await calls.retrieve_session(gateway, account, answer["id"])
    return await calls.retrieve_intent(gateway, account, answer["id"])


async def look_up(gateway: Gateway, creation: PaymentCreation) -> Answer | None:
    """Search Stripe for the object that an unanswered request may have created. Returns None if there is no
    such object.
    """
    since = creation.created_at - TOLERANCE
    until = creation.created_at + stored_requests.V1_KEY_LIFETIME + TOLERANCE
    search = calls.sessions_between if creation.kind == CHECKOUT else calls.intents_between
    rows = PaymentObject.filter(payment_id=creation.payment_id)
    known = {row.stripe_object_id for row in await rows}  # the sessions of earlier requests
    async for page in search(gateway, creation.stripe_account_id, since, until):
        for one in page:
            if payment_of(one.get("metadata")) == creation.payment_id and one["id"] not in known:
                return one
    return None


@repeatable
async def attach(creation: PaymentCreation, answer: Answer, source: str) -> Created | None:
    """Write the session or intent of the answer into the payment, and settle the request.

    Returns None if the payment was refused and deleted.
    """
    about = {"payment": str(creation.payment_id), "object": answer["id"]}
    async with transaction_on(creation.payment_id):
        if not await Payment.exists(id=creation.payment_id):
            # No caller has received the page or the secret, so nobody can pay.
            log.error("payment_was_refused", **about)
            return None
        payment = await mirror.attach(creation.payment_id, answer, source)
        await _settle(creation)
    log.info("payment_attached", **about)
    return Created(payment, answer)


async def _settle(creation: PaymentCreation) -> None:
    await PaymentCreation.filter(id=creation.id).update(
        body=stored_requests.final_body(creation), **stored_requests.success(await now())
    )


@repeatable
async def refuse(creation: PaymentCreation, error: StripeRefused) -> bool:
    """Settle the refused request, and delete the payment if it has no session or intent.

    Returns False if the request has succeeded, because an event attached the object while the request was
    repeated.
    """
    at = await now()
    async with transaction_on(creation.payment_id):
        payment = await Payment.select_for_update().get_or_none(id=creation.payment_id)
        request = await PaymentCreation.get(id=creation.id)
        has_object = payment is not None and await PaymentObject.exists(payment_id=payment.id)
        is_gone = payment is None or not has_object
        if request.state != "PENDING":
            return request.state == "REFUSED"
        if payment is not None and has_object:
            is_expired = payment.state == PaymentState.EXPIRED.value
            if request.number == 1 or not is_expired:
                await _settle(request)
                return False
        await PaymentCreation.filter(id=creation.id).update(
            state="REFUSED",
            finished_at=at,
            run_at=at,
            leased_until=None,
            body=encryption.FORGOTTEN,
            error_code=error.code[:255],
            error_message=error.message,
            request_id=error.request_id,
            **({"input": encryption.FORGOTTEN} if is_gone else {}),
        )
        if payment is not None and is_gone:
            await documents.delete(payment, at)
    return True


async def find(creation: PaymentCreation) -> Created | None:
    payment = await Payment.get_or_none(id=creation.payment_id)
    return Created(payment, None) if payment is not None else None


CREATION = stored_requests.Kind(
    PaymentCreation,
    send=send,
    attach=attach,
    refuse=refuse,
    find=find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="payment",
    look_up=look_up,
)


def canonical(new: New, key: bytes) -> str:
    """The input as canonical text: equal inputs have equal texts.

    The e-mail address is replaced by a keyed hash.
    """
    values = dataclasses.asdict(new) | {"capture": new.capture.value}
    values["kind"] = CHECKOUT if isinstance(new, NewCheckout) else INTENT
    email = values.pop("customer_email")
    if email is not None:
        values["email"] = encryption.fingerprint(email, key)
        values["email_key"] = encryption.key_name(key)
    return json.dumps(values, sort_keys=True)


def is_input(stored: str, new: New, key: bytes) -> bool:
    """Whether this canonical text and the input are equal. After a change of the API key, the hash of the
    e-mail address cannot be compared, and is ignored. A recovered payment has no stored input, so every
    input counts as equal.
    """
    if stored == encryption.FORGOTTEN:
        return True
    before, current = (_given(json.loads(text)) for text in (stored, canonical(new, key)))
    hashes = [values.pop("email", None) for values in (before, current)]
    keys = [values.pop("email_key", None) for values in (before, current)]
    if before != current or (None in hashes and hashes != [None, None]):
        return False
    return bool(keys[0] != keys[1] or hashes[0] == hashes[1])


def _given(values: Any) -> Any:
    """Remove the fields that are null. An input that an older release stored lacks newer fields, and equals
    an input in which the newer fields are null.
    """
    if isinstance(values, dict):
        return {name: _given(value) for name, value in values.items() if value is not None}
    return [_given(value) for value in values] if isinstance(values, list) else values


def payment_of(metadata: object) -> uuid.UUID | None:
    """The id of the payment in the metadata of an object that a ConnectQL service created.

    None if the metadata has no such id.
    """
    value = metadata.get(PAYMENT_KEY) if isinstance(metadata, Mapping) else None
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
