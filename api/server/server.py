"""The server, and its graceful shutdown within a time limit.

SIGTERM starts the drain. For `drain_seconds` the server still serves all requests, but `/readyz` answers 503
and each response closes its connection, so load balancers stop sending requests. Then the server stops
listening and waits for open requests. SIGINT or a second SIGTERM skips the drain. A SIGINT after the drain
skips the wait.
"""

import contextlib
import gc
import os
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from api.app import begin_stopping, end_streams
from api.configuration.settings import Settings
from api.graphql.websocket import MAX_MESSAGE_BYTES
from api.server import protocols
from api.server.proxies import TrustedProxies

# Seconds for open requests to finish during a shutdown.
REQUEST_SECONDS = 18
# Seconds for a WebSocket client to answer a ping.
PONG_SECONDS = 20.0
# Seconds until a connection is closed if its client acknowledges no data.
STUCK_SECONDS = 30
# The limit of unsent data in the kernel's send buffer, which could otherwise grow to 4 MiB.
MAX_KERNEL_BYTES = 64 * 1024


def run(app: Starlette, settings: Settings) -> None:
    """Serve until a signal stops the server."""
    # A full garbage collection takes 0.4 s with 2,000 open subscriptions. `gc.freeze` excludes all objects
    # that exist now from collections, and the thresholds make collections rare. Higher thresholds would let
    # memory grow.
    gc.freeze()
    gc.set_threshold(5_000, 10, 20)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises Ctrl-C again at the end
        create_server(app, settings).run()


def create_server(
    app: Starlette,
    settings: Settings,
    *,
    request_seconds: int = REQUEST_SECONDS,
    stuck_seconds: int = STUCK_SECONDS,
) -> "Server":
    # `middleware.Boundary` logs each request without its query string, which uvicorn's access log would show.
    config = uvicorn.Config(
        TrustedProxies(app, list(settings.trusted_proxies) or ["127.0.0.1"]),
        # For an empty host, asyncio opens one socket for IPv4 and one for IPv6.
        host="" if settings.host == "*" else settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=request_seconds,
        proxy_headers=False,  # `TrustedProxies` reads them
        http=protocols.Http,
        ws=protocols.WebSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=settings.heartbeat_seconds,
        ws_ping_timeout=PONG_SECONDS,
        # Compression needs memory for each connection, and would compress a message once for each subscriber.
        ws_per_message_deflate=False,
    )
    drain = settings.drain_seconds
    return Server(config, drain, stuck_seconds, lambda: begin_stopping(app), lambda: end_streams(app))


class Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        drain_seconds: float,
        stuck_seconds: int,
        begin_stopping: Callable[[], None],
        end_streams: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._stuck_seconds = stuck_seconds
        self._begin_stopping = begin_stopping
        self._end_streams = end_streams
        self._drained_at: float | None = None
        self._is_stopping = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = self._drained_at is None and not self.should_exit
        if sig == signal.SIGTERM and is_first and self.started and self._drain_seconds > 0:
            self._captured_signals.append(sig)  # uvicorn raises captured signals again at the end
            self._drained_at = time.monotonic() + self._drain_seconds
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self._drained_at is not None:
            self._begin_once()
            self.should_exit = self.should_exit or time.monotonic() >= self._drained_at
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Only Linux has both options. Connections inherit them from the listener. Without them, the send
            # buffer of a stuck client grows to megabytes and is never freed.
            options = {
                socket.TCP_USER_TIMEOUT: self._stuck_seconds * 1000,
                socket.TCP_NOTSENT_LOWAT: MAX_KERNEL_BYTES,
            }
            for listener in (listener for server in self.servers for listener in server.sockets):
                if listener.family in {socket.AF_INET, socket.AF_INET6}:
                    # uvloop's sockets cannot be changed, but a duplicate shares the options.
                    with socket.socket(fileno=os.dup(listener.fileno())) as duplicate:
                        for option, value in options.items():
                            duplicate.setsockopt(socket.IPPROTO_TCP, option, value)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.begin_shutdown()
        await super().shutdown(sockets)

    def begin_shutdown(self) -> None:
        """Let no new work start, and end the streams."""
        self._begin_once()
        self._end_streams()

    def _begin_once(self) -> None:
        if not self._is_stopping:
            self._is_stopping = True
            self._begin_stopping()
