"""GraphQL over WebSocket: graphql-transport-ws, with a token in `connection_init`.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)

from api.auth.tokens import EXPIRED
from api.graphql import requests
from api.graphql.manifests import NAME, VERSION
from api.server.refusals import Refused
from connect.scope import Principal, Role
from resolvers.execution.context import Context

if TYPE_CHECKING:
    from api.graphql.endpoint import Endpoint

MAX_MESSAGE_BYTES = 64 * 1024
# One connection may have this many open operations.
MAX_OPERATIONS = 20
# Seconds for a client to send `connection_init`.
INIT_SECONDS = 10
# Seconds to send the close frame.
CLOSE_SECONDS = 5.0
# Event loops limit the delay of a timer, so a connection lasts at most 30 days.
MAX_TIMER_SECONDS = 30 * 24 * 3600.0

# The principal until `connection_init` brings a token. It can see no merchant.
NOBODY = Principal("", Role.MERCHANT)

MISSING = 'no token. Send {"Authorization": "Bearer <token>"} as the payload of connection_init.'


class WebSocketAdapter(ASGIWebSocketAdapter):
    """Raises WebSocketDisconnected when an operation sends a message after the connection was closed."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is WebSocketState.CONNECTED:
            # A close frame holds at most 123 bytes of text.
            text = reason.encode(errors="replace")[:123].decode(errors="ignore")
            with contextlib.suppress(WebSocketDisconnect):
                await super().close(code, text)


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Handles one connection. Closes it when its token expires, or after `idle_seconds` without an
    operation.
    """

    view: "WebSocketView"
    websocket: WebSocketAdapter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._endpoint = self.view.endpoint
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._endings: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[Any] | None = None
        self._is_shut_down = False
        # The name and version of the client, if it sends them.
        self._client: tuple[str, str] | None = None

    async def handle(self) -> None:
        self._task = asyncio.current_task()
        await super().handle()

    async def shutdown(self) -> None:
        self._is_shut_down = True
        await super().shutdown()
        for timer in self._timers.values():
            timer.cancel()

    async def handle_message(self, message: Any) -> None:
        problem = _find_problem(message)
        if problem is not None:
            await self.handle_invalid_message(problem)
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        if self.connection_timed_out:
            return
        if self.connection_init_received:
            await self.websocket.close(4429, "Too many initialisation requests")
            return
        self.connection_init_received = True
        if self.connection_init_timeout_task:
            self.connection_init_timeout_task.cancel()
        headers = {name.lower(): value for name, value in (message.get("payload") or {}).items()}
        authorization = headers.get("authorization", self._authorization_of_handshake())
        if not isinstance(authorization, str):
            await self.websocket.close(4403, f"Forbidden: {MISSING}")
            return
        try:
            principal = await self._endpoint.authenticator.principal(authorization)
            admission = self.view.admission
            with admission.pop_all():  # the connection no longer counts as waiting
                admission.enter_context(self._endpoint.connections.open(principal))
        except Refused as refused:
            if refused.status == 401:
                await self.websocket.close(4403, f"Forbidden: {refused}")
            else:
                await self.websocket.close(1013, str(refused))  # 1013 asks the client to try again later
            return
        self.context.principal = principal
        self._client = _client(headers)
        self.context.client = self._client[0] if self._client else ""
        await self.send_message({"type": "connection_ack"})
        self.connection_acknowledged = True
        self._end_after("expiry", principal.expires_at - time.time(), 4403, f"Forbidden: {EXPIRED}")
        self._watch_idleness()

    def _authorization_of_handshake(self) -> str | None:
        """Return the Authorization header of the handshake, or None. Clients other than browsers may send
        their token in this header. A web page cannot set it. A proxy may add it to a browser's request, but
        the origin of such a request has been checked.
        """
        authorization: str | None = self.websocket.ws.headers.get("authorization")
        return authorization

    async def handle_subscribe(self, message: Any) -> None:
        # Strawberry closes the connection if the operation precedes `connection_ack` or reuses the id of an
        # open operation.
        if self.connection_acknowledged and message["id"] not in self.operations:
            payload = message["payload"]
            try:
                self._check_operations()
                self._endpoint.check_rate(self.context.principal)
                payload["query"] = await self._endpoint.manifests.text(payload)
                payload["operationName"] = payload.get("operationName") or None
                if self._client:
                    self._endpoint.manifests.uses.count(*self._client)
            except Refused as refused:
                await self._refuse(message["id"], refused)
                return
        if timer := self._timers.pop("idleness", None):
            timer.cancel()
        await super().handle_subscribe(message)
        operation = self.operations.get(message["id"])
        if operation is not None and operation.task is not None:
            operation.task.add_done_callback(lambda _: self._watch_idleness())

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        schema, name = self._endpoint.operations.schema, operation.operation_name
        with self._endpoint.telemetry.live_operation(schema, operation.query, name):
            await super().run_operation(operation)

    def _check_operations(self) -> None:
        if len(self.operations) >= MAX_OPERATIONS:
            message = f"Too many operations: the limit for one connection is {MAX_OPERATIONS}. Complete some."
            raise Refused(message, "TOO_MANY_SUBSCRIPTIONS")

    async def _refuse(self, operation_id: str, refused: Refused) -> None:
        error = GraphQLError(refused.message, extensions=refused.extensions(self.context.request_id))
        await self.send_message({"id": operation_id, "type": "error", "payload": [error.formatted]})

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)

    def _watch_idleness(self) -> None:
        if not self.operations and not self._is_shut_down:
            seconds = self._endpoint.settings.idle_seconds
            self._end_after("idleness", seconds, 1000, "Idle: no operation is open on this connection.")

    def _end_after(self, name: str, seconds: float, code: int, reason: str) -> None:
        def end() -> None:
            self._endings.add(ending := asyncio.ensure_future(self._end(code, reason)))
            ending.add_done_callback(self._endings.discard)

        if timer := self._timers.get(name):
            timer.cancel()
        delay = min(max(seconds, 0.0), MAX_TIMER_SECONDS)
        self._timers[name] = asyncio.get_running_loop().call_later(delay, end)

    async def _end(self, code: int, reason: str) -> None:
        for operation_id in list(self.operations):
            await self.cleanup_operation(operation_id)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.websocket.close(code, reason)
        except TimeoutError:  # the client does not read
            if self._task is not None:
                self._task.cancel()


class WebSocketView(GraphQL[Context, None]):
    """Strawberry's view for one WebSocket.

    `admission` counts the connection as waiting until `connection_init`, and then as a connection of its
    caller.
    """

    websocket_adapter_class = WebSocketAdapter
    graphql_transport_ws_handler_class = WebSocketHandler

    def __init__(self, endpoint: "Endpoint", admission: contextlib.ExitStack) -> None:
        super().__init__(
            endpoint.operations.schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=MAX_OPERATIONS,
            allowed_origins=["*"],  # the endpoint has checked the origin
        )
        self.endpoint = endpoint
        self.admission = admission

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        del response  # a WebSocket sets no cookies
        return self.endpoint.operations.context(
            principal=NOBODY,
            request_id=request.state.request_id,
            give_cookie=lambda _name, _value, _path: None,
        )

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


def _client(parameters: Mapping[str, Any]) -> tuple[str, str] | None:
    """The name and version of the client in the parameters of `connection_init`; None without a name."""
    name, version = (parameters.get(key.decode()) for key in (NAME, VERSION))
    if not isinstance(name, str) or not name:
        return None
    return name, version if isinstance(version, str) else ""


def _find_problem(message: Any) -> str | None:
    """Return why the message violates the protocol, or None."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message must be an object with a type"
    kind, payload = message["type"], message.get("payload")
    if kind in {"connection_init", "ping", "pong"}:
        return None if isinstance(payload, dict | None) else f"The payload of {kind} must be an object"
    if kind in {"subscribe", "complete"} and not (isinstance(message.get("id"), str) and message["id"]):
        return f"The id of {kind} must be text"
    if kind == "subscribe":
        if not isinstance(payload, dict) or not (payload.keys() & {"query", "documentId", "extensions"}):
            return "The payload of subscribe must have a query"
        if name := requests.wrong_type(payload):
            return f"The {name} of subscribe has the wrong type"
    return None
