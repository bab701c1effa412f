"""payment finds a payment by each kind of reference; nodes also finds refunds and disputes."""

from typing import Any

from models import Merchant
from testing.merchants import build_merchant, global_id, store
from testing.service import Service
from testing.stored_payments import EVERY_FIELD, add_payment

PAYMENT = f"query ($by: PaymentRef!) {{ payment(by: $by) {{ {EVERY_FIELD} merchant {{ externalId }} }} }}"
ID = "query ($by: PaymentRef!) { payment(by: $by) { id } }"
NODES = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on Payment { externalId }
    ... on Refund { amount { decimal } state }
    ... on Dispute { status }
  }
}
"""


async def shop(external_id: str = "shop-1") -> Merchant:
    built = build_merchant(external_id)
    await store([built])
    return built.merchant


def usd(minor_units: int, decimal: str) -> dict[str, Any]:
    return {"minorUnits": minor_units, "currency": "USD", "exponent": 2, "decimal": decimal}


async def test_a_payment_has_amounts_fees_method_page_and_refunds(idle: Service) -> None:
    merchant = await shop()
    stored = await add_payment(merchant, "order-1", "refunded")
    key = stored.id.hex
    answer = await idle.graphql(PAYMENT, {"by": {"id": global_id("Payment", stored.id)}})
    refund = answer["payment"]["refunds"][0]
    assert answer["payment"] == {
        "id": global_id("Payment", stored.id),
        "externalId": "order-1",
        "origin": "API",
        "state": "SUCCEEDED",
        "refundState": "PARTIAL",
        "disputeState": "NONE",
        "summary": "The customer paid 10.00 USD, of which 2.50 USD was refunded.",
        "failure": None,
        "appliedFee": None,
        "amount": usd(1000, "10.00"),
        "amountReceived": {"minorUnits": 1000},
        "amountRefunded": {"minorUnits": 250},
        "applicationFee": {"minorUnits": 123, "currency": "USD"},
        "applicationFeeRefunded": {"minorUnits": 0},
        "stripeFee": {"minorUnits": 59, "currency": "USD"},
        "net": {"minorUnits": 818, "currency": "USD"},
        "method": {
            "type": "card",
            "brand": "visa",
            "last4": "4242",
            "country": "US",
            "funding": "credit",
            "wallet": None,
        },
        "checkout": {
            "status": "COMPLETE",
            "expiresAt": "2026-02-01T10:00:00.000Z",
            "stripeCheckoutSessionId": f"cs_{key}",
        },
        "captureBefore": None,
        "description": "Order",
        "metadata": [{"key": "payment_id", "value": str(stored.id)}],
        "refunds": [
            {
                "id": refund["id"],
                "externalId": None,
                "origin": "STRIPE",
                "amount": {"minorUnits": 250},
                "state": "SUCCEEDED",
                "explanation": (
                    "The refund was sent to the customer's bank, which may need several days to show it."
                ),
                "reason": "REQUESTED_BY_CUSTOMER",
                "pendingReason": None,
                "failureReason": None,
                "reference": None,
                "stripeRefundId": f"re_{key}",
                "createdAt": "2026-01-31T10:00:00.000Z",
            }
        ],
        "disputes": [],
        "disputeWarnings": [],
        "stripePaymentIntentId": f"pi_{key}",
        "stripeChargeId": f"ch_{key}",
        "livemode": False,
        "createdAt": "2026-01-31T10:00:00.000Z",
        "updatedAt": "2026-01-31T10:00:00.000Z",
        "freshness": {"syncedAt": "2026-01-31T10:00:00.000Z", "source": "webhook", "stale": True},
        "merchant": {"externalId": "shop-1"},
    }


async def test_a_payment_unknown_to_stripe_has_only_the_requested_values(idle: Service) -> None:
    merchant = await shop()
    await add_payment(merchant, "order-1", "creating", amount=5, currency="JPY")
    order = {"merchant": {"externalId": "shop-1"}, "externalId": "order-1"}
    found = (await idle.graphql(PAYMENT, {"by": {"order": order}}))["payment"]
    assert found["state"] == "UNKNOWN"
    assert found["amount"] == {"minorUnits": 5, "currency": "JPY", "exponent": 0, "decimal": "5"}
    assert found["livemode"] is None
    empty = {
        "applicationFee",
        "stripeFee",
        "net",
        "method",
        "checkout",
        "stripePaymentIntentId",
        "stripeChargeId",
    }
    assert {found[name] for name in empty} == {None}


async def test_an_authorization_has_a_deadline_and_no_fees_yet(idle: Service) -> None:
    stored = await add_payment(await shop(), "order-1", "authorized")
    by = {"stripePaymentIntentId": stored.stripe_payment_intent_id}
    found = (await idle.graphql(PAYMENT, {"by": by}))["payment"]
    assert (found["state"], found["captureBefore"]) == ("AUTHORIZED", "2026-02-07T10:00:00.000Z")
    assert (found["amountReceived"], found["applicationFee"]) == ({"minorUnits": 0}, None)


async def test_a_warning_of_the_bank_tells_a_merchant_the_remedy_and_no_suspicion(idle: Service) -> None:
    stored = await add_payment(await shop(), "order-1", "warned")
    by = {"id": global_id("Payment", stored.id)}
    found = (await idle.graphql(PAYMENT, {"by": by}, role="merchant", merchant="shop-1"))["payment"]
    assert found["disputeState"] == "WARNED"
    assert found["disputeWarnings"] == [
        {
            "actionable": True,
            "explanation": "The customer's bank may soon dispute the payment. A full refund before that "
            "usually avoids the dispute and its fee. The bank names no date.",
            "stripeWarningId": f"issfr_{stored.id.hex}",
            "createdAt": "2026-01-31T10:00:00.000Z",
        }
    ]
    assert "fraud" not in str(found).lower()


async def test_each_reference_finds_the_payment_within_the_callers_scope(idle: Service) -> None:
    stored = await add_payment(await shop(), "order-1")
    await add_payment(await shop("shop-2"), "order-1")
    key = global_id("Payment", stored.id)
    references: list[dict[str, Any]] = [
        {"id": key},
        {"stripePaymentIntentId": stored.stripe_payment_intent_id},
        {"order": {"merchant": {"externalId": "shop-1"}, "externalId": "order-1"}},
        {"order": {"merchant": {"id": global_id("Merchant", stored.merchant_id)}, "externalId": "order-1"}},
    ]
    for by in references:
        for role, merchant, expected in (
            ("operator", None, {"id": key}),
            ("service", None, {"id": key}),
            ("merchant", "shop-1", {"id": key}),
            ("merchant", "shop-2", None),
            ("merchant", "nobody", None),
        ):
            answer = await idle.graphql(ID, {"by": by}, role=role, merchant=merchant)
            assert answer == {"payment": expected}, (by, role, merchant)
    for by in (
        {"id": global_id("Payment", stored.merchant_id)},
        {"id": "x"},
        {"stripePaymentIntentId": "pi_\x00"},
        {"order": {"merchant": {"externalId": "shop-1"}, "externalId": "order-2"}},
        {"order": {"merchant": {"externalId": "shop-3"}, "externalId": "order-1"}},
        {"order": {"merchant": {"externalId": "shop-1"}, "externalId": "x" * 300}},
    ):
        assert await idle.graphql(ID, {"by": by}) == {"payment": None}


async def test_refunds_and_disputes_are_nodes_within_the_callers_scope(idle: Service) -> None:
    merchant = await shop()
    refunded = await add_payment(merchant, "order-1", "refunded")
    disputed = await add_payment(merchant, "order-2", "disputed")
    by = {"id": global_id("Payment", refunded.id)}
    refund = (await idle.graphql(PAYMENT, {"by": by}))["payment"]["refunds"][0]["id"]
    by = {"id": global_id("Payment", disputed.id)}
    found = (await idle.graphql(PAYMENT, {"by": by}))["payment"]
    assert (found["disputeState"], found["refundState"]) == ("NEEDS_RESPONSE", "NONE")
    dispute = found["disputes"][0]["id"]
    ids = [by["id"], refund, dispute]
    nodes = [
        {"id": by["id"], "externalId": "order-2"},
        {"id": refund, "amount": {"decimal": "2.50"}, "state": "SUCCEEDED"},
        {"id": dispute, "status": "NEEDS_RESPONSE"},
    ]
    assert await idle.graphql(NODES, {"ids": ids}) == {"nodes": nodes}
    own = await idle.graphql(NODES, {"ids": ids}, role="merchant", merchant="shop-1")
    assert own == {"nodes": nodes}
    await shop("shop-2")
    other = await idle.graphql(NODES, {"ids": ids}, role="merchant", merchant="shop-2")
    assert other == {"nodes": [None, None, None]}
