"""Rate limits with the generic cell rate algorithm, in this process's memory.

A caller may send the requests of a full minute in one burst
(https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

WINDOW_SECONDS = 60.0
# The maximum number of callers in the table. A full table drops the caller whose last request is the oldest.
MAX_CALLERS = 100_000


class Rates:
    """A rate limit that applies to each caller separately."""

    def __init__(
        self, per_minute: int, *, max_callers: int = MAX_CALLERS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self._interval = WINDOW_SECONDS / per_minute
        self._max_callers = max_callers
        self._clock = clock
        # The time from which each caller may again send the requests of a full minute. The most recent caller
        # is at the end.
        self._settled_at: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, caller: Hashable, within: float = 0.0) -> float:
        """Return the seconds until `caller` may send a request. Counts the request if the wait is at most
        `within` seconds.
        """
        now = self._clock()
        settled_at = max(now, self._settled_at.pop(caller, now))
        too_early = max(settled_at + self._interval - now - WINDOW_SECONDS, 0.0)
        self._settled_at[caller] = settled_at if too_early > within else settled_at + self._interval
        if len(self._settled_at) > self._max_callers:
            self._settled_at.popitem(last=False)
        return too_early


def of(per_minute: int) -> Rates | None:
    """Create a rate limit, or return None for 0, which means unlimited."""
    return Rates(per_minute) if per_minute else None
