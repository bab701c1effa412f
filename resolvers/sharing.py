"""Equal operations of equal callers make their answer to one reading of a merchant once.

A change that two thousand clients watch with the same operation is read once (`connect.feed`) and executed
once here. Each message has loaders of its own, so it is as fresh as its reading.
"""

import asyncio
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from connect.feed import Reading
from models import outage
from resolvers.errors import BadUserInput, code_errors

NEEDS_A_STREAM = (
    "A subscription needs a connection that stays open: a WebSocket with the subprotocol "
    "graphql-transport-ws, or a request with the header Accept: text/event-stream."
)


class Executor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core executes a subscription's messages one by one: here, when the source is a Reading."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        reading = self.root_value
        if not isinstance(reading, Reading):
            if self.operation.operation is OperationType.SUBSCRIPTION:
                return ExecutionResult(None, [GraphQLError("", original_error=BadUserInput(NEEDS_A_STREAM))])
            return super().execute_operation(serially)
        # The caller too: a field may answer one what it does not answer another.
        key = self.context_value.operation, self.context_value.principal
        result = reading.results.get(key)
        if result is None:
            result = reading.results[key] = asyncio.ensure_future(self._execute(reading))
        return asyncio.shield(result)  # one who leaves must not take it from the others

    async def _execute(self, reading: Reading) -> ExecutionResult:
        self.root_value = reading.document
        self.context_value = self.context_value.renewed()
        made: Any = super().execute_operation(serially=False)
        result: ExecutionResult = await made if self.is_awaitable(made) else made
        for error in result.errors or ():
            if error.original_error is not None and outage.reason(error.original_error) is not None:
                raise error  # ends the subscription: its client has to begin anew, or would miss this state
        code_errors(result, self.context_value.request_id)
        # As bytes, which each transport puts into its message as they are.
        return ExecutionResult(orjson.Fragment(orjson.dumps(result.data)), result.errors)  # type: ignore[arg-type]
