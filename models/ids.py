"""UUIDv7: time-ordered ids, so that the primary key is also the order of creation."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A new UUIDv7 (RFC 9562 §5.7), above every earlier one of this process.

    48 bits of Unix milliseconds, 12 bits of their fraction (§6.2, method 3), 62 random bits.
    """
    global _last  # noqa: PLW0603 -- the order of ids is a property of the process
    with _lock:
        _last = max((time.time_ns() << 12) // 1_000_000, _last + 1)
        moment = _last
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (moment >> 12 << 80) | (0x7 << 76) | ((moment & 0xFFF) << 64) | (0x2 << 62) | random
    return uuid.UUID(int=value)
