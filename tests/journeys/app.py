"""A small app of a platform: a page on its own origin with a button that starts onboarding.

The page shows the merchant's status as it changes. It loads the same npm packages for subscriptions as the
GraphiQL page.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import uvicorn
from playwright.async_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from api.graphiql import page as graphiql

CLIENTS = """\
<!doctype html>
<title>Payments</title>
<link rel="icon" href="data:,">
<script src="/clients/graphql-ws-6.4.2/graphql-ws.min.js"></script>
<script src="/clients/graphql-sse-2.6.1/graphql-sse.min.js"></script>
"""
PAGE = """\
CLIENTS
<button id="onboard">Get paid</button>
<ol id="statuses"></ol>
<script>
  const { endpoint, token, query, variables } = SETTINGS;
  async function ask() {
    const answer = await fetch(endpoint, {
      method: "POST",
      credentials: "include",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return (await answer.json()).data.createOnboardingLink.url;
  }
  document.getElementById("onboard").onclick = async () => { location.href = await ask(); };

  const client = graphqlWs.createClient({
    url: endpoint.replace(/^http/, "ws"),
    connectionParams: async () => ({ Authorization: `Bearer ${token}` }),
    shouldRetry: () => true,
  });
  const show = (status) => {
    const statuses = document.getElementById("statuses");
    if (statuses.lastElementChild?.textContent !== status) {
      statuses.appendChild(document.createElement("li")).textContent = status;
    }
  };
  client.subscribe(
    {
      query: "subscription ($id: String!) { merchantChanged(by: {externalId: $id}) { status } }",
      variables: { id: variables.merchant },
    },
    { next: ({ data }) => show(data.merchantChanged.status), error: console.error, complete() {} },
  );
</script>
"""
LINK = """
mutation ($merchant: String!, $returnTo: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $merchant}, returnTo: $returnTo}) {
    __typename
    ... on CreateOnboardingLinkPayload { url expiresAt }
    ... on Error { message }
  }
}
"""


@dataclass
class App:
    """The app's address, and the credentials that its page has after a merchant has logged in."""

    origin: str
    endpoint: str = ""
    token: str = ""
    merchant: str = ""

    @property
    def return_to(self) -> str:
        return f"{self.origin}/connect?tab=payments"

    @property
    def variables(self) -> dict[str, str]:
        return {"merchant": self.merchant, "returnTo": self.return_to}

    async def ask(self, page: Page) -> str:
        """Request a link from the app's page without opening it."""
        await page.goto(self.return_to)
        url: str = await page.evaluate("ask()")
        return url

    async def start_onboarding(self, page: Page) -> str:
        """Press the app's button. Returns the link to which the browser was sent."""
        await page.goto(self.return_to)
        async with page.expect_request("**/r/acct_*/**") as opened:
            await page.click("#onboard")
        return (await opened.value).url


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[App]:
    """Serve the app on its own port."""
    bound = socket.create_server(("127.0.0.1", 0))
    app = App(f"http://127.0.0.1:{bound.getsockname()[1]}")

    async def connect(_request: Request) -> Response:
        settings = {
            "endpoint": app.endpoint,
            "token": app.token,
            "query": LINK,
            "variables": app.variables,
        }
        return HTMLResponse(PAGE.replace("CLIENTS", CLIENTS).replace("SETTINGS", json.dumps(settings)))

    routes: list[BaseRoute] = [
        Route("/connect", connect),
        Route("/", lambda _: HTMLResponse(CLIENTS)),
        Mount("/clients", StaticFiles(directory=graphiql.STATIC)),
    ]
    async with hosting(bound, routes):
        yield app


@contextlib.asynccontextmanager
async def hosting(bound: socket.socket, routes: list[BaseRoute]) -> AsyncIterator[None]:
    """Serve these routes on a socket that is already bound."""
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off", ws="none")
    )
    task = asyncio.create_task(server._serve(sockets=[bound]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
