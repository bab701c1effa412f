"""The schema. Subscriptions will stand beside Query and Mutation."""

import strawberry
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache

from resolvers.errors import HANDLERS, CodeErrors
from resolvers.merchant import ConnectedAccount, Merchant
from resolvers.mutation import Mutation
from resolvers.platform import StripeEventType
from resolvers.query import Query
from resolvers.scalars import CONFIG

MOST_TOKENS = 2000

schema = strawberry.Schema(
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
