"""Each field of a payment's input is checked against its limits."""

import dataclasses
from typing import Any

import pytest

from connect.errors import InvalidInput
from connect.payments.inputs import (
    Line,
    NewCheckout,
    NewIntent,
    check_checkout,
    check_for_account,
    check_intent,
)

ORIGINS = {"https://shop.example"}
HAT = Line(name="Hat", quantity=1, unit_amount=1000, currency="USD")
ORDER = NewCheckout(
    external_id="order-1",
    lines=(HAT,),
    success_url="https://shop.example/done?id={CHECKOUT_SESSION_ID}",
    cancel_url="https://shop.example/cart",
)
APP_ORDER = NewIntent(external_id="order-1", amount=1000, currency="USD")


def line(**changed: Any) -> dict[str, Any]:
    return {"lines": (dataclasses.replace(HAT, **changed),)}


def test_a_valid_input_keeps_its_values_and_gets_ascii_addresses() -> None:
    new = dataclasses.replace(
        ORDER,
        customer_email="jo@bücher.example",
        success_url="https://shop.example/größe?id={CHECKOUT_SESSION_ID}",
        metadata=(("b", "2"), ("a", "1")),
        expires_in=30,
        fee=1000,
        fee_currency="USD",
        statement_descriptor_suffix="HATS",
        locale="en-GB",
    )
    checked = check_checkout(new, ORIGINS)
    assert checked.customer_email == "jo@xn--bcher-kva.example"
    assert checked.success_url == "https://shop.example/gr%C3%B6%C3%9Fe?id={CHECKOUT_SESSION_ID}"
    assert checked.metadata == (("a", "1"), ("b", "2"))
    assert check_checkout(ORDER, ORIGINS) == ORDER
    assert check_intent(APP_ORDER) == APP_ORDER


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"external_id": ""}, "externalId", "REQUIRED"),
        ({"lines": ()}, "lines", "REQUIRED"),
        ({"lines": (HAT,) * 101}, "lines", "TOO_MANY"),
        (line(name=""), "lines[0].name", "REQUIRED"),
        (line(name="x" * 251), "lines[0].name", "TOO_LONG"),
        (line(description="x" * 501), "lines[0].description", "TOO_LONG"),
        (line(quantity=0), "lines[0].quantity", "OUT_OF_RANGE"),
        (line(quantity=1_000_000), "lines[0].quantity", "OUT_OF_RANGE"),
        (line(unit_amount=0), "lines[0].unitAmount.minorUnits", "AMOUNT_INVALID"),
        (line(unit_amount=1050, currency="ISK"), "lines[0].unitAmount.minorUnits", "AMOUNT_INVALID"),
        (line(unit_amount=1001, currency="KWD"), "lines[0].unitAmount.minorUnits", "AMOUNT_INVALID"),
        (line(currency="usd"), "lines[0].unitAmount.currency", "CURRENCY_UNKNOWN"),
        (line(unit_amount=999_999_999_999, quantity=2), "lines", "AMOUNT_INVALID"),
        (
            {"lines": (HAT, dataclasses.replace(HAT, currency="EUR"))},
            "lines[1].unitAmount.currency",
            "CONTRADICTION",
        ),
        ({"success_url": "https://else.example/"}, "successUrl", "URL_NOT_ALLOWED"),
        ({"success_url": "/done"}, "successUrl", "URL_NOT_ALLOWED"),
        ({"cancel_url": "com.example.app:/cart"}, "cancelUrl", "URL_NOT_ALLOWED"),
        ({"cancel_url": "https://shop.example/" + "x" * 2048}, "cancelUrl", "URL_NOT_ALLOWED"),
        ({"expires_in": 29}, "expiresInMinutes", "OUT_OF_RANGE"),
        ({"expires_in": 1441}, "expiresInMinutes", "OUT_OF_RANGE"),
        ({"locale": "xx"}, "locale", "LOCALE_UNKNOWN"),
        ({"customer_email": "jo"}, "customerEmail", "EMAIL_INVALID"),
        ({"fee": -1, "fee_currency": "USD"}, "fee.minorUnits", "AMOUNT_INVALID"),
        ({"fee": 1, "fee_currency": "EUR"}, "fee.currency", "CONTRADICTION"),
        (
            {"statement_descriptor_suffix": "123"},
            "statementDescriptorSuffix",
            "STATEMENT_DESCRIPTOR_INVALID",
        ),
        ({"statement_descriptor_suffix": "A*B"}, "statementDescriptorSuffix", "STATEMENT_DESCRIPTOR_INVALID"),
        ({"statement_descriptor_suffix": "A" * 19}, "statementDescriptorSuffix", "TOO_LONG"),
        ({"metadata": tuple((str(n), "x") for n in range(49))}, "metadata", "TOO_MANY"),
        ({"metadata": (("k" * 41, "x"),)}, "metadata[0].key", "TOO_LONG"),
        ({"metadata": (("k", "x" * 501),)}, "metadata[0].value", "TOO_LONG"),
        ({"metadata": (("a[b]", "x"),)}, "metadata[0].key", "METADATA_INVALID"),
        ({"metadata": (("payment_id", "x"),)}, "metadata[0].key", "METADATA_INVALID"),
        ({"metadata": (("a", "x"), ("a", "y"))}, "metadata[1].key", "DUPLICATE"),
    ],
)
def test_the_error_names_the_invalid_field_of_a_checkout(
    changed: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_checkout(dataclasses.replace(ORDER, **changed), ORIGINS)
    assert [(one.name, one.code.value) for one in refused.value.fields] == [(field, code)]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"external_id": "x" * 256}, "externalId", "TOO_LONG"),
        ({"amount": 0}, "amount.minorUnits", "AMOUNT_INVALID"),
        ({"amount": 10**12}, "amount.minorUnits", "AMOUNT_INVALID"),
        ({"currency": "XXX"}, "amount.currency", "CURRENCY_UNKNOWN"),
        ({"customer_email": "jo"}, "receiptEmail", "EMAIL_INVALID"),
        ({"customer": "acct_1"}, "stripeCustomerId", "CUSTOMER_INVALID"),
        ({"customer": "cus_" + "1" * 252}, "stripeCustomerId", "TOO_LONG"),
        ({"description": "x" * 501}, "description", "TOO_LONG"),
    ],
)
def test_the_error_names_the_invalid_field_of_an_intent(
    changed: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_intent(dataclasses.replace(APP_ORDER, **changed))
    assert [(one.name, one.code.value) for one in refused.value.fields] == [(field, code)]


def test_prefix_and_suffix_must_fit_into_a_statement_descriptor() -> None:
    new = dataclasses.replace(ORDER, statement_descriptor_suffix="ORDER 12345")
    check_for_account(new, None)
    check_for_account(new, "SHOP NINE")
    with pytest.raises(
        InvalidInput, match=r"Give at most 10 characters, because .* the account's prefix 'SHOP NINER' and"
    ):
        check_for_account(new, "SHOP NINER")
