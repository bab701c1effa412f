"""GraphQL over WebSocket: graphql-transport-ws
(https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), and nothing before there is a token.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler

from api.auth.jwks import KeysUnavailable
from api.auth.tokens import EXPIRED, Unauthenticated
from api.graphql.event_stream import TooManyConnections
from api.graphql.requests import PARAMETERS, Refused
from resolvers.execution.context import Context

if TYPE_CHECKING:
    from api.graphql.endpoint import Endpoint

MAX_MESSAGE_BYTES = 64 * 1024
# Operations that one connection may have open.
MAX_OPERATIONS = 20
# How long a client may take to send `connection_init`.
INIT_SECONDS = 10
# How long a last message may take to leave.
CLOSE_SECONDS = 5.0
# A token may hold for longer; nothing here is open for so long.
LONGEST_TIMER = 30 * 24 * 3600.0

WITHOUT = 'no token. Send {"Authorization": "Bearer <token>"} as the payload of connection_init.'


class WebSocketAdapter(ASGIWebSocketAdapter):
    """Takes a connection that we have closed for closed: an operation may still have something to say."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is WebSocketState.CONNECTED:
            # A frame has room for 123 bytes.
            text = reason.encode(errors="replace")[:123].decode(errors="ignore")
            with contextlib.suppress(WebSocketDisconnect):
                await super().close(code, text)


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection: it begins with a token and ends with it."""

    view: "Endpoint"
    websocket: WebSocketAdapter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._admission: contextlib.ExitStack = self.websocket.ws.scope["connectql.admission"]
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._endings: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[Any] | None = None
        self._is_over = False

    async def handle(self) -> None:
        self._task = asyncio.current_task()
        await super().handle()

    async def shutdown(self) -> None:
        self._is_over = True
        await super().shutdown()
        for timer in self._timers.values():
            timer.cancel()

    async def handle_message(self, message: Any) -> None:
        problem = _wrong_with(message)
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
        given = headers.get("authorization")
        if not isinstance(given, str):
            await self.websocket.close(4403, f"Forbidden: {WITHOUT}")
            return
        try:
            principal = await self.view.authenticator.principal(given)
            with self._admission.pop_all():  # it waits no more
                self._admission.enter_context(self.view.connections.counted())
                self._admission.enter_context(self.view.connections.counted_for(principal))
        except Unauthenticated as error:
            await self.websocket.close(4403, f"Forbidden: {error}")
            return
        except (KeysUnavailable, TooManyConnections) as error:
            await self.websocket.close(1013, str(error))  # clients try again later
            return
        self.context.caller = principal
        await self.send_message({"type": "connection_ack"})
        self.connection_acknowledged = True
        self._end_after("expiry", principal.expires_at - time.time(), 4403, f"Forbidden: {EXPIRED}")
        self._watch_idleness()

    async def handle_subscribe(self, message: Any) -> None:
        most = self.max_subscriptions_per_connection or 0
        if (
            self.connection_acknowledged
            and message["id"] not in self.operations
            and len(self.operations) >= most
        ):
            text = f"Too many operations: {most} are open on this connection, the most. Complete some."
            await self._refuse(message["id"], text, "TOO_MANY_SUBSCRIPTIONS")
            return
        if self.connection_acknowledged and message["id"] not in self.operations:
            payload = message["payload"]
            try:
                self.view.check_rate(self.context.caller)
                payload["query"] = self.view.documents.text(payload)
            except Refused as error:
                await self._refuse(message["id"], error.message, error.code)
                return
        if timer := self._timers.pop("idleness", None):
            timer.cancel()
        await super().handle_subscribe(message)
        operation = self.operations.get(message["id"])
        if operation is not None and operation.task is not None:
            operation.task.add_done_callback(lambda _: self._watch_idleness())

    async def _refuse(self, operation_id: str, message: str, code: str) -> None:
        error = GraphQLError(message, extensions={"code": code, "requestId": self.context.request_id})
        await self.send_message({"id": operation_id, "type": "error", "payload": [error.formatted]})

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)

    def _watch_idleness(self) -> None:
        if not self.operations and not self._is_over:
            self._end_after("idleness", self.view.idle_seconds, 1000, "Idle: nothing is subscribed to here.")

    def _end_after(self, name: str, seconds: float, code: int, reason: str) -> None:
        def end() -> None:
            self._endings.add(ending := asyncio.ensure_future(self._end(code, reason)))
            ending.add_done_callback(self._endings.discard)

        if timer := self._timers.get(name):
            timer.cancel()
        delay = min(max(seconds, 0.0), LONGEST_TIMER)
        self._timers[name] = asyncio.get_running_loop().call_later(delay, end)

    async def _end(self, code: int, reason: str) -> None:
        for operation_id in list(self.operations):
            await self.cleanup_operation(operation_id)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.websocket.close(code, reason)
        except TimeoutError:  # it reads too slowly to be told
            if self._task is not None:
                self._task.cancel()


def _wrong_with(message: Any) -> str | None:
    """What makes this no message of the protocol."""
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
        for name, wanted in PARAMETERS.items():
            if not isinstance(payload.get(name), wanted | None):
                return f"The {name} of subscribe cannot be used"
    return None
