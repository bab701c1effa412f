"""The rules for the formats, countries and combinations of an account's values, with Stripe's error codes."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from simulator.state import Json
from simulator.wire.errors import Refused

# The countries of connected accounts, grouped by their default settlement currency.
_PAID_IN = {
    "eur": "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
    "chf": "CH LI",
    "usd": "US",
    "aed": "AE",
    "aud": "AU",
    "brl": "BR",
    "cad": "CA",
    "crc": "CR",
    "czk": "CZ",
    "dkk": "DK",
    "dop": "DO",
    "gbp": "GB",
    "ghs": "GH",
    "gip": "GI",
    "hkd": "HK",
    "huf": "HU",
    "idr": "ID",
    "inr": "IN",
    "jpy": "JP",
    "kes": "KE",
    "mxn": "MX",
    "myr": "MY",
    "ngn": "NG",
    "nok": "NO",
    "nzd": "NZ",
    "pln": "PL",
    "ron": "RO",
    "sek": "SE",
    "sgd": "SG",
    "thb": "TH",
    "uyu": "UY",
    "xof": "CI",
    "zar": "ZA",
}
CURRENCIES = {country: currency for currency, countries in _PAID_IN.items() for country in countries.split()}
# Capabilities that exist only in some countries. The table is not complete.
_ONLY_IN = {
    "ach_debit_payments": {"US"},
    "acss_debit_payments": {"CA", "US"},
    "au_becs_debit_payments": {"AU"},
    "bacs_debit_payments": {"GB"},
    "boleto_payments": {"BR"},
    "fpx_payments": {"MY"},
    "gb_bank_transfer_payments": {"GB"},
    "jp_bank_transfer_payments": {"JP"},
    "konbini_payments": {"JP"},
    "mx_bank_transfer_payments": {"MX"},
    "oxxo_payments": {"MX"},
    "paynow_payments": {"SG"},
    "promptpay_payments": {"TH"},
    "us_bank_transfer_payments": {"US"},
}
# Capabilities that work only together with another capability. The table is not complete.
_NEEDS = {
    "cartes_bancaires_payments": "card_payments",
    "jcb_payments": "card_payments",
    "kr_card_payments": "card_payments",
    "link_payments": "card_payments",
}
_LEAST_AGE = 13
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,22}")
# Stripe documents "Latin characters"; the exact set is unknown.
_LATIN = r"(?=.*[A-Za-z\u00c0-\u024f])[\x20-\x7e\u00a1-\u024f]"
_DESCRIPTOR = re.compile(_LATIN + "{5,22}")
_PREFIX = re.compile(_LATIN + "{2,10}")

_EMAILS = ("contact_email", "configuration.merchant.support.email", "identity.individual.email")
_PHONES = (
    "contact_phone",
    "configuration.merchant.support.phone",
    "identity.individual.phone",
    "identity.business_details.phone",
)
_URLS = ("defaults.profile.business_url", "configuration.merchant.support.url")


def dig(value: Any, path: str) -> Any:
    """Return the value at a dotted path, or None."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def check(account: Json, before: Json | None, body: Json, today: date) -> None:
    """Refuse a request that makes the account invalid, or that changes a fixed field of `before`.

    `today` is the simulated day.
    """
    _formats(account)
    _identity(account, before)
    _person_and_address(account, today)
    if account["defaults"].get("responsibilities"):
        _responsibilities(account)
    _capabilities(account, before)
    if dig(body, "identity.attestations.terms_of_service.account") and collector(account) == "stripe":
        message = (
            "identity.attestations.terms_of_service.account: Stripe collects this from the account itself."
        )
        raise Refused("tos_acceptance_on_behalf_not_allowed", message)


def collector(account: Json) -> str:
    """Return the party that collects requirements: the platform or Stripe."""
    parties = account["defaults"].get("responsibilities") or {}
    owns = parties.get("losses_collector") == "application" and account["dashboard"] == "none"
    return "application" if owns else "stripe"


def is_email(text: str) -> bool:
    """Whether a text is an email address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Whether a text is a phone number."""
    return _PHONE.fullmatch(text) is not None


def check_contact(value: Json, emails: tuple[str, ...], phones: tuple[str, ...]) -> None:
    """Refuse an invalid email address or phone number at one of the paths."""
    for path in emails:
        text = dig(value, path)
        if text is not None and not is_email(text):
            raise Refused("email_invalid", f"{path}: {text!r} is not a valid email address.")
    for path in phones:
        text = dig(value, path)
        if text is not None and not is_phone(text):
            raise Refused("phone_invalid", f"{path}: {text!r} is not a valid phone number.")


def _formats(account: Json) -> None:
    check_contact(account, _EMAILS, _PHONES)
    for path in _URLS:
        value = dig(account, path)
        if value is not None and not is_url(value):
            raise Refused("url_invalid", f"{path}: {value!r} is not a valid URL.")
    mcc = dig(account, "configuration.merchant.mcc")
    if mcc is not None and not re.fullmatch(r"(?!0000)\d{4}", mcc):
        raise Refused("mcc_invalid", f"configuration.merchant.mcc: {mcc!r} is not a merchant category code.")
    for name, pattern in (("descriptor", _DESCRIPTOR), ("prefix", _PREFIX)):
        path = f"configuration.merchant.statement_descriptor.{name}"
        value = dig(account, path)
        if value is not None and (not pattern.fullmatch(value) or set(value) & set("<>\\'\"*")):
            raise Refused("statement_descriptor_invalid", f"{path}: {value!r} is not allowed.")


