"""The mutations submitDisputeEvidence and acceptDispute: their payloads, typed errors and roles."""

import base64
from pathlib import Path
from typing import Any

import pytest

from testing.processes import Simulator
from testing.service import Service, running
from tests.resolvers.payments.mutations.test_checkout import open_shop, run
from tests.resolvers.payments.mutations.test_refunds import pay

DISPUTE = "{ disputes { edges { node { stripeDisputeId evidence { version } } } } }"
SUBMIT = """
mutation ($input: SubmitDisputeEvidenceInput!) {
  submitDisputeEvidence(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on DisputeNotAnswerableError { dispute { status } }
    ... on DisputeChangedError { dispute { status evidence { state } } }
    ... on SubmitDisputeEvidencePayload {
      created notice dispute { status evidence { state submissionCount version } }
    }
  }
}
"""
ACCEPT = """
mutation ($input: AcceptDisputeInput!) {
  acceptDispute(input: $input) {
    __typename
    ... on Error { message }
    ... on DisputeNotAnswerableError { dispute { status } }
    ... on AcceptDisputePayload {
      created notice dispute { status withdrawn { minorUnits } fee { minorUnits } }
    }
  }
}
"""
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n0000").decode()
EVIDENCE = [
    {"field": "UNCATEGORIZED_TEXT", "text": "The customer picked the hat up."},
    {"field": "RECEIPT", "file": {"name": "receipt.png", "base64": PNG}},
]
REFUND = """
mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { __typename } }
"""


async def disputed(service: Service) -> tuple[dict[str, Any], str]:
    """Pay 25.00 USD and dispute the payment. Returns the reference to the dispute, and its version."""
    by = await pay(service)
    intent = service.simulator.control("payments")["data"][0]["intent"]["id"]
    service.simulator.control(f"payments/{intent}", {"scenario": "dispute"})
    # The refund is refused, but the call fetches the payment.
    refused = await run(service, REFUND, {"payment": by, "externalId": "r-1"})
    assert refused["__typename"] == "DisputeOpenError"
    (edge,) = (await service.graphql(DISPUTE))["disputes"]["edges"]
    node = edge["node"]
    return {"stripeDisputeId": node["stripeDisputeId"]}, node["evidence"]["version"]


@pytest.mark.slow
async def test_evidence_is_staged_and_submitted_and_then_the_dispute_takes_no_other_answer(
    idle: Service,
) -> None:
    await open_shop(idle)
    by, version = await disputed(idle)
    staged = await run(idle, SUBMIT, {"dispute": by, "evidence": EVIDENCE})
    assert staged["notice"].startswith("The evidence is stored at Stripe, but the bank does not see it.")
    assert (staged["created"], staged["dispute"]["evidence"]["state"]) == (True, "STAGED")
    final = {"dispute": by, "evidence": [], "submit": True}
    invalid = await run(idle, SUBMIT, final)
    assert invalid["fields"] == [{"name": "expectedVersion", "code": "REQUIRED"}]
    stale = await run(idle, SUBMIT, {**final, "expectedVersion": version})
    assert stale.pop("message").startswith("The dispute has changed since you read it")
    assert stale == {
        "__typename": "DisputeChangedError",
        "dispute": {"status": "NEEDS_RESPONSE", "evidence": {"state": "STAGED"}},
    }
    final["expectedVersion"] = staged["dispute"]["evidence"]["version"]
    done = await run(idle, SUBMIT, final)
    assert done["notice"].startswith("The evidence was submitted.")
    assert done["dispute"]["status"] == "UNDER_REVIEW"
    assert done["dispute"]["evidence"]["submissionCount"] == 1
    assert (await run(idle, SUBMIT, final))["created"] is False
    late = await run(idle, ACCEPT, {"dispute": by, "expectedVersion": "any"})
    assert (late["__typename"], late["dispute"]) == ("DisputeNotAnswerableError", {"status": "UNDER_REVIEW"})
    missing = {"dispute": {"stripeDisputeId": "du_missing"}, "evidence": EVIDENCE}
    assert (await run(idle, SUBMIT, missing))["__typename"] == "DisputeNotFoundError"
    broken = [{"field": "RECEIPT", "file": {"name": "a.png", "base64": "?"}}]
    invalid = await run(idle, SUBMIT, {"dispute": by, "evidence": broken})
    assert invalid["fields"] == [{"name": "evidence[0].file.base64", "code": "STRUCTURE_INVALID"}]


@pytest.mark.slow
@pytest.mark.one_database
async def test_evidence_of_a_program_and_of_an_appeal_is_checked(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await open_shop(service)
        by, _ = await disputed(service)
        prior = {"stripeChargeId": "ch_1", "customerPurchaseIp": "192.0.2.7"}
        disputed_transaction = {
            "merchandiseOrServices": "MERCHANDISE",
            "customerDeviceId": "short",
            "shippingAddress": {"country": "US", "postalCode": "\x00"},
        }
        given = {"disputedTransaction": disputed_transaction, "priorTransactions": [prior, prior]}
        invalid = await run(service, SUBMIT, {"dispute": by, "evidence": [], "compellingEvidence": given})
        assert [one["name"] for one in invalid["fields"]] == [
            "compellingEvidence.disputedTransaction.customerDeviceId",
            "compellingEvidence.disputedTransaction.shippingAddress.postalCode",
            "compellingEvidence.priorTransactions",
        ]
        appeal = {"reason": "The parcel arrived.", "fileIds": ["file_1"]}
        refused = await run(service, SUBMIT, {"dispute": by, "evidence": [], "appeal": appeal})
        assert refused["__typename"] == "DisputeNotAnswerableError"
        assert refused["message"] == "The dispute is not in an appeal, so it does not accept `appeal`."


@pytest.mark.slow
@pytest.mark.one_database
async def test_a_merchant_answers_disputes_only_if_the_platform_allows_it(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    stranger: dict[str, Any] = {"role": "merchant", "merchant": "shop-2"}
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await open_shop(service)
        by, version = await disputed(service)
        given = {"dispute": by, "expectedVersion": version}
        for query, more in ((ACCEPT, {}), (SUBMIT, {"evidence": EVIDENCE})):
            assert (await service.error(query, {"input": {**given, **more}}, **me))[0] == "FORBIDDEN"
    allowed = {"WORKER": "off", "MERCHANTS_MAY_ANSWER_DISPUTES": "on"}
    async with running(database_url, simulator, tmp_path, **allowed) as service:
        assert (await run(service, ACCEPT, given, **stranger))["__typename"] == "DisputeNotFoundError"
        accepted = await run(service, ACCEPT, given, **me)
        assert accepted["notice"].startswith("The dispute was accepted and is lost.")
        assert accepted["dispute"] == {
            "status": "LOST",
            "withdrawn": {"minorUnits": 2500},
            "fee": {"minorUnits": 1500},
        }
