"""The application around the routes: health, CORS, limits and the error boundary."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe
from tortoise.connection import get_connection

from api.server.protocols import READ_SECONDS
from api.version import VERSION
from models import Merchant, PeriodicTask, StripeEvent
from testing.processes import Simulator
from testing.service import CREATE, ORIGIN, Service, running
from testing.waits import PATIENCE

BEARER = "Authorization"
WANTED = {
    "externalId": "shop-1",
    "displayName": "Shop",
    "contactEmail": "owner@shop.example",
    "country": "US",
}


async def test_a_replica_is_ready_despite_problems_of_the_last_check(idle: Service) -> None:
    alive, ready = await idle.http.get("/healthz"), await idle.http.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok", "version": VERSION})
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "feed": "ok",
        "problems": [],
    }
    # Problems of the last check are for monitoring. They do not make the replica unready.
    task = {
        "due_at": datetime(9999, 1, 1, tzinfo=UTC),
        "state": {"checked_at": datetime.now(UTC).isoformat(), "codes": ["DESTINATION_MISSING"]},
    }
    await PeriodicTask.update_or_create(task, name="health")
    warned = await idle.http.get("/readyz")
    assert (warned.status_code, warned.json()["problems"]) == (200, ["DESTINATION_MISSING"])
    await get_connection("default").execute_script("DELETE FROM tortoise_migrations")
    unready = await idle.http.get("/readyz")
    assert unready.status_code == 503
    assert unready.json() == {"status": "not ready", "database": "ok", "migrations": "missing"}


@pytest.mark.one_database
async def test_each_request_gets_a_generated_id(service: Service) -> None:
    answers = [
        await service.http.get("/healthz", headers={"X-Request-Id": "mine"}),
        await service.http.get("/nowhere"),
        await service.http.post("/healthz"),
        await service.http.post("/graphql"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 405, 401]
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 4
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


@pytest.mark.one_database
async def test_only_the_apps_origin_may_call_from_a_browser(service: Service) -> None:
    wants = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = await service.http.options("/graphql", headers={"Origin": ORIGIN, **wants})
    assert preflight.status_code == 200
    allowed = {name: value for name, value in preflight.headers.items() if name.startswith("access-")}
    assert allowed == {
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "600",
    }
    authorization = {BEARER: f"Bearer {service.token()}"}
    query = {"query": "{ __typename }"}
    answer = await service.http.post("/graphql", json=query, headers={"Origin": ORIGIN, **authorization})
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-expose-headers"] == "x-request-id, retry-after"
    assert "Origin" in answer.headers["vary"]

    for origin in ("http://app.example", "https://app.example:3000", f"{ORIGIN}.evil.example", "null"):
        preflight = await service.http.options("/graphql", headers={"Origin": origin, **wants})
        assert preflight.status_code == 400, origin
        answer = await service.http.post("/graphql", json=query, headers={"Origin": origin, **authorization})
        assert "access-control-allow-origin" not in preflight.headers.keys() | answer.headers.keys(), origin
    delete = {**wants, "Access-Control-Request-Method": "DELETE"}
    assert (await service.http.options("/graphql", headers={"Origin": ORIGIN, **delete})).status_code == 400


def signed(service: Service, content: str) -> dict[str, str]:
    secret = service.settings.webhook_secrets[0]
    header = stripe.WebhookSignature.generate_signature_header(content, secret, int(time.time()))
    return {"Stripe-Signature": header, "Origin": ORIGIN}


async def test_an_unexpected_error_is_masked_and_the_service_recovers(service: Service) -> None:
    content = '{"id": "evt_1", "object": "v2.core.event", "type": "v1.payout.paid", "livemode": false}'
    connection = get_connection("default")
    await connection.execute_script("ALTER TABLE stripe_event RENAME TO elsewhere")
    broken = await service.http.post("/webhooks/stripe", content=content, headers=signed(service, content))
    await connection.execute_script("ALTER TABLE elsewhere RENAME TO stripe_event")
    assert broken.status_code == 500
    assert broken.headers["content-type"] == "application/json; charset=utf-8"
    assert broken.json() == {
        "errors": [
            {
                "message": "An unexpected error occurred. Give the operator the request id.",
                "extensions": {"code": "INTERNAL", "requestId": broken.headers["x-request-id"]},
            }
        ]
    }
    # CORS lets the app in a browser read the request id.
    assert broken.headers["access-control-allow-origin"] == ORIGIN
    assert await StripeEvent.all().count() == 0
    again = await service.http.post("/webhooks/stripe", content=content, headers=signed(service, content))
    assert again.status_code == 200
    assert await StripeEvent.all().count() == 1


@pytest.mark.one_database
async def test_bodies_are_limited_with_and_without_a_content_length(service: Service) -> None:
    most = 256 * 1024
    bearer = {BEARER: f"Bearer {service.token()}", "Content-Type": "application/json", "Origin": ORIGIN}

    async def post(size: int, *, chunked: bool) -> httpx.Response:
        content = b'{"query": "{ __typename }"}'.ljust(size)

        async def chunks() -> AsyncIterator[bytes]:
            for start in range(0, size, 50_000):
                yield content[start : start + 50_000]

        body: Any = chunks() if chunked else content
        return await service.http.post("/graphql", content=body, headers=bearer)

    for chunked in (False, True):
        assert (await post(most, chunked=chunked)).json() == {"data": {"__typename": "Query"}}
        refused = await post(most + 1, chunked=chunked)
        assert refused.status_code == 413
        assert refused.json() == {
            "errors": [
                {
                    "message": "The body is larger than 262144 bytes.",
                    "extensions": {
                        "code": "BODY_TOO_LARGE",
                        "requestId": refused.headers["x-request-id"],
                    },
                }
            ]
        }
        assert refused.headers["access-control-allow-origin"] == ORIGIN
    # A declared size is refused before the body arrives.
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: {most + 1}\r\n\r\n"
    assert (await exchange(service, head)).startswith("HTTP/1.1 413 ")


@pytest.mark.one_database
async def test_malformed_requests_are_answered_with_400(service: Service) -> None:
    bearer = {BEARER: f"Bearer {service.token()}", "Content-Type": "application/json"}
    digits = b"9" * 5000
    bodies = [
        *(b"", b"{", b"null", b"true", b"5", b'"x"', b"[1]", b"[]", b"{}", b"\xff\xfe", b'{"query": "\xff"}'),
        *(b"[" * 50_000, b"[" * 50_000 + b"]" * 50_000, b'{"a": ' + digits + b"}"),
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
        *(b'{"query": 5}', b'{"query": "{ __typename }", "variables": [1]}'),
    ]
    for body in bodies:
        answer = await service.http.post("/graphql", content=body, headers=bearer)
        assert answer.status_code == 400, body[:60]
    for variables in ("{", "5", "[" * 5000, f'{{"a": {digits.decode()}}}'):
        params = {"query": "{ __typename }", "variables": variables}
        assert (await service.http.get("/graphql", params=params, headers=bearer)).status_code == 400
    for variables in ("null", "{}"):
        params = {"query": "{ __typename }", "variables": variables}
        answer = await service.http.get("/graphql", params=params, headers=bearer)
        assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.one_database
async def test_get_never_changes_data(service: Service) -> None:
    bearer = {BEARER: f"Bearer {service.token()}"}
    read = await service.http.get("/graphql", params={"query": "{ __typename }"}, headers=bearer)
    assert read.json() == {"data": {"__typename": "Query"}}
    variables = str({"input": WANTED}).replace("'", '"')
    create = {"query": CREATE, "variables": variables}
    for method, status in (("GET", 405), ("HEAD", 405), ("PUT", 405), ("DELETE", 405)):
        refused = await service.http.request(method, "/graphql", params=create, headers=bearer)
        assert refused.status_code == status, method
    form = await service.http.post("/graphql", data=create, headers=bearer)
    plain = await service.http.post("/graphql", content=str(create), headers=bearer)
    assert (form.status_code, plain.status_code) == (415, 415)
    assert await Merchant.all().count() == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_incomplete_requests_time_out(idle: Service) -> None:
    async def rest(*parts: str) -> bytes:
        """Send these parts and return the answer up to the end of the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", idle.settings.port)
        try:
            for part in parts:
                writer.write(part.encode())
                await asyncio.sleep(0.1)
            async with asyncio.timeout(READ_SECONDS + 10 * PATIENCE):
                return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()

    whole = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    post = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {idle.token()}\r\n"
    body = "Content-Type: application/json\r\nContent-Length: 40\r\n\r\n"
    nothing, head, second, slow = await asyncio.gather(
        rest(), rest("GET /healthz HTTP/1.1\r\nHost:"), rest(whole, "GET /"), rest(post + body, '{"query":')
    )
    assert (nothing, head) == (b"", b"")
    assert second.count(b"HTTP/1.1 200") == 1
    assert b'{"status":"ok",' in second
    assert slow.startswith(b"HTTP/1.1 408")
    assert b'"code":"BODY_TOO_SLOW"' in slow
    async with idle.http.stream("GET", "/healthz") as answer:
        assert answer.status_code == 200


async def exchange(service: Service, head: str) -> str:
    """Send these bytes and return the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.settings.port)
    try:
        writer.write(head.encode())
        async with asyncio.timeout(20 * PATIENCE):
            return (await reader.readuntil(b"\r\n\r\n")).decode()
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.one_database
async def test_other_paths_refuse_websockets(service: Service) -> None:
    for path, protocol, expected in [
        ("/graphql", "graphql-transport-ws", "101"),
        ("/", "graphql-transport-ws", "403"),
        ("/healthz", "graphql-transport-ws", "403"),
        ("/webhooks/stripe", "graphql-transport-ws", "403"),
    ]:
        upgrade = (
            f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
        )
        assert (await exchange(service, upgrade)).split(" ")[1] == expected, path
    assert (await service.http.get("/healthz")).status_code == 200


async def test_documents_of_older_versions_are_rebuilt_at_startup(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await service.create()
        before = await Merchant.get()
        await Merchant.all().update(document_version=0, document="{}")
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        assert (await service.merchant("shop-1", "externalId"))["externalId"] == "shop-1"
        after = await Merchant.get()
        assert (after.document, after.document_version) == (before.document, before.document_version)
