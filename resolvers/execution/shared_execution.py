"""Equal operations make their answer to one reading of a merchant once.

A change that two thousand clients watch with the same operation is read once (`connect.feed`) and executed
once here; once for each caller when something in it has asked who that is. Each execution has loaders of its
own, so it is as fresh as its reading.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetails
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from connect.feed import Reading
from connect.scope import Principal
from models import outage
from resolvers.errors import BadUserInput, code_errors
from resolvers.execution.compiled_selection import selection_cache
from resolvers.execution.context import Context

NEEDS_A_STREAM = (
    "A subscription needs a connection that stays open: a WebSocket with the subprotocol "
    "graphql-transport-ws, or a request with the header Accept: text/event-stream."
)

# How often what met an outage of the database is tried again, in seconds.
RETRY_SECONDS = 0.5


class Message:
    """A reading on its way to one subscriber, taken out once.

    graphql-core holds on to what it was given last until it is given the next, which may be far away.
    """

    __slots__ = ("_reading",)

    def __init__(self, reading: Reading) -> None:
        self._reading: Reading | None = reading

    def taken(self) -> Reading:
        reading, self._reading = self._reading, None
        if reading is None:
            raise RuntimeError("a message is executed once")
        return reading


class Executor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core executes a subscription's messages one by one, and completes every object: here."""

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, dict) and self.context_value.compiles:
            projection = selection_cache.find(self, return_type, field_details_list)
            made = (
                projection.render(result, self.context_value.stale_after) if projection is not None else None
            )
            if made is not None:
                return orjson.Fragment(made.text)
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def execute_operation(self, serially: bool | None = None) -> Any:
        if not isinstance(self.root_value, Message):
            if self.operation.operation is OperationType.SUBSCRIPTION:
                return ExecutionResult(None, [GraphQLError("", original_error=BadUserInput(NEEDS_A_STREAM))])
            made: Any = super().execute_operation(serially)
            is_live = self.context_value.operation is not None
            if is_live and self.operation.operation is OperationType.MUTATION and self.is_awaitable(made):
                return _to_its_end(made)
            return made
        reading = self.root_value.taken()
        answer = reading.results.get(self.context_value.operation)
        if isinstance(answer, _Answer) and answer.whose is None:
            return answer.result  # at once: for most of those who watch, this is all
        return self._answer(reading, self.context_value)

    async def _answer(self, reading: Reading, context: Context) -> ExecutionResult:
        answer = await self._shared(reading, context, context.operation)
        if answer.whose not in {None, context.caller}:
            answer = await self._shared(reading, context, (context.operation, context.caller))
        return answer.result

    async def _shared(self, reading: Reading, context: Context, key: Hashable) -> "_Answer":
        found = reading.results.get(key)
        if found is None:
            found = reading.results[key] = self._execute(reading, context.renewed())
        if not isinstance(found, _Answer):
            # One who leaves must not take it from the others.
            found = reading.results[key] = await asyncio.shield(found)
        return found

    def _execute(self, reading: Reading, context: Context) -> "_Answer | asyncio.Future[_Answer]":
        made = self._once(reading, context)
        if self.is_awaitable(made):
            return asyncio.ensure_future(self._finish(made, reading, context))
        return _Answer.of(made, context)

    async def _finish(self, made: Any, reading: Reading, context: Context) -> "_Answer":
        result: ExecutionResult = await made
        while _is_outage(result):  # a subscriber waits for the database rather than miss this state
            await asyncio.sleep(RETRY_SECONDS)
            context = context.renewed()
            again = self._once(reading, context)
            result = await again if self.is_awaitable(again) else again
        return _Answer.of(result, context)

    def _once(self, reading: Reading, context: Context) -> Any:
        executor: Any = self.build_per_event_executor(reading.document)
        executor.context_value = context
        return super(Executor, executor).execute_operation(serially=False)


async def _to_its_end(made: Any) -> Any:
    """A client that leaves, or whose token ends, does not end its mutation between Stripe's answer and our
    writing it down. The end of the process does, when it has waited long enough."""
    task = asyncio.ensure_future(made)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task  # a second cancellation goes through
        raise


def _is_outage(result: ExecutionResult) -> bool:
    causes = (error.original_error for error in result.errors or ())
    return any(cause is not None and outage.reason(cause) is not None for cause in causes)


@dataclass(frozen=True, slots=True)
class _Answer:
    result: ExecutionResult
    whose: Principal | None  # None: the same for everybody, as nothing in it has asked who is calling

    @classmethod
    def of(cls, result: ExecutionResult, context: Context) -> "_Answer":
        code_errors(result, context.request_id)
        # As bytes, which each transport puts into its message as they are.
        data: Any = orjson.Fragment(orjson.dumps(result.data))
        return cls(ExecutionResult(data, result.errors), context.caller if context.is_personal else None)
