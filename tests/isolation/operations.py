"""Every operation that a schema allows, generated from the schema. Nothing here names a field of the product.

Each operation selects everything below a root field. Every argument, at any depth, takes every value to try,
one argument at a time. A value has two variants: `told` refers to the other merchant; `absent` has the same
shape and refers to nobody. The answers to both must be indistinguishable.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    visit,
)

# The depth of recursive types: the alternatives of a requirement are requirements.
DEPTH = 2

Path = tuple[str, ...]


class NoValues(Exception):
    """The schema has an input type for which the tests have no values."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value to try and its harmless counterpart. Both are equal if the value refers to nobody."""

    told: Any
    absent: Any
    # Whether other arguments change its meaning, as the order changes the meaning of a cursor.
    beside: bool = False

    @property
    def names(self) -> bool:
        """Whether it refers to a merchant."""
        return bool(self.told != self.absent)


@dataclass(frozen=True, slots=True)
class Known:
    """The values for each scalar: a valid one for the caller, and all values to try."""

    ordinary: Mapping[str, Any]
    tried: Mapping[str, Sequence[Value]]

    def check(self, scalar: str, where: str) -> None:
        if scalar not in self.ordinary or scalar not in self.tried:
            raise NoValues(
                f"{where} takes the scalar {scalar}, for which the isolation tests have no values. "
                "Say in tests/isolation/merchants.py how one merchant could name another one with it."
            )


@dataclass(frozen=True, slots=True)
class Operation:
    """A document with both sets of variables. `spot` is the path of the field whose arguments vary."""

    kind: str
    spot: Path
    text: str
    told: dict[str, Any]
    absent: dict[str, Any]
    types: dict[str, GraphQLInputType]

    @property
    def names(self) -> bool:
        return self.told != self.absent

    @property
    def alone(self) -> bool:
        """Whether it gives at most one argument to a root field."""
        return len(self.spot) == 1 and len(self.told) <= 1

    def __str__(self) -> str:
        return f"{self.kind} {' > '.join(self.spot)} {str(self.told)[:300]}"


def operations(schema: GraphQLSchema, known: Known) -> Iterator[Operation]:
    """All operations, in the schema's order. Raises NoValues."""
    for kind in OperationType:
        root = schema.get_root_type(kind)
        for name, field in root.fields.items() if root is not None else ():
            assert root is not None
            plain = _Writer(schema, known, (), {})
            plain.field(root, name, field, (), ())
            top: Path = (f"{root.name}.{name}",)
            for spot, result in {top: field, **plain.spots}.items():
                for given in _given(result.args, known, spot[-1], alone=len(spot) > 1):
                    writer = _Writer(schema, known, spot, given)
                    body = writer.field(root, name, field, (), ())
                    declared = ", ".join(f"${name}: {type_}" for name, type_ in writer.types.items())
                    yield Operation(
                        kind.value,
                        spot,
                        f"{kind.value} {f'({declared})' if declared else ''} {{ {body} }}",
                        {name: value.told for name, value in writer.values.items()},
                        {name: value.absent for name, value in writer.values.items()},
                        writer.types,
                    )


class _Writer:
    """Writes the document of one operation, and collects its fields with arguments."""

    def __init__(self, schema: GraphQLSchema, known: Known, spot: Path, given: Mapping[str, Value]) -> None:
        self._schema = schema
        self._known = known
        self._spot = spot
        self._given = given
        self.spots: dict[Path, GraphQLField] = {}
        self.values: dict[str, Value] = {}
        self.types: dict[str, GraphQLInputType] = {}

    def field(
        self,
        parent: GraphQLObjectType,
        name: str,
        field: GraphQLField,
        path: Path,
        within: tuple[str, ...],
        label: str = "",
    ) -> str:
        """The field with its whole selection. Empty if the selection would be empty."""
        path = (*path, f"{parent.name}.{name}")
        selection = self._selection(field.type, path, within)
        if selection is None:
            return ""
        if field.args:
            self.spots[path] = field
        where = path[-1]
        given = {
            argument: _own(ordinary(result.type, self._known, f"{where}({argument}:)"))
            for argument, result in field.args.items()
            if is_required_argument(result)
        }
        if path == self._spot:
            given |= self._given
        arguments = ", ".join(
            f"{argument}: ${self._variable(field.args[argument].type, value)}"
            for argument, value in given.items()
        )
        return f"{label}{name}{f'({arguments})' if arguments else ''}{selection}"

    def _variable(self, type_: GraphQLInputType, value: Value) -> str:
        name = f"v{len(self.values)}"
        self.values[name], self.types[name] = value, type_
        return name

    def _selection(self, type_: GraphQLOutputType, path: Path, within: tuple[str, ...]) -> str | None:
        named = get_named_type(type_)
        if is_leaf_type(named):
            return ""
        if is_abstract_type(named):
            # Aliases, as fields with the same name may have different types.
            parts = [
                f"... on {possible.name} {{ {body} }}"
                for possible in self._schema.get_possible_types(named)
                if (body := self._fields(possible, path, within, labelled=True))
            ]
            return f" {{ __typename {' '.join(parts)} }}"
        assert isinstance(named, GraphQLObjectType)
        body = self._fields(named, path, within, labelled=False)
        return f" {{ {body} }}" if body else None

    def _fields(
        self, type_: GraphQLObjectType, path: Path, within: tuple[str, ...], *, labelled: bool
    ) -> str:
        if within.count(type_.name) >= DEPTH:
            return ""
        parts = [
            self.field(
                type_, name, field, path, (*within, type_.name), f"{type_.name}_{name}: " if labelled else ""
            )
            for name, field in type_.fields.items()
        ]
        return " ".join(filter(None, parts))


