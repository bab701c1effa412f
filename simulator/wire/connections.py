"""The connection of a request.

ASGI does not expose the connection. But uvicorn's `receive` is a method of an object with its transport.
"""

import socket
import struct
import sys
import time
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

if TYPE_CHECKING:
    import asyncio

# The offset of tcpi_last_data_recv, the milliseconds since the newest data arrived, in Linux's `tcp_info`.
_LAST_DATA = 52


def transport(request: Request) -> "asyncio.Transport":
    """Return the transport of a request's connection."""
    found = getattr(getattr(request.receive, "__self__", None), "transport", None)
    if found is None:
        raise RuntimeError("this server does not show its transport")
    return cast("asyncio.Transport", found)


def arrived_at(request: Request) -> float:
    """Return the time of `time.monotonic` at which the kernel received the newest data of a request.

    A busy process reads requests late and together, so the time at which it reads them does not show how fast
    the caller sends them. On systems other than Linux, return the time of this call.
    """
    now = time.monotonic()
    if sys.platform != "linux":
        return now
    connection = transport(request).get_extra_info("socket")
    known = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_DATA + 4)
    milliseconds: int
    (milliseconds,) = struct.unpack_from("=I", known, _LAST_DATA)
    return now - milliseconds / 1000
