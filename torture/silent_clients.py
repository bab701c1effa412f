"""Clients that open an event stream and never read it."""

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from testing.deployment import Deployment

# Bytes of a client's receive buffer. It is small, so that the service's own buffers fill soon.
RECEIVE_BYTES = 4096
_OPEN = b"HTTP/1.1 200 "
# A message repeats the requirements, so that a few messages fill every buffer.
_PART = "requirements { entries { key title help deadline awaitingActionFrom reasons } }"
QUERY = f"subscription {{ merchantsChanged {{ {' '.join(f'part{n}: {_PART}' for n in range(45))} }} }}"


@contextlib.contextmanager
def streams(deployment: Deployment, number: int) -> Iterator[Callable[[], int]]:
    """Open this number of streams at the first replica.

    Yields a function that returns the growth of the replica's memory, in MiB, since before the first stream.
    """
    replica = deployment.replicas[0]
    if replica.process is None:
        raise RuntimeError("the replica does not run")
    process = psutil.Process(replica.process.popen.pid)
    before = process.memory_info().rss
    address = urlsplit(replica.url)
    body = json.dumps({"query": QUERY})
    # These clients have their own token, so that their requests do not count against the others' limit.
    token = deployment.token(subject="silent")
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nAccept: text/event-stream\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(number):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
            client.settimeout(30)
            client.connect((address.hostname, address.port))
            client.sendall(f"{head}{body}".encode())
            clients.append(client)
        for client in clients:
            start = client.recv(len(_OPEN), socket.MSG_PEEK)
            if start != _OPEN:
                raise AssertionError(f"the replica answered a stream with {start!r}")
        yield lambda: round((process.memory_info().rss - before) / 2**20)
