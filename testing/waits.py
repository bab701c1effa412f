"""Waiting for a condition: `until` in threads, `eventually` in coroutines. Both fail after a timeout."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

# Multiplies the timeouts in tests and in small proofs. Set TEST_PATIENCE on a slow machine. A wait ends as
# soon as its condition is true, so a larger number costs time only if a test fails.
PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))


def until(condition: Callable[[], T], seconds: float = 60, *, pause: float = 0.05) -> T:
    """Call the condition until its result is true, and return that result.

    A slow call is followed by a longer pause, up to half a second, so that waiting takes little CPU from the
    work that it waits for.
    """
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        began = time.monotonic()
        if result := condition():
            return result
        ended = time.monotonic()
        if ended > deadline:
            raise AssertionError(f"the condition was not true within {seconds * PATIENCE:g} s")
        time.sleep(max(pause, min(3 * (ended - began), 0.5)))


async def eventually(condition: Callable[[], Awaitable[T]], *, seconds: float = 60) -> T:
    """Await the condition until its result is true, and return that result."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not (result := await condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"the condition was not true within {seconds * PATIENCE:g} s")
        await asyncio.sleep(0.05)
    return result
