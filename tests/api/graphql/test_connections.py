"""The limits of live connections."""

import asyncio
import contextlib
import json
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from testing.processes import Simulator
from testing.service import Service, eventually
from testing.subscribers import (
    ONBOARDING,
    SHOP,
    STATUS,
    WATCH,
    has_no_watchers,
    limited,
    refused,
    socket,
    stream,
)

CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'


@pytest.mark.one_database
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


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_connections_are_limited_per_caller(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    text = "Too many live connections: your limit is 2. End one first."
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


@pytest.mark.one_database
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


@pytest.mark.one_database
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
