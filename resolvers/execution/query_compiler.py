"""Compiles queries that only read documents, so that they run without graphql-core.

Each root field of a compiled query is `_entities` or one of `ROOTS`, and its selections are compiled (see
`compiled_selection`). Its document passes the same checks as any other document. graphql-core executes all
other queries. It also repeats a compiled query that failed, which is safe because queries change nothing.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import graphql
import strawberry
from graphql.execution import get_argument_values
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields
from graphql.execution.values import VariableValues
from strawberry.types.arguments import convert_arguments

from resolvers.common import names
from resolvers.execution import compiled_query
from resolvers.execution.compiled_query import (
    ByStatus,
    CompiledQuery,
    Edges,
    EntitiesField,
    Info,
    OneField,
    PageField,
    Total,
    Variables,
)
from resolvers.execution.compiled_selection import (
    CompiledSelection,
    Selecting,
    compile_selection,
    is_plain,
    subfields,
)
from resolvers.execution.operations import Operation, find
from resolvers.federation.entities import ENTITIES
from resolvers.relay.documents import Listing, One
from resolvers.schema import ROOTS

# The maximum number of compiled queries of one operation: one for each combination of its Boolean variables.
MAX_VARIANTS = 16

PAGE_ARGUMENTS = {
    name
    for name, parameter in inspect.signature(Listing.page).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
}
PAGE_INFO = {"__typename", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor"}
STATUS_COUNT = {"__typename", "status", "count"}

Part = bytes | Edges | Info | Total | ByStatus


@dataclass(slots=True)
class _Selecting:
    """The values that `collect_subfields` needs at compile time (see `Selecting`)."""

    schema: graphql.GraphQLSchema
    fragments: dict[str, FragmentDetails]
    variable_values: VariableValues
    operation: graphql.OperationDefinitionNode


def prepare(
    schema: strawberry.Schema, text: str, name: str | None, inputs: dict[str, Any] | None, max_cost: int
) -> tuple[CompiledQuery, Variables, dict[str, Any], int] | None:
    """The compiled query, its coerced variables, its inputs and its cost.

    None if graphql-core must execute or refuse the operation.
    """
    operation = find(schema, text, name)
    if operation is None or not operation.is_query:
        return None
    inputs = inputs or {}
    variables = operation.coerce(inputs)
    # Check the cost before compiling, because a compiled query can be as large as its answer.
    if variables is None or (cost := operation.cost(variables)) > max_cost:
        return None
    key = tuple([item for item in variables.items() if isinstance(item[1], bool)])
    if key not in operation.compiled:
        if len(operation.compiled) >= MAX_VARIANTS:
            operation.compiled.clear()
        operation.compiled[key] = compile_query(schema, operation, inputs)
    compiled: CompiledQuery | None = operation.compiled[key]
    return (compiled, variables, inputs, cost) if compiled is not None else None


def is_subscription(schema: strawberry.Schema, text: str, name: str | None) -> bool:
    """Whether the operation is a valid subscription."""
    operation = find(schema, text, name)
    return operation is not None and operation.node.operation is graphql.OperationType.SUBSCRIPTION


def compile_query(
    schema: strawberry.Schema, operation: Operation, inputs: dict[str, Any]
) -> CompiledQuery | None:
    """Compile a query for these values of its Boolean variables; None if a part is not supported."""
    values = operation.variable_values(inputs)
    query = operation.schema.query_type
    if isinstance(values, list) or query is None:
        return None
    fragments = {
        part.name.value: FragmentDetails(part)
        for part in operation.document.definitions
        if isinstance(part, graphql.FragmentDefinitionNode)
    }
    selecting = _Selecting(operation.schema, fragments, values, operation.node)
    collected = collect_fields(operation.schema, fragments, values, query, operation.node)
    fields: list[tuple[bytes, OneField | PageField | EntitiesField]] = []
    for key, nodes in collected.grouped_field_set.items():
        definition = query.fields.get(nodes[0].node.name.value)
        if definition is None:
            return None
        name = definition.extensions["strawberry-definition"].python_name
        root = ROOTS.get(name)
        field: OneField | PageField | EntitiesField | None = None
        if name == "_entities":
            field = _entities(definition, selecting, nodes)
        elif isinstance(root, One):
            field = _one(root, definition, selecting, nodes)
        elif isinstance(root, Listing):
            arguments = _arguments(schema, definition, nodes[0].node, operation, values)
            parts = _connection(graphql.get_named_type(definition.type), selecting, nodes)
            field = PageField(root, arguments, parts) if arguments is not None and parts is not None else None
        if field is None:
            return None
        fields.append((_key(key, is_first=not fields), field))
    return CompiledQuery(fields)


def _one(
    one: One, field: graphql.GraphQLField, selecting: Selecting, nodes: list[FieldDetails]
) -> OneField | None:
    selection = compile_selection(selecting, graphql.get_named_type(field.type), nodes)
    if selection is None or set(field.args) != {one.argument}:
        return None
    return OneField(one, selection, _reference(nodes[0].node))


def _entities(field: graphql.GraphQLField, selecting: Selecting, nodes: list[FieldDetails]) -> EntitiesField:
    by_name = {entity.name: entity for entity in ENTITIES}
    union: Any = graphql.get_named_type(field.type)
    types = {by_name[names.of_type(one)]: one for one in union.types}
    value = (nodes[0].node.arguments or ())[0].value

    def representations(variables: Variables) -> Sequence[Any]:
        found = graphql.value_from_ast_untyped(value, dict(variables))
        # A single value in a document stands for a list with this value.
        return found if isinstance(found, list) else [found]

    return EntitiesField(
        {type_.name: entity for entity, type_ in types.items()},
        {
            entity: compile_selection(selecting, type_, nodes) if entity.table is not None else None
            for entity, type_ in types.items()
        },
        representations,
    )


def _reference(node: graphql.FieldNode) -> Callable[[Variables], tuple[str, Any]]:
    """A function that returns the name and the value of the argument's only field.

    If this field is itself an input object, its value is a dictionary or None.
    """
    value: Any = (node.arguments or ())[0].value
    if isinstance(value, graphql.VariableNode):
        variable = value.name.value
        return lambda variables: next(iter(variables[variable].items()))
    (part,) = value.fields
    name, value = part.name.value, part.value
    if isinstance(value, graphql.VariableNode):
        variable = value.name.value
        return lambda variables: (name, variables[variable])
    constant = getattr(value, "value", None)
    return lambda _: (name, constant)


def _arguments(
    schema: strawberry.Schema,
    field: graphql.GraphQLField,
    node: graphql.FieldNode,
    operation: Operation,
    values: VariableValues,
) -> Callable[[Variables, dict[str, Any]], dict[str, Any]] | None:
    """A function that returns the arguments of `Listing.page`.

    None if the field has other arguments, or if a constant is invalid.

    Constants are converted once, at compile time. Scalars and enum values in variables need no conversion.
    In two cases, graphql-core and Strawberry convert all arguments again for each request: if a list or an
    input object is a variable or contains one, or if the variable of an argument that is required or has a
    default has no value.
    """
    definition = field.extensions["strawberry-definition"]
    python_names = {
        name: argument.extensions["strawberry-definition"].python_name
        for name, argument in field.args.items()
    }
    if not PAGE_ARGUMENTS.issuperset(python_names.values()):
        return None

    def convert(node: graphql.FieldNode, values: VariableValues) -> dict[str, Any]:
        return convert_arguments(
            get_argument_values(field, node, values),
            definition.arguments,
            schema.schema_converter.scalar_registry,
            schema.config,
        )

    def convert_all(_: Variables, inputs: dict[str, Any]) -> dict[str, Any]:
        values = operation.variable_values(inputs)
        assert isinstance(values, VariableValues)  # noqa: S101 -- they were coerced before
        return convert(node, values)

    constants, scalars = [], list[tuple[str, str, bool]]()
    for argument in node.arguments or ():
        name, value = argument.name.value, argument.value
        type_ = field.args[name].type
        if isinstance(value, graphql.VariableNode) and graphql.is_leaf_type(graphql.get_nullable_type(type_)):
            is_nullable = graphql.is_nullable_type(type_)
            is_optional = is_nullable and field.args[name].default_value is graphql.Undefined
            scalars.append((python_names[name], value.name.value, is_optional))
        elif _has_variable(value):
            return convert_all
        else:
            constants.append(argument)
    try:
        constant = convert(graphql.FieldNode(name=node.name, arguments=tuple(constants)), values)
    except graphql.GraphQLError:
        return None

    def read_arguments(variables: Variables, inputs: dict[str, Any]) -> dict[str, Any]:
        arguments = {**constant}
        for name, variable, is_optional in scalars:
            value = variables.get(variable)
            if value is not None:
                arguments[name] = value
            elif not is_optional:
                return convert_all(variables, inputs)
        return arguments

    return read_arguments


def _has_variable(value: graphql.ValueNode) -> bool:
    if isinstance(value, graphql.ListValueNode):
        return any(map(_has_variable, value.values))
    if isinstance(value, graphql.ObjectValueNode):
        return any(_has_variable(field.value) for field in value.fields)
    return isinstance(value, graphql.VariableNode)


def _connection(type_: Any, selecting: Selecting, nodes: list[FieldDetails]) -> list[Part] | None:
    parts: list[Part] = []
    for key, below in subfields(selecting, type_, nodes).items():
        name = below[0].node.name.value
        part: Part | None = None
        if not is_plain(below):
            return None
        if name == "edges":
            part = _edges(graphql.get_named_type(type_.fields[name].type), selecting, below)
        elif name == "pageInfo":
            of = graphql.get_named_type(type_.fields[name].type)
            chosen = _names(of, selecting, below, PAGE_INFO)
            part = Info(of.name, chosen) if chosen is not None else None
        elif name == "totalCount":
            part = Total()
        elif name == "statusCounts":
            of = graphql.get_named_type(type_.fields[name].type)
            chosen = _names(of, selecting, below, STATUS_COUNT)
            part = ByStatus(of.name, chosen) if chosen is not None else None
        elif name == "__typename":
            part = f'"{type_.name}"'.encode()
        if part is None:
            return None
        parts += [_key(key, is_first=not parts), part]
    return parts


def _edges(type_: Any, selecting: Selecting, nodes: list[FieldDetails]) -> Edges | None:
    parts: list[bytes] = []
    selection: CompiledSelection | None = None
    for key, below in subfields(selecting, type_, nodes).items():
        name = below[0].node.name.value
        part: bytes | None = None
        if not is_plain(below):
            return None
        if name == "node":
            node = compile_selection(selecting, graphql.get_named_type(type_.fields[name].type), below)
            # graphql-core serves queries with two different selections of the node, because they are rare.
            part = compiled_query.NODE if node is not None and selection in {None, node} else None
            selection = node
        elif name == "cursor":
            part = compiled_query.CURSOR
        elif name == "__typename":
            part = f'"{type_.name}"'.encode()
        if part is None:
            return None
        parts += [_key(key, is_first=not parts), part]
    return Edges(parts, selection)


def _names(
    type_: Any, selecting: Selecting, nodes: list[FieldDetails], known: set[str]
) -> dict[str, str] | None:
    """The names of the selected fields, by the client's names; None if a field is not plain or not known."""
    fields = subfields(selecting, type_, nodes)
    chosen = {key: below[0].node.name.value for key, below in fields.items()}
    return chosen if known.issuperset(chosen.values()) and all(map(is_plain, fields.values())) else None


def _key(key: str, *, is_first: bool) -> bytes:
    return f'{"" if is_first else ","}"{key}":'.encode()
