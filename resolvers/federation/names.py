"""The names of the subgraph: a prefix for names that other subgraphs often define themselves."""

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLScalarType, specified_scalar_types
from strawberry.schema.name_converter import NameConverter
from strawberry.types.field import StrawberryField
from strawberry.types.scalar import ScalarDefinition

ROOTS = "Query", "Mutation", "Subscription"

# Names that collide in practice, written as GraphQL schema coordinates. `node` must not be shared, because a
# router could ask this subgraph for an object of another subgraph.
COLLIDING = frozenset(
    {
        *("Query.node", "Query.nodes", "Query.viewer"),
        *("Node", "PageInfo", "Error", "Viewer", "Role", "Message"),
        *("Address", "AddressInput", "Money", "MoneyInput", "MetadataEntry", "MetadataInput"),
        *("CountryCode", "CurrencyCode"),
    }
)


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A prefix, and the names that get it: types (`Error`) and root fields (`Query.node`)."""

    # A prefix begins with a capital letter. If the prefix is empty, all names stay unchanged.
    prefix: str = ""
    prefixed: frozenset[str] = COLLIDING

    def of_type(self, name: str) -> str:
        """The name of a type in the subgraph."""
        return f"{self.prefix}{name}" if name in self.prefixed else name

    def scalars(self, scalars: Mapping[object, ScalarDefinition]) -> dict[object, ScalarDefinition]:
        """The scalars with their names in the subgraph. Strawberry would name them without the prefix."""
        return {
            key: dataclasses.replace(definition, implementation=self._scalar(definition))
            for key, definition in scalars.items()
        }

    def _scalar(self, definition: ScalarDefinition) -> GraphQLScalarType:
        return GraphQLScalarType(
            name=self.of_type(definition.name),
            description=definition.description,
            specified_by_url=definition.specified_by_url,
            serialize=definition.serialize,
            parse_value=definition.parse_value,
            parse_literal=definition.parse_literal,
            extensions={"strawberry-definition": definition},
        )

    def fields(self, parent: str, fields: Iterable[Any]) -> list[Any]:
        """Copies of root fields with their names in the subgraph."""
        return [self._field(parent, field) for field in fields]

    def _field(self, parent: str, field: StrawberryField) -> StrawberryField:
        changed = copy.copy(field)
        name = NameConverter().get_graphql_name(field)
        if self.prefix and f"{parent}.{name}" in self.prefixed:
            changed.graphql_name = f"{self.prefix[0].lower()}{self.prefix[1:]}{name[0].upper()}{name[1:]}"
        return changed

    def problems(self, types: Mapping[str, Any]) -> list[str]:
        """The reasons why the schema with these types cannot have these names."""
        types = {name: type_ for name, type_ in types.items() if not name.startswith("__")}
        coordinates = {f"{root}.{field}" for root in ROOTS for field in types[root].fields}
        known = types.keys() - {*ROOTS, *specified_scalar_types} | coordinates
        problems = [
            f"{name!r} is neither a type nor a root field, such as Query.node."
            for name in sorted(self.prefixed - known)
        ]
        taken = {self.of_type(name) for name in self.prefixed} & types.keys() if self.prefix else set()
        return problems + [f"a type has the name {name!r} already." for name in sorted(taken)]


class SubgraphNames(NameConverter):
    """Strawberry's names with the prefix of a subgraph."""

    def __init__(self, subgraph: Subgraph) -> None:
        super().__init__()
        self._subgraph = subgraph

    def from_type(self, type_: Any) -> str:
        return self._subgraph.of_type(super().from_type(type_))
