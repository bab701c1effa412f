"""Finds the input fields that Stripe refused. Stripe names them in its message."""

import re
from collections.abc import Iterable

from connect.errors import CountryNotSupported, FieldCode, InvalidField, StripeRefused
from connect.merchants.inputs.merchants import MerchantChanges, NewMerchant
from connect.merchants.rules.status.facts import CARD_PAYMENTS
from connect.merchants.wording.refusals import refusal as remedy_for

NOT_IN_COUNTRY = "capability_not_available_in_country"
CANNOT_BE_UNREQUESTED = "capability_cannot_be_unrequested_due_to_other_capability_requirement"

_ADDRESS = {
    **{name: name for name in ("country", "line1", "line2", "city", "town", "state")},
    "postal_code": "postalCode",
}
_ADDRESSES = {
    "configuration.merchant.support.address": "support.address",
    "identity.business_details.address": "business.address",
    "identity.individual.address": "individual.address",
}
# A map from Stripe's paths to the fields of the inputs.
_PATHS = {
    "account_token": "accountToken",
    "contact_email": "contactEmail",
    "contact_phone": "contactPhone",
    "display_name": "displayName",
    "identity.country": "country",
    "identity.entity_type": "entityType",
    "defaults.currency": "currency",
    "defaults.locales": "locales",
    "defaults.profile.business_url": "businessUrl",
    "defaults.profile.doing_business_as": "doingBusinessAs",
    "defaults.profile.product_description": "productDescription",
    "configuration.merchant.mcc": "merchantCategoryCode",
    "configuration.merchant.statement_descriptor.descriptor": "statementDescriptor",
    "configuration.merchant.statement_descriptor.prefix": "statementDescriptorPrefix",
    **{f"configuration.merchant.support.{name}": f"support.{name}" for name in ("email", "phone", "url")},
    "identity.business_details": "business",
    "identity.business_details.registered_name": "business.registeredName",
    "identity.business_details.structure": "business.structure",
    "identity.business_details.phone": "business.phone",
    "identity.individual": "individual",
    "identity.individual.given_name": "individual.givenName",
    "identity.individual.surname": "individual.surname",
    "identity.individual.email": "individual.email",
    "identity.individual.phone": "individual.phone",
    "identity.individual.date_of_birth": "individual.dateOfBirth",
    **_ADDRESSES,
    **{
        f"{path}.{part}": f"{name}.{field}"
        for path, name in _ADDRESSES.items()
        for part, field in _ADDRESS.items()
    },
}
_NOT_FOR_CHANGES = frozenset({"country", "entityType"})
# The field for each error code whose message does not always name a field.
_BY_CODE = {
    **dict.fromkeys(
        (
            *("account_token_required", "incorrect_token_wrong_type", "invalid_account_token"),
            *("token_already_used", "token_expired", "v1_token_invalid_in_v2"),
        ),
        "accountToken",
    ),
    **dict.fromkeys(("email_invalid", "email_domain_invalid_for_recipient"), "contactEmail"),
    **dict.fromkeys(
        ("cross_border_connected_account_creation_not_allowed", "identity_country_required"), "country"
    ),
    **dict.fromkeys(("account_country_unsupported_currency", "default_currency_immutable"), "currency"),
    **dict.fromkeys(("date_of_birth_age_restriction", "date_of_birth_invalid"), "individual.dateOfBirth"),
    "entity_type_not_supported_in_country": "entityType",
    "mcc_invalid": "merchantCategoryCode",
    "statement_descriptor_invalid": "statementDescriptor",
    "structure_incompatible_for_entity_type_country": "business.structure",
    "url_invalid": "businessUrl",
}
# A map from Stripe's paths to the fields of persons whom the platform adds.
_PERSON_PATHS = {
    "given_name": "person.givenName",
    "surname": "person.surname",
    "email": "person.email",
    "phone": "person.phone",
    "date_of_birth": "person.dateOfBirth",
    "address": "person.address",
    **{f"address.{part}": f"person.address.{name}" for part, name in _ADDRESS.items()},
    "relationship": "person.roles",
    "relationship.title": "person.title",
    "relationship.percent_ownership": "person.percentOwnership",
}
_PERSON_BY_CODE = {
    **dict.fromkeys(("date_of_birth_age_restriction", "date_of_birth_invalid"), "person.dateOfBirth"),
    **dict.fromkeys(
        ("person_percent_ownership_invalid", "total_person_ownership_exceeded"), "person.percentOwnership"
    ),
    **dict.fromkeys(("invalid_relationship_for_identity_type_structure_and_country",), "person.roles"),
    **dict.fromkeys(("duplicate_person_not_allowed", "individual_additional_person_not_allowed"), "person"),
    "email_invalid": "person.email",
    "phone_invalid": "person.phone",
}
_FIELD_CODES = {
    **dict.fromkeys(("account_token_required", "identity_country_required"), FieldCode.REQUIRED),
    "parameter_missing": FieldCode.REQUIRED,
    "email_invalid": FieldCode.EMAIL_INVALID,
    "url_invalid": FieldCode.URL_INVALID,
    "param_alongside_account_token": FieldCode.BELONGS_IN_TOKEN,
    "phone_invalid": FieldCode.PHONE_INVALID,
    "mcc_invalid": FieldCode.CATEGORY_INVALID,
    "statement_descriptor_invalid": FieldCode.STATEMENT_DESCRIPTOR_INVALID,
    "structure_incompatible_for_entity_type_country": FieldCode.STRUCTURE_INVALID,
    **dict.fromkeys(("date_of_birth_age_restriction", "date_of_birth_invalid"), FieldCode.DATE_INVALID),
    **dict.fromkeys(
        (
            *("address_characters_invalid", "address_country_identity_country_mismatch"),
            *("address_country_mismatch", "address_postal_code_invalid", "address_state_invalid"),
            *("address_town_invalid", "postal_code_required_for_jp_address", "unsupported_postal_code"),
            "unsupported_state",
        ),
        FieldCode.ADDRESS_INVALID,
    ),
    **dict.fromkeys(("default_currency_immutable", "immutable_identity_param"), FieldCode.CANNOT_CHANGE),
    "account_country_unsupported_currency": FieldCode.NOT_AVAILABLE,
    CANNOT_BE_UNREQUESTED: FieldCode.CANNOT_BE_GIVEN_UP,
    "individual_additional_person_not_allowed": FieldCode.NOT_AVAILABLE,
    **dict.fromkeys(
        ("person_percent_ownership_invalid", "total_person_ownership_exceeded"), FieldCode.SHARE_INVALID
    ),
}
_USER_MESSAGES = {
    FieldCode.SHARE_INVALID: "Check the share of the business.",
    FieldCode.ADDRESS_INVALID: "Check the address.",
    FieldCode.CANNOT_BE_GIVEN_UP: "This payment method cannot be removed, or only together with another one.",
    FieldCode.CANNOT_CHANGE: "This value can no longer be changed here.",
    FieldCode.CATEGORY_INVALID: "Choose a category from the list.",
    FieldCode.DATE_INVALID: "Check the date of birth.",
    FieldCode.PHONE_INVALID: "Enter a phone number with its country code, such as +49 30 1234567.",
    FieldCode.STATEMENT_DESCRIPTOR_INVALID: "Choose another text for bank statements.",
    FieldCode.STRUCTURE_INVALID: "Choose a legal form from the list.",
    FieldCode.CAPABILITY_INVALID: "This payment method is not available.",
    FieldCode.EMAIL_INVALID: "Enter one email address, such as owner@shop.example.",
    FieldCode.NOT_AVAILABLE: "This choice is not available.",
    FieldCode.REQUIRED: "Fill in this field.",
    FieldCode.TOKEN_INVALID: "Your details could not be sent. Try again.",
    FieldCode.URL_INVALID: "Enter the address of a website, such as https://shop.example.",
}
_CAPABILITY_CODES = re.compile(r"(?:account_)?capability_.*")


