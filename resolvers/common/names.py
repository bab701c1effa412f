"""The names of types and fields in the code. In a subgraph, a prefix can change their names in the schema."""

from typing import Any

from resolvers.common.scalars import wire_name


def of_type(type_: Any) -> str:
    """The name of a GraphQL type without a prefix."""
    definition = type_.extensions.get("strawberry-definition")
    name: str = getattr(definition, "name", None) or type_.name
    return name


def of_field(field: Any, name: str) -> str:
    """The name of a GraphQL field without a prefix. `name` is its name in the schema."""
    definition = field.extensions.get("strawberry-definition")
    return wire_name(definition.python_name) if definition is not None else name
