"""The selected fields of an object, and the msgspec types for them."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

TYPENAME, SYNCED_AT = "__typename", "syncedAt"


class DashboardAddress(str):
    """An address in Stripe's Dashboard, as documents hold it. Rendering relocates it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A selected field: its name in the answer, its name in the document, and its type.

    `__typename` has no source, and its `type` is the name of the type.
    """

    key: str
    source: str | None
    type: Any
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected fields of an object."""

    typename: str
    # Whether graphql-core calls `is_type_of`, which compares the `__typename` of the source.
    is_checked: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A list of a type, or a nullable type."""

    of: Any
    is_list: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The msgspec types of the source, of the fresh answer and of the stale answer.

    `clock` is the dotted path to `syncedAt` in the source. It is None if the answer has no `stale`.
    """

    source: Any
    answers: tuple[Any, Any]
    clock: str | None = None


class UnclearClock(Exception):
    """The answer has `stale` in a list, in a nullable object, or in several objects."""


def shape(type_: Any) -> Shape:
    """The shape of a leaf type, a Wrapped or a Selection. Raises UnclearClock."""
    if isinstance(type_, Wrapped):
        inner = shape(type_.of)
        if inner.clock is not None:
            raise UnclearClock
        types = inner.source, *inner.answers
        source, *answers = [list[of] if type_.is_list else of | None for of in types]  # type: ignore[valid-type]
        return Shape(source, (answers[0], answers[1]))
    if isinstance(type_, Selection):
        return _structs(type_)
    return Shape(type_, (type_, type_))


def _structs(selection: Selection) -> Shape:
    source: dict[str, Any] = {}
    answers: tuple[list[Any], list[Any]] = ([], [])
    clocks: list[str] = []
    if selection.is_checked:
        source[TYPENAME] = "checked", Literal[selection.typename]
    for number, field in enumerate(selection.fields):
        name = f"field_{number}"
        if field.is_stale:
            source.setdefault(SYNCED_AT, ("synced_at", str | None))
            clocks.append(source[SYNCED_AT][0])
            for answer, is_stale in zip(answers, (False, True), strict=True):
                answer.append((name, bool, msgspec.field(name=field.key, default=is_stale)))
        elif field.source is None:
            for answer in answers:
                answer.append((name, str, msgspec.field(name=field.key, default=field.type)))
        else:
            inner = shape(field.type)
            name = source.get(field.source, (name,))[0]
            source[field.source] = name, inner.source
            clocks.extend(f"{name}.{clock}" for clock in (inner.clock,) if clock is not None)
            for answer, type_ in zip(answers, inner.answers, strict=True):
                answer.append((name, type_, msgspec.field(name=field.key)))
    if len(set(clocks)) > 1:
        raise UnclearClock
    fields = [(name, type_, msgspec.field(name=key)) for key, (name, type_) in source.items()]
    structs = [msgspec.defstruct(selection.typename, of, kw_only=True, gc=False) for of in (fields, *answers)]
    return Shape(structs[0], (structs[1], structs[2]), clocks[0] if clocks else None)
