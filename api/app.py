"""The ASGI application: its routes, and the objects that live as long as the process."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api import resources, webhooks
from api.auth import development
from api.auth.tokens import Authenticator
from api.board import page as board
from api.configuration import origins
from api.configuration.settings import Settings
from api.graphiql import page as graphiql
from api.graphiql.examples import examples
from api.graphql import endpoint, evidence_files
from api.graphql.manifests import Manifests
from api.pages import onboarding
from api.server import probes
from api.server.middleware import BodyLimit, Boundary
from api.telemetry.labels import Routes
from api.worker import Worker
from connect.events.intake import Intake
from connect.finances import payouts
from connect.merchants.mirror import documents
from connect.payments.mirror import documents as payment_documents
from connect.platform import pacing
from connect.platform.feed import Feed
from connect.scope import Role
from models import outage

# At shutdown, the worker may take this long to finish its current work. The worker and the database
# connections together must end within five seconds (docs/operating.md).
WORKER_SECONDS = 3.0

# At shutdown, storing the last counts of clients' operations may take this long.
STORE_SECONDS = 1.0

# Startup waits at most this long for the feed. Afterwards the feed keeps trying in the background.
FEED_SECONDS = 2.0

log = structlog.get_logger("app")


def create_app(settings: Settings, *, compiles: bool = True) -> Starlette:
    """Return the application. Its lifespan connects to the database, which must be migrated, and starts a
    worker unless the settings turn it off.
    """
    telemetry = resources.start_telemetry(settings)
    path = urlsplit(settings.public_url).path  # requests lack this path, because a proxy removes it

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as closing:
            closing.push_async_callback(telemetry.close)
            await closing.enter_async_context(resources.open_database(settings, telemetry.on_query))
            gateway = await closing.enter_async_context(resources.open_counted_gateway(settings))
            gateway.on_end = telemetry.on_call
            http = await closing.enter_async_context(httpx.AsyncClient(trust_env=True))
            app.state.feed = feed = Feed()
            worker = Worker(gateway, settings, feed, telemetry)
            closing.push_async_callback(worker.stop, WORKER_SECONDS)
            app.state.worker = worker
            rebuilt = await documents.rebuild() + await payment_documents.rebuild() + await payouts.rebuild()
            if rebuilt:
                log.info("documents_rebuilt", count=rebuilt)
            limits = pacing.Limits(
                settings.stripe_calls_per_minute_of_merchant, settings.stripe_calls_per_minute_of_caller
            )
            pace = pacing.for_clients(
                settings.stripe_calls_per_second,
                limits,
                settings.database_silence_seconds,
                of_operation=settings.stripe_calls_per_second_of_operation,
            )
            paced = gateway.with_pacing(pace)
            app.state.settings, app.state.gateway = settings, paced
            app.state.intake = intake = Intake(livemode=gateway.livemode, policy=settings.inbox)
            closing.push_async_callback(intake.close)
            authenticator = Authenticator(settings.auth, http)
            closing.push_async_callback(authenticator.close)
            listening = asyncio.create_task(feed.listen(settings.feed_url))
            closing.push_async_callback(_cancel, listening)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(feed.listening.wait(), FEED_SECONDS)

            def page(scope: Scope) -> Response:
                token = _development_token(settings, _host_name(scope))
                html = graphiql.page(path=path, token=token, examples=examples(settings.public_url))
                return HTMLResponse(html, headers=graphiql.HEADERS)

            app.state.graphql = endpoint.Endpoint(
                settings,
                paced,
                feed,
                authenticator,
                page if settings.graphiql else None,
                telemetry,
                compiles=compiles,
            )
            await closing.enter_async_context(
                resources.serve_metrics(settings, telemetry, gateway, feed, app.state.graphql)
            )
            manifests = app.state.graphql.manifests
            await manifests.look()
            closing.push_async_callback(_store, manifests)
            closing.push_async_callback(_cancel, asyncio.create_task(manifests.run()))
            if settings.worker:
                worker.start()
            yield

    routes = _routes(settings, path)
    cors = functools.partial(
        CrossOrigin,
        allowed=origins.Allowed(
            settings.browser_origins | origins.own(settings.public_url), "CONNECTQL_BROWSER_ORIGINS"
        ),
        allow_methods=["GET", "POST"],
        # Clients, tracing and error reporting add headers of their own.
        allow_headers=["*"],
        # Only the cookies of account links need this. No cookie authenticates a caller.
        allow_credentials=True,
        expose_headers=["x-request-id", "retry-after"],
        max_age=600,
    )
    stopping = asyncio.Event()
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.stopping = stopping
    app.state.uploads = evidence_files.uploads()
    # Leave out Starlette's outermost layer, because `Boundary` handles every exception.
    named = Routes(routes)
    app.middleware_stack = telemetry.requests(
        Boundary(
            GraphQLFirst(ExceptionMiddleware(app.router)),
            cors=cors,
            https=settings.public_url.startswith("https://"),
            is_stopping=stopping.is_set,
            body_limits={evidence_files.PATH: BodyLimit(evidence_files.MAX_BYTES, evidence_files.SECONDS)},
            on_response=telemetry.on_response(named),
        ),
        named,
    )
    return app


def _routes(settings: Settings, path: str) -> list[BaseRoute]:
    """Return all routes except /graphql. `path` is the path of the public URL, which a proxy removes."""
    routes: list[BaseRoute] = [
        Route("/webhooks/stripe", webhooks.receive, methods=["POST"]),
        Route(evidence_files.PATH, evidence_files.receive, methods=["POST"]),
        Route("/onboarding/refresh", onboarding.refresh),
        Route("/onboarding/return", onboarding.come_back),
        Route("/dashboard/refresh", onboarding.refresh),
        Route("/healthz", probes.healthy),
        Route("/readyz", probes.ready),
    ]
    if settings.graphiql:
        # The Host header is not trusted, so no redirect contains it.
        routes.append(Route("/", lambda _: RedirectResponse(f"{path}/graphql")))
    if settings.board.is_served:
        routes += board.routes(
            settings.board, path, lambda scope: _development_token(settings, _host_name(scope))
        )
    if settings.graphiql:
        routes.append(Mount("/static", StaticFiles(directory=graphiql.STATIC.parent)))
    return routes


def begin_stopping(app: Starlette) -> None:
    """Report "not ready", close connections after responses, start no new work, but keep serving."""
    app.state.stopping.set()
    app.state.worker.halt()


def end_streams(app: Starlette) -> None:
    """End the event streams, because the server is about to close all connections."""
    app.state.graphql.end_streams()


async def _cancel(task: asyncio.Task[None]) -> None:
    # In Python 3.11 `asyncio.wait_for` can swallow a cancellation, so one cancellation may not be enough.
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1)


async def _store(manifests: Manifests) -> None:
    """Store the last counts of clients' operations, if the database is available."""
    try:
        await asyncio.wait_for(manifests.uses.store(), STORE_SECONDS)
    except Exception as error:
        if outage.reason(error) is None and not isinstance(error, TimeoutError):
            log.exception("client_use_not_stored")


