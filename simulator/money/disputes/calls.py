"""The calls that answer, accept, show and list disputes (https://docs.stripe.com/api/disputes)."""

from simulator.money import records
from simulator.money.disputes import course, disputes, enhanced, evidence
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.calls import Call

PATH = "/v1/disputes"
QUERY: dict[str, forms.Table] = {**forms.PAGE, "charge": str, "payment_intent": str}
UPDATE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "evidence": evidence.TABLE,
    "metadata": forms.Unset(forms.METADATA),
    "submit": bool,
}


def _find(call: Call) -> Json:
    return records.find(call, "dispute", call.path["id"])


def update(call: Call) -> str:
    """POST /v1/disputes/{id}. Changes the metadata and the evidence.

    All evidence is submitted if `submit` is true, or if the request has evidence and no `submit`.
    """
    opened, body = _find(call), call.body
    if "evidence" in body:
        course.check_open(opened)
        opened["evidence"] = evidence.merged(call, opened, body["evidence"])
        opened["evidence_details"]["has_evidence"] = evidence.is_given(opened["evidence"])
        enhanced.update(opened)
    if "metadata" in body:
        opened["metadata"] = forms.merged(opened["metadata"], body["metadata"])
    if body.get("submit", "evidence" in body):
        enhanced.check_fee(opened)
        course.answer(call.state, opened)
    else:
        course.stage(call.state, opened)
    return str(opened["id"])


def close(call: Call) -> str:
    """POST /v1/disputes/{id}/close: accept the dispute. A chargeback is lost at once, and an inquiry ends."""
    opened = _find(call)
    course.check_open(opened)
    course.lose(call.state, opened["id"])
    return str(opened["id"])


def show(call: Call) -> Json:
    """GET /v1/disputes/{id}."""
    return disputes.render(call.state, _find(call))


def list_disputes(call: Call) -> Json:
    """GET /v1/disputes. A charge or intent in the query must exist."""
    found = records.of_payment(call, "dispute")
    return records.page(call, "dispute", PATH, lambda one: disputes.render(call.state, one), *found)
