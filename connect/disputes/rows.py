"""The row of each dispute, and the counts of a merchant's disputes, written with the payment's mirror.

The caller of `write` holds the payment's lock. The merchant is locked after its payment, and only if its
counts may change. Most writes of payments change no count.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from connect.disputes.rules import document, responses, stages
from connect.disputes.rules.responses import Responses
from connect.merchants.mirror import documents
from connect.merchants.mirror.documents import MAX_VERSIONS_SKIPPED, NO_DEADLINE
from connect.outgoing.announcements import Subject, announce
from connect.payments.rules.snapshot import Dispute as KnownDispute
from models import ConnectedAccount, Dispute, Merchant, Payment, now
from models.dispute import count_responses
from models.transactions import repeatable, transaction_on


async def write(
    payment: Payment,
    disputes: Sequence[tuple[KnownDispute, uuid.UUID]],
    at: datetime | None,
    *,
    is_refunded: bool,
) -> bool:
    """Write the rows of a payment's disputes. Returns true if, for any dispute, the need for a response or
    its deadline has changed. Sends no statement if the payment has no disputes.

    `disputes` has each dispute with our id. `at` is the time of the change, or None for a rebuild.
    """
    if not disputes:
        return False
    known = {row.id: row for row in await Dispute.filter(payment_id=payment.id)}
    has_changed = False
    for dispute, key in disputes:
        row = known.get(key) or Dispute(id=key, row_version=0)
        before = _shown(row) if key in known else None
        needed = (row.needs_response, row.respond_by) if key in known else (False, NO_DEADLINE)
        derive(row, payment, dispute, is_refunded=is_refunded)
        has_changed = has_changed or needed != (row.needs_response, row.respond_by)
        if before == _shown(row):
            continue
        # A fail-over can lose commits. Because of the random step, the next commit almost never uses a lost
        # version again.
        row.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
        await row.save(force_create=key not in known)
        owner = payment.merchant_id, payment.merchant_external_id
        subject = Subject("dispute", key, *owner, row.row_version)
        await announce(subject, before[0] if before is not None else None, row.document, at)
    return has_changed


def derive(row: Dispute, payment: Payment, dispute: KnownDispute, *, is_refunded: bool) -> None:
    """Set all columns of the row but its id and version. Sends no statement."""
    needs_response = stages.needs_response(dispute, is_refunded=is_refunded)
    current = document.build(dispute, row.id, payment.id, payment.merchant_id, is_refunded=is_refunded)
    row.payment_id, row.stripe_dispute_id = payment.id, dispute.id
    row.merchant_id, row.merchant_external_id = payment.merchant_id, payment.merchant_external_id
    row.stripe_account_id = payment.stripe_account_id
    row.status, row.kind = current["status"], current["kind"]
    row.needs_response, row.due_by = needs_response, dispute.due_by
    row.respond_by = (dispute.due_by or NO_DEADLINE) if needs_response else NO_DEADLINE
    row.created_at = dispute.created_at or payment.created_at
    row.document = msgspec.json.encode(current).decode()


def _shown(row: Dispute) -> tuple[str, datetime]:
    return row.document, row.respond_by


async def count(merchant_id: uuid.UUID, at: datetime | None) -> None:
    """Count the merchant's disputes, failed refunds and warnings that need a response, and update the
    merchant's document.

    `at` is the time of the change, or None for a rebuild.
    """
    merchant = await Merchant.select_for_update().get(id=merchant_id)
    counted = await count_responses(merchant_id)
    text = responses.encode(Responses(**counted._asdict()))
    if text != merchant.responses:
        merchant.responses = text  # type: ignore[assignment]
        account = await ConnectedAccount.get_or_none(merchant_id=merchant_id)
        await documents.save(merchant, account, at, has_entries=False)


@repeatable
async def count_again(merchant_id: uuid.UUID) -> None:
    """Repeat the count, because a failed refund counts only for a limited time. Does nothing if all counts
    were zero.
    """
    if await Merchant.exists(id=merchant_id, responses__isnull=False):
        async with transaction_on(merchant_id):
            await count(merchant_id, await now())
