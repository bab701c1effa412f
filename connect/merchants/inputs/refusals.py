"""The fields of an input that a refusal of Stripe is about. Stripe names them in its message."""

import re

from connect.errors import CountryNotSupported, FieldCode, InvalidField, StripeRefused
from connect.merchants.inputs.merchants import MerchantChanges, NewMerchant
from connect.merchants.rules.facts import CARD_PAYMENTS
from connect.merchants.wording.refusals import refusal as remedy_for

NOT_IN_COUNTRY = "capability_not_available_in_country"

# The fields by Stripe's paths, as attributes of the inputs.
_PATHS = {
    "account_token": "account_token",
    "contact_email": "contact_email",
    "display_name": "display_name",
    "identity.country": "country",
    "identity.entity_type": "entity_type",
    "defaults.profile.business_url": "business_url",
    "defaults.profile.product_description": "product_description",
}
# The field for each code whose message names no field.
_BY_CODE = {
    **dict.fromkeys(
        (
            *("account_token_required", "incorrect_token_wrong_type", "invalid_account_token"),
            *("token_already_used", "token_expired", "v1_token_invalid_in_v2"),
        ),
        "account_token",
    ),
    **dict.fromkeys(("email_invalid", "email_domain_invalid_for_recipient"), "contact_email"),
    **dict.fromkeys(
        ("cross_border_connected_account_creation_not_allowed", "identity_country_required"), "country"
    ),
    "entity_type_not_supported_in_country": "entity_type",
    "url_invalid": "business_url",
}
_FIELD_CODES = {
    **dict.fromkeys(("account_token_required", "identity_country_required"), FieldCode.REQUIRED),
    "parameter_missing": FieldCode.REQUIRED,
    "email_invalid": FieldCode.EMAIL_INVALID,
    "url_invalid": FieldCode.URL_INVALID,
    "param_alongside_account_token": FieldCode.BELONGS_IN_TOKEN,
}
_USER_MESSAGES = {
    FieldCode.CAPABILITY_INVALID: "This payment method is not available.",
    FieldCode.EMAIL_INVALID: "Enter one email address, such as owner@shop.example.",
    FieldCode.NOT_AVAILABLE: "This choice is not available.",
    FieldCode.REQUIRED: "Fill in this field.",
    FieldCode.TOKEN_INVALID: "Your details could not be sent. Try again.",
    FieldCode.URL_INVALID: "Enter the address of a website, such as https://shop.example.",
}
_NAMES = {
    "account_token": "accountToken",
    "business_url": "businessUrl",
    "contact_email": "contactEmail",
    "country": "country",
    "display_name": "displayName",
    "entity_type": "entityType",
    "product_description": "productDescription",
}
_CAPABILITY_CODES = re.compile(r"(?:account_)?capability_.*")


def explain_creation(refusal: StripeRefused, new: NewMerchant) -> StripeRefused | CountryNotSupported:
    """Return the refusal with the fields that it is about, or CountryNotSupported.

    Stripe has one code for two refusals: the country lacks card payments, which every account has, or it
    lacks another requested capability. Its message names the capability or the country.
    """
    name_fields(refusal, new)
    if refusal.code != NOT_IN_COUNTRY:
        return refusal
    others = [name for name in new.capabilities if name != CARD_PAYMENTS]
    is_other = any(_names(refusal.message, name) for name in others)
    is_country = _names(refusal.message, CARD_PAYMENTS) or _names(refusal.message, "identity.country")
    if others and (is_other or not is_country) and not _names(refusal.message, CARD_PAYMENTS):
        return refusal
    user_message = _USER_MESSAGES[FieldCode.NOT_AVAILABLE]
    fields = (InvalidField("country", FieldCode.NOT_AVAILABLE, refusal.message, user_message),)
    return CountryNotSupported(new.country, refusal.message, refusal.request_id, fields)


def name_fields(refusal: StripeRefused, inputs: NewMerchant | MerchantChanges) -> None:
    """Set the fields of the input that the refusal is about."""
    refusal.fields = tuple(
        _field(name, _field_code(name, refusal.code), refusal) for name in _fields(refusal, inputs)
    )


def _fields(refusal: StripeRefused, inputs: NewMerchant | MerchantChanges) -> list[str]:
    capabilities = inputs.capabilities or ()
    named = [
        f"capabilities[{index}]" for index, name in enumerate(capabilities) if _names(refusal.message, name)
    ]
    if named:
        return named
    if capabilities and _CAPABILITY_CODES.fullmatch(refusal.code):
        return ["capabilities"]
    attributes = [name for path, name in _PATHS.items() if _names(refusal.message, path)]
    if not attributes and refusal.code in _BY_CODE:
        attributes = [_BY_CODE[refusal.code]]
    return [_NAMES[name] for name in attributes if hasattr(inputs, name)]


def _field(name: str, code: FieldCode, refusal: StripeRefused) -> InvalidField:
    remedy = remedy_for(refusal.code)
    message = f"{refusal.message} {remedy}" if remedy else refusal.message
    return InvalidField(name, code, message, _USER_MESSAGES.get(code, "Check this value."))


def _field_code(name: str, code: str) -> FieldCode:
    if code in _FIELD_CODES:
        return _FIELD_CODES[code]
    if name == "accountToken":
        return FieldCode.TOKEN_INVALID
    if name.startswith("capabilities") and code == "parameter_unknown":
        return FieldCode.CAPABILITY_INVALID
    is_unavailable = any(words in code for words in ("not_available", "not_supported", "not_allowed"))
    return FieldCode.NOT_AVAILABLE if is_unavailable else FieldCode.REFUSED_BY_STRIPE


def _names(message: str, name: str) -> bool:
    """Whether the message has this name or path as a word: `konbini_payments`, or "Konbini Payments"."""
    words = "[_ -]".join(map(re.escape, name.split("_")))
    before = "A-Za-z0-9_" if name.endswith("_payments") else "A-Za-z0-9_."
    return re.search(rf"(?<![{before}]){words}(?![A-Za-z0-9_])", message, re.IGNORECASE) is not None
