"""Subscribers with the same operation, variables and audience (`_audience`) share one execution per change.

`connect.platform.feed` reads the row of a changed object once for all subscribers. The SharedRow that
contains this row also stores the results of the executions.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetails
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from connect.platform.feed import SharedRow
from connect.scope import Principal, Role
from models import outage
from resolvers.common.errors import BadUserInput, code_errors
from resolvers.execution.compiled_selection import CompiledSelection, RenderedObject, selection_cache
from resolvers.execution.context import Context
from resolvers.relay.documents import StoredDocument

T = TypeVar("T")

NEEDS_A_STREAM = (
    "A subscription needs a connection that stays open: a WebSocket with the subprotocol "
    "graphql-transport-ws, or a request with the header Accept: text/event-stream."
)

# The pause between attempts while the database is down, in seconds.
RETRY_SECONDS = 0.5


@dataclass(eq=False, slots=True)
class SharedValue:
    """The root value of a message, and the results of the executions that share it."""

    document: Any
    results: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    origin: str | None = None  # as in SharedRow


Shared = SharedRow | SharedValue


class Message:
    """A message to one subscriber. It contains the row that was read, or another shared value.

    graphql-core keeps a reference to the last message until the next one. `take` removes the row, so that its
    memory is freed.
    """

    __slots__ = ("_row",)

    def __init__(self, row: Shared) -> None:
        self._row: Shared | None = row

    def take(self) -> Shared:
        row, self._row = self._row, None
        if row is None:
            raise RuntimeError("a message can be executed only once")
        return row


class Executor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor with compiled selections and shared subscription messages."""

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if self.context_value.compiles and isinstance(result, dict | StoredDocument):
            selection = selection_cache.find(self, return_type, field_details_list)
            rendered = self._render(selection, result) if selection is not None else None
            if rendered is not None:
                return orjson.Fragment(rendered.text)
        if isinstance(result, StoredDocument):
            result = result.parse()
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _render(
        self, selection: CompiledSelection, source: dict[str, Any] | StoredDocument
    ) -> RenderedObject | None:
        context: Context = self.context_value
        if isinstance(source, dict):
            return selection.render(source, context.stale_after, context.relocate)
        key = selection.number, source.row_id, source.row_version
        rendered = context.answers.get(key)
        if rendered is None:
            rendered = selection.render_text(source.text, context.stale_after, context.relocate)
            if rendered is not None:
                context.answers.put(key, rendered)
        return rendered

    def execute_operation(self, serially: bool | None = None) -> Any:
        context: Context = self.context_value
        if isinstance(self.root_value, Message):
            return self._share(self.root_value.take(), context)
        if self.operation.operation is OperationType.SUBSCRIPTION:
            return ExecutionResult(None, [GraphQLError("", original_error=BadUserInput(NEEDS_A_STREAM))])
        result: Any = super().execute_operation(serially)
        is_live = context.operation is not None
        if is_live and self.operation.operation is OperationType.MUTATION and self.is_awaitable(result):
            return _finish(result)
        return result

    def _share(self, row: Shared, context: Context) -> Any:
        """The shared result of this operation for the caller's audience, or a future for it."""
        # The shared execution gets the audience as its caller, so the result cannot depend on one subscriber.
        audience = _audience(context.principal)
        key = context.operation, audience
        result = row.results.get(key)
        if result is None:
            shared = context.renew(context.operation, audience)
            started_at = time.time_ns()
            result = self._run_once(row, shared)
            if self.is_awaitable(result):
                result = asyncio.ensure_future(self._run_until_up(result, row, shared, started_at))
            else:
                result = self._end(result, row, shared, started_at)
            row.results[key] = result
        if isinstance(result, asyncio.Future):
            # A subscriber that disconnects must not cancel the shared execution.
            return result.result() if result.done() else asyncio.shield(result)
        return result

    async def _run_until_up(
        self, first: Any, row: Shared, context: Context, started_at: int
    ) -> ExecutionResult:
        """Repeat the execution until the database is available, so that subscribers miss no state."""
        result: ExecutionResult = await first
        while _is_outage(result):
            await asyncio.sleep(RETRY_SECONDS)
            context = context.renew(context.operation)
            again = self._run_once(row, context)
            result = await again if self.is_awaitable(again) else again
        return self._end(result, row, context, started_at)

    def _end(
        self, result: ExecutionResult, row: Shared, context: Context, started_at: int
    ) -> ExecutionResult:
        if row.origin is not None and context.on_message is not None:
            context.on_message(row.origin, self.operation, started_at)
        return _encode(result, context)

    def _run_once(self, row: Shared, context: Context) -> Any:
        executor: Any = self.build_per_event_executor(row.document)
        executor.context_value = context
        return super(Executor, executor).execute_operation(serially=False)


def _audience(principal: Principal) -> Principal:
    """The principal whose results the caller may share. All operators get the same principal, and so do all
    services. A caller with the role MERCHANT shares results only between connections with equal principals.
    """
    return principal if principal.role is Role.MERCHANT else Principal("", principal.role)


async def _finish(result: Any) -> Any:
    """Let a mutation finish after its client disconnects or its token expires.

    The mutation must still store Stripe's answer. A second cancellation, at shutdown, ends the mutation.
    """
    task = asyncio.ensure_future(result)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _is_outage(result: ExecutionResult) -> bool:
    causes = (error.original_error for error in result.errors or ())
    return any(cause is not None and outage.reason(cause) is not None for cause in causes)


def _encode(result: ExecutionResult, context: Context) -> ExecutionResult:
    """The result in the form that transports send: data as JSON, errors with codes."""
    code_errors(result, context.request_id)
    data: Any = orjson.Fragment(orjson.dumps(result.data))
    return ExecutionResult(data, result.errors)


async def retrying(read: Callable[[], Awaitable[T]]) -> T:
    """Read, and retry while the database is unavailable.

    Clients treat an error as the end of the subscription and do not reconnect.
    """
    while True:
        try:
            return await read()
        except Exception as error:
            if outage.reason(error) is None:
                raise
        await asyncio.sleep(RETRY_SECONDS)
