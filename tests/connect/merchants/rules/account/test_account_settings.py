"""The settings of an account are read from any answer of Stripe."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connect.merchants.rules.account.account_settings import account_settings
from connect.merchants.rules.account.snapshot import parse
from tests.connect.merchants.rules.stripe_answers import ACTIVE, Json, account, deterministic

ADDRESS = {
    "city": "Tokyo",
    "country": "jp",
    "line1": "1-2-3",
    "line2": "4F",
    "postal_code": "100-0001",
    "state": "Tokyo",
    "town": "Marunouchi",
}


def answer() -> Json:
    full = account(ACTIVE, ACTIVE, contact_phone="+81312345678")
    full["configuration"]["merchant"] |= {
        "mcc": "5734",
        "statement_descriptor": {"descriptor": "SHOP TOKYO", "prefix": "SHOP"},
        "support": {"email": "help@shop.example", "phone": "+813", "url": "shop.example", "address": ADDRESS},
    }
    full["configuration"]["merchant"]["capabilities"]["klarna_payments"] = ACTIVE
    full["defaults"] |= {
        "currency": "jpy",
        "locales": ["ja", "en"],
        "profile": {
            "business_url": "https://shop.example",
            "doing_business_as": "The Shop",
            "product_description": "Bread",
        },
    }
    full["identity"] |= {"individual": {"surname": "Sato"}, "business_details": {"registered_name": "KK"}}
    return full


def settings(full: Json) -> Json:
    return account_settings(parse(full))


def test_every_setting_is_shown_but_only_the_entity_type_from_the_identity() -> None:
    assert settings(answer()) == {
        "entityType": "COMPANY",
        "contactPhone": "+81312345678",
        "merchantCategoryCode": "5734",
        "doingBusinessAs": "The Shop",
        "businessUrl": "https://shop.example",
        "productDescription": "Bread",
        "statementDescriptor": "SHOP TOKYO",
        "statementDescriptorPrefix": "SHOP",
        "currency": "JPY",
        "locales": ["ja", "en"],
        "support": {
            "email": "help@shop.example",
            "phone": "+813",
            "url": "shop.example",
            "address": {
                "country": "JP",
                "line1": "1-2-3",
                "line2": "4F",
                "city": "Tokyo",
                "town": "Marunouchi",
                "state": "Tokyo",
                "postalCode": "100-0001",
            },
        },
        # The platform does not request payouts, because Stripe adds that capability itself.
        "requestedCapabilities": ["card_payments", "klarna_payments"],
    }


PLACES = [
    ("configuration", "merchant"),
    *[("configuration", "merchant", name) for name in ("mcc", "statement_descriptor", "support")],
    ("configuration", "merchant", "support", "address"),
    ("configuration", "merchant", "support", "address", "country"),
    ("contact_phone",),
    ("defaults",),
    *[("defaults", name) for name in ("currency", "locales", "profile")],
    ("identity", "entity_type"),
]


@deterministic
@given(st.sampled_from(PLACES), st.sampled_from([None, True, 0, "", "word", [], {}, [None], ["a"]]))
def test_a_malformed_value_does_not_change_the_shape_of_the_settings(
    place: tuple[str, ...], value: Any
) -> None:
    full = copy.deepcopy(answer())
    part = full
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    shown = settings(full)
    assert shown.keys() == settings(answer()).keys()
    assert shown["support"].keys() == {"email", "phone", "url", "address"}
    assert shown["currency"] in {"JPY", None}
    assert shown["entityType"] in {"COMPANY", None}
    assert all(isinstance(locale, str) for locale in shown["locales"])
