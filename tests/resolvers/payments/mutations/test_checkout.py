"""The mutations that create, cancel and capture payments: their payloads, typed errors and roles."""

from pathlib import Path
from typing import Any

import pytest

from models import Payment
from testing.environment import ORIGIN
from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import Service, running

USD = "minorUnits currency decimal"
ERRORS = f"""
__typename
... on Error {{ message }}
... on InvalidInputError {{ field fields {{ name code }} }}
... on AmountTooSmallError {{ minimum {{ {USD} }} fields {{ name }} }}
... on FeeTooLargeError {{ maximum {{ {USD} }} fields {{ name }} }}
... on PaymentNotPayableError {{ payment {{ externalId state }} }}
... on ExternalIdTakenError {{ externalId }}
"""
CHECKOUT = f"""
mutation ($input: CreateCheckoutInput!) {{
  createCheckout(input: $input) {{
    {ERRORS}
    ... on CreateCheckoutPayload {{
      payment {{ externalId state amount {{ {USD} }} merchant {{ externalId }} metadata {{ key value }} }}
      url expiresAt created
    }}
  }}
}}
"""
INTENT = f"""
mutation ($input: CreatePaymentIntentInput!) {{
  createPaymentIntent(input: $input) {{
    {ERRORS}
    ... on CreatePaymentIntentPayload {{
      payment {{ externalId state stripePaymentIntentId }}
      clientSecret publishableKey stripeAccountId stripePaymentIntentId customerSessionClientSecret
      merchantDisplayName merchantCountryCode created
    }}
  }}
}}
"""
CANCEL = """
mutation ($input: CancelPaymentInput!) {
  cancelPayment(input: $input) {
    __typename
    ... on Error { message }
    ... on CancelPaymentPayload { payment { state } }
    ... on PaymentNotChangeableError { payment { state } }
  }
}
"""
CAPTURE = """
mutation ($input: CapturePaymentInput!) {
  capturePayment(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on CapturePaymentPayload { payment { state amountReceived { minorUnits } } }
    ... on PaymentNotChangeableError { payment { state } }
  }
}
"""
REFRESH = """
mutation ($input: RefreshMerchantInput!) { refreshMerchant(input: $input) { __typename } }
"""
PUBLISHABLE = "pk_test_" + "P" * 24


def order(**changed: Any) -> dict[str, Any]:
    line = {"name": "Hat", "quantity": 2, "unitAmount": usd(1250)}
    return {
        "merchant": {"externalId": "shop-1"},
        "externalId": "order-1",
        "lines": [line],
        "successUrl": f"{ORIGIN}/done",
        "cancelUrl": f"{ORIGIN}/cart",
        **changed,
    }


def app_order(**changed: Any) -> dict[str, Any]:
    return {
        "merchant": {"externalId": "shop-1"},
        "externalId": "order-1",
        "amount": usd(2500),
        **changed,
    }


def usd(minor_units: int) -> dict[str, Any]:
    return {"minorUnits": minor_units, "currency": "USD"}


async def open_shop(service: Service) -> str:
    """Create a merchant that can charge. Returns the id of its account."""
    drop_deliveries(service)
    created = await service.create("shop-1")
    account: str = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await service.graphql(REFRESH, {"input": {"merchant": {"externalId": "shop-1"}}})
    return account


async def run(service: Service, query: str, given: dict[str, Any], **caller: Any) -> dict[str, Any]:
    """The result of the mutation. By default, the caller is a service."""
    data = await service.graphql(query, {"input": given}, **(caller or {"role": "service"}))
    (result,) = data.values()
    return dict(result)


