"""The root fields `merchantChanged`, `merchantsChanged` and `merchantListChanged`."""

import contextlib
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Hashable
from typing import Annotated, Any

import strawberry

from connect import scope
from connect.errors import MerchantNotFound
from connect.platform.feed import BATCH, MERCHANTS, Conditions, Feed, read_after
from models.sql import Select
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.execution.shared_execution import Message, retrying
from resolvers.merchants.reading import merchant_filter, merchant_lookup
from resolvers.merchants.reading.merchant_filter import Filter
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant
from resolvers.relay.list_changes import ChangingList, ListChangeKind, list_changes
from resolvers.relay.object_changes import object_changes


@strawberry.subscription(
    description="One merchant: first its current state, then its new state after each change. Ends with "
    "NOT_FOUND if the merchant does not exist, is not visible to the caller, or is removed.",
    graphql_type=Merchant,
)
async def merchant_changed(
    info: Info, by: Annotated[MerchantRef, strawberry.argument(description="The merchant to watch.")]
) -> AsyncGenerator[Any, None]:
    principal = info.context.principal
    changes = object_changes(
        info.context,
        MERCHANTS,
        lambda: merchant_lookup.row(principal, by, ("id",)),
        MerchantNotFound(),
        scope.document_column(principal),
    )
    async with contextlib.aclosing(changes) as messages:
        async for message in messages:
            yield message


@strawberry.subscription(
    description="First all merchants that match the filter, then each merchant that matches the filter after "
    "a change. No message is sent when a merchant no longer matches. For operators and services.",
    graphql_type=Merchant,
)
async def merchants_changed(
    info: Info,
    filter: Filter = None,  # noqa: A002
    present_first: Annotated[
        bool,
        strawberry.argument(
            description="Whether all matching merchants are sent first. To read them from `merchants` "
            "instead, pass false, and read them when the subscription is active. A WebSocket subscription "
            "is active when the server answers a ping that was sent after the subscription. An event stream "
            "is active when the server has sent the headers."
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
                rows = await retrying(lambda: feed.read(MERCHANTS, share_key, conditions, ids))  # noqa: B023
                for key in ids:
                    if key in rows:
                        yield Message(rows.pop(key))
            changed = await mailbox.take()


@strawberry.type(description="A change of the list of merchants that match a filter.")
class MerchantListChange:
    change: ListChangeKind = strawberry.field(description="The kind of change.")
    merchant_id: strawberry.ID | None = strawberry.field(
        description="The merchant's `id`. Null if the change is `READ`."
    )
    merchant: Merchant | None = strawberry.field(
        description="The merchant's current state. Null if the change is `READ` or the merchant no longer "
        "exists."
    )


LIST = ChangingList(MERCHANTS, "merchant", "Merchant")


@strawberry.subscription(
    description="The changes of the list of merchants that match the filter. The current list is not sent: "
    "read it from `merchants` after each message with `READ`, then apply the messages that follow. `LEFT` "
    "is sent for each changed merchant that does not match, even if it never matched. A merchant can begin "
    "to match `dueWithinDays` or `statusForDays` merely because time passes. No message is sent in this "
    "case. After a lost connection, subscribe again. For operators and services.",
    graphql_type=MerchantListChange,
)
async def merchant_list_changed(
    info: Info,
    filter: Filter = None,  # noqa: A002
) -> AsyncGenerator[Any, None]:
    principal, feed = info.context.principal, info.context.feed
    require(info.context, scope.Role.OPERATOR, scope.Role.SERVICE)
    merchant_filter.check(filter)

    def conditions(statement: Select) -> list[str]:
        return merchant_filter.conditions(statement, principal, filter)

    share_key = scope.visibility_key(principal), repr(filter)
    async with contextlib.aclosing(list_changes(feed, LIST, None, share_key, conditions)) as messages:
        async for message in messages:
            yield message


async def _all(feed: Feed, share_key: Hashable, conditions: Conditions) -> AsyncGenerator[Message, None]:
    """Every matching merchant, oldest first."""
    last = uuid.UUID(int=0)
    while True:
        # After a lost database connection all subscribers read everything at once, so they share the reads.
        rows = await retrying(
            lambda: feed.share((share_key, last), lambda: read_after(MERCHANTS, conditions, last))  # noqa: B023
        )
        count, waiting = len(rows), deque(rows)
        del rows
        # Free each row when it is sent, so that a stalled client holds only the unsent rows.
        while waiting:
            last = waiting[0].id
            yield Message(waiting.popleft())
        if count < BATCH:
            return
