import asyncio
from typing import cast

import pytest
from websockets.asyncio.client import ClientConnection

from testing.subscribers import Socket


class Connection:
    """A connection that receives one message."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()

    async def recv(self) -> str:
        await self.arrived.wait()
        self.arrived.clear()
        return "{}"


@pytest.mark.parametrize("steps", range(5))
async def test_a_client_ends_if_it_is_cancelled_just_after_a_message(steps: int) -> None:
    connection = Connection()
    client = Socket(cast("ClientConnection", connection))

    async def listen() -> None:
        while True:
            await client.receive()

    listener = asyncio.create_task(listen())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    connection.arrived.set()
    for _ in range(steps):  # turns of the event loop between the message and the cancellation
        await asyncio.sleep(0)
    listener.cancel()
    done, _ = await asyncio.wait([listener], timeout=60)
    assert done == {listener}
