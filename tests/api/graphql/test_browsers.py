"""Security headers, and requests that a browser sends for a page of another origin."""

import json
from pathlib import Path

import httpx
import pytest
import structlog
from websockets.exceptions import InvalidStatus

from api.configuration.origins import MAX_REFUSED
from api.pages import pages
from models import Merchant
from testing.processes import Simulator
from testing.service import CREATE, ORIGIN, Service, running
from testing.subscribers import socket

DEFAULTS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "strict-transport-security": None,
}
NEW_MERCHANT = {"externalId": "a", "displayName": "A", "contactEmail": "a@shop.example", "country": "US"}
CREATION = {"query": CREATE, "variables": {"input": NEW_MERCHANT}}


@pytest.mark.one_database
async def test_every_response_has_the_security_headers(idle: Service) -> None:
    bearer = {"Authorization": f"Bearer {idle.token()}"}
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    page = pages.HEADERS["Content-Security-Policy"]
    asset = "/static/graphiql/react-18.2.0/react.production.min.js"
    for method, path, headers, status, changed in [
        ("GET", "/healthz", {}, 200, {}),
        ("GET", "/readyz", {}, 200, {}),
        ("GET", "/nowhere", {}, 404, {}),
        ("POST", "/healthz", {}, 405, {}),
        ("GET", "/", {}, 307, {}),
        ("POST", "/webhooks/stripe", {}, 400, {}),
        ("GET", "/graphql?query={__typename}", bearer, 200, {}),
        ("GET", "/graphql?query={nothing}", bearer, 200, {}),
        ("GET", "/graphql", {}, 401, {}),
        ("PUT", "/graphql", bearer, 405, {}),
        ("OPTIONS", "/graphql", preflight, 200, {}),
        ("OPTIONS", "/graphql", {**preflight, "Origin": "https://evil.example"}, 400, {}),
        ("GET", "/onboarding/refresh?link=x", {}, 404, {"content-security-policy": page}),
        ("GET", "/onboarding/return?link=x", {}, 404, {"content-security-policy": page}),
        ("HEAD", "/onboarding/refresh?link=x", {}, 200, {"content-security-policy": page}),
        ("GET", asset, {}, 200, {"cache-control": "no-cache"}),
    ]:
        answer = await idle.http.request(method, path, headers=headers)
        assert answer.status_code == status, path
        assert {name: answer.headers.get(name) for name in DEFAULTS} == {**DEFAULTS, **changed}, path
    graphiql = await idle.http.get("/graphql", headers={"Accept": "text/html"})
    assert graphiql.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
    assert graphiql.headers["x-content-type-options"] == "nosniff"


@pytest.mark.one_database
async def test_https_responses_have_hsts(database_url: str, simulator: Simulator, tmp_path: Path) -> None:
    public = "https://connect.example"
    async with running(database_url, simulator, tmp_path, WORKER="off", PUBLIC_URL=public) as service:
        for path in ("/healthz", "/nowhere", "/graphql", "/onboarding/return?link=x"):
            answer = await service.http.get(path)
            assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.one_database
async def test_requests_without_a_preflight_change_nothing(idle: Service) -> None:
    """Browsers send forms, plain text and untyped bodies to other origins without a preflight."""
    bearer = {"Authorization": f"Bearer {idle.token()}", "Origin": "https://evil.example"}
    body = json.dumps(CREATION)
    simple: list[tuple[str, str | None]] = [
        (body, "text/plain"),
        (body, "text/plain; charset=application/json"),
        (body, "application/x-www-form-urlencoded"),
        (body, "multipart/form-data; boundary=application/json"),
        (body, None),
        (body, ""),
    ]
    for content, content_type in simple:
        headers = {**bearer, **({"Content-Type": content_type} if content_type is not None else {})}
        answer = await idle.http.post("/graphql", content=content, headers=headers)
        assert answer.status_code == 415, content_type
    parts = {"operations": (None, body), "map": (None, "{}")}
    assert (await idle.http.post("/graphql", files=parts, headers=bearer)).status_code == 415
    in_address = {"query": CREATE, "variables": json.dumps(CREATION["variables"])}
    assert (await idle.http.get("/graphql", params=in_address, headers=bearer)).status_code == 405
    assert await Merchant.all().count() == 0


@pytest.mark.one_database
async def test_cookies_do_not_authenticate(idle: Service) -> None:
    """Browsers add cookies to requests that a page of another site triggers."""
    token = idle.token()
    cookies = {"Authorization": f"Bearer {token}", "token": token, "connectql_link_0123456789abcdef": token}
    async with httpx.AsyncClient(
        base_url=idle.url, cookies=cookies, trust_env=False, verify=False
    ) as browser:
        read = await browser.get("/graphql", params={"query": "{ viewer { role } }", "token": token})
        changed = await browser.post("/graphql", json=CREATION)
        live = await browser.get("/graphql", headers={"Accept": "text/event-stream"})
    for answer in (read, changed, live):
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "set-cookie" not in answer.headers
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    async with socket(idle, additional_headers={"Cookie": cookie}) as client:
        await client.send("connection_init")
        assert (await client.wait_closed())[0] == 4403
    assert await Merchant.all().count() == 0


APOLLO = "apollographql-client-name,apollographql-client-version,authorization,content-type"
TRACING = "baggage,content-type,sentry-trace,traceparent,tracestate,x-request-id"


