"""The base of all errors, and errors of single fields."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class FieldCode(enum.Enum):
    """Why a field of an input is invalid. The codes are part of the API."""

    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    OUTER_SPACES = "OUTER_SPACES"
    CONTROL_CHARACTERS = "CONTROL_CHARACTERS"
    NO_CHANGES = "NO_CHANGES"
    EMAIL_INVALID = "EMAIL_INVALID"
    URL_INVALID = "URL_INVALID"
    URL_NOT_ALLOWED = "URL_NOT_ALLOWED"
    ACCOUNT_NOT_CURRENT = "ACCOUNT_NOT_CURRENT"
    COUNTRY_UNKNOWN = "COUNTRY_UNKNOWN"
    CAPABILITY_INVALID = "CAPABILITY_INVALID"
    PHONE_INVALID = "PHONE_INVALID"
    CATEGORY_INVALID = "CATEGORY_INVALID"
    STATEMENT_DESCRIPTOR_INVALID = "STATEMENT_DESCRIPTOR_INVALID"
    CURRENCY_UNKNOWN = "CURRENCY_UNKNOWN"
    AMOUNT_INVALID = "AMOUNT_INVALID"
    LOCALE_UNKNOWN = "LOCALE_UNKNOWN"
    STRUCTURE_INVALID = "STRUCTURE_INVALID"
    DATE_INVALID = "DATE_INVALID"
    ADDRESS_INVALID = "ADDRESS_INVALID"
    SHARE_INVALID = "SHARE_INVALID"
    CONTRADICTION = "CONTRADICTION"
    CANNOT_BE_GIVEN_UP = "CANNOT_BE_GIVEN_UP"
    CANNOT_CHANGE = "CANNOT_CHANGE"
    ACCOUNT_INVALID = "ACCOUNT_INVALID"
    CUSTOMER_INVALID = "CUSTOMER_INVALID"
    METADATA_INVALID = "METADATA_INVALID"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    DUPLICATE = "DUPLICATE"
    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105 - a code
    BELONGS_IN_TOKEN = "BELONGS_IN_TOKEN"  # noqa: S105 - a code
    NOT_AVAILABLE = "NOT_AVAILABLE"
    REFUSED_BY_STRIPE = "REFUSED_BY_STRIPE"


@dataclass(frozen=True, slots=True)
class InvalidField:
    """An invalid field. `name` is its path in the input: `contactEmail`, `capabilities[1]`.

    `message` is for the client's developer, and `user_message` for the person who filled in a form.
    """

    name: str
    code: FieldCode
    message: str
    user_message: str


class ConnectError(Exception):
    """The base class. The message is for the client's developer and contains no secret."""

    message = ""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)


class InvalidInput(ConnectError):
    """`field` and the message are about the first invalid field."""

    def __init__(self, fields: Sequence[InvalidField]) -> None:
        super().__init__(fields[0].message)
        self.field = fields[0].name
        self.fields = tuple(fields)
