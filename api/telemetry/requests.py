"""Traces HTTP requests."""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.telemetry.labels import OTHER, Routes
from api.telemetry.spans import fail

if TYPE_CHECKING:
    from api.telemetry.tracing import Tracing

# Probes are frequent, and their traces are of no use.
UNTRACED = frozenset({"/healthz", "/readyz"})
# A stream may last for days, so its span ends with the headers.
STREAM = b"text/event-stream"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})


class TracedRequests:
    """Traces HTTP requests. The operations of a WebSocket are traced one by one."""

    def __init__(self, app: ASGIApp, routes: Routes, tracing: "Tracing") -> None:
        self._app, self._routes, self._tracing = app, routes, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNTRACED:
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        name = self._routes.name(scope["path"])
        with self._tracing.request(method, name if name != OTHER else None, scope) as span:

            async def respond(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    span.set_attribute("connectql.request_id", scope["state"]["request_id"])
                    if message["status"] >= 500:
                        fail(span, str(message["status"]))
                    if any(value.startswith(STREAM) for name, value in message["headers"]):
                        self._tracing.leave(span)
                await send(message)

            await self._app(scope, receive, respond)
