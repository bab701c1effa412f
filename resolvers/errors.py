"""How refusals and faults reach the client: typed results in mutations, coded errors everywhere else.

Codes of top-level errors: UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND (subscriptions),
GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, QUERY_TOO_COMPLEX (nothing was executed), TIMEOUT (of a
query: nothing changed), UNAVAILABLE (the database is away: repeat the same request), INTERNAL. What is
unexpected is logged with the request id and masked.
"""

import inspect
from collections.abc import Iterator
from typing import Any

import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult as StrawberryResult

from connect.errors import ConnectError
from connect.merchants import wording
from models import outage

# Strawberry's view answers these with 400: there is no operation to speak of.
_NO_OPERATION = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)

log = structlog.get_logger("graphql")


class CodedError(Exception):
    """Becomes a top-level error with `extensions.code`. The message is for the client's developer."""

    code = "INTERNAL"


class Forbidden(CodedError):
    code = "FORBIDDEN"


class BadUserInput(CodedError):
    code = "BAD_USER_INPUT"


class NotFound(CodedError):
    code = "NOT_FOUND"


class TooComplex(CodedError):
    code = "QUERY_TOO_COMPLEX"


class TimedOut(CodedError):
    code = "TIMEOUT"


@strawberry.interface(description="A reason why a mutation did not do what was requested.")
class Error:
    message: str = strawberry.field(description="The cause and the remedy, for the client's developer.")


@strawberry.type(description="An input field has an invalid value. Nothing was stored or sent to Stripe.")
class InvalidInputError(Error):
    field: str = strawberry.field(description="The name of the input field, such as `contactEmail`.")


@strawberry.type(description="Stripe refused the request. Repeating the same request gives the same result.")
class StripeRefusedError(Error):
    code: str = strawberry.field(description="Stripe's error code.")

    @strawberry.field(description="A remedy for the platform's developer, if one is known.")
    def remedy(self) -> str | None:
        return wording.refusal(self.code)

    request_id: str | None = strawberry.field(description="Stripe's request id, for Stripe support.")


@strawberry.type(description="Stripe gave no definite answer. Repeating the same request is safe.")
class StripeUnavailableError(Error):
    retry_after_seconds: int = strawberry.field(
        description="The number of seconds to wait before the request is repeated."
    )


class ErrorHandler:
    """Strawberry's handler for a mutation that raised `exception_type`: the result is `error_type`.

    The exception has an attribute for each field of the error.
    """

    def __init__(self, exception_type: type[ConnectError], error_type: type[Error]) -> None:
        self.exception_type, self.error_type = exception_type, error_type
        self._names = tuple(inspect.signature(error_type).parameters)

    def handle(self, exception: ConnectError, **_: Any) -> Error:
        return self.error_type(**{name: getattr(exception, name) for name in self._names})


class CodeErrors(SchemaExtension):
    """Gives every top-level error its code, and masks what was not meant for the client."""

    _executed = False  # refused before that: the document is wrong

    def on_operation(self) -> Iterator[None]:
        request_id = self.execution_context.context.request_id
        try:
            yield
        except _NO_OPERATION:
            raise
        except Exception as error:
            # Whatever went wrong before execution: mostly a syntax error, which the parser cache raises.
            found = error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
            raise _coded(found, request_id, executed=False) from error
        code_errors(self.execution_context.result, request_id, executed=self._executed)

    def on_execute(self) -> Iterator[None]:
        self._executed = True
        yield

    def on_stream_result(self, result: object) -> Iterator[None]:
        """A message of a subscription."""
        code_errors(result, self.execution_context.context.request_id, executed=self._executed)
        yield


def code_errors(result: object, request_id: str, *, executed: bool = True) -> None:
    """Give the errors of a result their codes, unless they have them."""
    # graphql-core's when the operation was executed, Strawberry's when it was refused before that.
    if not isinstance(result, ExecutionResult | StrawberryResult) or not result.errors:
        return
    if all("code" in (error.extensions or {}) for error in result.errors):
        return
    _warn_of_an_outage(result.errors, request_id)
    result.errors = [_coded(error, request_id, executed=executed) for error in result.errors]


def _warn_of_an_outage(found: list[GraphQLError], request_id: str) -> None:
    """One line for a request, however many of its fields met the same outage."""
    for error in found:
        if error.original_error is not None and (reason := outage.reason(error.original_error)):
            log.warning("database_unavailable", reason=reason, path=error.path, request_id=request_id)
            return


def _coded(error: GraphQLError, request_id: str, *, executed: bool) -> GraphQLError:
    original = error.original_error
    # graphql-core wraps what a resolver raised, and its own complaint about an argument. Its complaint about
    # a value of ours names no node.
    if isinstance(original, GraphQLError) and (original.nodes or original.original_error or not error.path):
        original = original.original_error
    if isinstance(original, CodedError):
        code, message = original.code, str(original)
    elif isinstance(original, _NO_OPERATION):
        code, message = "BAD_USER_INPUT", error.message  # as a message over a stream; by itself it is a 400
    elif original is not None and outage.reason(original) is not None:
        code, message = "UNAVAILABLE", outage.MESSAGE
    elif original is None:
        # graphql-core's own words about the document, a variable or an argument.
        code, message = "BAD_USER_INPUT" if executed else _code(error), error.message
    else:
        log.error("resolver_failed", path=error.path, request_id=request_id, exc_info=original)
        code, message = "INTERNAL", "Something went wrong here. Quote the request id to the operator."
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code, "requestId": request_id},
    )


def _code(error: GraphQLError) -> str:
    """The code of a document that was refused before its execution."""
    return "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "GRAPHQL_VALIDATION_FAILED"
