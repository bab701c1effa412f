"""Limits the memory that this process keeps for clients that do not read."""

import asyncio
import ctypes

import structlog

# The limit for all stalled clients together.
MAX_STALLED_BYTES = 64 * 1024 * 1024
# The assumed memory of a stalled client besides its send buffer: its next message, and the changes and rows
# for later messages.
BYTES_BEHIND = 256 * 1024
# A client is stalled from the time at which its send buffer holds more than this, until the buffer holds only
# a quarter of this.
MAX_UNSENT_BYTES = 16 * 1024
# If the stalled clients took more memory than this at their peak, free memory is returned to the operating
# system once they take less than half of the peak.
LARGE_BYTES = 16 * 1024 * 1024
# Seconds for the tasks of closed connections to end.
END_SECONDS = 1.0

# Only glibc has `malloc_trim`, and only glibc needs it.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

log = structlog.get_logger("server")


class Stalled:
    """The connections of stalled clients. Above the limit, the connections that have stalled longest are cut
    off. A slow client that reads most of its send buffer is no longer stalled. So clients that read nothing
    are cut off first.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self.bytes = 0
        self._peak = 0
        self._sizes: dict[asyncio.Transport, int] = {}  # the oldest comes first

    def add(self, transport: asyncio.Transport) -> None:
        """Count a connection whose send buffer is above its limit."""
        self.remove(transport)
        self._sizes[transport] = size = transport.get_write_buffer_size() + BYTES_BEHIND
        self.bytes += size
        self._peak = max(self._peak, self.bytes)
        while self.bytes > self._max_bytes:
            oldest = next(iter(self._sizes))
            log.warning("stalled_client_cut_off", stalled=len(self._sizes), bytes=self.bytes)
            self.remove(oldest)
            oldest.abort()

    def remove(self, transport: asyncio.Transport) -> None:
        """Forget a connection that sends again or is closed."""
        self.bytes -= self._sizes.pop(transport, 0)
        if self._peak > LARGE_BYTES and self.bytes < self._peak // 2:
            self._peak = self.bytes
            asyncio.get_running_loop().call_later(END_SECONDS, _return_memory)


def _return_memory() -> None:
    if _trim is not None:
        _trim(0)


# The stalled connections of this process.
stalled = Stalled(MAX_STALLED_BYTES)
