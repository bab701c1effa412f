"""New merchants and changes are checked, and refusals name the field and the remedy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connect.errors import FieldCode, InvalidInput
from connect.inputs import web_address
from connect.merchants.inputs import (
    MerchantChanges,
    NewMerchant,
    check_changes,
    check_new_merchant,
)

TODAY = date(2026, 11, 29)
SHOP = NewMerchant("shop-1", "Shop", "owner@shop.example", "US")

EMPTY = "Must not be empty."
SPACES = "Must not begin or end with white space."
CONTROL = "Must not contain control characters."
EMAIL = "Give one e-mail address, such as owner@shop.example."
COUNTRY = "Give an ISO 3166-1 alpha-2 code in upper case, such as US or DE."
WEB = "Give an absolute web address, such as https://shop.example."
CAPABILITY = (
    "Give the name of a payment capability, such as card_payments. Stripe adds payouts automatically."
)


def refusal(check: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        check()
    assert [field.name for field in caught.value.fields] == [caught.value.field]
    return caught.value.field, caught.value.message


GOOD: list[tuple[str, Any]] = [
    ("external_id", "x"),
    ("external_id", "x" * 255),
    ("external_id", "tenant/42 \u00e9\u4e2d\U0001f600"),
    ("display_name", "Caf\u00e9 & S\u00f6hne, \u682a\u5f0f\u4f1a\u793e"),
    ("display_name", "x" * 255),
    ("contact_email", "o'brien+stripe.eu@mail.shop-example.co.uk"),
    ("contact_email", "J\u00fcrgen@shop.example"),
    ("contact_email", f"{'x' * 64}@shop.example"),
    ("contact_email", "owner@xn--bcher-kva.example"),
    ("country", "DE"),
    ("entity_type", "non_profit"),
    ("business_url", None),
    ("business_url", "https://shop.example"),
    ("business_url", "HTTP://SHOP.EXAMPLE:8080/a?b=c#d"),
    ("business_url", "https://xn--bcher-kva.example/"),
    ("business_url", "https://shop.example/" + "x" * 2027),
    ("product_description", None),
    ("product_description", "Bread.\n\tAnd cake.\r\nDaily."),
    ("product_description", "x" * 2000),
    ("capabilities", ("card_payments",)),
    ("capabilities", ("card_payments", "us_bank_account_ach_payments", "p24_payments")),
    ("capabilities", ("card_payments",) * 50),
]

BAD: list[tuple[str, Any, str, str]] = [
    ("external_id", "", "externalId", EMPTY),
    ("external_id", " \u3000", "externalId", EMPTY),
    ("external_id", " x", "externalId", SPACES),
    ("external_id", "x\n", "externalId", SPACES),
    ("external_id", "x" * 256, "externalId", "Must be at most 255 characters long; it has 256."),
    ("external_id", "a\x00b", "externalId", CONTROL),
    ("external_id", "a\ud800b", "externalId", CONTROL),
    ("display_name", "", "displayName", EMPTY),
    ("display_name", "x" * 256, "displayName", "Must be at most 255 characters long; it has 256."),
    ("display_name", "a\nb", "displayName", CONTROL),
    ("display_name", "a\x7fb", "displayName", CONTROL),
    ("display_name", "a\x85b", "displayName", CONTROL),
    ("contact_email", "", "contactEmail", EMPTY),
    ("contact_email", "owner@shop.example ", "contactEmail", SPACES),
    ("contact_email", "owner", "contactEmail", EMAIL),
    ("contact_email", "@shop.example", "contactEmail", EMAIL),
    ("contact_email", "owner@", "contactEmail", EMAIL),
    ("contact_email", "owner@shop", "contactEmail", EMAIL),
    ("contact_email", "owner@.example", "contactEmail", EMAIL),
    ("contact_email", "owner@shop..example", "contactEmail", EMAIL),
    ("contact_email", "owner@-shop.example", "contactEmail", EMAIL),
    ("contact_email", "owner@shop.example.", "contactEmail", EMAIL),
    ("contact_email", "a b@shop.example", "contactEmail", EMAIL),
    ("contact_email", "a\u00a0b@shop.example", "contactEmail", EMAIL),
    ("contact_email", "a@b@shop.example", "contactEmail", EMAIL),
    ("contact_email", "a@shop.example,b@shop.example", "contactEmail", EMAIL),
    ("contact_email", "Owner <owner@shop.example>", "contactEmail", EMAIL),
    ("contact_email", "owner@[127.0.0.1]", "contactEmail", EMAIL),
    ("contact_email", f"{'x' * 65}@shop.example", "contactEmail", EMAIL),
    (
        "contact_email",
        "x@" + "shop." * 50 + "example",
        "contactEmail",
        "Must be at most 254 characters long; it has 259.",
    ),
    ("country", "", "country", COUNTRY),
    ("country", "\u00c4\u00d6", "country", COUNTRY),
    ("country", "XX", "country", COUNTRY),
    ("country", "EU", "country", COUNTRY),
    ("country", "us", "country", f"{COUNTRY} Did you mean US?"),
    ("country", "USA", "country", f"{COUNTRY} Did you mean US?"),
    ("country", "US\n", "country", f"{COUNTRY} Did you mean US?"),
    ("country", "UK", "country", f"{COUNTRY} Did you mean GB?"),
    ("country", "EL", "country", f"{COUNTRY} Did you mean GR?"),
    ("business_url", "", "businessUrl", WEB),
    ("business_url", "shop.example", "businessUrl", WEB),
    ("business_url", "//shop.example", "businessUrl", WEB),
    ("business_url", "https:shop.example", "businessUrl", WEB),
    ("business_url", "ftp://shop.example", "businessUrl", WEB),
    ("business_url", "javascript:alert(1)//shop.example", "businessUrl", WEB),
    ("business_url", "https://shop", "businessUrl", WEB),
    ("business_url", "https://", "businessUrl", WEB),
    ("business_url", "https://shop.example:port", "businessUrl", WEB),
    ("business_url", "https://shop.example:99999", "businessUrl", WEB),
    ("business_url", "https://shop example", "businessUrl", WEB),
    ("business_url", "https://shop.example/\n", "businessUrl", WEB),
    ("business_url", "https://shop\\.example", "businessUrl", WEB),
    ("business_url", "https://[::1]", "businessUrl", WEB),
    ("business_url", "https://shop.example/" + "x" * 2028, "businessUrl", WEB),
    ("business_url", "https://shop.example/" + "\u00e9" * 400, "businessUrl", WEB),
    ("business_url", "https://192.0.2.44", "businessUrl", WEB),
    ("business_url", "https://shop.example.192.0.2.44", "businessUrl", f"{WEB} {web_address.HOST}"),
    ("business_url", "https://xn--a.example", "businessUrl", f"{WEB} {web_address.HOST}"),
    ("business_url", "https://caf\u00e9_shop.example", "businessUrl", WEB),
    ("business_url", "https://owner:secret@shop.example", "businessUrl", f"{WEB} {web_address.CREDENTIALS}"),
    ("business_url", "https://https://shop.example", "businessUrl", f"{WEB} {web_address.TWO_SCHEMES}"),
    ("product_description", "", "productDescription", EMPTY),
    ("product_description", "\n", "productDescription", EMPTY),
    ("product_description", "a\x00b", "productDescription", CONTROL),
    (
        "product_description",
        "x" * 2001,
        "productDescription",
        "Must be at most 2000 characters long; it has 2001.",
    ),
    ("capabilities", ("card_payments", "stripe_balance.payouts"), "capabilities[1]", CAPABILITY),
    ("capabilities", ("Card_payments",), "capabilities[0]", f"{CAPABILITY} Did you mean card_payments?"),
    ("capabilities", ("card_payments\n",), "capabilities[0]", f"{CAPABILITY} Did you mean card_payments?"),
    ("capabilities", ("klarna",), "capabilities[0]", f"{CAPABILITY} Did you mean klarna_payments?"),
    ("capabilities", ("_payments",), "capabilities[0]", CAPABILITY),
    ("capabilities", ("x" * 62 + "_payments",), "capabilities[0]", CAPABILITY),
    ("capabilities", ("card_payments",) * 51, "capabilities", "Name at most 50 capabilities."),
]

# Values that are converted as in browsers.
CONVERTED: list[tuple[str, Any, Any]] = [
    ("contact_email", "owner@M\u00fcnchen-Shop.example", "owner@xn--mnchen-shop-thb.example"),
    ("contact_email", "J\u00fcrgen@b\u00fccher\u3002example", "J\u00fcrgen@xn--bcher-kva.example"),
    ("contact_email", "owner@\u017fhop.example", "owner@shop.example"),
    ("business_url", "https://m\u00fcnchen-shop.example", "https://xn--mnchen-shop-thb.example"),
    ("business_url", "https://\u017fhop.example", "https://shop.example"),
    (
        "business_url",
        "HTTPS://B\u00dcCHER.example.:8443/stra\u00dfe?q=\u00fc#\u4e2d",
        "https://xn--bcher-kva.example.:8443/stra%C3%9Fe?q=%C3%BC#%E4%B8%AD",
    ),
    ("business_url", "https://shop.example/caf\u00e9%20", "https://shop.example/caf%C3%A9%20"),
    ("business_url", "https://\U0001f4a9.example/", "https://xn--ls8h.example/"),
]

CHANGEABLE = {"display_name", "contact_email", "business_url", "product_description", "capabilities"}


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_new_merchant_may_have_these_values(name: str, value: Any) -> None:
    new = replace(SHOP, **{name: value})
    assert check_new_merchant(new, TODAY) == new


@pytest.mark.parametrize(("name", "value", "field", "message"), BAD)
def test_a_refusal_of_a_new_merchant_names_the_field_and_the_remedy(
    name: str, value: Any, field: str, message: str
) -> None:
    assert refusal(lambda: check_new_merchant(replace(SHOP, **{name: value}), TODAY)) == (field, message)


@pytest.mark.parametrize(("name", "value"), [g for g in GOOD if g[0] in CHANGEABLE and g[1] is not None])
def test_a_change_may_set_these_values(name: str, value: Any) -> None:
    changes = MerchantChanges(**{name: value})
    assert check_changes(changes, TODAY) == changes


@pytest.mark.parametrize(("name", "value", "converted"), CONVERTED)
def test_addresses_in_other_scripts_are_converted_to_ascii(name: str, value: Any, converted: Any) -> None:
    assert check_new_merchant(replace(SHOP, **{name: value}), TODAY) == replace(SHOP, **{name: converted})
    assert check_changes(MerchantChanges(**{name: value}), TODAY) == MerchantChanges(**{name: converted})


@pytest.mark.parametrize(("name", "value", "field", "message"), [b for b in BAD if b[0] in CHANGEABLE])
def test_a_refusal_of_a_change_names_the_field_and_the_remedy(
    name: str, value: Any, field: str, message: str
) -> None:
    changes = MerchantChanges(**{name: value})
    assert refusal(lambda: check_changes(changes, TODAY)) == (field, message)


def test_a_change_must_have_a_value() -> None:
    assert refusal(lambda: check_changes(MerchantChanges(), TODAY)) == (
        "input",
        "Name at least one thing to change.",
    )


def test_all_invalid_fields_are_reported_together() -> None:
    new = NewMerchant(
        external_id="",
        display_name=f" {'x' * 255}\x00y",
        contact_email="owner",
        country="UK",
        business_url="shop.example",
        product_description="x" * 2001,
        capabilities=("card_payments", "payouts", "klarna_payments", ""),
    )
    with pytest.raises(InvalidInput) as caught:
        check_new_merchant(new, TODAY)
    fields = [(field.name, field.code) for field in caught.value.fields]
    shared = [
        ("displayName", FieldCode.OUTER_SPACES),
        ("displayName", FieldCode.TOO_LONG),
        ("displayName", FieldCode.CONTROL_CHARACTERS),
        ("contactEmail", FieldCode.EMAIL_INVALID),
        ("businessUrl", FieldCode.URL_INVALID),
        ("productDescription", FieldCode.TOO_LONG),
        ("capabilities[1]", FieldCode.CAPABILITY_INVALID),
        ("capabilities[3]", FieldCode.CAPABILITY_INVALID),
    ]
    assert fields == [
        ("externalId", FieldCode.REQUIRED),
        *shared[:4],
        ("country", FieldCode.COUNTRY_UNKNOWN),
        *shared[4:],
    ]
    assert caught.value.field == "externalId"
    assert caught.value.message == EMPTY
    names = ("display_name", "contact_email", "business_url", "product_description", "capabilities")
    changes = MerchantChanges(**{name: getattr(new, name) for name in names})
    with pytest.raises(InvalidInput) as caught:
        check_changes(changes, TODAY)
    assert [(field.name, field.code) for field in caught.value.fields] == shared


def test_texts_for_users_name_neither_fields_nor_codes() -> None:
    texts = set()
    for name, value, _, _ in BAD:
        with pytest.raises(InvalidInput) as caught:
            check_new_merchant(replace(SHOP, **{name: value}), TODAY)
        texts |= {field.user_message for field in caught.value.fields}
    assert texts == {
        "Fill in this field.",
        "Remove the spaces at the beginning and at the end.",
        "Enter at most 254 characters.",
        "Enter at most 255 characters.",
        "Enter at most 2000 characters.",
        "Remove line breaks and invisible characters.",
        "Enter one email address, such as owner@shop.example.",
        "Enter the address of a website, such as https://shop.example.",
        "Choose a country from the list.",
        "Choose at most 50 payment methods.",
        "This payment method is not available.",
    }
