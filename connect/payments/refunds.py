"""Refunds of payments, at most one for each external id (see `connect.stripe_api.stored_requests`).

The request is stored before the call, under the payment's lock. So simultaneous refunds cannot exceed the
payment. `fee_returns` returns the platform's fee afterwards, if the setting says so.
"""

import contextlib
import enum
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from connect.disputes.rules import stages
from connect.errors import (
    AnswerUnusable,
    DisputeOpen,
    ExternalIdTaken,
    FieldCode,
    InvalidField,
    InvalidInput,
    PaymentNotChangeable,
    RefundTooLarge,
    StripeRefused,
    StripeUnavailable,
)
from connect.merchants.inputs import encryption
from connect.merchants.inputs.texts import check_text
from connect.payments import calls, changes
from connect.payments.mirror import documents, fetches, mirror
from connect.payments.rules import refunds, state
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.money.amounts import check_amount
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import PAYMENT_KEY, REFUND_KEY, Dispute, Snapshot, decode
from connect.payments.rules.state import DisputeState, PaymentState
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Payment, PaymentObject, RefundRequest, now, uuid7
from models.transactions import repeatable, transaction_on

TAKEN = (
    "This externalId belongs to a refund that was requested with another input. Read the payment's refunds, "
    "or use another externalId."
)

log = structlog.get_logger("payments")


class RefundCause(enum.Enum):
    """The reasons that Stripe accepts (https://docs.stripe.com/api/refunds/create)."""

    DUPLICATE = "DUPLICATE"
    FRAUDULENT = "FRAUDULENT"
    REQUESTED_BY_CUSTOMER = "REQUESTED_BY_CUSTOMER"


class RefundWarning(enum.Enum):
    """The risks of a refund that Stripe has accepted."""

    INQUIRY = "INQUIRY"
    PARTIAL_DURING_INQUIRY = "PARTIAL_DURING_INQUIRY"
    DISPUTE_EXPECTED = "DISPUTE_EXPECTED"


