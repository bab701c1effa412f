"""uvicorn's two protocols, each with the gaps closed that let a client cost something for nothing."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

# How long a request's head may take to arrive, from the connection or its first byte; and its body then.
READ_SECONDS = 20.0
# What a head may have, and what may come between two pieces of a body, or behind it.
MOST_HEAD_BYTES = 64 * 1024
# What may wait to be sent to a client that asks whether we are there, and takes no answer.
MOST_UNREAD_BYTES = 1024 * 1024


class Http(HttpToolsProtocol):
    """It would wait for ever for a request that is half sent, or for the first one; take a head of any size;
    and take what is said behind the body for a part of the head."""

    _reading: asyncio.TimerHandle | None = None
    _unparsed = 0
    _has_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The request's head is too large.")
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_watching()

    def handle_websocket_upgrade(self) -> None:
        self._stop_watching()  # from here on it is the other protocol's connection
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._has_head = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._has_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._has_head, self._unparsed = True, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        super().on_body(body)

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
    """It answers pings without looking at what waits already, and takes a message behind the end, to which it
    may have come by itself, for a fault."""

    async def send(self, message: Any) -> None:
        try:
            await super().send(message)
        except RuntimeError:
            if not self.close_sent:
                raise
            raise ClientDisconnected from None

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self.transport.abort()
