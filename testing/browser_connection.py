"""Connections to the browser of the tests (`testing.browser`)."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import websockets
from playwright._impl.connection import Connection
from playwright.async_api import Browser


@contextlib.asynccontextmanager
async def connected(address: str) -> AsyncIterator[Browser]:
    """Connect to a served browser from this process.

    Playwright's own `connect` starts Node, which takes 0.3 s of CPU and does nothing but forward
    messages. This function needs no Node.
    """
    connection = Connection(asyncio.get_running_loop())
    connection.mark_as_remote()
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    connection.onmessage = messages.put_nowait
    options: dict[str, Any] = {"max_size": None, "compression": None, "ping_interval": None, "proxy": None}

    async with websockets.connect(address, **options) as socket:

        async def send() -> None:
            while True:
                await socket.send(json.dumps(await messages.get()))

        async def receive() -> None:
            try:
                async for text in socket:
                    connection.dispatch(json.loads(text))
                    # Playwright must handle the effects of each message before the next one.
                    await asyncio.sleep(0)
            finally:
                connection.close()  # pending calls fail

        tasks = [asyncio.create_task(work()) for work in (send, receive)]
        try:
            playwright = await connection.initialize_playwright()
            yield Browser(playwright._pre_launched_browser())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