_INQUIRY = (
    "The customer's bank asks about this payment. If the bank turns its question into a dispute, this refund "
    "can fail, or the customer can get the money twice."
)
WARNINGS = {
    RefundWarning.INQUIRY: _INQUIRY,
    RefundWarning.PARTIAL_DURING_INQUIRY: f"{_INQUIRY} Only a full refund prevents a dispute.",
    RefundWarning.DISPUTE_EXPECTED: (
        "The customer's bank has warned that it may dispute the payment. This partial refund does not "
        "prevent the dispute. Refund everything that is left."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRefund:
    """Without `amount`, everything that is left is refunded.

    `during_inquiry` allows a partial refund during an inquiry of the customer's bank.
    """

    external_id: str
    amount: Money | None = None
    reason: RefundCause | None = None
    during_inquiry: bool = False


@dataclass(frozen=True, slots=True)
class Refunded:
    """`warning` is the risk of the refund if the customer's bank asks about the payment or warns of a
    dispute, and otherwise None.
    """

    payment: Payment
    request: RefundRequest
    created: bool
    warning: RefundWarning | None


async def refund(gateway: Gateway, payment: Payment, new: NewRefund, *, actor: str) -> Refunded:
    """Refund the payment or a part of it. Repeated or simultaneous calls refund only once.

    Raises InvalidInput, ExternalIdTaken, RefundTooLarge, DisputeOpen, PaymentNotFound, PaymentNotChangeable
    or StripeRefused if nothing was refunded. Raises StripeUnavailable while it is unknown whether Stripe has
    the refund; the worker or a repeated call then completes it.
    """
    faultpoints.reach("refund.arrived")
    _check_input(payment, new)
    payment = await changes.settled(gateway, payment)
    await _find_refused(gateway, payment, new)
    try:
        request, created = await _store(gateway, payment, new, actor)
    except (DisputeOpen, PaymentNotChangeable, RefundTooLarge):
        # The mirror may be outdated, so decide again with Stripe's present state.
        await mirror.refresh(gateway, payment, "refund", actor=actor)
        request, created = await _store(gateway, payment, new, actor)
    try:
        if created:
            await stored_requests.complete(gateway, REFUND, request)
        else:
            await stored_requests.complete_or_wait(gateway, REFUND, request)
    except StripeRefused:
        with contextlib.suppress(StripeUnavailable, StripeRefused):
            await mirror.refresh(gateway, payment, "refund", actor=actor)
        row = await Payment.get(id=payment.id)
        await _check(row, new)  # raises a more exact error
        raise
    request = await RefundRequest.get(id=request.id)
    if not _is_input(request, new):
        # Another call used the external id after the refusal of this call's request.
        raise ExternalIdTaken(new.external_id, TAKEN)
    row = await _with_refund(gateway, await Payment.get(id=payment.id), request, actor)
    return Refunded(row, request, created, _warning(decode(row.snapshot)))


def _warning(known: Snapshot) -> RefundWarning | None:
    is_partial = refunds.remaining(known) > 0
    match state.dispute_state(known):
        case DisputeState.INQUIRY:
            return RefundWarning.PARTIAL_DURING_INQUIRY if is_partial else RefundWarning.INQUIRY
        case DisputeState.WARNED if is_partial:
            return RefundWarning.DISPUTE_EXPECTED
        case _:
            return None


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete at most `limit` interrupted refunds, and no more after `stopping` returns true. Returns the
    number of attempts.
    """
    return await stored_requests.resume(gateway, REFUND, limit=limit, stopping=stopping)


def _check_input(payment: Payment, new: NewRefund) -> None:
    fields: list[InvalidField] = list(check_text("externalId", new.external_id, 255))
    if new.amount is not None and new.amount.currency != payment.currency:
        message = f"The amount must be in {payment.currency}, the currency of the payment."
        user_message = f"Choose {payment.currency}."
        fields.append(InvalidField("amount.currency", FieldCode.CONTRADICTION, message, user_message))
    elif new.amount is not None:
        fields += check_amount("amount", new.amount.minor_units, new.amount.currency)
    if fields:
        raise InvalidInput(fields)


async def _find_refused(gateway: Gateway, payment: Payment, new: NewRefund) -> None:
    """Search Stripe for the refund of a refused request, before the request is stored again. Stripe may have
    executed an earlier attempt whose answer was lost, and have refused only the last attempt, for example
    because the account was disconnected by then.
    """
    refused = RefundRequest.filter(payment_id=payment.id, external_id=new.external_id, state="REFUSED")
    request = await refused.first()
    found = await _look_up(gateway, request) if request is not None else None
    if request is not None and found is not None:
        await attach(request, found, "create")


@repeatable
async def _store(
    gateway: Gateway, payment: Payment, new: NewRefund, actor: str
) -> tuple[RefundRequest, bool]:
    """Store the request, or find the request with this external id. Returns the request, and whether this
    call has stored it. A new request is leased to the caller. A refused request is stored again with another
    idempotency key, because Stripe repeats its answer to a key.

    Raises ExternalIdTaken if the external id was used with another input. Also raises the errors of `_check`.
    """
    async with transaction_on(payment.id):
        row = await Payment.select_for_update().get(id=payment.id)
        known = await RefundRequest.get_or_none(payment_id=row.id, external_id=new.external_id)
        if known is not None and known.state != "REFUSED":
            if not _is_input(known, new):
                raise ExternalIdTaken(new.external_id, TAKEN)
            return known, False
        amount = await _check(row, new)
        at = await now()
        request = known or RefundRequest(id=uuid7(at), payment_id=row.id, external_id=new.external_id)
        request.merchant_id, request.amount, request.actor = row.merchant_id, amount, actor
        number = f":{uuid7(at)}" if known is not None else ""
        request.idempotency_key = f"refund:{request.id}{number}"
        request.input, request.body = _canonical(new), json.dumps(_body(row, request, new))
        request.update_from_dict(stored_requests.new(gateway, at))
        await request.save(force_create=known is None)
        await documents.save(row, at)
        message = f"A refund of {Money(amount, row.currency)} was requested."
        await mirror.record(row.id, EntryKind.REFUND_CHANGED, message, at, actor=actor)
        await audit.note("Refund", request.id)
    faultpoints.reach("refund.written")
    return request, True


async def _check(payment: Payment, new: NewRefund) -> int:
    """The amount to refund. Raises RefundTooLarge, DisputeOpen or PaymentNotChangeable."""
    known = decode(payment.snapshot)
    if payment.state != PaymentState.SUCCEEDED.value or known.intent is None:
        remedy = "Cancel it instead." if payment.state in _UNPAID else "Read the payment."
        raise PaymentNotChangeable(
            payment, f"The payment is {payment.state} and cannot be refunded. {remedy}"
        )
    open_requests = await RefundRequest.filter(payment_id=payment.id, state__in=["PENDING", "SUCCEEDED"])
    listed = {refund.id for refund in known.refunds} | {refund.request_id for refund in known.refunds}
    waiting = [one for one in open_requests if listed.isdisjoint({str(one.id), one.stripe_refund_id or ""})]
    left = refunds.remaining(known, sum(one.amount for one in waiting))
    amount = new.amount.minor_units if new.amount is not None else left
    _check_disputes(payment, known, amount, new, is_full=amount >= left)
    if amount > left or amount == 0:
        raise RefundTooLarge(Money(left, payment.currency))
    return amount


_UNPAID = frozenset(
    {
        one.value
        for one in (PaymentState.AWAITING_CUSTOMER, PaymentState.AUTHORIZED, PaymentState.ATTEMPT_FAILED)
    }
)


def _check_disputes(payment: Payment, known: Snapshot, amount: int, new: NewRefund, *, is_full: bool) -> None:
    """Raise DisputeOpen if a refund would pay the customer twice, or would not prevent a dispute."""
    cost = Money(amount, payment.currency)
    disputes = refunds.chargebacks(known)
    if disputes:
        disputed = Money(sum(one.amount for one in disputes), payment.currency)
        fee = refunds.dispute_fee(disputes)
        charged = f" Stripe's dispute fee of {fee} is not returned by a refund." if fee else ""
        message = (
            f"The customer's bank has taken {disputed} back, so Stripe refuses a refund. A refund would "
            f"pay the customer {cost} in addition.{charged} {_remedy(disputes)}"
        )
        raise DisputeOpen(payment, disputed, cost, fee, message)
    is_inquiry = state.dispute_state(known) is DisputeState.INQUIRY
    if is_inquiry and not is_full and not new.during_inquiry:
        disputed = Money(state.captured(known), payment.currency)
        message = (
            "The customer's bank asks about the payment. After a partial refund, the bank can still dispute "
            "the whole payment. The dispute would then cost the whole payment and Stripe's dispute fee, in "
            f"addition to the refund of {cost}. Refund all that is left, or set `duringInquiry`."
        )
        raise DisputeOpen(payment, disputed, cost, None, message)


def _remedy(disputes: Sequence[Dispute]) -> str:
    """The next step in place of a refund."""
    if any(stages.needs_response(one) for one in disputes):
        return (
            "Answer the dispute with submitDisputeEvidence or accept it with acceptDispute, or do either in "
            "Stripe's Dashboard."
        )
    if all(one.status == "lost" for one in disputes):
        return "The dispute is lost."
    return "Wait for the bank's decision."


def _is_input(request: RefundRequest, new: NewRefund) -> bool:
    """Whether the request has this input. A recovered request has no stored input, so only a given amount
    is compared.
    """
    if request.input == encryption.FORGOTTEN:
        return new.amount is None or new.amount.minor_units == request.amount
    return request.input == _canonical(new)


def _canonical(new: NewRefund) -> str:
    """The input as canonical text: equal inputs have equal texts."""
    amount = [new.amount.minor_units, new.amount.currency] if new.amount is not None else None
    return json.dumps({"amount": amount, "reason": new.reason.value if new.reason is not None else None})


def _body(payment: Payment, request: RefundRequest, new: NewRefund) -> dict[str, Any]:
    """The request for a refund (https://docs.stripe.com/api/refunds/create)."""
    body: dict[str, Any] = {
        "payment_intent": payment.stripe_payment_intent_id,
        "amount": request.amount,
        "metadata": {
            PAYMENT_KEY: str(payment.id),
            REFUND_KEY: str(request.id),
            "external_id": new.external_id,
        },
    }
    return body if new.reason is None else {**body, "reason": new.reason.value.lower()}


async def _with_refund(gateway: Gateway, payment: Payment, request: RefundRequest, actor: str) -> Payment:
    """Return the payment with the refund as Stripe shows it. If Stripe does not answer, the refund is shown
    as pending.
    """
    if request.stripe_refund_id not in {one.id for one in decode(payment.snapshot).refunds}:
        with contextlib.suppress(StripeUnavailable, StripeRefused):
            await mirror.refresh(gateway, payment, "refund", kinds=[fetches.REFUND], actor=actor)
    return await Payment.get(id=payment.id)


async def _send(gateway: Gateway, request: RefundRequest, body: dict[str, Any]) -> Answer:
    payment = await Payment.get(id=request.payment_id)
    return await calls.create_refund(gateway, payment.stripe_account_id, body, request.idempotency_key)


async def _look_up(gateway: Gateway, request: RefundRequest) -> Answer | None:
    payment = await Payment.get(id=request.payment_id)
    if payment.stripe_payment_intent_id is None:
        return None
    listed = await calls.list_refunds(gateway, payment.stripe_account_id, payment.stripe_payment_intent_id)
    of_request = (one for one in listed if (one.get("metadata") or {}).get(REFUND_KEY) == str(request.id))
    return next(of_request, None)


@repeatable
async def attach(request: RefundRequest, answer: Answer, _source: str) -> RefundRequest:
    """Write the id of the refund, and plan a fetch in case no event arrives. Raises AnswerUnusable if the
    refund belongs to another payment.
    """
    at = await now()
    async with transaction_on(request.payment_id):
        row = await Payment.select_for_update().get(id=request.payment_id)
        if answer.get("payment_intent") != row.stripe_payment_intent_id:
            raise AnswerUnusable
        linked = PaymentObject(
            stripe_object_id=answer["id"], kind=fetches.REFUND, payment_id=row.id, id=request.id
        )
        await PaymentObject.bulk_create([linked], ignore_conflicts=True)
        unanswered = RefundRequest.filter(id=request.id, state__in=["PENDING", "REFUSED"])
        await unanswered.update(stripe_refund_id=answer["id"], **stored_requests.success(at))
        if answer["id"] not in {one.id for one in decode(row.snapshot).refunds}:
            row.complete_at, row.completions = at, 0
        await documents.save(row, at, has_entries=False)
    log.info("refund_attached", payment=str(request.payment_id), object=answer["id"])
    return request


@repeatable
async def _refuse(request: RefundRequest, error: StripeRefused) -> bool:
    at = await now()
    async with transaction_on(request.payment_id):
        row = await Payment.select_for_update().get(id=request.payment_id)
        if not await stored_requests.mark_refused(request, error, at):
            return False
        await documents.save(row, at)
        amount = Money(request.amount, row.currency)
        message = f"Stripe refused the refund of {amount}."
        if error.code == stored_requests.NOT_RECEIVED:
            message = f"The request for a refund of {amount} never reached Stripe. Nothing was refunded."
        await mirror.record(row.id, EntryKind.REFUND_CHANGED, message, at)
    return True


REFUND = stored_requests.Kind(
    RefundRequest,
    send=_send,
    attach=attach,
    refuse=_refuse,
    find=stored_requests.find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="refund",
    look_up=_look_up,
)
