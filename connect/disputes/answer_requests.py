"""The stored requests that answer disputes (see `connect.stripe_api.stored_requests`).

Until Stripe has answered, a request contains the texts and the ids of the files in encrypted form.
"""

import json
import uuid
from typing import Any

import structlog

from connect.disputes import calls, checks
from connect.disputes.checks import ACCEPT, CHANGED_MESSAGE, STAGE, SUBMIT
from connect.disputes.inputs import NewAnswer
from connect.disputes.rules import document
from connect.errors import AnswerUnusable, StripeRefused, StripeUnavailable
from connect.merchants.inputs import encryption
from connect.payments.mirror import mirror
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import parse_dispute
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Dispute, DisputeRequest, Payment, now, uuid7
from models.transactions import repeatable, transaction_on

MESSAGES = {
    STAGE: "Evidence for the dispute of {} was staged. The bank does not see it yet.",
    SUBMIT: "The evidence for the dispute of {} was submitted. The submission is final.",
    ACCEPT: "The dispute of {} was accepted. The money stays with the customer.",
}
# The first message is for an answer that Stripe refused, the second for a dispute that had changed.
REFUSALS = (
    "Stripe refused an answer to the dispute of {}. Nothing was changed.",
    "An answer to the dispute of {} was not sent, because the dispute had changed. Nothing was changed.",
)
# The dispute's metadata contains our request's id under this key. If Stripe's response was lost, the id shows
# whether Stripe has executed the request.
REQUEST_KEY = "connectql_request"
# The error code if this service refuses a repeated attempt because the dispute has changed.
CHANGED = "dispute_changed"

log = structlog.get_logger("disputes")


async def last(dispute_id: uuid.UUID) -> DisputeRequest | None:
    return await DisputeRequest.filter(dispute_id=dispute_id).order_by("-id").first()


async def repeated(dispute_id: uuid.UUID, kind: str, key: str) -> DisputeRequest | None:
    """Return the last request if it has the same input, or else None. An input without a version repeats only
    a pending request. After the request has succeeded, the same input can be a new answer to a later state of
    the dispute. An input with a version belongs to one state, because each answer changes the version.
    """
    request = await last(dispute_id)
    if request is None or (request.kind, request.input) != (kind, key):
        return None
    is_done = request.state == "SUCCEEDED" and request.expected_version is not None
    return request if request.state == "PENDING" or is_done else None


@repeatable
async def store(
    gateway: Gateway,
    dispute: Dispute,
    kind: str,
    key: str,
    expected: str | None,
    content: dict[str, Any],
    actor: str,
    new: NewAnswer | None = None,
) -> tuple[DisputeRequest, bool]:
    """Store the request, or find the stored request with the same input. Returns the request, and whether
    this call has stored it. A new request is leased to the caller.

    Raises DisputeNotAnswerable or DisputeChanged, and StripeUnavailable while another answer is pending.
    """
    async with transaction_on(dispute.payment_id):
        await Payment.select_for_update().get(id=dispute.payment_id)
        if (known := await repeated(dispute.id, kind, key)) is not None:
            return known, False
        newest = await last(dispute.id)
        if newest is not None and newest.state == "PENDING":
            raise StripeUnavailable(
                "Stripe has not confirmed another answer to the dispute yet. Try again in a moment."
            )
        row = await Dispute.get(id=dispute.id)
        await checks.check(row, kind, expected, new)
        at = await now()
        request = DisputeRequest(
            id=uuid7(at),
            merchant_id=row.merchant_id,
            payment_id=row.payment_id,
            dispute_id=row.id,
            kind=kind,
            actor=actor,
            expected_version=expected,
            input=key,
            **stored_requests.new(gateway, at),
        )
        request.idempotency_key = f"dispute:{request.id}"
        body = content if kind == ACCEPT else {**content, "metadata": {REQUEST_KEY: str(request.id)}}
        request.body = json.dumps(encryption.encrypt(body, gateway.token_key))
        await request.save(force_create=True)
        await audit.note("Dispute", row.id)
    faultpoints.reach("dispute.written")
    return request, True


