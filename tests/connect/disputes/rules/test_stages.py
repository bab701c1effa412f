"""The kind, the evidence and the next action of a dispute in each status."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connect.disputes.rules import stages
from connect.disputes.rules.stages import AWAITING, IN_REVIEW, KNOWN
from connect.payments.rules.snapshot import Dispute, Program
from resolvers.disputes.dispute import DisputeStatus


def dispute(status: str, **values: Any) -> Dispute:
    known = {"due_by": datetime(2026, 1, 2, tzinfo=UTC), **values}
    return Dispute(id="du_1", status=status, amount=1000, currency="USD", **known)


@pytest.mark.parametrize(
    ("status", "kind", "action", "label", "needs_response"),
    [
        ("warning_needs_response", "INQUIRY", "REFUND_OR_RESPOND", "action.inquiry", True),
        ("warning_under_review", "INQUIRY", "WAIT", "action.wait.bank", False),
        ("warning_closed", "INQUIRY", "NONE", "action.none", False),
        ("needs_response", "CHARGEBACK", "RESPOND", "action.respond", True),
        ("under_review", "CHARGEBACK", "WAIT", "action.wait.bank", False),
        ("appeal_needs_response", "APPEAL", "RESPOND", "action.appeal", True),
        ("appeal_under_review", "APPEAL", "WAIT", "action.wait.bank", False),
        ("won", "CHARGEBACK", "NONE", "action.none", False),
        ("lost", "CHARGEBACK", "NONE", "action.none", False),
        ("prevented", "PREVENTED", "NONE", "action.none", False),
        ("new_status", "OTHER", "RESPOND_IN_DASHBOARD", "action.look", False),
    ],
)
def test_each_status_has_a_kind_and_a_next_action(
    status: str, kind: str, action: str, label: str, needs_response: bool
) -> None:
    one = dispute(status)
    assert stages.kind(one).value == kind
    assert stages.next_action(one) == (stages.DisputeActionKind(action), label)
    assert stages.needs_response(one) is needs_response


def test_the_schema_has_every_known_status() -> None:
    assert {one.upper() for one in KNOWN} | {"UNKNOWN"} == {one.name for one in DisputeStatus}
    assert not AWAITING & IN_REVIEW


def test_only_an_inquiry_is_answered_by_a_full_refund() -> None:
    inquiry, chargeback = dispute("warning_needs_response"), dispute("needs_response")
    assert not stages.needs_response(inquiry, is_refunded=True)
    assert stages.next_action(inquiry, is_refunded=True)[1] == "action.wait.refunded"
    assert stages.needs_response(chargeback, is_refunded=True)


def test_after_the_deadline_a_dispute_cannot_be_answered() -> None:
    late = dispute("needs_response", past_due=True)
    assert not stages.needs_response(late)
    assert stages.next_action(late)[1] == "action.wait.late"


def test_a_dispute_without_a_deadline_cannot_be_answered() -> None:
    final = dispute("needs_response", due_by=None)
    assert not stages.needs_response(final)
    assert stages.next_action(final) == (stages.DisputeActionKind.WAIT, "action.wait.final")


def test_a_compliance_case_without_a_known_fee_is_answered_in_the_dashboard() -> None:
    for status in ("needs_response", "warning_needs_response"):
        one = dispute(status, case_type="compliance")
        assert stages.kind(one) is stages.DisputeKind.COMPLIANCE
        assert stages.next_action(one)[0] is stages.DisputeActionKind.RESPOND_IN_DASHBOARD
    assert stages.kind(dispute("warning_closed", case_type="compliance")) is stages.DisputeKind.INQUIRY


def test_a_compliance_case_with_a_known_fee_is_answered_through_the_api() -> None:
    program = Program(name="visa_compliance", status="requires_fee_acknowledgement")
    for status, label in ("needs_response", "action.fee"), ("warning_needs_response", "action.fee.inquiry"):
        one = dispute(status, case_type="compliance", programs=(program,))
        assert stages.next_action(one) == (stages.DisputeActionKind.RESPOND, label)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"status": "needs_response"}, "NONE"),
        ({"status": "needs_response", "has_evidence": True}, "STAGED"),
        ({"status": "under_review", "has_evidence": True, "submission_count": 1}, "SUBMITTED"),
        ({"status": "lost", "past_due": True}, "PAST_DUE"),
        # The answer to an inquiry must be submitted again when the inquiry becomes a chargeback.
        ({"status": "needs_response", "has_evidence": True, "submission_count": 1}, "STAGED"),
        # An appeal has its own evidence, separate from the evidence of the first round.
        ({"status": "appeal_needs_response", "has_evidence": True, "submission_count": 1}, "NONE"),
        ({"status": "appeal_needs_response", "has_appeal": True}, "STAGED"),
        ({"status": "appeal_under_review", "has_appeal": True, "submission_count": 2}, "SUBMITTED"),
    ],
)
def test_the_evidence_state_follows_from_the_dispute(values: dict[str, Any], state: str) -> None:
    assert stages.evidence_state(dispute(**values)).value == state
