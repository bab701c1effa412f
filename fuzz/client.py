"""A client that sends arbitrary bytes over a keep-alive connection and reads the response."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from testing.waits import PATIENCE

# Timeout in seconds for an answer. It is longer than the promised limit, so that the duration of slow answers
# is measured.
ANSWER_SECONDS = 20.0 * PATIENCE
# Timeout in seconds for the messages of a stream, and for an answer to an incomplete request.
SHORT = 0.3


@dataclass
class Answer:
    """One response. `status` is 0 if no response arrived."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


class Connection:
    """Sends requests one after another. Concurrent use is not supported."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, wire: bytes, *, complete: bool) -> Answer:
        """Send a request and return its answer. An incomplete request gets its own connection."""
        if not complete:
            self.close()
        is_old = self._streams is not None
        answer = await self._ask(wire, ANSWER_SECONDS if complete else SHORT)
        if is_old and not answer.status and answer.seconds < ANSWER_SECONDS:
            answer = await self._ask(wire, ANSWER_SECONDS)  # the server closed the idle connection
        if not complete:
            self.close()
        return answer

    async def _ask(self, wire: bytes, patience: float) -> Answer:
        started = time.monotonic()
        answer = Answer()
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
            reader, writer = self._streams
            writer.write(wire)
            async with asyncio.timeout(patience):
                await self._read(reader, answer, has_body=not wire.startswith(b"HEAD "))
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError):
            self.close()
        else:
            if answer.headers.get("connection", "").lower() == "close":
                self.close()
        answer.seconds = time.monotonic() - started
        return answer

    async def _read(self, reader: asyncio.StreamReader, answer: Answer, *, has_body: bool) -> None:
        status = 100
        while status == 100:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            status = int(head[0].split(" ")[1])
        answer.status = status
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            answer.headers[name.lower()] = value.strip()
        if not has_body or status in (204, 304):
            return
        if "chunked" not in answer.headers.get("transfer-encoding", ""):
            answer.body = await reader.readexactly(int(answer.headers.get("content-length", 0)))
            return
        is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHORT if is_stream else ANSWER_SECONDS):
                while size := int(await reader.readline(), 16):
                    answer.body += (await reader.readexactly(size + 2))[:-2]
                    if is_stream and b"event: next" in answer.body:
                        break  # the first message is enough
                else:
                    await reader.readline()
                    return
        self.close()  # unread bytes may remain

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
