"""Selections over documents, compiled to msgspec structs.

A document holds all fields of its object in wire form. The answer is the document without the unselected
fields, so it needs no resolvers. graphql-core would still call thousands of resolvers for fifty merchants, at
some microseconds each. A compiled selection has two sets of structs:

- The *source* has the selected fields by their names in the document. msgspec decodes them from the
  document's text, skips all other fields, and checks the types.
- The *answer* has the same fields by the client's names, in the client's order. msgspec fills it from the
  source and encodes it.

For example, `{ shop: displayName account { id } }` decodes a struct with `displayName` and `account.id` and
encodes one with `shop` and `account.id`: `{"shop":"Amber Bakery","account":{"id":"..."}}`.

graphql-core's `collect_subfields` lists the selected fields, so fragments, `@skip` and `@include` work as in
graphql-core. Only `Freshness.stale` changes with time, so there is one answer struct for each of its values,
and a rendered object expires when the value changes.

**The answer always equals graphql-core's.** A selection with any other field, such as a field with arguments,
is not compiled, and a document with wrong types is not rendered. graphql-core then completes that object with
its errors, and tries a compiled selection for each object below it.
"""

import itertools
import operator
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal, Protocol

import graphql
import msgspec
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

from connect.merchants.rules.snapshot import parse_time
from resolvers.scalars import wire_name

# Metadata of fields that can be compiled despite a resolver. PASSED_ON: without arguments, the resolver
# returns the document's value. STALE: the resolver compares `syncedAt` with the maximum age.
PASSED_ON = {"compiled": "passed on"}
STALE = {"compiled": "stale"}

MAX_SELECTIONS = 256

# Cache keys hold the numbers of selections, because the cache must not keep selections alive.
new_number = itertools.count().__next__

_INTEGER = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
_SCALARS: dict[str, Any] = {
    "Boolean": bool,
    "CountryCode": str,
    "DateTime": str,
    "ID": str,
    "Int": _INTEGER,
    "String": str,
    "URL": str,
}
_TYPENAME, _STALE = "__typename", "syncedAt"


class Selecting(Protocol):
    """The attributes of graphql-core's executor that `collect_subfields` needs."""

    schema: graphql.GraphQLSchema
    fragments: dict[str, FragmentDetails]
    variable_values: VariableValues
    operation: graphql.OperationDefinitionNode


@dataclass(slots=True)
class RenderedObject:
    """JSON and its expiry in seconds since 1970. Without an expiry, only a change of the document ends it."""

    text: bytes
    until: float | None
    # The id and the row version of the document, unless the cache's key holds them.
    row: tuple[Any, int] | None = None


class CompiledSelection:
    """Renders documents for one selection."""

    def __init__(self, selection: "_Selection") -> None:
        self.number = new_number()
        shape = _shape(selection)
        self._source, self._answers, self._clock = shape.source, shape.answers, shape.clock
        self._decode = msgspec.json.Decoder(self._source).decode
        self._synced_at = operator.attrgetter(shape.clock) if shape.clock is not None else None

    def render_text(self, document: str, stale_after: timedelta) -> RenderedObject | None:
        """Render a document's text; None if a value has the wrong type."""
        try:
            return self._answer(self._decode(document), stale_after)
        except ValueError:  # the base of msgspec's errors, and the error of a malformed time
            return None

    def render(self, source: dict[str, Any], stale_after: timedelta) -> RenderedObject | None:
        """Render a document or an object in it; None if a value has the wrong type."""
        try:
            return self._answer(msgspec.convert(source, self._source), stale_after)
        except ValueError:
            return None

    def _answer(self, source: Any, stale_after: timedelta) -> RenderedObject:
        is_stale, until = False, None
        if self._synced_at is not None:
            synced_at = parse_time(self._synced_at(source))
            is_stale = synced_at is None or datetime.now(UTC) - synced_at > stale_after
            if synced_at is not None and not is_stale:
                until = (synced_at + stale_after).timestamp()
        answer = msgspec.convert(source, self._answers[is_stale], from_attributes=True)
        return RenderedObject(msgspec.json.encode(answer), until)


