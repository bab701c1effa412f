"""Errors about Stripe's refusals name the fields of the input that caused them."""

from dataclasses import replace

import pytest

from connect.errors import CountryNotSupported, FieldCode, StripeRefused
from connect.merchants.inputs import (
    MerchantChanges,
    NewMerchant,
    explain_creation,
    name_fields,
    name_person_fields,
)

SHOP = NewMerchant(
    "shop-1",
    "Shop",
    "owner@shop.example",
    "US",
    entity_type="company",
    business_url="https://shop.example",
    product_description="Bread",
    capabilities=("klarna_payments", "card_payments", "konbini_payments", "kr_card_payments"),
)
NOT_IN_COUNTRY = "capability_not_available_in_country"
PATH = "configuration.merchant.capabilities"
UNAVAILABLE = FieldCode.NOT_AVAILABLE
KONBINI = [("capabilities[2]", UNAVAILABLE)]
REFUSED = FieldCode.REFUSED_BY_STRIPE
TOKEN = FieldCode.TOKEN_INVALID


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (
            NOT_IN_COUNTRY,
            f"{PATH}.konbini_payments: not available in US.",
            KONBINI,
        ),
        (
            NOT_IN_COUNTRY,
            "konbini_payments is not available in country US",
            KONBINI,
        ),
        (NOT_IN_COUNTRY, "Konbini payments are not available.", KONBINI),
        (
            NOT_IN_COUNTRY,
            "klarna_payments and konbini_payments are not available in country US",
            [("capabilities[0]", UNAVAILABLE), ("capabilities[2]", UNAVAILABLE)],
        ),
        (NOT_IN_COUNTRY, "kr_card_payments is not available in US", [("capabilities[3]", UNAVAILABLE)]),
        (NOT_IN_COUNTRY, "A capability is not available in US.", [("capabilities", UNAVAILABLE)]),
        (
            "capability_not_available_in_platform_country",
            "klarna_payments",
            [("capabilities[0]", UNAVAILABLE)],
        ),
        ("capability_not_available_without_other_capability", "", [("capabilities", UNAVAILABLE)]),
        ("account_capability_not_supported", "klarna_payments", [("capabilities[0]", UNAVAILABLE)]),
        ("account_configuration_not_supported", "The merchant configuration is not supported.", []),
        (
            "parameter_unknown",
            f"{PATH}.konbini_payments: unknown field",
            [("capabilities[2]", FieldCode.CAPABILITY_INVALID)],
        ),
        ("email_invalid", "The email address is not valid.", [("contactEmail", FieldCode.EMAIL_INVALID)]),
        ("url_invalid", "The URL is not valid.", [("businessUrl", FieldCode.URL_INVALID)]),
        ("parameter_missing", "contact_email: required", [("contactEmail", FieldCode.REQUIRED)]),
        ("some_new_code", "defaults.profile.product_description: bad", [("productDescription", REFUSED)]),
        ("some_new_code", "bacs_debit_payments.display_name: bad", []),
        ("entity_type_not_supported_in_country", "", [("entityType", UNAVAILABLE)]),
        ("cross_border_connected_account_creation_not_allowed", "", [("country", UNAVAILABLE)]),
        ("identity_country_required", "identity.country: required", [("country", FieldCode.REQUIRED)]),
        ("account_token_required", "Create accounts with tokens.", [("accountToken", FieldCode.REQUIRED)]),
        ("invalid_account_token", "The token is not valid.", [("accountToken", TOKEN)]),
        ("token_already_used", "The token has already been used.", [("accountToken", TOKEN)]),
        ("token_expired", "The token has expired.", [("accountToken", TOKEN)]),
        (
            "param_alongside_account_token",
            "display_name: cannot be sent alongside a token.",
            [("displayName", FieldCode.BELONGS_IN_TOKEN)],
        ),
        ("connect_profile_not_submitted", "Complete your profile.", []),
    ],
)
def test_a_refusal_of_a_creation_names_the_fields(
    code: str, message: str, expected: list[tuple[str, FieldCode]]
) -> None:
    refusal = StripeRefused(code, message, "req_1")
    assert explain_creation(refusal, SHOP) is refusal
    assert [(field.name, field.code) for field in refusal.fields] == expected
    for field in refusal.fields:
        assert field.message.startswith(message)
        assert field.user_message.endswith(".")


@pytest.mark.parametrize("end", [".", ""])
def test_the_message_of_a_field_contains_stripes_message_and_the_remedy(end: str) -> None:
    refusal = StripeRefused(NOT_IN_COUNTRY, f"konbini_payments is not available in country US{end}", "req_1")
    name_fields(refusal, SHOP)
    (field,) = refusal.fields
    assert field.message == (
        "konbini_payments is not available in country US. Leave out the entry of `capabilities` that the "
        "message names: it is not available in this country."
    )
    assert field.user_message == "This choice is not available."


