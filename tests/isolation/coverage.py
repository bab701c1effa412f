"""The elements of a schema that operations reach."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)

from tests.isolation.operations import Operation


def coordinates(schema: GraphQLSchema) -> set[str]:
    """Return the elements to reach: fields, arguments, input fields, and the values of input enums."""
    result = set()
    enums = set()
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                result |= {f"{type_.name}.{name}", *(f"{type_.name}.{name}({a}:)" for a in field.args)}
                enums |= {get_named_type(argument.type) for argument in field.args.values()}
        if isinstance(type_, GraphQLInputObjectType):
            result |= {f"{type_.name}.{name}" for name in type_.fields}
            enums |= {get_named_type(field.type) for field in type_.fields.values()}
    for enum in enums:
        if isinstance(enum, GraphQLEnumType):
            result |= {f"{enum.name}.{value}" for value in enum.values}
    return result


def reached(schema: GraphQLSchema, sample: Iterable[Operation]) -> set[str]:
    """Return the elements that these operations reach, parsed from their texts and variables."""
    result: set[str] = set()
    texts = set()
    for operation in sample:
        for name, type_ in operation.types.items():
            for values in (operation.existing, operation.absent):
                result |= _within(type_, values[name])
        texts.add(operation.text)
    for text in texts:
        info = TypeInfo(schema)
        visit(parse(text), TypeInfoVisitor(info, _Fields(info, result)))
    return result


class _Fields(Visitor):
    def __init__(self, info: TypeInfo, names: set[str]) -> None:
        super().__init__()
        self._info = info
        self._names = names

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._info.get_parent_type()
        if parent is None or node.name.value == "__typename":
            return
        field = f"{parent.name}.{node.name.value}"
        self._names |= {field, *(f"{field}({argument.name.value}:)" for argument in node.arguments or ())}


def _within(type_: GraphQLInputType, value: Any) -> set[str]:
    if isinstance(type_, GraphQLNonNull):
        return _within(type_.of_type, value)
    if isinstance(type_, GraphQLList):
        return set().union(*(_within(type_.of_type, item) for item in value))
    if isinstance(type_, GraphQLEnumType):
        return {f"{type_.name}.{value}"}
    if isinstance(type_, GraphQLInputObjectType):
        parts = [
            {f"{type_.name}.{name}"} | _within(type_.fields[name].type, item) for name, item in value.items()
        ]
        return set().union(*parts)
    return set()
