"""Subscribers that need little CPU time and leave the processor to the measured service.

They record the time of each message when they read it from the socket. Messages are parsed after each round.
"""

import asyncio
import base64
import contextlib
import json
import os
import struct
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

# The number of concurrent handshakes. If there were more, some could exceed the service's timeout of ten
# seconds.
AT_ONCE = 100


@dataclass(frozen=True)
class Subscription:
    """The operation and token of one subscriber. A `silent` subscription receives nothing before a change."""

    token: str = field(repr=False)
    query: str
    variables: Mapping[str, Any]
    streamed: bool = False
    silent: bool = False

    @property
    def body(self) -> bytes:
        return json.dumps({"query": self.query, "variables": self.variables}).encode()


class Received(NamedTuple):
    """One message with its monotonic time and the number of its watcher."""

    at: float
    watcher: int
    message: bytes


class Audience:
    """Collects the messages of all watchers. Call `expect` before each change."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._mark = b"no message is expected"
        self._missing = 0
        self._complete = asyncio.Event()

    def expect(self, mark: str, count: int) -> None:
        """Record only messages that contain `mark`, and expect `count` of them."""
        self.received = []
        self._mark, self._missing = mark.encode(), count
        self._complete.clear()

    async def complete(self, seconds: float) -> bool:
        """Wait for the expected messages; return whether all arrived in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._complete.wait()
        return self._complete.is_set()

    def receive(self, at: float, watcher: int, message: bytes) -> None:
        if self._mark in message:
            self.received.append(Received(at, watcher, message))
            self._missing -= 1
            if self._missing == 0:
                self._complete.set()


class Watcher(asyncio.Protocol):
    """One connection with one subscription.

    `opened` is done at the first result, or for a silent subscription as soon as its operation is sent.
    """

    def __init__(self, number: int, subscription: Subscription, audience: Audience) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number = number
        self._subscription = subscription
        self._audience = audience
        self._unread = b""
        self._is_accepted = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request())

    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        self._unread += data
        if not self._is_accepted:
            head, end, rest = self._unread.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(self._welcome):
                self._fail(head.decode())
                return
            self._is_accepted, self._unread = True, rest
            self._begin()
        while (message := self._next()) is not None:
            self._take(message, at)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was closed: {exc}")

    def _fail(self, reason: str) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(reason))

    def _open(self) -> None:
        if not self.opened.done():
            self.opened.set_result(None)

    _welcome: bytes

    def _request(self) -> bytes:
        raise NotImplementedError

    def _begin(self) -> None:
        """Send the first messages after the service has accepted the connection."""

    def _next(self) -> bytes | None:
        """Take the next complete message from the unread bytes."""
        raise NotImplementedError

    def _take(self, message: bytes, at: float) -> None:
        raise NotImplementedError


class Socket(Watcher):
    """A watcher over graphql-transport-ws."""

    _welcome = b"HTTP/1.1 101 "
    _opcode = 0

    def _request(self) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /graphql HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
        )
        return "\r\n".join((*lines, "", "")).encode()

    def _begin(self) -> None:
        bearer = {"Authorization": f"Bearer {self._subscription.token}"}
        self._say(0x1, json.dumps({"type": "connection_init", "payload": bearer}).encode())

    def _say(self, opcode: int, payload: bytes) -> None:
        length = len(payload)
        size = bytes([0x80 | length]) if length < 126 else struct.pack("!BH", 0x80 | 126, length)
        # The protocol requires a mask. A mask of zeros costs no time.
        self.transport.write(bytes([0x80 | opcode]) + size + bytes(4) + payload)

    def _next(self) -> bytes | None:
        unread = self._unread
        if len(unread) < 2:
            return None
        length, begin = unread[1], 2
        if length == 126:
            begin = 4
            length = int.from_bytes(unread[2:begin])
        elif length == 127:
            begin = 10
            length = int.from_bytes(unread[2:begin])
        if len(unread) < begin + length:
            return None
        self._opcode = unread[0] & 0x0F
        self._unread = unread[begin + length :]
        return unread[begin : begin + length]

    def _take(self, message: bytes, at: float) -> None:
        if self._opcode == 0x9:
            self._say(0xA, message)
        elif self._opcode == 0x8:
            self._fail(message[2:].decode())
        elif b'"type":"next"' in message:
            self._audience.receive(at, self._number, message)
            self._open()
        elif b'"connection_ack"' in message:
            subscribe = b'{"type":"subscribe","id":"1","payload":' + self._subscription.body + b"}"
            self._say(0x1, subscribe)
            if self._subscription.silent:
                self._open()
        else:
            self._fail(message.decode())


class Stream(Watcher):
    """A watcher over server-sent events."""

    _welcome = b"HTTP/1.1 200 "

    def __init__(self, number: int, subscription: Subscription, audience: Audience) -> None:
        super().__init__(number, subscription, audience)
        self._text = b""

    def _request(self) -> bytes:
        body = self._subscription.body
        lines = (
            "POST /graphql HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self._subscription.token}",
            "Accept: text/event-stream",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join((*lines, "", "")).encode() + body

    def _next(self) -> bytes | None:
        """Take the next chunk of the body from the unread bytes."""
        size, end, rest = self._unread.partition(b"\r\n")
        length = int(size, 16) if end else 0
        if not end or len(rest) < length + 2:
            return None
        self._unread = rest[length + 2 :]
        return rest[:length]

    def _take(self, message: bytes, at: float) -> None:
        *events, self._text = (self._text + message).split(b"\r\n\r\n")
        for event in events:
            name, _, data = event.partition(b"\r\ndata: ")
            if name == b"event: next":
                self._audience.receive(at, self._number, data)
                self._open()


@contextlib.asynccontextmanager
async def watching(
    url: str, subscriptions: Sequence[Subscription], audience: Audience
) -> AsyncIterator[None]:
    """Open each subscription on its own connection, and number the subscriptions in order."""
    address = urlsplit(url)
    host, port = str(address.hostname), address.port or 80
    turns = asyncio.Semaphore(AT_ONCE)
    watchers: list[Watcher] = []

    async def open_one(number: int, subscription: Subscription) -> None:
        async with turns:
            kind = Stream if subscription.streamed else Socket
            watcher = kind(number, subscription, audience)
            watchers.append(watcher)
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: watcher, host, port)
            await watcher.opened

    try:
        async with asyncio.TaskGroup() as group:
            for number, subscription in enumerate(subscriptions):
                group.create_task(open_one(number, subscription))
        yield
    finally:
        for watcher in watchers:
            if hasattr(watcher, "transport"):
                watcher.transport.abort()
