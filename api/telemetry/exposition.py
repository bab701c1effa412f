"""Serves /metrics on a port of its own, in the process's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import uvicorn
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# Seconds for an open scrape to finish at shutdown.
SHUTDOWN_SECONDS = 1


class _Server(uvicorn.Server):
    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        """Leave the signals to the main server."""
        return contextlib.nullcontext()


@contextlib.asynccontextmanager
async def serving(
    host: str, port: int, registry: CollectorRegistry, refresh: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Serve the registry until the context ends. `refresh` is awaited before each answer.

    Raises OSError if the address cannot be used.
    """

    async def metrics(request: Request) -> Response:
        await refresh()
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"Content-Type": content_type})

    app = Starlette(routes=[Route("/metrics", metrics)])
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    server = _Server(config)
    with bind(host, port) as listener:
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await asyncio.wait({task})


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens at this address. Raises OSError."""
    if host != "*":
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))
