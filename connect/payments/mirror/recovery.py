"""Restore payments whose rows are missing after the database was restored, or lost its last commits.

The metadata of each session and intent names the payment for which ConnectQL created it. The restored payment
has the same ids, and a repeated createCheckout or createPaymentIntent returns it.
"""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from connect.errors import StripeRefused
from connect.merchants.adoption.recovered import (
    SOURCE,
    Finding,
    Owner,
    Recovered,
    external_id_of,
    id_of,
    open_accounts,
)
from connect.merchants.inputs import encryption
from connect.payments import calls, creations
from connect.payments.mirror import documents, mirror
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.snapshot import PAYMENT_KEY
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Payment, PaymentCreation, now
from models.ids import time_of
from models.payment import API
from models.transactions import repeatable, transaction_on

MESSAGE = "The payment was restored from Stripe."


async def run(gateway: Gateway, since: datetime, *, actor: str, dry_run: bool) -> AsyncIterator[Recovered]:
    """Look at the sessions and intents that were created after `since`, and restore the missing payments.

    If Stripe refuses to list them for an account, the account is UNREADABLE. Raises StripeRefused or
    StripeUnavailable.
    """
    async for owner in open_accounts():
        async for found in _recover(gateway, owner, since, actor, dry_run=dry_run):
            yield found


async def _recover(
    gateway: Gateway, owner: Owner, since: datetime, actor: str, *, dry_run: bool
) -> AsyncIterator[Recovered]:
    key, until = owner.stripe_account_id, await now()
    try:
        sessions = await calls.sessions_between(gateway, key, since, until)
        intents = await calls.intents_between(gateway, key, since, until)
    except StripeRefused:  # for example, the merchant has disconnected the account since the backup
        yield Recovered(Finding.UNREADABLE, owner.merchant_external_id, key)
        return
    for listed in [*reversed(sessions), *reversed(intents)]:
        payment_id = id_of(listed.get("metadata"), PAYMENT_KEY)
        external_id = external_id_of(listed.get("metadata"))
        if payment_id is None or external_id is None:
            continue
        # A payment's later page belongs to the same payment, and its creation attaches it.
        if await Payment.exists(id=payment_id) or await mirror.find(listed["id"]) is not None:
            continue
        if await PaymentCreation.exists(payment_id=payment_id):
            continue
        is_taken = await Payment.exists(merchant_id=owner.merchant_id, external_id=external_id)
        if is_taken and await mirror.find(listed["id"]) is not None:
            continue  # its creation has been completed meanwhile
        finding = Finding.DUPLICATE if is_taken else Finding.RESTORABLE if dry_run else Finding.RESTORED
        if finding is Finding.RESTORED:
            is_session = listed.get("object") == "checkout.session"
            retrieve = calls.retrieve_session if is_session else calls.retrieve_intent
            answer = await retrieve(gateway, key, listed["id"])
            try:
                await _store(owner, payment_id, external_id, answer, actor)
            except IntegrityError:  # a client has created the payment again meanwhile
                finding = Finding.DUPLICATE
        yield Recovered(finding, external_id, listed["id"])


@repeatable
async def _store(owner: Owner, payment_id: uuid.UUID, external_id: str, answer: Answer, actor: str) -> None:
    at, created_at = await now(), time_of(payment_id)
    is_session = answer.get("object") == "checkout.session"
    amount: Any = answer.get("amount_total" if is_session else "amount")
    payment = Payment(
        id=payment_id,
        merchant_id=owner.merchant_id,
        merchant_external_id=owner.merchant_external_id,
        stripe_account_id=owner.stripe_account_id,
        origin=API,
        external_id=external_id,
        created_at=created_at,
        updated_at=at,
        amount=amount,
        currency=str(answer.get("currency")).upper(),
    )
    kind = creations.CHECKOUT if is_session else creations.INTENT
    async with transaction_on(payment_id):
        await documents.create(payment)
        await mirror.record(payment_id, EntryKind.CREATED, MESSAGE, at, actor=actor)
        await PaymentCreation.create(
            merchant_id=owner.merchant_id,
            payment_id=payment_id,
            number=1,
            kind=kind,
            stripe_account_id=owner.stripe_account_id,
            external_id=external_id,
            idempotency_key=creations.key(kind, payment_id, 1),
            input=encryption.FORGOTTEN,
            body=encryption.FORGOTTEN,
            attempts=1,
            run_at=at,
            created_at=created_at,
            **stored_requests.success(at),
        )
        await mirror.attach(payment_id, answer, SOURCE)
