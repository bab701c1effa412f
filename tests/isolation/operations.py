"""Every operation that a schema allows, generated from the schema.

This module names no field of the product. Each operation selects everything below a root field. One argument
at a time, at any depth, takes every value to try. A value has two variants: `existing` refers to the other
merchant; `absent` has the same shape and refers to no merchant. The answers to both must be equal.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    Lexer,
    OperationType,
    Source,
    TokenKind,
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

# How often a recursive type is nested. For example, the alternatives of a requirement are requirements.
DEPTH = 2
# The limit of a document without its variables. With them, it has up to 2,000 tokens (`execution.limits`).
MAX_TOKENS = 1900
KINDS = tuple(kind.value for kind in OperationType)

Path = tuple[str, ...]


class ValuesMissing(Exception):
    """The schema has an input type for which the tests have no values."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value to try, and its counterpart that refers to no merchant. Both are equal for a value that refers
    to no merchant.
    """

    existing: Any
    absent: Any
    # The meaning of a cursor depends on the order argument.
    depends_on_order: bool = False

    @property
    def refers(self) -> bool:
        """Tell whether the value refers to a merchant."""
        return bool(self.existing != self.absent)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The values of each scalar: a valid one for the caller, and all values to try."""

    own_value: Mapping[str, Any]
    all_values: Mapping[str, Sequence[Value]]

    def check(self, scalar: str, where: str) -> None:
        if scalar not in self.own_value or scalar not in self.all_values:
            raise ValuesMissing(
                f"{where} takes the scalar {scalar}, for which the isolation tests have no values. "
                "Add values to Party.candidates_for in tests/isolation/merchants.py."
            )


@dataclass(frozen=True, slots=True)
class Operation:
    """A document with both sets of variables. `varied` is the path of the field whose arguments vary."""

    kind: str
    varied: Path
    text: str
    existing: dict[str, Any]
    absent: dict[str, Any]
    types: dict[str, GraphQLInputType]

    @property
    def refers(self) -> bool:
        return self.existing != self.absent

    @property
    def is_simple(self) -> bool:
        """Tell whether the operation has at most one variable, on its root field."""
        return len(self.varied) == 1 and len(self.existing) <= 1

    @property
    def input_fields(self) -> frozenset[Path]:
        """Return the paths of the input fields in the variables."""
        return frozenset(_input_fields(self.existing, ()))

    def __str__(self) -> str:
        return f"{self.kind} {' > '.join(self.varied)} {str(self.existing)[:300]}"


def _input_fields(value: Any, path: Path) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from _input_fields(item, (*path, str(name)))


def operations(
    schema: GraphQLSchema, candidates: Candidates, kinds: Collection[str] = KINDS
) -> Iterator[Operation]:
    """Yield all operations of these kinds in the schema's order. Raises ValuesMissing.

    Arguments below the root vary in queries, at their first place below each root field. The root fields of
    mutations and subscriptions have the same fields below them.
    """
    of_queries: set[str] = set()
    for kind in OperationType:
        root = schema.get_root_type(kind)
        for name, field in root.fields.items() if root is not None else ():
            assert root is not None
            for nested in (1, 0):
                plain = _Writer(schema, candidates, nested)
                if _tokens(plain.field(root, name, field, (), ())) <= MAX_TOKENS:
                    break
            places: dict[Path, GraphQLField] = {(f"{root.name}.{name}",): field}
            for path, result in plain.fields_with_arguments.items():
                if all(path[-1] != known[-1] for known in places):
                    places[path] = result
            if kind is OperationType.QUERY:
                of_queries.update(path[-1] for path in places)
            else:
                places = {
                    path: one for path, one in places.items() if len(path) == 1 or path[-1] not in of_queries
                }
            for varied, result in places.items() if kind.value in kinds else ():
                written: dict[tuple[str, ...], tuple[_Writer, str]] = {}  # by the names of the arguments
                for values in _combinations(result.args, candidates, varied[-1], is_nested=len(varied) > 1):
                    arguments = tuple(values)
                    if arguments not in written:
                        writer = _Writer(schema, candidates, nested, varied, values)
                        body = writer.field(root, name, field, (), ())
                        types = ", ".join(f"${name}: {type_}" for name, type_ in writer.types.items())
                        text = f"{kind.value} {f'({types})' if types else ''} {{ {body} }}"
                        written[arguments] = writer, text
                    writer, text = written[arguments]
                    variables = {
                        variable: values.get(writer.varied_arguments.get(variable, ""), value)
                        for variable, value in writer.values.items()
                    }
                    yield Operation(
                        kind.value,
                        varied,
                        text,
                        {name: value.existing for name, value in variables.items()},
                        {name: value.absent for name, value in variables.items()},
                        writer.types,
                    )


