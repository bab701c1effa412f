"""A deprecation says what to use instead, and until when the old way works.

    @deprecated(reason: "Use `Merchant.summary`. Works until 2027-06-30.")

The replacement is something in the same schema: `Type.field`, `Type.field(argument:)` or `Enum.VALUE`.
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
WANTED = "Use `Type.field`. Works until 2027-06-30."


def coordinates(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything that a client can name, and why it is deprecated if it is."""
    for name, found in schema.type_map.items():
        yield name, None
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in found.fields.items():
                yield f"{name}.{field_name}", field.deprecation_reason
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.deprecation_reason
        elif isinstance(found, GraphQLInputObjectType):
            for input_name, taken in found.fields.items():
                yield f"{name}.{input_name}", taken.deprecation_reason
        elif isinstance(found, GraphQLEnumType):
            for value_name, value in found.values.items():
                yield f"{name}.{value_name}", value.deprecation_reason


def problems(schema: GraphQLSchema) -> list[str]:
    """Deprecations without a date or without a replacement that is there to stay."""
    reasons = dict(coordinates(schema))
    return [
        f"{coordinate}: {wrong}"
        for coordinate, reason in reasons.items()
        if reason is not None and (wrong := _wrong(reason, reasons))
    ]


def _wrong(reason: str, reasons: dict[str, str | None]) -> str | None:
    said = FORM.fullmatch(reason)
    if said is None:
        return f"deprecated without a replacement and a date; write: {WANTED}"
    try:
        dt.date.fromisoformat(said["until"])
    except ValueError:
        return f"there is no day {said['until']}"
    if said["instead"] not in reasons:
        return f"the replacement {said['instead']} is not in the schema"
    if reasons[said["instead"]] is not None:
        return f"the replacement {said['instead']} is deprecated itself"
    return None