class CrossOrigin(CORSMiddleware):
    """Starlette's CORS middleware, but `Allowed` checks the origins and logs the refused ones."""

    def __init__(self, app: ASGIApp, *, allowed: origins.Allowed, **options: Any) -> None:
        super().__init__(app, **options)
        self._allowed = allowed

    def is_allowed_origin(self, origin: str) -> bool:
        return origin in self._allowed


class GraphQLFirst:
    """Passes /graphql, with any method and as a WebSocket, to the endpoint that the lifespan creates.

    The router and its middleware would take longer than all the work of the endpoint before it runs the
    query. Each path works with and without a slash at its end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        path = scope.get("path", "")
        if path.endswith("/") and path != "/":
            scope["path"] = path = path.rstrip("/") or "/"
        if path == "/graphql":
            endpoint: ASGIApp = scope["app"].state.graphql
            return endpoint(scope, receive, send)
        return self._app(scope, receive, send)


def _host_name(scope: Scope) -> str:
    """Return the name in the Host header, or "" if the header is missing or invalid."""
    with contextlib.suppress(ValueError):  # the brackets contain no IPv6 address
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
    return ""


def _development_token(settings: Settings, host: str) -> str | None:
    """Return an operator's token for GraphiQL or the board in a browser on this machine, if a development key
    is set. `host` is the name in the Host header. Returns no token for any name but `localhost` and the
    loopback addresses, even if the name resolves to this machine.
    """
    auth = settings.auth
    if auth.development_key_file is None or settings.production or host not in origins.LOOPBACK:
        return None
    return development.token(
        auth.development_key_file,
        issuer=auth.issuer,
        audience=auth.audience,
        role=Role.OPERATOR,
        merchant=None,
    )
