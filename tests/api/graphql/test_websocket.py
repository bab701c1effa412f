"""Abusive and disconnected clients, shared executions, and rate limits."""

import asyncio
import contextlib
import json
import socket as sockets
from pathlib import Path

import httpx
import pytest

from api.server.protocols import MAX_UNREAD_BYTES
from models import Merchant
from testing.merchants import build_merchant, store
from testing.processes import Simulator
from testing.service import Service, eventually, running
from testing.statements import Statements
from testing.subscribers import ALL_MERCHANTS, socket, stream

RENAME = """
mutation { updateMerchant(input: {merchant: {externalId: "shop-1"}, displayName: "Renamed"}) { __typename } }
"""
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
PING = bytes([0x89, 0x80 | 125, 0, 0, 0, 0]) + b"x" * 125


@pytest.mark.waits
@pytest.mark.one_database
@pytest.mark.parametrize("transport", ["socket", "stream"])
async def test_a_mutation_completes_after_its_client_disconnects(idle: Service, transport: str) -> None:
    await idle.create("shop-1")
    # Stripe applies the change and answers late.
    idle.simulator.control("faults", {"kind": "delay_after", "seconds": 1, "method": "POST", "times": 1})
    calls_before = idle.simulator.control("calls")["total"]

    async def has_called_stripe() -> bool:
        return bool(idle.simulator.control("calls")["total"] > calls_before)

    async def is_renamed() -> bool:
        return (await Merchant.get(external_id="shop-1")).display_name == "Renamed"

    if transport == "socket":
        async with socket(idle, token=idle.token()) as client:
            await client.subscribe(RENAME)
            await eventually(has_called_stripe)
            client.connection.transport.abort()
    else:
        with contextlib.suppress(TimeoutError, httpx.ReadError):
            async with stream(idle, RENAME, token=idle.token()) as events:
                await eventually(has_called_stripe)
                await events.receive(0.01)
    assert not await is_renamed()
    assert await eventually(is_renamed)


@pytest.mark.one_database
async def test_a_client_that_sends_pings_and_reads_nothing_is_cut_off(idle: Service) -> None:
    def flood() -> bool:
        with sockets.socket() as client:
            client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", idle.settings.port))
            client.sendall(HANDSHAKE)
            client.recv(1000)
            client.settimeout(5)
            try:
                for _ in range(40 * MAX_UNREAD_BYTES // len(PING)):
                    client.sendall(PING)
            except ConnectionError:
                return True
        return False

    assert await asyncio.to_thread(flood)
    assert (await idle.graphql("{ viewer { role } }"))["viewer"] == {"role": "OPERATOR"}


@pytest.mark.one_database
async def test_a_message_with_a_lone_surrogate_is_invalid(idle: Service) -> None:
    for text in (
        '{"type": "\\ud800"}',
        '{"type": "subscribe", "id": "\\ud800", "payload": {"query": "{ viewer { role } }"}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ \\ud800 }"}}',
    ):
        async with socket(idle, token=idle.token()) as client:
            await client.connection.send(text)
            assert (await client.wait_closed())[0] == 4400, text


@pytest.mark.slow
@pytest.mark.one_database
async def test_equal_subscriptions_share_one_execution_after_a_gap(
    idle: Service, statements: Statements
) -> None:
    await store([build_merchant(f"shop-{number}", "active") for number in range(120)])
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(socket(idle, token=idle.token())) for _ in range(10)]
        for client in clients:
            await client.subscribe(ALL_MERCHANTS)
            for _ in range(120):
                await client.data()
        statements.clear()
        idle.app.state.feed.miss()
        for client in clients:
            for _ in range(120):
                await client.data()
        pages = statements.with_text(" document FROM")
        assert 3 <= len(pages) < 10  # without sharing, ten clients would read 30 pages


@pytest.mark.one_database
@pytest.mark.by_hand
async def test_subscribers_receive_restored_documents_with_lower_versions(idle: Service) -> None:
    await store([build_merchant("shop-1", "active")])
    query = 'subscription { merchantChanged(by: {externalId: "shop-1"}) { displayName } }'
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(query)
        assert await client.data() == {"merchantChanged": {"displayName": "Shop shop-1"}}
        merchant = await Merchant.get()
        document = merchant.document.replace("Shop shop-1", "Restored")
        await Merchant.all().update(document=document, row_version=merchant.row_version - 1)
        idle.app.state.feed.miss()
        assert await client.data() == {"merchantChanged": {"displayName": "Restored"}}


@pytest.mark.one_database
async def test_operations_are_limited_per_caller(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off", REQUESTS_PER_MINUTE="3") as service:
        for _ in range(3):
            assert (await service.graphql("{ viewer { role } }"))["viewer"] == {"role": "OPERATOR"}
        refused = await service.post("{ viewer { role } }")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "20")
        error = refused.json()["errors"][0]
        assert error["message"] == "Too many requests: you may send 3 a minute. Try again in 20 s."
        request_id = refused.headers["x-request-id"]
        limited = {"code": "RATE_LIMITED", "requestId": request_id, "retryAfterSeconds": 20}
        assert error["extensions"] == limited
        other = await service.post("{ viewer { role } }", role="service")
        assert other.status_code == 200
        async with socket(service, token=service.token("merchant", "shop-1")) as client:
            for name in "1234":
                await client.subscribe("{ viewer { role } }", id=name)
            heard = [await client.receive() for _ in range(7)]
            (error,) = [message["payload"][0] for message in heard if message["type"] == "error"]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert error["extensions"]["retryAfterSeconds"] == 20


@pytest.mark.one_database
async def test_requests_are_limited_per_address(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(
        database_url, simulator, tmp_path, WORKER="off", ADDRESS_REQUESTS_PER_MINUTE="2"
    ) as service:
        bad = {"Authorization": "Bearer x"}

        async def status(address: str) -> int:
            headers = {**bad, "X-Forwarded-For": address}
            return (await service.http.post("/graphql", json={}, headers=headers)).status_code

        assert [await status("192.0.2.1") for _ in range(3)] == [401, 401, 429]
        # A proxy on this machine is trusted, so another forwarded address has its own limit.
        assert await status("192.0.2.2") == 401
        # An internet provider gives each customer a whole IPv6 network, so all addresses of a network share
        # one limit.
        network = [f"2001:db8:1:2::{number}" for number in range(3)]
        assert [await status(address) for address in network] == [401, 401, 429]
        assert await status("2001:db8:1:3::1") == 401
        answer = await service.http.get("/healthz")
        assert answer.status_code == 200


@pytest.mark.one_database
async def test_a_forwarded_address_is_used_only_if_a_trusted_proxy_sends_it(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(
        database_url,
        simulator,
        tmp_path,
        WORKER="off",
        ADDRESS_REQUESTS_PER_MINUTE="1",
        TRUSTED_PROXIES="192.0.2.0/24",
    ) as service:
        for number, expected in enumerate((401, 429)):
            headers = {"Authorization": "Bearer x", "X-Forwarded-For": f"198.51.100.{number}"}
            answer = await service.http.post("/graphql", content=json.dumps({}), headers=headers)
            assert answer.status_code == expected
