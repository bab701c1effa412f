"""The check that each deprecation names a replacement and an end date.

    @deprecated(reason: "Use `Merchant.summary`. Works until 2027-06-30.")

The replacement must be in the schema: `Type.field`, `Type.field(argument:)` or `Enum.VALUE`.
"""

import datetime as dt
import re
from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

FORM = re.compile(r"Use `(?P<instead>[^`]+)`\. Works until (?P<until>\d{4}-\d{2}-\d{2})\.( .+)?", re.DOTALL)
EXAMPLE = "Use `Type.field`. Works until 2027-06-30."


def coordinates(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every element that a client can name, with its deprecation reason, or None if it is not deprecated."""
    for name, type_ in schema.type_map.items():
        yield name, None
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in type_.fields.items():
                yield f"{name}.{field_name}", field.deprecation_reason
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.deprecation_reason
        elif isinstance(type_, GraphQLInputObjectType):
            for input_name, input_field in type_.fields.items():
                yield f"{name}.{input_name}", input_field.deprecation_reason
        elif isinstance(type_, GraphQLEnumType):
            for value_name, value in type_.values.items():
                yield f"{name}.{value_name}", value.deprecation_reason


def problems(schema: GraphQLSchema) -> list[str]:
    """Deprecations without an end date or without a current replacement."""
    reasons = dict(coordinates(schema))
    return [
        f"{coordinate}: {problem}"
        for coordinate, reason in reasons.items()
        if reason is not None and (problem := _problem(reason, reasons))
    ]


def _problem(reason: str, reasons: dict[str, str | None]) -> str | None:
    match = FORM.fullmatch(reason)
    if match is None:
        return f"deprecated without a replacement and a date; write {EXAMPLE}"
    try:
        dt.date.fromisoformat(match["until"])
    except ValueError:
        return f"not a date: {match['until']}"
    if match["instead"] not in reasons:
        return f"the replacement {match['instead']} is not in the schema"
    if reasons[match["instead"]] is not None:
        return f"the replacement {match['instead']} is deprecated itself"
    return None
