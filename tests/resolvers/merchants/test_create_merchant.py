"""createMerchant creates exactly one account, even if it is repeated."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from models import AccountCreation, ConnectedAccount, Merchant
from testing import confidential
from testing.account_tokens import account_token
from testing.faults import clear_faults, drop_deliveries, inject_fault
from testing.processes import Simulator
from testing.service import CREATE, Service, eventually, running


async def test_the_merchant_is_created_with_its_account(service: Service) -> None:
    result = await service.create("shop-1")
    assert result["__typename"] == "CreateMerchantPayload"
    assert result["created"] is True
    assert result["merchant"]["externalId"] == "shop-1"
    assert result["merchant"]["status"] == "ONBOARDING"
    accounts = service.simulator.control("accounts")
    assert [account["id"] for account in accounts["data"]] == [
        result["merchant"]["account"]["stripeAccountId"]
    ]


async def test_a_repeat_returns_the_same_merchant(service: Service) -> None:
    first = await service.create("shop-1")
    second = await service.create("shop-1")
    assert second["created"] is False
    assert second["merchant"] == first["merchant"]
    assert await ConnectedAccount.all().count() == 1


async def test_fifty_concurrent_calls_create_one_account(service: Service) -> None:
    results = await asyncio.gather(*(service.create("shop-1") for _ in range(50)))
    assert {result["__typename"] for result in results} == {"CreateMerchantPayload"}
    assert [result["created"] for result in results].count(True) == 1
    assert len({result["merchant"]["id"] for result in results}) == 1
    assert len(service.simulator.control("accounts")["data"]) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 502, "body": "<p>Passerelle d\u00e9faillante</p>", "encoding": "latin-1"},
        {"status": 200, "body": "\x1f\x8b\x08\x00\xa5\x00\xff\x03", "encoding": "latin-1"},
        {"status": 200, "body": []},
        {"status": 200, "body": "null"},
        {"status": 400, "body": {"error": []}},
    ],
    ids=str,
)
async def test_a_creation_without_a_definite_answer_is_kept_and_completed_by_a_repeat(
    idle: Service, answer: dict[str, Any]
) -> None:
    drop_deliveries(idle)
    inject_fault(idle, "/v2/core/accounts", {"times": 3, **answer})  # the SDK repeats a call after a 502
    result = await idle.create("shop-1")
    assert result["__typename"] == "StripeUnavailableError"
    assert result["merchant"] == {"externalId": "shop-1", "status": "CREATING"}
    clear_faults(idle)
    repeated = await idle.create("shop-1")
    assert (repeated["__typename"], repeated["merchant"]["status"]) == ("CreateMerchantPayload", "ONBOARDING")
    (account,) = idle.simulator.control("accounts")["data"]
    assert account["id"] == repeated["merchant"]["account"]["stripeAccountId"]


@pytest.mark.slow
@pytest.mark.one_database
async def test_a_creation_completes_after_the_key_gets_the_missing_permission(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    key = confidential.keep("restricted key", "rk_test_" + "P" * 24)
    others = ["rak_event_read", "rak_webhook_read"]
    simulator.control("keys", {"key": key, "permissions": ["v2_account_storer_read", *others]})
    async with running(database_url, simulator, tmp_path, STRIPE_API_KEY=key) as service:
        result = await service.create("shop-1")
        assert result["__typename"] == "StripeUnavailableError"
        assert result["message"] == (
            "The platform's restricted key lacks the permission v2_account_storer_write. An operator must "
            "add it at https://dashboard.stripe.com/apikeys."
        )
        assert result["merchant"] == {"externalId": "shop-1", "status": "CREATING"}

        simulator.control("keys", {"key": key, "permissions": ["v2_account_storer_write", *others]})

        async def is_created() -> bool:
            return (await service.merchant("shop-1", "status")) == {"status": "ONBOARDING"}

        await eventually(is_created)
        again = await service.create("shop-1")
        assert (again["__typename"], again["created"]) == ("CreateMerchantPayload", False)
    assert len(simulator.control("accounts")["data"]) == 1


async def test_other_input_for_the_same_external_id_is_refused(service: Service) -> None:
    await service.create("shop-1")
    refused = await service.create("shop-1", displayName="Other")
    assert refused["__typename"] == "ExternalIdTakenError"


INVALID: list[tuple[str, object, str]] = [
    ("externalId", "", "externalId"),
    ("externalId", "x" * 256, "externalId"),
    ("externalId", "a\u0000b", "externalId"),
    ("displayName", "  ", "displayName"),
    ("displayName", "a\nb", "displayName"),
    ("contactEmail", "nobody", "contactEmail"),
    ("contactEmail", "a b@shop.example", "contactEmail"),
    ("country", "us", "country"),
    ("country", "USA", "country"),
    ("businessUrl", "ftp://shop.example", "businessUrl"),
    ("businessUrl", "https://shop", "businessUrl"),
    ("productDescription", "x" * 2001, "productDescription"),
    ("capabilities", ["stripe_balance.payouts"], "capabilities[0]"),
    ("capabilities", ["card_payments", "Card"], "capabilities[1]"),
]


@pytest.mark.one_database
async def test_invalid_input_names_the_field_and_writes_nothing(service: Service) -> None:
    for field, value, reported_field in INVALID:
        variables = {
            "displayName": "Shop",
            "contactEmail": "owner@shop.example",
            "country": "US",
            "externalId": "shop-1",
            field: value,
        }
        result = (await service.graphql(CREATE, {"input": variables}))["createMerchant"]
        assert (result["__typename"], result["field"]) == ("InvalidInputError", reported_field)
    assert await Merchant.all().count() == 0
    assert await AccountCreation.all().count() == 0
    assert service.simulator.control("accounts")["data"] == []


@pytest.mark.one_database
async def test_one_answer_names_all_invalid_fields(service: Service) -> None:
    query = """
    mutation ($input: CreateMerchantInput!) {
      createMerchant(input: $input) {
        ... on InvalidInputError { field message fields { name code message userMessage } }
      }
    }
    """
    invalid = {
        "externalId": "shop-1",
        "displayName": "",
        "contactEmail": "owner",
        "country": "UK",
        "businessUrl": "https://https://shop.example",
        "capabilities": ["card_payments", "konbini"],
    }
    result = (await service.graphql(query, {"input": invalid}))["createMerchant"]
    empty = "Must not be empty."
    assert result == {
        "field": "displayName",
        "message": empty,
        "fields": [
            {
                "name": "displayName",
                "code": "REQUIRED",
                "message": empty,
                "userMessage": "Fill in this field.",
            },
            {
                "name": "contactEmail",
                "code": "EMAIL_INVALID",
                "message": "Give one e-mail address, such as owner@shop.example.",
                "userMessage": "Enter one email address, such as owner@shop.example.",
            },
            {
                "name": "country",
                "code": "COUNTRY_UNKNOWN",
                "message": "Give an ISO 3166-1 alpha-2 code in upper case, such as US or DE. "
                "Did you mean GB?",
                "userMessage": "Choose a country from the list.",
            },
            {
                "name": "businessUrl",
                "code": "URL_INVALID",
                "message": "Give an absolute web address, such as https://shop.example. "
                "The given address has two schemes. Remove one.",
                "userMessage": "Enter the address of a website, such as https://shop.example.",
            },
            {
                "name": "capabilities[1]",
                "code": "CAPABILITY_INVALID",
                "message": "Give the name of a payment capability, such as card_payments. "
                "Stripe adds payouts automatically. Did you mean konbini_payments?",
                "userMessage": "This payment method is not available.",
            },
        ],
    }
    assert service.simulator.control("accounts")["data"] == []


@pytest.mark.one_database
async def test_an_address_in_another_script_is_sent_to_stripe_in_ascii(service: Service) -> None:
    shop = {
        "externalId": "shop-1",
        "displayName": "M\u00fcnchen",
        "contactEmail": "owner@m\u00fcnchen-shop.example",
        "country": "DE",
        "businessUrl": "https://M\u00fcnchen-Shop.example/\u00fcber",
    }
    for created in (True, False):
        result = (await service.graphql(CREATE, {"input": shop}))["createMerchant"]
        assert (result["__typename"], result["created"]) == ("CreateMerchantPayload", created)
    body = json.loads((await AccountCreation.get()).body)
    assert body["contact_email"] == "owner@xn--mnchen-shop-thb.example"
    assert body["defaults"]["profile"] == {"business_url": "https://xn--mnchen-shop-thb.example/%C3%BCber"}
    assert (await Merchant.get()).contact_email == "owner@xn--mnchen-shop-thb.example"


TOKEN = """
mutation ($input: CreateMerchantInput!) {
  createMerchant(input: $input) {
    __typename
    ... on CreateMerchantPayload { created merchant { displayName } }
    ... on StripeRefusedError { code remedy fields { name code } }
    ... on InvalidInputError { fields { name code } }
  }
}
"""


@pytest.mark.one_database
async def test_a_platform_that_needs_account_tokens_sends_one_in_the_input(service: Service) -> None:
    service.simulator.control("switches", {"account_token_required": True})

    async def create(**more: str) -> dict[str, Any]:
        shop = {
            "externalId": "shop-1",
            "country": "US",
            "displayName": "Shop",
            "contactEmail": "a@shop.example",
        }
        result: dict[str, Any] = (await service.graphql(TOKEN, {"input": {**shop, **more}}))["createMerchant"]
        return result

    refused = await create()
    assert (refused["__typename"], refused["code"]) == ("StripeRefusedError", "account_token_required")
    assert refused["fields"] == [{"name": "accountToken", "code": "REQUIRED"}]
    assert "`accountToken`" in refused["remedy"]
    assert await create(accountToken="sk_test_no_token") == {
        "__typename": "InvalidInputError",
        "fields": [{"name": "accountToken", "code": "TOKEN_INVALID"}],
    }
    token = account_token(service.simulator, display_name="From the browser")
    assert await create(accountToken=token) == {
        "__typename": "CreateMerchantPayload",
        "created": True,
        "merchant": {"displayName": "From the browser"},
    }
    (account,) = service.simulator.control("accounts")["data"]
    assert account["display_name"] == "From the browser"
    service.simulator.control("switches", {"account_token_required": False})
