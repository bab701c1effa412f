"""The root subscription fields: the present state first, then each change that `connect.feed` tells of."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable
from typing import Annotated, Any, TypeVar

import strawberry

from connect import scope
from connect.errors import MerchantNotFound
from connect.feed import BATCH, Conditions, Feed, read_after
from connect.scope import Role as PrincipalRole
from models import outage
from models.sql import Select
from resolvers.errors import NotFound
from resolvers.execution.context import Info
from resolvers.execution.shared_execution import RETRY_SECONDS, Message
from resolvers.merchants import merchant_list, merchant_lookup
from resolvers.merchants.merchant import Merchant as MerchantType
from resolvers.merchants.merchant_list import MerchantFilter
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.query import require

T = TypeVar("T")


@strawberry.type(
    description="What is pushed. Each message is a merchant's state at that moment: several changes may "
    "arrive as one, and never an older state after a newer. After a lost connection subscribe again: it "
    "begins with the present state, so nothing is missed. A fetch that shows nothing new is not pushed. "
    "The subscription ends when the token expires."
)
class Subscription:
    @strawberry.subscription(
        description="One merchant: its present state at once, then every change. Ends with NOT_FOUND when "
        "there is none that the caller may see, or none any more.",
        graphql_type=MerchantType,
    )
    async def merchant_changed(
        self, info: Info, by: Annotated[MerchantRef, strawberry.argument(description="Which one.")]
    ) -> AsyncGenerator[Any, None]:
        principal, feed = info.context.principal, info.context.feed
        found: Any = await _patiently(lambda: merchant_lookup.row(principal, by, ("id",)))
        if found is None:
            raise NotFound(MerchantNotFound().message)
        key = uuid.UUID(str(found[0]))
        last: Any = None
        with feed.mailbox(("merchant", key)) as mailbox:
            while True:
                seen = (await _patiently(lambda: feed.read("merchant", None, _everybody, [key]))).get(key)
                if seen is None or not scope.can_see(principal, seen.external_id):
                    raise NotFound(MerchantNotFound().message)
                # After a fail-over to a server that lacks the last commits a version may come again.
                if last != (state := (seen.row_version, hash(seen.text))):
                    last = state
                    yield Message(seen)
                del seen  # a document is large, and the next change may be far away
                await mailbox.take()

    @strawberry.subscription(
        description="Operators and services: every merchant that matches, one after another, then each that "
        "changes and matches. One that ceases to match is not told of any more.",
        graphql_type=MerchantType,
    )
    async def merchants_changed(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002
            MerchantFilter | None, strawberry.argument(description="Which ones; all unless told.")
        ] = None,
        present_first: Annotated[
            bool,
            strawberry.argument(
                description="False leaves out the present state: for a client that subscribes first and "
                "reads `merchants` then, when a ping sent behind the subscription is answered or the event "
                "stream's headers are there."
            ),
        ] = True,
    ) -> AsyncGenerator[Any, None]:
        principal, feed = info.context.principal, info.context.feed
        require(info.context, PrincipalRole.OPERATOR, PrincipalRole.SERVICE)

        def conditions(statement: Select) -> list[str]:
            return merchant_list.matching(statement, principal, filter)

        merchant_list.check(filter)
        question = scope.visibility_key(principal), repr(filter)
        # Before anything is waited for: who reads beside it relies on that.
        with feed.mailbox(("merchant", None)) as mailbox:
            changed = None if present_first else await mailbox.take()
            while True:
                if changed is None:
                    async with contextlib.aclosing(_all(feed, question, conditions)) as everybody:
                        async for message in everybody:
                            yield message
                else:
                    ids = changed
                    found = await _patiently(lambda: feed.read("merchant", question, conditions, ids))  # noqa: B023 -- at once
                    for key in ids:
                        if key in found:
                            yield Message(found.pop(key))
                changed = await mailbox.take()


def _everybody(_statement: Select) -> list[str]:
    """For callers of every scope together: each looks whether it may see what was found."""
    return []


async def _all(feed: Feed, question: Hashable, conditions: Conditions) -> AsyncGenerator[Message, None]:
    """Every merchant that matches, the oldest first."""
    last = uuid.UUID(int=0)
    while True:
        # After a lost connection all ask for the same at the same time.
        found = await _patiently(
            lambda: feed.share((question, last), lambda: read_after("merchant", conditions, last))  # noqa: B023 -- at once
        )
        count = len(found)
        for seen in found:
            last = seen.id
            yield Message(seen)
        if count < BATCH:
            return


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """What comes of it. While the database is away a subscriber waits: its client would take an error for the
    end, and not come back."""
    while True:
        try:
            return await ask()
        except Exception as error:
            if outage.reason(error) is None:
                raise
        await asyncio.sleep(RETRY_SECONDS)
