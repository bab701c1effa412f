"""Details of a merchant that the platform already knows and passes on, so that Stripe's form does not ask for
them.

All details are optional. `business` and `individual` are parts of Stripe's `identity`: they are sent to
Stripe, stored only in encrypted form, and never returned (docs/decisions/0010).
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from connect.errors import FieldCode, InvalidField
from connect.inputs.web_address import convert
from connect.merchants.inputs.addresses import check_email, check_website, convert_email
from connect.merchants.inputs.countries import check_country
from connect.merchants.inputs.currencies import check_currency
from connect.merchants.inputs.locales import check_locales
from connect.merchants.inputs.texts import check_text

INDIVIDUAL = "individual"

_CATEGORY = re.compile(r"(?!0000)[0-9]{4}")
_PHONE = re.compile(r"\+?[0-9 ()./-]{4,40}")
_STRUCTURE = re.compile(r"[a-z][a-z_]{2,60}")
# The minimum and maximum numbers of characters of the two texts on a customer's statement
# (https://docs.stripe.com/get-started/account/statement-descriptors).
_DESCRIPTOR, _PREFIX = (5, 22), (2, 10)
_DESCRIPTOR_CHARACTERS = re.compile(r"[ -~\u00a1-\u024f]*")
_NOT_IN_DESCRIPTOR = frozenset("<>\\'\"*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OLDEST_YEAR = 1900
# Stripe's minimum age in years
# (https://support.stripe.com/questions/age-requirement-to-create-a-stripe-account).
_MINIMUM_AGE = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    country: str
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    town: str | None = None
    state: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportContact:
    """The contact that the merchant's customers see."""

    email: str | None = None
    phone: str | None = None
    url: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    registered_name: str | None = None
    structure: str | None = None
    phone: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual:
    """The person behind an account of the type `individual`. `date_of_birth` is YYYY-MM-DD."""

    given_name: str | None = None
    surname: str | None = None
    email: str | None = None
    phone: str | None = None
    date_of_birth: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """`currency` is upper case. A value of None is omitted."""

    contact_phone: str | None = None
    merchant_category_code: str | None = None
    doing_business_as: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_prefix: str | None = None
    currency: str | None = None
    locales: tuple[str, ...] = ()
    support: SupportContact | None = None
    business: Business | None = field(default=None, repr=False)
    individual: Individual | None = field(default=None, repr=False)


NO_DETAILS = Details()


def values(details: Details) -> dict[str, Any]:
    """The details that have a value, without empty objects and lists."""
    found: dict[str, Any] = filled(asdict(details))
    return found


def check_details(details: Details, today: date) -> Iterator[InvalidField]:
    yield from _check(check_phone, "contactPhone", details.contact_phone)
    yield from _check(_check_category, "merchantCategoryCode", details.merchant_category_code)
    yield from _check_text("doingBusinessAs", details.doing_business_as)
    yield from check_statement("statementDescriptor", details.statement_descriptor, _DESCRIPTOR)
    yield from check_statement("statementDescriptorPrefix", details.statement_descriptor_prefix, _PREFIX)
    yield from _check(check_currency, "currency", details.currency)
    yield from check_locales("locales", details.locales)
    if (support := details.support) is not None:
        yield from _check(check_email, "support.email", support.email)
        yield from _check(check_phone, "support.phone", support.phone)
        yield from _check(check_website, "support.url", support.url)
        yield from check_address("support.address", support.address)
    if (business := details.business) is not None:
        yield from _check_text("business.registeredName", business.registered_name)
        yield from _check(_check_structure, "business.structure", business.structure)
        yield from _check(check_phone, "business.phone", business.phone)
        yield from check_address("business.address", business.address)
    if (individual := details.individual) is not None:
        yield from _check_text("individual.givenName", individual.given_name)
        yield from _check_text("individual.surname", individual.surname)
        yield from _check(check_email, "individual.email", individual.email)
        yield from _check(check_phone, "individual.phone", individual.phone)
        if (born := individual.date_of_birth) is not None:
            yield from check_date_of_birth("individual.dateOfBirth", born, today, _MINIMUM_AGE)
        yield from check_address("individual.address", individual.address)


def check_entity_type(details: Details, entity_type: str | None) -> Iterator[InvalidField]:
    """Refuse `individual` unless the type of business is individual, because other businesses do not have
    this person at Stripe (https://docs.stripe.com/api/v2/core/accounts/create).
    """
    if values(details).get("individual") and entity_type != INDIVIDUAL:
        yield InvalidField(
            "individual",
            FieldCode.NOT_AVAILABLE,
            "Only an account with `entityType: INDIVIDUAL` has this person. Leave it out: Stripe's form asks "
            "for the persons of other businesses.",
            "These personal details are only for individuals.",
        )


