"""Evidence is staged, and submitted once. An answer never silently replaces an answer in the Dashboard."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from connect.disputes import answer_requests, answers
from connect.disputes.inputs import File, NewAnswer, Part
from connect.disputes.rules.evidence import EvidenceField
from connect.errors import DisputeChanged, DisputeNotAnswerable, StripeRefused, StripeUnavailable
from connect.payments.mirror import fetches, mirror
from connect.stripe_api import stored_requests
from models import Dispute, DisputeRequest, Payment, PaymentEntry
from testing.payments import Shop

TEXT = "Jo Doe picked the hat up herself."
PNG = b"\x89PNG\r\n\x1a\n0000"
PARTS = (
    Part(EvidenceField.UNCATEGORIZED_TEXT, text=TEXT),
    Part(EvidenceField.RECEIPT, file=File("receipt.png", PNG)),
)


async def disputed(shop: Shop, kind: str = "pm_card_createDispute") -> Dispute:
    payment = await shop.intent(payment_method=kind)
    await mirror.refresh(shop.gateway, await Payment.get(id=payment.id), "webhook", kinds={fetches.DISPUTE})
    shop.forget_calls()
    return await Dispute.get()


def version(dispute: Dispute) -> str:
    return str(json.loads(dispute.document)["evidence"]["version"])


def evidence(dispute: Dispute) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(dispute.document)["evidence"]
    return shown


async def answer(shop: Shop, dispute: Dispute, kind: str) -> answers.Answered:
    if kind == "ACCEPT":
        return await answers.accept(shop.gateway, dispute, version(dispute), actor="staff")
    new = NewAnswer(parts=PARTS[:1], submit=kind == "SUBMIT", expected_version=version(dispute))
    return await answers.submit(shop.gateway, dispute, new, actor="staff")


async def lose(shop: Shop, dispute: Dispute, kind: str, fault: str) -> None:
    """Send an answer, break the connection, and make the worker's next attempt due immediately."""
    path = f"/v1/disputes/{dispute.stripe_dispute_id}" + ("/close" if kind == "ACCEPT" else "")
    shop.simulator.control("faults", {"method": "POST", "path": path, "kind": fault})
    with pytest.raises(StripeUnavailable):
        await answer(shop, dispute, kind)
    request = await DisputeRequest.get()
    assert request.state == "PENDING"
    assert TEXT not in request.body
    await DisputeRequest.all().update(run_at=request.created_at, leased_until=None)


async def at_stripe(shop: Shop, dispute: Dispute) -> dict[str, Any]:
    answer = await shop.gateway.call(
        "disputes.retrieve", "get", f"/v1/disputes/{dispute.stripe_dispute_id}", {}, account=shop.account
    )
    found: dict[str, Any] = answer
    return found


async def test_evidence_is_staged_by_default_and_submitted_on_request(shop: Shop) -> None:
    dispute = await disputed(shop)
    staged = await answers.submit(shop.gateway, dispute, NewAnswer(parts=PARTS), actor="staff")
    assert (staged.created, evidence(staged.dispute)["state"]) == (True, "STAGED")
    found = await at_stripe(shop, dispute)
    assert (found["status"], found["evidence"]["uncategorized_text"]) == ("needs_response", TEXT)
    assert found["evidence"]["receipt"].startswith("file_")
    assert version(staged.dispute) != version(dispute)

    new = NewAnswer(parts=(), submit=True, expected_version=version(staged.dispute))
    done = await answers.submit(shop.gateway, dispute, new, actor="staff")
    assert (done.created, done.dispute.status) == (True, "UNDER_REVIEW")
    assert (evidence(done.dispute)["state"], evidence(done.dispute)["submissionCount"]) == ("SUBMITTED", 1)
    shop.forget_calls()
    again = await answers.submit(shop.gateway, dispute, new, actor="staff")
    assert (again.created, again.dispute.status) == (False, "UNDER_REVIEW")
    assert not [name for name in shop.calls if name.startswith("POST")]
    with pytest.raises(DisputeNotAnswerable):
        await answers.submit(shop.gateway, dispute, NewAnswer(parts=PARTS), actor="staff")

    # After Stripe has answered, the service stores none of the evidence.
    for row in await DisputeRequest.all():
        assert row.state == "SUCCEEDED"
        assert "evidence" not in row.body
        assert TEXT not in str(vars(row))
    entries = await PaymentEntry.filter(actor="staff").order_by("id")
    assert [entry.message for entry in entries] == [
        "Evidence for the dispute of 10.00 USD was staged. The bank does not see it yet.",
        "The evidence for the dispute of 10.00 USD was submitted. The submission is final.",
    ]


