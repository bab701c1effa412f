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

# The field tcpi_last_data_recv of Linux's `struct tcp_info`: milliseconds since the newest data arrived.
_LAST_DATA = 52


def transport(request: Request) -> "asyncio.Transport":
    """Return the transport of a request's connection."""
    found = getattr(getattr(request.receive, "__self__", None), "transport", None)
    if found is None:
        raise RuntimeError("this server does not show its transport")
    return cast("asyncio.Transport", found)


def arrived_at(request: Request) -> float:
    """Return the time of `time.monotonic` at which the kernel received the newest data of a request.

    A busy process reads requests late and together, so the time at which it reads them says little about the
    pace of the caller. On systems other than Linux, return the time of this call.
    """
    now = time.monotonic()
    if sys.platform != "linux":
        return now
    connection = transport(request).get_extra_info("socket")
    known = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_DATA + 4)
    milliseconds: int
    (milliseconds,) = struct.unpack_from("=I", known, _LAST_DATA)
    return now - milliseconds / 1000
