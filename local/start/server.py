"""The start server's routes, and the checks that keep other computers and other sites away from its tokens.

The server listens on the loopback address only. A page of another site could still send requests to it, so
the server checks the name to which a request was sent (DNS rebinding) and the page from which it came.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import development
from local import tokens
from local.settings import HOSTS, Place, own_stripe
from local.start import platform
from local.start.scenarios import SCENARIOS
from local.start.startup import Gate, Startup

HERE = Path(__file__).parent
PORTAL = HERE.parents[1] / "examples" / "portal" / "dist"
START_SECONDS = 10
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-cache",
    # With this header, a page of another site cannot load an answer as an image or a script either.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_templates = Jinja2Templates(directory=HERE / "templates")


@contextlib.contextmanager
def serving(here: Place, startup: Startup, *, portal: Path = PORTAL) -> Iterator[None]:
    """Serve in a thread of this process, because a separate process would cost more."""
    config = uvicorn.Config(
        create_app(here, startup, portal=portal),
        host="127.0.0.1",
        port=here.start_port,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, name="start server", daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not running.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield
    finally:
        running.should_exit = True
        thread.join(2)


def create_app(here: Place, startup: Startup, *, portal: Path) -> Starlette:
    """Return the start server's application. `portal` is the folder of the built demo app."""
    cors = Middleware(CORSMiddleware, allow_origins=here.app_origins, allow_headers=["*"], max_age=600)
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/token", token),
            Route("/merchants", merchants),
            Route("/portal/config.json", config),
            Mount("/portal", App(portal)),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False),
            Middleware(OwnPages, origins=frozenset(here.app_origins)),
            cors,
            Middleware(Gate, startup=startup, policy=PAGE_POLICY),
        ],
        exception_handlers={404: not_found},
    )
    app.state.here, app.state.portal = here, portal
    return app


class OwnPages:
    """Refuses requests from pages that do not belong to apps on this machine, and adds headers to answers."""

    def __init__(self, app: ASGIApp, *, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] += [pair for pair in added if pair[0] not in given]
            await send(message)

        if scope["type"] == "http" and not self._is_allowed(Request(scope)):
            origins = ", ".join(sorted(self._origins))
            text = f"Pages with other origins may not use this address. The allowed origins are: {origins}"
            await _error(403, text)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)

    def _is_allowed(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        if origin is not None:
            return origin in self._origins
        # A link from another site may open a page, but another site may load neither tokens nor merchants.
        from_elsewhere = request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        return not (from_elsewhere and request.url.path in {"/token", "/merchants"})


class App(StaticFiles):
    """The built demo app. If an address is not a file, returns the app's page, whose script handles it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._folder = folder

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not self._folder.exists():
            raise HTTPException(404)
        try:
            return await super().get_response(path, scope)
        except HTTPException as missing:
            if missing.status_code != 404 or "." in path.rpartition("/")[2]:
                raise
            return await super().get_response("index.html", scope)

    async def check_config(self) -> None:
        """Check nothing: the folder may appear later."""


def page(request: Request) -> Response:
    """GET /: the start page."""
    here: Place = request.app.state.here
    api = f"http://localhost:{here.port}"
    return _templates.TemplateResponse(
        request,
        "start.html",
        {
            "here": here,
            "api": api,
            "socket": api.replace("http:", "ws:"),
            "simulator": here.simulator_url if own_stripe() else None,
            "has_portal": _has_portal(request),
            "has_board": platform.has_board(here),
            "lifetimes": LIFETIMES,
            "scenarios": SCENARIOS,
        },
        headers={"Content-Security-Policy": PAGE_POLICY},
    )


LIFETIMES = {
    "60": "1 minute",
    "600": "10 minutes",
    "3600": "1 hour",
    str(development.LIFETIME_SECONDS): "12 hours",
}


def token(request: Request) -> Response:
    """GET /token?role=merchant&merchant=shop-1&ttl=60: a token, and the time at which it expires."""
    names = ("role", "merchant", "ttl", "subject")
    try:
        made = tokens.issue(*(request.query_params.get(name, "") for name in names))
    except ValueError as error:
        return _error(400, str(error))
    expires_at = datetime.fromtimestamp(made.expires_at, UTC).isoformat().replace("+00:00", "Z")
    return JSONResponse({"token": made.text, "expiresAt": expires_at}, headers={"Cache-Control": "no-store"})


def merchants(request: Request) -> Response:
    """GET /merchants: the newest merchants, at most 1000, read from the API as an operator."""
    found = platform.merchants(request.app.state.here)
    if found is None:
        return _error(503, "The API does not answer.")
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def config(request: Request) -> Response:
    """GET /portal/config.json: the addresses for the demo app, and the real Stripe's publishable key."""
    here: Place = request.app.state.here
    start = str(request.base_url).rstrip("/")
    addresses = {
        "apiUrl": f"http://localhost:{here.port}/graphql",
        "subscriptionUrl": f"ws://localhost:{here.port}/graphql",
        "tokenUrl": f"{start}/token",
        "merchantsUrl": f"{start}/merchants",
    }
    # Stripe's embedded components need the real Stripe.
    key = os.environ.get("CONNECTQL_STRIPE_PUBLISHABLE_KEY")
    return JSONResponse(addresses if own_stripe() or not key else {**addresses, "publishableKey": key})


def not_found(request: Request, _: Exception) -> Response:
    """Return the page for an unknown address."""
    needs_build = request.url.path.startswith("/portal/") and not _has_portal(request)
    return _templates.TemplateResponse(
        request,
        "missing.html",
        {"needs_build": needs_build},
        status_code=404,
        headers={"Content-Security-Policy": PAGE_POLICY},
    )


def _has_portal(request: Request) -> bool:
    """Whether the demo app is built."""
    portal: Path = request.app.state.portal
    return (portal / "index.html").exists()


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status)
