"""The kind of a dispute, the state of its evidence, and the next action. Pure.

For a status that this service does not know, the next action is to look at the Dashboard. The kind is then
OTHER, unless the status begins like that of an inquiry or an appeal.
Stripe's statuses: https://docs.stripe.com/api/disputes/object#dispute_object-status.
"""

import enum

from connect.payments.rules.snapshot import Dispute, Program


class DisputeKind(enum.Enum):
    INQUIRY = "INQUIRY"
    CHARGEBACK = "CHARGEBACK"
    APPEAL = "APPEAL"
    COMPLIANCE = "COMPLIANCE"
    PREVENTED = "PREVENTED"
    OTHER = "OTHER"


class EvidenceState(enum.Enum):
    NONE = "NONE"
    STAGED = "STAGED"
    SUBMITTED = "SUBMITTED"
    PAST_DUE = "PAST_DUE"


class EvidenceProgram(enum.Enum):
    VISA_COMPELLING_EVIDENCE_3 = "VISA_COMPELLING_EVIDENCE_3"
    VISA_COMPLIANCE = "VISA_COMPLIANCE"
    MASTERCARD_COMPLIANCE = "MASTERCARD_COMPLIANCE"
    UNKNOWN = "UNKNOWN"


class EvidenceProgramStatus(enum.Enum):
    QUALIFIED = "QUALIFIED"
    NOT_QUALIFIED = "NOT_QUALIFIED"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    REQUIRES_FEE_ACKNOWLEDGEMENT = "REQUIRES_FEE_ACKNOWLEDGEMENT"
    FEE_ACKNOWLEDGED = "FEE_ACKNOWLEDGED"
    UNKNOWN = "UNKNOWN"


class DisputeActionKind(enum.Enum):
    RESPOND = "RESPOND"
    REFUND_OR_RESPOND = "REFUND_OR_RESPOND"
    RESPOND_IN_DASHBOARD = "RESPOND_IN_DASHBOARD"
    WAIT = "WAIT"
    NONE = "NONE"


# The statuses in which Stripe takes an answer, until the deadline.
AWAITING = frozenset({"warning_needs_response", "needs_response", "appeal_needs_response"})
IN_REVIEW = frozenset({"warning_under_review", "under_review", "appeal_under_review"})
ENDED = frozenset({"warning_closed", "won", "lost", "prevented"})
KNOWN = AWAITING | IN_REVIEW | ENDED
# The statuses of an inquiry begin with this prefix.
INQUIRY = "warning_"
# The status of an appeal that takes evidence, separately from the evidence of the first round.
APPEAL = "appeal_needs_response"
COMPELLING_EVIDENCE = "visa_compelling_evidence_3"
# The programs for which a submission of evidence costs a fee of the card network.
WITH_FEE = frozenset({"visa_compliance", "mastercard_compliance"})
PROGRAMS = WITH_FEE | {COMPELLING_EVIDENCE}
PROGRAM_STATUSES = frozenset(one.value.lower() for one in EvidenceProgramStatus) - {"unknown"}


def kind(dispute: Dispute) -> DisputeKind:
    """The kind of a dispute. An inquiry about an open compliance case is COMPLIANCE, because an answer to it
    can cost a fee. After the end of the case, the inquiry is INQUIRY, because it moved no money.
    """
    is_compliance = dispute.case_type == "compliance"
    if dispute.status.startswith("appeal_"):
        return DisputeKind.APPEAL
    if dispute.status.startswith(INQUIRY) and not (is_compliance and dispute.status not in ENDED):
        return DisputeKind.INQUIRY
    if dispute.status == "prevented":
        return DisputeKind.PREVENTED
    if dispute.status not in KNOWN:
        return DisputeKind.OTHER
    return DisputeKind.COMPLIANCE if is_compliance else DisputeKind.CHARGEBACK


def needs_response(dispute: Dispute, *, is_refunded: bool = False) -> bool:
    """Whether somebody can and should answer. After a full refund, an inquiry needs no answer.

    Without a deadline, the bank does not accept an answer
    (https://docs.stripe.com/api/disputes/object#dispute_object-evidence_details-due_by).
    """
    if dispute.status not in AWAITING or dispute.past_due or dispute.due_by is None:
        return False
    return not (is_refunded and kind(dispute) is DisputeKind.INQUIRY)


def fee_program(dispute: Dispute) -> Program | None:
    """The dispute's program that costs a fee of the card network, or None."""
    return next((one for one in dispute.programs if one.name in WITH_FEE), None)


def evidence_state(dispute: Dispute) -> EvidenceState:
    """The state of the evidence. If an inquiry becomes a chargeback, the evidence that was submitted for the
    inquiry is only staged for the chargeback.
    """
    if dispute.status == APPEAL and not dispute.past_due:
        return EvidenceState.STAGED if dispute.has_appeal else EvidenceState.NONE
    if dispute.submission_count and dispute.status not in AWAITING:
        return EvidenceState.SUBMITTED
    if dispute.past_due:
        return EvidenceState.PAST_DUE
    return EvidenceState.STAGED if dispute.has_evidence else EvidenceState.NONE


def next_action(dispute: Dispute, *, is_refunded: bool = False) -> tuple[DisputeActionKind, str]:
    """The next action, and the key of its label."""
    if dispute.status in ENDED:
        return DisputeActionKind.NONE, "action.none"
    if dispute.status not in KNOWN:
        return DisputeActionKind.RESPOND_IN_DASHBOARD, "action.look"
    if dispute.status in IN_REVIEW:
        return DisputeActionKind.WAIT, "action.wait.bank"
    if not needs_response(dispute, is_refunded=is_refunded):
        return DisputeActionKind.WAIT, _waiting(dispute)
    match kind(dispute):
        case DisputeKind.INQUIRY:
            return DisputeActionKind.REFUND_OR_RESPOND, "action.inquiry"
        case DisputeKind.APPEAL:
            return DisputeActionKind.RESPOND, "action.appeal"
        case DisputeKind.COMPLIANCE if fee_program(dispute) is not None:
            is_inquiry = dispute.status.startswith(INQUIRY)
            return DisputeActionKind.RESPOND, "action.fee.inquiry" if is_inquiry else "action.fee"
        case DisputeKind.COMPLIANCE:
            return DisputeActionKind.RESPOND_IN_DASHBOARD, "action.compliance"
        case _:
            return DisputeActionKind.RESPOND, "action.respond"


def _waiting(dispute: Dispute) -> str:
    """The key of the label for a dispute that needs no response, although its status is in AWAITING."""
    if dispute.past_due:
        return "action.wait.late"
    return "action.wait.final" if dispute.due_by is None else "action.wait.refunded"
