"""How refusals and faults reach the client: typed results in mutations, coded errors everywhere else.

Codes of top-level errors: UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND (subscriptions),
GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, QUERY_TOO_COMPLEX (nothing was executed), TIMEOUT (of a
query: nothing changed), UNAVAILABLE (the database is away: repeat the same request), INTERNAL. What is
unexpected is logged with the request id and masked.
"""

from collections.abc import Iterator
from typing import Any

import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult as StrawberryResult

from connect import errors
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


@strawberry.interface(description="Something that was refused or could not be done now.")
class Error:
    message: str = strawberry.field(description="What is wrong and what to do, for the client's developer.")


@strawberry.type(description="An input field cannot be used. Nothing was written, and Stripe was not asked.")
class InvalidInputError(Error):
    field: str = strawberry.field(description="The input field, as the client wrote it: `contactEmail`.")


@strawberry.type(description="There is no such merchant, or none that the caller may see.")
class MerchantNotFoundError(Error):
    pass


@strawberry.type(description="The external id belongs to a merchant that was created from another input.")
class ExternalIdTakenError(Error):
    external_id: str = strawberry.field(description="The external id.")


@strawberry.type(description="Stripe opens no account with these capabilities in that country.")
class CountryNotSupportedError(Error):
    country: str = strawberry.field(description="The country that was asked for.")
    request_id: str | None = strawberry.field(description="Stripe's request id, for Stripe support.")


@strawberry.type(description="`returnTo` is not on the platform's allow-list of origins.")
class ReturnUrlNotAllowedError(Error):
    pass


@strawberry.type(description="The merchant's present state does not permit this; the message says why.")
class MerchantNotReadyError(Error):
    pass


@strawberry.type(description="There is no such event.")
class EventNotFoundError(Error):
    pass


@strawberry.type(description="Stripe said no, for good: repeating the same request changes nothing.")
class StripeRefusedError(Error):
    code: str = strawberry.field(description="Stripe's error code.")
    remedy: str | None = strawberry.field(description="What the platform's developer can do, if known.")
    request_id: str | None = strawberry.field(description="Stripe's request id, for Stripe support.")


@strawberry.type(description="Stripe gave no definite answer. Repeating the same request is safe.")
class StripeUnavailableError(Error):
    retry_after_seconds: int = strawberry.field(description="How long to wait before repeating.")


class _InvalidInput(strawberry.ExceptionHandler[errors.InvalidInput, InvalidInputError]):
    def handle(self, exception: errors.InvalidInput, **_: Any) -> InvalidInputError:
        return InvalidInputError(message=exception.message, field=exception.field)


class _MerchantNotFound(strawberry.ExceptionHandler[errors.MerchantNotFound, MerchantNotFoundError]):
    def handle(self, exception: errors.MerchantNotFound, **_: Any) -> MerchantNotFoundError:
        return MerchantNotFoundError(message=exception.message)


class _ExternalIdTaken(strawberry.ExceptionHandler[errors.ExternalIdTaken, ExternalIdTakenError]):
    def handle(self, exception: errors.ExternalIdTaken, **_: Any) -> ExternalIdTakenError:
        return ExternalIdTakenError(message=exception.message, external_id=exception.external_id)


class _CountryNotSupported(strawberry.ExceptionHandler[errors.CountryNotSupported, CountryNotSupportedError]):
    def handle(self, exception: errors.CountryNotSupported, **_: Any) -> CountryNotSupportedError:
        return CountryNotSupportedError(
            message=exception.message, country=exception.country, request_id=exception.request_id
        )


class _ReturnUrlNotAllowed(strawberry.ExceptionHandler[errors.ReturnUrlNotAllowed, ReturnUrlNotAllowedError]):
    def handle(self, exception: errors.ReturnUrlNotAllowed, **_: Any) -> ReturnUrlNotAllowedError:
        return ReturnUrlNotAllowedError(message=exception.message)


class _MerchantNotReady(strawberry.ExceptionHandler[errors.MerchantNotReady, MerchantNotReadyError]):
    def handle(self, exception: errors.MerchantNotReady, **_: Any) -> MerchantNotReadyError:
        return MerchantNotReadyError(message=exception.message)


class _EventNotFound(strawberry.ExceptionHandler[errors.EventNotFound, EventNotFoundError]):
    def handle(self, exception: errors.EventNotFound, **_: Any) -> EventNotFoundError:
        return EventNotFoundError(message=exception.message)


class _StripeRefused(strawberry.ExceptionHandler[errors.StripeRefused, StripeRefusedError]):
    def handle(self, exception: errors.StripeRefused, **_: Any) -> StripeRefusedError:
        return StripeRefusedError(
            message=exception.message,
            code=exception.code,
            remedy=wording.refusal(exception.code),
            request_id=exception.request_id,
        )


class _StripeUnavailable(strawberry.ExceptionHandler[errors.StripeUnavailable, StripeUnavailableError]):
    def handle(self, exception: errors.StripeUnavailable, **_: Any) -> StripeUnavailableError:
        return StripeUnavailableError(
            message=exception.message, retry_after_seconds=exception.retry_after_seconds
        )


HANDLERS = (
    _InvalidInput(),
    _MerchantNotFound(),
    _ExternalIdTaken(),
    _CountryNotSupported(),
    _ReturnUrlNotAllowed(),
    _MerchantNotReady(),
    _EventNotFound(),
    _StripeRefused(),
    _StripeUnavailable(),
)


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
