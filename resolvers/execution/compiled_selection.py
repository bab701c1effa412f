"""Selections over documents, compiled.

A merchant's document holds every field in wire form already. To answer `{ displayName account { id } }` from
it graphql-core calls a resolver for each field of each object, some microseconds each; fifty merchants have
some thousands of fields. But below a document there is nothing to resolve: the answer is the document without
what was not asked for. So a selection is made into two sets of msgspec's structs:

- the *source*: the fields that are wanted, by their names in the document, each with its type. msgspec reads
  them out of the document's text, skips the rest, and checks the types while it reads;
- the *answer*: the same fields by the names that the client gave them, in the client's order. msgspec fills
  it from the source and writes it as JSON.

Which fields a selection has is asked of graphql-core itself (`collect_subfields`), so that fragments, `@skip`
and `@include` mean here what they mean there. What the clock changes, `Freshness.stale`, has two answers, and
the moment at which the first turns into the second is told with it.

**The answer is always graphql-core's.** An object whose selection has something else in it, such as a field
with arguments or a resolver, is not compiled; a source that does not have what its types say is not
projected. In both cases the result is None: graphql-core takes that object, error messages included, and the
objects below it come here again, each on its own.
"""

import itertools
import operator
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, collect_subfields

from connect.merchants.snapshot import parse_time
from resolvers.scalars import wire_name

# Metadata of fields whose resolvers are known here: without arguments it is the document's own value; it is
# whether `syncedAt` was longer ago than is tolerated.
PASSED_ON = {"projection": "passed on"}
STALE = {"projection": "stale"}

SELECTIONS = 256

# Of selections and the like: what is kept of them is found by it.
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


@dataclass(slots=True)
class RenderedObject:
    """An answer as JSON, and until when it holds, in seconds since 1970; None: as long as its source."""

    text: bytes
    until: float | None


class CompiledSelection:
    """What one selection makes of documents."""

    def __init__(self, selection: "_Selection") -> None:
        self.number = new_number()
        shape = _shape(selection)
        self._source, self._answers, self._clock = shape.source, shape.answers, shape.clock
        self._decode = msgspec.json.Decoder(self._source).decode
        self._synced_at = operator.attrgetter(shape.clock) if shape.clock is not None else None

    def render_text(self, document: str, stale_after: timedelta) -> RenderedObject | None:
        """The answer from a document's text."""
        try:
            return self._answer(self._decode(document), stale_after)
        except ValueError:  # of which msgspec's errors are; also a time that is none
            return None

    def render(self, source: dict[str, Any], stale_after: timedelta) -> RenderedObject | None:
        """The answer from a document, or from an object in one."""
        try:
            return self._answer(msgspec.convert(source, self._source), stale_after)
        except ValueError:
            return None

    def _answer(self, found: Any, stale_after: timedelta) -> RenderedObject:
        is_stale, until = False, None
        if self._synced_at is not None:
            synced_at = parse_time(self._synced_at(found))
            is_stale = synced_at is None or datetime.now(UTC) - synced_at > stale_after
            if synced_at is not None and not is_stale:
                until = (synced_at + stale_after).timestamp()
        made = msgspec.convert(found, self._answers[is_stale], from_attributes=True)
        return RenderedObject(msgspec.json.encode(made), until)


class SelectionCache:
    """The latest compiled selections, found again by the nodes of the selection."""

    def __init__(self) -> None:
        # With the nodes, as long as they live nothing else has their ids.
        self._known: OrderedDict[Any, tuple[list[FieldDetails], CompiledSelection | None]] = OrderedDict()

    def find(
        self, executing: Any, type_: GraphQLObjectType, fields: list[FieldDetails]
    ) -> CompiledSelection | None:
        """The projection of what is selected below these fields, of an object of this type.

        `executing` is graphql-core's executor, or has its schema, fragments, operation and variable_values.
        """
        # @skip and @include take Booleans, and nothing else that a variable holds changes what is selected.
        flags = [v for v in executing.variable_values.coerced.items() if isinstance(v[1], bool)]
        key = type_.name, *[id(field.node) for field in fields], *flags
        if (known := self._known.get(key)) is not None:
            self._known.move_to_end(key)
            return known[1]
        selection = _selection(executing, type_, fields)
        found = _projection(selection) if selection is not None else None
        self._known[key] = fields, found
        if len(self._known) > SELECTIONS:
            self._known.popitem(last=False)
        return found


selection_cache = SelectionCache()


