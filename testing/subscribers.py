"""Subscription clients for tests, one for each protocol."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from testing.processes import Simulator
from testing.service import Service, running
from testing.waits import PATIENCE

STATUS = "subscription ($id: String!) { merchantChanged(by: {externalId: $id}) { status } }"
LATEST_ENTRY = """
subscription ($id: String!) {
  merchantChanged(by: {externalId: $id}) { timeline(first: 1) { edges { node { kind } } } }
}
"""
ALL_MERCHANTS = """
subscription ($filter: MerchantFilter) {
  merchantsChanged(filter: $filter) { externalId status }
}
"""


@dataclass
class Socket:
    """One WebSocket, after the handshake."""

    connection: ClientConnection

    async def send(self, kind: str, **more: Any) -> None:
        await self.connection.send(json.dumps({"type": kind, **more}))

    async def receive(self, seconds: float = 10) -> dict[str, Any]:
        """The next message."""
        # In Python 3.11, wait_for ignores a cancellation that arrives together with the message.
        async with asyncio.timeout(seconds * PATIENCE):
            message: dict[str, Any] = json.loads(await self.connection.recv())
        return message

    async def is_silent(self) -> bool:
        """Whether no message arrives in the next 0.4 seconds."""
        try:
            async with asyncio.timeout(0.4):
                await self.connection.recv()
        except TimeoutError:
            return True
        return False

    async def begin(self, token: str) -> None:
        """Send `connection_init` and receive the acknowledgement."""
        await self.send("connection_init", payload={"Authorization": f"Bearer {token}"})
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        id: str = "1",  # noqa: A002
    ) -> None:
        await self.send("subscribe", id=id, payload={"query": query, "variables": variables})

    async def data(self, *, id: str = "1", seconds: float = 10) -> dict[str, Any]:  # noqa: A002
        """The data of the next message. Fails if the message has errors or is for another operation."""
        message = await self.receive(seconds)
        assert (message["type"], message["id"]) == ("next", id), message
        assert message["payload"].keys() == {"data"}, message
        data: dict[str, Any] = message["payload"]["data"]
        return data

    async def wait_closed(self, seconds: float = 10) -> tuple[int | None, str | None]:
        """Read until the connection closes. Returns the close code and the reason."""
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(seconds * PATIENCE):
                while True:
                    await self.connection.recv()
        return self.connection.close_code, self.connection.close_reason


@contextlib.asynccontextmanager
async def socket(
    service: Service, *, token: str | None = None, protocol: str = "graphql-transport-ws", **more: Any
) -> AsyncIterator[Socket]:
    """A WebSocket to the service. If `token` is given, the WebSocket is already authenticated."""
    url = service.url.replace("http://", "ws://") + "/graphql"
    async with connect(url, subprotocols=[protocol], proxy=None, **more) as connection:  # type: ignore[list-item]
        client = Socket(connection)
        if token is not None:
            await client.begin(token)
        yield client


@dataclass
class Stream:
    """One event stream, read line by line."""

    lines: AsyncIterator[str]

    async def receive(self, seconds: float = 10) -> tuple[str, Any]:
        """The name and data of the next event, or `("end", None)`. A comment has the name `""`."""
        event, data = "", ""
        async with asyncio.timeout(seconds * PATIENCE):
            async for line in self.lines:
                if line.startswith(":"):
                    event, data = "", line[1:].strip()
                elif line:
                    name, _, value = line.partition(": ")
                    event, data = (value, data) if name == "event" else (event, value)
                else:
                    return event, json.loads(data) if event == "next" else data
        return "end", None

    async def data(self, seconds: float = 10) -> dict[str, Any]:
        """The data of the next event. Fails if the event has errors."""
        event, payload = await self.receive(seconds)
        assert event == "next", (event, payload)
        assert payload.keys() == {"data"}, payload
        data: dict[str, Any] = payload["data"]
        return data


@contextlib.asynccontextmanager
async def stream(
    service: Service,
    query: str | None = None,
    variables: Mapping[str, Any] | None = None,
    *,
    token: str,
    **more: Any,
) -> AsyncIterator[Stream]:
    """The event stream of an operation."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    body = {"query": query, "variables": variables, **more}
    async with service.http.stream("POST", "/graphql", json=body, headers=headers) as answer:
        if answer.status_code != 200:
            raise AssertionError((answer.status_code, await answer.aread()))
        assert answer.headers["content-type"] == "text/event-stream"
        yield Stream(answer.aiter_lines())


SHOP: dict[str, Any] = {"id": "shop-1"}
WATCH = {"query": STATUS, "variables": SHOP}
ONBOARDING = {"merchantChanged": {"status": "ONBOARDING"}}


@contextlib.asynccontextmanager
async def limited(
    database_url: str, simulator: Simulator, folder: Path, **settings: str
) -> AsyncIterator[Service]:
    async with running(database_url, simulator, folder, WORKER="off", **settings) as service:
        await service.create("shop-1")
        yield service


async def refused(service: Service, **more: Any) -> InvalidStatus:
    with pytest.raises(InvalidStatus) as error:
        async with socket(service, **more):
            raise AssertionError("the connection was accepted")
    return error.value


async def has_no_watchers(service: Service) -> bool:
    return service.watchers == 0


def frame(message: Any) -> bytes:
    """A masked text frame (RFC 6455, section 5)."""
    data = json.dumps(message).encode()
    mask = os.urandom(4)
    head = (
        bytes([0x81, 0x80 | 126]) + len(data).to_bytes(2, "big")
        if len(data) > 125
        else bytes([0x81, 0x80 | len(data)])
    )
    return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))