def ordinary(type_: GraphQLInputType, known: Known, where: str) -> Any:
    """A valid value for the caller."""
    if isinstance(type_, GraphQLNonNull):
        return ordinary(type_.of_type, known, where)
    if isinstance(type_, GraphQLList):
        return [ordinary(type_.of_type, known, where)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        needed = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        if type_.is_one_of:
            needed = list(type_.fields)[:1]
        return {name: ordinary(type_.fields[name].type, known, f"{type_.name}.{name}") for name in needed}
    assert isinstance(type_, GraphQLScalarType)
    known.check(type_.name, where)
    return known.ordinary[type_.name]


def variations(type_: GraphQLInputType, known: Known, where: str) -> list[Value]:
    """All values to try, one part at a time. For input objects, also a reference with each other field."""
    if isinstance(type_, GraphQLNonNull):
        return variations(type_.of_type, known, where)
    if isinstance(type_, GraphQLList):
        own = ordinary(type_.of_type, known, where)
        each = variations(type_.of_type, known, where)
        together = Value([one.told for one in each], [one.absent for one in each])
        return [*(Value([own, one.told], [own, one.absent]) for one in each), together]
    if isinstance(type_, GraphQLEnumType):
        return [_own(name) for name in type_.values]
    if isinstance(type_, GraphQLInputObjectType):
        return _of_object(type_, known)
    assert isinstance(type_, GraphQLScalarType)
    known.check(type_.name, where)
    return list(known.tried[type_.name])


def _of_object(type_: GraphQLInputObjectType, known: Known) -> list[Value]:
    base = {} if type_.is_one_of else ordinary(type_, known, type_.name)
    each = {
        name: variations(field.type, known, f"{type_.name}.{name}") for name, field in type_.fields.items()
    }
    result = [
        Value({**base, name: one.told}, {**base, name: one.absent})
        for name, values in each.items()
        for one in values
    ]
    if type_.is_one_of:
        return result
    # The order of checks must not matter: combine the reference with every value that refers to nobody.
    for name, values in each.items():
        for one in [value for value in values if value.names][:1]:
            result += [
                Value(
                    {**base, name: one.told, other: plain.told}, {**base, name: one.absent, other: plain.told}
                )
                for other, others in each.items()
                if other != name
                for plain in others
                if not plain.names
            ]
    return result


def _given(
    arguments: Mapping[str, GraphQLArgument], known: Known, where: str, *, alone: bool
) -> Iterator[dict[str, Value]]:
    """The arguments to try: none, each value of each argument, and at the root also with order and size."""
    yield {}
    each = {name: variations(result.type, known, f"{where}({name}:)") for name, result in arguments.items()}
    for name, values in each.items():
        others = {key: result for key, result in arguments.items() if key != name}
        beside = list(_beside(others, each))
        for value in values:
            yield {name: value}
            if value.beside and not alone:
                yield from ({name: value, **more} for more in beside)


def _beside(
    arguments: Mapping[str, GraphQLArgument], each: Mapping[str, Sequence[Value]]
) -> Iterator[dict[str, Value]]:
    """Every combination of enum values with at most one number, as a cursor depends on the order."""
    named = {
        name: getattr(result.type, "of_type", result.type)
        for name, result in arguments.items()
        if not isinstance(getattr(result.type, "of_type", result.type), GraphQLList)
    }
    enums = [
        [{name: value} for value in each[name]]
        for name, type_ in named.items()
        if isinstance(type_, GraphQLEnumType)
    ]
    numbers: list[dict[str, Value]] = [
        {name: each[name][0]}
        for name, type_ in named.items()
        if isinstance(type_, GraphQLScalarType) and type_.name == "Int"
    ]
    for chosen in itertools.product(*enums, [{}, *numbers]):
        merged = {name: value for part in chosen for name, value in part.items()}
        if merged:
            yield merged


def _own(value: Any) -> Value:
    return Value(value, value)


# --- coverage


def coordinates(schema: GraphQLSchema) -> set[str]:
    """Every element to reach: fields, arguments, input fields and values of input enums."""
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


def reached(schema: GraphQLSchema, made: Iterable[Operation]) -> set[str]:
    """The elements that these operations reach, parsed from their texts and variables."""
    result: set[str] = set()
    texts = set()
    for operation in made:
        for name, type_ in operation.types.items():
            for values in (operation.told, operation.absent):
                result |= _within(type_, values[name])
        texts.add(operation.text)
    for text in texts:
        info = TypeInfo(schema)
        visit(parse(text), TypeInfoVisitor(info, _Fields(info, result)))
    return result


class _Fields(Visitor):
    def __init__(self, info: TypeInfo, found: set[str]) -> None:
        super().__init__()
        self._info = info
        self._found = found

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._info.get_parent_type()
        if parent is None or node.name.value == "__typename":
            return
        field = f"{parent.name}.{node.name.value}"
        self._found |= {field, *(f"{field}({argument.name.value}:)" for argument in node.arguments or ())}


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
