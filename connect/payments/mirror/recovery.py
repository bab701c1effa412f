"""Restore payments and pages that the database lacks because it was restored from a backup or lost its last
commits.

The metadata of each session and intent that ConnectQL created names its payment. The restored payment has the
same ids, and a repeated createCheckout or createPaymentIntent returns it.
"""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from tortoise.exceptions import IntegrityError

from connect.merchants.adoption.recovered import (
    SOURCE,
    Finding,
    Owner,
    Recovered,
    external_id_of,
    id_of,
    of_each_account,
)
from connect.merchants.inputs import encryption
from connect.payments import calls, creations
from connect.payments.mirror import documents, fetches, mirror
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.snapshot import PAYMENT_KEY
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Payment, PaymentCreation, PaymentObject, now
from models.ids import time_of
from models.payment import API
from models.transactions import repeatable, transaction_on

MESSAGE = "The payment was restored from Stripe."


class _Lost(NamedTuple):
    """A session or intent that ConnectQL created, and that the database does not have."""

    payment_id: uuid.UUID
    external_id: str
    stripe_id: str
    is_session: bool
    status: object
    # The amount in minor units, and the currency.
    total: tuple[object, str]


def run(gateway: Gateway, since: datetime, *, actor: str, dry_run: bool) -> AsyncIterator[Recovered]:
    """Look at the sessions and intents that were created after `since`. Restore lost payments and pages.

    Raises StripeUnavailable.
    """

    async def pages(owner: Owner) -> AsyncIterator[list[_Lost]]:
        account, until = owner.stripe_account_id, await now()
        yield await _lost(calls.sessions_between(gateway, account, since, until))
        yield await _lost(calls.intents_between(gateway, account, since, until))

    return of_each_account(pages, partial(_recover, gateway, actor, dry_run=dry_run))


async def _lost(pages: AsyncIterator[list[Answer]]) -> list[_Lost]:
    """The lost objects, oldest first, because the pages of a payment replace each other in this order.

    Stripe lists the newest first, so the whole list is read before the first object is restored. Only the
    lost objects are kept in memory.
    """
    found: list[_Lost] = []
    async for page in pages:
        objects = PaymentObject.filter(stripe_object_id__in=[one["id"] for one in page])
        known = set(await objects.values_list("stripe_object_id", flat=True))
        for one in page:
            metadata, is_session = one.get("metadata"), one.get("object") == fetches.SESSION
            payment_id, external_id = id_of(metadata, PAYMENT_KEY), external_id_of(metadata)
            # Merchants can edit metadata, so a session in another mode may also name a payment.
            is_payment = not is_session or one.get("mode") == "payment"
            is_lost = is_payment and one["id"] not in known
            if is_lost and payment_id is not None and external_id is not None:
                total = one.get("amount_total" if is_session else "amount"), str(one.get("currency")).upper()
                lost = _Lost(payment_id, external_id, one["id"], is_session, one.get("status"), total)
                found.append(lost)
    return found[::-1]


async def _recover(
    gateway: Gateway, actor: str, owner: Owner, lost: _Lost, *, dry_run: bool
) -> Recovered | None:
    """Restore the payment of this session or intent, unless the run is dry.

    Returns None if the object is stored by now, or if a creation of the payment is stored. If the database
    has the payment, `_recover_page` decides.
    """
    if await mirror.find(lost.stripe_id) is not None:
        return None
    payment = await Payment.get_or_none(id=lost.payment_id)
    if payment is not None:
        return await _recover_page(gateway, actor, owner, payment, lost, dry_run=dry_run)
    if await PaymentCreation.exists(payment_id=lost.payment_id):
        return None
    is_taken = await Payment.exists(merchant_id=owner.merchant_id, external_id=lost.external_id)
    if is_taken and await mirror.find(lost.stripe_id) is not None:
        return None  # the payment's creation has been completed meanwhile
    finding = Finding.DUPLICATE if is_taken else Finding.RESTORABLE if dry_run else Finding.RESTORED
    if finding is Finding.RESTORED:
        retrieve = calls.retrieve_session if lost.is_session else calls.retrieve_intent
        answer = await retrieve(gateway, owner.stripe_account_id, lost.stripe_id)
        try:
            await _store(owner, lost, answer, actor)
        except IntegrityError:  # a client has created the payment again meanwhile
            finding = Finding.DUPLICATE
    return Recovered(finding, lost.external_id, lost.stripe_id)