def explain_creation(refusal: StripeRefused, new: NewMerchant) -> StripeRefused | CountryNotSupported:
    """Return the refusal with the fields that it is about, or CountryNotSupported.

    Stripe has one code for two refusals: the country does not support card payments, which every account
    needs, or it does not support another requested capability. Stripe's message names the capability or the
    country.
    """
    name_fields(refusal, new)
    if refusal.code != NOT_IN_COUNTRY:
        return refusal
    others = [name for name in new.capabilities if name != CARD_PAYMENTS]
    is_other = any(_names(refusal.detail, name) for name in others)
    is_country = _names(refusal.detail, CARD_PAYMENTS) or _names(refusal.detail, "identity.country")
    if others and (is_other or not is_country) and not _names(refusal.detail, CARD_PAYMENTS):
        return refusal
    user_message = _USER_MESSAGES[FieldCode.NOT_AVAILABLE]
    fields = (InvalidField("country", FieldCode.NOT_AVAILABLE, refusal.message, user_message),)
    return CountryNotSupported(new.country, refusal.message, refusal.request_id, fields)


def name_fields(refusal: StripeRefused, inputs: NewMerchant | MerchantChanges) -> None:
    """Set the fields of the input that the refusal is about."""
    refusal.fields = tuple(
        _field(name, _field_code(name, refusal.code), refusal) for name in _fields(refusal, inputs)
    )


