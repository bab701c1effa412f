"""A client on one keep-alive connection. httpx takes as much time for a request as the service does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from testing import confidential
from testing.service import Service


class Connection:
    """Sends one request after another. It keeps no cookies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Return the answer, whose secrets are registered. Raises EOFError if the connection is closed."""
        fields = {"Host": self._host, **headers, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        status, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
        received = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        length = int(next(value for name, value in received if name.lower() == "content-length"))
        content = await self._reader.readexactly(length)
        answer = httpx.Response(int(status.split()[1]), headers=received, content=content)
        await confidential.keep_of(answer)
        return answer


@contextlib.asynccontextmanager
async def connected(service: Service) -> AsyncIterator[Connection]:
    address = urlsplit(service.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield Connection(reader, writer, address.netloc)
    finally:
        writer.close()
        await writer.wait_closed()
