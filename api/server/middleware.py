"""Around every request: an id, a log line, a limit on the body, the one boundary for unexpected faults."""

import asyncio
import contextlib
import os
import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql import content_negotiation
from api.server.protocols import READ_SECONDS
from models import outage

MAX_BODY_BYTES = 256 * 1024

log = structlog.get_logger("http")


class _BodyRefused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class _Body:
    """Receives a request whose body is neither too large nor too slow. Raises _BodyRefused."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self._is_whole = False
        self._deadline = asyncio.get_running_loop().time() + READ_SECONDS
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        # What is declared counts at once; what is not counts as it arrives.
        self._count(int(declared[:20]) if declared.isdigit() else 0)
        self._size = 0

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            text = f"The body took longer than {READ_SECONDS:.0f} s to arrive."
            raise _BodyRefused(408, "BODY_TOO_SLOW", text) from None
        self._count(len(message.get("body", b"")))
        self._is_whole = not message.get("more_body", False)
        return message

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_BODY_BYTES:
            raise _BodyRefused(413, "BODY_TOO_LARGE", f"The body is larger than {MAX_BODY_BYTES} bytes.")


class Boundary:
    """Gives each request an id (`X-Request-Id` in the answer, `request_id` in every log line it causes)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = os.urandom(16).hex()
        scope["connectql.request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
        else:
            await self._serve_request(scope, receive, send)

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = scope["connectql.request_id"]
        started = time.perf_counter()
        status = 0

        async def labelled(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self._app(scope, _Body(scope, receive), labelled)
        except _BodyRefused as error:
            # Whoever is too slow is waited for no more; whoever still sends would not read a cut-off answer.
            headers = {"Connection": "close"} if error.status == 408 else {}
            answer = refusal(
                error.status, error.code, error.message, request_id, headers, accept=_accept(scope)
            )
            await answer(scope, receive, labelled)
        except ClientDisconnect:
            status = 499  # as nginx calls it; nobody is left to answer
        except asyncio.CancelledError:
            # The server ends, and this request had its time. Answered, and so not raised again.
            log.warning("request_cut_off", path=scope["path"])
            if not status:
                message = "The service is stopping. Repeat the same request; nothing happens twice."
                await _unavailable(message, request_id, _accept(scope))(scope, receive, labelled)
        except Exception as error:
            reason = outage.reason(error)
            if reason is not None:
                log.warning("database_unavailable", reason=reason, path=scope["path"])
            else:
                log.exception("request_failed", path=scope["path"])
            if not status and reason is not None:
                await _unavailable(outage.MESSAGE, request_id, _accept(scope))(scope, receive, labelled)
            elif not status:
                message = "Something went wrong here. Quote the request id to the operator."
                answer = refusal(500, "INTERNAL", message, request_id, accept=_accept(scope))
                await answer(scope, receive, labelled)
        finally:
            # Never the query: it may carry a link's token.
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        code: int | None = None

        async def watched() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect" and code is None:
                code = message.get("code")
            return message

        async def labelled(message: Message) -> None:
            nonlocal code
            if message["type"] == "websocket.accept":
                header = (b"x-request-id", scope["connectql.request_id"].encode())
                message["headers"] = [*message.get("headers", []), header]
            elif message["type"] == "websocket.close" and code is None:
                code = message.get("code")
            await send(message)

        try:
            await self._app(scope, watched, labelled)
        except asyncio.CancelledError:
            # It had its time: at the end of the server, or of a token whose client does not read.
            log.warning("websocket_cut_off", path=scope["path"])
        except Exception:
            log.exception("websocket_failed", path=scope["path"])
            with contextlib.suppress(Exception):  # it may be closed already
                await send({"type": "websocket.close", "code": 1011})
        finally:
            seconds = round(time.perf_counter() - started, 1)
            log.info("websocket", path=scope["path"], code=code, seconds=seconds)


class Protected:
    """What browsers are told about every answer, unless it says otherwise itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"cross-origin-resource-policy", b"same-origin"),  # says nothing about what CORS allows
            # Answers depend on the token, and on the moment.
            (b"cache-control", b"no-store"),
            (b"vary", b"Origin"),  # with the origin comes what CORS says
        ]
        if https:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def protecting(message: Message) -> None:
            # The second is the refusal of a WebSocket.
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = message["headers"]
                said = {name for name, _ in headers}
                if b"etag" in said and b"cache-control" not in said:  # a file, the same for everybody
                    headers.append((b"cache-control", b"no-cache"))
                    said.add(b"cache-control")
                headers += [header for header in self._headers if header[0] not in said]
            await send(message)

        await self._app(scope, receive, protecting)


class Cors(CORSMiddleware):
    """Has nothing to say to requests without an origin, which are most of those that are not a browser's."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_origin = scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"])
        await (super().__call__ if has_origin else self.app)(scope, receive, send)


class Stopping:
    """Once the process is told to end, each answer also ends its connection: clients open one elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            # Asked when the answer begins: the request may be older than the signal.
            if message["type"] == "http.response.start" and scope["app"].state.stopping:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, receive, closing if scope["type"] == "http" else send)


def _accept(scope: Scope) -> str | None:
    return Headers(scope=scope).get("accept")


def _unavailable(message: str, request_id: str, accept: str | None) -> JSONResponse:
    headers = {"Retry-After": str(outage.RETRY_AFTER_SECONDS)}
    return refusal(503, "UNAVAILABLE", message, request_id, headers, accept=accept)


def refusal(
    status: int,
    code: str,
    message: str,
    request_id: str,
    headers: dict[str, str] | None = None,
    *,
    accept: str | None = None,
) -> JSONResponse:
    """A refusal before execution, in the shape of a GraphQL response, as a type that the client accepts."""
    extensions = {"code": code, "requestId": request_id}
    body: dict[str, Any] = {"errors": [{"message": message, "extensions": extensions}]}
    if status == 200:
        # The specification takes no other answer without data for a success.
        body = {"data": None, **body}
    fitting = content_negotiation.chosen(accept)
    media_type = fitting if fitting == content_negotiation.RESPONSE else content_negotiation.JSON
    return JSONResponse(body, status, headers=headers, media_type=f"{media_type}; charset=utf-8")
