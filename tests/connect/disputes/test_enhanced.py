"""Evidence for the card networks' programs and for appeals reaches Stripe. A fee must be acknowledged."""

import json
from typing import Any

import pytest

from connect.disputes import answers, inputs, wording
from connect.disputes.enhanced import Appeal, CompellingEvidence, Transaction
from connect.disputes.inputs import NewAnswer, Part
from connect.disputes.rules.evidence import EvidenceField
from connect.errors import DisputeNotAnswerable, InvalidInput
from connect.payments.mirror import fetches, mirror
from models import Dispute, DisputeRequest, Payment
from testing.payments import Shop
from tests.connect.disputes.test_answers import at_stripe, version

TEXTS = {"customer_purchase_ip": "192.0.2.7", "customer_account_id": "jo", "product_description": "A hat"}
TEXT = Part(EvidenceField.UNCATEGORIZED_TEXT, text="The rule was kept.")


async def open_dispute(shop: Shop, **order: Any) -> Dispute:
    payment = await shop.intent("disputed")
    shop.play(str(payment.stripe_payment_intent_id), "dispute", **order)
    return await fetched(shop, payment)


async def fetched(shop: Shop, payment: Payment) -> Dispute:
    await mirror.refresh(shop.gateway, await Payment.get(id=payment.id), "webhook", kinds={fetches.DISPUTE})
    return await Dispute.get()


def shown(dispute: Dispute) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(dispute.document)
    return document


async def test_staged_compelling_evidence_qualifies_when_nothing_is_missing(shop: Shop) -> None:
    for number in range(2):
        await mirror.refresh(shop.gateway, await shop.intent(f"earlier-{number}"), "webhook")
    charges = [json.loads(one.document)["stripeChargeId"] for one in await Payment.all()]
    dispute = await open_dispute(shop, program="visa_compelling_evidence_3")
    (program,) = shown(dispute)["evidence"]["programs"]
    assert (program["program"], program["status"]) == ("VISA_COMPELLING_EVIDENCE_3", "REQUIRES_ACTION")
    assert len(program["missing"]) == 4

    async def stage(disputed: dict[str, str]) -> dict[str, Any]:
        prior = [Transaction(TEXTS, charge=charge) for charge in charges]
        new = NewAnswer(parts=(), compelling=CompellingEvidence(Transaction(disputed), prior))
        done = await answers.submit(shop.gateway, dispute, new, actor="staff")
        evidence: dict[str, Any] = shown(done.dispute)["evidence"]
        assert evidence["state"] == "STAGED"
        return evidence["programs"][0]  # type: ignore[no-any-return]

    assert await stage({**TEXTS, "customer_account_id": "somebody else"}) == {
        "program": "VISA_COMPELLING_EVIDENCE_3",
        "status": "REQUIRES_ACTION",
        "missing": [
            "Whether the disputed payment was for merchandise or services.",
            wording.MISSING["missing_customer_identifiers"],
        ],
    }
    whole = await stage({**TEXTS, "merchandise_or_services": "merchandise"})
    assert (whole["status"], whole["missing"]) == ("QUALIFIED", [])
    given = (await at_stripe(shop, dispute))["evidence"]["enhanced_evidence"]["visa_compelling_evidence_3"]
    assert [one["charge"] for one in given["prior_undisputed_transactions"]] == charges
    assert given["disputed_transaction"]["customer_purchase_ip"] == "192.0.2.7"
    for row in await DisputeRequest.all():
        assert "192.0.2.7" not in str(vars(row))


@pytest.mark.parametrize("program", ["visa_compliance", "mastercard_compliance"])
async def test_a_fee_is_acknowledged_only_if_the_submission_says_so(shop: Shop, program: str) -> None:
    dispute = await open_dispute(shop, program=program)
    assert shown(dispute)["nextAction"]["label"].startswith("Answer, which costs a fee")
    staged = await answers.submit(shop.gateway, dispute, NewAnswer(parts=(TEXT,)), actor="staff")

    async def submit(*, acknowledges_fee: bool) -> Dispute:
        new = NewAnswer(
            parts=(),
            submit=True,
            expected_version=version(staged.dispute),
            acknowledges_fee=acknowledges_fee,
        )
        return (await answers.submit(shop.gateway, dispute, new, actor="staff")).dispute

    with pytest.raises(DisputeNotAnswerable, match="acknowledgesNetworkFee"):
        await submit(acknowledges_fee=False)
    found = await at_stripe(shop, dispute)
    assert (found["status"], found["evidence"]["enhanced_evidence"]) == ("needs_response", {})
    done = await submit(acknowledges_fee=True)
    assert (done.status, shown(done)["evidence"]["programs"][0]["status"]) == (
        "UNDER_REVIEW",
        "FEE_ACKNOWLEDGED",
    )
    found = await at_stripe(shop, dispute)
    assert found["evidence"]["enhanced_evidence"] == {program: {"fee_acknowledged": True}}


