"""The shutdown of a process, and how its server treats connections, request heads and upgrades."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from api.server.server import create_server
from models import Merchant
from testing.deployment import Deployment, deployment
from testing.operations import new_merchant
from testing.processes import Simulator
from testing.service import CREATE, running
from testing.waits import PATIENCE, until

PREFLIGHT = {"Access-Control-Request-Method": "POST"}


@pytest.fixture
def service_process(database_url: str, simulator: Simulator, tmp_path: Path) -> Deployment:
    return deployment(database_url, simulator, tmp_path, DRAIN_SECONDS="4", LOG_FORMAT="text")


@contextlib.contextmanager
def client_of(service: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, trust_env=False, verify=False, timeout=30 * PATIENCE) as client:
        yield client


async def eventually(look: Callable[[], bool]) -> None:
    """Call `look` until its result is true."""
    for _ in range(round(2000 * PATIENCE)):
        if look():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the condition never became true")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_process_still_answers_requests_while_it_drains(
    service_process: Deployment, simulator: Simulator
) -> None:
    service = service_process
    with service.serving() as api, client_of(service) as client:
        created = service.create(client).json()["data"]["createMerchant"]["merchant"]
        until(lambda: set(service.states(client)) == {"HANDLED"})
        before = client.get("/readyz")
        assert (before.status_code, "connection" in before.headers) == (200, False)
        # This request begins before the signal and ends after the server has stopped listening.
        simulator.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 5.5})
        with ThreadPoolExecutor(1) as threads, client_of(service) as other:
            answer = threads.submit(service.create, other, "slow")
            until(lambda: "POST /v2/core/accounts" in simulator.control("calls")["calls"])
            until(lambda: simulator.control("calls")["calls"]["POST /v2/core/accounts"] > 1)
            api.popen.send_signal(signal.SIGTERM)
            ready = until(lambda: (answer := client.get("/readyz")).status_code == 503 and answer)
            assert isinstance(ready, httpx.Response)
            assert (ready.json(), ready.headers["connection"]) == ({"status": "stopping"}, "close")
            # The server still serves new requests, and the webhook still stores notifications.
            for response, status in (
                (service.graphql(client, "{ viewer { role } }", {}), 200),
                (client.get("/healthz"), 200),
                (client.get("/nowhere"), 404),
                (client.post("/graphql"), 401),
                (client.options("/graphql", headers={"Origin": "http://x", **PREFLIGHT}), 400),
            ):
                assert (response.status_code, response.headers["connection"]) == (status, "close")
            simulator.control(f"accounts/{created['account']['stripeAccountId']}", {"scenario": "activate"})
            until(lambda: "PENDING" in service.states(client))
            until(lambda: not is_listening(int(service.url.rsplit(":", 1)[1])))
            finished = answer.result()
            assert finished.headers["connection"] == "close"
            assert finished.json()["data"]["createMerchant"]["created"] is True
        assert api.popen.wait(20 * PATIENCE) == 0
        assert "Traceback" not in api.output
    # The worker starts no new work during the drain, so an event is still pending.
    with service.serving(WORKER="off", DRAIN_SECONDS="0"), client_of(service) as client:
        assert service.status(client) == "ONBOARDING"
        assert "PENDING" in service.states(client)
    with service.serving(DRAIN_SECONDS="0"), client_of(service) as client:
        until(lambda: service.status(client) == "ACTIVE")


@pytest.mark.one_database
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_skips_the_drain(
    database_url: str, simulator: Simulator, tmp_path: Path, second: signal.Signals
) -> None:
    service = deployment(database_url, simulator, tmp_path, DRAIN_SECONDS="60")
    with service.serving() as api, client_of(service) as client:
        api.popen.send_signal(signal.SIGTERM)
        until(lambda: client.get("/readyz").status_code == 503)
        api.popen.send_signal(second)
        assert api.popen.wait(50) == 0  # the drain alone would take 60 s
        assert "Traceback" not in api.output


@pytest.mark.one_database
def test_sigint_skips_the_drain(database_url: str, simulator: Simulator, tmp_path: Path) -> None:
    service = deployment(database_url, simulator, tmp_path, DRAIN_SECONDS="60")
    with service.serving() as api:
        api.popen.send_signal(signal.SIGINT)
        assert api.popen.wait(50) == 0  # the drain would take 60 s
        assert "Traceback" not in api.output


@pytest.mark.one_database
async def test_a_request_that_outlasts_the_shutdown_gets_a_503(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=30 * PATIENCE) as client:
        async with running(database_url, simulator, tmp_path, WORKER="off") as service:
            simulator.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 6})
            request = client.post(
                f"{service.url}/graphql",
                json={"query": CREATE, "variables": {"input": new_merchant("shop-1")}},
                headers={"Authorization": f"Bearer {service.token()}"},
            )
            pending = asyncio.create_task(request)
            calls = service.simulator
            await eventually(lambda: "POST /v2/core/accounts" in calls.control("calls")["calls"])
        answer = await pending
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.headers["connection"] == "close"
    assert answer.json() == {
        "errors": [
            {
                "message": "The service is stopping. Repeat the same request; repeats are safe.",
                "extensions": {"code": "UNAVAILABLE", "requestId": answer.headers["x-request-id"]},
            }
        ]
    }
    # The merchant is stored, and a repeated request completes its creation.
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        assert (await Merchant.get()).status == "CREATING"
        again = await service.create()
        assert again["merchant"]["status"] == "ONBOARDING"
        assert len(simulator.control("accounts")["data"]) == 1


@pytest.mark.one_database
async def test_large_heads_are_refused_and_trailers_are_not_headers(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path) as service:

        async def ask(wire: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
            with contextlib.suppress(ConnectionError):  # the server may close the connection early
                writer.write(wire)
                await writer.drain()
                wire = await reader.read(20_000)
            writer.close()
            return wire

        padded = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: %s\r\n\r\n"
        assert (await ask(padded % (b"x" * 60_000))).startswith(b"HTTP/1.1 200 ")
        assert not (await ask(padded % (b"x" * 400_000))).startswith(b"HTTP/1.1 200 ")
        # A token in a trailer does not authenticate the request.
        token = service.token().encode()
        chunked = b"POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        chunked += b"Connection: close\r\n\r\n"
        trailer = b"2\r\n{}\r\n0\r\nAuthorization: Bearer %s\r\n\r\n" % token
        assert (await ask(chunked + trailer)).startswith(b"HTTP/1.1 401 ")


@pytest.mark.one_database
async def test_responses_to_head_requests_and_interim_responses_arrive_in_order(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """The server buffers the head of a response until the body begins.

    If the response has no body, the head must still be sent.
    """
    async with running(database_url, simulator, tmp_path) as service, asyncio.timeout(10 * PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
        writer.write(b"HEAD /onboarding/refresh?link=x HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n")
        writer.write(b"Content-Length: 2\r\nConnection: close\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"{}")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()


@pytest.mark.one_database
async def test_only_an_asterisk_as_the_host_serves_ipv4_and_ipv6(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    served: dict[str, set[str]] = {}
    for host, answering in (("*", {"127.0.0.1", "::1"}), ("::", {"::1"}), ("0.0.0.0", {"127.0.0.1"})):
        local = {"HOST": host, "DEVELOPMENT_KEY_FILE": "", "HS256_SECRET": "h" * 40}
        async with running(database_url, simulator, tmp_path, WORKER="off", **local) as service:
            served[host] = set()
            for address in ("127.0.0.1", "::1"):
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection(address, service.settings.port)
                    served[host].add(address)
                    writer.close()
        assert served[host] == answering


@pytest.mark.one_database
async def test_idle_connections_stay_open_for_the_configured_time(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off", KEEP_ALIVE_SECONDS="1") as service:
        assert create_server(service.app, service.settings).config.timeout_keep_alive == 1
        reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(30 * PATIENCE):
            assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        writer.close()


@pytest.mark.one_database
async def test_an_upgrade_to_another_protocol_is_ignored_and_the_body_is_read(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    body = b'{"query": "{ __typename }"}'
    chunks = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (9, body[:9], len(body) - 9, body[9:])
    answered = b'{"data":{"__typename":"Query"}}'
    length, chunked = b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked"
    async with (
        running(database_url, simulator, tmp_path, WORKER="off") as service,
        asyncio.timeout(30 * PATIENCE),
    ):
        head = (
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            b"Content-Type: application/json\r\nHTTP2-Settings: AAMAAABk\r\n"
            b"Authorization: Bearer %s\r\n" % service.token().encode()
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
        for offer in (b"h2c", b"H2C", b"TLS/1.0"):
            for framing, content in ((length, body), (chunked, chunks)):
                first = head + b"Upgrade: %b\r\n%b\r\n\r\n" % (offer, framing)
                for parts in ([first + content], [first, content], [first + content[:5], content[5:]]):
                    for part in parts:
                        writer.write(part)
                        await asyncio.sleep(0.02)
                    answer = await reader.readuntil(b"\r\n\r\n")
                    assert answer.startswith(b"HTTP/1.1 200 "), (offer, framing, parts)
                    assert await reader.readexactly(len(answered)) == answered
        writer.close()


@pytest.mark.one_database
async def test_streams_to_http_1_0_are_not_chunked(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with (
        running(database_url, simulator, tmp_path, WORKER="off") as service,
        asyncio.timeout(30 * PATIENCE),
    ):
        body = b'{"query": "{ __typename }"}'
        for connection in (b"close", b"keep-alive"):
            reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
            writer.write(
                b"POST /graphql HTTP/1.0\r\nConnection: %b\r\nContent-Type: application/json\r\n"
                b"Accept: text/event-stream\r\nContent-Length: %d\r\nAuthorization: Bearer %b\r\n\r\n%b"
                % (connection, len(body), service.token().encode(), body)
            )
            head, _, content = (await reader.read()).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            assert b"transfer-encoding" not in head.lower()
            assert b"connection: close" in head.lower()
            events = b'event: next\r\ndata: {"data":{"__typename":"Query"}}\r\n\r\n'
            assert content == events + b"event: complete\r\ndata: \r\n\r\n"
            writer.close()
