"""Subscribers share executions, but no result shows one caller the data of another."""

import uuid
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import orjson
import pytest
import strawberry

from connect.platform.feed import SharedRow
from connect.scope import Principal, Role
from resolvers.execution.answer_cache import AnswerCache
from resolvers.execution.context import Context, Info
from resolvers.execution.shared_execution import Executor, Message

QUERY = "subscription { changed { subject role } }"


@strawberry.type
class Caller:
    @strawberry.field
    def subject(self, info: Info) -> str:
        return info.context.principal.subject

    @strawberry.field
    async def role(self, info: Info) -> str:
        return info.context.principal.role.value


@strawberry.type
class Query:
    nothing: int = 0


def context(principal: Principal, operation: str = "same") -> Context:
    unused: Any = None
    return Context(
        principal=principal,
        request_id="request",
        gateway=unused,
        feed=unused,
        public_url="",
        webhook_url="",
        returns=unused,
        relocate=unused,
        charging=unused,
        merchants_may_embed=unused,
        service_prices=unused,
        service_grace=unused,
        outgoing=unused,
        stale_after=timedelta(hours=1),
        backfill_after=timedelta(hours=1),
        stripe_calls_per_second=20,
        max_cost=1000,
        query_seconds=1,
        compiles=True,
        answers=AnswerCache(0),
        give_cookie=unused,
        operation=operation,
    )


async def answers(row: SharedRow, *contexts: Context) -> list[Any]:
    """Send the row to a subscriber with each of these contexts, and return the results as JSON."""

    @strawberry.type
    class Subscription:
        @strawberry.subscription(graphql_type=Caller)  # type: ignore[untyped-decorator]
        async def changed(self) -> AsyncGenerator[Any, None]:
            yield Message(row)

    schema = strawberry.Schema(Query, subscription=Subscription, execution_context_class=Executor)
    texts = []
    for one in contexts:
        results: Any = await schema.stream(QUERY, context_value=one)
        async for result in results:
            assert result.errors is None
            texts.append(orjson.dumps(result.data))
    return texts


@pytest.fixture
def row() -> SharedRow:
    return SharedRow(uuid.uuid4(), "shop-1", 1, "{}")


async def test_operators_share_one_result_that_contains_no_subject(row: SharedRow) -> None:
    one, another = Principal("one", Role.OPERATOR), Principal("another", Role.OPERATOR)
    first, second = await answers(row, context(one), context(another))
    assert first == second == b'{"changed":{"subject":"","role":"OPERATOR"}}'
    assert len(row.results) == 1
    await answers(row, context(one, "another operation"), context(Principal("one", Role.SERVICE)))
    assert len(row.results) == 3


async def test_two_callers_of_one_merchant_share_no_execution(row: SharedRow) -> None:
    callers = [Principal(name, Role.MERCHANT, "shop-1") for name in ("one", "another", "one")]
    results = await answers(row, *map(context, callers))
    assert results == [
        b'{"changed":{"subject":"one","role":"MERCHANT"}}',
        b'{"changed":{"subject":"another","role":"MERCHANT"}}',
        b'{"changed":{"subject":"one","role":"MERCHANT"}}',
    ]
    assert len(row.results) == 2