def name_person_fields(refusal: StripeRefused) -> None:
    """Set the fields of the new person that the refusal is about."""
    paths = _longest(path for path in _PERSON_PATHS if _names(refusal.detail, path))
    names = [_PERSON_PATHS[path] for path in paths]
    if not names and refusal.code in _PERSON_BY_CODE:
        names = [_PERSON_BY_CODE[refusal.code]]
    refusal.fields = tuple(_field(name, _field_code(name, refusal.code), refusal) for name in names)


def _fields(refusal: StripeRefused, inputs: NewMerchant | MerchantChanges) -> list[str]:
    given_up = (inputs.give_up_capabilities if isinstance(inputs, MerchantChanges) else None) or ()
    capabilities = ("giveUpCapabilities", given_up)
    if refusal.code != CANNOT_BE_UNREQUESTED:
        capabilities = ("capabilities", inputs.capabilities or ())
    field, names = capabilities
    named = [f"{field}[{index}]" for index, name in enumerate(names) if _names(refusal.detail, name)]
    if named:
        return named
    if names and _CAPABILITY_CODES.fullmatch(refusal.code):
        return [field]
    fields = [_PATHS[path] for path in _longest(path for path in _PATHS if _names(refusal.detail, path))]
    if not fields and refusal.code in _BY_CODE:
        fields = [_BY_CODE[refusal.code]]
    omitted = _NOT_FOR_CHANGES if isinstance(inputs, MerchantChanges) else ()
    return [name for name in fields if name not in omitted]


def _longest(paths: Iterable[str]) -> list[str]:
    """The paths that are not prefixes of other paths. A message that contains a path also contains its
    prefixes.
    """
    found = list(paths)
    return [path for path in found if not any(other.startswith(f"{path}.") for other in found)]


def _field(name: str, code: FieldCode, refusal: StripeRefused) -> InvalidField:
    remedy = remedy_for(refusal.code)
    message = refusal.message
    if remedy:
        end = "" if message.endswith((".", "!", "?")) else "."  # some of Stripe's messages lack the period
        message = f"{message}{end} {remedy}"
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
    """Whether the message contains this name or path as a word: `konbini_payments`, or "Konbini Payments"."""
    words = "[_ -]".join(map(re.escape, name.split("_")))
    before = "A-Za-z0-9_" if name.endswith("_payments") else "A-Za-z0-9_."
    return re.search(rf"(?<![{before}]){words}(?![A-Za-z0-9_])", message, re.IGNORECASE) is not None
