"""The errors that a client gets: the typed errors in a mutation's result, and top-level errors with codes.

The codes of top-level errors:

UNAUTHENTICATED             no valid token
FORBIDDEN                   the caller's role may not do this
BAD_USER_INPUT              an argument, a variable or the name of the operation is invalid
NOT_FOUND                   the object of a subscription does not exist or is invisible to the caller
GRAPHQL_PARSE_FAILED        a syntax error
GRAPHQL_VALIDATION_FAILED   the document does not match the schema
QUERY_TOO_COMPLEX           the operation exceeds a limit; nothing was executed
TIMEOUT                     a query exceeded its time limit; nothing changed
UNAVAILABLE                 the database is unavailable; the client can repeat the request
INTERNAL                    an unexpected error; the log has its details under the request id

`api.graphql` has further codes, for requests and connections that it refuses.
"""

import asyncio
import functools
import inspect
import operator
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, TypeVar

import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult as StrawberryResult

from connect import errors
from connect.errors import ConnectError
from connect.platform.records import audit
from connect.scope import Role
from models import outage
from models.engine import finish
from resolvers.common import audit_subject
from resolvers.common.scalars import describe, wire_name
from resolvers.execution.context import Info

# These errors mean that the request contains no operation that may be executed. The endpoint handles them
# itself (`api.graphql.operations`).
_NO_OPERATION = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)

E = TypeVar("E", bound="Error")

log = structlog.get_logger("graphql")


class CodedError(Exception):
    """An exception that becomes a top-level error. Its message is for the client's developer."""

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


@strawberry.interface(description="An expected error of a mutation.")
class Error:
    message: str = strawberry.field(description="The cause and the remedy, for the client's developer.")


# Strawberry's handlers, which turn exceptions of mutations into typed errors.
HANDLERS: list["ErrorHandler"] = []


class ErrorHandler:
    """Converts a mutation's exception of the class `exception_type` into the result `error_type`. For each
    parameter of `error_type`'s constructor, the exception has an attribute of this name.
    """

    def __init__(self, exception_type: type[ConnectError], error_type: type[Error]) -> None:
        self.exception_type, self.error_type = exception_type, error_type
        self._names = tuple(inspect.signature(error_type).parameters)

    def handle(self, exception: ConnectError, *, info: Info, **_: Any) -> Error:
        if info.context.principal.role is Role.MERCHANT:
            exception = errors.for_merchants(exception)
        return self.error_type(**{name: getattr(exception, name) for name in self._names})


def expected(exception_type: type[ConnectError], description: str) -> Callable[[type[E]], type[E]]:
    """Declare a class as the typed error for an exception of `connect`."""

    def declare(cls: type[E]) -> type[E]:
        error_type = strawberry.type(cls, description=description)
        HANDLERS.append(ErrorHandler(exception_type, error_type))
        return error_type

    return declare


def mutation(description: str, *members: type) -> Callable[[Callable[..., Any]], Any]:
    """Declare a mutation. Its result is a union of its payload and its errors. The union is named after the
    mutation.
    """

    def declare(resolver: Callable[..., Any]) -> Any:
        name = wire_name(resolver.__name__)
        union = strawberry.union(f"{name[0].upper()}{name[1:]}Result", description=f"The result of `{name}`.")
        result: Any = Annotated[functools.reduce(operator.or_, members), union]

        @functools.wraps(resolver)
        async def run(*, info: Info, **arguments: Any) -> Any:
            # The rows that were loaded for an earlier mutation of the document may have changed.
            info.context.forget_loaded()
            context = info.context
            action = audit.Action(name, context.principal, context.client, context.request_id)
            with audit.acting(action):
                return await _audited(action, resolver(info=info, **arguments))

        return strawberry.mutation(run, description=description, graphql_type=result)

    return declare


async def _audited(action: audit.Action, running: Awaitable[Any]) -> Any:
    """Await a mutation, and record its outcome in the audit log, unless the database is unavailable."""
    try:
        result = await running
    except BaseException as error:
        if outage.reason(error) is None:  # during an outage, the audit log cannot be written either
            # A cancelled mutation may have had an effect, so its entry is written despite the cancellation.
            await finish(action.finish(_outcome(error)))
        raise
    await action.finish(audit.OK, audit_subject.of_payload(result))
    return result


def _outcome(error: BaseException) -> str:
    """The name of the typed error in the result, the code of the top-level error, or CANCELED."""
    types = (one.error_type for one in HANDLERS if isinstance(error, one.exception_type))
    if (error_type := next(types, None)) is not None:
        return error_type.__name__
    if isinstance(error, CodedError):
        return error.code
    return "CANCELED" if isinstance(error, asyncio.CancelledError) else "INTERNAL"


