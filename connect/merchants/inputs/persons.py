"""Persons whom a platform adds to the account of a company or another organization."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.merchants.inputs.addresses import check_email, convert_email
from connect.merchants.inputs.details import (
    INDIVIDUAL,
    Address,
    check_address,
    check_date_of_birth,
    check_phone,
)
from connect.merchants.inputs.texts import check_text

_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """`roles` are names of fields in Stripe's `relationship`, such as `owner`. `date_of_birth` is YYYY-MM-DD.

    `percent_ownership` is a decimal number.
    """

    given_name: str = field(repr=False)
    surname: str = field(repr=False)
    roles: tuple[str, ...] = ()
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    date_of_birth: str | None = field(default=None, repr=False)
    address: Address | None = field(default=None, repr=False)
    title: str | None = field(default=None, repr=False)
    percent_ownership: str | None = field(default=None, repr=False)


def check_person(person: NewPerson, entity_type: str | None, today: date) -> NewPerson:
    """Return the person with its e-mail address in ASCII. Raises InvalidInput.

    `entity_type` is the account's type, or None if it is unknown. Only the account of a company or another
    organization has further persons (https://docs.stripe.com/api/v2/core/persons/create).
    """
    fields = list(_check(person, today))
    if entity_type in {None, INDIVIDUAL}:
        message = (
            "Only the account of a company or another organization has further persons. Set `entityType` "
            "when you create the merchant, or let the merchant choose it in Stripe's form."
        )
        user_message = "Other persons are only for companies and organizations."
        fields.append(InvalidField("person", FieldCode.NOT_AVAILABLE, message, user_message))
    if fields:
        raise InvalidInput(fields)
    return replace(person, email=convert_email(person.email)) if person.email is not None else person


def _check(person: NewPerson, today: date) -> Iterator[InvalidField]:
    yield from check_text("person.givenName", person.given_name, 255)
    yield from check_text("person.surname", person.surname, 255)
    if person.email is not None:
        yield from check_email("person.email", person.email)
    if person.phone is not None:
        yield from check_phone("person.phone", person.phone)
    if person.date_of_birth is not None:
        yield from check_date_of_birth("person.dateOfBirth", person.date_of_birth, today)
    yield from check_address("person.address", person.address)
    if person.title is not None:
        yield from check_text("person.title", person.title, 255)
    share = person.percent_ownership
    if share is not None and not (_SHARE.fullmatch(share) and 0 < float(share) <= 100):
        message = "Give a decimal number above 0 and up to 100, such as 25 or 33.5."
        user_message = "Enter a share above 0 and up to 100 percent."
        yield InvalidField("person.percentOwnership", FieldCode.SHARE_INVALID, message, user_message)