@pytest.mark.slow
async def test_a_service_creates_a_payment_page_and_cancels_the_payment(idle: Service) -> None:
    await open_shop(idle)
    given = order(metadata=[{"key": "table", "value": "7"}])
    first = await run(idle, CHECKOUT, given)
    row = await Payment.get()
    assert first == {
        "__typename": "CreateCheckoutPayload",
        "payment": {
            "externalId": "order-1",
            "state": "AWAITING_CUSTOMER",
            "amount": {**usd(2500), "decimal": "25.00"},
            "merchant": {"externalId": "shop-1"},
            "metadata": [
                {"key": "external_id", "value": "order-1"},
                {"key": "payment_id", "value": str(row.id)},
                {"key": "table", "value": "7"},
            ],
        },
        "url": first["url"],
        "expiresAt": first["expiresAt"],
        "created": True,
    }
    assert await run(idle, CHECKOUT, given) == {**first, "created": False}
    other = await run(idle, CHECKOUT, order())
    assert (other["__typename"], other["externalId"]) == ("ExternalIdTakenError", "order-1")
    assert other["message"].startswith("This externalId belongs to a payment")
    by = {"order": {"merchant": {"externalId": "shop-1"}, "externalId": "order-1"}}
    for _ in range(2):
        canceled = await run(idle, CANCEL, {"payment": by})
        assert canceled == {"__typename": "CancelPaymentPayload", "payment": {"state": "CANCELED"}}
    refused = await run(idle, CHECKOUT, given)
    assert refused["__typename"] == "PaymentNotPayableError"
    assert refused["payment"] == {"externalId": "order-1", "state": "CANCELED"}
    uncapturable = await run(idle, CAPTURE, {"payment": by})
    assert (uncapturable["__typename"], uncapturable["payment"]) == (
        "PaymentNotChangeableError",
        {"state": "CANCELED"},
    )
    missing = {"payment": {"stripePaymentIntentId": "pi_missing"}}
    for query in (CANCEL, CAPTURE):
        assert (await run(idle, query, missing))["__typename"] == "PaymentNotFoundError"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_errors_name_the_field_and_the_limit(idle: Service) -> None:
    await open_shop(idle)
    small = await run(idle, INTENT, app_order(amount=usd(49)))
    assert (small["__typename"], small["fields"]) == ("AmountTooSmallError", [{"name": "amount"}])
    assert small["minimum"] == {**usd(50), "decimal": "0.50"}
    large = await run(idle, CHECKOUT, order(fee=usd(2501)))
    assert (large["__typename"], large["fields"]) == ("FeeTooLargeError", [{"name": "fee.minorUnits"}])
    assert large["maximum"] == {**usd(2500), "decimal": "25.00"}
    invalid = await run(idle, CHECKOUT, order(successUrl="https://else.example", expiresInMinutes=5))
    assert invalid["fields"] == [
        {"name": "successUrl", "code": "URL_NOT_ALLOWED"},
        {"name": "expiresInMinutes", "code": "OUT_OF_RANGE"},
    ]
    unknown = await run(idle, CHECKOUT, order(merchant={"externalId": "nobody"}))
    assert unknown["__typename"] == "MerchantNotFoundError"
    await idle.create("shop-2")
    unready = await run(idle, CHECKOUT, order(merchant={"externalId": "shop-2"}))
    assert unready == {
        "__typename": "MerchantNotReadyError",
        "message": "Card payments (`card_payments`) are not active: their status is RESTRICTED. Stripe still "
        "needs information from the merchant. Read `capabilities` and `nextAction` of the merchant.",
    }
    assert not await Payment.exists()


@pytest.mark.one_database
async def test_a_merchant_charges_only_if_the_platform_allows_it(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    stranger: dict[str, Any] = {"role": "merchant", "merchant": "shop-2"}
    changed = {"WORKER": "off", "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE}
    async with running(database_url, simulator, tmp_path, **changed) as service:
        account = await open_shop(service)
        for query, given in ((CHECKOUT, order()), (INTENT, app_order())):
            code, message = await service.error(query, {"input": given}, **me)
            assert (code, message) == (
                "FORBIDDEN",
                "This operation requires a token with the role operator or service.",
            )
    async with running(database_url, simulator, tmp_path, **changed, MERCHANTS_MAY_CHARGE="on") as service:
        await service.create("shop-2")
        theirs = {"merchant": {"externalId": "shop-2"}}
        for query, given in ((CHECKOUT, order(**theirs)), (INTENT, app_order(**theirs))):
            unready = await run(service, query, given, **stranger)
            assert "Stripe still needs information from you." in unready["message"]
        dear = await run(service, INTENT, app_order(fee=usd(0)), **me)
        assert dear["fields"] == [{"name": "fee", "code": "NOT_AVAILABLE"}]
        created = await run(service, INTENT, app_order(capture="MANUAL"), **me)
        secret, intent = created["clientSecret"], created["stripePaymentIntentId"]
        assert secret.startswith(f"{intent}_secret_")
        assert created == {
            "__typename": "CreatePaymentIntentPayload",
            "payment": {
                "externalId": "order-1",
                "state": "AWAITING_CUSTOMER",
                "stripePaymentIntentId": intent,
            },
            "clientSecret": secret,
            "publishableKey": PUBLISHABLE,
            "stripeAccountId": account,
            "stripePaymentIntentId": intent,
            "customerSessionClientSecret": None,
            "merchantDisplayName": "Shop shop-1",
            "merchantCountryCode": "US",
            "created": True,
        }
        assert (await run(service, INTENT, app_order(), **stranger))["__typename"] == "MerchantNotFoundError"
        by = {"payment": {"stripePaymentIntentId": intent}}
        for query in (CANCEL, CAPTURE):
            hidden = await run(service, query, by, **stranger)
            missing = await run(service, query, {"payment": {"stripePaymentIntentId": "pi_x"}}, **stranger)
            assert hidden == missing
            assert hidden["__typename"] == "PaymentNotFoundError"
        free = await run(service, CAPTURE, {**by, "fee": usd(0)}, **me)
        assert free["fields"] == [{"name": "fee", "code": "NOT_AVAILABLE"}]
        assert (await run(service, CANCEL, by, **me))["__typename"] == "CancelPaymentPayload"
