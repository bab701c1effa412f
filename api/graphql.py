"""/graphql: authenticates the request, gives it its context, serves GraphiQL to browsers."""

import contextlib
import json
import weakref
from collections.abc import Callable, Mapping
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http.streaming import HTTPStreamTransport
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from api import live
from api.auth import Authenticator, Unauthenticated
from api.jwks import KeysUnavailable
from api.middleware import refusal
from api.settings import Settings
from connect import faultpoints
from connect.feed import Feed
from connect.gateway import Gateway
from connect.links import LIFETIME
from connect.scope import Principal, Role
from resolvers.context import Context
from resolvers.schema import schema

# GraphiQL's page, for the host name that the browser asked for.
Page = Callable[[str], str]

_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

NOBODY = Principal("", Role.MERCHANT)

log = structlog.get_logger("graphql")


class Endpoint(GraphQL[Context, None]):
    """Strawberry's view with our authentication in front. POST and GET; mutations by POST alone.

    Subscriptions by WebSocket and as event streams, see `api.live`.
    """

    websocket_adapter_class = live.WebSocketAdapter
    graphql_transport_ws_handler_class = live.WebSocketHandler
    stream_transport_classes_by_protocol: Mapping[str, type[HTTPStreamTransport]] = {
        GRAPHQL_SSE_PROTOCOL: live.Transport
    }

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        feed: Feed,
        authenticator: Authenticator,
        page: Page | None,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=live.INIT_SECONDS),
            max_subscriptions_per_connection=settings.operations_per_connection,
            allowed_origins=sorted(settings.return_origins),
        )
        self.authenticator = authenticator
        self.connections = live.Connections(settings.live_connections, settings.live_connections_of_one)
        self.idle_seconds = settings.idle_seconds
        self._settings = settings
        self._gateway = gateway
        self._feed = feed
        self._page = page
        self._streams: weakref.WeakSet[live.EventStream] = weakref.WeakSet()
        self._has_left = False

    def leave(self) -> None:
        """End the event streams, now and from now on. The server ends the WebSockets."""
        self._has_left = True
        for stream in tuple(self._streams):
            stream.leave()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
            return
        request = Request(scope, receive)
        wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if self._page is not None and wants_page:
            # The name that the browser used: a foreign one may be a trap that leads to this machine.
            host = ""
            with contextlib.suppress(ValueError):  # brackets that hold no address
                host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
            await HTMLResponse(self._page(host), headers=_PAGE_HEADERS)(scope, receive, send)
            return
        try:
            principal = await self.authenticator.principal(request.headers.get("authorization"))
        except Unauthenticated as error:
            headers = {"WWW-Authenticate": "Bearer"}
            answer = refusal(401, "UNAUTHENTICATED", str(error), scope["connectql.request_id"], headers)
            await answer(scope, receive, send)
            return
        except KeysUnavailable as error:
            headers = {"Retry-After": "5"}
            code = "AUTHENTICATION_UNAVAILABLE"
            answer = refusal(503, code, str(error), scope["connectql.request_id"], headers)
            await answer(scope, receive, send)
            return
        scope["connectql.principal"] = principal

        async def sending(message: Message) -> None:
            await send(message)
            started = message["type"] == "http.response.start"
            faultpoints.reach("response.started" if started else "response.ended")

        if not live.SSE.accepts(request.headers.get("accept", "")):
            await super().__call__(scope, receive, sending)
            return
        try:
            with self.connections.counted(), self.connections.counted_for(principal):
                await super().__call__(scope, receive, sending)
        except live.TooManyConnections as error:
            await _too_many(error, scope)(scope, receive, send)

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self.connections.counted():
                await super().__call__(scope, receive, send)
        except live.TooManyConnections as error:
            await WebSocket(scope, receive, send).send_denial_response(_too_many(error, scope))

    async def _create_streaming_response(
        self, request: Request, result: Any, protocol: str, sub_response: Response
    ) -> Response:
        del protocol, sub_response  # there is one such protocol, and it sets no cookies
        stream = live.EventStream(
            result,
            self.encode_json_string,
            request_id=request.scope["connectql.request_id"],
            expires_at=request.scope["connectql.principal"].expires_at,
            heartbeat_seconds=self._settings.heartbeat_seconds,
        )
        self._streams.add(stream)
        if self._has_left:
            stream.leave()
        return stream

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """An object, or else a 400: the stock one lets through what then fails as a fault of ours."""
        with contextlib.suppress(ValueError, RecursionError):  # nested too deeply, no UTF-8, endless digits
            found = json.loads(data)
            if found is None or isinstance(found, dict | list):
                return found or {}
        raise json.JSONDecodeError("no object", "", 0)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        def give_cookie(name: str, value: str) -> None:
            MutableHeaders(raw=response.headers.raw).append(
                "Set-Cookie", cookie(name, value, self._settings.public_url)
            )

        return Context(
            # Of a WebSocket nobody's, who sees nothing, until connection_init brings a token.
            caller=request.scope.get("connectql.principal", NOBODY),
            request_id=request.scope["connectql.request_id"],
            gateway=self._gateway,
            feed=self._feed,
            public_url=self._settings.public_url,
            return_origins=self._settings.return_origins,
            stale_after=self._settings.stale_after,
            backfill_after=self._settings.backfill_after,
            most_cost=self._settings.max_cost,
            query_seconds=self._settings.execution_seconds,
            give_cookie=give_cookie,
        )


def _too_many(error: live.TooManyConnections, scope: Scope) -> Response:
    headers = {"Retry-After": "5"}
    return refusal(503, "TOO_MANY_CONNECTIONS", str(error), scope["connectql.request_id"], headers)


def cookie(name: str, value: str, public_url: str) -> str:
    """The cookie that lets a browser renew its onboarding link: for our onboarding addresses alone."""
    made: SimpleCookie = SimpleCookie({name: value})
    morsel = made[name]
    morsel["path"] = f"{urlsplit(public_url).path}/onboarding"  # as browsers see it
    morsel["max-age"] = int(LIFETIME.total_seconds())
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    morsel["secure"] = public_url.startswith("https://")
    return morsel.OutputString()
