"""What every operation goes through before anything is executed, whatever its type: it is parsed, held
against the limits, validated, its variables are read, its cost is computed. And how long a query may take."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import structlog
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.execution import get_variable_values
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.graphql import OperationType

from resolvers.errors import BadUserInput, TimedOut
from resolvers.execution import limits
from resolvers.execution.cost import cost

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
# A client repairs one mistake at a time, and finding the place of each takes time.
MAX_ERRORS = 10
MAX_DOCUMENTS = 128

# The rule gives up after so many comparisons. Its own default lets it take most of a second.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000

log = structlog.get_logger("graphql")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed document with its errors, and its compiled queries by operation and conditions."""

    document: DocumentNode
    errors: Sequence[GraphQLError]
    compiled: dict[Any, Any] = field(default_factory=dict)
    costs: dict[Any, int] = field(default_factory=dict)


@lru_cache(maxsize=MAX_DOCUMENTS)
def read(schema: GraphQLSchema, text: str) -> Parsed:
    """Parse and check a document, once for each text. Raises GraphQLSyntaxError.

    The text is the key, as hashing a document walks all of it, for each request anew.
    """
    document = parse(text, max_tokens=limits.MAX_TOKENS)
    if refused := limits.refusal(document):
        return Parsed(document, (refused,))
    # Names that nobody asked for are not told: introspection has them for those who have a token.
    return Parsed(document, validate(schema, document, RULES, MAX_ERRORS, hide_suggestions=True))


class Admission(SchemaExtension):
    _errors: Sequence[GraphQLError] = ()

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        # A syntax error is found once more by Strawberry's own parser, which knows how to answer with it also
        # in a stream. Likewise what is no text.
        if context.query:
            with contextlib.suppress(GraphQLError):
                reading = read(context.schema._schema, context.query)  # noqa: SLF001
                context.graphql_document, self._errors = reading.document, reading.errors
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = list(self._errors) or self._refusals()
        yield

    def _refusals(self) -> list[GraphQLError]:
        """What is wrong with this request for a document that is in order."""
        context = self.execution_context
        schema, document = context.schema._schema, context.graphql_document  # noqa: SLF001
        assert document is not None  # noqa: S101 -- it was parsed
        operation = get_operation_ast(document, context._provided_operation_name)  # noqa: SLF001
        if operation is None:
            # Strawberry would run the first.
            return [_bad_input("Name the operation in `operationName`: the document has several.")]
        given = get_variable_values(
            schema,
            operation.variable_definitions or (),
            context.variables or {},
            MAX_ERRORS,
            hide_suggestions=True,
        )
        if isinstance(given, list):
            return [_bad_input(error.message, error) for error in given]
        return self._too_costly(schema, document, operation, given.coerced)

    def _too_costly(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
    ) -> list[GraphQLError]:
        context = self.execution_context
        found, most = cost(schema, document, operation, variables), context.context.most_cost
        if (
            isinstance(context.operation_extensions, dict)
            and context.operation_extensions.get("cost") is True
        ):
            context.extensions_results["cost"] = {"requested": found, "limit": most}
        return [limits.too_complex("points of cost", found, most)] if found > most else []


def _bad_input(message: str, error: GraphQLError | None = None) -> GraphQLError:
    return GraphQLError(message, error.nodes if error else None, original_error=BadUserInput(message))


class Deadline(SchemaExtension):
    """Ends a query that takes too long. Never a mutation: its calls to Stripe have time-outs of their own,
    and between Stripe's answer and our writing it down nothing must end it."""

    async def on_execute(self) -> AsyncIterator[None]:
        if self.execution_context.operation_type is not OperationType.QUERY:
            yield
            return
        context = self.execution_context.context
        seconds = context.query_seconds
        ends = context.query_ends or asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(ends):
                yield
        except TimeoutError as error:
            log.warning("query_timed_out", seconds=seconds)
            raise TimedOut(f"The query took longer than {seconds} s. Ask for less at once.") from error
