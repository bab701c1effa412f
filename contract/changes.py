"""The changes of the schema since the last release: breaking, dangerous and accepted changes."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLInputObjectType, GraphQLSchema
from graphql.utilities import find_breaking_changes, find_dangerous_changes


@dataclass(frozen=True)
class Accepted:
    """An intended breaking change, as graphql-core describes it, with its reason."""

    change: str
    reason: str


def read_accepted(text: str) -> list[Accepted]:
    """Parse accepted.toml. Raises ValueError for a change without a reason."""
    changes = [Accepted(**entry) for entry in tomllib.loads(text).get("accepted", [])]
    for entry in changes:
        if not entry.reason.strip():
            raise ValueError(f"no reason for the accepted change: {entry.change}")
    return changes


def breaking(released: GraphQLSchema, current: GraphQLSchema) -> list[str]:
    """Changes that can make a client's operation fail."""
    return [
        *(change.description for change in find_breaking_changes(released, current)),
        *_one_of(released, current),
    ]


def dangerous(released: GraphQLSchema, current: GraphQLSchema) -> list[str]:
    """Changes that break no operation but can break client code, for example a new enum value."""
    return [change.description for change in find_dangerous_changes(released, current)]


def problems(released: GraphQLSchema, current: GraphQLSchema, accepted: list[Accepted]) -> list[str]:
    """Breaking changes that are not accepted, and accepted changes that do not exist."""
    broken, listed = breaking(released, current), [entry.change for entry in accepted]
    return [
        *(f"breaks clients: {change}" for change in broken if change not in listed),
        *(
            f"accepted, but the schema has no such change: {change}"
            for change in listed
            if change not in broken
        ),
    ]


def _one_of(released: GraphQLSchema, current: GraphQLSchema) -> Iterator[str]:
    """Input types that became @oneOf. graphql-core does not compare this directive."""
    for name, before in released.type_map.items():
        after = current.type_map.get(name)
        if (
            isinstance(before, GraphQLInputObjectType)
            and isinstance(after, GraphQLInputObjectType)
            and (after.is_one_of and not before.is_one_of)
        ):
            yield f"{name} became a @oneOf input."
