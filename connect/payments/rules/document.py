"""The document of a payment: all data that a client may read about a payment, in wire form. Pure.

Names, enum values and times have GraphQL's form, so GraphQL answers copy them unchanged. Each change of a
payment writes its document in the same transaction. Raise VERSION with every change of shape or wording: the
next start then rebuilds older documents. The merchant and the timeline are not part of the document.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connect.disputes.rules import document as dispute_document
from connect.disputes.rules import warnings
from connect.merchants.rules.document import global_id
from connect.merchants.rules.messages import Audience, say
from connect.merchants.rules.wire import wire_time, word
from connect.payments import wording
from connect.payments.rules import declines, refunds, state
from connect.payments.rules.money import fees
from connect.payments.rules.money.money import Money, money
from connect.payments.rules.snapshot import Charge, Refund, Session, Snapshot
from connect.payments.rules.state import DisputeState, PaymentState, RefundState
from connect.payments.rules.summary import summary

VERSION = 9

# The values of Stripe that have a member in our enums.
REFUND_STATUSES = frozenset({"pending", "requires_action", "succeeded", "failed", "canceled"})
REFUND_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer", "expired_uncaptured_charge"})
SESSION_STATUSES = frozenset({"open", "complete", "expired"})
# Refunds without a time are listed last.
_FIRST = datetime.min.replace(tzinfo=UTC)

# A reader must not learn that a card was reported as lost or stolen.
WITHHELD_REASONS = {"lost_or_stolen_card": "unknown"}

# The message about a refund that Stripe has not confirmed.
REQUESTED = say("summary.refund.requested")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """The columns of a payment that its document is built from. `fee` is JSON text."""

    id: uuid.UUID
    merchant_id: uuid.UUID
    origin: str
    external_id: str | None
    amount: int
    currency: str
    created_at: datetime
    updated_at: datetime
    fee: str | None = None
    cancel_requested_at: datetime | None = None
    synced_at: datetime | None = None
    synced_by: str | None = None


@dataclass(frozen=True, slots=True)
class BookedFee:
    """The application fee as Stripe booked it on the platform. Amounts are in minor units."""

    amount: int
    amount_refunded: int
    currency: str


@dataclass(frozen=True, slots=True)
class RequestedRefund:
    """A refund that this service requested. `is_pending` is true until Stripe answers."""

    id: uuid.UUID
    external_id: str
    amount: int
    created_at: datetime
    is_pending: bool
    stripe_refund_id: str | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """The document with its derived columns."""

    document: Document
    state: PaymentState
    refund_state: RefundState
    dispute_state: DisputeState
    last4: str | None
    payer_email_hash: str | None
    livemode: bool | None


def build(
    profile: Profile,
    known: Snapshot,
    *,
    fee: BookedFee | None = None,
    requests: Sequence[RequestedRefund] = (),
    ids: Mapping[str, uuid.UUID] | None = None,
) -> Derived:
    """Build the document and the derived columns.

    `ids` maps Stripe's ids of the refunds and disputes to our own ids. A refund or dispute that is missing in
    `ids` is omitted.
    """
    waiting = _waiting(known, requests)
    paid = state.payment_state(known, is_cancel_requested=profile.cancel_requested_at is not None)
    refunded = state.refund_state(known, is_requested=bool(waiting))
    disputed = state.dispute_state(known)
    is_refunded = refunded is RefundState.FULL
    intent = known.intent
    charge = intent.charge if intent is not None else None
    fee = fee or _expanded_fee(charge)
    transaction = charge.transaction if charge is not None else None
    sentence = None
    if profile.currency:  # a malformed answer of Stripe may lack the currency
        sentence = summary(paid, refunded, disputed, known, Money(profile.amount, profile.currency))
    document = {
        "__typename": "Payment",
        "id": global_id("Payment", profile.id),
        "merchantId": global_id("Merchant", profile.merchant_id),
        "externalId": profile.external_id,
        "origin": profile.origin,
        "state": paid.value,
        "refundState": refunded.value,
        "disputeState": disputed.value,
        "summary": wording.render(sentence, Audience.PLATFORM) if sentence is not None else "",
        "failure": _failure(paid, known),
        "amount": money(profile.amount, profile.currency),
        "amountReceived": money(state.captured(known), profile.currency),
        "amountRefunded": money(state.refunded(known), profile.currency),
        "applicationFee": money(fee.amount, fee.currency) if fee is not None else None,
        "applicationFeeRefunded": money(fee.amount_refunded, fee.currency) if fee is not None else None,
        "appliedFee": _applied_fee(profile.fee),
        "stripeFee": money(transaction.stripe_fee, transaction.currency) if transaction else None,
        "net": money(transaction.net, transaction.currency) if transaction else None,
        "method": _method(charge),
        "checkout": _checkout(known.session),
        "captureBefore": wire_time(charge.capture_before) if charge and not charge.captured else None,
        "description": intent.description if intent is not None else None,
        "metadata": _metadata(known) if profile.origin == "API" else [],
        "refunds": _refunds(known, requests, waiting, ids or {}),
        "disputes": [
            dispute_document.build(
                dispute, ids[dispute.id], profile.id, profile.merchant_id, is_refunded=is_refunded
            )
            for dispute in known.disputes
            if ids and dispute.id in ids
        ],
        "disputeWarnings": [
            warnings.build(one, is_refunded=state.is_refunded(known)) for one in known.warnings
        ],
        "stripePaymentIntentId": intent.id if intent is not None else None,
        "stripeChargeId": charge.id if charge is not None else None,
        "livemode": _livemode(known),
        "createdAt": wire_time(profile.created_at),
        "updatedAt": wire_time(profile.updated_at),
        "freshness": {"syncedAt": wire_time(profile.synced_at), "source": profile.synced_by},
    }
    method = charge.method if charge is not None else None
    return Derived(
        document,
        paid,
        refunded,
        disputed,
        method.last4 if method is not None else None,
        known.payer_email_hash,
        _livemode(known),
    )


def _failure(paid: PaymentState, known: Snapshot) -> Document | None:
    """The last failed attempt, if the payment is ATTEMPT_FAILED or FAILED. Otherwise None. Codes that reveal
    a suspicion of fraud are withheld from all readers.
    """
    intent = known.intent
    if intent is None or paid not in {PaymentState.ATTEMPT_FAILED, PaymentState.FAILED}:
        return None
    charge = intent.charge
    failure = intent.failure or (charge.failure if charge is not None else None)
    if failure is None:
        return None
    decline = declines.explain(failure)
    return {
        "code": declines.neutral_code(failure.code) if failure.code else None,
        "declineCode": declines.neutral_code(failure.decline_code) if failure.decline_code else None,
        "payerMessage": wording.payer_message(decline),
        "retry": decline.retry.value,
    }


def _applied_fee(text: str | None) -> Document | None:
    """The fee that was decided when the payment was created or captured; None without a fee."""
    if text is None:
        return None
    applied = fees.decode(text)
    terms, currency = applied.terms, applied.currency
    return {
        "source": applied.source.value,
        "fee": money(applied.fee, currency),
        "amount": money(applied.amount, currency),
        "basisPoints": terms.basis_points if terms is not None else None,
        "flat": money(terms.flat, currency) if terms is not None else None,
        "minimum": money(terms.minimum, currency) if terms is not None else None,
        "maximum": money(terms.maximum, currency)
        if terms is not None and terms.maximum is not None
        else None,
    }


def _livemode(known: Snapshot) -> bool | None:
    latest = known.intent or known.session
    return latest.livemode if latest is not None else None


def _expanded_fee(charge: Charge | None) -> BookedFee | None:
    """The fee that the expanded charge shows, or None. It is used until the platform's fee has a row of its
    own.
    """
    fee = charge.fee if charge is not None else None
    if fee is None or fee.amount is None or not fee.currency:
        return None
    return BookedFee(fee.amount, fee.amount_refunded or 0, fee.currency)


def _method(charge: Charge | None) -> Document | None:
    method = charge.method if charge is not None else None
    if method is None:
        return None
    names = "type", "brand", "last4", "country", "funding", "wallet"
    return {name: getattr(method, name) for name in names}


def _checkout(session: Session | None) -> Document | None:
    if session is None:
        return None
    return {
        "status": word(session.status, SESSION_STATUSES),
        "expiresAt": wire_time(session.expires_at),
        "stripeCheckoutSessionId": session.id,
    }


def _metadata(known: Snapshot) -> list[Document]:
    latest = known.intent or known.session
    entries = sorted(latest.metadata.items()) if latest is not None else []
    return [{"key": key, "value": value} for key, value in entries]


def _waiting(known: Snapshot, requests: Sequence[RequestedRefund]) -> list[RequestedRefund]:
    """The requests whose refund no fetch has shown yet, whether or not Stripe has answered them. After an
    event, a fetch can show a refund before Stripe has answered the request for it.
    """
    shown = {refund.id for refund in known.refunds} | {refund.request_id for refund in known.refunds}
    return [
        request
        for request in requests
        if (request.is_pending or request.stripe_refund_id)
        and shown.isdisjoint({str(request.id), request.stripe_refund_id or ""})
    ]


def _refunds(
    known: Snapshot,
    requests: Sequence[RequestedRefund],
    waiting: Sequence[RequestedRefund],
    ids: Mapping[str, uuid.UUID],
) -> list[Document]:
    """The refunds, newest first. Those that no fetch has shown yet (`waiting`) are listed as pending."""
    by_refund = {request.stripe_refund_id: request for request in requests if request.stripe_refund_id}
    by_id = {str(request.id): request for request in requests}
    currency = known.intent.currency if known.intent is not None else ""
    rows = [(request.created_at, _waiting_refund(request, currency)) for request in waiting]
    for refund in known.refunds:
        if refund.id in ids:
            request = by_refund.get(refund.id) or by_id.get(refund.request_id or "")
            rows.append((refund.created_at or _FIRST, _refund(refund, ids[refund.id], request)))
    return [document for _, document in sorted(rows, key=lambda row: row[0], reverse=True)]


def _refund(refund: Refund, key: uuid.UUID, request: RequestedRefund | None) -> Document:
    return {
        "__typename": "Refund",
        "id": global_id("Refund", key),
        "externalId": request.external_id if request is not None else None,
        "origin": "API" if request is not None or refund.request_id else "STRIPE",
        "amount": money(refund.amount, refund.currency),
        "state": word(refund.status, REFUND_STATUSES),
        "explanation": wording.render(refunds.explanation(refund), Audience.PLATFORM),
        "reason": word(refund.reason, REFUND_REASONS) if refund.reason else None,
        "pendingReason": refund.pending_reason,
        "failureReason": WITHHELD_REASONS.get(refund.failure_reason or "", refund.failure_reason),
        "reference": refund.reference,
        "stripeRefundId": refund.id,
        "createdAt": wire_time(refund.created_at),
    }


def _waiting_refund(request: RequestedRefund, currency: str) -> Document:
    return {
        "__typename": "Refund",
        "id": global_id("Refund", request.id),
        "externalId": request.external_id,
        "origin": "API",
        "amount": money(request.amount, currency),
        "state": "PENDING",
        "explanation": wording.render(REQUESTED, Audience.PLATFORM),
        "reason": None,
        "pendingReason": None,
        "failureReason": None,
        "reference": None,
        "stripeRefundId": request.stripe_refund_id,
        "createdAt": wire_time(request.created_at),
    }
