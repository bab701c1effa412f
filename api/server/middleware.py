"""The outermost layer around each request: id, body limits, security headers, error responses, log line."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql.requests import MAX_BODY_BYTES
from api.server import refusals
from api.server.protocols import READ_SECONDS
from api.server.refusals import Refused
from models import outage

log = structlog.get_logger("http")


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The limits for the body of a request."""

    bytes: int = MAX_BODY_BYTES
    seconds: float = READ_SECONDS


_BODY_LIMIT = BodyLimit()
_NONE: Mapping[str, BodyLimit] = {}


class Boundary:
    """The outermost layer of the application. It handles every exception.

    The request's id is in `scope["state"]["request_id"]`, in the response's header X-Request-Id and in every
    log line of the request. `cors` adds the CORS middleware to an application. `body_limits` contains the
    limits for paths whose bodies may exceed the default. `on_response` is called after each HTTP request with
    its path, its status and its duration in seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        cors: Callable[[ASGIApp], ASGIApp],
        https: bool,
        is_stopping: Callable[[], bool],
        body_limits: Mapping[str, BodyLimit] = _NONE,
        on_response: Callable[[str, int, float], None] | None = None,
    ) -> None:
        self._app = app
        self._cors = cors
        self._app_for_origins = cors(app)
        self._is_stopping = is_stopping
        self._body_limits = body_limits
        self._on_response = on_response
        self._headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            # Browsers apply this header only to requests without CORS.
            (b"cross-origin-resource-policy", b"same-origin"),
            # Responses depend on the token and on the time.
            (b"cache-control", b"no-store"),
            (b"vary", b"Origin"),  # CORS headers depend on the origin
        ]
        if https:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))
        self._names = frozenset(name for name, _ in self._headers)
        self._lines = b"".join(b"%b: %b\r\n" % header for header in self._headers)
        self._log_request = log.bind().info  # a direct call is faster than structlog's proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = request_id = os.urandom(16).hex()
        # A request that waited behind another request on its connection inherits the log context of that
        # request.
        structlog.contextvars.unbind_contextvars("proxy_request_id", "trace_id")
        structlog.contextvars.bind_contextvars(request_id=request_id, **scope["state"].get("proxy_ids", {}))
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
        else:
            await self._serve_request(scope, receive, send)

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        status = 0

        async def respond(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._protect(message["headers"], scope)
                # Close the connection, so that the client's next request can go to another replica.
                if self._is_stopping():
                    message["headers"] = _closing(message["headers"])
            await send(message)

        refused: Refused | None = None
        try:
            app, receive = self._admit(scope, receive)
            await app(scope, receive, respond)
        except Refused as error:
            refused = error
        except ClientDisconnect:
            status = 499  # nginx's status for a client that has disconnected
        except asyncio.CancelledError:
            # The server is stopping and the request took too long. Answer the request instead of raising the
            # exception again.
            log.warning("request_cut_off", path=scope["path"])
            refused = _unavailable("The service is stopping. Repeat the same request; repeats are safe.")
        except Exception as error:
            reason = outage.reason(error)
            if reason is not None:
                log.warning("database_unavailable", reason=reason, path=scope["path"])
                refused = _unavailable(outage.MESSAGE)
            else:
                log.exception("request_failed", path=scope["path"])
                message = "An unexpected error occurred. Give the operator the request id."
                refused = Refused(message, "INTERNAL", 500)
        try:
            if refused is not None and not status:
                # Without CORS headers a browser would hide the response from the client.
                answer = self._cors(refusals.response(refused, scope))
                await answer(scope, receive, respond)
        finally:
            seconds = time.perf_counter() - started
            # The query string is not logged: it may hold the token of an onboarding link.
            self._log_request(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )
            if self._on_response is not None:
                self._on_response(scope["path"], status, seconds)

    def _admit(self, scope: Scope, receive: Receive) -> tuple[ASGIApp, Receive]:
        """Return the application for this request, and a `receive` that limits the request's body. Raises
        Refused.
        """
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length")
        limit = self._body_limits.get(scope["path"], _BODY_LIMIT)
        if declared is None or "has_whole_body" not in scope["state"]:
            receive = _Body(receive, limit)
        if declared is not None and declared.isdigit() and int(declared[:20]) > limit.bytes:
            raise _too_large(limit)
        return self._app_for_origins if b"origin" in headers else self._app, receive

    def _protect(self, headers: list[tuple[bytes, bytes]], scope: Scope) -> None:
        """Add the headers that the response does not set itself."""
        names = {name for name, _ in headers}
        request_id = scope["state"]["request_id"].encode()
        lines = scope["state"].get("header_lines")
        if self._names.isdisjoint(names) and b"etag" not in names:
            if lines is not None:
                lines.append(b"%bx-request-id: %b\r\n" % (self._lines, request_id))
                return
            headers += self._headers
        else:
            if b"etag" in names and b"cache-control" not in names:  # static files have an ETag
                headers.append((b"cache-control", b"no-cache"))
                names.add(b"cache-control")
            headers += [header for header in self._headers if header[0] not in names]
        headers.append((b"x-request-id", request_id))

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        code: int | None = None

        async def watch() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect" and code is None:
                code = message.get("code")
            return message

        async def respond(message: Message) -> None:
            nonlocal code
            if message["type"] == "websocket.accept":
                header = (b"x-request-id", scope["state"]["request_id"].encode())
                message["headers"] = [*message.get("headers", []), header]
            elif message["type"] == "websocket.http.response.start":
                self._protect(message["headers"], scope)
            elif message["type"] == "websocket.close" and code is None:
                code = message.get("code")
            await send(message)

        try:
            await self._app(scope, watch, respond)
        except asyncio.CancelledError:
            # The server is stopping, or the token has expired and the client does not read.
            log.warning("websocket_cut_off", path=scope["path"])
        except Exception:
            log.exception("websocket_failed", path=scope["path"])
            with contextlib.suppress(Exception):  # the connection may be closed already
                await send({"type": "websocket.close", "code": 1011})
        finally:
            seconds = round(time.perf_counter() - started, 1)
            log.info("websocket", path=scope["path"], code=code, seconds=seconds)


class _Body:
    """Wraps `receive` to limit the size of the body and the time until it has arrived. Raises Refused."""

    def __init__(self, receive: Receive, limit: BodyLimit) -> None:
        self._receive = receive
        self._limit = limit
        self._size = 0
        self._is_whole = False
        self._deadline = asyncio.get_running_loop().time() + limit.seconds

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            text = f"The body took longer than {self._limit.seconds:.0f} s to arrive."
            headers = {"Connection": "close"}
            raise Refused(text, "BODY_TOO_SLOW", 408, headers) from None
        self._size += len(message.get("body", b""))
        if self._size > self._limit.bytes:
            raise _too_large(self._limit)
        self._is_whole = not message.get("more_body", False)
        return message


def _too_large(limit: BodyLimit) -> Refused:
    message = f"The body is larger than {limit.bytes} bytes."
    return Refused(message, "BODY_TOO_LARGE", 413)


def _unavailable(message: str) -> Refused:
    headers = {"Retry-After": str(outage.RETRY_AFTER_SECONDS)}
    return Refused(message, "UNAVAILABLE", 503, headers)


def _closing(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [*(header for header in headers if header[0] != b"connection"), (b"connection", b"close")]
