"""Checks of new merchants, and of changes to merchants."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.inputs.web_address import convert
from connect.merchants.inputs.account_tokens import check_account_token
from connect.merchants.inputs.addresses import check_email, check_website, convert_email
from connect.merchants.inputs.countries import check_country
from connect.merchants.inputs.details import (
    NO_DETAILS,
    Details,
    check_details,
    check_entity_type,
    convert_details,
    values,
)
from connect.merchants.inputs.texts import check_text
from connect.merchants.rules.status.facts import CARD_PAYMENTS
from connect.merchants.wording.capabilities import CAPABILITIES

_CAPABILITY = re.compile(r"[a-z][a-z0-9_]{0,60}_payments")
_STEMS = [name.removesuffix("_payments") for name in CAPABILITIES if _CAPABILITY.fullmatch(name)]


@dataclass(frozen=True, slots=True)
class NewMerchant:
    """A merchant to create. `country` is upper case; `capabilities` are requested in addition to
    `card_payments`.
    """

    external_id: str
    display_name: str
    contact_email: str
    country: str
    entity_type: str | None = None
    business_url: str | None = None
    product_description: str | None = None
    capabilities: tuple[str, ...] = ()
    account_token: str | None = field(default=None, repr=False)
    details: Details = NO_DETAILS

    def all_capabilities(self) -> tuple[str, ...]:
        """All capabilities to request, sorted, so that the order of the input does not matter."""
        return (CARD_PAYMENTS, *sorted(set(self.capabilities) - {CARD_PAYMENTS}))


@dataclass(frozen=True, slots=True)
class MerchantChanges:
    """Changes to a merchant. None keeps the current value."""

    display_name: str | None = None
    contact_email: str | None = None
    business_url: str | None = None
    product_description: str | None = None
    capabilities: tuple[str, ...] | None = None
    account_token: str | None = field(default=None, repr=False)
    give_up_capabilities: tuple[str, ...] | None = None
    details: Details = NO_DETAILS


def check_new_merchant(new: NewMerchant, today: date) -> NewMerchant:
    """Return the merchant with its addresses in ASCII. Raises InvalidInput."""
    _refuse(
        *check_text("externalId", new.external_id, 255),
        *check_text("displayName", new.display_name, 255),
        *check_email("contactEmail", new.contact_email),
        *check_country("country", new.country),
        *_check_profile(new.business_url, new.product_description),
        *_check_capabilities("capabilities", new.capabilities),
        *check_details(new.details, today),
        *check_entity_type(new.details, new.entity_type),
        *_check_token(new.account_token, new.details, entityType=new.entity_type),
    )
    return replace(
        new,
        contact_email=convert_email(new.contact_email),
        business_url=_ascii_url(new.business_url),
        details=convert_details(new.details),
    )


def check_replacement(stripe_account_id: str, new: NewMerchant, today: date) -> NewMerchant:
    """Return the new account with its addresses in ASCII. Raises InvalidInput."""
    fields = list(check_text("stripeAccountId", stripe_account_id, 255))
    try:
        new = check_new_merchant(new, today)
    except InvalidInput as error:
        fields += error.fields
    _refuse(*fields)
    return new


def check_changes(changes: MerchantChanges, today: date) -> MerchantChanges:
    """Return the changes with their addresses in ASCII. Raises InvalidInput."""
    if not _has_value(changes):
        message = "Name at least one thing to change."
        _refuse(InvalidField("input", FieldCode.NO_CHANGES, message, "Change at least one field."))
    name, email = changes.display_name, changes.contact_email
    _refuse(
        *(check_text("displayName", name, 255) if name is not None else ()),
        *(check_email("contactEmail", email) if email is not None else ()),
        *_check_profile(changes.business_url, changes.product_description),
        *_check_capabilities("capabilities", changes.capabilities or ()),
        *_check_given_up(changes),
        *check_details(changes.details, today),
        *_check_token(changes.account_token, changes.details, displayName=name, contactEmail=email),
    )
    return replace(
        changes,
        contact_email=convert_email(email) if email is not None else None,
        business_url=_ascii_url(changes.business_url),
        details=convert_details(changes.details),
    )


def check_for_type(changes: MerchantChanges, entity_type: str | None) -> None:
    """Check the changes to an account with this type of business. Raises InvalidInput."""
    _refuse(*check_entity_type(changes.details, entity_type))


def _has_value(changes: MerchantChanges) -> bool:
    return replace(changes, details=NO_DETAILS) != MerchantChanges() or bool(values(changes.details))


def _refuse(*fields: InvalidField) -> None:
    if fields:
        raise InvalidInput(fields)


def _ascii_url(value: str | None) -> str | None:
    return convert(value) if value is not None else None


def _check_profile(business_url: str | None, product_description: str | None) -> Iterator[InvalidField]:
    if business_url is not None:
        yield from check_website("businessUrl", business_url)
    if product_description is not None:
        yield from check_text("productDescription", product_description, 2000, lines=True)


def _check_capabilities(field_name: str, names: tuple[str, ...]) -> Iterator[InvalidField]:
    if len(names) > 50:
        message = "Name at most 50 capabilities."
        user_message = "Choose at most 50 payment methods."
        yield InvalidField(field_name, FieldCode.TOO_MANY, message, user_message)
        return
    for index, name in enumerate(names):
        if not _CAPABILITY.fullmatch(name):
            yield InvalidField(
                f"{field_name}[{index}]",
                FieldCode.CAPABILITY_INVALID,
                "Give the name of a payment capability, such as card_payments. Stripe adds payouts "
                "automatically." + suggestion(name),
                "This payment method is not available.",
            )


def _check_given_up(changes: MerchantChanges) -> Iterator[InvalidField]:
    names = changes.give_up_capabilities or ()
    yield from _check_capabilities("giveUpCapabilities", names)
    for index, name in enumerate(names):
        if name in (changes.capabilities or ()):
            message = "Name this capability in `capabilities` or in `giveUpCapabilities`, not in both."
            user_message = "Choose either to add or to remove this payment method."
            yield InvalidField(f"giveUpCapabilities[{index}]", FieldCode.CONTRADICTION, message, user_message)


def _check_token(token: str | None, details: Details, **in_token: object) -> Iterator[InvalidField]:
    """Check an account token, and refuse the values that Stripe does not accept together with a token."""
    if token is None:
        return
    yield from check_account_token("accountToken", token)
    known = values(details)
    in_token |= {
        "contactPhone": known.get("contact_phone"),
        "business": known.get("business"),
        "individual": known.get("individual"),
    }
    for name, value in in_token.items():
        if value is not None:
            message = "Put this value into the account token, and leave it out of the input."
            user_message = "This value cannot be changed here."
            yield InvalidField(name, FieldCode.BELONGS_IN_TOKEN, message, user_message)


def suggestion(name: str) -> str:
    """Return a sentence with the name of a capability that resembles this one, or an empty text."""
    stem = re.sub(r"[^a-z0-9]+", "_", name[:100].lower()).strip("_").removesuffix("_payments")
    similar = get_close_matches(stem, _STEMS, 1, 0.8)
    return f" Did you mean {similar[0]}_payments?" if similar else ""
