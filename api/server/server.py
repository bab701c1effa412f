"""The server, and how it ends: in order, in bounded time, without a request lost that was accepted.

On SIGTERM it drains first: for `drain_seconds` it goes on accepting and serving, but says that it is stopping
(`api.app.begin_stopping`), until load balancers have seen it. Then it closes its door and lets requests under
way finish. SIGINT, or a second SIGTERM, skips the drain; a SIGINT after that, the waiting too.
"""

import asyncio
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

from api.app import begin_stopping, leave
from api.graphql.websocket import MAX_MESSAGE_BYTES
from api.server import protocols
from api.settings import Settings

# Of the 18 seconds for requests: the last that came in are read, then all have the rest to finish.
READING_ROUNDS = 25  # half a second
REQUEST_SECONDS = 17

# How long the client of a WebSocket may take to answer a ping.
PONG_SECONDS = 20.0
STUCK_SECONDS = 30


def run(app: Starlette, settings: Settings) -> None:
    """Serve until a signal ends it."""
    # A full collection stops everybody for as long as it takes to look at every object: 0.4 s with 2,000
    # subscriptions open. Most garbage is found young, and what is there by now stays. Rarer still, memory
    # grows by what waits to be found.
    gc.freeze()
    gc.set_threshold(5_000, 10, 20)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C, raised again at the end
        serving(app, settings).run()


def serving(app: Starlette, settings: Settings, *, request_seconds: int = REQUEST_SECONDS) -> "Server":
    """The server of this application."""
    # The Boundary logs each request, without its query; uvicorn's own access log would show it.
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=request_seconds,
        # Whose word is taken for the client's address (X-Forwarded-For).
        forwarded_allow_ips=list(settings.trusted_proxies) or "127.0.0.1",
        http=protocols.Http,
        ws=protocols.WebSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=settings.heartbeat_seconds,
        ws_ping_timeout=PONG_SECONDS,
        # Its memory and work would be each connection's own, however many get the same message.
        ws_per_message_deflate=False,
    )
    return Server(config, settings.drain_seconds, lambda: begin_stopping(app), lambda: leave(app))


class Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        drain_seconds: float,
        begin: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds
        self._begin = begin
        self._leave = leave
        self._drained_at: float | None = None
        self._has_begun = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = self._drained_at is None and not self.should_exit
        if sig == signal.SIGTERM and is_first and self.started and self._drain_seconds > 0:
            self._captured_signals.append(sig)  # raised again at the end, as every other
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
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
            for door in self._doors():
                with door:
                    if door.family not in {socket.AF_INET, socket.AF_INET6}:
                        continue
                    # Its connections inherit it. Whoever takes nothing for so long, dead or stuck, is cut
                    # off; without it, what waits to be sent to them would wait for ever.
                    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_SECONDS * 1000)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._begin_once()
        await self._close_the_door()
        self._leave()
        await super().shutdown(sockets)

    def _begin_once(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._begin()

    async def _close_the_door(self) -> None:
        """Stop listening, but take what the kernel has accepted already, and read what those clients ask.

        What remains: a client whose connection is made between the last `accept` and `close`, microseconds
        apart, or whose first byte takes longer than half a second; and one that sends a further request on
        an idle connection at the moment when that is closed, which HTTP clients know to repeat elsewhere.
        After a drain of five seconds hardly any is idle: the server closes those that are for five seconds,
        and every answer since has ended its own.
        """
        doors = self._doors()
        for server in self.servers:
            server.close()
        for door in doors:
            with door:
                await self._accept_rest(door)
        for _ in range(READING_ROUNDS):
            await asyncio.sleep(0.02)  # at least once: what has arrived on idle connections is read too
            if not self._is_unread() or self.force_exit:
                break

    def _doors(self) -> list[socket.socket]:
        """What we listen at: sockets of our own for it, as uvloop's only show theirs."""
        return [
            socket.socket(fileno=os.dup(door.fileno())) for server in self.servers for door in server.sockets
        ]

    async def _accept_rest(self, door: socket.socket) -> None:
        door.setblocking(False)
        accepted = []
        with contextlib.suppress(OSError):  # BlockingIOError when nobody waits
            while True:
                accepted.append(door.accept()[0])
        door.close()
        for connection in accepted:
            connection.setblocking(False)
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        """As uvicorn makes one for each connection."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def _is_unread(self) -> bool:
        """Whether some connection has not asked anything yet."""
        return any(getattr(made, "cycle", made) is None for made in self.server_state.connections)
