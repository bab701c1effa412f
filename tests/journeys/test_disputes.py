"""Disputes in a real browser: the shop's page shows each step of a dispute without a reload."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from connect.merchants.rules.wire import wire_time
from testing.processes import Simulator
from tests.journeys.shop import REFRESH, Shop, payment

MERCHANT = """
subscription {
  merchantChanged(by: {externalId: "shop-1"}) {
    nextAction { kind by label deadline url }
    dashboard { tasks { kind attention explanation deadline } }
    balance { amounts { available { decimal } pending { decimal } } }
  }
}
"""
SUBMIT = """
mutation ($input: SubmitDisputeEvidenceInput!) {
  submitDisputeEvidence(input: $input) {
    ... on SubmitDisputeEvidencePayload { dispute { evidence { version } } }
  }
}
"""
RECEIPT = base64.b64encode(b"\x89PNG\r\n\x1a\n0000").decode()
ANSWERED: dict[str, Any] = {
    "attention": 0,
    "explanation": "Respond to disputes and refund payments in the Dashboard.",
}
NOTHING_LEFT = {"kind": "NONE", "label": "Nothing is left to do", "deadline": None}


@pytest.fixture
def more_settings(simulator: Simulator) -> dict[str, str]:
    """Let the links of the shop's page open the Dashboard of the local Stripe."""
    return {"STRIPE_DASHBOARD_BASE": f"{simulator.base_url}/dashboard"}


def task(deadline: str | None = None, **values: Any) -> dict[str, Any]:
    """The expected values of the third Dashboard task."""
    return {"tasks": {2: {"kind": "RESPOND_TO_DISPUTES_AND_REFUNDS", "deadline": deadline, **values}}}


async def buy(shop: Shop, number: str) -> str:
    """Pay an order with a card whose holder disputes the payment. Returns the deadline for the response.

    The shop's page follows the payment and the merchant.
    """
    await shop.activate()
    await shop.phone.goto((await shop.checkout("order-1"))["url"])
    await shop.follow(payment("order-1"), MERCHANT)
    await shop.pay_by_card(number)
    await shop.is_back("order-1")
    shop.pass_time(2)
    await shop.shows(applicationFee="1.25", net="22.72")
    (paid,) = shop.service.simulator.control("payments")["data"]
    due_by = paid["disputes"][0]["evidence_details"]["due_by"]
    return str(wire_time(datetime.fromtimestamp(due_by, UTC)))


async def open_dispute(shop: Shop, deadline: str, label: str) -> None:
    """Wait until the shop's page asks the merchant to respond, and open the dispute on the phone."""
    asked = await shop.merchant_shows(
        nextAction={"kind": "OPEN_DASHBOARD", "by": "MERCHANT", "label": label, "deadline": deadline},
        dashboard=task(attention=1, explanation="One dispute needs a response.", deadline=deadline),
    )
    await shop.phone.goto(asked["nextAction"]["url"])
    await shop.submit("#dispute-list a")


