"""WebSockets and event streams: their protocols, limits and cleanup."""

import asyncio
import contextlib
import dataclasses
import gc
import json
import os
import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.graphql.event_stream import EventStream
from api.graphql.websocket import WebSocketHandler
from api.server.server import STUCK_SECONDS
from connect.feed import Feed, Mailbox, SharedRow
from models import database as databases
from resolvers.execution.context import Context
from testing import postgres
from testing.merchants import rename
from testing.processes import Simulator
from testing.service import ORIGIN, Service, eventually, running
from testing.subscribers import ALL_MERCHANTS, LATEST_ENTRY, STATUS, socket, stream

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHOP: dict[str, Any] = {"id": "shop-1"}
WATCH = {"query": STATUS, "variables": SHOP}
CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
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


@ONE_DATABASE
async def test_an_invalid_message_closes_the_connection_with_4400(idle: Service) -> None:
    wrong: list[str | bytes] = [
        "",
        "{",
        "[]",
        "null",
        "3",
        '"ping"',
        "{}",
        '{"type": 1}',
        '{"type": "start"}',
        '{"type": "ping", "payload": []}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ viewer { role } }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ viewer { role } }"}}',
        '{"type": "subscribe", "id": "1", "payload": "{ viewer { role } }"}',
        '{"type": "subscribe", "id": "1", "payload": {"query": ["{ viewer { role } }"]}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { role } }", "variables": "{}"}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { role } }", "operationName": 3}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { role } }", "extensions": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"documentId": 5}}',
        '{"type": "complete"}',
        "[" * 20_000,
        b"{}",
    ]
    for text in wrong:
        async with socket(idle, token=idle.token()) as client:
            await client.connection.send(text)
            assert (await client.wait_closed())[0] == 4400, text
    async with socket(idle, token=idle.token()) as client:
        await client.connection.send('{"type": "subscribe", "id": "1", "payload": {}}')
        assert await client.wait_closed() == (4400, "The payload of subscribe must have a query")


@ONE_DATABASE
async def test_subscribing_before_connection_ack_closes_with_4401(idle: Service) -> None:
    async with socket(idle) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.wait_closed() == (4401, "Unauthorized")


@ONE_DATABASE
async def test_a_connection_needs_a_valid_token(idle: Service) -> None:
    for payload, reason in [
        (None, 'no token. Send {"Authorization": "Bearer <token>"} as the payload of connection_init.'),
        (
            {"Authorization": 3},
            'no token. Send {"Authorization": "Bearer <token>"} as the payload of connection_init.',
        ),
        (
            {"Authorization": "Bearer x"},
            "The token is opaque or encrypted, not a signed JWT. Ask for one with the audience 'connectql'.",
        ),
        (
            {"authorization": f"Bearer {idle.brief_token(-5)}"},
            "The token has expired. Ask the identity provider for a new one.",
        ),
    ]:
        async with socket(idle) as client:
            await client.send("connection_init", payload=payload)
            assert await client.wait_closed() == (4403, f"Forbidden: {reason}")
    async with socket(idle) as client:  # header names are case-insensitive
        await client.send("connection_init", payload={"authorization": f"Bearer {idle.token()}"})
        assert await client.receive() == {"type": "connection_ack"}


