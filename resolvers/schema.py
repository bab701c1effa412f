"""The schema. Subscriptions will stand beside Query and Mutation."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.types import ExecutionContext

from resolvers.errors import HANDLERS, CodeErrors
from resolvers.merchant import ConnectedAccount, Merchant
from resolvers.mutation import Mutation
from resolvers.platform import StripeEventType
from resolvers.query import Query
from resolvers.scalars import CONFIG

MOST_TOKENS = 2000


class Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: CodeErrors logs what is a fault of ours. The stock one logs every mistake of a client."""


schema = Schema(
    Query,
    Mutation,
    types=[Merchant, ConnectedAccount, StripeEventType],
    config=CONFIG,
    exception_handlers=HANDLERS,
    # Factories, never instances: those would carry one request's state into the next.
    extensions=[
        CodeErrors,
        lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
        ParserCache,
        ValidationCache,
    ],
)
