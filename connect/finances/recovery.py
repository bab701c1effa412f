"""Restore the payout requests that the database has lost, so that a repeated createPayout pays nothing out.

The metadata of a payout that ConnectQL created names the request for the payout.
"""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

from tortoise.exceptions import IntegrityError

from connect.finances import calls, manual_payouts
from connect.finances.rules import payouts
from connect.finances.rules.payouts import REQUEST_KEY
from connect.finances.rules.requests import Method, NewPayout, canonical
from connect.merchants.adoption.recovered import (
    SOURCE,
    Finding,
    Owner,
    Recovered,
    id_of,
    of_each_account,
)
from connect.merchants.inputs import encryption
from connect.payments.rules.money.money import Money
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import PayoutRequest, now
from models.ids import time_of
from models.transactions import repeatable, transaction_on


def run(gateway: Gateway, since: datetime, *, actor: str, dry_run: bool) -> AsyncIterator[Recovered]:
    """Look at the payouts that were created after `since`, and restore the missing requests.

    Raises StripeUnavailable.
    """

    def pages(owner: Owner) -> AsyncIterator[list[Answer]]:
        return calls.recent_payouts(gateway, owner.stripe_account_id, since)

    return of_each_account(pages, partial(_recover, gateway, actor, dry_run=dry_run))


async def _recover(
    gateway: Gateway, actor: str, owner: Owner, listed: Answer, *, dry_run: bool
) -> Recovered | None:
    """Restore the request for this payout, unless the run is dry.

    Returns None for a known request, and for a payout that ConnectQL did not create.
    """
    known = payouts.parse(listed)
    request_id = id_of(listed.get("metadata"), REQUEST_KEY)
    if request_id is None or known.external_id is None:
        return None
    requests = PayoutRequest.filter(id=request_id), PayoutRequest.filter(stripe_payout_id=known.id)
    if any([await one.exists() for one in requests]):
        return None
    is_taken = await PayoutRequest.exists(merchant_id=owner.merchant_id, external_id=known.external_id)
    finding = Finding.DUPLICATE if is_taken else Finding.RESTORABLE if dry_run else Finding.RESTORED
    if finding is Finding.RESTORED:
        answer = await calls.retrieve_payout(gateway, owner.stripe_account_id, known.id)
        try:
            await _store(owner, request_id, answer, actor)
        except IntegrityError:  # a client has repeated the payout meanwhile
            finding = Finding.DUPLICATE
    return Recovered(finding, known.external_id, known.id)


@repeatable
async def _store(owner: Owner, request_id: uuid.UUID, answer: Answer, actor: str) -> None:
    at, known = await now(), payouts.parse(answer)
    requested = NewPayout(
        external_id=known.external_id or "",
        amount=Money(known.amount, known.currency),
        method=Method.INSTANT if known.method == "instant" else Method.STANDARD,
        statement_descriptor=known.statement_descriptor,
    )
    async with transaction_on(owner.merchant_id):
        request = await PayoutRequest.create(
            id=request_id,
            merchant_id=owner.merchant_id,
            stripe_account_id=owner.stripe_account_id,
            external_id=requested.external_id,
            amount=known.amount,
            currency=known.currency,
            actor=actor,
            stripe_payout_id=known.id,
            idempotency_key=f"payout:{request_id}",
            input=canonical(requested),
            body=encryption.FORGOTTEN,
            attempts=1,
            run_at=at,
            created_at=time_of(request_id),
            **stored_requests.success(at),
        )
        await manual_payouts.attach(request, answer, SOURCE)
