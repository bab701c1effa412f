"""Connections that stay open: GraphQL over WebSocket and over server-sent events, and how many there may be.

WebSocket speaks graphql-transport-ws
(https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), an event stream the distinct connections
mode of graphql-sse (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.http.streaming import SSETransport
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler

from api.auth import EXPIRED, Unauthenticated
from api.jwks import KeysUnavailable
from api.requests import PARAMETERS, Refused
from connect.scope import Principal
from resolvers.context import Context

if TYPE_CHECKING:
    from api.graphql import Endpoint

MAX_MESSAGE_BYTES = 64 * 1024
# How long a client may take to send `connection_init`.
INIT_SECONDS = 10
# A token may hold for longer; nothing here is open for so long.
LONGEST_TIMER = 30 * 24 * 3600.0

WITHOUT = 'no token. Send {"Authorization": "Bearer <token>"} as the payload of connection_init.'


SSE = SSETransport()


class TooManyConnections(Exception):
    """The message is for the client."""


class Connections:
    """Counts what is open in this process."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._all = 0
        self._of: Counter[Principal] = Counter()

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """One more while it lasts. Raises TooManyConnections."""
        if self._all >= self._most:
            raise TooManyConnections(
                f"Too many live connections: {self._most} are open here, the most. Try again later."
            )
        self._all += 1
        try:
            yield
        finally:
            self._all -= 1

    @contextlib.contextmanager
    def counted_for(self, principal: Principal) -> Iterator[None]:
        """One more of this caller's while it lasts. Raises TooManyConnections."""
        if self._of[principal] >= self._most_of_one:
            raise TooManyConnections(
                f"Too many live connections: you have {self._most_of_one} open here, the most. Close some."
            )
        self._of[principal] += 1
        try:
            yield
        finally:
            self._of[principal] -= 1
            if not self._of[principal]:
                del self._of[principal]


class WebSocketAdapter(ASGIWebSocketAdapter):
    """Takes a connection that we have closed for closed: an operation may still have something to say."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is WebSocketState.CONNECTED:
            reason = reason.encode()[:123].decode(errors="ignore")  # a frame has room for that
            await super().close(code, reason)


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection: it begins with a token and ends with it."""

    view: "Endpoint"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._admission = contextlib.ExitStack()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._endings: set[asyncio.Task[None]] = set()

    async def handle(self) -> None:
        with self._admission:
            await super().handle()

    async def shutdown(self) -> None:
        await super().shutdown()
        for timer in self._timers.values():  # behind it: the last operation's end begins one
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
            error = GraphQLError(
                text, extensions={"code": "TOO_MANY_SUBSCRIPTIONS", "requestId": self.context.request_id}
            )
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        if self.connection_acknowledged and message["id"] not in self.operations:
            payload = message["payload"]
            try:
                payload["query"] = self.view.documents.text(payload)
            except Refused as error:
                found = GraphQLError(
                    error.message, extensions={"code": error.code, "requestId": self.context.request_id}
                )
                await self.send_message({"id": message["id"], "type": "error", "payload": [found.formatted]})
                return
        if timer := self._timers.pop("idleness", None):
            timer.cancel()
        await super().handle_subscribe(message)
        operation = self.operations.get(message["id"])
        if operation is not None and operation.task is not None:
            operation.task.add_done_callback(lambda _: self._watch_idleness())

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)

    def _watch_idleness(self) -> None:
        if not self.operations:
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
        await self.websocket.close(code, reason)


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


class EventStream(Response):
    """The results of one operation as they come, with signs of life in between."""

    def __init__(
        self,
        results: AsyncGenerator[Any, None],
        encode: Callable[[Any], str],
        *,
        request_id: str,
        expires_at: float,
        heartbeat_seconds: float,
    ) -> None:
        super().__init__(headers=dict(SSE.headers))
        del self.headers["content-length"]
        self._results = results
        self._encode = encode
        self._request_id = request_id
        self._expires_at = expires_at
        self._heartbeat_seconds = heartbeat_seconds
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def leave(self) -> None:
        """End it without `complete`: to the client the connection is lost, so it asks again, elsewhere."""
        self._gone.cancel()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        async def say(text: str) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

        if not self._gone.cancelled():
            self._gone = asyncio.ensure_future(_disconnected(receive))
        following: asyncio.Task[Any] | None = asyncio.create_task(_following(self._results))
        try:
            await asyncio.sleep(0)  # it has begun: from here on it misses nothing, which the headers say
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while True:
                following = following or asyncio.create_task(_following(self._results))
                seconds = max(0.0, min(self._heartbeat_seconds, self._expires_at - time.time()))
                done, _ = await asyncio.wait(
                    {following, self._gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
                )
                if self._gone in done:
                    break
                if time.time() >= self._expires_at:
                    await say(SSE.encode_next(_expired(self._request_id), self._encode))
                    await say(SSE.encode_complete())
                    break
                if following in done:
                    result, following = following.result(), None
                    if result is None:
                        await say(SSE.encode_complete())
                        break
                    await say(SSE.encode_next(process_result(result), self._encode))
                else:
                    await say(SSE.encode_comment("alive"))
            await send({"type": "http.response.body", "body": b""})
        finally:
            await _end({self._gone} | ({following} if following else set()))
            await self._results.aclose()


async def _following(results: AsyncGenerator[Any, None]) -> Any:
    return await anext(results, None)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(tasks: set[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _expired(request_id: str) -> GraphQLHTTPResponse:
    extensions = {"code": "UNAUTHENTICATED", "requestId": request_id}
    return {"data": None, "errors": [GraphQLError(EXPIRED, extensions=extensions).formatted]}
