"""Subscriptions over event streams and WebSockets: heartbeats, expired tokens, outages and restarts."""

import asyncio
import contextlib
import dataclasses
from pathlib import Path

import httpx
import pytest

from connect.platform.feed import Feed
from testing import postgres
from testing.processes import Simulator
from testing.service import Service, eventually
from testing.subscribers import (
    ALL_MERCHANTS,
    LATEST_ENTRY,
    ONBOARDING,
    SHOP,
    STATUS,
    WATCH,
    has_no_watchers,
    limited,
    socket,
    stream,
)
from testing.waits import PATIENCE

CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'


@pytest.mark.one_database
async def test_an_expired_token_ends_the_subscription(idle: Service) -> None:
    await idle.create("shop-1")
    async with socket(idle, token=idle.brief_token(3 * PATIENCE)) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.data() == ONBOARDING
        assert await client.wait_closed() == (
            4403,
            "Forbidden: The token has expired. Ask the identity provider for a new one.",
        )
    async with stream(idle, STATUS, {"id": "shop-1"}, token=idle.brief_token(3 * PATIENCE)) as events:
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


@pytest.mark.one_database
async def test_no_heartbeat_is_sent_just_before_the_token_expires(idle: Service) -> None:
    """A uvloop timer can fire as much as a millisecond early, and then a heartbeat could follow.

    This does not happen in every stream, so the test opens 16 streams.
    """
    await idle.create("shop-1")
    token = idle.brief_token(3 * PATIENCE)

    async def events_until_expiry() -> list[str]:
        async with stream(idle, STATUS, {"id": "shop-1"}, token=token) as events:
            return [(await events.receive())[0] for _ in range(4)]

    streams = await asyncio.gather(*(events_until_expiry() for _ in range(16)))
    assert streams == [["next", "next", "complete", "end"]] * 16


@pytest.mark.one_database
async def test_an_event_stream_needs_a_token_and_a_get_request_runs_no_mutation(idle: Service) -> None:
    headers = {"Accept": "text/event-stream"}
    answer = await idle.http.post("/graphql", json=WATCH, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    headers["Authorization"] = f"Bearer {idle.token()}"
    answer = await idle.http.get("/graphql", params={"query": CLOSE}, headers=headers)
    assert "mutations are not allowed" in answer.text


@pytest.mark.one_database
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


async def test_subscriptions_survive_a_database_outage(
    postgres_cluster: Path, simulator: Simulator, tmp_path: Path
) -> None:
    """Standard clients do not reconnect after an error, so an outage must not cause an error."""
    with postgres.stoppable(copy_of=postgres_cluster) as server:
        url = postgres.url_of(server.url, postgres.MIGRATED)
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


@pytest.mark.one_database
async def test_a_stopping_server_makes_clients_reconnect(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """Standard clients reconnect after close code 1012, and after a stream that ends without `complete`."""
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