@ONE_DATABASE
async def test_a_second_connection_init_closes_the_connection(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        await client.send("connection_init", payload={"Authorization": f"Bearer {idle.token()}"})
        assert await client.wait_closed() == (4429, "Too many initialisation requests")


@ONE_DATABASE
async def test_a_connection_without_connection_init_times_out(idle: Service) -> None:
    async with socket(idle) as client:
        assert await client.wait_closed(15) == (4408, "Connection initialisation timeout")


@ONE_DATABASE
async def test_operations_need_unique_ids(idle: Service) -> None:
    await idle.create("shop-1")
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.data() == ONBOARDING
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.wait_closed() == (4409, "Subscriber for 1 already exists")
    async with socket(idle, token=idle.token()) as client:
        for _ in range(3):  # a completed operation frees its id
            await client.subscribe(STATUS, {"id": "shop-1"})
            assert await client.data() == ONBOARDING
            await client.send("complete", id="1")
    await eventually(lambda: has_no_watchers(idle))


async def has_no_watchers(service: Service) -> bool:
    return service.watchers == 0


@ONE_DATABASE
async def test_the_legacy_protocol_is_refused(idle: Service) -> None:
    async with socket(idle, protocol="graphql-ws") as client:
        assert await client.wait_closed() == (4406, "Subprotocol not acceptable")


@ONE_DATABASE
async def test_pings_are_answered_before_and_after_authentication(idle: Service) -> None:
    async with socket(idle) as client:
        await client.send("ping")
        assert await client.receive() == {"type": "pong"}
        await client.begin(idle.token())
        await client.send("ping", payload={"at": 1})
        assert await client.receive() == {"type": "pong"}
        await client.send("pong")
        await client.send("complete", id="unknown")
        await client.send("ping")
        assert await client.receive() == {"type": "pong"}


@ONE_DATABASE
async def test_an_empty_operation_name_means_none_on_every_transport(idle: Service) -> None:
    query, expected = "{ viewer { role } }", {"viewer": {"role": "OPERATOR"}}
    async with socket(idle, token=idle.token()) as client:
        for name in ("", None):
            await client.send("subscribe", id="1", payload={"query": query, "operationName": name})
            assert await client.data() == expected
            assert await client.receive() == {"type": "complete", "id": "1"}
    async with stream(idle, query, token=idle.token(), operationName="") as events:
        assert await events.data() == expected
    bearer = {"Authorization": f"Bearer {idle.token()}"}
    parameters = {"query": query, "operationName": ""}
    for answer in (
        await idle.http.post("/graphql", json=parameters, headers=bearer),
        await idle.http.get("/graphql", params=parameters, headers=bearer),
    ):
        assert answer.json() == {"data": expected}


@ONE_DATABASE
async def test_queries_and_mutations_run_over_websockets(idle: Service) -> None:
    created = {
        "input": {"externalId": "s", "displayName": "S", "contactEmail": "s@s.example", "country": "US"}
    }
    create = "mutation ($input: CreateMerchantInput!) { createMerchant(input: $input) { __typename } }"
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(create, created)
        assert await client.data() == {"createMerchant": {"__typename": "CreateMerchantPayload"}}
        assert await client.receive() == {"id": "1", "type": "complete"}
    async with stream(idle, "{ viewer { role } }", token=idle.token("service")) as client:
        assert await client.data() == {"viewer": {"role": "SERVICE"}}
        assert [await client.receive(), await client.receive()] == [("complete", ""), ("end", None)]


@ONE_DATABASE
async def test_refused_operations_get_an_error_code(idle: Service) -> None:
    for query, variables, code in [
        ("subscription {", None, "GRAPHQL_PARSE_FAILED"),
        ("", None, "BAD_USER_INPUT"),
        ("subscription { nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        (f"{STATUS} {ALL_MERCHANTS}", {"id": "shop-1"}, "GRAPHQL_VALIDATION_FAILED"),
        (STATUS, {"id": 4}, "BAD_USER_INPUT"),
        (STATUS, {}, "BAD_USER_INPUT"),
    ]:
        async with socket(idle, token=idle.token()) as client:
            await client.subscribe(query, variables)
            message = await client.receive()
            assert (message["type"], message["id"]) == ("error", "1"), query
            assert {error["extensions"]["code"] for error in message["payload"]} == {code}
            await client.subscribe("{ viewer { role } }")  # the connection stays open
            assert await client.data() == {"viewer": {"role": "OPERATOR"}}
        async with stream(idle, query, variables, token=idle.token()) as events:
            event, payload = await events.receive()
            assert (event, payload["data"]) == ("next", None), query
            assert {error["extensions"]["code"] for error in payload["errors"]} == {code}
            assert await events.receive() == ("complete", "")


@ONE_DATABASE
async def test_a_subscription_over_plain_http_gets_an_error_that_names_the_transports(idle: Service) -> None:
    answer = (await idle.post(STATUS, {"id": "shop-1"})).json()
    assert answer.keys() == {"errors"}
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "graphql-transport-ws" in answer["errors"][0]["message"]
    assert "text/event-stream" in answer["errors"][0]["message"]


async def test_an_expired_token_ends_the_subscription(idle: Service) -> None:
    await idle.create("shop-1")
    async with socket(idle, token=idle.brief_token(3)) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.data() == ONBOARDING
        assert await client.wait_closed() == (
            4403,
            "Forbidden: The token has expired. Ask the identity provider for a new one.",
        )
    async with stream(idle, STATUS, {"id": "shop-1"}, token=idle.brief_token(3)) as events:
        assert await events.data() == ONBOARDING
        event, payload = await events.receive()
        assert (event, payload["data"]) == ("next", None)
        assert (
            payload["errors"][0]["message"]
            == "The token has expired. Ask the identity provider for a new one."
        )
        assert payload["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert [await events.receive(), await events.receive()] == [("complete", ""), ("end", None)]
    await eventually(lambda: has_no_watchers(idle))


@ONE_DATABASE
async def test_a_websocket_from_a_foreign_origin_is_refused(idle: Service) -> None:
    answer = (await refused(idle, origin="http://evil.example")).response
    assert answer.status_code == 403
    for origin in (ORIGIN, idle.url, None):
        async with socket(idle, token=idle.token(), origin=origin):
            pass


@ONE_DATABASE
async def test_an_event_stream_needs_a_token(idle: Service) -> None:
    headers = {"Accept": "text/event-stream"}
    answer = await idle.http.post("/graphql", json=WATCH, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    headers["Authorization"] = f"Bearer {idle.token()}"
    answer = await idle.http.get("/graphql", params={"query": CLOSE}, headers=headers)
    assert "mutations are not allowed" in answer.text


@ONE_DATABASE
async def test_a_stream_without_results_sends_heartbeats(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with (
        limited(database_url, simulator, tmp_path, HEARTBEAT_SECONDS="1") as service,
        stream(service, STATUS, {"id": "shop-1"}, token=service.token()) as events,
    ):
        assert await events.data() == ONBOARDING
        assert [await events.receive(5), await events.receive(5)] == [("", "alive"), ("", "alive")]
        await service.graphql(CLOSE)
        while (message := await events.receive()) == ("", "alive"):
            pass
        assert message == ("next", {"data": {"merchantChanged": {"status": "CLOSED"}}})


@ONE_DATABASE
async def test_an_idle_websocket_is_closed_and_a_busy_one_is_not(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with limited(database_url, simulator, tmp_path, IDLE_SECONDS="1") as service:
        async with socket(service, token=service.token()) as client:
            await client.subscribe(STATUS, {"id": "shop-1"})
            assert await client.data() == ONBOARDING
            await asyncio.sleep(2)
            await service.graphql(CLOSE)
            while await client.data() != {"merchantChanged": {"status": "CLOSED"}}:
                pass
            await client.send("complete", id="1")
            assert await client.wait_closed() == (1000, "Idle: no operation is open on this connection.")
        async with socket(service, token=service.token()) as client:
            assert await client.wait_closed() == (1000, "Idle: no operation is open on this connection.")


@ONE_DATABASE
async def test_operations_on_one_connection_are_limited(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with (
        limited(database_url, simulator, tmp_path) as service,
        socket(service, token=service.token()) as client,
    ):
        for number in range(20):
            await client.subscribe(STATUS, {"id": "shop-1"}, id=str(number))
            assert await client.data(id=str(number)) == ONBOARDING
        await client.subscribe(STATUS, {"id": "shop-1"}, id="20")
        message = await client.receive()
        error = message["payload"][0]
        assert (message["type"], message["id"]) == ("error", "20")
        assert error["message"] == "Too many operations: the limit for one connection is 20. Complete some."
        assert error["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        await client.send("complete", id="1")
        await client.subscribe(STATUS, {"id": "shop-1"}, id="20")
        assert await client.data(id="20") == ONBOARDING


@ONE_DATABASE
async def test_connections_are_limited_per_caller(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    text = "Too many live connections: your limit is 2. Close some."
    async with limited(database_url, simulator, tmp_path, LIVE_CONNECTIONS_OF_ONE="2") as service:
        token = service.token()
        async with socket(service, token=token), stream(service, STATUS, SHOP, token=token):
            async with socket(service) as client:
                await client.send("connection_init", payload={"Authorization": f"Bearer {token}"})
                assert await client.wait_closed() == (1013, text)
            headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
            answer = await service.http.post("/graphql", json=WATCH, headers=headers)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            error = answer.json()["errors"][0]
            assert (error["message"], error["extensions"]["code"]) == (text, "TOO_MANY_CONNECTIONS")
            async with socket(service, token=service.token("merchant", "shop-1")) as client:
                await client.subscribe(STATUS, {"id": "shop-1"})
                assert await client.data() == ONBOARDING

        async def free() -> bool:
            async with socket(service) as client:
                await client.send("connection_init", payload={"Authorization": f"Bearer {token}"})
                with contextlib.suppress(ConnectionClosed):
                    return await client.receive() == {"type": "connection_ack"}
            return False

        assert await eventually(free)
        await eventually(lambda: has_no_watchers(service))


@ONE_DATABASE
async def test_connections_are_limited_per_process(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    text = "Too many live connections: this server's limit is 2. Try again later."
    async with limited(database_url, simulator, tmp_path, LIVE_CONNECTIONS="2") as service:
        token = service.token()
        async with (
            socket(service, token=token),
            socket(service, token=token),
            socket(service),
            socket(service),
        ):
            # Connections without a token have their own limit.
            answer = (await refused(service)).response
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            waiting = "Too many connections are waiting for connection_init. Try again later."
            assert json.loads(answer.body)["errors"][0]["message"] == waiting
            headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {service.token()}"}
            stranger = await service.http.post("/graphql", json=WATCH, headers=headers)
            assert (stranger.status_code, stranger.json()["errors"][0]["message"]) == (503, text)
            assert (await service.graphql("{ viewer { role } }"))["viewer"] == {"role": "OPERATOR"}

        async def admitted() -> bool:
            try:
                async with socket(service, token=service.token()):
                    return True
            except InvalidStatus:
                return False

        assert await eventually(admitted)


@ONE_DATABASE
async def test_messages_are_limited_to_64_kibibytes(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        padding = "#" * (
            64 * 1024 - len(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": ""}})) - 100
        )
        await client.subscribe("{ viewer { role } }" + padding)
        assert await client.data() == {"viewer": {"role": "OPERATOR"}}
        assert (await client.receive())["type"] == "complete"
        await client.subscribe("{ viewer { role } }" + "#" * 64 * 1024)
        assert (await client.wait_closed())[0] == 1009


async def test_subscriptions_survive_a_database_outage(simulator: Simulator, tmp_path: Path) -> None:
    """Standard clients do not reconnect after an error, so an outage must not send one."""
    with postgres.stoppable() as server:
        url = await asyncio.to_thread(postgres.create_database, server.url)
        await databases.migrate(url)
        async with (
            limited(url, simulator, tmp_path) as service,
            socket(service, token=service.token()) as before,
        ):
            await before.subscribe(LATEST_ENTRY, SHOP)
            await before.data()
            await asyncio.to_thread(server.stop, immediate=True)
            async with (
                socket(service, token=service.token()) as meanwhile,
                stream(service, STATUS, SHOP, token=service.token()) as events,
            ):
                await meanwhile.subscribe(ALL_MERCHANTS)
                assert await meanwhile.is_silent()
                assert (await service.http.get("/readyz")).status_code == 503
                await asyncio.to_thread(server.start)
                everybody = {"merchantsChanged": {"externalId": "shop-1", "status": "ONBOARDING"}}
                assert await meanwhile.data(seconds=20) == everybody
                assert await events.data(20) == ONBOARDING
                await eventually(lambda: is_listening(service))
                await service.graphql(CLOSE)
                node = {"node": {"kind": "STATUS_CHANGED"}}
                assert (await before.data())["merchantChanged"]["timeline"]["edges"] == [node]
                while await events.data() != {"merchantChanged": {"status": "CLOSED"}}:
                    pass


async def is_listening(service: Service) -> bool:
    feed: Feed = service.app.state.feed
    return feed.listening.is_set()


async def test_clients_reconnect_when_the_server_stops(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """Standard clients reconnect after close code 1012, and after a stream without `complete`."""
    async with contextlib.AsyncExitStack() as clients:
        async with limited(database_url, simulator, tmp_path) as service:
            client = httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=30)
            http = await clients.enter_async_context(client)
            one = await clients.enter_async_context(socket(service, token=service.token()))
            await one.subscribe(STATUS, SHOP)
            assert await one.data() == ONBOARDING
            elsewhere = dataclasses.replace(service, http=http)
            events = await clients.enter_async_context(stream(elsewhere, STATUS, SHOP, token=service.token()))
            assert await events.data() == ONBOARDING
        assert (await one.wait_closed())[0] == 1012
        assert await events.receive() == ("end", None)


@ONE_DATABASE
async def test_a_client_that_reads_nothing_is_cut_off(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """The client is stuck, but its operating system still acknowledges packets."""
    async with limited(database_url, simulator, tmp_path) as service:
        client = Abrupt(service)
        body = json.dumps(WATCH | {"query": STATUS.replace("status", "displayName")})
        connection = await asyncio.to_thread(client.connect)
        connection.sendall(client.request(body))
        await eventually(lambda: has_one_watcher(service))
        for number in range(200):
            await rename("shop-1", f"{number:03d}" * 20_000)  # more than the socket buffers hold
            if number == 100:
                assert await has_one_watcher(service)
        await eventually(lambda: has_no_watchers(service), seconds=STUCK_SECONDS + 15)
        connection.close()


async def has_one_watcher(service: Service) -> bool:
    return service.watchers == 1


class Abrupt:
    """A client that subscribes, reads the first message and disappears, like a phone without a signal."""

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
        # The last of several operations ends late, so both must still be open at the disconnect.
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
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        writer.write(then)
        await asyncio.wait_for(reader.readuntil(b'{"status":"ONBOARDING"}'), 20)
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


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


def alive() -> dict[str, int]:
    gc.collect()
    kinds = (Mailbox, SharedRow, WebSocketHandler, EventStream, Context)
    counts = {kind.__name__: 0 for kind in kinds}
    for one in gc.get_objects():
        if isinstance(one, kinds):
            counts[type(one).__name__] += 1
    return {**counts, "tasks": len(asyncio.all_tasks())}


@ONE_DATABASE
async def test_two_thousand_disconnected_clients_leak_nothing(
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

        await come_and_go(100)  # creates all one-time objects
        before = await settled(alive())
        objects = len(gc.get_objects())
        await come_and_go(2000)
        after = await settled(before)
        assert after == before
        assert before["Mailbox"] == 0
        assert len(gc.get_objects()) - objects < 1000  # a leak would be at least one object for each client
        async with socket(service, token=service.token()) as one:
            await one.subscribe(STATUS, {"id": "shop-1"})
            assert await one.data() == ONBOARDING


async def settled(expected: dict[str, int]) -> dict[str, int]:
    """Wait up to five seconds for the expected numbers of live objects; return the last count."""
    for _ in range(100):
        if (counts := alive()) == expected:
            break
        await asyncio.sleep(0.05)
    return counts
