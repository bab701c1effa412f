"""A local endpoint that receives outgoing events. The test chooses its answers."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request. The names of the headers are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Receiver:
    """The endpoint and the requests that it has received.

    `answer` returns the status code for each request, or None to send no answer within a minute.

    While `may_answer` is cleared, the endpoint holds its answers back.
    """

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int | None] = lambda _: 204
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=_set)
    _connections: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            self._connections.discard(task)
            writer.transport.abort()

    async def close(self) -> None:
        for task in (tasks := list(self._connections)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            headers = {}
            for line in filter(None, lines):
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            one = Received(first.split(" ")[1], headers, body)
            self.received.append(one)
            self.arrived.set()
            await self.may_answer.wait()
            status = self.answer(one)
            if status is None:
                await asyncio.sleep(60)
            more = f"Location: {self.url}/elsewhere\r\n" if status in {301, 302, 307, 308} else ""
            length = "" if status == 204 else "Content-Length: 0\r\n"
            writer.write(f"HTTP/1.1 {status} Answer\r\n{more}{length}\r\n".encode())
            await writer.drain()


@contextlib.asynccontextmanager
async def receiving(port: int = 0, *, context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Receive events at the receiver's address, over TLS if `context` is given, until the block ends."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.accept, "127.0.0.1", port, ssl=context)
    scheme = "https" if context is not None else "http"
    receiver.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield receiver
    finally:
        server.close()
        await receiver.close()
