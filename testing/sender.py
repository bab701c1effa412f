"""Sends notifications as Stripe does. They are signed in advance and sent over a few connections."""

import asyncio
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Signed(NamedTuple):
    """A signed notification: the bytes of its request, and the id of its event."""

    event_id: str
    request: bytes


class Answer(NamedTuple):
    """The answer to one notification. `sent_at` is the wall-clock time at which the notification was sent."""

    event_id: str
    sent_at: float
    seconds: float  # from the due time of the notification to the answer
    status: int


def signed(url: str, secret: str, notifications: Iterable[dict[str, Any]]) -> list[Signed]:
    """Sign notifications for this address. The signatures are valid for five minutes."""
    return [_signed(url, secret, one["id"], json.dumps(one).encode()) for one in notifications]


def _signed(url: str, secret: str, event_id: str, body: bytes) -> Signed:
    parts = urlsplit(url)
    stamp = int(time.time())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: */*\r\n"
        "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"Stripe-Signature: t={stamp},v1={digest}\r\n\r\n"
    )
    return Signed(event_id, head.encode() + body)


class _Connection(asyncio.Protocol):
    """A connection for one request at a time. It parses only the status and length of an answer."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, is_whole, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if is_whole and length is not None and len(body) >= int(length[1]) and self._answer is not None:
            self._received = b""
            self._answer.set_result(int(head.split(b" ", 2)[1]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the service closed the connection"))

    async def post(self, request: bytes) -> int:
        """Send a request and return the status of its answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


async def send(
    url: str, notifications: Sequence[Signed], *, connections: int, rate: float | None = None
) -> list[Answer]:
    """Send all notifications, at `rate` per second or as fast as the service answers."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    loop = asyncio.get_running_loop()
    answers: list[Answer] = []
    started = time.perf_counter() + 0.05

    def due() -> Iterator[tuple[float, Signed]]:
        for number, notification in enumerate(notifications):
            yield (started + number / rate if rate else time.perf_counter()), notification

    remaining = due()

    async def work() -> None:
        transport, connection = await loop.create_connection(_Connection, host, port)
        try:
            for at, notification in remaining:
                await asyncio.sleep(max(at - time.perf_counter(), 0))
                sent_at = time.time()
                status = await connection.post(notification.request)
                answers.append(Answer(notification.event_id, sent_at, time.perf_counter() - at, status))
        finally:
            transport.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(work())
    return answers
