"""/graphql: GraphQL over HTTP, event streams and WebSockets as one ASGI application."""

import asyncio
import contextlib
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api import onboarding
from api.auth.tokens import Authenticator
from api.graphql import content_negotiation, persisted, rates, requests
from api.graphql.connections import Connections
from api.graphql.event_stream import EventStream
from api.graphql.requests import Call
from api.graphql.websocket import WebSocketView
from api.server import refusals
from api.server.refusals import Refused
from api.settings import Settings
from connect import faultpoints
from connect.feed import Feed
from connect.gateway import Gateway
from connect.scope import Principal
from models import outage
from resolvers.execution import compiled_query
from resolvers.execution.answer_cache import AnswerCache
from resolvers.execution.context import Context
from resolvers.execution.row_batcher import RowBatcher
from resolvers.schema import schema

# Answers a browser with GraphiQL.
Page = Callable[[Scope], Response]

_CONTENT_TYPE = {
    media_type: (b"content-type", f"{media_type}; charset=utf-8".encode())
    for media_type in (content_negotiation.JSON, content_negotiation.RESPONSE)
}

# HTTP status by error code when nothing was executed; any other code is a 400.
_STATUS = {"FORBIDDEN": 403, "INTERNAL": 500, "UNAVAILABLE": 503}

_OPERATION_TYPES: dict[str, set[OperationType]] = {
    method: OperationType.from_http(method) for method in requests.METHODS
}

log = structlog.get_logger("graphql")


