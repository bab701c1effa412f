"""Details that the platform already knows reach Stripe, which then does not ask for them."""

from typing import Any

import pytest

from testing.faults import drop_deliveries
from testing.service import Service

pytestmark = pytest.mark.without_worker

ADDRESS = {"country": "US", "line1": "7 Hidden Lane", "city": "Springfield", "postalCode": "62701"}
DETAILS: dict[str, Any] = {
    "contactPhone": "+1 415 555 0100",
    "merchantCategoryCode": "5734",
    "doingBusinessAs": "The Shop",
    "businessUrl": "https://shop.example",
    "productDescription": "Bread and cake",
    "statementDescriptor": "THE SHOP",
    "statementDescriptorPrefix": "SHOP",
    "currency": "USD",
    "locales": ["es-419", "en"],
    "support": {
        "email": "help@shop.example",
        "phone": "+1 415 555 0101",
        "url": "https://shop.example/help",
        "address": {**ADDRESS, "line1": "1 Main St"},
    },
}
PERSONAL: dict[str, Any] = {
    "business": {
        "registeredName": "Winterbottom Trading",
        "phone": "+1 415 555 0102",
        "structure": "sole_proprietorship",
        "address": ADDRESS,
    },
    "individual": {
        "givenName": "Zacharias",
        "surname": "Winterbottom",
        "email": "zacharias@shop.example",
        "phone": "+1 415 555 0103",
        "dateOfBirth": "1985-03-24",
        "address": ADDRESS,
    },
}
SETTINGS = """
settings {
  entityType contactPhone merchantCategoryCode doingBusinessAs businessUrl productDescription
  statementDescriptor statementDescriptorPrefix currency locales requestedCapabilities
  support { email phone url address { country line1 line2 city town state postalCode } }
}
"""
CREATE = f"""
mutation ($input: CreateMerchantInput!) {{
  createMerchant(input: $input) {{
    __typename
    ... on CreateMerchantPayload {{
      created merchant {{ {SETTINGS} requirements {{ entries {{ key }} }} }}
    }}
    ... on InvalidInputError {{ fields {{ name code }} }}
    ... on StripeRefusedError {{ code fields {{ name code message }} }}
    ... on ExternalIdTakenError {{ message }}
  }}
}}
"""
UPDATE = f"""
mutation ($input: UpdateMerchantInput!) {{
  updateMerchant(input: $input) {{
    __typename
    ... on UpdateMerchantPayload {{
      merchant {{
        {SETTINGS} status canAcceptPayments capabilities {{ name }}
        timeline(first: 3) {{ edges {{ node {{ kind message }} }} }}
      }}
    }}
    ... on InvalidInputError {{ fields {{ name code }} }}
    ... on StripeRefusedError {{ code fields {{ name code userMessage }} }}
  }}
}}
"""
SHOP = {"externalId": "shop-1", "displayName": "Shop", "contactEmail": "owner@shop.example", "country": "US"}
NOTHING = {
    "entityType": None,
    "contactPhone": None,
    "merchantCategoryCode": None,
    "doingBusinessAs": None,
    "businessUrl": None,
    "productDescription": None,
    "statementDescriptor": None,
    "statementDescriptorPrefix": None,
    # Stripe's default for the country.
    "currency": "USD",
    "locales": [],
    "requestedCapabilities": ["card_payments"],
    "support": {"email": None, "phone": None, "url": None, "address": None},
}
EVERYTHING = {
    **DETAILS,
    "entityType": "INDIVIDUAL",
    "support": {
        **DETAILS["support"],
        "address": {"line2": None, "town": None, "state": None, **DETAILS["support"]["address"]},
    },
    "requestedCapabilities": ["card_payments"],
}


async def create(service: Service, **values: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await service.graphql(CREATE, {"input": {**SHOP, **values}}))["createMerchant"]
    return result


async def update(service: Service, **changes: Any) -> dict[str, Any]:
    changes = {"merchant": {"externalId": "shop-1"}, **changes}
    result: dict[str, Any] = (await service.graphql(UPDATE, {"input": changes}))["updateMerchant"]
    return result


async def test_stripe_gets_the_details_of_a_new_merchant_and_asks_only_for_the_rest(service: Service) -> None:
    drop_deliveries(service)
    everything = {"entityType": "INDIVIDUAL", **DETAILS, **PERSONAL}
    created = await create(service, **everything)
    assert (created["__typename"], created["created"]) == ("CreateMerchantPayload", True)
    assert created["merchant"]["settings"] == EVERYTHING
    assert {entry["key"] for entry in created["merchant"]["requirements"]["entries"]} == {
        "identity.individual.id_numbers",
        "external_account",
        "identity.attestations.terms_of_service.account.date",
        "identity.attestations.terms_of_service.account.ip",
    }
    (account,) = service.simulator.control("accounts")["data"]
    assert account["identity"]["individual"]["date_of_birth"] == {"day": 24, "month": 3, "year": 1985}
    assert account["identity"]["business_details"]["registered_name"] == "Winterbottom Trading"
    assert (await create(service, **everything))["created"] is False
    taken = await create(service, **{**everything, "individual": {"surname": "Other"}})
    assert taken["__typename"] == "ExternalIdTakenError"


@pytest.mark.one_database
async def test_without_details_stripe_asks_for_them_and_decides_the_currency(service: Service) -> None:
    drop_deliveries(service)
    created = await create(service)
    assert created["merchant"]["settings"] == NOTHING
    asked = {entry["key"] for entry in created["merchant"]["requirements"]["entries"]}
    assert {"configuration.merchant.mcc", "defaults.profile.business_url"} < asked


