"""GraphiQL loads nothing from other hosts, and its files have the digests of the originals on npm."""

import asyncio
import base64
import contextlib
import hashlib
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import strawberry
import uvicorn
from playwright.async_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from api.auth.tokens import EXPIRED
from api.graphiql import page as graphiql
from testing.service import Service, eventually
from testing.waits import PATIENCE

EXAMPLES = [
    ("First, who is there?", "query Greeting {\n  greeting\n}\n"),
    ("Then </script> the others", "query Others {\n  others: greeting\n}\n"),
]
# The strictest content security policy under which the page works.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src data:; font-src data:; connect-src 'self'"
)

# The SHA-384 digests of two files on npm that Strawberry's page does not use. Strawberry's page contains the
# digests of the other files.
SSE = "UsvndtFvDnjGmKs11OV8EvlC6rGNPfLJL0VuJCUUWVglJHD4sFt9jcb48vhqaMtj"
WS = "mxvR4Mzbsb6QVx/9xI2gtQikQA6m8zMDBFnu3l//4/ROsWt7y2sUGWd+/tYQqDm7"
CLIENTS = {"graphql-sse-2.6.1/graphql-sse.min.js": SSE, "graphql-ws-6.4.2/graphql-ws.min.js": WS}
CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
WATCH = 'subscription Watch {\n  merchantChanged(by: { externalId: "shop-1" }) {\n    status\n  }\n}\n'


def test_the_files_equal_the_originals_on_npm() -> None:
    named = (Path(strawberry.__file__).parent / "static/graphiql.html").read_text()
    scripts = re.findall(r'https://unpkg\.com/(?:@graphiql/)?([^"]+)"\s+integrity="sha384-([^"]+)"', named)
    expected = {}
    for address, digest in scripts:
        package, *_, file = address.split("/")
        expected[f"{package.replace('@', '-')}/{file}"] = digest
    expected |= CLIENTS
    # Strawberry's page reads Django's cookie with this file. Our page has no cookies.
    del expected["js-cookie-3.0.5/js.cookie.min.js"]
    vendored = {
        str(file.relative_to(graphiql.STATIC)): base64.b64encode(
            hashlib.sha384(file.read_bytes()).digest()
        ).decode()
        for file in graphiql.STATIC.glob("*/*")
        if file.name != "LICENSE"
    }
    assert vendored == expected
    assert {file.parent.name for file in graphiql.STATIC.glob("*/LICENSE")} == {
        name.split("/")[0] for name in expected
    }


def test_every_file_of_the_page_exists() -> None:
    page = graphiql.page(token=None, examples=[])
    named = re.findall(r'(?:src|href)="/static/graphiql/([^"]+)"', page)
    assert len(named) == 10
    assert [file for file in named if not (graphiql.STATIC / file).is_file()] == []
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_all_addresses_of_the_page_begin_with_the_path_of_the_public_address() -> None:
    page = graphiql.page(path='/pay&"ments', token=None, examples=[])
    addresses = re.findall(r'(?:src|href)="(/[^"]*)"', page)
    assert len(addresses) == 10
    assert {address.rsplit("/static/")[0] for address in addresses} == {"/pay&amp;&quot;ments"}
    element = re.search(r'id="settings">([^<]*)</script>', page)
    assert element
    assert json.loads(element[1])["endpoint"] == '/pay&"ments/graphql'


def test_settings_cannot_close_their_script_element() -> None:
    page = graphiql.page(token="</script>", examples=EXAMPLES)
    element = re.search(r'<script type="application/json" id="settings">([^<]*)</script>', page)
    assert element
    settings = json.loads(element[1])
    assert json.loads(settings["headers"]) == {"Authorization": "Bearer </script>"}
    assert settings["operations"] == [f"# {title}\n{operation}" for title, operation in EXAMPLES]


def test_without_a_token_graphiql_sends_no_authorization_header() -> None:
    assert '"headers": ""' in graphiql.page(token=None, examples=[])


