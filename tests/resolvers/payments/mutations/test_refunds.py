"""The mutation refundPayment: its payload, its typed errors, and the roles that may use it."""

from pathlib import Path
from typing import Any

import pytest

from models import Payment
from testing.payments import CARD
from testing.processes import Simulator
from testing.service import Service, running
from tests.resolvers.payments.mutations.test_checkout import CHECKOUT, open_shop, order, run, usd

REFUND = """
mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on ExternalIdTakenError { externalId }
    ... on RefundTooLargeError { remaining { minorUnits } fields { name code } }
    ... on DisputeOpenError {
      payment { state } disputed { minorUnits } cost { minorUnits } disputeFee { minorUnits currency }
    }
    ... on PaymentNotChangeableError { payment { state } }
    ... on RefundPaymentPayload {
      refund { externalId origin state reason amount { minorUnits } }
      payment { refundState amountRefunded { minorUnits } refunds { externalId } }
      created warning warningCode
    }
  }
}
"""


async def pay(service: Service) -> dict[str, Any]:
    """A payment of 25.00 USD that the customer has paid. Returns the reference to it."""
    created = await run(service, CHECKOUT, order())
    form = {**CARD, "method": "card", "number": "4242424242424242"}
    assert service.simulator.client.post(created["url"], data=form).status_code == 303
    return {"order": {"merchant": {"externalId": "shop-1"}, "externalId": "order-1"}}


@pytest.mark.slow
async def test_a_service_refunds_a_part_of_a_payment(idle: Service) -> None:
    await open_shop(idle)
    by = await pay(idle)
    given = {"payment": by, "externalId": "r-1", "amount": usd(1000), "reason": "REQUESTED_BY_CUSTOMER"}
    first = await run(idle, REFUND, given)
    assert first == {
        "__typename": "RefundPaymentPayload",
        "refund": {
            "externalId": "r-1",
            "origin": "API",
            "state": "SUCCEEDED",
            "reason": "REQUESTED_BY_CUSTOMER",
            "amount": {"minorUnits": 1000},
        },
        "payment": {
            "refundState": "PARTIAL",
            "amountRefunded": {"minorUnits": 1000},
            "refunds": [{"externalId": "r-1"}],
        },
        "created": True,
        "warning": None,
        "warningCode": None,
    }
    assert await run(idle, REFUND, given) == {**first, "created": False}
    other = await run(idle, REFUND, {**given, "amount": usd(999)})
    assert (other["__typename"], other["externalId"]) == ("ExternalIdTakenError", "r-1")
    large = await run(idle, REFUND, {"payment": by, "externalId": "r-2", "amount": usd(1501)})
    assert (large["__typename"], large["remaining"], large["fields"]) == (
        "RefundTooLargeError",
        {"minorUnits": 1500},
        [{"name": "amount.minorUnits", "code": "AMOUNT_INVALID"}],
    )
    invalid = await run(idle, REFUND, {"payment": by, "externalId": "", "amount": usd(0)})
    assert invalid["fields"] == [
        {"name": "externalId", "code": "REQUIRED"},
        {"name": "amount.minorUnits", "code": "AMOUNT_INVALID"},
    ]
    missing = {"payment": {"stripePaymentIntentId": "pi_missing"}, "externalId": "r-2"}
    assert (await run(idle, REFUND, missing))["__typename"] == "PaymentNotFoundError"
    intent = (await Payment.get()).stripe_payment_intent_id
    idle.simulator.control(f"payments/{intent}", {"scenario": "dispute", "amount": 1500})
    disputed = await run(idle, REFUND, {"payment": by, "externalId": "r-2"})
    assert disputed.pop("message").startswith("The customer's bank has taken 15.00 USD back")
    assert disputed == {
        "__typename": "DisputeOpenError",
        "disputed": {"minorUnits": 1500},
        "cost": {"minorUnits": 1500},
        "disputeFee": usd(1500),
        "payment": {"state": "SUCCEEDED"},
    }


@pytest.mark.slow
@pytest.mark.one_database
async def test_a_merchant_refunds_only_if_the_platform_allows_it(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    stranger: dict[str, Any] = {"role": "merchant", "merchant": "shop-2"}
    async with running(database_url, simulator, tmp_path, WORKER="off", MERCHANTS_MAY_CHARGE="on") as service:
        await open_shop(service)
        given = {"payment": await pay(service), "externalId": "r-1"}
        code, _ = await service.error(REFUND, {"input": given}, **me)
        assert code == "FORBIDDEN"
    async with running(database_url, simulator, tmp_path, WORKER="off", MERCHANTS_MAY_REFUND="on") as service:
        hidden = await run(service, REFUND, given, **stranger)
        assert hidden["__typename"] == "PaymentNotFoundError"
        (paid,) = service.simulator.control("payments")["data"]
        service.simulator.control(
            f"payments/{paid['intent']['id']}", {"scenario": "dispute", "inquiry": True}
        )
        done = await run(service, REFUND, given, **me)
        assert (done["payment"]["refundState"], done["warningCode"]) == ("FULL", "INQUIRY")
        assert done["warning"].startswith("The customer's bank asks about this payment.")
