"""Removes the data that identifies the payer of a payment. Amounts, dates and Stripe's ids stay."""

import uuid
from collections.abc import Sequence

from connect.merchants.inputs import encryption
from connect.payments.mirror import documents
from connect.payments.rules.snapshot import decode, encode, without_payer
from connect.payments.rules.state import DisputeState
from models import Payment, PaymentCreation, now
from models.transactions import repeatable, transaction_on

# While a dispute has one of these states, an answer to the bank may need the data about the payer.
OPEN_DISPUTES = tuple(
    state.value
    for state in (
        DisputeState.INQUIRY,
        DisputeState.NEEDS_RESPONSE,
        DisputeState.UNDER_REVIEW,
        DisputeState.WARNED,
        DisputeState.UNKNOWN,
    )
)


async def forget(ids: Sequence[uuid.UUID], *, even_if_open: bool = False) -> int:
    """Remove the payer's data from each of these payments. Returns the number of changed payments.

    Unless `even_if_open` is true, a payment is skipped if it has an open dispute or a bank's warning, or if
    its creation has no answer yet.
    """
    return sum([await _forget(one, even_if_open=even_if_open) for one in ids])


@repeatable
async def _forget(payment_id: uuid.UUID, *, even_if_open: bool) -> bool:
    async with transaction_on(payment_id):
        row = await Payment.select_for_update().get_or_none(id=payment_id)
        if row is None or row.payer_forgotten_at is not None:
            return False
        if not even_if_open and await _is_open(row):
            return False
        at = await now()
        row.payer_forgotten_at = at
        if row.snapshot is not None:
            row.snapshot = encode(without_payer(decode(row.snapshot)))
        await documents.save(row, at, has_entries=False)
        forgotten = {"input": encryption.FORGOTTEN, "body": encryption.FORGOTTEN}
        settled = PaymentCreation.filter(payment_id=row.id).exclude(state="PENDING")
        await settled.update(**forgotten)
    return True


async def _is_open(row: Payment) -> bool:
    if row.dispute_state in OPEN_DISPUTES:
        return True
    return await PaymentCreation.exists(payment_id=row.id, state="PENDING")
