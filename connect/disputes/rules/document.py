"""The document of a dispute: everything that a client can read of it, in wire form. Pure.

It is stored with the dispute, and is a part of its payment's document. Raise the VERSION of the payment's
document whenever its shape or wording changes.
"""

import hashlib
import uuid
from typing import Any

from connect.disputes import wording
from connect.disputes.rules import evidence, stages
from connect.merchants.rules.document import global_id
from connect.merchants.rules.wire import wire_time, word
from connect.payments.rules.money.money import money
from connect.payments.rules.snapshot import Dispute, Program

Document = dict[str, Any]


def build(
    dispute: Dispute, key: uuid.UUID, payment_id: uuid.UUID, merchant_id: uuid.UUID, *, is_refunded: bool
) -> Document:
    """Build the document. `key` is our id of the dispute. `is_refunded` means a full refund."""
    kind = stages.kind(dispute)
    action, label = stages.next_action(dispute, is_refunded=is_refunded)
    needs_response = stages.needs_response(dispute, is_refunded=is_refunded)
    due_by = wire_time(dispute.due_by)
    is_booked = dispute.fee_currency is not None
    return {
        "__typename": "Dispute",
        "id": global_id("Dispute", key),
        "merchantId": global_id("Merchant", merchant_id),
        "paymentId": global_id("Payment", payment_id),
        "status": word(dispute.status, stages.KNOWN),
        "kind": kind.value,
        "amount": money(dispute.amount, dispute.currency),
        "reason": dispute.reason,
        "explanation": wording.explanation(dispute.reason, is_inquiry=kind is stages.DisputeKind.INQUIRY),
        "needsResponse": needs_response,
        "dueBy": due_by,
        "nextAction": {
            "kind": action.value,
            "label": wording.LABELS[label],
            "deadline": due_by if needs_response else None,
        },
        "evidence": {
            "state": stages.evidence_state(dispute).value,
            "version": version(dispute),
            "submissionCount": dispute.submission_count,
            "recommended": [_field(name) for name in evidence.recommended(dispute.reason)]
            if needs_response and kind is not stages.DisputeKind.APPEAL
            else [],
            "programs": [_program(one) for one in dispute.programs],
        },
        "withdrawn": money(dispute.withdrawn, dispute.fee_currency or "") if is_booked else None,
        "fee": money(dispute.fee, dispute.fee_currency or "") if is_booked else None,
        "stripeDisputeId": dispute.id,
        "createdAt": wire_time(dispute.created_at),
    }


def version(dispute: Dispute) -> str:
    """A hash that changes whenever the status or the evidence changes, in ConnectQL or in the Dashboard, and
    when the deadline passes.
    """
    parts = dispute.status, dispute.submission_count, dispute.past_due, dispute.evidence_hash
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def _program(program: Program) -> Document:
    return {
        "program": word(program.name, stages.PROGRAMS),
        "status": word(program.status, stages.PROGRAM_STATUSES),
        "missing": [wording.MISSING.get(name, wording.OTHER_MISSING) for name in program.missing],
    }


def _field(name: str) -> Document:
    return {"field": name.upper(), "title": evidence.title(name), "isFile": name in evidence.FILES}