def is_url(text: str) -> bool:
    """Whether a text is the address of a web page."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and "." in host.strip(".") and not re.search(r"\s", text)


def _identity(account: Json, before: Json | None) -> None:
    identity = account["identity"]
    country, kind = identity.get("country"), identity.get("entity_type")
    if country is None and {"merchant", "recipient"} & set(account["configuration"]):
        message = "identity.country: required for the merchant and recipient configurations."
        raise Refused("identity_country_required", message)
    if country is not None and country not in CURRENCIES:
        message = f"identity.country: {country!r} is not supported for connected accounts."
        raise Refused("capability_not_available_in_country", message)
    if kind == "government_entity" and country not in {None, "US"}:
        message = f"identity.entity_type: {kind!r} is not supported in {country}."
        raise Refused("entity_type_not_supported_in_country", message)
    currency = account["defaults"].get("currency")
    if currency is not None and currency not in _PAID_IN:
        message = f"defaults.currency: {currency!r} is not supported in {country}."
        raise Refused("account_country_unsupported_currency", message)
    if before is None:
        return
    fixed = ["country"] + (["entity_type"] if before["verified"] else [])
    for name in fixed:
        if before["identity"].get(name) not in {None, identity.get(name)}:
            raise Refused("immutable_identity_param", f"identity.{name}: can no longer be changed.")
    if before["verified"] and before["defaults"].get("currency") not in {None, currency}:
        raise Refused("default_currency_immutable", "defaults.currency: can no longer be changed.")
    if before["defaults"].get("responsibilities") not in (None, account["defaults"].get("responsibilities")):
        message = "defaults.responsibilities: fixed when the account was created."
        raise Refused("account_controller_unsupported_configuration", message)


def _person_and_address(account: Json, today: date) -> None:
    """Refuse an impossible date of birth, a person under 13, and a business address in another country.

    The codes are Stripe's. Stripe documents the minimum age of 13 for v1
    (https://docs.stripe.com/connect/required-verification-information).
    """
    born = dig(account, "identity.individual.date_of_birth")
    path = "identity.individual.date_of_birth"
    if born is not None and None not in (parts := [born.get(name) for name in ("year", "month", "day")]):
        try:
            birthday = date(*parts)
        except ValueError:
            raise Refused("date_of_birth_invalid", f"{path}: not a date.") from None
        years = today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))
        if years < _LEAST_AGE:
            raise Refused(
                "date_of_birth_age_restriction", f"{path}: must be at least {_LEAST_AGE} years ago."
            )
    path = "identity.business_details.address.country"
    country, business = dig(account, "identity.country"), dig(account, path)
    if None not in (country, business) and country != business.upper():
        message = f"{path}: {business!r} is not the country of the account."
        raise Refused("address_country_identity_country_mismatch", message)


def _responsibilities(account: Json) -> None:
    parties = account["defaults"]["responsibilities"]
    fees, losses = parties["fees_collector"], parties["losses_collector"]
    platform_pays = fees.startswith("application")
    if account["dashboard"] == "express" and not (platform_pays and losses == "application"):
        code = "account_controller_express_dash_without_application_losses_or_fees"
        raise Refused(code, "dashboard: 'express' needs the application to collect fees and losses.")
    if losses == "application" and not platform_pays:
        code = "account_controller_stripe_pricing_platform_liable"
        raise Refused(code, "defaults.responsibilities: losses 'application' requires fees 'application'.")
    if account["dashboard"] == "full" and (fees, losses) != ("stripe", "stripe"):
        code = "account_controller_unsupported_configuration"
        raise Refused(code, "dashboard: 'full' needs Stripe to collect fees and losses.")


def _capabilities(account: Json, before: Json | None) -> None:
    country = account["identity"].get("country")
    capabilities = dig(account, "configuration.merchant.capabilities") or {}
    for name, capability in capabilities.items():
        if (capability or {}).get("requested") and country not in _ONLY_IN.get(name, {country}):
            path = f"configuration.merchant.capabilities.{name}"
            raise Refused("capability_not_available_in_country", f"{path}: not available in {country}.")
    _check_dependencies(capabilities, before)
    recipient = dig(account, "configuration.recipient.capabilities") or {}
    losses = dig(account, "defaults.responsibilities.losses_collector")
    if dig(recipient, "stripe_balance.stripe_transfers.requested") and losses == "stripe":
        path = "configuration.recipient.capabilities.stripe_balance.stripe_transfers"
        message = f"{path}: the platform must collect losses."
        raise Refused("capability_not_available_for_loss_collector", message)
    banks = (recipient.get("bank_accounts") or {}).values()
    if account["dashboard"] == "full" and any((bank or {}).get("requested") for bank in banks):
        message = "configuration.recipient.capabilities.bank_accounts: not available with the full dashboard."
        raise Refused("capability_not_available_for_dashboard_type", message)


def _check_dependencies(capabilities: Json, before: Json | None) -> None:
    """Refuse a requested capability if the capability that it needs is not requested. The codes are
    Stripe's."""
    earlier = dig(before, "configuration.merchant.capabilities") or {}
    for name, needed in _NEEDS.items():
        if not dig(capabilities, f"{name}.requested") or dig(capabilities, f"{needed}.requested"):
            continue
        if dig(earlier, f"{needed}.requested"):
            code = "capability_cannot_be_unrequested_due_to_other_capability_requirement"
            path = f"configuration.merchant.capabilities.{needed}"
            raise Refused(code, f"{path}: cannot be unrequested, because {name} requires it.")
        path = f"configuration.merchant.capabilities.{name}"
        raise Refused("capability_not_available_without_other_capability", f"{path}: requires {needed}.")