async def _prepare(gateway: Gateway, request: DisputeRequest) -> None:
    """Refuse a repeated attempt if the dispute no longer has the version that the caller expected. If Stripe
    executed an earlier attempt, the repeated attempt is sent, and Stripe returns its first response again. A
    request without a version is always sent. Raises StripeRefused or StripeUnavailable.
    """
    if request.expected_version is None:
        return
    dispute = await Dispute.get(id=request.dispute_id)
    try:
        answer = await calls.retrieve_dispute(gateway, dispute.stripe_account_id, dispute.stripe_dispute_id)
        current = parse_dispute(answer)
    except StripeRefused as error:
        # Stripe has refused the fetch. The outcome of the request stays unknown.
        raise StripeUnavailable from error
    except ValueError as error:
        raise AnswerUnusable from error
    if not _is_executed(request, answer) and document.version(current) != request.expected_version:
        raise StripeRefused(CHANGED, CHANGED_MESSAGE, None)


async def _send(gateway: Gateway, request: DisputeRequest, body: dict[str, Any]) -> Answer:
    dispute = await Dispute.get(id=request.dispute_id)
    account, identifier, key = dispute.stripe_account_id, dispute.stripe_dispute_id, request.idempotency_key
    if request.kind == ACCEPT:
        return await calls.close_dispute(gateway, account, identifier, key)
    if ("evidence" in json.loads(request.body)) != ("evidence" in body):
        # The evidence was encrypted with another API key. A call without this evidence would submit
        # only the evidence that is staged.
        raise StripeUnavailable("The stored evidence cannot be read with the present API key.")
    return await calls.update_dispute(gateway, account, identifier, body, key)


async def _look_up(gateway: Gateway, request: DisputeRequest) -> Answer | None:
    """Fetch the dispute. Return it if Stripe has executed the request, or else None."""
    dispute = await Dispute.get(id=request.dispute_id)
    answer = await calls.retrieve_dispute(gateway, dispute.stripe_account_id, dispute.stripe_dispute_id)
    return answer if _is_executed(request, answer) else None


def _is_executed(request: DisputeRequest, answer: Answer) -> bool:
    if request.kind == ACCEPT:
        return bool(answer.get("status") == "lost")
    return bool((answer.get("metadata") or {}).get(REQUEST_KEY) == str(request.id))


@repeatable
async def _attach(request: DisputeRequest, answer: Answer, _source: str) -> DisputeRequest:
    """Settle the answered request: delete the stored evidence, write a timeline entry, and plan a fetch of
    the payment in case no event arrives. Raises AnswerUnusable if Stripe's answer is about another dispute.
    """
    at = await now()
    async with transaction_on(request.payment_id):
        payment = await Payment.select_for_update().get(id=request.payment_id)
        dispute = await Dispute.get(id=request.dispute_id)
        if answer["id"] != dispute.stripe_dispute_id:
            raise AnswerUnusable
        pending = DisputeRequest.filter(id=request.id, state="PENDING")
        body = stored_requests.final_body(request)
        if await pending.update(body=body, **stored_requests.success(at)):
            message = MESSAGES[request.kind].format(_amount(dispute))
            await mirror.record(payment.id, EntryKind.DISPUTE_CHANGED, message, at, actor=request.actor)
            await Payment.filter(id=payment.id).update(complete_at=at, completions=0)
    log.info("dispute_answered", dispute=str(request.dispute_id), kind=request.kind)
    return request


@repeatable
async def _refuse(request: DisputeRequest, error: StripeRefused) -> bool:
    """Settle the refused request. Returns False if the request is settled already.

    Stripe's message may repeat a part of the evidence, so another text is stored instead of the message.
    """
    at = await now()
    is_changed = error.code == CHANGED
    async with transaction_on(request.payment_id):
        payment = await Payment.select_for_update().get(id=request.payment_id)
        body = stored_requests.final_body(request)
        text = CHANGED_MESSAGE if is_changed else "Stripe refused the answer to the dispute."
        if not await stored_requests.mark_refused(request, error, at, body=body, error_message=text):
            return False
        dispute = await Dispute.get(id=request.dispute_id)
        message = REFUSALS[is_changed].format(_amount(dispute))
        await mirror.record(payment.id, EntryKind.DISPUTE_CHANGED, message, at, actor=request.actor)
    return True


def _amount(dispute: Dispute) -> str:
    """The disputed amount for a sentence."""
    amount = json.loads(dispute.document)["amount"]
    return str(Money(amount["minorUnits"], amount["currency"])) if amount is not None else "an unknown amount"


ANSWER = stored_requests.Kind(
    DisputeRequest,
    send=_send,
    attach=_attach,
    refuse=_refuse,
    find=stored_requests.find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="dispute",
    prepare=_prepare,
    look_up=_look_up,
)
