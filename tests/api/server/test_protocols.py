"""The limits of request heads, large tokens within these limits, and how connections end."""

import asyncio
import json
import socket as sockets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
from websockets.frames import Close, Frame, Opcode

from api.auth.development import KEY_ID
from testing import confidential
from testing.environment import KEY_FILE
from testing.processes import Simulator
from testing.service import Service, eventually, running
from testing.subscribers import WATCH, frame, has_no_watchers, socket, stream
from testing.waits import PATIENCE

pytestmark = pytest.mark.one_database

VIEWER = "{ viewer { role } }"
OPERATOR = {"viewer": {"role": "OPERATOR"}}
HANDSHAKE = (
    "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
)


@pytest.fixture
async def service(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        yield service


async def test_a_token_of_15_kb_is_accepted_by_every_transport(service: Service, tmp_path: Path) -> None:
    """Providers that list a user's groups issue tokens of up to 12 kB."""
    claims = jwt.decode(service.token(), options={"verify_signature": False})
    key = jwt.PyJWK(json.loads((tmp_path / KEY_FILE).read_bytes()), "EdDSA")
    groups = [f"aaaaaaaa-bbbb-cccc-dddd-{number:012}" for number in range(290)]
    token = jwt.encode({**claims, "groups": groups}, key, headers={"kid": KEY_ID})
    confidential.keep("token", token)
    assert 15_000 < len(token) < 16_000
    headers = {"Authorization": f"Bearer {token}"}
    answer = await service.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert answer.json() == {"data": OPERATOR}
    async with socket(service, token=token, additional_headers=headers) as client:
        await client.subscribe(VIEWER)
        assert await client.data() == OPERATOR
    async with stream(service, VIEWER, token=token) as events:
        assert await events.receive() == ("next", {"data": OPERATOR})


async def shake_hands(service: Service, headers: str) -> bytes:
    """Return everything that the server sends until it completes the handshake or closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
    writer.write(f"{HANDSHAKE}{headers}\r\n".encode())
    received = b""
    try:
        async with asyncio.timeout(20 * PATIENCE):
            while part := await reader.read(10_000):
                received += part
                if received.startswith(b"HTTP/1.1 101 "):
                    break
    finally:
        writer.close()
    return received


async def test_a_handshake_may_have_a_long_header(service: Service) -> None:
    assert (await shake_hands(service, f"Cookie: a={'x' * 60_000}\r\n")).startswith(b"HTTP/1.1 101 ")


async def test_a_handshake_with_too_many_headers_is_answered_and_closed(service: Service) -> None:
    many = "".join(f"X-{number}: x\r\n" for number in range(200))
    assert (await shake_hands(service, many)).startswith(b"HTTP/1.1 431 ")
    assert await service.graphql(VIEWER) == OPERATOR


async def test_the_server_stops_while_a_client_that_closed_its_websocket_reads_nothing(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """The server answers the Close frame, and waits until the client reads the answer."""
    with sockets.socket() as client:
        client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        async with running(database_url, simulator, tmp_path, WORKER="off") as service:
            await service.create("shop-1")
            await asyncio.to_thread(client.connect, ("127.0.0.1", service.settings.port))
            begin = {"type": "connection_init", "payload": {"Authorization": f"Bearer {service.token()}"}}
            client.sendall(f"{HANDSHAKE}\r\n".encode())
            await asyncio.to_thread(client.recv, 4096)
            client.sendall(frame(begin) + frame({"type": "subscribe", "id": "1", "payload": WATCH}))
            await eventually(lambda: is_watched(service))
            pings = Frame(Opcode.PING, b"x" * 125).serialize(mask=True) * 6_000
            await asyncio.to_thread(client.sendall, pings)
            close = Frame(Opcode.CLOSE, Close(1000, "").serialize())
            client.sendall(close.serialize(mask=True))
            await eventually(lambda: has_no_watchers(service))
            received = asyncio.create_task(asyncio.to_thread(read_late, client))
        assert (await received).endswith(close.serialize(mask=False))


def read_late(client: sockets.socket) -> bytes:
    """Pause while the server begins to stop, and then read until it closes the connection."""
    time.sleep(0.1)
    return b"".join(iter(lambda: client.recv(100_000), b""))


async def is_watched(service: Service) -> bool:
    return service.watchers == 1
