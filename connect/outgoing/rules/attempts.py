"""The attempts of a delivery: the pauses between them, and the log of attempts. Pure."""

import enum
import random
from datetime import timedelta

import msgspec

# The pause after each failed attempt. The last attempt is about 71 hours after the first.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 24)),
)
MAX_ATTEMPTS = len(PAUSES) + 1
# Each pause is made longer or shorter by a random share of at most this value, so that deliveries that failed
# at the same time are not repeated at the same time.
JITTER = 0.1
# The log keeps at most this number of attempts. It can have more than MAX_ATTEMPTS, because a replay adds new
# attempts.
MAX_LOGGED = 20
GONE = 410


class DeliveryState(enum.Enum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class DeliveryError(enum.Enum):
    """Why an attempt got no answer."""

    ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED"
    HOST_NOT_FOUND = "HOST_NOT_FOUND"
    CONNECTION_FAILED = "CONNECTION_FAILED"
    TIMED_OUT = "TIMED_OUT"
    SECRET_UNREADABLE = "SECRET_UNREADABLE"  # noqa: S105 - a code


class Result(msgspec.Struct, frozen=True):
    """The outcome of one attempt. The text of the answer is not kept, because it may contain data of other
    systems.
    """

    status: int | None = None
    error: DeliveryError | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Attempt(msgspec.Struct, frozen=True):
    """One entry of the log. `at` is in wire form."""

    at: str
    duration_ms: int
    status: int | None = None
    error: DeliveryError | None = None


def pause_after(attempts: int, rand: random.Random) -> timedelta | None:
    """The pause after the failure of attempt number `attempts`. None if no attempt follows."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return PAUSES[attempts - 1] * rand.uniform(1 - JITTER, 1 + JITTER)


def read_log(text: str) -> list[Attempt]:
    """The last attempts, oldest first."""
    return msgspec.json.decode(text, type=list[Attempt])


def add_to_log(text: str, attempt: Attempt) -> str:
    return msgspec.json.encode([*read_log(text), attempt][-MAX_LOGGED:]).decode()
