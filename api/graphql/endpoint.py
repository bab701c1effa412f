"""/graphql: GraphQL over HTTP, event streams and WebSockets as one ASGI application."""

import contextlib
import weakref
from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from api.auth.tokens import Authenticator
from api.board.page import MANIFEST
from api.configuration import origins
from api.configuration.settings import Settings
from api.graphql import content_negotiation, persisted, rates, requests
from api.graphql.connections import Connections
from api.graphql.event_stream import EventStream
from api.graphql.manifests import NAME, VERSION, Manifests
from api.graphql.operations import Operations
from api.graphql.requests import Call
from api.graphql.websocket import WebSocketView
from api.server import refusals
from api.server.refusals import Refused
from api.telemetry.telemetry import OFF, Telemetry
from connect.platform import faultpoints
from connect.platform.feed import Feed
from connect.platform.rates import of as rate_limit
from connect.scope import Principal
from connect.stripe_api.gateway import Gateway
from resolvers.execution import query_compiler

# Builds the GraphiQL page for a browser.
Page = Callable[[Scope], Response]

_CONTENT_TYPE = {
    media_type: (b"content-type", f"{media_type}; charset=utf-8".encode())
    for media_type in (content_negotiation.JSON, content_negotiation.RESPONSE)
}


class Endpoint:
    """Authenticates each request, applies the rate limits, parses the request and runs its operation."""

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        feed: Feed,
        authenticator: Authenticator,
        page: Page | None,
        telemetry: Telemetry = OFF,
        *,
        compiles: bool = True,
    ) -> None:
        self.settings = settings
        self.authenticator = authenticator
        self.telemetry = telemetry
        self.operations = Operations(settings, gateway, feed, telemetry, compiles=compiles)
        self.connections = Connections(settings.live_connections, settings.live_connections_of_one)
        # The board's operations are published, so the board also works if the service runs only published
        # operations.
        board = persisted.published(MANIFEST) if settings.board.is_served else {}
        published = {**board, **settings.persisted_operations}
        documents = persisted.Documents(published, only_published=settings.only_persisted)
        self.manifests = Manifests(documents, published)
        self._caller_rates = rate_limit(settings.requests_per_minute)
        self._address_rates = rate_limit(settings.address_requests_per_minute)
        self._websocket_origins = origins.Allowed(
            settings.websocket_origins | origins.own(settings.public_url), "CONNECTQL_WEBSOCKET_ORIGINS"
        )
        self._page = page
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
        self._is_ending = False

    def end_streams(self) -> None:
        """End the open event streams, and end each later stream as soon as it starts. uvicorn closes the
        WebSockets.
        """
        self._is_ending = True
        for stream in tuple(self._streams):
            stream.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
            return
        headers = dict(reversed(scope["headers"]))  # the first of repeated headers wins
        wants_page = scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b"")
        if self._page is not None and wants_page:
            await self._page(scope)(scope, receive, send)
            return
        try:
            call = await self._read(scope, headers, receive)
            if call.media_type == content_negotiation.STREAM:
                with self.connections.open(call.principal):
                    await (await self._stream(call))(scope, receive, send)
            else:
                status, body = await self.operations.run(call)
                await _send(call, status, body, send)
        except Refused as refused:
            self.telemetry.refused(refused.code)
            await refusals.response(refused, scope)(scope, receive, send)

    async def _read(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Call:
        """Authenticate the caller, apply the rate limits and parse the request. Raises Refused."""
        principal = await self.admit(scope, _text(headers, b"authorization"))
        method = scope["method"]
        media_type = requests.media_type(method, _text(headers, b"accept"))
        if method == "GET":
            parameters = requests.parse_query(scope["query_string"])
        else:
            body = await requests.read_body(receive)
            if b"content-encoding" in headers:
                body = requests.decompress(_text(headers, b"content-encoding"), body)
            parameters = requests.parse_body(_text(headers, b"content-type"), body)
        document = await self.manifests.text(parameters)
        name = parameters.get("operationName") or None
        client = _text(headers, NAME) or ""
        if client:
            self.manifests.uses.count(client, _text(headers, VERSION) or "")
        if (
            "subscription" in document
            and content_negotiation.accepts_stream(_text(headers, b"accept"))
            and query_compiler.is_subscription(self.operations.schema, document, name)
        ):
            media_type = content_negotiation.STREAM
        return Call(
            scope["state"]["request_id"],
            method,
            principal,
            media_type,
            document,
            name,
            parameters.get("variables"),
            parameters.get("extensions") or {},
            client=client,
        )

    async def admit(self, scope: Scope, authorization: str | None) -> Principal:
        """Return the caller of a request, and count the request against the rate limits. Raises Refused."""
        self._check_address(scope)
        principal = await self.authenticator.principal(authorization)
        self.check_rate(principal)
        return principal

    async def _stream(self, call: Call) -> EventStream:
        with self.telemetry.live_operation(self.operations.schema, call.document, call.operation_name):
            results = await self.operations.stream(call)
        stream = EventStream(results, call, self.settings.heartbeat_seconds)
        self._streams.add(stream)
        if self._is_ending:
            stream.end()
        return stream

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.ExitStack() as admission:
            try:
                self._check_address(scope)
                self._check_origin(scope)
                admission.enter_context(self.connections.wait())
            except Refused as refused:
                denial = refusals.response(refused, scope)
                await WebSocket(scope, receive, send).send_denial_response(denial)
                return
            await WebSocketView(self, admission)(scope, receive, send)

    def _check_origin(self, scope: Scope) -> None:
        """Refuse a WebSocket from a page whose origin is not allowed. All browsers send the header Origin.
        Raises Refused.
        """
        origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        if origin is not None and origin.decode("latin-1") not in self._websocket_origins:
            text = (
                "Pages of this origin may not open a WebSocket. Ask the operator of this service to allow it."
            )
            raise Refused(text, "ORIGIN_NOT_ALLOWED", 403)

    def check_rate(self, principal: Principal) -> None:
        """Count one operation against the caller's rate limit. Raises Refused."""
        rates.check(self._caller_rates, principal, "you")

    def _check_address(self, scope: Scope) -> None:
        if self._address_rates is not None:
            address = (scope.get("client") or ("",))[0]
            rates.check(self._address_rates, rates.network(address), "your address")


async def _send(call: Call, status: int, body: bytes, send: Send) -> None:
    headers = [_CONTENT_TYPE[call.media_type], (b"content-length", b"%d" % len(body))]
    headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in call.cookies]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    faultpoints.reach("response.started")
    await send({"type": "http.response.body", "body": body})
    faultpoints.reach("response.ended")


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")
