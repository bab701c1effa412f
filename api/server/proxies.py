"""Headers of trusted proxies: the client's address, and the ids that identify the request in the proxy's
logs.
"""

import re

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

# An id must be short and without spaces, line breaks and quotes, so that it cannot look like another part of
# a log line.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")
# https://www.w3.org/TR/trace-context/#traceparent-header
_TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


class TrustedProxies(ProxyHeadersMiddleware):
    """Extends uvicorn's middleware: puts the ids of a trusted proxy into `scope["state"]["proxy_ids"]`."""

    def __init__(self, app: ASGIApp, trusted: list[str]) -> None:
        super().__init__(app, trusted)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        if scope["type"] != "lifespan":
            ids = _ids(scope["headers"])
            client = scope.get("client")
            if ids and client is not None and client[0] in self.trusted_hosts:
                scope["state"]["proxy_ids"] = ids
        await super().__call__(scope, receive, send)  # type: ignore[arg-type]


def _ids(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the valid ids. The keys are the names of the ids in log lines."""
    ids = {}
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            ids["proxy_request_id"] = value.decode()
        elif name == b"traceparent" and (match := _TRACEPARENT.fullmatch(value)):
            ids["trace_id"] = match[1].decode()
    return ids
