"""The npm packages graphql-ws and graphql-sse in a browser, against the service."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from api.auth.tokens import EXPIRED
from testing.processes import ROOT, Simulator
from testing.service import Service, eventually, running
from testing.subscribers import STATUS
from testing.waits import PATIENCE
from tests.journeys.app import App, serving

CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
ONBOARDING = ["next", "ONBOARDING"]
CLOSED = ["next", "CLOSED"]
EXPIRY = [4403, f"Forbidden: {EXPIRED}"]
MALFORMED = "The token is malformed. Ask the identity provider for a new one."
BOTH = pytest.mark.parametrize("transport", ["ws", "sse"])

# By default both clients wait for some seconds before a new attempt and give up after five attempts, so the
# script sets the delay and the number of attempts. `seen` collects the messages. Each connection uses the
# next token. If there are no more tokens, it uses the last one again.
SUBSCRIBE = """
({ transport, endpoint, tokens, retryAttempts, query }) => {
  window.seen = [];
  const token = () => ({ Authorization: `Bearer ${tokens.length > 1 ? tokens.shift() : tokens[0]}` });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  const client = {
    ws: () => graphqlWs.createClient({
      url: endpoint.replace(/^http/, "ws"),
      connectionParams: token,
      retryAttempts,
      retryWait: pause,
      shouldRetry: () => true,
      on: { closed: ({ code, reason }) => seen.push(["closed", code, reason]) },
    }),
    sse: () => graphqlSse.createClient({ url: endpoint, headers: token, retryAttempts, retry: pause }),
  }[transport]();
  window.stop = client.subscribe({ query, variables: { id: "shop-1" } }, {
    next: ({ data, errors }) => seen.push(
      errors ? ["errors", ...errors.map(({ message, extensions }) => [extensions.code, message])]
      : ["next", data.merchantChanged.status]
    ),
    error: (problem) => seen.push(["error", problem.code ?? problem.response?.status, problem.reason]),
    complete: () => seen.push(["complete"]),
  });
}
"""


async def subscribe(
    page: Page, service: Service, transport: str, *tokens: str, retry_attempts: int = 1000
) -> None:
    """Watch shop-1 in the page."""
    settings = {
        "transport": transport,
        "endpoint": f"{service.url}/graphql",
        "tokens": tokens or [service.token()],
        "retryAttempts": retry_attempts,
        "query": STATUS,
    }
    await page.evaluate(SUBSCRIBE, settings)


async def wait_for_messages(page: Page, count: int) -> list[Any]:
    """Wait until the client has this many messages and return them. Failed connections do not count."""
    script = "seen.filter((entry) => entry[1] !== 1006)"
    await page.wait_for_function(f"{script}.length >= {count}", polling=100)
    result: list[Any] = await page.evaluate(script)
    return result


@pytest.fixture
async def service(
    database_url: str, simulator: Simulator, tmp_path: Path, app: App
) -> AsyncIterator[Service]:
    """The service without a worker, because its fetches after events could cause additional messages."""
    async with running(database_url, simulator, tmp_path, RETURN_ORIGINS=app.origin, WORKER="off") as result:
        yield result


@pytest.fixture
async def app_page(page: Page, app: App) -> Page:
    await page.goto(app.origin)
    return page


@pytest.mark.one_database
@BOTH
async def test_the_present_state_comes_first_and_completion_ends_the_subscription(
    app_page: Page, service: Service, transport: str
) -> None:
    await service.create("shop-1")
    await subscribe(app_page, service, transport)
    assert await wait_for_messages(app_page, 1) == [ONBOARDING]
    assert service.watchers == 1
    await service.graphql(CLOSE)
    assert await wait_for_messages(app_page, 2) == [ONBOARDING, CLOSED]
    await app_page.evaluate("stop()")

    async def nobody_is_left() -> bool:
        return service.watchers == 0

    await eventually(nobody_is_left)
    end = [["complete"], ["closed", 1000, "Normal Closure"]] if transport == "ws" else [["complete"]]
    assert await wait_for_messages(app_page, 2 + len(end)) == [ONBOARDING, CLOSED, *end]


@pytest.mark.one_database
async def test_the_javascript_example_in_the_readme_works(app_page: Page, service: Service) -> None:
    (lines,) = re.findall(r"^```js\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    changed = {
        'import { createClient } from "graphql-ws";': "const { createClient } = graphqlWs;",
        "ws://localhost:8000": service.url.replace("http", "ws"),
    }
    for old, new in changed.items():
        assert lines.count(old) == 1
        lines = lines.replace(old, new)
    await service.create("shop-1")
    await app_page.evaluate(
        f"(token) => {{ window.seen = []; const show = (merchant) => seen.push(merchant);"
        f"const freshToken = async () => token;\n{lines} }}",
        service.token(),
    )
    before = {"status": "ONBOARDING", "nextAction": {"kind": "START_ONBOARDING"}}
    assert await wait_for_messages(app_page, 1) == [before]
    await service.graphql(CLOSE)
    assert await wait_for_messages(app_page, 2) == [
        before,
        {"status": "CLOSED", "nextAction": {"kind": "NONE"}},
    ]


@pytest.mark.one_database
async def test_an_invalid_token_is_refused_with_the_reason(app_page: Page, service: Service) -> None:
    await subscribe(app_page, service, "ws", "a.b.c", retry_attempts=0)
    refused = [4403, f"Forbidden: {MALFORMED}"]
    assert await wait_for_messages(app_page, 2) == [["closed", *refused], ["error", *refused]]
    await subscribe(app_page, service, "sse", "a.b.c", retry_attempts=0)
    assert await wait_for_messages(app_page, 1) == [["error", 401, None]]


@pytest.mark.one_database
async def test_graphql_ws_reconnects_with_a_new_token_after_expiry(app_page: Page, service: Service) -> None:
    await service.create("shop-1")
    await subscribe(app_page, service, "ws", service.brief_token(3 * PATIENCE), service.token())
    assert await wait_for_messages(app_page, 3) == [ONBOARDING, ["closed", *EXPIRY], ONBOARDING]
    await service.graphql(CLOSE)
    assert await wait_for_messages(app_page, 4) == [ONBOARDING, ["closed", *EXPIRY], ONBOARDING, CLOSED]


@pytest.mark.one_database
async def test_an_event_stream_ends_with_the_reason_when_its_token_expires(
    app_page: Page, service: Service
) -> None:
    await service.create("shop-1")
    await subscribe(app_page, service, "sse", service.brief_token(3 * PATIENCE))
    end = ["errors", ["UNAUTHENTICATED", EXPIRED]]
    assert await wait_for_messages(app_page, 3) == [ONBOARDING, end, ["complete"]]
    assert service.watchers == 0


@pytest.mark.one_database
@BOTH
async def test_after_a_restart_both_clients_reconnect_and_get_the_present_state(
    app_page: Page, app: App, database_url: str, simulator: Simulator, tmp_path: Path, transport: str
) -> None:
    settings = {"RETURN_ORIGINS": app.origin, "WORKER": "off"}
    async with running(database_url, simulator, tmp_path, **settings) as service:
        await service.create("shop-1")
        await subscribe(app_page, service, transport)
        assert await wait_for_messages(app_page, 1) == [ONBOARDING]
    left = [["closed", 1012, ""]] if transport == "ws" else []
    port = str(service.settings.port)
    async with running(database_url, simulator, tmp_path, **settings, PORT=port) as again:
        assert await wait_for_messages(app_page, len(left) + 2) == [ONBOARDING, *left, ONBOARDING]
        await again.graphql(CLOSE)
        assert await wait_for_messages(app_page, len(left) + 3) == [ONBOARDING, *left, ONBOARDING, CLOSED]


@pytest.fixture
async def stranger() -> AsyncIterator[App]:
    async with serving() as result:
        yield result


@pytest.mark.one_database
async def test_a_page_of_another_origin_is_refused(page: Page, service: Service, stranger: App) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(stranger.origin)
    await subscribe(page, service, "ws", retry_attempts=0)
    await page.wait_for_function("seen.some(([kind]) => kind === 'error')", polling=100)
    address = f"{service.url}/graphql".replace("http", "ws", 1)
    refused = "Error during WebSocket handshake: Unexpected response code: 403"
    assert complaints == [f"WebSocket connection to '{address}' failed: {refused}"]
    await subscribe(page, service, "sse", retry_attempts=0)
    assert [kind for kind, *_ in await wait_for_messages(page, 1)] == ["error"]
    assert "has been blocked by CORS policy" in complaints[1]
    assert service.watchers == 0
