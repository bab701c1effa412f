"""The cost of an operation: an upper bound of the fields in its answer, computed from the schema and the
variables before execution (docs/decisions/0014)."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    value_from_ast_untyped,
)

from resolvers.relay.connection import DEFAULT_PAGE, MAX_PAGE

# The assumed length of lists without a size argument: capabilities, requirements.
LIST_LENGTH = 5
# The same for introspected fields, arguments and values, which most types do not have.
INTROSPECTED_LENGTH = 2
MAX_IDS = 100


def cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
) -> int:
    """The cost of an operation of a valid document within the limits."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    known: dict[str, int] = {}

    def of_selections(selections: SelectionSetNode, parent: GraphQLCompositeType) -> int:
        found = 0
        waiting = [(selections, parent)]
        while waiting:
            selections, parent = waiting.pop()
            for node in selections.selections:
                if isinstance(node, FieldNode):
                    found += of_field(node, parent)
                elif isinstance(node, FragmentSpreadNode):
                    found += of_fragment(node.name.value)
                else:
                    condition = node.type_condition  # type: ignore[attr-defined]
                    inner = schema.type_map[condition.name.value] if condition else parent
                    waiting.append((node.selection_set, inner))  # type: ignore[attr-defined, arg-type]
        return found

    def of_fragment(name: str) -> int:
        # Each is walked once: fragments that spread each other twice would double the time at each level.
        if name not in known:
            fragment = fragments[name]
            inner = schema.type_map[fragment.type_condition.name.value]
            known[name] = of_selections(fragment.selection_set, inner)  # type: ignore[arg-type]
        return known[name]

    def of_field(node: FieldNode, parent: GraphQLCompositeType) -> int:
        given = {a.name.value: value_from_ast_untyped(a.value, variables) for a in node.arguments or ()}
        # A list argument is read again for each answer of the field.
        own = 1 + sum(len(value) for value in given.values() if isinstance(value, list))
        if not node.selection_set:
            return own
        field = schema.get_field(parent, node.name.value)
        assert field is not None  # noqa: S101 -- the document is valid
        below = of_selections(node.selection_set, get_named_type(field.type))  # type: ignore[arg-type]
        return own + _times(schema, field, parent, given) * below

    root = schema.get_root_type(operation.operation)
    assert root is not None  # noqa: S101 -- the document is valid
    return of_selections(operation.selection_set, root)


def _times(
    schema: GraphQLSchema, field: GraphQLField, parent: GraphQLCompositeType, given: Mapping[str, Any]
) -> int:
    """The largest number of objects that a field has."""
    # A size above the limit is refused by the resolver, with a better message.
    if "first" in field.args:
        told = [size for name in ("first", "last") if isinstance(size := given.get(name), int)]
        return max(1, min(max(told, default=DEFAULT_PAGE), MAX_PAGE))
    if "ids" in field.args:
        return min(len(given["ids"]), MAX_IDS) if isinstance(given["ids"], list) else 1
    # The field of the connection counts its edges already.
    if not is_list_type(get_nullable_type(field.type)) or parent.name.endswith("Connection"):
        return 1
    if parent.name == "__Schema":
        return len(schema.type_map)
    return INTROSPECTED_LENGTH if parent.name.startswith("__") else LIST_LENGTH
