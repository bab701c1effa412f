"""Selections over documents, compiled to msgspec structs.

A document holds all fields of its object in wire form. The answer is the document without the unselected
fields, so it needs no resolvers. For fifty merchants, graphql-core would call thousands of resolvers, and
each call takes some microseconds. A compiled selection has two sets of structs:

- The *source* has the selected fields, with their names in the document. msgspec decodes the document's text
  into it, skips all other fields, and checks the types.
- The *answer* has the same fields, with the client's names and in the client's order. msgspec converts the
  source to the answer and encodes it.

For example, `{ shop: displayName account { id } }` decodes a struct with `displayName` and `account.id` and
encodes one with `shop` and `account.id`: `{"shop":"Amber Bakery","account":{"id":"..."}}`.

graphql-core's `collect_subfields` lists the selected fields, so fragments, `@skip` and `@include` work as in
graphql-core. `Freshness.stale` is the only field that changes with time. There is one answer struct for each
of its values, and a rendered object expires when the value changes. Addresses in the Dashboard have a
separate type, because a setting chooses the Dashboard (docs/decisions/0024).

**The answer always equals graphql-core's.** If a field cannot be compiled, for example because it has
arguments, its selection is not compiled. If a value in a document has the wrong type, the document is not
rendered. In both cases, graphql-core completes that object with its errors, and a compiled selection is tried
for each object below it.
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

from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.dashboard.dashboard_addresses import Relocate
from resolvers.common import names
from resolvers.common.scalars import MAX_MINOR_UNITS, wire_name
from resolvers.execution.selection_types import (
    SYNCED_AT,
    TYPENAME,
    DashboardAddress,
    Field,
    Selection,
    UnclearClock,
    Wrapped,
    shape,
)

# Metadata of fields that have a resolver and can still be compiled. PASSED_ON: without arguments, the
# resolver returns the document's value. STALE: the resolver compares `syncedAt` with the maximum age.
# DASHBOARD: the resolver relocates an address in the Dashboard.
PASSED_ON = {"compiled": "passed on"}
STALE = {"compiled": "stale"}
DASHBOARD = {"compiled": "dashboard"}

MAX_SELECTIONS = 256

# Cache keys contain a selection's number instead of the selection, so that the cache does not keep the
# selection alive.
new_number = itertools.count().__next__

_INTEGER = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
_MINOR_UNITS = Annotated[int, msgspec.Meta(ge=-MAX_MINOR_UNITS, le=MAX_MINOR_UNITS)]
_SCALARS: dict[str, Any] = {
    "Boolean": bool,
    "CountryCode": str,
    "CurrencyCode": str,
    "Date": str,
    "DateTime": str,
    "ID": str,
    "Int": _INTEGER,
    "MinorUnits": _MINOR_UNITS,
    "String": str,
    "URL": str,
}


class Selecting(Protocol):
    """The attributes of graphql-core's executor that `collect_subfields` needs."""

    schema: graphql.GraphQLSchema
    fragments: dict[str, FragmentDetails]
    variable_values: VariableValues
    operation: graphql.OperationDefinitionNode


@dataclass(slots=True)
class RenderedObject:
    """The JSON text of an object, and the time at which it expires, in seconds since 1970.

    If `until` is None, the text is valid until the document changes.
    """

    text: bytes
    until: float | None
    # The id and the row version of the document, unless the cache's key holds them.
    row: tuple[Any, int] | None = None


class CompiledSelection:
    """Renders documents for one selection."""

    def __init__(self, selection: "Selection") -> None:
        self.number = new_number()
        types = shape(selection)
        self._source, self._answers = types.source, types.answers
        self._decode = msgspec.json.Decoder(self._source, dec_hook=_dashboard_address).decode
        self._synced_at = operator.attrgetter(types.clock) if types.clock is not None else None

    def render_text(self, document: str, stale_after: timedelta, relocate: Relocate) -> RenderedObject | None:
        """Render a document's text; None if a value has the wrong type."""
        try:
            return self._answer(self._decode(document), stale_after, relocate)
        except ValueError:  # msgspec's errors and the error of a malformed time are ValueErrors
            return None

    def render(
        self, source: dict[str, Any], stale_after: timedelta, relocate: Relocate
    ) -> RenderedObject | None:
        """Render a document or an object in it; None if a value has the wrong type."""
        try:
            converted = msgspec.convert(source, self._source, dec_hook=_dashboard_address)
            return self._answer(converted, stale_after, relocate)
        except ValueError:
            return None

    def _answer(self, source: Any, stale_after: timedelta, relocate: Relocate) -> RenderedObject:
        is_stale, until = False, None
        if self._synced_at is not None:
            synced_at = parse_time(self._synced_at(source))
            is_stale = synced_at is None or datetime.now(UTC) - synced_at > stale_after
            if synced_at is not None and not is_stale:
                until = (synced_at + stale_after).timestamp()
        answer = msgspec.convert(source, self._answers[is_stale], from_attributes=True)
        return RenderedObject(msgspec.json.encode(answer, enc_hook=relocate), until)


