"""updateMerchant changes the details of the account at Stripe and in the mirror, or in neither."""

from typing import Any

import pytest

from testing.account_tokens import account_token
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.state import read_state

pytestmark = pytest.mark.without_worker

UPDATE = """
mutation ($input: UpdateMerchantInput!) {
  updateMerchant(input: $input) {
    __typename
    ... on UpdateMerchantPayload {
      merchant {
        externalId displayName contactEmail capabilities { name } freshness { source }
        timeline(first: 3) { edges { node { kind message actor } } }
      }
    }
    ... on Error { message }
    ... on InvalidInputError { field }
    ... on StripeRefusedError { code requestId }
    ... on StripeUnavailableError { retryAfterSeconds merchant { externalId } }
  }
}
"""


async def update(service: Service, external_id: str = "shop-1", /, **changes: Any) -> dict[str, Any]:
    update_input = {"merchant": {"externalId": external_id}, **changes}
    result: dict[str, Any] = (await service.graphql(UPDATE, {"input": update_input}))["updateMerchant"]
    return result


async def test_stripe_and_the_mirror_change_together(service: Service) -> None:
    drop_deliveries(service)
    created = await service.create("shop-1")
    account_id = created["merchant"]["account"]["stripeAccountId"]
    changed = await update(
        service,
        displayName="New name",
        contactEmail="new@shop.example",
        businessUrl="https://new.example/shop?a=1",
        productDescription="Line one\nline two",
        capabilities=["us_bank_transfer_payments"],
    )
    assert changed["__typename"] == "UpdateMerchantPayload"
    merchant = changed["merchant"]
    assert (merchant["displayName"], merchant["contactEmail"]) == ("New name", "new@shop.example")
    assert [capability["name"] for capability in merchant["capabilities"]] == [
        "card_payments",
        "stripe_balance.payouts",
        "us_bank_transfer_payments",
    ]
    assert merchant["freshness"] == {"source": "update"}
    (account,) = service.simulator.control("accounts")["data"]
    assert account["id"] == account_id
    assert (account["display_name"], account["contact_email"]) == ("New name", "new@shop.example")
    assert account["defaults"]["profile"]["business_url"] == "https://new.example/shop?a=1"
    assert account["defaults"]["profile"]["product_description"] == "Line one\nline two"
    history = [(edge["node"]["kind"], edge["node"]["actor"]) for edge in merchant["timeline"]["edges"]]
    assert ("UPDATED", "development-operator") in history
    # Omitted and null fields keep their values. Services may update too.
    update_input = {
        "merchant": {"stripeAccountId": account_id},
        "displayName": "Newer",
        "contactEmail": None,
        "capabilities": None,
    }
    again = (await service.graphql(UPDATE, {"input": update_input}, role="service"))["updateMerchant"][
        "merchant"
    ]
    assert (again["displayName"], again["contactEmail"]) == ("Newer", "new@shop.example")
    assert again["capabilities"] == merchant["capabilities"]


async def test_each_mutation_of_an_operation_reads_its_own_change(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    part = """
      {}: updateMerchant(input: {{merchant: {{externalId: "shop-1"}}, displayName: "{}"}}) {{
        ... on UpdateMerchantPayload {{ merchant {{ timeline(first: 1) {{ edges {{ node {{
          changes {{ after }}
        }} }} }} }} }}
      }}
    """
    answer = await service.graphql(f"mutation {{ {part.format('a', 'One')} {part.format('b', 'Two')} }}")
    entries = [answer[name]["merchant"]["timeline"]["edges"][0]["node"] for name in ("a", "b")]
    assert entries == [{"changes": [{"after": name}]} for name in ("One", "Two")]


@pytest.mark.one_database
async def test_invalid_input_names_the_field_and_changes_nothing(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    before = await read_state(service)
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "input"),
        ({"displayName": None, "capabilities": []}, "input"),
        ({"displayName": ""}, "displayName"),
        ({"displayName": " Shop"}, "displayName"),
        ({"displayName": "x" * 256}, "displayName"),
        ({"displayName": "a\x00b"}, "displayName"),
        ({"contactEmail": ""}, "contactEmail"),
        ({"contactEmail": "nobody"}, "contactEmail"),
        ({"contactEmail": "a@shop.example, b@shop.example"}, "contactEmail"),
        ({"contactEmail": f"{'x' * 65}@shop.example"}, "contactEmail"),
        ({"businessUrl": ""}, "businessUrl"),
        ({"businessUrl": "shop.example"}, "businessUrl"),
        ({"businessUrl": "javascript:alert(1)"}, "businessUrl"),
        ({"businessUrl": "https://shop.example/" + "x" * 2048}, "businessUrl"),
        ({"productDescription": ""}, "productDescription"),
        ({"productDescription": "x" * 2001}, "productDescription"),
        ({"productDescription": "a\x07"}, "productDescription"),
        ({"capabilities": ["card_payments", "payouts"]}, "capabilities[1]"),
        ({"capabilities": ["card_payments"] * 51}, "capabilities"),
        # One invalid field rejects the whole input.
        ({"displayName": "Good", "contactEmail": "bad"}, "contactEmail"),
    ]
    for changes, field in cases:
        refused = await update(service, **changes)
        assert (refused["__typename"], refused.get("field")) == ("InvalidInputError", field), changes
        assert refused["message"]
    assert await read_state(service) == before


