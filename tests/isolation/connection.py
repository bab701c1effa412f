"""A client that uses one keep-alive connection.

The tests do not use httpx, because httpx takes as much time for a request as the service does. Creating
httpx's Response alone takes a tenth of that time.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from testing import confidential
from testing.service import Service


@dataclass(frozen=True, slots=True)
class Received:
    """A received answer. In `headers`, names are in lower case, and values with the same name are joined."""

    status: int
    head: str
    headers: dict[str, str]
    text: str


class Connection:
    """Sends one request after another. It keeps no cookies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> Received:
        """Send a request, register the secrets in its answer, and return the answer.

        Raises EOFError if the connection is closed.
        """
        fields = {"Host": self._host, **headers, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        received = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = received.split("\r\n")[:-2]
        joined: dict[str, str] = {}
        cookies = []
        for line in lines:
            name, _, value = line.partition(": ")
            name = name.lower()
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
            if name == "set-cookie":
                cookies.append(value)
        text = (await self._reader.readexactly(int(joined["content-length"]))).decode()
        confidential.keep_in(cookies, text)
        return Received(int(status.split()[1]), received, joined, text)


@contextlib.asynccontextmanager
async def connected(service: Service) -> AsyncIterator[Connection]:
    address = urlsplit(service.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield Connection(reader, writer, address.netloc)
    finally:
        writer.close()
        await writer.wait_closed()