@dataclass
class Served:
    """An application with the page and a stub endpoint, and the requests that the stub has received."""

    url: str = ""
    requests: list[tuple[str | None, Any]] = field(default_factory=list)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    @strawberry.type
    class Query:
        greeting: str = "Hello from the stub"

    schema = strawberry.Schema(Query)
    served = Served()

    async def endpoint(request: Request) -> Response:
        if request.method == "GET":
            page = graphiql.page(token="a.b.c", examples=EXAMPLES)
            return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})
        body = await request.json()
        served.requests.append((request.headers.get("authorization"), body))
        result = await schema.execute(
            body["query"], root_value=Query(), operation_name=body.get("operationName")
        )
        return JSONResponse({"data": result.data})

    static = Mount("/static", StaticFiles(directory=graphiql.STATIC.parent))
    app = Starlette(routes=[Route("/graphql", endpoint, methods=["GET", "POST"]), static])
    bound = socket.create_server(("127.0.0.1", 0))
    served.url = f"http://127.0.0.1:{bound.getsockname()[1]}/graphql"
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    yield served
    server.should_exit = True
    await serving


async def remembers(page: Page, name: str, part: str) -> None:
    async with asyncio.timeout(20 * PATIENCE):
        while part not in (await page.evaluate(f"localStorage['connectql:graphiql:{name}']") or ""):
            await page.wait_for_timeout(20)


async def test_the_page_runs_the_examples_with_the_token_and_without_other_hosts(
    page: Page, served: Served, external_requests: list[str], tmp_path: Path
) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(served.url)
    assert await page.title() == "ConnectQL"
    tabs = page.locator(".graphiql-tab-button")
    await expect(tabs).to_have_text(["Greeting", "Others"])
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("# First, who is there?")
    await expect(page.locator(".graphiql-editor-tool")).to_contain_text("Bearer a.b.c")

    result = page.locator(".graphiql-response")
    await page.get_by_label("Execute query").click()
    await expect(result).to_contain_text('"greeting": "Hello from the stub"')
    await tabs.nth(1).click()
    # GraphiQL parses the operations and stores the tabs only after a pause.
    await remembers(page, "operationName", "Others")
    await remembers(page, "tabState", '"activeTabIndex":1')
    await expect(page.locator(".graphiql-editor-tool")).to_contain_text("Bearer a.b.c")
    await page.get_by_label("Execute query").click()
    await expect(result).to_contain_text('"others": "Hello from the stub"')
    assert {token for token, _ in served.requests} == {"Bearer a.b.c"}
    names = [body["operationName"] for _, body in served.requests]
    assert [name for name in names if name != "IntrospectionQuery"] == ["Greeting", "Others"]

    await page.get_by_label("Show GraphiQL Explorer").click()
    await expect(page.locator(".graphiql-explorer-root")).to_contain_text("greeting")
    await page.screenshot(path=tmp_path / "graphiql.png")

    # The browser restores the tabs, and the page sets the token again.
    await page.reload()
    await expect(tabs).to_have_text(["Greeting", "Others"])
    await expect(page.locator(".graphiql-editor-tool")).to_contain_text("Bearer a.b.c")
    assert "a.b.c" not in json.dumps(await page.evaluate("Object.assign({}, window.localStorage)"))

    assert external_requests == []
    assert complaints == []


RESULTS = {
    "onboarding=returned&merchant=%3Cb%3Eshop%3C/b%3E&status=ACTIVE": (
        'Back from Stripe\'s form: <b>shop</b> is now ACTIVE. Run "MerchantStatus" for details.'
    ),
    "onboarding=returned": 'Back from Stripe\'s form. Run "MerchantStatus" to see the result.',
    "onboarding=expired": 'The onboarding link was used or has expired. Run "Onboard" for a new one.',
    "dashboard=expired": (
        'The link into the Dashboard was used or has expired. Run "OpenDashboard" for a new one.'
    ),
    "dashboard=web_view": "Stripe's pages do not work in a web view. Open GraphiQL in a browser.",
}