@pytest.mark.one_database
async def test_each_error_has_its_type_and_changes_no_detail(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    await store(
        [
            build_merchant("creating", "creating"),
            build_merchant("closed", "closed"),
            build_merchant("gone", "disconnected"),
        ]
    )
    before = await read_state(service)
    # A valid change would not help, so the error names the unknown merchant instead of the invalid field.
    for change in ({"displayName": "New"}, {"contactEmail": "bad"}):
        assert await update(service, "nobody", **change) == {
            "__typename": "MerchantNotFoundError",
            "message": "There is no such merchant.",
        }
    for external_id, message in {
        "creating": "The account is still being created at Stripe. Try again in a moment.",
        "closed": "The account is closed. The platform can open another one with replaceAccount.",
        "gone": "The account is disconnected. The platform can open another one with replaceAccount.",
    }.items():
        refused = await update(service, external_id, displayName="New")
        assert refused == {"__typename": "MerchantNotReadyError", "message": message}
    forbidden = await service.error(
        UPDATE,
        {"input": {"merchant": {"externalId": "shop-1"}, "displayName": "New"}},
        role="merchant",
        merchant="shop-1",
    )
    assert forbidden == ("FORBIDDEN", "This operation requires a token with the role operator or service.")
    assert await read_state(service) == before

    inject_fault(service, "/v2/core/accounts/{id}", REFUSED)
    refused = await update(service, displayName="New")
    assert refused.pop("requestId").startswith("req_")
    assert refused == {"__typename": "StripeRefusedError", "message": "Stripe says no.", "code": "not_today"}
    clear_faults(service)
    inject_fault(service, "/v2/core/accounts/{id}", UNAVAILABLE)
    assert await update(service, displayName="New") == {
        "__typename": "StripeUnavailableError",
        "message": "Stripe gave no definite answer. Repeat the same request; repeats are safe.",
        "retryAfterSeconds": 2,
        "merchant": {"externalId": "shop-1"},
    }
    clear_faults(service)
    rows, accounts, _ = before
    now_rows, now_accounts, _ = await read_state(service)
    assert now_accounts == accounts
    # The refusal made the service fetch the account: its freshness changed, and nothing else.
    changed = {name for name in rows if rows[name] != now_rows[name]}
    assert changed == {"connected_account", "merchant"}
    # Stripe has rules of its own: this capability exists only in Japan.
    refused = await update(service, capabilities=["konbini_payments"])
    assert (refused["__typename"], refused["code"]) == (
        "StripeRefusedError",
        "capability_not_available_in_country",
    )


@pytest.mark.one_database
async def test_a_refusal_names_the_field_of_the_change(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    before = await read_state(service)
    query = """
    mutation ($input: UpdateMerchantInput!) {
      updateMerchant(input: $input) {
        __typename ... on StripeRefusedError { code fields { name code userMessage } }
      }
    }
    """
    changes = {"merchant": {"externalId": "shop-1"}, "capabilities": ["klarna_payments", "konbini_payments"]}
    assert (await service.graphql(query, {"input": changes}))["updateMerchant"] == {
        "__typename": "StripeRefusedError",
        "code": "capability_not_available_in_country",
        "fields": [
            {
                "name": "capabilities[1]",
                "code": "NOT_AVAILABLE",
                "userMessage": "This choice is not available.",
            }
        ],
    }
    assert (await read_state(service))[1] == before[1]


@pytest.mark.one_database
async def test_an_account_token_changes_the_account(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    token = account_token(service.simulator, display_name="From the browser")
    changed = await update(service, accountToken=token)
    assert changed["merchant"]["displayName"] == "From the browser"
    (account,) = service.simulator.control("accounts")["data"]
    assert account["display_name"] == "From the browser"
    used = await update(service, accountToken=token)
    assert (used["__typename"], used["code"]) == ("StripeRefusedError", "token_already_used")
