"""The JSON document of each payment, which clients read. Each change of a payment replaces it."""

import dataclasses
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from tortoise.transactions import in_transaction

from connect.disputes import rows as disputes
from connect.merchants.mirror.documents import MAX_VERSIONS_SKIPPED
from connect.merchants.rules.wire import wire_time
from connect.outgoing.announcements import Subject, announce
from connect.payments.rules import document
from connect.payments.rules.document import BookedFee, Document, RequestedRefund
from connect.payments.rules.snapshot import decode
from connect.payments.rules.state import DisputeState, RefundState
from models import Payment, PaymentObject, RefundRequest
from models import documents as outdated
from models.sql import Select
from models.transactions import repeatable

# The kinds of Stripe's objects that clients can read as a GraphQL `Node`.
NODES = ("refund", "dispute")


async def save(payment: Payment, at: datetime | None = None, *, has_entries: bool = True) -> None:
    """Save the payment with its document and derived columns, in the transaction of the change.

    `at` is the time of the change. The transaction must hold the payment's lock. Subscribers are notified
    only if the timeline has entries for the change (`has_entries`), or if anything but the document's
    freshness changed. Without `at`, the document is rebuilt for a new release, and the payment does not count
    as changed.
    """
    text = payment.document
    before = msgspec.json.decode(text) if text else {}
    asked = _asks_for_response(payment)
    current, ids = await _derive(payment)
    has_changed = has_entries or _without_times(before) != _without_times(current)
    if at is not None and has_changed:
        payment.updated_at = at
    set_document(payment, current)
    # A fail-over can lose commits. Because of the random step, the next commit almost never uses a lost
    # version again.
    payment.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
    await payment.save()
    if has_changed:
        await announce(_subject(payment), text or None, payment.document, at)
    known = [(one, ids[one.id]) for one in decode(payment.snapshot).disputes if one.id in ids]
    is_refunded = payment.refund_state == RefundState.FULL.value
    has_changed = await disputes.write(payment, known, at, is_refunded=is_refunded)
    if has_changed or asked != _asks_for_response(payment):
        await disputes.count(payment.merchant_id, at)


def _asks_for_response(payment: Payment) -> tuple[bool, bool]:
    """Returns two values: whether a refund has failed, and whether a bank warns of a dispute."""
    return (
        payment.refund_state == RefundState.FAILED.value,
        payment.dispute_state == DisputeState.WARNED.value,
    )


async def create(payment: Payment) -> None:
    """Save a new payment with its derived columns, in the caller's transaction, and publish it."""
    current, _ = await _derive(payment)
    set_document(payment, current)
    await payment.save(force_create=True)
    await announce(_subject(payment), None, payment.document, payment.updated_at)


async def delete(payment: Payment, at: datetime) -> None:
    """Delete a payment that Stripe refused, in the caller's transaction."""
    await payment.delete()
    await announce(_subject(payment), payment.document, None, at)


def _subject(payment: Payment) -> Subject:
    owner = payment.merchant_id, payment.merchant_external_id
    return Subject("payment", payment.id, *owner, payment.row_version)


async def _derive(payment: Payment) -> tuple[Document, dict[str, uuid.UUID]]:
    """Set the payment's derived columns. Returns its document, and our ids of its refunds and disputes."""
    known, objects = decode(payment.snapshot), list[PaymentObject]()
    if known.refunds or known.disputes:
        objects = await PaymentObject.filter(payment_id=payment.id, kind__in=NODES)
    ids = {one.stripe_object_id: one.id for one in objects}
    fee, requests = await _booked_fee(payment), await _requests(payment)
    return derive(payment, fee=fee, requests=requests, ids=ids), ids


def derive(
    payment: Payment,
    *,
    fee: BookedFee | None = None,
    requests: Sequence[RequestedRefund] = (),
    ids: Mapping[str, uuid.UUID],
) -> Document:
    """Set the payment's derived columns from its snapshot and these values, and return its document. Sends no
    statement.
    """
    names = [field.name for field in dataclasses.fields(document.Profile)]
    profile = document.Profile(**{name: getattr(payment, name) for name in names})
    known = decode(payment.snapshot)
    derived = document.build(profile, known, fee=fee, requests=requests, ids=ids)
    payment.state, payment.refund_state = derived.state.value, derived.refund_state.value
    payment.dispute_state = derived.dispute_state.value
    payment.last4, payment.payer_email_hash = derived.last4, derived.payer_email_hash
    payment.livemode = derived.livemode
    return derived.document


def set_document(payment: Payment, current: Document) -> None:
    """Store the document in the row, with the time of the payment's last change."""
    current["updatedAt"] = wire_time(payment.updated_at)
    payment.document = msgspec.json.encode(current).decode()
    payment.document_version = document.VERSION


async def rebuild(*, everything: bool = False) -> int:
    """Rebuild the documents of older versions, or all documents. Returns their number."""
    return await outdated.rebuild(Payment, document.VERSION, _rebuild, everything=everything)


@repeatable
async def _rebuild(ids: list[uuid.UUID]) -> int:
    async with in_transaction():
        payments = await Payment.select_for_update().filter(id__in=ids).order_by("id")
        for payment in payments:
            await save(payment, has_entries=False)
    return len(payments)


async def _booked_fee(payment: Payment) -> BookedFee | None:
    select, columns = Select(), ("created_at", "amount", "amount_refunded", "currency")
    rows = await select.matches(columns, "application_fee", [f"payment_id = {select.value(payment.id)}"])
    return BookedFee(*max(rows, key=lambda row: row[0])[1:]) if rows else None


async def _requests(payment: Payment) -> list[RequestedRefund]:
    """The requests for refunds that Stripe has not refused."""
    select = Select()
    if not await select.matches(("1",), "refund_request", [f"payment_id = {select.value(payment.id)}"]):
        return []  # most payments have no requests, and this check costs a third as much as the query below
    rows = await RefundRequest.filter(payment_id=payment.id, state__in=["PENDING", "SUCCEEDED"])
    return [
        RequestedRefund(
            row.id,
            row.external_id,
            row.amount,
            row.created_at,
            is_pending=row.state == "PENDING",
            stripe_refund_id=row.stripe_refund_id,
        )
        for row in rows
    ]


def _without_times(values: Document) -> Document:
    return {**values, "freshness": None, "updatedAt": None}