@pytest.mark.one_database
async def test_each_origin_setting_allows_only_its_origins_and_any_header(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    app, tauri, returns = "capacitor://localhost", "tauri://localhost", ORIGIN
    async with running(
        database_url,
        simulator,
        tmp_path,
        WORKER="off",
        PUBLIC_URL="https://connect.example/sub",
        BROWSER_ORIGINS=f"{app},https://localhost",
        WEBSOCKET_ORIGINS=tauri,
    ) as service:
        own = "https://connect.example"
        preflight = {"Access-Control-Request-Method": "POST"}
        for headers in (APOLLO, TRACING, "x-anything"):
            asked = {**preflight, "Origin": app, "Access-Control-Request-Headers": headers}
            answer = await service.http.options("/graphql", headers=asked)
            assert (answer.status_code, answer.headers["access-control-allow-headers"]) == (200, headers)
            assert answer.headers["access-control-allow-origin"] == app
        statuses = {}
        with structlog.testing.capture_logs() as lines:
            for origin in (
                app,
                "https://localhost",
                own,
                returns,
                tauri,
                service.url,
                "null",
                *["x" * 900] * 3,
            ):
                answer = await service.http.options("/graphql", headers={**preflight, "Origin": origin})
                statuses[origin[:40]] = answer.status_code
        assert statuses == {
            **dict.fromkeys((app, "https://localhost", own), 200),
            **dict.fromkeys((returns, tauri, service.url, "null", "x" * 40), 400),
        }
        refusals = [line for line in lines if line["event"] == "origin_refused"]
        assert [line["origin"] for line in refusals] == [returns, tauri, service.url, "null", "x" * 256]
        assert {line["setting"] for line in refusals} == {"CONNECTQL_BROWSER_ORIGINS"}
        assert refusals[0]["remedy"] == (
            "If its pages may use this service, add it to CONNECTQL_BROWSER_ORIGINS."
        )
        with structlog.testing.capture_logs() as lines:
            for origin in (app, returns, service.url):
                for _ in range(2):
                    with pytest.raises(InvalidStatus) as refused:
                        async with socket(service, origin=origin):
                            raise AssertionError("the connection was accepted")
                    assert refused.value.response.status_code == 403
                    error = json.loads(refused.value.response.body)["errors"][0]
                    assert error["extensions"]["code"] == "ORIGIN_NOT_ALLOWED"
        refusals = [line for line in lines if line["event"] == "origin_refused"]
        assert [(line["origin"], line["setting"]) for line in refusals] == [
            (origin, "CONNECTQL_WEBSOCKET_ORIGINS") for origin in (app, returns, service.url)
        ]
        for accepted in (tauri, own, None):
            async with socket(service, token=service.token(), origin=accepted):
                pass


@pytest.mark.one_database
async def test_all_names_of_this_machine_are_the_services_own_origin(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    public = "http://localhost:8123"
    async with running(database_url, simulator, tmp_path, WORKER="off", PUBLIC_URL=public) as service:
        for origin in (public, "http://127.0.0.1:8123", "http://[::1]:8123"):
            async with socket(service, token=service.token(), origin=origin):
                pass
        for origin in ("http://127.0.0.1:8124", "https://localhost:8123"):
            with pytest.raises(InvalidStatus):
                async with socket(service, origin=origin):
                    raise AssertionError("the connection was accepted")


@pytest.mark.one_database
async def test_the_number_of_logged_refused_origins_is_limited(idle: Service) -> None:
    preflight = {"Access-Control-Request-Method": "POST"}
    with structlog.testing.capture_logs() as lines:
        for number in range(MAX_REFUSED + 5):
            headers = {**preflight, "Origin": f"https://{number}.example"}
            assert (await idle.http.options("/graphql", headers=headers)).status_code == 400
    assert sum(line["event"] == "origin_refused" for line in lines) == MAX_REFUSED


@pytest.mark.one_database
async def test_a_token_in_the_handshake_authenticates_a_websocket(idle: Service) -> None:
    header = {"Authorization": f"Bearer {idle.token()}"}
    empty: list[dict[str, int] | None] = [None, {}, {"other": 1}]
    for origin in (None, ORIGIN):
        for payload in empty:
            async with socket(idle, additional_headers=header, origin=origin) as client:
                await client.send("connection_init", payload=payload)
                assert await client.receive() == {"type": "connection_ack"}
                await client.subscribe("{ viewer { role } }")
                assert await client.data() == {"viewer": {"role": "OPERATOR"}}
    # A token in connection_init takes precedence over the token in the header, and a wrong token is refused.
    async with socket(idle, additional_headers=header) as client:
        await client.begin(idle.token("service"))
        await client.subscribe("{ viewer { role } }")
        assert await client.data() == {"viewer": {"role": "SERVICE"}}
    wrong: list[tuple[dict[str, str], dict[str, str | None] | None]] = [
        (header, {"Authorization": "Bearer x"}),
        (header, {"Authorization": None}),
        ({"Authorization": "Basic eDp5"}, None),
    ]
    for headers, sent in wrong:
        async with socket(idle, additional_headers=headers) as client:
            await client.send("connection_init", payload=sent)
            assert (await client.wait_closed())[0] == 4403
    with pytest.raises(InvalidStatus):
        async with socket(idle, additional_headers=header, origin="https://evil.example"):
            raise AssertionError("the connection was accepted")
