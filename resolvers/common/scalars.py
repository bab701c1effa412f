"""The scalars, and the registration of enums. Documents already contain these values in wire form."""

import enum
import re
from datetime import datetime
from typing import Any, NewType

import strawberry
from graphql import EnumValueNode, GraphQLError, StringValueNode, ValueNode, print_ast
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from connect.merchants.rules.document import wire_time

DateTime = NewType("DateTime", str)
URL = NewType("URL", str)
CountryCode = NewType("CountryCode", str)
CurrencyCode = NewType("CurrencyCode", str)
Date = NewType("Date", str)
MinorUnits = NewType("MinorUnits", int)


def describe(values: type[enum.Enum], name: str, description: str, **descriptions: str) -> None:
    """Register a Python enum as a GraphQL enum. Each value needs a description."""
    definition: Any = strawberry.enum(values, name=name, description=description)
    for value in definition.__strawberry_definition__.values:
        value.description = descriptions[value.name]


def value(name: str, description: str) -> Any:
    """Define a value of a GraphQL enum, with its description."""
    return strawberry.enum_value(name, description=description)


def _serialize_time(value: object) -> str:
    if isinstance(value, datetime):
        return wire_time(value) or ""
    if isinstance(value, str):
        return value
    raise TypeError("a DateTime must be a datetime or RFC 3339 text")


def _pass_text(value: object) -> str:
    """Accept any text. Raises GraphQLError for any other value.

    Mutations and queries check the text later, and their error names the field.
    """
    if isinstance(value, str):
        return value
    raise GraphQLError("It must be a string.")


def _pass_literal(node: ValueNode, _variables: object = None) -> str:
    """Accept a string in the text of an operation, or a name without quotes.

    For any other value, raises GraphQLError with the value's position.
    """
    if isinstance(node, StringValueNode | EnumValueNode):
        return node.value
    raise GraphQLError(f"It must be a string, found: {print_ast(node)}.", node)


# JavaScript's largest exact integer. Every client reads smaller numbers exactly.
MAX_MINOR_UNITS = 2**53 - 1


def _serialize_minor_units(value: object) -> int:
    if type(value) is not int or not -MAX_MINOR_UNITS <= value <= MAX_MINOR_UNITS:
        raise TypeError("minor units must be an integer of at most 53 bits")
    return value


def _parse_minor_units(value: object) -> int:
    """Accept an integer, or its digits as text. A number with a fraction is refused."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,16}", value):
        value = int(value)
    if type(value) is not int or not -MAX_MINOR_UNITS <= value <= MAX_MINOR_UNITS:
        raise GraphQLError("It must be an integer of minor units, from -(2^53-1) to 2^53-1.")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A time in UTC, in the format of RFC 3339 with milliseconds: `2026-01-31T10:00:00.000Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_serialize_time,
        parse_value=_pass_text,
        parse_literal=_pass_literal,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https address of at most 2,048 characters. The input field "
        "`returnTo` also accepts an address with an app's scheme.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=_pass_text,
        parse_value=_pass_text,
        parse_literal=_pass_literal,
    ),
    CountryCode: strawberry.scalar(
        name="CountryCode",
        description="A country as an ISO 3166-1 alpha-2 code in upper case: `US`, `DE`.",
        specified_by_url="https://www.iso.org/iso-3166-country-codes.html",
        serialize=_pass_text,
        parse_value=_pass_text,
        parse_literal=_pass_literal,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="A currency as an ISO 4217 code in upper case: `USD`, `EUR`.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=_pass_text,
        parse_value=_pass_text,
        parse_literal=_pass_literal,
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A calendar date in the format of RFC 3339: `2026-01-31`.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=_pass_text,
        parse_value=_pass_text,
        parse_literal=_pass_literal,
    ),
    MinorUnits: strawberry.scalar(
        name="MinorUnits",
        description="An amount as an integer in the smallest unit of its currency, as Stripe counts it: "
        "`1099` is 10.99 USD. The range is -(2^53-1) to 2^53-1. Responses contain a JSON number, which may "
        "exceed 32 bits. An input may also be a string of digits.",
        specified_by_url="https://docs.stripe.com/currencies",
        serialize=_serialize_minor_units,
        parse_value=_parse_minor_units,
    ),
}


def _read_field(source: object, name: str) -> object:
    """Read a field of a source. In a document, the field is the key with the GraphQL name. In any other
    source, it is an attribute.
    """
    if isinstance(source, dict):
        return source[_WIRE_NAMES.get(name) or wire_name(name)]
    return getattr(source, name)


# A cache of GraphQL names. It cannot contain more entries than the schema has fields.
_WIRE_NAMES: dict[str, str] = {}


def wire_name(name: str) -> str:
    """The GraphQL name of a Python name: `createdAt` for `created_at`."""
    first, *rest = name.split("_")
    return _WIRE_NAMES.setdefault(name, first + "".join(map(str.capitalize, rest)))


CONFIG = StrawberryConfig(default_resolver=_read_field, scalar_map=SCALARS, disable_field_suggestions=True)
