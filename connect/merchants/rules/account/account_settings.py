"""The settings of an account that the platform can change, in the form of the merchant's document. Pure.

They are public details of the business, or settings of the account. The type of business is the only value
from the account's `identity` (docs/decisions/0010).
"""

import re
from typing import Any

from connect.merchants.rules.account.sections import MERCHANT, capabilities
from connect.merchants.rules.account.snapshot import Json, Snapshot, as_country, as_object, as_text

# Stripe adds the capability for payouts automatically, so platforms do not request it.
_REQUESTABLE = "_payments"
ENTITY_TYPES = frozenset({"individual", "company", "non_profit", "government_entity"})
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_ADDRESS = {
    "country": "country",
    "line1": "line1",
    "line2": "line2",
    "city": "city",
    "town": "town",
    "state": "state",
    "postalCode": "postal_code",
}


def account_settings(snapshot: Snapshot) -> dict[str, Any]:
    merchant = as_object(as_object(snapshot.configuration).get(MERCHANT))
    defaults = as_object(snapshot.defaults)
    profile, descriptor = as_object(defaults.get("profile")), as_object(merchant.get("statement_descriptor"))
    currency, kind = _text(defaults, "currency") or "", snapshot.entity_type
    locales = defaults.get("locales")
    names = [capability.name for capability in capabilities(snapshot, MERCHANT) or ()]
    return {
        "entityType": kind.upper() if kind in ENTITY_TYPES else None,
        "contactPhone": snapshot.contact_phone or None,
        "merchantCategoryCode": _text(merchant, "mcc"),
        "doingBusinessAs": _text(profile, "doing_business_as"),
        "businessUrl": _text(profile, "business_url"),
        "productDescription": _text(profile, "product_description"),
        "statementDescriptor": _text(descriptor, "descriptor"),
        "statementDescriptorPrefix": _text(descriptor, "prefix"),
        "currency": currency.upper() if _CURRENCY.fullmatch(currency) else None,
        "locales": [one for one in locales if isinstance(one, str)] if isinstance(locales, list) else [],
        "support": _support(as_object(merchant.get("support"))),
        "requestedCapabilities": [name for name in names if name.endswith(_REQUESTABLE)],
    }


def _support(support: Json) -> dict[str, Any]:
    return {
        "email": _text(support, "email"),
        "phone": _text(support, "phone"),
        "url": _text(support, "url"),
        "address": _address(as_object(support.get("address"))),
    }


def _address(address: Json) -> dict[str, Any] | None:
    values = {name: _text(address, stripe_name) for name, stripe_name in _ADDRESS.items()}
    if not any(values.values()):
        return None
    return values | {"country": as_country(address.get("country"))}


def _text(section: Json, name: str) -> str | None:
    return as_text(section.get(name)) or None
