"""The exact bodies of requests to Stripe."""

import uuid
from dataclasses import replace
from typing import Any

from connect.merchants.inputs import Details, MerchantChanges, NewMerchant
from connect.merchants.inputs.details import Business, Individual
from connect.merchants.rules import requests
from tests.connect.merchants.inputs.test_details import DETAILS

KEY = uuid.UUID("01a206b4-a7fa-79b7-86a7-b2328da008fe")
SHOP = NewMerchant("shop-1", "Shop", "owner@shop.example", "DE")
INCLUDE = [
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "identity",
    "requirements",
    "future_requirements",
]
# The request that earlier releases sent for an input without details.
PLAIN: dict[str, Any] = {
    "contact_email": "owner@shop.example",
    "display_name": "Shop",
    "dashboard": "full",
    "identity": {"country": "DE"},
    "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
    "metadata": {"merchant_id": str(KEY), "external_id": "shop-1"},
    "include": INCLUDE,
}
ADDRESS = {
    "city": "Berlin",
    "country": "DE",
    "line1": "Torstra\u00dfe 1",
    "line2": "3. Stock",
    "postal_code": "10119",
    "state": "BE",
}
MERCHANT = {
    "mcc": "5734",
    "statement_descriptor": {"descriptor": "SHOP BERLIN", "prefix": "SHOP"},
    "support": {
        "email": "help@shop.example",
        "phone": "(030) 765-4321",
        "url": "https://shop.example/help",
        "address": ADDRESS,
    },
}
IDENTITY = {
    "business_details": {
        "registered_name": "Shop e.K.",
        "structure": "sole_proprietorship",
        "phone": "+493012345",
        "address": ADDRESS,
    },
    "individual": {
        "given_name": "J\u00fcrgen",
        "surname": "M\u00fcller",
        "email": "juergen@shop.example",
        "phone": "+49 170 1234567",
        "date_of_birth": {"day": 24, "month": 3, "year": 1985},
        "address": ADDRESS | {"town": "Mitte"},
    },
}


def test_a_creation_without_details_has_the_body_of_earlier_releases() -> None:
    assert requests.of_creation(KEY, SHOP) == PLAIN


def test_a_creation_sends_every_detail() -> None:
    new = replace(
        SHOP,
        entity_type="individual",
        business_url="https://shop.example",
        capabilities=("klarna_payments",),
        details=DETAILS,
    )
    capabilities = {"card_payments": {"requested": True}, "klarna_payments": {"requested": True}}
    assert requests.of_creation(KEY, new) == PLAIN | {
        "contact_phone": "+49 30 1234567",
        "identity": {"country": "DE", "entity_type": "individual", **IDENTITY},
        "configuration": {"merchant": {"capabilities": capabilities, **MERCHANT}},
        "defaults": {
            **PLAIN["defaults"],
            "currency": "eur",
            "locales": ["de-DE", "en"],
            "profile": {"business_url": "https://shop.example", "doing_business_as": "Shop & S\u00f6hne"},
        },
    }


def test_a_change_sends_only_the_given_values() -> None:
    assert requests.of_changes(MerchantChanges(display_name="New")) == {"display_name": "New"}
    assert requests.of_changes(MerchantChanges(details=DETAILS)) == {
        "contact_phone": "+49 30 1234567",
        "configuration": {"merchant": MERCHANT},
        "defaults": {
            "currency": "eur",
            "locales": ["de-DE", "en"],
            "profile": {"doing_business_as": "Shop & S\u00f6hne"},
        },
        "identity": IDENTITY,
    }
    empty = Details(business=Business(), individual=Individual())
    assert requests.of_changes(MerchantChanges(details=empty)) == {}


def test_a_change_can_request_some_capabilities_and_give_up_others() -> None:
    changes = MerchantChanges(
        capabilities=("klarna_payments",), give_up_capabilities=("konbini_payments", "card_payments")
    )
    assert requests.of_changes(changes) == {
        "configuration": {
            "merchant": {
                "capabilities": {
                    "klarna_payments": {"requested": True},
                    "konbini_payments": {"requested": False},
                    "card_payments": {"requested": False},
                }
            }
        }
    }
