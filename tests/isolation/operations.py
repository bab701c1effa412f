"""Every operation that a schema allows, generated from the schema.

This module does not name any field of the product. The operations vary one argument at a time, at any depth,
and the argument takes each value to try. Every value has two variants: `existing` refers to the other
merchant, and `absent` has the same shape but refers to no merchant. The answers to both must be equal.

For each set of arguments of a field, the first operation with a reference and the first operation without a
reference select everything below the root field. Later operations select only the path to the field and the
fields below it, and only the ids of nodes.
"""

import functools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from tests.isolation.values import Candidates, Value, combinations, constant, own_value

# How many times a type may contain itself. For example, the alternatives of a requirement are requirements.
DEPTH = 2
# The maximum number of tokens, without the tokens of variables. The service allows 2,000 in total.
MAX_TOKENS = 1900
# With this value of `nested`, only the ids of nodes are selected.
ONLY_IDS = -1
KINDS = tuple(kind.value for kind in OperationType)

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A document with its two sets of variables. `varied` is the path of the field whose arguments vary."""

    kind: str
    varied: Path
    text: str
    existing: dict[str, Any]
    absent: dict[str, Any]
    types: dict[str, GraphQLInputType]
    # Whether the document selects everything below the root field.
    is_complete: bool

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
    """Yield all operations of these kinds in the schema's order.

    A nested field may occur several times below a root field of queries. Its arguments vary only at the
    first of these places. Below the root fields of mutations and subscriptions, the arguments of a nested
    field vary only if no query reaches the field.
    Raises ValuesMissing if an argument takes a scalar that `candidates` lacks.
    """
    of_queries: set[str] = set()
    complete: set[tuple[str, tuple[str, ...], bool]] = set()
    for kind in OperationType:
        root = schema.get_root_type(kind)
        if kind is not OperationType.QUERY and kind.value not in kinds:
            continue
        for name, field in root.fields.items() if root is not None else ():
            assert root is not None
            if (schema, root.name, name) not in _plain:
                _plain[schema, root.name, name] = _write_plain(schema, candidates, root, name)
            nested, inner = _plain[schema, root.name, name]
            places: dict[Path, GraphQLField] = {(f"{root.name}.{name}",): field}
            for path, result in inner.items():
                if all(path[-1] != known[-1] for known in places):
                    places[path] = result
            if kind is OperationType.QUERY:
                of_queries.update(path[-1] for path in places)
            else:
                places = {
                    path: one for path, one in places.items() if len(path) == 1 or path[-1] not in of_queries
                }
            for varied, result in places.items() if kind.value in kinds else ():
                # The key: the names of the arguments, and whether the document selects everything.
                written: dict[tuple[tuple[str, ...], bool], tuple[_Writer, str]] = {}
                for values in combinations(result.args, candidates, varied[-1], is_nested=len(varied) > 1):
                    arguments = tuple(values)
                    refers = any(value.refers for value in values.values())
                    is_complete = (varied[-1], arguments, refers) not in complete
                    complete.add((varied[-1], arguments, refers))
                    if (arguments, is_complete) not in written:
                        depth = nested if is_complete else ONLY_IDS
                        writer = _Writer(schema, candidates, depth, varied, values, only_path=not is_complete)
                        body = writer.field(root, name, field, (), ())
                        types = ", ".join(f"${name}: {type_}" for name, type_ in writer.types.items())
                        text = f"{kind.value} {f'({types})' if types else ''} {{ {body} }}"
                        written[arguments, is_complete] = writer, text
                    writer, text = written[arguments, is_complete]
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
                        is_complete,
                    )


# The results of `_write_plain` for each schema, root type and root field. Argument values do not matter.
_plain: dict[tuple[GraphQLSchema, str, str], tuple[int, dict[Path, GraphQLField]]] = {}


def _write_plain(
    schema: GraphQLSchema, candidates: Candidates, root: GraphQLObjectType, name: str
) -> tuple[int, dict[Path, GraphQLField]]:
    """Return how deeply a document of this root field may nest nodes, and its fields with arguments."""
    for nested in (1, 0):
        writer = _Writer(schema, candidates, nested)
        if _tokens(writer.field(root, name, root.fields[name], (), ())) <= MAX_TOKENS:
            break
    return nested, writer.fields_with_arguments


class _Writer:
    """Writes the document of one operation, and collects the fields that have arguments.

    If a node is inside more than `nested` other nodes, only its id is selected. With `only_path`, the fields
    beside the path to the varied field are left out.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        candidates: Candidates,
        nested: int,
        varied: Path = (),
        variables: Mapping[str, Value] = MappingProxyType({}),
        *,
        only_path: bool = False,
    ) -> None:
        self._schema = schema
        self._candidates = candidates
        self._nested = nested
        self._varied = varied
        self._varied_values = variables
        self._only_path = only_path
        self.fields_with_arguments: dict[Path, GraphQLField] = {}
        self.values: dict[str, Value] = {}
        self.types: dict[str, GraphQLInputType] = {}
        self.varied_arguments: dict[str, str] = {}  # the key is the variable

    def field(
        self,
        parent: GraphQLObjectType,
        name: str,
        field: GraphQLField,
        path: Path,
        within: tuple[str, ...],
        label: str = "",
    ) -> str:
        """Return the field with its selection, or "" if the selection would be empty."""
        path = (*path, f"{parent.name}.{name}")
        selection = self._selection(field.type, path, within)
        if selection is None:
            return ""
        if field.args:
            self.fields_with_arguments[path] = field
        where = path[-1]
        values = {
            argument: constant(own_value(result.type, self._candidates, f"{where}({argument}:)"))
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
            labelled = _ambiguous(self._schema, named)
            parts = [
                f"... on {possible.name} {{ {body} }}"
                for possible in self._schema.get_possible_types(named)
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
        if self._only_path and len(path) < len(self._varied):
            fields = {
                name: field
                for name, field in fields.items()
                if self._varied[: len(path) + 1] == (*path, f"{type_.name}.{name}")
            }
        elif _is_node(type_) and sum(_is_node(self._schema.type_map[name]) for name in within) > self._nested:
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


@functools.cache
def _ambiguous(schema: GraphQLSchema, type_: GraphQLAbstractType) -> frozenset[str]:
    """The fields that get aliases, because fields with the same name may have different types."""
    all_possible = schema.get_possible_types(type_)
    count = Counter(name for possible in all_possible for name in possible.fields)
    kinds = {(name, str(field.type)) for one in all_possible for name, field in one.fields.items()}
    leaves = {
        name
        for one in all_possible
        for name, field in one.fields.items()
        if is_leaf_type(get_named_type(field.type)) and not field.args
    }
    alike = {name for name, number in Counter(name for name, _ in kinds).items() if number == 1} & leaves
    return frozenset(name for name in count if count[name] > 1) - alike


def _is_node(type_: GraphQLNamedType) -> bool:
    return isinstance(type_, GraphQLObjectType) and any(one.name == "Node" for one in type_.interfaces)


def _tokens(text: str) -> int:
    """The number of tokens of a document. The document must contain no strings and no numbers."""
    return len(re.findall(r"\w+|\.\.\.|[^\s,]", text))
