"""UUIDv7: ids in the order of creation."""

import os
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

VERSION = 7

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_lock = threading.Lock()
_last = {"machine": 0, "database": 0}


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A new UUIDv7 (RFC 9562 §5.7) of the time `at`, by default of this machine's time.

    In one process, each id is greater than all earlier ids of the same clock. An id has 48 bits of Unix
    milliseconds, 12 bits of their fraction (§6.2, method 3) and 62 random bits. If the order of rows matters,
    pass the database's time as `at`, because the clocks of replicas differ.
    """
    # Each clock has its own sequence of ids: a fast clock of this machine must not affect ids from the
    # database's time.
    clock = "machine" if at is None else "database"
    nanoseconds = (at - _EPOCH) // timedelta(microseconds=1) * 1000 if at is not None else time.time_ns()
    with _lock:
        moment = _last[clock] = max((nanoseconds << 12) // 1_000_000, _last[clock] + 1)
    return _build(moment)


def past_uuid7(at: datetime) -> uuid.UUID:
    """A new UUIDv7 of a past time, for an object that was created elsewhere.

    It sorts among the ids of that time. Ids of the same microsecond have no defined order.
    """
    return _build(((at - _EPOCH) // timedelta(microseconds=1) << 12) // 1000)


def first_uuid7(at: datetime) -> uuid.UUID:
    """An id that is greater than all UUIDv7 of earlier milliseconds and less than all of this millisecond."""
    milliseconds = max((at - _EPOCH) // timedelta(milliseconds=1), 0)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76))


def time_of(identifier: uuid.UUID) -> datetime:
    """The time in a UUIDv7, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=identifier.int >> 80)


def _build(moment: int) -> uuid.UUID:
    """The id of a moment in units of 1/4096 ms of Unix time."""
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (moment >> 12 << 80) | (0x7 << 76) | ((moment & 0xFFF) << 64) | (0x2 << 62) | random
    return uuid.UUID(int=value)