async def test_the_page_shows_each_known_result_of_a_visit_to_stripe_once(page: Page, served: Served) -> None:
    bar = page.locator("#bar")
    for parameters, text in RESULTS.items():
        await page.goto(f"{served.url}?{parameters}")
        await expect(bar).to_have_text(f"{text}Close")
        assert page.url == served.url
    await bar.get_by_role("button").click()
    await expect(bar).to_be_hidden()
    await page.goto(f"{served.url}?onboarding=expired")
    await expect(bar).to_be_visible()
    for parameters in ("", "?onboarding=constructor", "?dashboard=returned"):
        await page.goto(served.url + parameters)
        await expect(page.locator(".graphiql-tab-button").first).to_be_visible()
        await expect(bar).to_be_hidden()


async def test_on_a_phone_the_answer_is_below_the_editor(page: Page, served: Served) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto(served.url)
    await expect(page.locator(".graphiql-tab-button").first).to_be_visible()
    editor = await page.locator(".graphiql-editors").bounding_box()
    answer = await page.locator(".graphiql-response").bounding_box()
    assert editor
    assert answer
    assert answer["y"] >= editor["y"] + editor["height"]
    assert answer["width"] > 300


async def type_in(page: Page, editor: str, text: str) -> None:
    """Set the whole text of an editor in one step, because the editor would complete typed text."""
    await page.locator(f".graphiql-{editor} .CodeMirror:visible").evaluate(
        "(element, text) => element.CodeMirror.setValue(text)", text
    )


async def run(page: Page, token: str, **more: str) -> None:
    await type_in(page, "editor-tool", json.dumps({"Authorization": f"Bearer {token}", **more}))
    await page.get_by_label("Execute query").click()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("transport", ["websocket", "events"])
async def test_the_page_runs_subscriptions_with_the_current_token(
    page: Page, idle: Service, transport: str, external_requests: list[str]
) -> None:
    await idle.create("shop-1")
    accept = {"accept": "text/event-stream"} if transport == "events" else {}
    used: list[str] = []
    page.on("websocket", lambda socket: used.append(f"websocket {socket.url}"))
    page.on(
        "request",
        lambda request: (
            used.append(f"events {request.url}")
            if "subscription Watch" in (request.post_data or "")
            else None
        ),
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{idle.url}/graphql")
    result, stop = page.locator(".graphiql-response"), page.get_by_label("Stop query")
    await type_in(page, "query-editor", "query Before {\n  viewer { role }\n}")
    await remembers(page, "operationName", "Before")
    await run(page, idle.token(), **accept)
    await expect(result).to_contain_text("OPERATOR")

    # For a moment, GraphiQL still reports the previous operation as the current one.
    await type_in(page, "query-editor", WATCH)
    await run(page, idle.token(), **accept)
    await expect(result).to_contain_text('"status": "ONBOARDING"')
    assert idle.watchers == 1
    await idle.graphql(CLOSE)
    await expect(result).to_contain_text('"status": "CLOSED"')
    await stop.click()
    await nobody_watches(idle)

    await run(page, idle.token("merchant", "shop-2"), **accept)
    await expect(result).to_contain_text("NOT_FOUND")
    await run(page, "a.b.c", **accept)
    await expect(result).to_contain_text("The token is malformed.")
    await run(page, idle.brief_token(3 * PATIENCE), **accept)
    await expect(result).to_contain_text('"status": "CLOSED"')
    await expect(result).to_contain_text(EXPIRED)
    await expect(stop).to_have_count(0)
    await nobody_watches(idle)

    address = f"{idle.url}/graphql".replace("http", "ws" if transport == "websocket" else "http", 1)
    assert used == [f"{transport} {address}"] * 4
    assert external_requests == []
    assert [text for text in complaints if "401" not in text] == []


async def nobody_watches(service: Service) -> None:
    async def look() -> bool:
        return service.watchers == 0

    await eventually(look)


async def test_requests_to_other_hosts_are_detected_and_refused(
    page: Page, external_requests: list[str]
) -> None:
    await page.set_content("<img src='http://example.invalid/pixel.png'>")
    with contextlib.suppress(AssertionError):
        await expect(page.locator("img")).to_be_visible(timeout=200 * PATIENCE)
    assert external_requests == ["http://example.invalid/pixel.png"]
