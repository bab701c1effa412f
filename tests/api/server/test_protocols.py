"""The limits of heads, and large tokens within them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from api.auth.development import KEY_ID
from testing import confidential
from testing.environment import KEY_FILE
from testing.processes import Simulator
from testing.service import Service, running
from testing.subscribers import socket, stream
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
    """Return everything that the server sends until it closes the connection, or completes the handshake."""
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
