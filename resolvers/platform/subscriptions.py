"""The root field `platformChanged`: the current state of the platform, then its state after each change."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import strawberry

from connect import scope
from connect.platform import health
from connect.platform.feed import Feed, Mailbox
from models import changes
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.execution.shared_execution import Message, SharedValue, retrying
from resolvers.platform.platform import Platform

# A message is sent at most once in this time, in seconds. All subscribers wait for the same moment, so that
# they share the executions.
PAUSE = 1.0
# The interval of the checks for problems that no worker reports, in seconds.
LOOK_EVERY = 60.0


@strawberry.subscription(
    description="The state of the whole platform: its current state, then its state after each change of a "
    "problem or of the event destination's status. A worker checks for most changes once a minute. At most "
    "one message a second is sent. A change of other fields alone, such as `statusCounts`, sends no message. "
    "For operators.",
    graphql_type=Platform,
)
async def platform_changed(info: Info) -> AsyncGenerator[Any, None]:
    feed = info.context.feed
    require(info.context, scope.Role.OPERATOR)
    with feed.mailbox((changes.PLATFORM, None)) as mailbox:
        while True:
            codes = await _codes(feed)
            yield Message(await feed.share("platform", _value))
            await _sleep_to_multiple(PAUSE)
            # Without a worker, nothing announces the problem NO_WORKER.
            while not await _takes(mailbox) and await _codes(feed) == codes:
                pass


async def _codes(feed: Feed) -> list[str]:
    return await retrying(lambda: feed.share("platform codes", health.codes))


async def _value() -> SharedValue:
    return SharedValue(Platform())


async def _takes(mailbox: Mailbox) -> bool:
    """Wait for a change, at most until the next check. Returns whether there is a change."""
    try:
        async with asyncio.timeout_at(_next_multiple(LOOK_EVERY)):
            await mailbox.take()
    except TimeoutError:
        return False
    return True


async def _sleep_to_multiple(seconds: float) -> None:
    await asyncio.sleep(_next_multiple(seconds) - asyncio.get_running_loop().time())


def _next_multiple(seconds: float) -> float:
    """The next time of the event loop's clock that is a multiple of this interval."""
    return (asyncio.get_running_loop().time() // seconds + 1) * seconds
