"""Run an operation as a compiled query, with graphql-core, or as a stream."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Awaitable
from typing import Any, TypeVar

import orjson
import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api.configuration.settings import Settings
from api.graphql import content_negotiation, persisted
from api.graphql.requests import METHODS, Call
from api.pages import onboarding
from api.server.refusals import Refused
from api.telemetry.telemetry import OFF, Telemetry
from connect.merchants.rules.dashboard import dashboard_addresses
from connect.platform.feed import Feed
from connect.stripe_api.gateway import Gateway
from models import outage
from resolvers.execution import query_compiler
from resolvers.execution.answer_cache import AnswerCache
from resolvers.execution.compiled_query import Reader
from resolvers.execution.context import Context
from resolvers.schema import build, schema

# The HTTP status for each error code, if the operation was not executed. For every other code, it is 400.
_STATUS = {"FORBIDDEN": 403, "INTERNAL": 500, "UNAVAILABLE": 503}

_OPERATION_TYPES: dict[str, set[OperationType]] = {
    method: OperationType.from_http(method) for method in METHODS
}

T = TypeVar("T")

log = structlog.get_logger("graphql")


class Operations:
    """Runs operations. With `compiles=False`, graphql-core executes everything."""

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        feed: Feed,
        telemetry: Telemetry = OFF,
        *,
        compiles: bool,
    ) -> None:
        self._settings = settings
        self._compiles = compiles
        self.schema = build(settings.subgraph) if settings.subgraph is not None else schema
        relocate = dashboard_addresses.relocate_to(settings.stripe_dashboard_base)
        self._reader = Reader(settings.stale_after, relocate, settings.kept_answers_bytes)
        self.context = functools.partial(
            Context,
            gateway=gateway,
            feed=feed,
            public_url=settings.public_url,
            webhook_url=settings.webhook_url,
            returns=settings.returns,
            relocate=relocate,
            charging=settings.charging,
            merchants_may_embed=settings.merchants_may_embed,
            service_prices=settings.service_prices,
            service_grace=settings.service_grace,
            outgoing=settings.outgoing,
            stale_after=settings.stale_after,
            backfill_after=settings.backfill_after,
            stripe_calls_per_second=settings.stripe_calls_per_second,
            max_cost=settings.max_cost,
            query_seconds=settings.execution_seconds,
            compiles=compiles,
            answers=self._reader.cache,
            on_message=telemetry.on_message,
        )
        # The function is chosen once, so that requests have no extra cost while metrics and traces are off.
        self.run = telemetry.observed(self.schema, self._run)

    @property
    def answers(self) -> AnswerCache:
        return self._reader.cache

    async def _run(self, call: Call) -> tuple[int, bytes]:
        """The HTTP status and the body of the response. Raises Refused."""
        body = await self._run_compiled(call)
        if body is not None:
            return 200, body
        response = await self._execute(call)
        errors: list[Any] | None = response.get("errors")
        if errors:
            call.error_code = errors[0]["extensions"]["code"]
        return _status(response, call.media_type), orjson.dumps(response)

    async def stream(self, call: Call) -> AsyncGenerator[Any, None]:
        """Start the operation and return its results."""
        return await self.schema.stream(**self._arguments(call))

    async def _run_compiled(self, call: Call) -> bytes | None:
        """The response to a query that only reads documents, or None if graphql-core must execute it."""
        if not self._compiles or "cost" in call.extensions:
            return None
        prepared = query_compiler.prepare(
            self.schema, call.document, call.operation_name, call.variables, self._settings.max_cost
        )
        if prepared is None:
            return None
        compiled, variables, inputs, call.cost = prepared
        call.deadline = asyncio.get_running_loop().time() + self._settings.execution_seconds
        try:
            return await _until(
                call.deadline, self._reader.answer(compiled, variables, inputs, call.principal)
            )
        except TimeoutError:
            pass  # graphql-core has the same deadline and reports the timeout
        except Exception as error:
            if outage.reason(error) is None:
                log.exception("compiled_query_failed")
            else:
                call.failure = error
        return None

    async def _execute(self, call: Call) -> GraphQLHTTPResponse:
        """Execute the operation with graphql-core. Raises Refused."""
        try:
            result = await self.schema.execute(**self._arguments(call))
        except MissingQueryError as error:
            raise Refused(persisted.ABSENT) from error
        except InvalidOperationTypeError as error:
            message = "Mutations must be sent by POST."
            headers = {"Allow": "POST"}
            raise Refused(message, "METHOD_NOT_ALLOWED", 405, headers) from error
        except CannotGetOperationTypeError as error:
            extensions = {"code": "BAD_USER_INPUT", "requestId": call.request_id}
            return {"errors": [GraphQLError(error.as_http_error_reason(), extensions=extensions).formatted]}
        response = process_result(result)
        if result.data is None and all(error.path is None for error in result.errors or ()):
            del response["data"]  # nothing was executed
        return response

    def _arguments(self, call: Call) -> dict[str, Any]:
        return {
            "query": call.document,
            "variable_values": call.variables,
            "context_value": self._context(call),
            "operation_name": call.operation_name,
            "allowed_operation_types": _OPERATION_TYPES[call.method],
            "operation_extensions": call.extensions,
        }

    def _context(self, call: Call) -> Context:
        def give_cookie(name: str, value: str, path: str) -> None:
            call.cookies.append(onboarding.cookie(name, value, path, self._settings.public_url))

        return self.context(
            principal=call.principal,
            request_id=call.request_id,
            give_cookie=give_cookie,
            client=call.client,
            query_ends=call.deadline,
            failure=call.failure,
        )


async def _until(deadline: float, answer: Awaitable[T]) -> T:
    """Await the answer until the deadline. asyncio.timeout_at does the same, but costs three times as much.
    Raises TimeoutError.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 -- a coroutine runs in a task
    is_late = False

    def cancel() -> None:
        nonlocal is_late
        is_late = True
        task.cancel()

    cancelling = task.cancelling()
    timer = asyncio.get_running_loop().call_at(deadline, cancel)
    try:
        return await answer
    except BaseException as error:
        if is_late and task.uncancel() <= cancelling and isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _status(response: GraphQLHTTPResponse, media_type: str) -> int:
    if "data" in response:
        return 200
    errors: list[Any] = response["errors"] or []
    status = _STATUS.get(errors[0]["extensions"]["code"], 400)
    # With application/json, a client cannot distinguish an error status of this service from a proxy's.
    return 200 if status == 400 and media_type == content_negotiation.JSON else status
