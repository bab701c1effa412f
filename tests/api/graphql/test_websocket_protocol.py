"""The graphql-transport-ws protocol: messages, authentication and close codes."""

import pytest

from testing.service import ORIGIN, Service, eventually
from testing.subscribers import (
    ONBOARDING,
    STATUS,
    has_no_watchers,
    refused,
    socket,
)


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_subscribing_before_connection_ack_closes_with_4401(idle: Service) -> None:
    async with socket(idle) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.wait_closed() == (4401, "Unauthorized")


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_a_second_connection_init_closes_the_connection(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        await client.send("connection_init", payload={"Authorization": f"Bearer {idle.token()}"})
        assert await client.wait_closed() == (4429, "Too many initialisation requests")


@pytest.mark.one_database
async def test_a_connection_without_connection_init_times_out(idle: Service) -> None:
    async with socket(idle) as client:
        assert await client.wait_closed(15) == (4408, "Connection initialisation timeout")


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_the_legacy_protocol_is_refused(idle: Service) -> None:
    async with socket(idle, protocol="graphql-ws") as client:
        assert await client.wait_closed() == (4406, "Subprotocol not acceptable")


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_a_websocket_from_an_origin_that_is_not_allowed_is_refused(idle: Service) -> None:
    answer = (await refused(idle, origin="http://evil.example")).response
    assert answer.status_code == 403
    for origin in (ORIGIN, idle.url, None):
        async with socket(idle, token=idle.token(), origin=origin):
            pass
