"""Checks of syntax, limits, validity, variables and cost before execution, and the time limit of queries."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import structlog
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from resolvers.common.errors import BadUserInput, TimedOut
from resolvers.execution import limits
from resolvers.execution.operations import Document, read

log = structlog.get_logger("graphql")


class Admission(SchemaExtension):
    """Admits only operations of documents that `read` has parsed and checked."""

    _document: Document

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        # A syntax error ends the operation here. Strawberry's own parser has no token limit.
        self._document = read(context.schema._schema, context.query or "")  # noqa: SLF001
        context.graphql_document = self._document.node
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = list(self._document.errors) or self._check_operation()
        yield

    def _check_operation(self) -> list[GraphQLError]:
        """Check that the valid document has the requested operation, and check its variables and cost."""
        context = self.execution_context
        operation = self._document.operations.get(context._provided_operation_name)  # noqa: SLF001
        if operation is None:
            # Without this check, Strawberry would run the document's first operation.
            return [_bad_input("Name the operation in `operationName`: the document has several.")]
        values = operation.variable_values(context.variables or {})
        if isinstance(values, list):
            return [_bad_input(error.message, error) for error in values]
        total, limit = operation.cost(values.coerced), context.context.max_cost
        extensions = context.operation_extensions
        if isinstance(extensions, dict) and extensions.get("cost") is True:
            context.extensions_results["cost"] = {"requested": total, "limit": limit}
        return [limits.too_complex("points of cost", total, limit)] if total > limit else []


def _bad_input(message: str, error: GraphQLError | None = None) -> GraphQLError:
    return GraphQLError(message, error.nodes if error else None, original_error=BadUserInput(message))


class Deadline(SchemaExtension):
    """The time limit of queries.

    Mutations have no time limit, because their calls to Stripe have their own timeouts, and Stripe's answer
    must be stored.
    """

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
            raise TimedOut(
                f"The query took longer than {seconds} s. Request fewer objects or fields."
            ) from error