@pytest.mark.one_database
async def test_a_dispute_is_won_with_evidence_from_the_platform(shop: Shop) -> None:
    deadline = await buy(shop, "4000000000002685")
    disputed = {
        "kind": "CHARGEBACK",
        "explanation": "The customer says that the product or service did not arrive.",
        "amount": {"decimal": "25.00"},
        "fee": {"decimal": "15.00"},
        "dueBy": deadline,
    }
    respond = {"kind": "RESPOND", "label": "Answer with evidence, or accept the dispute"}
    shown = await shop.shows(disputeState="NEEDS_RESPONSE")
    assert shown["disputes"] == [
        {
            **disputed,
            "status": "NEEDS_RESPONSE",
            "needsResponse": True,
            "withdrawn": {"decimal": "25.00"},
            "nextAction": {**respond, "deadline": deadline},
            "evidence": {"state": "NONE", "submissionCount": 0},
        }
    ]
    await open_dispute(shop, deadline, "Answer a dispute")

    (paid,) = shop.service.simulator.control("payments")["data"]
    evidence = {
        "dispute": {"stripeDisputeId": paid["disputes"][0]["id"]},
        "evidence": [
            {"field": "SHIPPING_TRACKING_NUMBER", "text": "1Z999"},
            {"field": "RECEIPT", "file": {"name": "receipt.png", "base64": RECEIPT}},
        ],
    }
    staged = (await shop.service.graphql(SUBMIT, {"input": evidence}))["submitDisputeEvidence"]["dispute"]
    await shop.shows(disputes=[{"status": "NEEDS_RESPONSE", "evidence": {"state": "STAGED"}}])
    final = {**evidence, "evidence": [], "submit": True, "expectedVersion": staged["evidence"]["version"]}
    await shop.service.graphql(SUBMIT, {"input": final})
    wait = {"kind": "WAIT", "label": "Wait for the bank's decision", "deadline": None}
    await shop.shows(
        disputeState="UNDER_REVIEW",
        disputes=[{"nextAction": wait, "withdrawn": "25.00", "evidence": {"submissionCount": 1}}],
    )
    await shop.merchant_shows(nextAction={"deadline": None}, dashboard=task(**ANSWERED))

    await shop.phone.reload()
    await shop.submit("button[value=win]")
    won = await shop.shows(disputeState="WON", summary="The customer paid 25.00 USD, and a dispute was won.")
    assert won["disputes"] == [
        {
            **disputed,
            "status": "WON",
            "needsResponse": False,
            "withdrawn": {"decimal": "0.00"},
            "nextAction": NOTHING_LEFT,
            "evidence": {"state": "SUBMITTED", "submissionCount": 1},
        }
    ]
    await shop.service.graphql(REFRESH)
    await shop.merchant_shows(
        balance={"amounts": [{"available": "0.00", "pending": "7.72"}]},
        nextAction={"label": "Open the Stripe Dashboard", "by": None},
    )


@pytest.mark.one_database
async def test_a_dispute_is_lost_after_an_answer_in_the_dashboard(shop: Shop) -> None:
    deadline = await buy(shop, "4000000000000259")
    await open_dispute(shop, deadline, "Answer a dispute")
    await shop.phone.fill("textarea", "The customer picked the hat up.")
    await shop.submit("button[value=stage]")
    await shop.shows(disputes=[{"status": "NEEDS_RESPONSE", "evidence": {"state": "STAGED"}}])
    await shop.merchant_shows(dashboard=task(attention=1, deadline=deadline))
    await shop.submit("button[value=answer]")
    await shop.shows(disputeState="UNDER_REVIEW", disputes=[{"evidence": {"state": "SUBMITTED"}}])
    await shop.merchant_shows(nextAction={"deadline": None}, dashboard=task(**ANSWERED))
    await shop.submit("button[value=lose]")
    await shop.shows(
        disputeState="LOST",
        summary="The dispute was lost, and 25.00 USD went back to the customer.",
        disputes=[{"status": "LOST", "withdrawn": "25.00", "fee": "15.00", "nextAction": NOTHING_LEFT}],
    )
    await shop.service.graphql(REFRESH)
    await shop.merchant_shows(
        balance={"amounts": [{"available": "0.00", "pending": "-17.28"}]},
        nextAction={"label": "Look at the negative balance in the Stripe Dashboard", "by": "MERCHANT"},
    )


@pytest.mark.one_database
async def test_an_inquiry_is_settled_by_a_refund(shop: Shop) -> None:
    deadline = await buy(shop, "4000000000001976")
    refund = {"kind": "REFUND_OR_RESPOND", "label": "Refund the payment in full, or answer the bank"}
    await shop.shows(
        disputeState="INQUIRY",
        disputes=[{"kind": "INQUIRY", "withdrawn": None, "nextAction": {**refund, "deadline": deadline}}],
    )
    await open_dispute(shop, deadline, "Answer a dispute")
    await shop.submit("#refund")
    settled = "Wait for the bank to end its inquiry: the payment is refunded"
    await shop.shows(
        refundState="FULL",
        amountRefunded="25.00",
        disputeState="INQUIRY",
        disputes=[
            {"needsResponse": False, "nextAction": {"kind": "WAIT", "label": settled, "deadline": None}}
        ],
    )
    await shop.merchant_shows(nextAction={"deadline": None}, dashboard=task(**ANSWERED))
    await shop.submit("button[value=end]")
    await shop.shows(
        disputeState="NONE",
        summary="The whole payment of 25.00 USD was refunded.",
        disputes=[{"status": "WARNING_CLOSED", "withdrawn": None, "fee": None, "nextAction": NOTHING_LEFT}],
    )