@dataclass(frozen=True, slots=True)
class _Field:
    """A selected field: by which name, from where, of which type. Without a source it is the type's name."""

    key: str
    source: str | None
    type: Any
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class _Selection:
    """All that is selected of an object. Equal ones, whoever sent them, share a projection."""

    typename: str
    # Whether graphql-core asks the source whether it is of this type: by `__typename`, as documents have it.
    is_checked: bool
    fields: tuple[_Field, ...]


@dataclass(frozen=True, slots=True)
class _List:
    of: Any


@dataclass(frozen=True, slots=True)
class _Nullable:
    of: Any


def _selection(executing: Any, type_: GraphQLObjectType, fields: Sequence[FieldDetails]) -> _Selection | None:
    """What is selected below these fields; None when there is something that is not known here."""
    is_checked = type_.is_type_of is not None
    if type_.is_type_of and not type_.is_type_of({_TYPENAME: type_.name}, None):  # type: ignore[arg-type]
        return None
    collected = collect_subfields(
        executing.schema,
        executing.fragments,
        executing.variable_values,
        executing.operation,
        type_,
        list(fields),
    )
    grouped = collected.grouped_field_set
    names = [nodes[0].node.name.value for nodes in grouped.values()]
    # msgspec takes a field of the source once: the second name of the same field goes to graphql-core. Before
    # anything below: fields that hold their like, each under several names, would grow without end.
    if any(name != _TYPENAME and names.count(name) > 1 for name in names):
        return None
    found = [_field(executing, type_, key, nodes) for key, nodes in grouped.items()]
    known = tuple(field for field in found if field is not None)
    return _Selection(type_.name, is_checked, known) if len(known) == len(found) else None


def _field(executing: Any, parent: GraphQLObjectType, key: str, fields: list[FieldDetails]) -> _Field | None:
    node = fields[0].node
    if any(f.node.arguments or f.defer_usage or f.fragment_variable_values for f in fields):
        return None
    if node.name.value == _TYPENAME:
        return _Field(key, None, parent.name)
    field = parent.fields[node.name.value]
    ours = field.extensions["strawberry-definition"]
    word = ours.metadata.get("projection")
    if word == STALE["projection"]:
        return _Field(key, _STALE, None, is_stale=True)
    if word is None and not ours.is_basic_field:
        return None
    type_ = _type(executing, field.type, fields)
    return _Field(key, wire_name(ours.python_name), type_) if type_ is not None else None


def _type(executing: Any, type_: GraphQLOutputType, fields: list[FieldDetails]) -> Any:
    """The type as a leaf's Python type, a selection, or a list or nullable of such; None when not known."""
    if not is_non_null_type(type_):
        inner = _strict(executing, type_, fields)
        return _Nullable(inner) if inner is not None else None
    return _strict(executing, type_.of_type, fields)


def _strict(executing: Any, type_: Any, fields: list[FieldDetails]) -> Any:
    if is_list_type(type_):
        inner = _type(executing, type_.of_type, fields)
        return _List(inner) if inner is not None else None
    if isinstance(type_, GraphQLObjectType):
        return _selection(executing, type_, fields)
    if isinstance(type_, GraphQLEnumType):
        names = tuple(type_.values)
        is_wire = all(value.value == name for name, value in type_.values.items())
        return Literal[names] if is_wire else None
    return _SCALARS.get(type_.name) if isinstance(type_, GraphQLScalarType) else None


@dataclass(frozen=True, slots=True)
class _Shape:
    """Types for msgspec: the source's, and the answer's while fresh and once stale. `clock` is where the
    source has the moment that decides, a path of attributes."""

    source: Any
    answers: tuple[Any, Any]
    clock: str | None = None


@lru_cache(maxsize=SELECTIONS)
def _projection(selection: _Selection) -> CompiledSelection | None:
    try:
        return CompiledSelection(selection)
    except _UnclearClock:
        return None


class _UnclearClock(Exception):
    """Staleness in a place that may be missing or there several times."""


def _shape(type_: Any) -> _Shape:
    if isinstance(type_, _Nullable | _List):
        inner = _shape(type_.of)
        if inner.clock is not None:
            raise _UnclearClock
        if isinstance(type_, _List):
            return _Shape(list[inner.source], (list[inner.answers[0]], list[inner.answers[1]]))  # type: ignore[name-defined]
        return _Shape(inner.source | None, (inner.answers[0] | None, inner.answers[1] | None))
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
    made = [msgspec.defstruct(selection.typename, of, kw_only=True, gc=False) for of in (fields, *answers)]
    return _Shape(made[0], (made[1], made[2]), clocks[0] if clocks else None)
