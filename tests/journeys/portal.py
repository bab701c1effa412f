"""The built merchant portal on its own server. The server also signs tokens, as the start server does."""

import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page, ViewportSize
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from connect.merchants.rules.wire import wire_time
from connect.scope import Role
from testing import environment
from testing.axe import AXE
from testing.processes import ROOT
from testing.service import Service
from tests.journeys.app import App, hosting

FOLDER = ROOT / "examples" / "portal"
DIST = FOLDER / "dist"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
VIOLATIONS = """
async () => (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])
"""
MERCHANTS = "{ merchants(first: 100) { edges { node { externalId displayName status } } } }"


@dataclass
class Portal(App):
    """The portal. Its tokens are valid for `lifetime` seconds. If `is_refusing` is set, it gets none."""

    service: Service | None = field(default=None, repr=False)
    lifetime: int = 3600
    tokens: int = 0
    is_refusing: bool = False

    @property
    def url(self) -> str:
        return f"{self.origin}/portal/"

    async def show_settings(self, _request: Request) -> Response:
        service = self._service
        return JSONResponse(
            {
                "apiUrl": f"{service.url}/graphql",
                "subscriptionUrl": f"{service.url}/graphql".replace("http", "ws", 1),
                "tokenUrl": "/token",
                "merchantsUrl": "/merchants",
            }
        )

    async def give_token(self, request: Request) -> Response:
        if self.is_refusing:
            return JSONResponse({}, 401)
        service, self.tokens = self._service, self.tokens + 1
        leeway = service.settings.auth.leeway_seconds
        text = environment.token(
            service.folder,
            Role[request.query_params["role"].upper()],
            request.query_params["merchant"],
            lifetime_seconds=self.lifetime - leeway,
        )
        end = datetime.now(UTC) + timedelta(seconds=self.lifetime)
        return JSONResponse({"token": text, "expiresAt": wire_time(end)})

    async def list_merchants(self, _request: Request) -> Response:
        edges = (await self._service.graphql(MERCHANTS))["merchants"]["edges"]
        return JSONResponse([edge["node"] for edge in edges])

    @property
    def _service(self) -> Service:
        assert self.service is not None
        return self.service


class Built(StaticFiles):
    """The built files. An address that has no file shows the app's only HTML page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as missing:
            if missing.status_code != 404:
                raise
            return await super().get_response("index.html", scope)


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Portal]:
    """Serve the portal on its own port."""
    bound = socket.create_server(("127.0.0.1", 0))
    portal = Portal(f"http://127.0.0.1:{bound.getsockname()[1]}")
    routes: list[BaseRoute] = [
        Route("/portal/config.json", portal.show_settings),
        Route("/token", portal.give_token),
        Route("/merchants", portal.list_merchants),
        Mount("/portal", Built(directory=DIST, html=True)),
    ]
    async with hosting(bound, routes):
        yield portal


async def audit(page: Page) -> list[Any]:
    """Return the page's violations on a phone in dark mode and on a desktop in light mode.

    A page that is wider than the screen violates a rule, too.
    """
    found: list[Any] = []
    if not await page.evaluate("() => 'axe' in window"):
        await page.add_script_tag(path=AXE)
    before = page.viewport_size
    for size, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += await page.evaluate(VIOLATIONS)
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(("too wide", size))
    if before is not None:
        await page.set_viewport_size(before)
    return found