@pytest.mark.parametrize("scenario", ["stage", "answer"])
async def test_an_answer_in_the_dashboard_is_noticed(shop: Shop, scenario: str) -> None:
    dispute = await disputed(shop)
    shop.play(dispute.stripe_dispute_id, scenario, text="The merchant's own words")
    new = NewAnswer(parts=PARTS, submit=True, expected_version=version(dispute))
    with pytest.raises((DisputeChanged, DisputeNotAnswerable)) as caught:
        await answers.submit(shop.gateway, dispute, new, actor="staff")
    assert isinstance(caught.value, DisputeChanged if scenario == "stage" else DisputeNotAnswerable)
    assert version(caught.value.dispute_row) != version(dispute)
    found = await at_stripe(shop, dispute)
    assert found["evidence"]["uncategorized_text"] == "The merchant's own words"
    assert not [name for name in shop.calls if name.startswith("POST /v1")]
    assert not await DisputeRequest.exists()


@pytest.mark.parametrize("state", ["SUCCEEDED", "REFUSED"])
async def test_stripes_answer_does_not_restore_a_request_that_was_forgotten_meanwhile(
    shop: Shop, state: str
) -> None:
    dispute = await disputed(shop)
    await lose(shop, dispute, "SUBMIT", "reset_after")
    request = await DisputeRequest.get()
    assert "connectql_request" in request.body
    await DisputeRequest.all().update(input="{}", body="{}", actor="")
    if state == "SUCCEEDED":
        await stored_requests.complete(shop.gateway, answer_requests.ANSWER, request)
    else:
        assert await answer_requests.ANSWER.refuse(request, StripeRefused("no", "No.", None))
    settled = await DisputeRequest.get()
    assert (settled.state, settled.input, settled.body, settled.actor) == (state, "{}", "{}", "")


@pytest.mark.slow
async def test_simultaneous_calls_submit_the_evidence_only_once(shop: Shop) -> None:
    dispute = await disputed(shop)
    new = NewAnswer(parts=PARTS, submit=True, expected_version=version(dispute))
    calls = [answers.submit(shop.gateway, dispute, new, actor="staff") for _ in range(4)]
    done = await asyncio.gather(*calls)
    assert sorted(one.created for one in done) == [False, False, False, True]
    assert (await at_stripe(shop, dispute))["evidence_details"]["submission_count"] == 1


@pytest.mark.parametrize("kind", ["SUBMIT", "ACCEPT"])
@pytest.mark.parametrize("fault", ["reset_before", "reset_after"])
async def test_the_worker_repeats_an_answer_that_got_no_response_with_the_same_request(
    shop: Shop, kind: str, fault: str
) -> None:
    dispute = await disputed(shop)
    await lose(shop, dispute, kind, fault)
    assert await answers.resume(shop.gateway) == 1
    assert (await DisputeRequest.get()).state == "SUCCEEDED"
    found = await at_stripe(shop, dispute)
    shown = found["status"], found["evidence_details"]["submission_count"]
    assert shown == (("under_review", 1) if kind == "SUBMIT" else ("lost", 0))
    assert await answers.resume(shop.gateway) == 0


@pytest.mark.parametrize(("kind", "by_worker"), [("SUBMIT", True), ("ACCEPT", True), ("ACCEPT", False)])
async def test_an_answer_that_got_no_response_is_not_sent_again_after_a_change_in_the_dashboard(
    shop: Shop, kind: str, by_worker: bool
) -> None:
    dispute = await disputed(shop)
    await lose(shop, dispute, kind, "reset_before")
    shop.play(dispute.stripe_dispute_id, "stage", text="The merchant's own words")
    if by_worker:
        assert await answers.resume(shop.gateway) == 1
    with pytest.raises(DisputeChanged) as caught:
        await answer(shop, dispute, kind)
    assert version(caught.value.dispute_row) != version(dispute)
    request = await DisputeRequest.get()
    assert (request.state, request.error_code) == ("REFUSED", "dispute_changed")
    assert "evidence" not in request.body
    found = await at_stripe(shop, dispute)
    assert (found["status"], found["evidence_details"]["submission_count"]) == ("needs_response", 0)
    assert found["evidence"]["uncategorized_text"] == "The merchant's own words"
    entry = await PaymentEntry.filter(actor="staff").get()
    assert entry.message == (
        "An answer to the dispute of 10.00 USD was not sent, because the dispute had changed. Nothing was "
        "changed."
    )


