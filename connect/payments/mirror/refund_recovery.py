"""Restore the refund requests that the database has lost, so that a repeated refundPayment does not refund
again.

The metadata of each refund that ConnectQL created names its payment and its request.
"""

import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

from tortoise.exceptions import IntegrityError

from connect.errors import StripeRefused
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
from connect.payments import calls, refunds
from connect.payments.mirror import mirror
from connect.payments.rules.snapshot import PAYMENT_KEY, REFUND_KEY
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Payment, RefundRequest, now
from models.ids import time_of
from models.transactions import repeatable, transaction_on


def run(gateway: Gateway, since: datetime, *, actor: str, dry_run: bool) -> AsyncIterator[Recovered]:
    """Look at the refunds that were created after `since`, and restore the missing requests.

    Raises StripeUnavailable.
    """

    async def pages(owner: Owner) -> AsyncIterator[list[Answer]]:
        if await Payment.exists(merchant_id=owner.merchant_id):  # most merchants have no payments
            async for page in calls.recent_refunds(gateway, owner.stripe_account_id, since):
                yield page

    return of_each_account(pages, partial(_recover, gateway, actor, dry_run=dry_run))


async def _recover(
    gateway: Gateway, actor: str, owner: Owner, listed: Answer, *, dry_run: bool
) -> Recovered | None:
    """Restore the request of this refund, unless the run is dry.

    Returns None if the request is known, if ConnectQL did not create the refund, or if the payment in the
    metadata is unknown or is not the refund's payment.
    """
    metadata = listed.get("metadata")
    payment_id, request_id = id_of(metadata, PAYMENT_KEY), id_of(metadata, REFUND_KEY)
    external_id = external_id_of(metadata)
    if payment_id is None or request_id is None or external_id is None:
        return None
    payment = await Payment.get_or_none(id=payment_id, stripe_account_id=owner.stripe_account_id)
    known = RefundRequest.filter(id=request_id), RefundRequest.filter(stripe_refund_id=listed["id"])
    if payment is None or any([await one.exists() for one in known]):
        return None
    if payment.stripe_payment_intent_id is None and not dry_run:
        # The backup is from before the customer paid on the page.
        with contextlib.suppress(StripeRefused):
            await mirror.refresh(gateway, payment, SOURCE)
        payment = await Payment.get(id=payment_id)
    intent_id = payment.stripe_payment_intent_id
    # Merchants can edit the metadata of their refunds. A dry run does not fetch an unknown intent.
    is_of_payment = dry_run if intent_id is None else intent_id == listed.get("payment_intent")
    if not is_of_payment:
        return None
    is_taken = await RefundRequest.exists(payment_id=payment_id, external_id=external_id)
    finding = Finding.DUPLICATE if is_taken else Finding.RESTORABLE if dry_run else Finding.RESTORED
    if finding is Finding.RESTORED:
        try:
            await _store(payment, request_id, external_id, listed, actor)
        except IntegrityError:  # a client has repeated the refund meanwhile
            finding = Finding.DUPLICATE
    return Recovered(finding, external_id, listed["id"])


@repeatable
async def _store(
    payment: Payment, request_id: uuid.UUID, external_id: str, answer: Answer, actor: str
) -> None:
    at = await now()
    async with transaction_on(payment.id):
        request = await RefundRequest.create(
            id=request_id,
            merchant_id=payment.merchant_id,
            payment_id=payment.id,
            external_id=external_id,
            amount=answer["amount"],
            actor=actor,
            stripe_refund_id=answer["id"],
            idempotency_key=f"refund:{request_id}",
            input=encryption.FORGOTTEN,
            body=encryption.FORGOTTEN,
            attempts=1,
            run_at=at,
            created_at=time_of(request_id),
            **stored_requests.success(at),
        )
        await refunds.attach(request, answer, SOURCE)
