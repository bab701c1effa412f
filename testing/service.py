"""The service for tests, with the production server, Stripe's SDK and the simulator.

It runs in the test's event loop, so a test can also use the models.
"""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from tortoise.backends.base.executor import EXECUTOR_CACHE

from api.app import create_app
from api.configuration import settings as settings_module
from api.configuration.settings import Settings
from api.server.server import STUCK_SECONDS, Server, create_server
from connect.platform.feed import Feed
from connect.scope import Role
from models import changes
from models.changes import Change
from testing import confidential, environment
from testing.deployment import signing_secret
from testing.environment import ORIGIN as ORIGIN
from testing.environment import STRIPE_KEY as STRIPE_KEY
from testing.operations import CREATE as CREATE
from testing.operations import new_merchant
from testing.processes import Simulator, free_port
from testing.waits import PATIENCE
from testing.waits import eventually as eventually

RETURN_TO = f"{ORIGIN}/connect?tab=payments"
# A kind of change that nothing else publishes.
PROBE = "probe"
# When the service stops, open requests have this many seconds to finish.
REQUEST_SECONDS = 2


@dataclass
class Service:
    """A running service. `graphql` sends an operation with a token, and `http` sends any request."""

    url: str
    settings: Settings
    simulator: Simulator
    folder: Path
    http: httpx.AsyncClient
    app: Starlette = field(repr=False)
    _tokens: dict[tuple[str, str | None], str] = field(default_factory=dict, repr=False)

    def token(self, role: str = "operator", merchant: str | None = None) -> str:
        key = (role, merchant)
        if key not in self._tokens:
            self._tokens[key] = environment.token(self.folder, Role[role.upper()], merchant)
        return confidential.keep("token", self._tokens[key])

    def brief_token(self, seconds: float) -> str:
        """An operator's token that this service accepts for about this number of seconds."""
        return environment.token(
            self.folder, lifetime_seconds=round(seconds) - self.settings.auth.leeway_seconds
        )

    @property
    def watchers(self) -> int:
        """The number of mailboxes for changes of merchants. The worker's own mailboxes are not counted."""
        feed: Feed = self.app.state.feed
        own = self.app.state.worker.mailboxes
        return sum(len(boxes - own) for (kind, _), boxes in feed.mailboxes.items() if kind == "merchant")

    async def deliver_changes(self) -> None:
        """Wait until the feed has delivered all committed changes, so that later subscribers do not get them.

        A polling feed delivers changes with a delay. Every feed delivers a change only after all changes that
        were committed earlier.
        """
        feed: Feed = self.app.state.feed
        async with asyncio.timeout(60 * PATIENCE):
            await feed.listening.wait()
            with feed.mailbox((PROBE, None)) as mailbox:
                await changes.publish(Change(PROBE, uuid.uuid4()))
                await mailbox.wait()

    async def post(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        role: str = "operator",
        merchant: str | None = None,
    ) -> httpx.Response:
        """The whole HTTP answer of an operation."""
        return await self.http.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.token(role, merchant)}"},
        )

    async def graphql(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        role: str = "operator",
        merchant: str | None = None,
    ) -> dict[str, Any]:
        """The data of an operation. Fails if the answer has errors."""
        answer = await self.post(query, variables, role=role, merchant=merchant)
        body = answer.json()
        assert answer.status_code == 200, body
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def error(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        role: str = "operator",
        merchant: str | None = None,
    ) -> tuple[str, str]:
        """The code and message of an operation's only top-level error, which carries the request id."""
        # `json=` cannot encode half of a surrogate pair, but clients can send one as an escape sequence.
        answer = await self.http.post(
            "/graphql",
            content=json.dumps({"query": query, "variables": variables}),
            headers={
                "Authorization": f"Bearer {self.token(role, merchant)}",
                "Content-Type": "application/json",
            },
        )
        assert answer.status_code == 200
        (error,) = answer.json()["errors"]
        extensions = error["extensions"]
        assert extensions == {"code": extensions["code"], "requestId": answer.headers["X-Request-Id"]}
        return extensions["code"], error["message"]

    async def create(self, external_id: str = "shop-1", **changed: Any) -> dict[str, Any]:
        """The result of createMerchant with valid input."""
        variables = {"input": new_merchant(external_id, **changed)}
        result: dict[str, Any] = (await self.graphql(CREATE, variables))["createMerchant"]
        return result

    async def merchant(self, external_id: str, selection: str) -> dict[str, Any]:
        """Fields of one merchant."""
        query = f"query ($id: String!) {{ merchant(by: {{externalId: $id}}) {{ {selection} }} }}"
        merchant: dict[str, Any] = (await self.graphql(query, {"id": external_id}))["merchant"]
        return merchant


@contextlib.asynccontextmanager
async def running(
    database_url: str,
    simulator: Simulator,
    folder: Path,
    stuck_seconds: int = STUCK_SECONDS,
    /,
    **changed: str,
) -> AsyncIterator[Service]:
    """Run the service on its own port. Keyword arguments are settings without the prefix CONNECTQL_."""
    EXECUTOR_CACHE.clear()  # it may hold SQL with another database's placeholders
    port = int(changed.get("PORT") or free_port())
    url = f"http://127.0.0.1:{port}"
    secret = signing_secret(simulator, f"{url}/webhooks/stripe")
    urls = {"PORT": str(port), "PUBLIC_URL": url}
    variables = environment.settings(database_url, simulator.base_url, secret, folder, **{**urls, **changed})
    settings = settings_module.read(variables)
    app = create_app(settings)
    server = create_server(app, settings, request_seconds=REQUEST_SECONDS, stuck_seconds=stuck_seconds)
    task = asyncio.create_task(server._serve())
    try:
        async with asyncio.timeout(20 * PATIENCE):
            while not server.started:
                if task.done():
                    await task
                    raise RuntimeError("the service did not start")
                await asyncio.sleep(0.01)
        hooks = {"response": [confidential.keep_of]}
        async with httpx.AsyncClient(
            base_url=url, verify=False, trust_env=False, timeout=30 * PATIENCE, event_hooks=hooks
        ) as http:
            yield Service(url, settings, simulator, folder, http, app)
    finally:
        if not task.done():
            await _shut_down(server)
            await _close_late(server)
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _shut_down(server: Server) -> None:
    """Shut down as uvicorn does, but without its pause of 0.1 s, which would slow down hundreds of tests."""
    server.begin_shutdown()
    for listener in server.servers:
        listener.close()
    state = server.server_state
    for connection in list(state.connections):
        connection.shutdown()
    clock = asyncio.get_running_loop().time
    deadline = clock() + REQUEST_SECONDS
    while (state.connections or state.tasks) and clock() < deadline:  # noqa: ASYNC110 -- there is no event
        await asyncio.sleep(0.005)
    for task in state.tasks:
        task.cancel()
    await server.lifespan.shutdown()


async def _close_late(server: Server) -> None:
    """Close the connections that were being accepted when the server stopped listening.

    A browser opens connections in advance. The server's shutdown does not know these connections yet, so they
    would stay open until the event loop ends.
    """
    for _ in range(3):  # asyncio announces a connection this many steps after accepting it
        await asyncio.sleep(0)
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)
