"""The course of a dispute: its answer, its escalation, and its end."""

from simulator.control import later
from simulator.money import records, refunds
from simulator.money.disputes import disputes
from simulator.state import Json, State
from simulator.wire.errors import Refused

# When an inquiry is escalated, refunds that are younger than this fail, so they do not prevent the
# escalation. Stripe does not publish the limit.
ESCALATION_SECONDS = 60
# The statuses of a dispute whose money is withdrawn, but can still be returned to the merchant.
_CLAIMED = {"needs_response", "under_review"} | disputes.APPEALS
_OPEN = {"warning_needs_response", "warning_under_review"} | _CLAIMED
_REVIEWS = {
    **dict.fromkeys(disputes.APPEALS, "appeal_under_review"),
    "warning_needs_response": "warning_under_review",
    "warning_under_review": "warning_under_review",
}
# Evidence with one of these texts decides a dispute (https://docs.stripe.com/testing#disputes).
_OUTCOMES = {
    "escalate_inquiry_evidence": "escalate_dispute",
    "losing_evidence": "lose_dispute",
    "winning_evidence": "win_dispute",
}


def stage(state: State, opened: Json) -> None:
    """Save evidence that is not submitted yet."""
    records.save(state, opened)
    disputes.emit(state, "updated", opened)


def answer(state: State, opened: Json) -> None:
    """Submit the evidence. If it contains a text of _OUTCOMES, the dispute is decided after a delay."""
    check_open(opened)
    opened["status"] = _REVIEWS.get(opened["status"], "under_review")
    details = opened["evidence_details"]
    details.update(has_evidence=True, submission_method="manual")
    details["submission_count"] += 1
    records.save(state, opened)
    disputes.emit(state, "updated", opened)
    disputes.updated(state, _charge(state, opened))
    work = _OUTCOMES.get(opened["evidence"]["uncategorized_text"] or "")
    if work is not None:
        seconds = float(state.control("money")["dispute_decision_seconds"])
        later.schedule(state, seconds, work, opened["id"])


def check_open(opened: Json) -> None:
    """Refuse a change if the dispute has ended. The message is copied from a recording of Stripe."""
    if opened["status"] not in _OPEN:
        raise Refused(None, "This dispute is already closed")


def escalate(state: State, identifier: str) -> None:
    """Turn an inquiry into a chargeback, unless the payment is fully refunded."""
    opened = state.all("dispute")[identifier]
    if not _is_open_inquiry(opened):
        return
    charge = _charge(state, opened)
    for made in state.having("refund", "charge", charge["id"]):
        if made["created"] > state.now() - ESCALATION_SECONDS:
            refunds.fail(state, made["id"], "charge_for_pending_refund_disputed")
    if charge["refunded"]:
        end_inquiry(state, identifier)
        return
    opened.update(status="needs_response", is_charge_refundable=False)
    opened["evidence_details"]["due_by"] = due = disputes.due_by(state)
    if opened["payment_method_details"] is not None:
        opened["payment_method_details"]["card"]["case_type"] = "chargeback"
    later.schedule(state, due - state.now(), "dispute_due", identifier)
    disputes.withdraw(state, opened, charge)
    records.save(state, opened)
    disputes.emit(state, "updated", opened)
    disputes.emit(state, "funds_withdrawn", opened)
    disputes.updated(state, charge)


def _is_open_inquiry(opened: Json) -> bool:
    return opened["status"] in {"warning_needs_response", "warning_under_review"}


def _charge(state: State, opened: Json) -> Json:
    return state.all("charge")[opened["charge"]]


def win(state: State, identifier: str) -> None:
    """Decide a chargeback in favor of the merchant, or end an inquiry."""
    opened = state.all("dispute")[identifier]
    if opened["status"] in _CLAIMED:
        opened.update(status="won", is_charge_refundable=True)
        disputes.reinstate(state, opened, _charge(state, opened))
        disputes.emit(state, "funds_reinstated", opened)
        _close(state, opened)
    else:
        end_inquiry(state, identifier)


def lose(state: State, identifier: str) -> None:
    """Decide a chargeback in favor of the payer, or end an inquiry. No money moves."""
    opened = state.all("dispute")[identifier]
    if opened["status"] in _CLAIMED:
        opened["status"] = "lost"
        _close(state, opened)
    else:
        end_inquiry(state, identifier)


def appeal(state: State, opened: Json) -> None:
    """Begin the second round of a dispute that was lost."""
    if opened["status"] != "lost":
        raise Refused("parameter_invalid", "Only a lost dispute can be appealed.")
    opened["status"] = "appeal_needs_response"
    opened["evidence_details"].update(due_by=disputes.due_by(state), past_due=False)
    later.schedule(state, opened["evidence_details"]["due_by"] - state.now(), "dispute_due", opened["id"])
    stage(state, opened)


def end_inquiry(state: State, identifier: str) -> None:
    """End an inquiry that did not become a chargeback."""
    opened = state.all("dispute")[identifier]
    if _is_open_inquiry(opened):
        opened["status"] = "warning_closed"
        _close(state, opened)


def _close(state: State, opened: Json) -> None:
    records.save(state, opened)
    disputes.emit(state, "closed", opened)
    disputes.updated(state, _charge(state, opened))


def expire(state: State, identifier: str) -> None:
    """Mark an unanswered dispute as past due. An unanswered chargeback or appeal is lost."""
    opened = state.all("dispute")[identifier]
    details = opened["evidence_details"]
    if (
        opened["status"] not in {"needs_response", "warning_needs_response", "appeal_needs_response"}
        or state.now() < details["due_by"]
    ):
        return
    details["past_due"] = True
    if opened["status"] in {"needs_response", "appeal_needs_response"}:
        lose(state, identifier)
    else:
        records.save(state, opened)
        disputes.emit(state, "updated", opened)


WORKS = {
    "dispute": disputes.dispute,
    "dispute_due": expire,
    "end_inquiry": end_inquiry,
    "escalate_dispute": escalate,
    "lose_dispute": lose,
    "win_dispute": win,
}
