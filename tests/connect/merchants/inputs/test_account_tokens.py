"""The form of account tokens is checked, and values that belong in a token are refused outside of it."""

from dataclasses import replace
from datetime import date

import pytest

from connect.errors import FieldCode, InvalidInput
from connect.merchants.inputs import MerchantChanges, NewMerchant, check_changes
from connect.merchants.inputs.merchants import check_new_merchant

TOKEN = "accttok_1A2b3C4d5E6f"
TODAY = date(2026, 11, 29)
SHOP = NewMerchant("shop-1", "Shop", "owner@shop.example", "FR", account_token=TOKEN)


@pytest.mark.parametrize(
    "value",
    [
        *("", "short", "x" * 501, f"{TOKEN} ", f"{TOKEN}\n", "accttok_\u00e9\u00e9\u00e9"),
        *("sk_test_1234567890", "rk_live_1234567890", "pk_test_1234567890", "ct_1A2b3C4d", "acct_1A2b3C4d"),
    ],
)
def test_a_text_that_is_no_account_token_is_refused_without_quoting_it(value: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_changes(MerchantChanges(account_token=value), TODAY)
    (field,) = caught.value.fields
    assert (field.name, field.code) == ("accountToken", FieldCode.TOKEN_INVALID)
    assert field.message == (
        "Give the id of an account token, created with POST /v2/core/account_tokens and the platform's "
        "publishable key."
    )


def test_values_that_belong_in_the_token_are_refused_outside_of_it() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_new_merchant(replace(SHOP, entity_type="company"), TODAY)
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("entityType", FieldCode.BELONGS_IN_TOKEN)
    ]
    changes = MerchantChanges(display_name="Shop", contact_email="a@shop.example", account_token=TOKEN)
    with pytest.raises(InvalidInput) as caught:
        check_changes(changes, TODAY)
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("displayName", FieldCode.BELONGS_IN_TOKEN),
        ("contactEmail", FieldCode.BELONGS_IN_TOKEN),
    ]
    assert check_new_merchant(SHOP, TODAY) == SHOP
    assert check_changes(MerchantChanges(account_token=TOKEN), TODAY) == MerchantChanges(account_token=TOKEN)


def test_the_repr_of_an_input_contains_no_token() -> None:
    assert TOKEN not in repr(SHOP) + repr(MerchantChanges(account_token=TOKEN))
