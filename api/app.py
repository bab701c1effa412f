"""The ASGI application: routes, and what lives as long as the process."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import httpx
import structlog
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api import onboarding, webhooks
from api.auth import development
from api.auth.tokens import Authenticator
from api.graphiql import page as graphiql
from api.graphql import endpoint
from api.server.middleware import Boundary
from api.settings import Settings
from api.worker import Worker
from connect.events.intake import Intake
from connect.feed import Feed
from connect.gateway import Gateway
from connect.merchants import mirror
from connect.platform import health
from connect.scope import Role
from models import database

# For the worker at the end; it has been told to stop before. Closing the rest takes the fifth second.
WORKER_SECONDS = 3.0

# How long a start waits until it hears of changes.
FEED_SECONDS = 2.0

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

log = structlog.get_logger("app")


def create_app(
    settings: Settings, *, examples: Sequence[tuple[str, str]] = (), compiles: bool = True
) -> Starlette:
    """The application, for a migrated database. The server's start connects it and starts its worker."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # Whatever fails, the rest is closed: SQLite's thread alone would keep a dying process for ever.
        async with contextlib.AsyncExitStack() as closing:
            closing.push_async_callback(database.close)
            await database.connect(settings.database_url)
            gateway = Gateway(
                settings.stripe_api_key, settings.stripe_api_base, timeout=settings.stripe_timeout_seconds
            )
            closing.push_async_callback(gateway.close)
            http = await closing.enter_async_context(httpx.AsyncClient(trust_env=True))
            app.state.feed = feed = Feed()
            worker = Worker(gateway, settings, feed)
            closing.push_async_callback(worker.stop, WORKER_SECONDS)
            app.state.worker = worker
            rebuilt = await mirror.rebuild()
            if rebuilt:
                log.info("documents_rebuilt", count=rebuilt)
            app.state.settings, app.state.gateway = settings, gateway
            app.state.intake = intake = Intake(livemode=gateway.livemode, policy=settings.inbox)
            closing.push_async_callback(intake.close)
            authenticator = Authenticator(settings.auth, http)
            listening = asyncio.create_task(feed.listen(settings.database_url))
            closing.push_async_callback(_ended, listening)
            with contextlib.suppress(TimeoutError):  # it goes on trying
                await asyncio.wait_for(feed.listening.wait(), FEED_SECONDS)

            def page(scope: Scope) -> Response:
                token = _development_token(settings, _host_name(scope))
                html = graphiql.page(endpoint="/graphql", token=token, examples=examples)
                return HTMLResponse(html, headers=graphiql.HEADERS)

            app.state.graphql = endpoint.Endpoint(
                settings,
                gateway,
                feed,
                authenticator,
                page if settings.graphiql else None,
                compiles=compiles,
            )
            if settings.worker:
                worker.start()
            yield

    routes = [
        GraphQLRoute(),
        Route("/graphql/", without_slash, methods=["GET", "POST"]),
        Route("/webhooks/stripe", webhooks.receive, methods=["POST"]),
        Route("/onboarding/refresh", onboarding.refresh),
        Route("/onboarding/return", onboarding.come_back),
        Route("/healthz", healthy),
        Route("/readyz", ready),
    ]
    if settings.graphiql:
        routes.append(Route("/", lambda _: RedirectResponse("/graphql")))
    mounts = [Mount("/static", StaticFiles(directory=graphiql.STATIC.parent))] if settings.graphiql else []
    cors = functools.partial(
        CORSMiddleware,
        allow_origins=sorted(settings.return_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        allow_credentials=True,  # for the onboarding cookie, never for authentication
        expose_headers=["x-request-id"],
        max_age=600,
    )
    stopping = asyncio.Event()
    boundary = Middleware(
        Boundary,
        cors=cors,
        https=settings.public_url.startswith("https://"),
        is_stopping=stopping.is_set,
    )
    app = Starlette(routes=[*routes, *mounts], middleware=[boundary], lifespan=lifespan)
    app.state.stopping = stopping
    return app


def begin_stopping(app: Starlette) -> None:
    """From now on it says that it is not ready, ends connections and takes up no new work, but serves."""
    app.state.stopping.set()
    app.state.worker.halt()


def end_streams(app: Starlette) -> None:
    """The server is about to close every connection: tell those that stay open."""
    app.state.graphql.end_streams()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


class GraphQLRoute(BaseRoute):
    """/graphql, with any method and as a WebSocket: the endpoint that the lifespan made."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return Match.FULL if scope["path"] == "/graphql" else Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["app"].state.graphql(scope, receive, send)


async def without_slash(request: Request) -> Response:
    """To /graphql, with all that was asked."""
    return RedirectResponse(request.url.replace(path="/graphql"))


async def healthy(_request: Request) -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """The process can serve: it is not told to end, and the database answers, with every known migration."""
    if request.app.state.stopping.is_set():
        return JSONResponse({"status": "stopping"}, 503)

    async def look() -> tuple[bool, list[str]]:
        if not await database.is_migrated():
            return False, []
        # For monitoring. None of them is a reason to stop serving: all replicas would stop at once.
        return True, await health.codes()

    seen = await database.in_time(look())
    if seen is None:
        return JSONResponse({"status": "not ready", "database": "unreachable"}, 503)
    is_migrated, problems = seen
    if not is_migrated:
        return JSONResponse({"status": "not ready", "database": "ok", "migrations": "missing"}, 503)
    return JSONResponse(
        {
            "status": "ready",
            "database": "ok",
            "migrations": "ok",
            # Queries are right without it, so it is no reason to leave either.
            "feed": "ok" if request.app.state.feed.listening.is_set() else "not listening",
            "problems": problems,
        }
    )


def _host_name(scope: Scope) -> str:
    """The host name that the browser used, or "" for a header Host that holds none."""
    with contextlib.suppress(ValueError):  # brackets without an IPv6 address
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
    return ""


def _development_token(settings: Settings, host: str) -> str | None:
    """An operator's token for GraphiQL: made by a development key, for a browser on this machine alone.

    A page of somebody else's whose name was made to lead here asks with that name, and gets none.
    """
    auth = settings.auth
    if auth.development_key_file is None or settings.production or host not in LOOPBACK:
        return None
    return development.token(
        auth.development_key_file,
        issuer=auth.issuer,
        audience=auth.audience,
        role=Role.OPERATOR,
        merchant=None,
        role_claim=auth.role_claim,
        merchant_claim=auth.merchant_claim,
    )
