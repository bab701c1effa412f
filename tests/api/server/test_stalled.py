"""Clients that do not read: how much memory they may occupy, and which of them are cut off."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.server.server import MAX_KERNEL_BYTES
from api.server.stalled import BYTES_BEHIND, MAX_STALLED_BYTES, MAX_UNSENT_BYTES, Stalled, stalled
from testing.merchants import rename
from testing.processes import Simulator
from testing.service import Service, eventually, running
from testing.subscribers import frame, socket, stream
from testing.waits import PATIENCE

# Storing a very long name is slow, so each message repeats a shorter name this many times.
TIMES = 20
FIELDS = " ".join(f"name{number}: displayName" for number in range(TIMES))
NAMES = f"subscription {{ merchantsChanged {{ {FIELDS} }} }}"
QUERY = f"{{ merchants {{ edges {{ node {{ {FIELDS} }} }} }} }}"
NAME_BYTES = 3_000
MESSAGE_BYTES = TIMES * NAME_BYTES
MOST = MAX_STALLED_BYTES // BYTES_BEHIND
COUNT = MOST + 44


@pytest.fixture
async def crowded(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    limits = {"LIVE_CONNECTIONS_OF_ONE": "1000", "REQUESTS_PER_MINUTE": "0", "HEARTBEAT_SECONDS": "300"}
    async with running(database_url, simulator, tmp_path, WORKER="off", **limits) as service:
        await service.create("shop-1")
        yield service
        await eventually(lambda: holds(0))


async def holds(size: int) -> bool:
    return stalled.bytes == size


async def has_watchers(service: Service, count: int) -> bool:
    return service.watchers == count


async def change(count: int) -> None:
    for number in range(count):
        await rename("shop-1", f"{number:03d}" * (NAME_BYTES // 3))
        await asyncio.sleep(0.02)


def post(service: Service, query: str, accept: str) -> bytes:
    body = json.dumps({"query": query})
    return (
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: {accept}\r\n"
        f"Authorization: Bearer {service.token()}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def event_stream(service: Service) -> list[bytes]:
    return [post(service, NAMES, "text/event-stream")]


def websocket(service: Service) -> list[bytes]:
    handshake = (
        "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    messages: list[dict[str, Any]] = [
        {"type": "connection_init", "payload": {"Authorization": f"Bearer {service.token()}"}},
        {"type": "subscribe", "id": "1", "payload": {"query": NAMES}},
    ]
    return [handshake.encode(), b"".join(map(frame, messages))]


async def opened(service: Service, parts: list[bytes]) -> sockets.socket:
    """Open a connection with small buffers, and send each part after the previous part was answered."""
    client = sockets.socket()
    client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", service.settings.port))
    for number, part in enumerate(parts):
        if number:
            await loop.sock_recv(client, 4096)
        await loop.sock_sendall(client, part)
    return client


@pytest.mark.one_database
@pytest.mark.parametrize("kind", [event_stream, websocket])
async def test_a_stalled_subscriber_occupies_little_memory_and_then_gets_the_newest_state(
    crowded: Service, kind: Any
) -> None:
    client = await opened(crowded, kind(crowded))
    await eventually(lambda: has_watchers(crowded, 1))
    await change(60)
    least = BYTES_BEHIND + MAX_UNSENT_BYTES
    assert least < stalled.bytes < least + 2 * MESSAGE_BYTES
    received = b""
    last = f'"name{TIMES - 1}":"{"059" * (NAME_BYTES // 3)}"'.encode()
    while last not in received:
        received += await asyncio.wait_for(
            asyncio.get_running_loop().sock_recv(client, 1 << 20), 10 * PATIENCE
        )
    # The limit covers the buffers of the kernel and the process, the message that did not fit, and the newest
    # state.
    assert len(received) < 3 * MAX_KERNEL_BYTES + MAX_UNSENT_BYTES + 3 * MESSAGE_BYTES
    client.close()


@pytest.mark.one_database
@pytest.mark.parametrize("kind", [event_stream, websocket])
async def test_above_the_limit_the_longest_stalled_clients_are_cut_off(crowded: Service, kind: Any) -> None:
    token = crowded.token()
    async with stream(crowded, NAMES, token=token) as events, socket(crowded, token=token) as reader:
        await reader.subscribe(NAMES)
        clients = [await opened(crowded, kind(crowded)) for _ in range(COUNT)]
        await eventually(lambda: has_watchers(crowded, COUNT + 2))
        for number in range(10):
            await rename("shop-1", f"{number}" * NAME_BYTES)
            while (await events.data())["merchantsChanged"]["name0"][0] != str(number):
                pass
            while (await reader.data())["merchantsChanged"]["name0"][0] != str(number):
                pass
        assert stalled.bytes <= MAX_STALLED_BYTES
        await eventually(lambda: is_below(crowded, MOST + 2))
        assert crowded.watchers > MOST // 2
        for client in clients:
            client.close()
        await eventually(lambda: has_watchers(crowded, 2))


async def is_below(service: Service, count: int) -> bool:
    return service.watchers < count


@pytest.mark.one_database
async def test_unread_answers_count_towards_the_limit_and_pipelined_requests_wait(crowded: Service) -> None:
    await rename("shop-1", "x" * 30_000)
    request = post(crowded, QUERY, "application/json")
    clients = [await opened(crowded, [request * 5]) for _ in range(100)]
    await eventually(is_nearly_full)
    assert (await crowded.http.get("/healthz")).status_code == 200
    assert (await crowded.merchant("shop-1", "externalId")) == {"externalId": "shop-1"}
    for client in clients:
        client.close()


async def is_nearly_full() -> bool:
    assert stalled.bytes <= MAX_STALLED_BYTES
    return stalled.bytes > MAX_STALLED_BYTES - 2_000_000


class Transport:
    """A transport with a send buffer of one mebibyte."""

    def __init__(self) -> None:
        self.is_aborted = False

    def get_write_buffer_size(self) -> int:
        return 1 << 20

    def abort(self) -> None:
        self.is_aborted = True


async def test_clients_that_do_not_read_are_cut_off_before_a_client_that_reads_slowly() -> None:
    size = (1 << 20) + BYTES_BEHIND
    limited = Stalled(3 * size)
    slow, *others = transports = [Transport() for _ in range(4)]
    for transport in transports[:3]:
        limited.add(transport)  # type: ignore[arg-type]
    limited.remove(slow)  # type: ignore[arg-type] # the slow client reads
    limited.add(slow)  # type: ignore[arg-type]
    assert limited.bytes == 3 * size
    limited.add(others[2])  # type: ignore[arg-type]
    assert [one.is_aborted for one in transports] == [False, True, False, False]
    assert limited.bytes == 3 * size
    limited.remove(others[0])  # type: ignore[arg-type] # again, after the abort
    assert limited.bytes == 3 * size