async def test_a_change_reaches_stripe_and_keeps_the_other_settings(service: Service) -> None:
    drop_deliveries(service)
    await create(service, entityType="INDIVIDUAL", **DETAILS)
    changed = await update(
        service, merchantCategoryCode="5812", support={"email": "new@shop.example"}, **PERSONAL
    )
    assert changed["__typename"] == "UpdateMerchantPayload"
    assert changed["merchant"]["settings"] == {
        **EVERYTHING,
        "merchantCategoryCode": "5812",
        "support": {**EVERYTHING["support"], "email": "new@shop.example"},
    }
    (account,) = service.simulator.control("accounts")["data"]
    assert account["identity"]["individual"]["surname"] == "Winterbottom"
    entries = [edge["node"] for edge in changed["merchant"]["timeline"]["edges"]]
    assert [entry["message"] for entry in entries if entry["kind"] == "UPDATED"] == [
        "Changed: Merchant category and Support contact."
    ]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "code", "field", "reason"),
    [
        ({"currency": "AMD"}, "account_country_unsupported_currency", "currency", "NOT_AVAILABLE"),
        (
            {"business": {"address": {"country": "DE"}}},
            "address_country_identity_country_mismatch",
            "business.address.country",
            "ADDRESS_INVALID",
        ),
    ],
)
async def test_a_refusal_of_stripe_names_the_detail(
    service: Service, changes: dict[str, Any], code: str, field: str, reason: str
) -> None:
    drop_deliveries(service)
    values = {"entityType": "INDIVIDUAL", **changes}
    refused = await create(service, **values)
    assert (refused["__typename"], refused["code"]) == ("StripeRefusedError", code)
    assert [(one["name"], one["code"]) for one in refused["fields"]] == [(field, reason)]
    await create(service, entityType="INDIVIDUAL")
    refused = await update(service, **changes)
    assert (refused["__typename"], refused["code"]) == ("StripeRefusedError", code)
    assert [(one["name"], one["code"]) for one in refused["fields"]] == [(field, reason)]


@pytest.mark.one_database
async def test_a_date_of_birth_in_the_future_is_not_sent(service: Service) -> None:
    drop_deliveries(service)
    person = {"individual": {"dateOfBirth": "9999-12-31"}}
    expected = [{"name": "individual.dateOfBirth", "code": "DATE_INVALID"}]
    assert (await create(service, entityType="INDIVIDUAL", **person))["fields"] == expected
    assert service.simulator.control("accounts")["data"] == []
    await create(service, entityType="INDIVIDUAL")
    assert (await update(service, **person))["fields"] == expected


@pytest.mark.one_database
async def test_a_company_takes_no_details_of_a_person(service: Service) -> None:
    drop_deliveries(service)
    person = {"individual": {"surname": "Winterbottom"}}
    expected = [{"name": "individual", "code": "NOT_AVAILABLE"}]
    assert (await create(service, entityType="COMPANY", **person))["fields"] == expected
    await create(service, entityType="COMPANY")
    assert (await update(service, **person))["fields"] == expected


async def test_a_merchant_reads_its_own_settings(service: Service) -> None:
    drop_deliveries(service)
    await create(service, entityType="INDIVIDUAL", **DETAILS, **PERSONAL)
    query = f'{{ merchant(by: {{ externalId: "shop-1" }}) {{ {SETTINGS} }} }}'
    own = await service.graphql(query, role="merchant", merchant="shop-1")
    assert own["merchant"]["settings"] == EVERYTHING


@pytest.mark.one_database
async def test_an_account_gives_up_a_capability(service: Service) -> None:
    drop_deliveries(service)
    await create(service, capabilities=["klarna_payments", "us_bank_transfer_payments"])
    changed = await update(service, giveUpCapabilities=["klarna_payments"], capabilities=["link_payments"])
    merchant = changed["merchant"]
    assert merchant["settings"]["requestedCapabilities"] == [
        "card_payments",
        "link_payments",
        "us_bank_transfer_payments",
    ]
    assert "klarna_payments" not in [capability["name"] for capability in merchant["capabilities"]]
    assert merchant["timeline"]["edges"][0]["node"] == {
        "kind": "CAPABILITY_CHANGED",
        "message": "Removed: Klarna. Now restricted: Link.",
    }
    # Stripe's own rule: Link needs cards.
    refused = await update(service, giveUpCapabilities=["us_bank_transfer_payments", "card_payments"])
    assert refused == {
        "__typename": "StripeRefusedError",
        "code": "capability_cannot_be_unrequested_due_to_other_capability_requirement",
        "fields": [
            {
                "name": "giveUpCapabilities[1]",
                "code": "CANNOT_BE_GIVEN_UP",
                "userMessage": "This payment method cannot be removed, or only together with another one.",
            }
        ],
    }
    changed = await update(service, giveUpCapabilities=["card_payments", "link_payments"])
    merchant = changed["merchant"]
    assert (merchant["status"], merchant["canAcceptPayments"]) == ("NOT_REQUESTED", False)
    assert merchant["settings"]["requestedCapabilities"] == ["us_bank_transfer_payments"]


@pytest.mark.one_database
async def test_a_capability_cannot_be_requested_and_given_up_in_one_change(service: Service) -> None:
    drop_deliveries(service)
    await create(service)
    both = {"capabilities": ["klarna_payments"], "giveUpCapabilities": ["payouts", "klarna_payments"]}
    assert (await update(service, **both))["fields"] == [
        {"name": "giveUpCapabilities[0]", "code": "CAPABILITY_INVALID"},
        {"name": "giveUpCapabilities[1]", "code": "CONTRADICTION"},
    ]
