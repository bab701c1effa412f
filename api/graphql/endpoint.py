"""/graphql: authenticates the request, gives it its context, serves GraphiQL to browsers."""

import asyncio
import contextlib
import json
import weakref
from collections.abc import Callable, Mapping
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
import structlog
from cross_web import AsyncHTTPRequestAdapter
from graphql import GraphQLError
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from api.auth.jwks import KeysUnavailable
from api.auth.tokens import Authenticator, Unauthenticated
from api.graphql import content_negotiation, event_stream, persisted, rates, requests, websocket
from api.graphql.requests import Refused
from api.server.middleware import refusal
from api.settings import Settings
from connect import faultpoints
from connect.feed import Feed
from connect.gateway import Gateway
from connect.merchants.links import LIFETIME
from connect.scope import Principal, Role
from models import outage
from resolvers.execution import compiled_query
from resolvers.execution.answer_cache import AnswerCache
from resolvers.execution.context import Context
from resolvers.execution.row_batcher import RowBatcher
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

# Of answers to operations that were not executed; for the others the request is to blame.
_STATUS = {"FORBIDDEN": 403, "INTERNAL": 500, "UNAVAILABLE": 503}

NOBODY = Principal("", Role.MERCHANT)

log = structlog.get_logger("graphql")


class Endpoint(GraphQL[Context, None]):
    """Strawberry's view with our authentication in front, and GraphQL over HTTP to the letter.

    Subscriptions by WebSocket and as event streams, see `api.graphql.event_stream`.
    """

    websocket_adapter_class = websocket.WebSocketAdapter
    graphql_transport_ws_handler_class = websocket.WebSocketHandler

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        feed: Feed,
        authenticator: Authenticator,
        page: Page | None,
        *,
        compiles: bool = True,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=websocket.INIT_SECONDS),
            max_subscriptions_per_connection=websocket.MAX_OPERATIONS,
            allowed_origins=sorted(settings.return_origins),
        )
        self.authenticator = authenticator
        self.connections = event_stream.Connections(
            settings.live_connections, settings.live_connections_of_one
        )
        self.documents = persisted.Documents(
            settings.persisted_operations, only_published=settings.only_persisted
        )
        self.idle_seconds = settings.idle_seconds
        self._of_callers = rates.limited(settings.requests_per_minute)
        self._of_addresses = rates.limited(settings.address_requests_per_minute)
        self._settings = settings
        self._gateway = gateway
        self._feed = feed
        self._page = page
        self._answers = AnswerCache(settings.kept_answers_bytes)
        self._batchers = {name: RowBatcher(name) for name in ("id", "external_id")}
        self._streams: weakref.WeakSet[event_stream.EventStream] = weakref.WeakSet()
        self._has_left = False
        self._compiles = compiles

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
        accept = request.headers.get("accept")
        try:
            self._check_address(scope)
            principal = await self.authenticator.principal(request.headers.get("authorization"))
        except (Unauthenticated, KeysUnavailable, Refused) as error:
            await _refused(_unauthenticated(error), scope, accept)(scope, receive, send)
            return
        scope["connectql.principal"] = principal

        async def sending(message: Message) -> None:
            await send(message)
            started = message["type"] == "http.response.start"
            faultpoints.reach("response.started" if started else "response.ended")

        answered: Response
        with contextlib.ExitStack() as counted:
            try:
                self.check_rate(principal)
                scope["connectql.media_type"] = media_type = _media_type(request)
                if media_type == content_negotiation.STREAM:
                    counted.enter_context(self.connections.counted())
                    counted.enter_context(self.connections.counted_for(principal))
                scope["connectql.asked"] = asked, text = await self._asked(request)
                found = await self._at_once(scope, principal, asked, text)
                if found is not None:
                    await _send_json(found, media_type, sending)
                    return
                answered = await self.run(request)
            except Refused as error:
                answered = _refused(error, scope, accept)
            except event_stream.TooManyConnections as error:
                answered = _too_many(error, scope)
            await answered(scope, receive, sending)

    async def _asked(self, request: Request) -> tuple[dict[str, Any], str]:
        """The request's parameters, and its document. Raises Refused."""
        if request.method == "GET":
            asked = requests.queried(request.query_params)
        else:
            body = await _body(request.receive)
            asked = requests.posted(request.headers.get("content-type"), body)
        return asked, self.documents.text(asked)

    async def _at_once(
        self, scope: Scope, principal: Principal, asked: Mapping[str, Any], text: str
    ) -> bytes | None:
        """The answer to an operation that only reads merchants; None if graphql-core has to give it."""
        if scope["connectql.media_type"] == content_negotiation.STREAM or not self._compiles:
            return None
        if "cost" in (asked.get("extensions") or {}):
            return None
        prepared = compiled_query.prepare(
            text, asked.get("operationName") or None, asked.get("variables"), self._settings.max_cost
        )
        if prepared is None:
            return None
        ends = asyncio.get_running_loop().time() + self._settings.execution_seconds
        scope["connectql.query_ends"] = ends
        reader = compiled_query.Reader(principal, self._settings.stale_after, self._answers, self._batchers)
        found: bytes | None = None
        try:
            async with asyncio.timeout_at(ends):
                found = await compiled_query.answer(*prepared, reader)
        except TimeoutError:
            pass  # graphql-core has no time left either, and says so
        except Exception as error:
            if outage.reason(error) is None:
                log.exception("compiled_query_failed")
            else:
                scope["connectql.failure"] = error
        return found

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.ExitStack() as admission:
            try:
                self._check_address(scope)
                admission.enter_context(self.connections.waiting())
            except event_stream.TooManyConnections as error:
                await WebSocket(scope, receive, send).send_denial_response(_too_many(error, scope))
                return
            except Refused as error:
                answer = _refused(error, scope, None)
                await WebSocket(scope, receive, send).send_denial_response(answer)
                return
            scope["connectql.admission"] = admission  # with the token it counts among its caller's
            await super().__call__(scope, receive, send)

    def check_rate(self, principal: Principal) -> None:
        """Count an operation of this caller. Raises Refused."""
        rates.check(self._of_callers, principal, "you")

    def _check_address(self, scope: Scope) -> None:
        rates.check(self._of_addresses, (scope.get("client") or ("",))[0], "your address")

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        del request  # the page was asked for by its type, and an operation may come without a `query`
        return False

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        asked, text = request._request.scope["connectql.asked"]  # type: ignore[attr-defined]  # noqa: SLF001
        return GraphQLRequestData(
            query=text,
            variables=asked.get("variables"),
            operation_name=asked.get("operationName") or None,
            extensions=asked.get("extensions"),
            protocol="sse"
            if content_negotiation.chosen(request.headers.get("accept")) == content_negotiation.STREAM
            else "http",
        )

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        del request, sub_response
        try:
            return await self.schema.execute(
                request_data.query,
                root_value=root_value,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=OperationType.from_http(request_adapter.method),
                operation_extensions=request_data.extensions,
            )
        except MissingQueryError as error:
            raise Refused(persisted.ABSENT) from error
        except InvalidOperationTypeError as error:
            raise Refused(
                "Mutations change something, so they need POST.",
                code="METHOD_NOT_ALLOWED",
                status=405,
                headers={"Allow": "POST"},
            ) from error
        except CannotGetOperationTypeError as error:
            extensions = {"code": "BAD_USER_INPUT", "requestId": context.request_id}
            return PreExecutionError(
                None, [GraphQLError(error.as_http_error_reason(), extensions=extensions)]
            )

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        found = await super().process_result(request, result)
        if result.data is None and all(error.path is None for error in result.errors or ()):
            del found["data"]  # nothing was executed: the document, its variables or its cost were refused
        return found

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        made = await super().get_sub_response(request)
        made.media_type = request.scope["connectql.media_type"]
        return made

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        media_type = f"{sub_response.media_type}; charset=utf-8"
        status = _status(cast("GraphQLHTTPResponse", response_data), sub_response.media_type)
        answer = Response(self.encode_json(response_data), status, media_type=media_type)
        answer.headers.raw.extend(sub_response.headers.raw)
        return answer

    async def _create_streaming_response(
        self, request: Request, result: Any, protocol: str, sub_response: Response
    ) -> Response:
        del protocol, sub_response  # there is one such protocol, and it sets no cookies
        stream = event_stream.EventStream(
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
        """A WebSocket's message."""
        try:
            return requests.decoded(data)
        except ValueError as error:
            raise json.JSONDecodeError(str(error), "", 0) from error

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
            compiles=self._compiles,
            query_ends=request.scope.get("connectql.query_ends"),
            failure=request.scope.get("connectql.failure"),
            give_cookie=give_cookie,
        )