@pytest.mark.parametrize(
    ("message", "capabilities"),
    [
        ("identity.country: 'AQ' is not supported for connected accounts.", ()),
        ("identity.country: 'AQ' is not supported for connected accounts.", ("klarna_payments",)),
        ("card_payments is not available in country AQ", ("klarna_payments",)),
        ("card_payments and klarna_payments are not available in country AQ", ("klarna_payments",)),
        ("Not available.", ()),
        ("Not available.", ("card_payments",)),
    ],
)
def test_a_country_without_card_payments_has_its_own_error(
    message: str, capabilities: tuple[str, ...]
) -> None:
    new = replace(SHOP, country="AQ", capabilities=capabilities)
    error = explain_creation(StripeRefused(NOT_IN_COUNTRY, message, "req_1"), new)
    assert isinstance(error, CountryNotSupported)
    assert (error.country, error.request_id) == ("AQ", "req_1")
    assert error.message == f"Stripe opens no account with card payments in AQ. Its answer: {message}"
    assert [(field.name, field.code) for field in error.fields] == [("country", UNAVAILABLE)]


def test_a_refusal_of_a_change_names_only_fields_that_a_change_has() -> None:
    changes = MerchantChanges(capabilities=("konbini_payments",))
    refusal = StripeRefused(NOT_IN_COUNTRY, f"{PATH}.konbini_payments: not available in US.", None)
    name_fields(refusal, changes)
    assert [field.name for field in refusal.fields] == ["capabilities[0]"]
    refusal = StripeRefused("immutable_identity_param", "identity.country: can no longer change.", None)
    name_fields(refusal, changes)
    assert refusal.fields == ()


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (
            "phone_invalid",
            "configuration.merchant.support.phone: '1' is not a valid phone number.",
            [("support.phone", FieldCode.PHONE_INVALID)],
        ),
        (
            "address_postal_code_invalid",
            "identity.business_details.address.postal_code is invalid",
            [("business.address.postalCode", FieldCode.ADDRESS_INVALID)],
        ),
        (
            "address_state_invalid",
            "identity.individual.address.state is invalid",
            [("individual.address.state", FieldCode.ADDRESS_INVALID)],
        ),
        ("mcc_invalid", "Not a category.", [("merchantCategoryCode", FieldCode.CATEGORY_INVALID)]),
        (
            "statement_descriptor_invalid",
            "configuration.merchant.statement_descriptor.prefix: not allowed",
            [("statementDescriptorPrefix", FieldCode.STATEMENT_DESCRIPTOR_INVALID)],
        ),
        ("default_currency_immutable", "Too late.", [("currency", FieldCode.CANNOT_CHANGE)]),
        (
            "account_country_unsupported_currency",
            "defaults.currency: 'idr' is not supported in US.",
            [("currency", FieldCode.NOT_AVAILABLE)],
        ),
        (
            "immutable_identity_param",
            "identity.individual.date_of_birth.year: can no longer be changed.",
            [("individual.dateOfBirth", FieldCode.CANNOT_CHANGE)],
        ),
        ("date_of_birth_age_restriction", "Too young.", [("individual.dateOfBirth", FieldCode.DATE_INVALID)]),
    ],
)
def test_a_refusal_names_the_detail(code: str, message: str, expected: list[tuple[str, FieldCode]]) -> None:
    for inputs in (SHOP, MerchantChanges(display_name="New")):
        refusal = StripeRefused(code, message, None)
        name_fields(refusal, inputs)
        assert [(field.name, field.code) for field in refusal.fields] == expected


def test_the_field_is_read_from_stripes_message_for_developers() -> None:
    detail = "identity.individual.email: 'x' is not a valid email address."
    refusal = StripeRefused("email_invalid", "The email address is not valid.", None, detail)
    name_fields(refusal, SHOP)
    assert [field.name for field in refusal.fields] == ["individual.email"]
    assert refusal.message == "The email address is not valid."


def test_a_refusal_to_give_up_a_capability_names_the_capability() -> None:
    code = "capability_cannot_be_unrequested_due_to_other_capability_requirement"
    message = "card_payments: cannot be unrequested, because link_payments requires it."
    refusal = StripeRefused(code, message, None)
    changes = MerchantChanges(
        capabilities=("klarna_payments",), give_up_capabilities=("konbini_payments", "card_payments")
    )
    name_fields(refusal, changes)
    assert [(field.name, field.code) for field in refusal.fields] == [
        ("giveUpCapabilities[1]", FieldCode.CANNOT_BE_GIVEN_UP)
    ]


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("phone_invalid", "phone: not valid", ("person.phone", FieldCode.PHONE_INVALID)),
        ("address_town_invalid", "address.town: unknown", ("person.address.town", FieldCode.ADDRESS_INVALID)),
        (
            "total_person_ownership_exceeded",
            "Too much.",
            ("person.percentOwnership", FieldCode.SHARE_INVALID),
        ),
        (
            "individual_additional_person_not_allowed",
            "No.",
            ("person", FieldCode.NOT_AVAILABLE),
        ),
    ],
)
def test_a_refusal_of_a_person_names_the_field(
    code: str, message: str, expected: tuple[str, FieldCode]
) -> None:
    refusal = StripeRefused(code, message, None)
    name_person_fields(refusal)
    assert [(field.name, field.code) for field in refusal.fields] == [expected]