class SelectionCache:
    """The most recently used compiled selections, by the nodes of their fields."""

    def __init__(self) -> None:
        # The value keeps the nodes alive, so that no other nodes can get their ids.
        self._entries: OrderedDict[Any, tuple[list[FieldDetails], CompiledSelection | None]] = OrderedDict()

    def find(
        self, selecting: Selecting, type_: graphql.GraphQLObjectType, fields: list[FieldDetails]
    ) -> CompiledSelection | None:
        """The compiled selection below these fields of this type; None if it cannot be compiled."""
        # Only Boolean variables can change a selection, through @skip and @include.
        flags = [v for v in selecting.variable_values.coerced.items() if isinstance(v[1], bool)]
        key = type_.name, *[id(field.node) for field in fields], *flags
        if (entry := self._entries.get(key)) is not None:
            self._entries.move_to_end(key)
            return entry[1]
        compiled = compile_selection(selecting, type_, fields)
        self._entries[key] = fields, compiled
        if len(self._entries) > MAX_SELECTIONS:
            self._entries.popitem(last=False)
        return compiled


selection_cache = SelectionCache()


def compile_selection(
    selecting: Selecting, type_: Any, fields: list[FieldDetails]
) -> CompiledSelection | None:
    """Compile the selection below these fields; None if a part of it needs a resolver.

    Equal selections share one result.
    """
    selection = _selection(selecting, type_, fields)
    return _compile(selection) if selection is not None else None


def subfields(
    selecting: Selecting, type_: graphql.GraphQLObjectType, fields: Sequence[FieldDetails]
) -> Mapping[str, list[FieldDetails]]:
    """The fields of this type that are selected below these fields, by the client's names."""
    schema, fragments, variables = selecting.schema, selecting.fragments, selecting.variable_values
    collected = collect_subfields(schema, fragments, variables, selecting.operation, type_, list(fields))
    return collected.grouped_field_set


def is_plain(fields: Sequence[FieldDetails]) -> bool:
    """Whether these fields have neither arguments nor @defer."""
    return not any(f.node.arguments or f.defer_usage or f.fragment_variable_values for f in fields)


@dataclass(frozen=True, slots=True)
class _Field:
    """A selected field: the client's name, the document's name and the type.

    `__typename` has no source, and its `type` is the name of the type.
    """

    key: str
    source: str | None
    type: Any
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class _Selection:
    """The selected fields of an object."""

    typename: str
    # Whether graphql-core calls `is_type_of`, which compares the `__typename` of the source.
    is_checked: bool
    fields: tuple[_Field, ...]


@dataclass(frozen=True, slots=True)
class _Wrapped:
    """A list or a nullable of a type."""

    of: Any
    is_list: bool


def _selection(
    selecting: Selecting, type_: graphql.GraphQLObjectType, fields: Sequence[FieldDetails]
) -> _Selection | None:
    """The selection below these fields; None if a part of it needs a resolver."""
    is_checked = type_.is_type_of is not None
    if type_.is_type_of and not type_.is_type_of({_TYPENAME: type_.name}, None):  # type: ignore[arg-type]
        return None
    grouped = subfields(selecting, type_, fields)
    names = [nodes[0].node.name.value for nodes in grouped.values()]
    # msgspec uses each field of the source once, so graphql-core serves a field that is selected under
    # several names. Check this before the nested fields: their number may grow exponentially with the depth.
    if any(name != _TYPENAME and names.count(name) > 1 for name in names):
        return None
    selected = [_field(selecting, type_, key, nodes) for key, nodes in grouped.items()]
    compiled = tuple(field for field in selected if field is not None)
    return _Selection(type_.name, is_checked, compiled) if len(compiled) == len(selected) else None


def _field(
    selecting: Selecting, parent: graphql.GraphQLObjectType, key: str, fields: list[FieldDetails]
) -> _Field | None:
    node = fields[0].node
    if not is_plain(fields):
        return None
    if node.name.value == _TYPENAME:
        return _Field(key, None, parent.name)
    field = parent.fields[node.name.value]
    definition = field.extensions["strawberry-definition"]
    kind = definition.metadata.get("compiled")
    if kind == STALE["compiled"]:
        return _Field(key, _STALE, None, is_stale=True)
    if kind is None and not definition.is_basic_field:
        return None
    type_ = _type(selecting, field.type, fields)
    return _Field(key, wire_name(definition.python_name), type_) if type_ is not None else None


