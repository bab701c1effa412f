"""Limits on the size of a document.

They are checked before validation, because GraphQL's validation rules can take a second for a few kilobytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import graphql

from resolvers.common.errors import TooComplex

MAX_TOKENS = 2000
# To locate an error, graphql-core counts all lines before the error.
MAX_LINES = 4000
MAX_FRAGMENTS = 50
MAX_DIRECTIVES = 50
MAX_ALIASES = 50
# Fields and fragment spreads whose name has already occurred in the same selection set. Validation compares
# them in pairs.
MAX_REPETITIONS = 100
MAX_ROOT_FIELDS = 20
# Mutations run one after another, and each may call Stripe several times.
MAX_MUTATIONS = 5
# The standard introspection query has 15 levels.
MAX_LEVELS = 16


@dataclass(slots=True)
class _Count:
    """The counts of one definition, without the fragments that it spreads."""

    aliases: int = 0
    directives: int = 0
    repetitions: int = 0
    root_fields: int = 0
    levels: int = 0
    # For each spread: the fragment's name and the level of its fields.
    spreads: list[tuple[str, int]] = field(default_factory=list)


def refusal(document: graphql.DocumentNode) -> graphql.GraphQLError | None:
    """The error for the first limit that the document exceeds; None if it exceeds none."""
    for name, count, limit in _counts(document):
        if count > limit:
            return too_complex(name, count, limit)
    return None


def too_complex(name: str, count: int, limit: int) -> graphql.GraphQLError:
    message = f"Too complex: {count:,} {name}; at most {limit:,} are allowed."
    return graphql.GraphQLError(message, original_error=TooComplex(message))


def _counts(document: graphql.DocumentNode) -> Iterator[tuple[str, int, int]]:
    """The name, count and limit of each check. Each definition is walked once."""
    if document.loc is not None:
        text = document.loc.source.body
        yield "lines", text.count("\n") + text.count("\r"), MAX_LINES
    fragments: dict[str, _Count] = {}
    operations: list[tuple[graphql.OperationDefinitionNode, _Count]] = []
    # Validation walks all fragments, even if several have the same name, so this list holds all of them.
    counts: list[_Count] = []
    for definition in document.definitions:
        if isinstance(definition, graphql.FragmentDefinitionNode):
            counts.append(_count(definition))
            fragments[definition.name.value] = counts[-1]
        elif isinstance(definition, graphql.OperationDefinitionNode):
            counts.append(_count(definition))
            operations.append((definition, counts[-1]))
    # Check the number of fragments before levels and root fields are counted, because counting them follows
    # the fragments.
    yield "fragments", len(counts) - len(operations), MAX_FRAGMENTS
    yield "directives", sum(count.directives for count in counts), MAX_DIRECTIVES
    yield "aliases", sum(count.aliases for count in counts), MAX_ALIASES
    yield "repeated selections", sum(count.repetitions for count in counts), MAX_REPETITIONS
    deepest: dict[str, int] = {}
    for name in fragments:
        _measure(name, fragments, deepest)
    for operation, count in operations:
        is_mutation = operation.operation is graphql.OperationType.MUTATION
        name = "root fields of a mutation" if is_mutation else "root fields"
        yield name, _root_fields(count, fragments), MAX_MUTATIONS if is_mutation else MAX_ROOT_FIELDS
        yield "levels of selections", _levels(count, deepest), MAX_LEVELS


def _count(definition: graphql.OperationDefinitionNode | graphql.FragmentDefinitionNode) -> _Count:
    count = _Count(directives=len(definition.directives or ()))
    for variable in definition.variable_definitions or ():
        count.directives += len(variable.directives or ())
    names: set[str] = set()
    waiting = [(definition.selection_set, 1, names)]
    while waiting:
        selections, level, names = waiting.pop()
        for node in selections.selections:
            count.directives += len(node.directives or ())
            if isinstance(node, graphql.FieldNode):
                name = (node.alias or node.name).value
                count.aliases += node.alias is not None
                count.root_fields += level == 1
                count.levels = max(count.levels, level)
                if node.selection_set:
                    waiting.append((node.selection_set, level + 1, set()))
            elif isinstance(node, graphql.FragmentSpreadNode):
                name = f"...{node.name.value}"
                count.spreads.append((node.name.value, level))
            else:
                # The fields of an inline fragment belong to the selection set around it.
                waiting.append((node.selection_set, level, names))  # type: ignore[attr-defined]
                continue
            count.repetitions += name in names
            names.add(name)
    return count


def _measure(name: str, fragments: Mapping[str, _Count], deepest: dict[str, int]) -> None:
    """Record the levels of a fragment and of the fragments that it spreads. A cycle is followed once."""
    if name in deepest or name not in fragments:
        return
    deepest[name] = 0
    for spread, _ in fragments[name].spreads:
        _measure(spread, fragments, deepest)
    deepest[name] = _levels(fragments[name], deepest)


def _levels(count: _Count, deepest: Mapping[str, int]) -> int:
    below = (level - 1 + deepest.get(name, 0) for name, level in count.spreads)
    return max(count.levels, max(below, default=0))


def _root_fields(count: _Count, fragments: Mapping[str, _Count]) -> int:
    """The number of root fields, including those in fragments. Each fragment counts once, as in execution."""
    total, seen, waiting = 0, set[str](), [count]
    while waiting:
        count = waiting.pop()
        total += count.root_fields
        for name, level in count.spreads:
            if level == 1 and name in fragments and name not in seen:
                seen.add(name)
                waiting.append(fragments[name])
    return total
