"""What changed in the schema since the last release, and which of it clients were warned of."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLInputObjectType, GraphQLSchema
from graphql.utilities import find_breaking_changes, find_dangerous_changes


@dataclass(frozen=True)
class Accepted:
    """A breaking change that is meant, in graphql-core's words, and why."""

    change: str
    reason: str


def accepted(text: str) -> list[Accepted]:
    """Read the list of accepted changes. One without a reason is an error."""
    found = [Accepted(**entry) for entry in tomllib.loads(text).get("accepted", [])]
    for entry in found:
        if not entry.reason.strip():
            raise ValueError(f"no reason is given for: {entry.change}")
    return found


def breaking(released: GraphQLSchema, present: GraphQLSchema) -> list[str]:
    """What a client of the released schema may fail on."""
    return [
        *(change.description for change in find_breaking_changes(released, present)),
        *_one_of(released, present),
    ]


def dangerous(released: GraphQLSchema, present: GraphQLSchema) -> list[str]:
    """What no written operation fails on, and a client's code may: a new enum value, say."""
    return [change.description for change in find_dangerous_changes(released, present)]


def problems(released: GraphQLSchema, present: GraphQLSchema, meant: list[Accepted]) -> list[str]:
    """Breaking changes that nobody accepted, and accepted ones that are not there."""
    found, listed = breaking(released, present), [entry.change for entry in meant]
    return [
        *(f"breaks clients: {change}" for change in found if change not in listed),
        *(f"accepted, but there is no such change: {change}" for change in listed if change not in found),
    ]


def _one_of(released: GraphQLSchema, present: GraphQLSchema) -> Iterator[str]:
    """Inputs that took several fields and now take exactly one, which graphql-core does not look at."""
    for name, before in released.type_map.items():
        after = present.type_map.get(name)
        if (
            isinstance(before, GraphQLInputObjectType)
            and isinstance(after, GraphQLInputObjectType)
            and (after.is_one_of and not before.is_one_of)
        ):
            yield f"{name} became a @oneOf input."
