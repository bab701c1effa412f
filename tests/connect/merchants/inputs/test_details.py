"""A merchant's details are checked before anything is stored or sent. One error names all invalid details."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from connect.errors import FieldCode, InvalidInput
from connect.merchants.inputs import Details, MerchantChanges, NewMerchant, check_changes, check_new_merchant
from connect.merchants.inputs.details import Address, Business, Individual, SupportContact, values

TODAY = date(2026, 11, 29)
SHOP = NewMerchant("shop-1", "Shop", "owner@shop.example", "DE", entity_type="individual")
ADDRESS = Address(
    country="DE", line1="Torstra\u00dfe 1", line2="3. Stock", city="Berlin", state="BE", postal_code="10119"
)
# A value for every detail.
DETAILS = Details(
    contact_phone="+49 30 1234567",
    merchant_category_code="5734",
    doing_business_as="Shop & S\u00f6hne",
    statement_descriptor="SHOP BERLIN",
    statement_descriptor_prefix="SHOP",
    currency="EUR",
    locales=("de-DE", "en"),
    support=SupportContact(
        email="help@shop.example",
        phone="(030) 765-4321",
        url="https://shop.example/help",
        address=ADDRESS,
    ),
    business=Business(
        registered_name="Shop e.K.", structure="sole_proprietorship", phone="+493012345", address=ADDRESS
    ),
    individual=Individual(
        given_name="J\u00fcrgen",
        surname="M\u00fcller",
        email="juergen@shop.example",
        phone="+49 170 1234567",
        date_of_birth="1985-03-24",
        address=replace(ADDRESS, town="Mitte"),
    ),
)
LETTERS = "Give 5 to 22 Latin characters with at least one letter, without < > \\ ' \" *."
PHONE = "Give a phone number with its country code, such as +49 30 1234567."
DAY = "Give a date of birth since 1900 as YYYY-MM-DD, such as 1985-03-24."
FUTURE = "This date is in the future. Give a date of birth as YYYY-MM-DD, such as 1985-03-24."
TOO_YOUNG = "Stripe's minimum age is 13 years. Correct the date of birth, or leave it out."
CURRENCY = "Give an ISO 4217 code in upper case, such as USD or EUR."
LOCALE = "Give a language that Stripe supports, such as de or en-GB."
COUNTRY = "Give an ISO 3166-1 alpha-2 code in upper case, such as US or DE."
EMPTY = "Must not be empty."


def test_all_details_are_optional() -> None:
    assert check_new_merchant(replace(SHOP, details=DETAILS), TODAY).details == DETAILS
    assert check_changes(MerchantChanges(details=DETAILS), TODAY).details == DETAILS
    assert check_new_merchant(SHOP, TODAY) == SHOP
    assert all(getattr(DETAILS, field.name) for field in fields(Details))


GOOD: list[tuple[str, Any]] = [
    ("contact_phone", "030 12345"),
    ("contact_phone", "+1 (415) 555-0100"),
    ("merchant_category_code", "0742"),
    ("statement_descriptor", "CAF\u00c9 42"),
    ("statement_descriptor", "A" * 22),
    ("statement_descriptor_prefix", "S1"),
    ("currency", "USD"),
    ("currency", "KWD"),
    ("locales", ("es-419", "zh-Hant-HK")),
    ("locales", ("de",) * 10),
    ("business", Business(structure="free_zone_llc")),
    ("individual", Individual(date_of_birth="2000-02-29")),
    ("individual", Individual(date_of_birth="2013-11-29")),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_valid_detail_is_accepted(name: str, value: Any) -> None:
    details = Details(**{name: value})
    assert check_new_merchant(replace(SHOP, details=details), TODAY).details == details


BAD: list[tuple[str, Any, str, FieldCode, str]] = [
    ("contact_phone", "", "contactPhone", FieldCode.PHONE_INVALID, PHONE),
    ("contact_phone", "call me", "contactPhone", FieldCode.PHONE_INVALID, PHONE),
    ("contact_phone", "12345", "contactPhone", FieldCode.PHONE_INVALID, PHONE),
    ("contact_phone", "+1234567890123456", "contactPhone", FieldCode.PHONE_INVALID, PHONE),
    ("contact_phone", "\u0661\u0662\u0663\u0664\u0665\u0666", "contactPhone", FieldCode.PHONE_INVALID, PHONE),
    *[
        (
            "merchant_category_code",
            value,
            "merchantCategoryCode",
            FieldCode.CATEGORY_INVALID,
            (
                "Give the four digits of a merchant category code, such as 5734 "
                "(https://docs.stripe.com/connect/setting-mcc)."
            ),
        )
        for value in ("", "573", "57345", "0000", "abcd", "\u0665734", "5734\n")
    ],
    ("doing_business_as", " ", "doingBusinessAs", FieldCode.REQUIRED, EMPTY),
    ("statement_descriptor", "", "statementDescriptor", FieldCode.REQUIRED, EMPTY),
    *[
        (
            "statement_descriptor",
            value,
            "statementDescriptor",
            FieldCode.STATEMENT_DESCRIPTOR_INVALID,
            LETTERS,
        )
        for value in ("SHOP", "12345", "SHOP*BERLIN", "O'NEILL", "<SHOP>", "\u041c\u0430\u0433\u0430\u0437")
    ],
    (
        "statement_descriptor",
        "A" * 23,
        "statementDescriptor",
        FieldCode.TOO_LONG,
        "Must be at most 22 characters long; it has 23.",
    ),
    (
        "statement_descriptor_prefix",
        "S",
        "statementDescriptorPrefix",
        FieldCode.STATEMENT_DESCRIPTOR_INVALID,
        LETTERS.replace("5 to 22", "2 to 10"),
    ),
    ("currency", "", "currency", FieldCode.CURRENCY_UNKNOWN, CURRENCY),
    ("currency", "XXX", "currency", FieldCode.CURRENCY_UNKNOWN, CURRENCY),
    ("currency", "usd", "currency", FieldCode.CURRENCY_UNKNOWN, f"{CURRENCY} Did you mean USD?"),
    (
        "currency",
        "IRR",
        "currency",
        FieldCode.CURRENCY_UNKNOWN,
        "Stripe does not support IRR. Give the code of another currency, such as USD or EUR.",
    ),
    ("locales", ("de", "tlh"), "locales[1]", FieldCode.LOCALE_UNKNOWN, LOCALE),
    ("locales", ("EN_gb",), "locales[0]", FieldCode.LOCALE_UNKNOWN, f"{LOCALE} Did you mean en-GB?"),
    ("locales", ("de-AT",), "locales[0]", FieldCode.LOCALE_UNKNOWN, f"{LOCALE} Did you mean de?"),
    ("locales", ("de",) * 11, "locales", FieldCode.TOO_MANY, "Name at most 10 languages."),
    (
        "support",
        SupportContact(email="help"),
        "support.email",
        FieldCode.EMAIL_INVALID,
        "Give one e-mail address, such as owner@shop.example.",
    ),
    ("support", SupportContact(phone="0"), "support.phone", FieldCode.PHONE_INVALID, PHONE),
    (
        "support",
        SupportContact(url="shop"),
        "support.url",
        FieldCode.URL_INVALID,
        "Give an absolute web address, such as https://shop.example.",
    ),
    (
        "support",
        SupportContact(address=Address(country="UK")),
        "support.address.country",
        FieldCode.COUNTRY_UNKNOWN,
        f"{COUNTRY} Did you mean GB?",
    ),
    ("business", Business(registered_name=""), "business.registeredName", FieldCode.REQUIRED, EMPTY),
    (
        "business",
        Business(structure="GmbH"),
        "business.structure",
        FieldCode.STRUCTURE_INVALID,
        "Give Stripe's name of a legal structure, such as private_company or sole_proprietorship.",
    ),
    (
        "business",
        Business(address=replace(ADDRESS, postal_code="1" * 21)),
        "business.address.postalCode",
        FieldCode.TOO_LONG,
        "Must be at most 20 characters long; it has 21.",
    ),
    ("individual", Individual(surname=""), "individual.surname", FieldCode.REQUIRED, EMPTY),
    *[
        ("individual", Individual(date_of_birth=value), "individual.dateOfBirth", FieldCode.DATE_INVALID, DAY)
        for value in ("", "24.03.1985", "1985-02-30", "1899-12-31", "19850324", "1985-W12-7")
    ],
    *[
        ("individual", Individual(date_of_birth=day), "individual.dateOfBirth", FieldCode.DATE_INVALID, text)
        for day, text in (("2013-11-30", TOO_YOUNG), ("2026-11-29", TOO_YOUNG), ("2026-11-30", FUTURE))
    ],
]


@pytest.mark.parametrize(("name", "value", "field", "code", "message"), BAD)
def test_a_refusal_names_the_field_and_the_remedy(
    name: str, value: Any, field: str, code: FieldCode, message: str
) -> None:
    details = Details(**{name: value})
    for check in (
        lambda: check_new_merchant(replace(SHOP, details=details), TODAY),
        lambda: check_changes(MerchantChanges(details=details), TODAY),
    ):
        with pytest.raises(InvalidInput) as caught:
            check()
        (invalid,) = caught.value.fields
        assert (invalid.name, invalid.code, invalid.message) == (field, code, message)


def test_one_answer_names_all_invalid_details() -> None:
    address = Address(country="XX", city="")
    details = Details(
        contact_phone="1",
        merchant_category_code="1",
        doing_business_as="",
        statement_descriptor="1",
        statement_descriptor_prefix="1",
        currency="1",
        locales=("1",),
        support=SupportContact(email="1", phone="1", url="1", address=address),
        business=Business(registered_name="", structure="1", phone="1", address=address),
        individual=Individual(
            given_name="", surname="", email="1", phone="1", date_of_birth="1", address=address
        ),
    )
    with pytest.raises(InvalidInput) as caught:
        check_new_merchant(replace(SHOP, entity_type="company", details=details), TODAY)
    assert [field.name for field in caught.value.fields] == [
        *("contactPhone", "merchantCategoryCode", "doingBusinessAs", "statementDescriptor"),
        *("statementDescriptorPrefix", "currency", "locales[0]"),
        *("support.email", "support.phone", "support.url", "support.address.country", "support.address.city"),
        *("business.registeredName", "business.structure", "business.phone"),
        *("business.address.country", "business.address.city"),
        *("individual.givenName", "individual.surname", "individual.email", "individual.phone"),
        *("individual.dateOfBirth", "individual.address.country", "individual.address.city"),
        "individual",
    ]
    texts = {field.user_message for field in caught.value.fields}
    assert texts == {
        "Choose a country from the list.",
        "Choose a category from the list.",
        "Choose a currency from the list.",
        "Choose a language from the list.",
        "Choose a legal form from the list.",
        "Enter 2 to 10 Latin characters with at least one letter, without < > \\ ' \" *.",
        "Enter 5 to 22 Latin characters with at least one letter, without < > \\ ' \" *.",
        "Enter a phone number with its country code, such as +49 30 1234567.",
        "Enter one email address, such as owner@shop.example.",
        "Enter the address of a website, such as https://shop.example.",
        "Enter your date of birth.",
        "Fill in this field.",
        "These personal details are only for individuals.",
    }


@pytest.mark.parametrize("entity_type", [None, "company", "non_profit", "government_entity"])
def test_only_an_individual_may_have_personal_details(entity_type: str | None) -> None:
    new = replace(SHOP, entity_type=entity_type, details=Details(individual=Individual(surname="M")))
    with pytest.raises(InvalidInput) as caught:
        check_new_merchant(new, TODAY)
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("individual", FieldCode.NOT_AVAILABLE)
    ]


def test_details_that_belong_in_an_account_token_are_refused_outside_of_it() -> None:
    new = replace(SHOP, entity_type=None, account_token="accttok_123456789", details=DETAILS)
    with pytest.raises(InvalidInput) as caught:
        check_new_merchant(new, TODAY)
    refused = [f.name for f in caught.value.fields if f.code is FieldCode.BELONGS_IN_TOKEN]
    assert refused == ["contactPhone", "business", "individual"]


def test_empty_details_do_not_count_as_a_change() -> None:
    empty = Details(support=SupportContact(), business=Business(), individual=Individual())
    assert values(empty) == {}
    with pytest.raises(InvalidInput) as caught:
        check_changes(MerchantChanges(details=empty), TODAY)
    assert [field.code for field in caught.value.fields] == [FieldCode.NO_CHANGES]


def test_addresses_are_converted_to_ascii() -> None:
    details = Details(
        support=SupportContact(email="a@b\u00fccher.example", url="https://b\u00fccher.example"),
        individual=Individual(email="a@b\u00fccher.example"),
    )
    converted = check_new_merchant(replace(SHOP, details=details), TODAY).details
    ascii_host = "xn--bcher-kva.example"
    assert converted == Details(
        support=SupportContact(email=f"a@{ascii_host}", url=f"https://{ascii_host}"),
        individual=Individual(email=f"a@{ascii_host}"),
    )


def test_the_repr_of_an_input_contains_no_personal_detail() -> None:
    text = repr(replace(SHOP, details=DETAILS))
    assert "5734" in text
    assert not [word for word in ("M\u00fcller", "1985", "Shop e.K.", "170 123") if word in text]
