"""Documents and their operations: parsed, checked and prepared once for each text."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import graphql
import strawberry
from graphql.execution import get_variable_values
from graphql.execution.values import VariableValues
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from resolvers.execution import limits
from resolvers.execution.cost import cost

RULES = (*graphql.specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
# At most this many errors are reported, because locating an error takes time and clients fix one at a time.
MAX_ERRORS = 10
MAX_DOCUMENTS = 128
# The maximum number of cached costs of one operation. The cost depends on the page size.
MAX_COSTS = 100

# The maximum number of comparisons by this rule for one document. With the default, a document could take
# most of a second.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000

# If a variable of one of these types has a value of this Python type, coercion returns the value unchanged.
# The last type is for the representations of entities that a router sends, which are objects.
_PLAIN_TYPES: Mapping[str, type] = {"Boolean": bool, "ID": str, "Int": int, "String": str, "[_Any!]": list}
_INT32 = range(-(2**31), 2**31)
_SIZED = int, list


@dataclass(slots=True)
class Operation:
    """An operation of a valid document."""

    schema: graphql.GraphQLSchema
    document: graphql.DocumentNode
    node: graphql.OperationDefinitionNode
    # Compiled queries by the values of the Boolean variables; None if graphql-core must execute the query.
    compiled: dict[Hashable, Any] = field(default_factory=dict)
    costs: dict[Hashable, int] = field(default_factory=dict)
    # For each variable: its name, its Python type, and whether it is required. None if a variable has another
    # type or a default.
    _plain: Sequence[tuple[str, type, bool]] | None = None

    def __post_init__(self) -> None:
        plain = []
        for variable in self.node.variable_definitions or ():
            type_: Any = graphql.type_from_ast(self.schema, variable.type)
            is_required = graphql.is_non_null_type(type_)
            name = str(type_.of_type if is_required else type_)
            if name not in _PLAIN_TYPES or variable.default_value is not None:
                return
            plain.append((variable.variable.name.value, _PLAIN_TYPES[name], is_required))
        self._plain = plain

    @property
    def is_query(self) -> bool:
        return self.node.operation is graphql.OperationType.QUERY

    def variable_values(self, inputs: dict[str, Any]) -> VariableValues | list[graphql.GraphQLError]:
        """The variables as graphql-core coerces them, or their errors."""
        return get_variable_values(
            self.schema, self.node.variable_definitions or (), inputs, MAX_ERRORS, hide_suggestions=True
        )

    def coerce(self, inputs: dict[str, Any]) -> dict[str, Any] | None:
        """The coerced variables; None if they have errors."""
        coerced = self._coerce_plain(inputs) if self._plain is not None else None
        if coerced is None:
            values = self.variable_values(inputs)
            coerced = values.coerced if isinstance(values, VariableValues) else None
        return coerced

    def _coerce_plain(self, inputs: dict[str, Any]) -> dict[str, Any] | None:
        """The variables if each has the exact type of its scalar; None otherwise.

        This is a fast path: graphql-core looks up all types and signatures again for each request.
        """
        coerced = {}
        for name, type_, is_required in self._plain or ():
            value = inputs.get(name)
            if type(value) is type_ and _is_plain(value):
                coerced[name] = value
            elif value is not None or is_required:
                return None
            elif name in inputs:
                coerced[name] = None
        return coerced

    def cost(self, coerced: Mapping[str, Any]) -> int:
        """The cost with these variables. Only numbers and the lengths of lists change it."""
        sizes = tuple(
            [
                (name, len(value) if isinstance(value, list) else value)
                for name, value in coerced.items()
                if isinstance(value, _SIZED)
            ]
        )
        total = self.costs.get(sizes)
        if total is None:
            if len(self.costs) >= MAX_COSTS:
                self.costs.clear()
            total = self.costs[sizes] = cost(self.schema, self.document, self.node, dict(coerced))
        return total


def _is_plain(value: Any) -> bool:
    """Whether a value of the right Python type needs no further check."""
    if type(value) is int:
        return value in _INT32
    return type(value) is not list or {*map(type, value)} <= {dict}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. It has either errors or operations."""

    node: graphql.DocumentNode
    errors: Sequence[graphql.GraphQLError] = ()
    # The operations by name. A single operation also has the key None.
    operations: Mapping[str | None, Operation] = field(default_factory=dict)


def find(schema: strawberry.Schema, text: str, name: str | None) -> Operation | None:
    """The operation of a valid document. None if the document is invalid or has no such operation."""
    try:
        return read(schema._schema, text).operations.get(name)  # noqa: SLF001
    except graphql.GraphQLError:
        return None


@lru_cache(maxsize=MAX_DOCUMENTS)
def read(schema: graphql.GraphQLSchema, text: str) -> Document:
    """Parse and check a document. Raises GraphQLSyntaxError.

    The cache key is the text, because hashing a document node walks its whole tree.
    """
    node = graphql.parse(text, max_tokens=limits.MAX_TOKENS)
    if error := limits.refusal(node):
        return Document(node, (error,))
    # Suggestions would reveal names of the schema to clients that may not introspect it.
    if errors := graphql.validate(schema, node, RULES, MAX_ERRORS, hide_suggestions=True):
        return Document(node, errors)
    operations = [
        Operation(schema, node, part)
        for part in node.definitions
        if isinstance(part, graphql.OperationDefinitionNode)
    ]
    by_name = {one.node.name.value if one.node.name else None: one for one in operations}
    return Document(node, (), {None: operations[0], **by_name} if len(operations) == 1 else by_name)