class _Writer:
    """Writes the document of one operation, and collects its fields with arguments.

    A node within more than `nested` other nodes has only its id.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        candidates: Candidates,
        nested: int,
        varied: Path = (),
        variables: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        self._schema = schema
        self._candidates = candidates
        self._nested = nested
        self._varied = varied
        self._varied_values = variables
        self.fields_with_arguments: dict[Path, GraphQLField] = {}
        self.values: dict[str, Value] = {}
        self.types: dict[str, GraphQLInputType] = {}
        self.varied_arguments: dict[str, str] = {}  # by the names of their variables

    def field(
        self,
        parent: GraphQLObjectType,
        name: str,
        field: GraphQLField,
        path: Path,
        within: tuple[str, ...],
        label: str = "",
    ) -> str:
        """Return the field with its complete selection, or "" if the selection would be empty."""
        path = (*path, f"{parent.name}.{name}")
        selection = self._selection(field.type, path, within)
        if selection is None:
            return ""
        if field.args:
            self.fields_with_arguments[path] = field
        where = path[-1]
        values = {
            argument: _own(own_value(result.type, self._candidates, f"{where}({argument}:)"))
            for argument, result in field.args.items()
            if is_required_argument(result)
        }
        if path == self._varied:
            values |= self._varied_values
        variables = {
            argument: self._variable(field.args[argument].type, value) for argument, value in values.items()
        }
        if path == self._varied:
            self.varied_arguments = {variable: argument for argument, variable in variables.items()}
        arguments = ", ".join(f"{argument}: ${variable}" for argument, variable in variables.items())
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
            # Fields with the same name may have different types, so they get aliases.
            all_possible = self._schema.get_possible_types(named)
            count = Counter(name for possible in all_possible for name in possible.fields)
            kinds = {(name, str(field.type)) for one in all_possible for name, field in one.fields.items()}
            leaves = {
                name
                for one in all_possible
                for name, field in one.fields.items()
                if is_leaf_type(get_named_type(field.type)) and not field.args
            }
            alike = {
                name for name, number in Counter(name for name, _ in kinds).items() if number == 1
            } & leaves
            labelled = {name for name in count if count[name] > 1} - alike
            parts = [
                f"... on {possible.name} {{ {body} }}"
                for possible in all_possible
                if (body := self._fields(possible, path, within, labelled))
            ]
            return f" {{ __typename {' '.join(parts)} }}"
        assert isinstance(named, GraphQLObjectType)
        body = self._fields(named, path, within, ())
        return f" {{ {body} }}" if body else None

    def _fields(
        self, type_: GraphQLObjectType, path: Path, within: tuple[str, ...], labelled: Collection[str]
    ) -> str:
        if within.count(type_.name) >= DEPTH:
            return ""
        fields = type_.fields
        if _is_node(type_) and sum(_is_node(self._schema.type_map[name]) for name in within) > self._nested:
            fields = {"id": fields["id"]}
        parts = [
            self.field(
                type_,
                name,
                field,
                path,
                (*within, type_.name),
                f"{type_.name}_{name}: " if name in labelled else "",
            )
            for name, field in fields.items()
        ]
        return " ".join(filter(None, parts))


def _is_node(type_: GraphQLNamedType) -> bool:
    return isinstance(type_, GraphQLObjectType) and any(one.name == "Node" for one in type_.interfaces)


def _tokens(text: str) -> int:
    lexer = Lexer(Source(text))
    return sum(1 for _ in iter(lambda: lexer.advance().kind, TokenKind.EOF))


def own_value(type_: GraphQLInputType, candidates: Candidates, where: str) -> Any:
    """Return a valid value for the caller."""
    if isinstance(type_, GraphQLNonNull):
        return own_value(type_.of_type, candidates, where)
    if isinstance(type_, GraphQLList):
        return [own_value(type_.of_type, candidates, where)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        needed = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        if type_.is_one_of:
            needed = list(type_.fields)[:1]
        return {
            name: own_value(type_.fields[name].type, candidates, f"{type_.name}.{name}") for name in needed
        }
    assert isinstance(type_, GraphQLScalarType)
    candidates.check(type_.name, where)
    return candidates.own_value[type_.name]


def variations(
    type_: GraphQLInputType, candidates: Candidates, where: str, *, is_nested: bool = False
) -> list[Value]:
    """Return all values to try.

    An input object to try differs from a valid one of the caller in one field. If this field has a reference,
    a second field may differ, too. An object inside of another has fewer variations.
    """
    if isinstance(type_, GraphQLNonNull):
        return variations(type_.of_type, candidates, where, is_nested=is_nested)
    if isinstance(type_, GraphQLList):
        own = own_value(type_.of_type, candidates, where)
        each = variations(type_.of_type, candidates, where, is_nested=is_nested)
        together = Value([one.existing for one in each], [one.absent for one in each])
        return [*(Value([own, one.existing], [own, one.absent]) for one in each), together]
    if isinstance(type_, GraphQLEnumType):
        return [_own(name) for name in type_.values]
    if isinstance(type_, GraphQLInputObjectType):
        return _of_object(type_, candidates, is_nested=is_nested)
    assert isinstance(type_, GraphQLScalarType)
    candidates.check(type_.name, where)
    return list(candidates.all_values[type_.name])


def _of_object(type_: GraphQLInputObjectType, candidates: Candidates, *, is_nested: bool) -> list[Value]:
    base = {} if type_.is_one_of else own_value(type_, candidates, type_.name)
    each = {
        name: _with_one_cursor(
            name, variations(field.type, candidates, f"{type_.name}.{name}", is_nested=True)
        )
        for name, field in type_.fields.items()
    }
    if is_nested and not type_.is_one_of:
        each = {
            name: _few(values)
            if isinstance(get_named_type(type_.fields[name].type), GraphQLScalarType)
            else values
            for name, values in each.items()
        }
    result = [
        Value({**base, name: one.existing}, {**base, name: one.absent})
        for name, values in each.items()
        for one in values
    ]
    if type_.is_one_of or is_nested:
        return result
    # The API may check the fields in any order. So each value without a reference is combined with a
    # reference in every required field that can have one. If there is none, the first optional field gets it.
    references = {name: [one for one in values if one.refers][:1] for name, values in each.items()}
    able = [name for name, values in references.items() if values]
    for name in [name for name in able if name in base] or able[:1]:
        for one in references[name]:
            result += [
                Value(
                    {**base, name: one.existing, other: plain.existing},
                    {**base, name: one.absent, other: plain.existing},
                )
                for other, others in each.items()
                if other != name
                for plain in others
                if not plain.refers
            ]
    return result


def _with_one_cursor(name: str, values: Sequence[Value]) -> list[Value]:
    """Return the values with one cursor, because only a page's `after` and `before` read any cursor."""
    cursors = [one for one in values if one.depends_on_order]
    return [one for one in values if name in {"after", "before"} or one not in cursors[1:]]


