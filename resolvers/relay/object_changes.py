"""Subscriptions to the changes of one object."""

import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from connect import scope
from connect.errors import ConnectError
from connect.platform.feed import Table
from resolvers.common.errors import NotFound
from resolvers.execution.context import Context
from resolvers.execution.shared_execution import Message, retrying
from resolvers.relay.list_changes import no_conditions


async def object_changes(
    context: Context,
    table: Table,
    find: Callable[[], Awaitable[Any]],
    missing: ConnectError,
    document: str = "document",
) -> AsyncGenerator[Message, None]:
    """The current state of an object, then its state after each change.

    `find` reads the id of the object, as the only column of its row. Raises NotFound with the message of
    `missing` if the object does not exist, is removed, or is not visible to the caller. `document` is the
    expression for the document that the caller reads.
    """
    feed = context.feed
    row = await retrying(find)
    if row is None:
        raise NotFound(missing.message)
    key = uuid.UUID(str(row[0]))
    last: Any = None
    with feed.mailbox((table.name, key)) as mailbox:
        while True:
            rows = await retrying(lambda: feed.read(table, None, no_conditions, [key], document))
            current = rows.get(key)
            del rows
            if current is None or not scope.can_see(context.principal, current.owner):
                raise NotFound(missing.message)
            # After a fail-over that lost commits, a version number can be reused for another document.
            # A missing document is sent once it is built, because building it publishes a change.
            if current.text is not None and last != (state := (current.row_version, hash(current.text))):
                last = state
                yield Message(current)
            del current  # frees the document, as the next change may be hours away
            await mailbox.take()
