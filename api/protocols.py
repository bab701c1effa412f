"""uvicorn's two protocols, each with one gap closed that lets a client cost something for nothing."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# How long a request's head may take to arrive, from the connection or its first byte; and its body then.
READ_SECONDS = 20.0
# What may wait to be sent to a client that asks whether we are there, and takes no answer.
MOST_UNREAD_BYTES = 1024 * 1024


class Http(H11Protocol):
    """It would wait for ever for a request that is half sent, or for the first one."""

    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_watching()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._stop_watching()  # from here on it is the other protocol's connection
        super().handle_websocket_upgrade(event)

    def _watch(self) -> None:
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or self.transport.get_protocol() is not self:
            self._stop_watching()
        elif self._reading is None:
            self._reading = self.loop.call_later(READ_SECONDS, self.transport.close)

    def _stop_watching(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


class WebSocket(WebSocketsSansIOProtocol):
    """It answers pings without looking at what waits already."""

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self.transport.abort()
