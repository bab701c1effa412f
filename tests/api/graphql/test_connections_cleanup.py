"""The server frees the resources of clients that abort their connections or read nothing."""

import asyncio
import contextlib
import gc
import json
import socket as sockets
from pathlib import Path

import pytest

from api.graphql.event_stream import EventStream
from api.graphql.websocket import WebSocketHandler
from connect.platform.feed import Mailbox, SharedRow
from resolvers.execution.context import Context
from testing.merchants import rename
from testing.processes import Simulator
from testing.service import Service, eventually, running
from testing.subscribers import (
    ONBOARDING,
    STATUS,
    WATCH,
    frame,
    has_no_watchers,
    limited,
    socket,
)
from testing.waits import PATIENCE


@pytest.mark.one_database
async def test_a_client_that_reads_nothing_is_cut_off(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """The client is stuck, but its operating system still acknowledges packets."""
    stuck_seconds = round(6 * PATIENCE)
    async with running(database_url, simulator, tmp_path, stuck_seconds, WORKER="off") as service:
        await service.create("shop-1")
        client = Abrupt(service)
        # Storing a very long name is slow, so each message repeats a shorter name 20 times.
        names = " ".join(f"name{number}: displayName" for number in range(20))
        body = json.dumps(WATCH | {"query": STATUS.replace("status", names)})
        connection = await asyncio.to_thread(client.connect)
        connection.sendall(client.request(body))
        await eventually(lambda: has_one_watcher(service))
        for number in range(200):
            await rename("shop-1", f"{number:03d}" * 1_000)  # 200 such messages exceed the sockets' buffers
            if number == 100:
                assert await has_one_watcher(service)
        await eventually(lambda: has_no_watchers(service), seconds=45)
        connection.close()


async def has_one_watcher(service: Service) -> bool:
    return service.watchers == 1


class Abrupt:
    """A client that subscribes, reads the first message and aborts the connection."""

    def __init__(self, service: Service) -> None:
        self._port = service.settings.port
        self._token = service.token()

    async def websocket(self) -> None:
        handshake = (
            "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        )
        begin = {"type": "connection_init", "payload": {"Authorization": f"Bearer {self._token}"}}
        # Operations are cleaned up one after another, so two operations are open at the disconnect.
        subscribe = [{"type": "subscribe", "id": name, "payload": WATCH} for name in ("1", "2")]
        await self._ask(handshake.encode(), b"".join(map(frame, [begin, *subscribe])))

    async def stream(self) -> None:
        await self._ask(self.request(json.dumps(WATCH)))

    def request(self, body: str) -> bytes:
        return (
            f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Accept: text/event-stream\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def connect(self) -> sockets.socket:
        client = sockets.socket()
        client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", self._port))
        return client

    async def _ask(self, request: bytes, then: bytes = b"") -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20 * PATIENCE)
        writer.write(then)
        await asyncio.wait_for(reader.readuntil(b'{"status":"ONBOARDING"}'), 20 * PATIENCE)
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def alive() -> dict[str, int]:
    gc.collect()
    kinds = (Mailbox, SharedRow, WebSocketHandler, EventStream, Context)
    counts = {kind.__name__: 0 for kind in kinds}
    for one in gc.get_objects():
        if isinstance(one, kinds):
            counts[type(one).__name__] += 1
    return {**counts, "tasks": len(asyncio.all_tasks())}


@pytest.mark.one_database
async def test_a_thousand_disconnected_clients_leak_nothing(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with limited(database_url, simulator, tmp_path, LIVE_CONNECTIONS_OF_ONE="5000") as service:
        client = Abrupt(service)

        async def come_and_go(count: int) -> None:
            for _ in range(count // 100):
                await asyncio.gather(
                    *(client.websocket() for _ in range(50)), *(client.stream() for _ in range(50))
                )
            await eventually(lambda: has_no_watchers(service))

        await come_and_go(100)  # creates the objects that are created only once
        # The service may still be closing the connections of these clients.
        before = await eventually(idle_counts)
        objects = len(gc.get_objects())
        await come_and_go(1000)
        after = await settled(before)
        assert after == before
        assert before["Mailbox"] == 0
        assert len(gc.get_objects()) - objects < 500  # a leak would be at least one object for each client
        async with socket(service, token=service.token()) as one:
            await one.subscribe(STATUS, {"id": "shop-1"})
            assert await one.data() == ONBOARDING


async def idle_counts() -> dict[str, int]:
    """The numbers of live objects after all clients are gone, or {} while connections are being closed."""
    counts = alive()
    await asyncio.sleep(0.1)
    is_idle = counts == alive() and not any(count for name, count in counts.items() if name != "tasks")
    return counts if is_idle else {}


async def settled(expected: dict[str, int]) -> dict[str, int]:
    """Wait a few seconds for the expected numbers of live objects, and return the last count."""
    for _ in range(round(100 * PATIENCE)):
        if (counts := alive()) == expected:
            break
        await asyncio.sleep(0.05)
    return counts