def _few(values: Sequence[Value]) -> list[Value]:
    """Return one value with a reference, and two without."""
    return [one for one in values if one.refers][:1] + [one for one in values if not one.refers][:2]


def _combinations(
    arguments: Mapping[str, GraphQLArgument], candidates: Candidates, where: str, *, is_nested: bool
) -> Iterator[dict[str, Value]]:
    """Yield the arguments to try: first none, then each value of each argument.

    At the root, each cursor is also combined with every order. These combinations use the page sizes in turn,
    and sometimes none.
    """
    yield {}
    each = {
        name: variations(result.type, candidates, f"{where}({name}:)") for name, result in arguments.items()
    }
    for name, values in each.items():
        others = {key: result for key, result in arguments.items() if key != name}
        for turn, value in enumerate(values):
            yield {name: value}
            if value.depends_on_order and not is_nested:
                yield from ({name: value, **order} for order in _orders(others, each, turn))


def _orders(
    arguments: Mapping[str, GraphQLArgument], each: Mapping[str, Sequence[Value]], turn: int
) -> Iterator[dict[str, Value]]:
    """Yield every combination of enum values. They use the numbers in turn, and sometimes none."""
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
    sizes: list[dict[str, Value]] = [{}, *numbers]
    for place, chosen in enumerate(itertools.product(*enums), turn):
        merged = {
            name: value for part in (*chosen, sizes[place % len(sizes)]) for name, value in part.items()
        }
        if merged:
            yield merged


def _own(value: Any) -> Value:
    return Value(value, value)


# --- coverage


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
