"""Scalars. Sources hold them in wire form already, so serializing is passing on."""

from datetime import datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from connect.merchants.document import wire_time

DateTime = NewType("DateTime", str)
URL = NewType("URL", str)
CountryCode = NewType("CountryCode", str)


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return wire_time(value) or ""
    if isinstance(value, str):
        return value
    raise TypeError("a DateTime must be a datetime or RFC 3339 text")


def _text(value: object) -> str:
    """Input: any text. The mutations check it, and answer with a typed error that names the field."""
    if isinstance(value, str):
        return value
    raise GraphQLError("It must be a string.")


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC as RFC 3339 with milliseconds: `2026-01-31T10:00:00.000Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_time,
        parse_value=_text,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https address, at most 2,048 characters.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=_text,
        parse_value=_text,
    ),
    CountryCode: strawberry.scalar(
        name="CountryCode",
        description="A country as ISO 3166-1 alpha-2, upper case: `US`, `DE`.",
        specified_by_url="https://www.iso.org/iso-3166-country-codes.html",
        serialize=_text,
        parse_value=_text,
    ),
}


def _source(source: object, name: str) -> object:
    """A field of its source: a document is a dictionary with GraphQL's names, all else has attributes."""
    if isinstance(source, dict):
        return source[_WIRE_NAMES.get(name) or wire_name(name)]
    return getattr(source, name)


_WIRE_NAMES: dict[str, str] = {}


def wire_name(name: str) -> str:
    """`created_at` as `createdAt`; remembered, as there are only as many as fields in the schema."""
    first, *rest = name.split("_")
    return _WIRE_NAMES.setdefault(name, first + "".join(map(str.capitalize, rest)))


CONFIG = StrawberryConfig(default_resolver=_source, scalar_map=SCALARS, disable_field_suggestions=True)