async def test_an_answer_to_a_chargeback_cannot_contain_an_appeal_a_program_or_a_fee(shop: Shop) -> None:
    dispute = await open_dispute(shop)
    prior = [Transaction(TEXTS, charge=f"ch_{number}") for number in range(2)]
    for more in (
        {"appeal": Appeal("The parcel arrived.", [])},
        {"compelling": CompellingEvidence(Transaction(TEXTS), prior)},
        {"acknowledges_fee": True, "submit": True, "expected_version": version(dispute)},
    ):
        with pytest.raises(DisputeNotAnswerable):
            await answers.submit(shop.gateway, dispute, NewAnswer(parts=(), **more), actor="staff")
    assert not await DisputeRequest.exists()


async def test_an_appeal_is_staged_then_submitted_and_takes_no_other_answer(shop: Shop) -> None:
    dispute = await open_dispute(shop)
    payment = await Payment.get(id=dispute.payment_id)
    shop.play(dispute.stripe_dispute_id, "lose")
    shop.play(dispute.stripe_dispute_id, "appeal")
    dispute = await fetched(shop, payment)
    assert (dispute.kind, dispute.needs_response) == ("APPEAL", True)
    document = shown(dispute)
    assert (document["nextAction"]["kind"], document["evidence"]["recommended"]) == ("RESPOND", [])
    with pytest.raises(DisputeNotAnswerable, match="only `appeal` is accepted"):
        await answers.submit(shop.gateway, dispute, NewAnswer(parts=(TEXT,)), actor="staff")
    with pytest.raises(DisputeNotAnswerable, match="cannot be accepted"):
        await answers.accept(shop.gateway, dispute, version(dispute), actor="staff")
    new = NewAnswer(parts=(), appeal=Appeal("The parcel arrived.", []))
    staged = (await answers.submit(shop.gateway, dispute, new, actor="staff")).dispute
    assert shown(staged)["evidence"]["state"] == "STAGED"
    final = NewAnswer(parts=(), submit=True, expected_version=version(staged))
    done = (await answers.submit(shop.gateway, dispute, final, actor="staff")).dispute
    assert (done.status, shown(done)["evidence"]["state"]) == ("APPEAL_UNDER_REVIEW", "SUBMITTED")
    card = (await at_stripe(shop, dispute))["evidence"]["appeal"]["card"]
    assert card["reason_for_filing"] == "The parcel arrived."


def test_all_texts_share_one_limit() -> None:
    long = {"product_description": "x" * 20_000}
    prior = [Transaction(long, charge=f"ch_{number}") for number in range(2)]
    parts = tuple(Part(one, text="x" * 20_000) for one in list(EvidenceField)[:5])
    compelling = CompellingEvidence(Transaction(long), prior)
    inputs.check(NewAnswer(parts=parts[:4], compelling=compelling))
    with pytest.raises(InvalidInput, match="All texts together"):
        inputs.check(NewAnswer(parts=parts, compelling=compelling))


def test_each_limit_names_its_field() -> None:
    short = {"customer_device_id": "x" * 14, "customer_device_fingerprint": "x" * 19}
    prior = [Transaction({"product_description": "\x00"}, charge="ch_1")]
    prior += [Transaction({}, {"city": "x" * 20_001}), Transaction({}, charge="ch_1")]
    appeal = Appeal(" ", ["file_1", "file_1", "../file"])
    new = NewAnswer(
        parts=(),
        compelling=CompellingEvidence(Transaction(short), prior),
        appeal=appeal,
        acknowledges_fee=True,
    )
    with pytest.raises(InvalidInput) as caught:
        inputs.check(new)
    transactions = "compellingEvidence.priorTransactions"
    assert {one.name: one.code.value for one in caught.value.fields} == {
        "acknowledgesNetworkFee": "CONTRADICTION",
        "compellingEvidence.disputedTransaction.customerDeviceId": "OUT_OF_RANGE",
        "compellingEvidence.disputedTransaction.customerDeviceFingerprint": "OUT_OF_RANGE",
        transactions: "STRUCTURE_INVALID",
        f"{transactions}[0].productDescription": "CONTROL_CHARACTERS",
        f"{transactions}[1].stripeChargeId": "STRUCTURE_INVALID",
        f"{transactions}[1].shippingAddress.city": "TOO_LONG",
        "appeal.reason": "REQUIRED",
        "appeal.fileIds[1]": "STRUCTURE_INVALID",
        "appeal.fileIds[2]": "STRUCTURE_INVALID",
    }