@pytest.mark.waits
async def test_a_change_in_the_dashboard_during_an_upload_is_noticed(shop: Shop) -> None:
    dispute = await disputed(shop)
    shop.simulator.control("faults", {"method": "POST", "path": "/v1/files", "kind": "delay", "seconds": 1})
    new = NewAnswer(parts=PARTS, submit=True, expected_version=version(dispute))
    call = asyncio.create_task(answers.submit(shop.gateway, dispute, new, actor="staff"))
    while not shop.calls.get("POST /v1/files"):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)
    shop.play(dispute.stripe_dispute_id, "stage", text="The merchant's own words")
    with pytest.raises(DisputeChanged):
        await call
    assert not await DisputeRequest.exists()
    assert (await at_stripe(shop, dispute))["status"] == "needs_response"


@pytest.mark.parametrize("is_executed", [True, False])
async def test_a_request_whose_idempotency_key_has_expired_is_looked_up(
    shop: Shop, is_executed: bool
) -> None:
    dispute = await disputed(shop)
    path = f"/v1/disputes/{dispute.stripe_dispute_id}"
    fault = {"kind": "reset_after" if is_executed else "reset_before"}
    shop.simulator.control("faults", {"method": "POST", "path": path, **fault})
    new = NewAnswer(parts=PARTS, submit=True, expected_version=version(dispute))
    with pytest.raises(StripeUnavailable):
        await answers.submit(shop.gateway, dispute, new, actor="staff")
    request = await DisputeRequest.get()
    old = request.created_at - timedelta(days=2)
    await DisputeRequest.all().update(created_at=old, run_at=old, leased_until=None)
    await answers.resume(shop.gateway)
    request = await DisputeRequest.get()
    assert request.state == ("SUCCEEDED" if is_executed else "REFUSED")
    assert "evidence" not in request.body
    found = await at_stripe(shop, dispute)
    assert found["evidence_details"]["submission_count"] == int(is_executed)


async def test_if_stripe_refuses_an_answer_no_evidence_is_stored(shop: Shop) -> None:
    dispute = await disputed(shop)
    part = Part(EvidenceField.RECEIPT, file_id="file_unknown")
    with pytest.raises(StripeRefused):
        await answers.submit(shop.gateway, dispute, NewAnswer(parts=(part,)), actor="staff")
    request = await DisputeRequest.get()
    assert (request.state, request.error_message) == ("REFUSED", "Stripe refused the answer to the dispute.")
    assert "file_unknown" not in str(vars(request))


async def test_a_chargeback_is_accepted_once_and_only_with_its_current_version(shop: Shop) -> None:
    dispute = await disputed(shop)
    first = version(dispute)
    with pytest.raises(DisputeChanged):
        await answers.accept(shop.gateway, dispute, "another version", actor="staff")
    done = await answers.accept(shop.gateway, dispute, first, actor="staff")
    document = json.loads(done.dispute.document)
    assert (done.created, done.dispute.status) == (True, "LOST")
    assert (document["withdrawn"]["minorUnits"], document["fee"]["minorUnits"]) == (1000, 1500)
    again = await answers.accept(shop.gateway, dispute, first, actor="staff")
    assert (again.created, again.dispute.status) == (False, "LOST")


async def test_an_inquiry_cannot_be_accepted(shop: Shop) -> None:
    dispute = await disputed(shop, "pm_card_createDisputeInquiry")
    with pytest.raises(DisputeNotAnswerable, match="Refund the payment in full"):
        await answers.accept(shop.gateway, dispute, version(dispute), actor="staff")
    assert (await at_stripe(shop, dispute))["status"] == "warning_needs_response"


@pytest.mark.parametrize(
    ("due_by", "case_type", "message"),
    [(None, "inquiry", "does not accept an answer"), (1893456000, "compliance", "no money has moved")],
)
async def test_an_answer_is_refused_if_the_bank_takes_none_or_the_inquiry_is_a_compliance_case(
    shop: Shop, due_by: int | None, case_type: str, message: str
) -> None:
    dispute = await disputed(shop, "pm_card_createDisputeInquiry")
    shown = await at_stripe(shop, dispute)
    shown["evidence_details"]["due_by"] = due_by
    shown["payment_method_details"]["card"]["case_type"] = case_type
    body = {"object": "list", "url": "/v1/disputes", "has_more": False, "data": [shown]}
    fault = {"method": "GET", "path": "/v1/disputes", "kind": "status", "status": 200, "times": 2}
    shop.simulator.control("faults", {**fault, "body": body})
    with pytest.raises(DisputeNotAnswerable, match=message):
        await answers.accept(shop.gateway, dispute, version(dispute), actor="staff")
    with pytest.raises(DisputeNotAnswerable, match="cost a fee" if due_by else message):
        await answers.submit(shop.gateway, dispute, NewAnswer(parts=PARTS[:1]), actor="staff")
    current = await Dispute.get()
    shown_here = current.needs_response, current.kind
    assert shown_here == ((True, "COMPLIANCE") if due_by else (False, "INQUIRY"))
    assert not await DisputeRequest.exists()
