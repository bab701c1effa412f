"""The schema, and how its operations are executed."""

import contextlib
import json
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter
from strawberry.types import ExecutionContext
from strawberry.types.execution import PreExecutionError

from resolvers.errors import HANDLERS, CodeErrors
from resolvers.execution.admission import Admission, Deadline
from resolvers.execution.limits import MAX_TOKENS
from resolvers.execution.shared_execution import Executor
from resolvers.merchants.merchant import ConnectedAccount, Merchant
from resolvers.mutation import Mutation
from resolvers.platform.platform import StripeEventType
from resolvers.query import Query
from resolvers.scalars import CONFIG
from resolvers.subscription import Subscription


class Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: CodeErrors logs what is a fault of ours. The stock one logs every mistake of a client."""

    async def stream(  # type: ignore[override]
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        **more: Any,
    ) -> AsyncGenerator[Any, None]:
        """The results of an operation over a connection that may have many: it gets a context of its own."""
        equal = query, json.dumps(variable_values, sort_keys=True), operation_name
        source = await super().stream(
            query, variable_values, context_value.renewed(equal), root_value, operation_name, **more
        )

        async def results() -> AsyncGenerator[Any, None]:
            try:
                async with contextlib.aclosing(source):
                    async for result in source:
                        yield result
            except GraphQLError as error:  # a syntax error, which the parser cache raises
                yield PreExecutionError(data=None, errors=[error])

        return results()


schema = Schema(
    Query,
    Mutation,
    Subscription,
    execution_context_class=Executor,
    types=[Merchant, ConnectedAccount, StripeEventType],
    config=CONFIG,
    exception_handlers=HANDLERS,
    # Factories, never instances: those would carry one request's state into the next.
    extensions=[
        CodeErrors,
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        Admission,
        Deadline,
    ],
)
