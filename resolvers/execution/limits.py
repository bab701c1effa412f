"""How large a document may be, whatever it asks for. Looked at before it is validated: some of the standard
rules take a second for a document of a few kilobytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)

from resolvers.errors import TooComplex

MAX_TOKENS = 2000
# An error's place is found by counting lines from the beginning, for each error anew.
MAX_LINES = 4000
MAX_FRAGMENTS = 50
MAX_DIRECTIVES = 50
MAX_ALIASES = 50
# The same field or fragment once more in one selection set: comparing them is quadratic.
MAX_REPETITIONS = 100
MAX_ROOT_FIELDS = 20
# One after the other, and each may ask Stripe three times.
MAX_MUTATIONS = 5
# The standard introspection query has 15.
MAX_LEVELS = 16


@dataclass(slots=True)
class _Tally:
    """What one definition holds itself; of the fragments that it spreads only the names."""

    aliases: int = 0
    directives: int = 0
    repetitions: int = 0
    root_fields: int = 0
    levels: int = 0
    # The fragment's name, and the level that its fields will be on.
    spreads: list[tuple[str, int]] = field(default_factory=list)


def refusal(document: DocumentNode) -> GraphQLError | None:
    """The first limit that the document exceeds, as an error for the client."""
    for what, found, most in _figures(document):
        if found > most:
            return too_complex(what, found, most)
    return None


def too_complex(what: str, found: int, most: int) -> GraphQLError:
    message = f"Too complex: {found:,} {what}; at most {most:,} are allowed."
    return GraphQLError(message, original_error=TooComplex(message))


def _figures(document: DocumentNode) -> Iterator[tuple[str, int, int]]:
    """What is limited, how much of it there is, and the limit. Each definition is walked once."""
    if document.loc is not None:
        text = document.loc.source.body
        yield "lines", text.count("\n") + text.count("\r"), MAX_LINES
    fragments: dict[str, _Tally] = {}
    operations: list[tuple[OperationDefinitionNode, _Tally]] = []
    # Fragments too that have the same name: what they hold is validated all the same.
    tallies: list[_Tally] = []
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            tallies.append(_tally(definition))
            fragments[definition.name.value] = tallies[-1]
        elif isinstance(definition, OperationDefinitionNode):
            tallies.append(_tally(definition))
            operations.append((definition, tallies[-1]))
    # First, as what follows goes from fragment to fragment.
    yield "fragments", len(tallies) - len(operations), MAX_FRAGMENTS
    yield "directives", sum(tally.directives for tally in tallies), MAX_DIRECTIVES
    yield "aliases", sum(tally.aliases for tally in tallies), MAX_ALIASES
    yield "repeated selections", sum(tally.repetitions for tally in tallies), MAX_REPETITIONS
    deepest: dict[str, int] = {}
    for name in fragments:
        _measure(name, fragments, deepest)
    for operation, tally in operations:
        is_mutation = operation.operation is OperationType.MUTATION
        what = "root fields of a mutation" if is_mutation else "root fields"
        yield what, _root_fields(tally, fragments), MAX_MUTATIONS if is_mutation else MAX_ROOT_FIELDS
        yield "levels of selections", _levels(tally, deepest), MAX_LEVELS


def _tally(definition: OperationDefinitionNode | FragmentDefinitionNode) -> _Tally:
    found = _Tally(directives=len(definition.directives or ()))
    for variable in definition.variable_definitions or ():
        found.directives += len(variable.directives or ())
    names: set[str] = set()
    waiting = [(definition.selection_set, 1, names)]
    while waiting:
        selections, level, names = waiting.pop()
        for node in selections.selections:
            found.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                found.aliases += node.alias is not None
                found.root_fields += level == 1
                found.levels = max(found.levels, level)
                if node.selection_set:
                    waiting.append((node.selection_set, level + 1, set()))
            elif isinstance(node, FragmentSpreadNode):
                name = f"...{node.name.value}"
                found.spreads.append((node.name.value, level))
            else:
                # Its fields stand among those around it.
                waiting.append((node.selection_set, level, names))  # type: ignore[attr-defined]
                continue
            found.repetitions += name in names
            names.add(name)
    return found


def _measure(name: str, fragments: Mapping[str, _Tally], deepest: dict[str, int]) -> None:
    """Write down how many levels a fragment has, and those that it spreads. A cycle ends where it closes."""
    if name in deepest or name not in fragments:
        return
    deepest[name] = 0
    for spread, _ in fragments[name].spreads:
        _measure(spread, fragments, deepest)
    deepest[name] = _levels(fragments[name], deepest)


def _levels(tally: _Tally, deepest: Mapping[str, int]) -> int:
    below = (level - 1 + deepest.get(name, 0) for name, level in tally.spreads)
    return max(tally.levels, max(below, default=0))


def _root_fields(tally: _Tally, fragments: Mapping[str, _Tally]) -> int:
    """Also those of fragments, each of which is taken once, as in execution."""
    found, seen, waiting = 0, set[str](), [tally]
    while waiting:
        tally = waiting.pop()
        found += tally.root_fields
        for name, level in tally.spreads:
            if level == 1 and name in fragments and name not in seen:
                seen.add(name)
                waiting.append(fragments[name])
    return found