def _type(selecting: Selecting, type_: graphql.GraphQLOutputType, fields: list[FieldDetails]) -> Any:
    """A leaf's Python type, a selection, or a list or nullable of these; None if it needs a resolver."""
    if not graphql.is_non_null_type(type_):
        inner = _strict(selecting, type_, fields)
        return _Wrapped(inner, is_list=False) if inner is not None else None
    return _strict(selecting, type_.of_type, fields)


def _strict(selecting: Selecting, type_: Any, fields: list[FieldDetails]) -> Any:
    if graphql.is_list_type(type_):
        inner = _type(selecting, type_.of_type, fields)
        return _Wrapped(inner, is_list=True) if inner is not None else None
    if isinstance(type_, graphql.GraphQLObjectType):
        return _selection(selecting, type_, fields)
    if isinstance(type_, graphql.GraphQLEnumType):
        names = tuple(type_.values)
        is_wire = all(value.value == name for name, value in type_.values.items())
        return Literal[names] if is_wire else None
    return _SCALARS.get(type_.name) if isinstance(type_, graphql.GraphQLScalarType) else None


@dataclass(frozen=True, slots=True)
class _Shape:
    """msgspec's types: of the source, of the fresh answer and of the stale answer.

    `clock` is the path of attributes to the source's `syncedAt`, if the answer depends on it.
    """

    source: Any
    answers: tuple[Any, Any]
    clock: str | None = None


@lru_cache(maxsize=MAX_SELECTIONS)
def _compile(selection: _Selection) -> CompiledSelection | None:
    try:
        return CompiledSelection(selection)
    except _UnclearClock:
        return None


class _UnclearClock(Exception):
    """The answer has `stale` in a list, in a nullable object, or in several objects."""


def _shape(type_: Any) -> _Shape:
    if isinstance(type_, _Wrapped):
        inner = _shape(type_.of)
        if inner.clock is not None:
            raise _UnclearClock
        types = inner.source, *inner.answers
        source, *answers = [list[of] if type_.is_list else of | None for of in types]  # type: ignore[valid-type]
        return _Shape(source, (answers[0], answers[1]))
    if isinstance(type_, _Selection):
        return _structs(type_)
    return _Shape(type_, (type_, type_))


def _structs(selection: _Selection) -> _Shape:
    source: dict[str, Any] = {}
    answers: tuple[list[Any], list[Any]] = ([], [])
    clocks: list[str] = []
    if selection.is_checked:
        source[_TYPENAME] = "checked", Literal[selection.typename]
    for number, field in enumerate(selection.fields):
        name = f"field_{number}"
        if field.is_stale:
            source.setdefault(_STALE, ("synced_at", str | None))
            clocks.append(source[_STALE][0])
            for answer, is_stale in zip(answers, (False, True), strict=True):
                answer.append((name, bool, msgspec.field(name=field.key, default=is_stale)))
        elif field.source is None:
            for answer in answers:
                answer.append((name, str, msgspec.field(name=field.key, default=field.type)))
        else:
            shape = _shape(field.type)
            name = source.get(field.source, (name,))[0]
            source[field.source] = name, shape.source
            clocks.extend(f"{name}.{clock}" for clock in (shape.clock,) if clock is not None)
            for answer, type_ in zip(answers, shape.answers, strict=True):
                answer.append((name, type_, msgspec.field(name=field.key)))
    if len(set(clocks)) > 1:
        raise _UnclearClock
    fields = [(name, type_, msgspec.field(name=key)) for key, (name, type_) in source.items()]
    structs = [msgspec.defstruct(selection.typename, of, kw_only=True, gc=False) for of in (fields, *answers)]
    return _Shape(structs[0], (structs[1], structs[2]), clocks[0] if clocks else None)