class SelectionCache:
    """The most recently used compiled selections, by the nodes of their fields."""

    def __init__(self) -> None:
        # A key contains the Python ids of nodes. The key's value keeps these nodes alive, so that no other
        # node can get one of the ids.
        self._entries: OrderedDict[Any, tuple[list[FieldDetails], CompiledSelection | None]] = OrderedDict()

    def find(
        self, selecting: Selecting, type_: graphql.GraphQLObjectType, fields: list[FieldDetails]
    ) -> CompiledSelection | None:
        """The compiled selection on this type below these fields; None if it cannot be compiled."""
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
    """Compile the selection on this type below these fields; None if it cannot be compiled.

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
    """Whether these fields have no arguments, no @defer and no variables of a fragment."""
    return not any(f.node.arguments or f.defer_usage or f.fragment_variable_values for f in fields)


def _selection(
    selecting: Selecting, type_: graphql.GraphQLObjectType, fields: Sequence[FieldDetails]
) -> Selection | None:
    """The selection on this type below these fields; None if it cannot be compiled."""
    is_checked = type_.is_type_of is not None
    typename = names.of_type(type_)
    if type_.is_type_of and not type_.is_type_of({TYPENAME: typename}, None):  # type: ignore[arg-type]
        return None
    grouped = subfields(selecting, type_, fields)
    selections = [nodes[0].node.name.value for nodes in grouped.values()]
    # If a selection has one field under several names, graphql-core serves it, because msgspec uses each
    # field of the source only once. Check this before the nested fields, because their number may grow
    # exponentially with the depth.
    if any(name != TYPENAME and selections.count(name) > 1 for name in selections):
        return None
    selected = [_field(selecting, type_, key, nodes) for key, nodes in grouped.items()]
    compiled = tuple(field for field in selected if field is not None)
    return Selection(typename, is_checked, compiled) if len(compiled) == len(selected) else None


def _field(
    selecting: Selecting, parent: graphql.GraphQLObjectType, key: str, fields: list[FieldDetails]
) -> Field | None:
    node = fields[0].node
    if not is_plain(fields):
        return None
    if node.name.value == TYPENAME:
        return Field(key, None, parent.name)
    field = parent.fields[node.name.value]
    definition = field.extensions["strawberry-definition"]
    kind = definition.metadata.get("compiled")
    if kind == STALE["compiled"]:
        return Field(key, SYNCED_AT, None, is_stale=True)
    if kind == DASHBOARD["compiled"]:
        address = Wrapped(DashboardAddress, is_list=False)
        return Field(key, wire_name(definition.python_name), address)
    if kind is None and not definition.is_basic_field:
        return None
    type_ = _type(selecting, field.type, fields)
    return Field(key, wire_name(definition.python_name), type_) if type_ is not None else None


def _type(selecting: Selecting, type_: graphql.GraphQLOutputType, fields: list[FieldDetails]) -> Any:
    """The Python type of a leaf, or a Selection; in a Wrapped if it is nullable or a list.

    None if the fields cannot be compiled.
    """
    if not graphql.is_non_null_type(type_):
        inner = _strict(selecting, type_, fields)
        return Wrapped(inner, is_list=False) if inner is not None else None
    return _strict(selecting, type_.of_type, fields)


def _strict(selecting: Selecting, type_: Any, fields: list[FieldDetails]) -> Any:
    if graphql.is_list_type(type_):
        inner = _type(selecting, type_.of_type, fields)
        return Wrapped(inner, is_list=True) if inner is not None else None
    if isinstance(type_, graphql.GraphQLObjectType):
        return _selection(selecting, type_, fields)
    if isinstance(type_, graphql.GraphQLEnumType):
        values = tuple(type_.values)
        is_wire = all(value.value == name for name, value in type_.values.items())
        return Literal[values] if is_wire else None
    return _SCALARS.get(names.of_type(type_)) if isinstance(type_, graphql.GraphQLScalarType) else None


def _dashboard_address(type_: type, value: object) -> DashboardAddress:
    """Convert a text in a document to a DashboardAddress, for msgspec. Raises ValueError for other values."""
    if type_ is not DashboardAddress or not isinstance(value, str):
        raise ValueError
    return DashboardAddress(value)


@lru_cache(maxsize=MAX_SELECTIONS)
def _compile(selection: Selection) -> CompiledSelection | None:
    try:
        return CompiledSelection(selection)
    except UnclearClock:
        return None