async def _recover_page(
    gateway: Gateway, actor: str, owner: Owner, payment: Payment, lost: _Lost, *, dry_run: bool
) -> Recovered | None:
    """Restore a page that had replaced an expired page. The database has the payment, but not the page.

    Without the restored page, a repeated createCheckout could create a third page, and the customer could pay
    twice. The call would use the idempotency key of the lost request with another expiry. Stripe refuses such
    a call for a day, but creates a page after that.

    Returns None for an intent, because the mirror finds the intent by its page. Returns None if the object
    belongs to another account or has another total. Returns None while a creation of the payment is pending.
    Also returns None for an expired page, unless the stored page has expired, too, and the payment was not
    canceled. Any other page is a DUPLICATE if the stored page has not expired. An open page of a canceled
    payment is also a DUPLICATE, because it would make the payment payable again.
    """
    account, current = payment.stripe_account_id, payment.stripe_checkout_session_id
    last = await creations.latest(payment.id)
    # Merchants can edit the metadata of their payments. All pages of a payment have the same total.
    is_own = account == owner.stripe_account_id and lost.total == (payment.amount, payment.currency)
    is_page = is_own and lost.is_session
    if not is_page or current is None or last is None or last.state == "PENDING":
        return None
    is_expired = (await calls.retrieve_session(gateway, account, current)).get("status") == "expired"
    is_replaced = is_expired and (payment.cancel_requested_at is None or lost.status == "complete")
    if lost.status == "expired" and not is_replaced:
        return None
    finding = (Finding.RESTORABLE if dry_run else Finding.RESTORED) if is_replaced else Finding.DUPLICATE
    if finding is Finding.RESTORED:
        answer = await calls.retrieve_session(gateway, account, lost.stripe_id)
        try:
            await _store_page(payment, last, answer)
        except IntegrityError:  # a client has replaced the expired page meanwhile, perhaps by this page
            return await _recover(gateway, actor, owner, lost, dry_run=dry_run)
    return Recovered(finding, lost.external_id, lost.stripe_id)


@repeatable
async def _store(owner: Owner, lost: _Lost, answer: Answer, actor: str) -> None:
    at, created_at = await now(), time_of(lost.payment_id)
    amount: Any = answer.get("amount_total" if lost.is_session else "amount")
    payment = Payment(
        id=lost.payment_id,
        merchant_id=owner.merchant_id,
        merchant_external_id=owner.merchant_external_id,
        stripe_account_id=owner.stripe_account_id,
        origin=API,
        external_id=lost.external_id,
        created_at=created_at,
        updated_at=at,
        amount=amount,
        currency=str(answer.get("currency")).upper(),
    )
    kind = creations.CHECKOUT if lost.is_session else creations.INTENT
    async with transaction_on(payment.id):
        await documents.create(payment)
        await mirror.record(payment.id, EntryKind.CREATED, MESSAGE, at, actor=actor)
        await _store_creation(payment, 1, kind, encryption.FORGOTTEN, created_at)
        await mirror.attach(payment.id, answer, SOURCE)


@repeatable
async def _store_page(payment: Payment, last: PaymentCreation, answer: Answer) -> None:
    """Store the page with the last request's input, because all pages of a payment have the same input."""
    async with transaction_on(payment.id):
        number = last.number + 1
        await _store_creation(payment, number, creations.CHECKOUT, last.input, await now())
        await mirror.attach(payment.id, answer, SOURCE)


async def _store_creation(payment: Payment, number: int, kind: str, given: str, created_at: datetime) -> None:
    at = await now()
    await PaymentCreation.create(
        merchant_id=payment.merchant_id,
        payment_id=payment.id,
        number=number,
        kind=kind,
        stripe_account_id=payment.stripe_account_id,
        external_id=payment.external_id,
        idempotency_key=creations.key(kind, payment.id, number),
        input=given,
        body=encryption.FORGOTTEN,
        attempts=1,
        run_at=at,
        created_at=created_at,
        **stored_requests.success(at),
    )