async def _body(receive: Receive) -> bytes:
    """The whole body. Raises ClientDisconnect."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _send_json(body: bytes, media_type: str, send: Send) -> None:
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _media_type(request: Request) -> str:
    """What this request is answered in. Raises Refused."""
    if request.method not in {"GET", "POST"}:
        raise Refused(
            "GraphQL is asked by GET or POST.",
            code="METHOD_NOT_ALLOWED",
            status=405,
            headers={"Allow": "GET, POST"},
        )
    found = content_negotiation.chosen(request.headers.get("accept"))
    if found is None:
        raise Refused(
            f"Nothing that you accept can be sent. Accept {content_negotiation.RESPONSE}, "
            f"{content_negotiation.JSON} or {content_negotiation.STREAM}.",
            code="NOT_ACCEPTABLE",
            status=406,
        )
    return found


def _status(response: GraphQLHTTPResponse, media_type: str | None) -> int:
    if "data" in response:
        return 200
    errors: list[Any] = response["errors"] or []
    status = _STATUS.get(errors[0]["extensions"]["code"], 400)
    # As application/json any other status could be somebody's between here and the client.
    return 200 if status == 400 and media_type == content_negotiation.JSON else status


def _unauthenticated(error: Unauthenticated | KeysUnavailable | Refused) -> Refused:
    if isinstance(error, Unauthenticated):
        headers = {"WWW-Authenticate": "Bearer"}
        return Refused(str(error), code="UNAUTHENTICATED", status=401, headers=headers)
    if isinstance(error, KeysUnavailable):
        headers = {"Retry-After": "5"}
        return Refused(str(error), code="AUTHENTICATION_UNAVAILABLE", status=503, headers=headers)
    return error


def _refused(error: Refused, scope: Scope, accept: str | None) -> Response:
    request_id = scope["connectql.request_id"]
    return refusal(error.status, error.code, error.message, request_id, error.headers, accept=accept)


def _too_many(error: event_stream.TooManyConnections, scope: Scope) -> Response:
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
