"""The values that the arguments and input fields of operations take, generated from the schema."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_named_type,
    is_required_input_field,
)


class ValuesMissing(Exception):
    """The schema has an input with a scalar type for which the tests have no values."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value to try, and its counterpart that refers to no merchant. Both are equal if the value itself
    refers to no merchant.
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
    """For each scalar, a valid value for the caller and all values to try."""

    own_value: Mapping[str, Any]
    all_values: Mapping[str, Sequence[Value]]

    def check(self, scalar: str, where: str) -> None:
        if scalar not in self.own_value or scalar not in self.all_values:
            raise ValuesMissing(
                f"{where} takes the scalar {scalar}, for which the isolation tests have no values. "
                "Add values to Party.candidates_for in tests/isolation/merchants.py."
            )


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

    Each input object to try differs in one field from a valid input object for the caller. If this field
    contains a reference, a second field may also differ. A nested input object has fewer variations.
    """
    if isinstance(type_, GraphQLNonNull):
        return variations(type_.of_type, candidates, where, is_nested=is_nested)
    if isinstance(type_, GraphQLList):
        own = own_value(type_.of_type, candidates, where)
        each = variations(type_.of_type, candidates, where, is_nested=is_nested)
        together = Value([one.existing for one in each], [one.absent for one in each])
        return [*(Value([own, one.existing], [own, one.absent]) for one in each), together]
    if isinstance(type_, GraphQLEnumType):
        return [constant(name) for name in type_.values]
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
    # The API may check the fields in any order. So combine each value without a reference with a reference in
    # another field. If required fields take references, use each of them, else the first optional field.
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
    """Remove all cursors but the first, unless the field is the `after` or `before` of a page."""
    cursors = [one for one in values if one.depends_on_order]
    return [one for one in values if name in {"after", "before"} or one not in cursors[1:]]


def _few(values: Sequence[Value]) -> list[Value]:
    """Return one value with a reference and two values without a reference."""
    return [one for one in values if one.refers][:1] + [one for one in values if not one.refers][:2]


def combinations(
    arguments: Mapping[str, GraphQLArgument], candidates: Candidates, where: str, *, is_nested: bool
) -> Iterator[dict[str, Value]]:
    """Yield the arguments to try: first no arguments, then each value of each argument.

    For root fields, each cursor is also combined with every order. Each of these combinations takes the next
    page size, or no page size.
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
    """Yield every combination of enum values. Each takes the next Int argument in turn, or none."""
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


def constant(value: Any) -> Value:
    """A value that refers to no merchant."""
    return Value(value, value)
