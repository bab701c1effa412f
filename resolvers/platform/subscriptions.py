"""The root field `platformChanged`: the current state of the platform, then its state after each change."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import strawberry

from connect import scope
from connect.platform import health
from connect.platform.feed import MERCHANTS, Feed, Mailbox
from models import changes
from models.event import WAKE
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.execution.shared_execution import Message, SharedValue, retrying
from resolvers.platform.platform import Platform

# At most one message is sent in this number of seconds. All subscribers wait for the same moment, so that
# they share the executions.
PAUSE = 1.0
# At most one message is sent in this number of seconds if only changed merchants or new events cause it,
# because such changes can be continuous.
NUMBERS_PAUSE = 5.0
# The interval of the checks for problems that no worker reports, in seconds.
LOOK_EVERY = 60.0


@strawberry.subscription(
    description="The state of the whole platform: first its current state, then its new state after each "
    "change. When a problem or the status of the event destination changes, a message follows within a "
    "second. A worker checks for most of these changes once a minute. When a merchant changes or an event "
    "arrives, which may change `statusCounts`, `onboardingFunnel` and `webhooks`, a message follows within "
    "five seconds. Other changes, for example when a worker starts or the queue of events becomes shorter, "
    "are sent within about a minute. If only `stripeCalls` or the `delays` of `webhooks` change, no message "
    "is sent. At most one message a second is sent. For operators.",
    graphql_type=Platform,
)
async def platform_changed(info: Info) -> AsyncGenerator[Any, None]:
    feed = info.context.feed
    require(info.context, scope.Role.OPERATOR)
    with (
        feed.mailbox((changes.PLATFORM, None)) as problems,
        feed.mailbox((MERCHANTS.name, None), (WAKE, None)) as numbers,
    ):
        while True:
            # A change during the execution is sent with the next message.
            problems.empty()
            numbers.empty()
            codes = await _codes(feed)
            yield Message(await feed.share("platform", _value))
            await _sleep_to_multiple(PAUSE)
            # Without a worker, nothing announces the problem NO_WORKER.
            while not await _changes(problems, numbers) and await _codes(feed) == codes:
                pass


async def _codes(feed: Feed) -> list[str]:
    return await retrying(lambda: feed.share("platform codes", health.codes))


async def _value() -> SharedValue:
    return SharedValue(Platform())


async def _changes(problems: Mailbox, numbers: Mailbox) -> bool:
    """Wait for a change, at most until the next check. Returns whether there is a change."""
    waits = [asyncio.create_task(problems.wait()), asyncio.create_task(_wait_for_numbers(numbers))]
    seconds = _next_multiple(LOOK_EVERY) - asyncio.get_running_loop().time()
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return bool(done)


async def _wait_for_numbers(numbers: Mailbox) -> None:
    await numbers.wait()
    await _sleep_to_multiple(NUMBERS_PAUSE)


async def _sleep_to_multiple(seconds: float) -> None:
    await asyncio.sleep(_next_multiple(seconds) - asyncio.get_running_loop().time())


def _next_multiple(seconds: float) -> float:
    """The next time of the event loop's clock that is a multiple of this interval."""
    return (asyncio.get_running_loop().time() // seconds + 1) * seconds
