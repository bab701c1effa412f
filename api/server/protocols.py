"""uvicorn's protocols with additional limits. Most responses are sent with one system call."""

import asyncio
from typing import Any

import httptools
import websockets.http11
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api.server.stalled import MAX_UNSENT_BYTES, stalled

# Seconds for a request's head to arrive. The body then has the same time, unless the path has another limit.
READ_SECONDS = 20.0
# Limit for a head, for the framing between two chunks of a body, and for trailers.
MAX_HEAD_BYTES = 64 * 1024
# websockets parses the head of a handshake again, line by line. A token or a cookie may exceed its own limit
# of 8 KiB.
websockets.http11.MAX_LINE_LENGTH = MAX_HEAD_BYTES
# Limit for the send buffer of a client that sends pings without reading the pongs.
MAX_UNREAD_BYTES = 1024 * 1024

# The beginning of an interim response, and the header line of a response without a known length.
INTERIM = b"HTTP/1.1 100 "
CHUNKED = b"\r\ntransfer-encoding: chunked\r\n"


class Http(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a read timeout and a limit for the head. It keeps trailers out of the
    headers.

    It sets `scope["state"]["has_whole_body"]` when the body has arrived. The body then needs no timeout. The
    application may put finished header lines into the list `scope["state"]["header_lines"]`. For these
    headers, uvicorn then skips its checks with two regular expressions.
    """

    _read_timer: asyncio.TimerHandle | None = None
    _unparsed_bytes = 0
    _offered = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(MAX_UNSENT_BYTES)
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._unparsed_bytes += len(data)
        self._unset_keepalive_if_required()
        self._feed(data)
        if self._unparsed_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The request's head is too large.")
        self._watch()

    def _feed(self, data: bytes) -> None:
        """Parse these bytes as uvicorn does, but ignore an upgrade to another protocol (`Upgrade: h2c`).

        The parser would treat the following bytes as data of the other protocol, and the body would be lost.
        """
        rest: bytes | None = data
        while rest is not None:
            data, rest = rest, None
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserError:
                text = "Invalid HTTP request received."
                self.logger.warning(text)
                self.send_400_response(text)
            except httptools.HttpParserUpgrade as upgrade:
                if self.parser.get_method() == b"CONNECT":
                    self._offered = False
                    self.send_400_response("CONNECT is not supported.")
                elif self._offered:
                    self._offered = False
                    rest = self._head_without_offer() + data[upgrade.args[0] :]
                else:
                    self.handle_websocket_upgrade()

    def _head_without_offer(self) -> bytes:
        """Return the head without the Upgrade header, and restart the parser."""
        version = self.parser.get_http_version().encode()
        line = b"%b %b HTTP/%b\r\n" % (self.parser.get_method(), self.url, version)
        lines = [b"%b: %b\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"".join((line, *lines, b"\r\n"))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        stalled.remove(self.transport)
        self._stop_watching()

    def pause_writing(self) -> None:
        super().pause_writing()
        stalled.add(self.transport)

    def resume_writing(self) -> None:
        super().resume_writing()
        stalled.remove(self.transport)

    def handle_websocket_upgrade(self) -> None:
        self._stop_watching()  # from now on the WebSocket protocol owns the connection
        super().handle_websocket_upgrade()

    def on_headers_complete(self) -> None:
        self._unparsed_bytes = 0
        if self.parser.should_upgrade() and not self._should_upgrade():
            self._offered = True
            return
        super().on_headers_complete()
        # The parser appends trailers to `self.headers`. The application must not see them.
        self.scope["headers"] = self.headers.copy()
        if self.cycle is not None and self.cycle.scope is self.scope:  # a WebSocket has another scope
            lines = self.scope["state"]["header_lines"] = []
            has_body = self.scope["method"] != "HEAD"
            kind = _ResponseToHttp10 if self.scope["http_version"] == "1.0" else _Response
            self.cycle.transport = kind(self.transport, lines, has_body)  # type: ignore[assignment]

    def on_body(self, body: bytes) -> None:
        self._unparsed_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._offered:
            return
        self.scope["state"]["has_whole_body"] = True
        super().on_message_complete()

    def _watch(self) -> None:
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or self.transport.get_protocol() is not self:
            self._stop_watching()
        elif self._read_timer is None:
            self._read_timer = self.loop.call_later(READ_SECONDS, self.transport.close)

    def _stop_watching(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None


class _Response:
    """The transport of one response. It sends the head together with the body, unless the body is chunked.

    uvicorn writes head and body separately, and uvloop makes a system call for each write.
    """

    __slots__ = ("_has_body", "_head", "_lines", "_transport", "is_closing")

    def __init__(self, transport: asyncio.Transport, lines: list[bytes], has_body: bool) -> None:
        self._transport = transport
        self._lines = lines
        self._has_body = has_body
        self._head: bytes | None = None  # empty once it is sent
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.writelines((head, data))
        elif self._head is not None or data.startswith(INTERIM):
            self._transport.write(data)
        else:
            self._head = b"".join((data[:-2], *self._lines, b"\r\n"))
            if not self._has_body or CHUNKED in data:
                self._flush()

    def _flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        self._flush()
        self._transport.close()


class _ResponseToHttp10(_Response):
    """The transport of a response to an HTTP/1.0 request. HTTP/1.0 has no chunks, so the body ends when the
    connection is closed.
    """

    __slots__ = ("_is_chunked",)

    def __init__(self, transport: asyncio.Transport, lines: list[bytes], has_body: bool) -> None:
        super().__init__(transport, lines, has_body)
        self._is_chunked = False

    def write(self, data: bytes) -> None:
        if self._is_chunked:
            size, _, rest = data.partition(b"\r\n")
            self._transport.write(rest[: int(size, 16)])
        elif self._head is None and CHUNKED in data:
            self._is_chunked = True
            super().write(data.replace(CHUNKED, b"\r\n", 1))
            self._flush()
        else:
            super().write(data)


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with a limit for unread pongs.

    Sending on a closed connection raises ClientDisconnected instead of RuntimeError. websockets refuses some
    handshakes while parsing them, such as one with 129 headers. This class sends the answers to such
    handshakes, because uvicorn would keep the connection open without an answer.
    """

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        stalled.remove(self.transport)

    def pause_writing(self) -> None:
        super().pause_writing()
        stalled.add(self.transport)

    def resume_writing(self) -> None:
        super().resume_writing()
        stalled.remove(self.transport)

    def shutdown(self) -> None:
        # uvicorn's method raises if the client has closed the connection. The exception would end the
        # shutdown of the whole server.
        if not self.transport.is_closing():
            super().shutdown()

    async def send(self, message: Any) -> None:
        try:
            await super().send(message)
        except RuntimeError:
            if not self.close_sent:
                raise
            raise ClientDisconnected from None

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
            self.transport.abort()