class Endpoint:
    """Authenticates a request, counts it, reads it and answers it.

    With `compiles=False`, graphql-core executes everything.
    """

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
        self.settings = settings
        self.authenticator = authenticator
        self.connections = Connections(settings.live_connections, settings.live_connections_of_one)
        self.documents = persisted.Documents(
            settings.persisted_operations, only_published=settings.only_persisted
        )
        self._caller_rates = rates.of(settings.requests_per_minute)
        self._address_rates = rates.of(settings.address_requests_per_minute)
        self._gateway = gateway
        self._feed = feed
        self._page = page
        self._compiles = compiles
        self._answers = AnswerCache(settings.kept_answers_bytes)
        self._batchers = {name: RowBatcher(name) for name in ("id", "external_id")}
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
        self._is_ending = False

    def end_streams(self) -> None:
        """End the event streams, now and from now on. The server ends the WebSockets."""
        self._is_ending = True
        for stream in tuple(self._streams):
            stream.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
            return
        headers = dict(reversed(scope["headers"]))  # of several with one name, the first counts
        if (
            self._page is not None
            and scope["method"] == "GET"
            and b"text/html" in headers.get(b"accept", b"")
        ):
            await self._page(scope)(scope, receive, send)
            return
        try:
            call = await self._read(scope, headers, receive)
            if call.media_type == content_negotiation.STREAM:
                with self.connections.open(call.principal):
                    await (await self._stream(call))(scope, receive, send)
            else:
                await self._answer(call, send)
        except Refused as refused:
            await refusals.response(refused, scope)(scope, receive, send)

    async def _read(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Call:
        """The request, whose caller is authenticated and counted. Raises Refused."""
        self._check_address(scope)
        principal = await self.authenticator.principal(_text(headers, b"authorization"))
        self.check_rate(principal)
        method = scope["method"]
        media_type = requests.media_type(method, _text(headers, b"accept"))
        if method == "GET":
            parameters = requests.parse_query(scope["query_string"])
        else:
            parameters = requests.parse_body(
                _text(headers, b"content-type"), await requests.read_body(receive)
            )
        return Call(
            scope["state"]["request_id"],
            method,
            principal,
            media_type,
            self.documents.text(parameters),
            parameters.get("operationName") or None,
            parameters.get("variables"),
            parameters.get("extensions") or {},
        )

    async def _answer(self, call: Call, send: Send) -> None:
        status, body, cookies = 200, await self._run_compiled(call), list[bytes]()
        if body is None:
            response = await self._execute(call, cookies)
            status, body = _status(response, call.media_type), orjson.dumps(response)
        headers = [_CONTENT_TYPE[call.media_type], (b"content-length", b"%d" % len(body))]
        headers += [(b"set-cookie", value) for value in cookies]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        faultpoints.reach("response.started")
        await send({"type": "http.response.body", "body": body})
        faultpoints.reach("response.ended")

    async def _run_compiled(self, call: Call) -> bytes | None:
        """The response to an operation that only reads merchants, or None if graphql-core must answer it."""
        if not self._compiles or "cost" in call.extensions:
            return None
        prepared = compiled_query.prepare(
            call.document, call.operation_name, call.variables, self.settings.max_cost
        )
        if prepared is None:
            return None
        call.deadline = asyncio.get_running_loop().time() + self.settings.execution_seconds
        reader = compiled_query.Reader(
            call.principal, self.settings.stale_after, self._answers, self._batchers
        )
        try:
            async with asyncio.timeout_at(call.deadline):
                return await compiled_query.answer(*prepared, reader)
        except TimeoutError:
            pass  # graphql-core meets the same deadline and reports it
        except Exception as error:
            if outage.reason(error) is None:
                log.exception("compiled_query_failed")
            else:
                call.failure = error
        return None

    async def _execute(self, call: Call, cookies: list[bytes]) -> GraphQLHTTPResponse:
        """The response of graphql-core. Raises Refused."""
        try:
            result = await schema.execute(
                call.document,
                call.variables,
                self._context(call, cookies),
                operation_name=call.operation_name,
                allowed_operation_types=_OPERATION_TYPES[call.method],
                operation_extensions=call.extensions,
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
            extensions = {"code": "BAD_USER_INPUT", "requestId": call.request_id}
            return {"errors": [GraphQLError(error.as_http_error_reason(), extensions=extensions).formatted]}
        response = process_result(result)
        if result.data is None and all(error.path is None for error in result.errors or ()):
            del response["data"]  # nothing was executed
        return response

    async def _stream(self, call: Call) -> EventStream:
        results = await schema.stream(
            call.document,
            call.variables,
            self._context(call, []),
            operation_name=call.operation_name,
            allowed_operation_types=_OPERATION_TYPES[call.method],
            operation_extensions=call.extensions,
        )
        stream = EventStream(
            results,
            lambda response: orjson.dumps(response).decode(),
            request_id=call.request_id,
            expires_at=call.principal.expires_at,
            heartbeat_seconds=self.settings.heartbeat_seconds,
        )
        self._streams.add(stream)
        if self._is_ending:
            stream.end()
        return stream

    def _context(self, call: Call, cookies: list[bytes]) -> Context:
        def give_cookie(name: str, value: str) -> None:
            cookies.append(onboarding.cookie(name, value, self.settings.public_url).encode("latin-1"))

        context = self.context(call.principal, call.request_id, give_cookie)
        context.query_ends, context.failure = call.deadline, call.failure
        return context

    def context(self, caller: Principal, request_id: str, give_cookie: Callable[[str, str], None]) -> Context:
        return Context(
            caller=caller,
            request_id=request_id,
            gateway=self._gateway,
            feed=self._feed,
            public_url=self.settings.public_url,
            return_origins=self.settings.return_origins,
            stale_after=self.settings.stale_after,
            backfill_after=self.settings.backfill_after,
            most_cost=self.settings.max_cost,
            query_seconds=self.settings.execution_seconds,
            compiles=self._compiles,
            give_cookie=give_cookie,
        )

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.ExitStack() as admission:
            try:
                self._check_address(scope)
                admission.enter_context(self.connections.wait())
            except Refused as refused:
                denial = refusals.response(refused, scope)
                await WebSocket(scope, receive, send).send_denial_response(denial)
                return
            await WebSocketView(self, admission)(scope, receive, send)

    def check_rate(self, principal: Principal) -> None:
        """Count an operation of this caller. Raises Refused."""
        if self._caller_rates is not None:
            self._caller_rates.check(principal, "you")

    def _check_address(self, scope: Scope) -> None:
        if self._address_rates is not None:
            self._address_rates.check((scope.get("client") or ("",))[0], "your address")


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _status(response: GraphQLHTTPResponse, media_type: str) -> int:
    if "data" in response:
        return 200
    errors: list[Any] = response["errors"] or []
    status = _STATUS.get(errors[0]["extensions"]["code"], 400)
    # As application/json, only 200 shows that the response comes from the GraphQL service.
    return 200 if status == 400 and media_type == content_negotiation.JSON else status
