"""Choose the operations that the tests try for a merchant from all operations of the schema."""

import functools
from collections.abc import Callable, Sequence

from testing.public_schema import SCHEMA
from tests.isolation.merchants import Party
from tests.isolation.operations import Operation, operations


@functools.lru_cache(maxsize=2)
def every(caller: Party, other: Party, kind: str) -> Sequence[Operation]:
    """Return all operations of this kind.

    All arguments and values of a nested field are tried only below the first root field that reaches it.
    Below every other root field, one reference is enough, because the same code reads the reference.
    """
    sample = list(operations(SCHEMA, other.candidates_for(caller), [kind]))
    first: dict[str, tuple[str, ...]] = {}
    elsewhere: dict[tuple[str, ...], Operation] = {}
    for one in sample:
        first.setdefault(one.varied[-1], one.varied)
    for one in sorted(sample, key=lambda one: (not one.refers, -len(one.existing))):
        elsewhere.setdefault(one.varied, one)
    return [
        one
        for one in sample
        if len(one.varied) == 1 or one.varied == first[one.varied[-1]] or one is elsewhere[one.varied]
    ]


def thin(sample: Sequence[Operation], is_thinned: Callable[[Operation], bool]) -> list[Operation]:
    """Keep all operations that `is_thinned` does not select. Of the operations that it selects, keep one for
    each document and set of input fields.
    """
    by_fields: dict[tuple[str, frozenset[tuple[str, ...]]], Operation] = {}
    for one in sorted(sample, key=lambda one: not one.refers):  # prefer operations with a reference
        by_fields.setdefault((one.text, one.input_fields), one)
    return [one for one in sample if not is_thinned(one) or one is by_fields[one.text, one.input_fields]]


def few(sample: Sequence[Operation]) -> list[Operation]:
    """Return two operations for each document, and one for each set of input fields of a document."""
    chosen = [*two_for_each_document(sample), *thin(sample, lambda _: True)]
    return list({key(one): one for one in chosen}.values())


def two_for_each_document(sample: Sequence[Operation]) -> list[Operation]:
    """For each document, return the first operation with a reference and the first one without one."""
    return list({(one.text, one.refers): one for one in reversed(sample)}.values())


def key(one: Operation) -> str:
    return str((one.text, one.existing))
