"""A load generator: each connection sends its next prepared request when the previous answer has arrived.

The generator reads only the status and the length of answers, so one processor can saturate any server.
"""

import itertools
import math
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 8
# Timeout in seconds for a server that does not answer.
PATIENCE = 30.0
# Bytes of the receive buffer, larger than any answer.
BUFFER = 1 << 22

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
# JSON escapes line breaks, so this text occurs only at the end of a body.
LAST_CHUNK = b"\r\n0\r\n\r\n"

Address = tuple[str, int]


@dataclass(frozen=True)
class Load:
    """The measurements of the load generator, in seconds."""

    latencies: list[float] = field(repr=False)
    elapsed: float
    # CPU seconds of the load generator.
    cpu: float
    # Bytes of the shortest answer, including its head.
    shortest: int

    @property
    def requests(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.requests / self.elapsed


@dataclass
class Connection:
    """One connection, with the bytes of its current answer."""

    socket: socket.socket
    buffer: bytearray
    view: memoryview
    sent_at: float = 0.0
    filled: int = 0
    whole: int = 0  # bytes of the complete answer; 0 is unknown, -1 is chunked

    def send(self, request: bytes) -> None:
        self.filled = self.whole = 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Read bytes; return whether the answer is complete.

        Raises RuntimeError if the answer is cut off or too long, or if its status is not 200.
        """
        received = self.socket.recv_into(self.view[self.filled :])
        self.filled += received
        if not received or self.filled == len(self.buffer):
            raise RuntimeError(f"the answer is cut off or too long: {bytes(self.view[:500])!r}")
        if not self.whole:
            end = self.buffer.find(b"\r\n\r\n", 0, self.filled)
            if end < 0:
                return False
            self.whole = whole(bytes(self.view[:end]))
        if self.whole > 0:
            return self.filled >= self.whole
        return bytes(self.view[max(0, self.filled - len(LAST_CHUNK)) : self.filled]) == LAST_CHUNK


def whole(head: bytes) -> int:
    """Read the length of the complete answer from its head; -1 means chunked.

    Raises RuntimeError if the status is not 200, or if the head gives no length.
    """
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the status is not 200: {head!r}")
    if length := LENGTH.search(head):
        return len(head) + 4 + int(length[1])
    if CHUNKED.search(head):
        return -1
    raise RuntimeError(f"the answer has no length: {head!r}")


def request(address: Address, body: bytes, token: str) -> bytes:
    """Encode one HTTP request."""
    host, port = address
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: {host}:{port}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\nauthorization: Bearer {token}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run(
    addresses: Sequence[Address],
    requests: Sequence[bytes],
    seconds: float,
    *,
    connections: int = CONNECTIONS,
) -> Load:
    """Send the requests in turn for `seconds`, and wait for the last answers."""
    turns = itertools.cycle(requests)
    latencies: list[float] = []
    shortest = BUFFER
    with selectors.DefaultSelector() as selector:
        opened = list(_connected(addresses, connections))
        try:
            for connection in opened:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            cpu, started = time.process_time(), time.perf_counter()
            until = started + seconds
            for connection in opened:
                connection.send(next(turns))
            waiting = len(opened)
            while waiting:
                ready = selector.select(PATIENCE)
                if not ready:
                    raise RuntimeError(f"no answer in {PATIENCE} s")
                for key, _ in ready:
                    if key.data.receive():
                        at = time.perf_counter()
                        latencies.append(at - key.data.sent_at)
                        shortest = min(shortest, key.data.filled)
                        if at < until:
                            key.data.send(next(turns))
                        else:
                            waiting -= 1
            return Load(latencies, time.perf_counter() - started, time.process_time() - cpu, shortest)
        finally:
            for connection in opened:
                connection.socket.close()


def _connected(addresses: Sequence[Address], count: int) -> Iterator[Connection]:
    for number in range(count):
        client = socket.create_connection(addresses[number % len(addresses)], timeout=PATIENCE)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer = bytearray(BUFFER)
        yield Connection(client, buffer, memoryview(buffer))


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: with a share of 0.99, at least 99 % of the values are not above it."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
