"""The root fields `merchantChanged` and `merchantsChanged`: the current state, then each published change."""

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable
from typing import Annotated, Any, TypeVar

import strawberry

from connect import scope
from connect.errors import MerchantNotFound
from connect.feed import BATCH, Conditions, Feed, read_after
from models import outage
from models.sql import Select
from resolvers.errors import NotFound
from resolvers.execution.context import Info
from resolvers.execution.shared_execution import RETRY_SECONDS, Message
from resolvers.merchants import merchant_filter, merchant_lookup
from resolvers.merchants.merchant import Merchant
from resolvers.merchants.merchant_filter import Filter
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.viewer import require

T = TypeVar("T")


@strawberry.subscription(
    description="One merchant: its current state, then its state after each change. Ends with NOT_FOUND if "
    "the merchant does not exist, is not visible to the caller, or is removed.",
    graphql_type=Merchant,
)
async def merchant_changed(
    info: Info, by: Annotated[MerchantRef, strawberry.argument(description="The merchant to watch.")]
) -> AsyncGenerator[Any, None]:
    principal, feed = info.context.principal, info.context.feed
    row: Any = await _retrying(lambda: merchant_lookup.row(principal, by, ("id",)))
    if row is None:
        raise NotFound(MerchantNotFound().message)
    key = uuid.UUID(str(row[0]))
    last: Any = None
    with feed.mailbox(("merchant", key)) as mailbox:
        while True:
            rows = await _retrying(
                lambda: feed.read("merchant", None, _no_conditions, [key], scope.document_column(principal))
            )
            current = rows.get(key)
            del rows
            if current is None or not scope.can_see(principal, current.external_id):
                raise NotFound(MerchantNotFound().message)
            # After a fail-over that lost commits, a version number can be reused for another document.
            # A missing document is sent once it is built, because building it publishes a change.
            if current.text is not None and last != (state := (current.row_version, hash(current.text))):
                last = state
                yield Message(current)
            del current  # frees the document, as the next change may be hours away
            await mailbox.take()


@strawberry.subscription(
    description="All merchants that match the filter, then each matching merchant that changes. "
    "There is no message when a merchant stops matching. For operators and services.",
    graphql_type=Merchant,
)
async def merchants_changed(
    info: Info,
    filter: Filter = None,  # noqa: A002
    present_first: Annotated[
        bool,
        strawberry.argument(
            description="Whether the current state comes first. To read it from `merchants` instead, pass "
            "false and wait until the subscription is active. A WebSocket subscription is active when the "
            "server answers a later ping, and an event stream when the server has sent the headers."
        ),
    ] = True,
) -> AsyncGenerator[Any, None]:
    principal, feed = info.context.principal, info.context.feed
    require(info.context, scope.Role.OPERATOR, scope.Role.SERVICE)

    def conditions(statement: Select) -> list[str]:
        return merchant_filter.conditions(statement, principal, filter)

    merchant_filter.check(filter)
    share_key = scope.visibility_key(principal), repr(filter)
    # Open the mailbox before the first await: a client that reads `merchants` itself must not miss a change.
    with feed.mailbox(("merchant", None)) as mailbox:
        changed = None if present_first else await mailbox.take()
        while True:
            if changed is None:
                async with contextlib.aclosing(_all(feed, share_key, conditions)) as messages:
                    async for message in messages:
                        yield message
            else:
                ids = changed
                rows = await _retrying(lambda: feed.read("merchant", share_key, conditions, ids))  # noqa: B023
                for key in ids:
                    if key in rows:
                        yield Message(rows.pop(key))
            changed = await mailbox.take()


def _no_conditions(_statement: Select) -> list[str]:
    """No conditions: subscribers of all scopes share the read, so each one checks the visibility itself."""
    return []


async def _all(feed: Feed, share_key: Hashable, conditions: Conditions) -> AsyncGenerator[Message, None]:
    """Every matching merchant, oldest first."""
    last = uuid.UUID(int=0)
    while True:
        # After a lost database connection all subscribers read everything at once, so they share the reads.
        rows = await _retrying(
            lambda: feed.share((share_key, last), lambda: read_after("merchant", conditions, last))  # noqa: B023
        )
        count, waiting = len(rows), deque(rows)
        del rows
        # Free each row when it is sent, so that a stalled client holds only the unsent rows.
        while waiting:
            last = waiting[0].id
            yield Message(waiting.popleft())
        if count < BATCH:
            return


async def _retrying(read: Callable[[], Awaitable[T]]) -> T:
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