def convert_details(details: Details) -> Details:
    """Return checked details with their addresses in ASCII."""
    support, individual = details.support, details.individual
    if support is not None:
        email = convert_email(support.email) if support.email is not None else None
        url = convert(support.url) if support.url is not None else None
        support = replace(support, email=email, url=url)
    if individual is not None and individual.email is not None:
        individual = replace(individual, email=convert_email(individual.email))
    return replace(details, support=support, individual=individual)


def filled(value: Any) -> Any:
    """The value without the parts that are None, an empty object or an empty list. Nested parts are removed,
    too.
    """
    if not isinstance(value, dict):
        return value
    parts = {name: filled(part) for name, part in value.items()}
    return {name: part for name, part in parts.items() if part not in (None, {}, ())}


def _check(check: Any, name: str, value: str | None) -> Iterator[InvalidField]:
    if value is not None:
        yield from check(name, value)


def _check_text(name: str, value: str | None, limit: int = 255) -> Iterator[InvalidField]:
    if value is not None:
        yield from check_text(name, value, limit)


def check_address(name: str, address: Address | None) -> Iterator[InvalidField]:
    if address is None:
        return
    yield from check_country(f"{name}.country", address.country)
    yield from _check_text(f"{name}.line1", address.line1)
    yield from _check_text(f"{name}.line2", address.line2)
    yield from _check_text(f"{name}.city", address.city)
    yield from _check_text(f"{name}.town", address.town)
    yield from _check_text(f"{name}.state", address.state)
    yield from _check_text(f"{name}.postalCode", address.postal_code, 20)


def check_phone(name: str, value: str) -> Iterator[InvalidField]:
    digits = sum(c.isdigit() for c in value)
    if not _PHONE.fullmatch(value) or not 6 <= digits <= 15:
        yield InvalidField(
            name,
            FieldCode.PHONE_INVALID,
            "Give a phone number with its country code, such as +49 30 1234567.",
            "Enter a phone number with its country code, such as +49 30 1234567.",
        )


def _check_category(name: str, value: str) -> Iterator[InvalidField]:
    if not _CATEGORY.fullmatch(value):
        yield InvalidField(
            name,
            FieldCode.CATEGORY_INVALID,
            "Give the four digits of a merchant category code, such as 5734 "
            "(https://docs.stripe.com/connect/setting-mcc).",
            "Choose a category from the list.",
        )


def _check_structure(name: str, value: str) -> Iterator[InvalidField]:
    if not _STRUCTURE.fullmatch(value):
        yield InvalidField(
            name,
            FieldCode.STRUCTURE_INVALID,
            "Give Stripe's name of a legal structure, such as private_company or sole_proprietorship.",
            "Choose a legal form from the list.",
        )


def check_statement(name: str, value: str | None, limits: tuple[int, int]) -> Iterator[InvalidField]:
    """Check a text for the statement of a customer's card. `limits` are its minimum and maximum length."""
    if value is None:
        return
    least, most = limits
    fields = list(check_text(name, value, most))
    yield from fields
    has_letter = any(c.isalpha() for c in value)
    is_latin = _DESCRIPTOR_CHARACTERS.fullmatch(value) and not _NOT_IN_DESCRIPTOR & set(value)
    if not fields and not (len(value) >= least and has_letter and is_latin):
        yield InvalidField(
            name,
            FieldCode.STATEMENT_DESCRIPTOR_INVALID,
            f"Give {least} to {most} Latin characters with at least one letter, without < > \\ ' \" *.",
            f"Enter {least} to {most} Latin characters with at least one letter, without < > \\ ' \" *.",
        )


def stripe_date(text: str) -> dict[str, int]:
    """A date in the form of Stripe's API: its day, month and year."""
    year, month, day = map(int, text.split("-"))
    return {"day": day, "month": month, "year": year}


def check_date_of_birth(name: str, value: str, today: date, minimum_age: int = 0) -> Iterator[InvalidField]:
    """Check a date of birth. `minimum_age` is in years."""
    try:
        born = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        born = None
    if born is None or born.year < _OLDEST_YEAR:
        message = f"Give a date of birth since {_OLDEST_YEAR} as YYYY-MM-DD, such as 1985-03-24."
        yield InvalidField(name, FieldCode.DATE_INVALID, message, "Enter your date of birth.")
    elif born > today:
        message = "This date is in the future. Give a date of birth as YYYY-MM-DD, such as 1985-03-24."
        yield InvalidField(name, FieldCode.DATE_INVALID, message, "Enter your date of birth.")
    elif _age(born, today) < minimum_age:
        message = f"Stripe's minimum age is {minimum_age} years. Correct the date of birth, or leave it out."
        user_message = f"The minimum age is {minimum_age} years."
        yield InvalidField(name, FieldCode.DATE_INVALID, message, user_message)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
