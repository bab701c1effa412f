"""Rate limits with the generic cell rate algorithm, in this process's memory.

A burst may use a full minute's requests (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from ipaddress import IPv6Address

from api.server.refusals import Refused

WINDOW_SECONDS = 60.0
# Size of the table of callers. A full table drops the caller with the oldest request.
MAX_CALLERS = 100_000


class Rates:
    """One rate, counted for each caller separately."""

    def __init__(
        self, per_minute: int, *, max_callers: int = MAX_CALLERS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self._interval = WINDOW_SECONDS / per_minute
        self._max_callers = max_callers
        self._clock = clock
        # The time at which each caller may send a full minute's requests again. The last caller comes last.
        self._settled_at: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, caller: Hashable) -> float:
        """Count a request and return 0, or return the seconds to wait without counting it."""
        now = self._clock()
        settled_at = max(now, self._settled_at.pop(caller, now))
        too_early = settled_at + self._interval - now - WINDOW_SECONDS
        self._settled_at[caller] = settled_at if too_early > 0 else settled_at + self._interval
        if len(self._settled_at) > self._max_callers:
            self._settled_at.popitem(last=False)
        return max(too_early, 0.0)

    def check(self, caller: Hashable, name: str) -> None:
        """Count a request of `caller`. Raises Refused, with `name` as the caller's name in the message."""
        if seconds := self.wait(caller):
            wait = math.ceil(seconds)
            text = f"Too many requests: {name} may send {self.per_minute} a minute. Try again in {wait} s."
            raise Refused(text, "RATE_LIMITED", 429, {"Retry-After": str(wait)})


def network(address: str) -> Hashable:
    """Return the caller of an address: an IPv4 address itself, or the /64 network of an IPv6 address.

    A provider gives each customer at least a /64 network (RFC 6177).
    """
    if ":" in address:
        with suppress(ValueError):
            parsed = IPv6Address(address)
            return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else int(parsed) >> 64
    return address


def of(per_minute: int) -> Rates | None:
    """Create a rate limit, or return None for 0, which means unlimited."""
    return Rates(per_minute) if per_minute else None