describe(
    errors.FieldCode,
    "InvalidFieldCode",
    "Why a field of an input is invalid.",
    REQUIRED="A value is missing.",
    TOO_LONG="The text has too many characters.",
    TOO_MANY="The list has too many entries.",
    OUTER_SPACES="The text begins or ends with white space.",
    CONTROL_CHARACTERS="The text contains control characters.",
    NO_CHANGES="The input changes nothing.",
    EMAIL_INVALID="The text is not a single valid e-mail address.",
    URL_INVALID="This is not the absolute address of a public website.",
    URL_NOT_ALLOWED="The platform's settings do not allow this address.",
    ACCOUNT_NOT_CURRENT="This is not the merchant's current account.",
    COUNTRY_UNKNOWN="This is not an ISO 3166-1 alpha-2 code.",
    CAPABILITY_INVALID="This is not the name of a payment capability.",
    PHONE_INVALID="This is not a phone number.",
    CATEGORY_INVALID="This is not a merchant category code.",
    STATEMENT_DESCRIPTOR_INVALID="Banks cannot show this text on a statement.",
    CURRENCY_UNKNOWN="This is not an ISO 4217 code, or Stripe does not support the currency.",
    AMOUNT_INVALID="The amount is not possible. For example, it is too large, or too small for the currency.",
    LOCALE_UNKNOWN="This is not a language that Stripe supports.",
    STRUCTURE_INVALID="The value does not have the required form, or Stripe does not know this legal "
    "structure.",
    DATE_INVALID="This is not a possible date.",
    ADDRESS_INVALID="Stripe does not accept this part of the address.",
    SHARE_INVALID="The percentage is not a possible share of the business.",
    CONTRADICTION="The value contradicts another field of the input, or the object that the input names.",
    CANNOT_BE_GIVEN_UP="The account cannot give up this capability, or can give it up only together with "
    "another one.",
    CANNOT_CHANGE="Stripe no longer lets the platform change this value.",
    ACCOUNT_INVALID="This is not the id of a Stripe account.",
    CUSTOMER_INVALID="This is not the id of a customer at Stripe.",
    METADATA_INVALID="Stripe or ConnectQL does not allow this key in the metadata.",
    OUT_OF_RANGE="The number is too small or too large.",
    DUPLICATE="An earlier entry of the list has the same value.",
    TOKEN_INVALID="This is not an account token, or the token cannot be used any more.",  # noqa: S106
    BELONGS_IN_TOKEN="If there is an account token, Stripe accepts this value only in the token.",  # noqa: S106
    NOT_AVAILABLE="Stripe or the platform does not offer this choice to the account or to the caller.",
    REFUSED_BY_STRIPE="Stripe refused the value. `message` has the reason.",
)


@strawberry.type(description="An invalid field of an input.")
class InvalidField:
    name: str = strawberry.field(
        description="The path of the field in the input, such as `contactEmail` or `capabilities[1]`. "
        "`input` means the whole input."
    )
    code: errors.FieldCode = strawberry.field(
        description="The reason why the field is invalid, as a code for programs."
    )
    message: str = strawberry.field(description="The cause and the remedy, for the client's developer.")
    user_message: str = strawberry.field(
        description="A sentence in English for the person who fills in the form."
    )


@expected(
    errors.InvalidInput, "Fields of the input have invalid values. Nothing was stored or sent to Stripe."
)
class InvalidInputError(Error):
    field: str = strawberry.field(
        description="The path of the first invalid field in the input, such as `contactEmail`. `message` is "
        "about this field."
    )
    fields: list[InvalidField] = strawberry.field(
        description="All invalid fields of the input, each with a text for the person who fills in the form."
    )


class CodeErrors(SchemaExtension):
    """Adds a code to every top-level error, and masks unexpected errors."""

    _executed = False

    def on_operation(self) -> Iterator[None]:
        request_id = self.execution_context.context.request_id
        try:
            yield
        except _NO_OPERATION:
            raise
        except Exception as error:
            # This is usually a syntax error, which `operations.read` raises.
            graphql_error = (
                error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
            )
            raise _add_code(graphql_error, request_id, executed=False) from error
        code_errors(self.execution_context.result, request_id, executed=self._executed)

    def on_execute(self) -> Iterator[None]:
        self._executed = True
        yield

    def on_stream_result(self, result: object) -> Iterator[None]:
        code_errors(result, self.execution_context.context.request_id, executed=self._executed)
        yield


def code_errors(result: object, request_id: str, *, executed: bool = True) -> None:
    """Give each error of the result a code, unless all errors have one already."""
    # If the operation was executed, its result has graphql-core's type. If it was refused, the result has
    # Strawberry's type.
    if not isinstance(result, ExecutionResult | StrawberryResult) or not result.errors:
        return
    if all("code" in (error.extensions or {}) for error in result.errors):
        return
    _log_outage(result.errors, request_id)
    result.errors = [_add_code(error, request_id, executed=executed) for error in result.errors]


def _log_outage(errors: list[GraphQLError], request_id: str) -> None:
    """If the database was unavailable, log this only once for the result, even if many fields failed."""
    for error in errors:
        if error.original_error is not None and (reason := outage.reason(error.original_error)):
            log.warning("database_unavailable", reason=reason, path=error.path, request_id=request_id)
            return


def _add_code(error: GraphQLError, request_id: str, *, executed: bool) -> GraphQLError:
    original = error.original_error
    # graphql-core wraps exceptions of resolvers and its own errors about arguments, so take the inner error.
    # graphql-core's errors about invalid results have neither nodes nor a cause, and stay unexpected errors.
    if isinstance(original, GraphQLError) and (original.nodes or original.original_error or not error.path):
        original = original.original_error
    if isinstance(original, CodedError):
        code, message = original.code, str(original)
    elif isinstance(original, _NO_OPERATION):
        code, message = (
            "BAD_USER_INPUT",
            error.message,
        )  # only in a stream: for all other requests, the endpoint handles these errors itself
    elif original is not None and outage.reason(original) is not None:
        code, message = "UNAVAILABLE", outage.MESSAGE
    elif original is None and executed:
        code, message = "BAD_USER_INPUT", error.message
    elif original is None:
        is_syntax = isinstance(error, GraphQLSyntaxError)
        code, message = f"GRAPHQL_{'PARSE' if is_syntax else 'VALIDATION'}_FAILED", error.message
    else:
        log.error("resolver_failed", path=error.path, request_id=request_id, exc_info=original)
        code, message = "INTERNAL", "An unexpected error occurred. Give the operator the request id."
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code, "requestId": request_id},
    )
