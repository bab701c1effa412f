"""How often somebody may ask: the generic cell rate algorithm, in memory, for this process alone.

Whoever stays under the rate may ask in bursts of up to one minute's worth
(https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from api.graphql.requests import Refused

WINDOW_SECONDS = 60.0
# Of so many it is known when they asked; then those are forgotten who have not asked for the longest time.
MOST_KNOWN = 100_000


class Rates:
    """One rate, for each of many."""

    def __init__(
        self, per_minute: int, *, most_known: int = MOST_KNOWN, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self._interval = WINDOW_SECONDS / per_minute
        self._most_known = most_known
        self._clock = clock
        # When each will have used up nothing of its minute, the longest silent first.
        self._settled_at: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, who: Hashable) -> float:
        """Count a request: zero if it may be served, else the seconds to wait. Refused ones do not count."""
        now = self._clock()
        settled_at = max(now, self._settled_at.get(who, now))
        too_early = settled_at + self._interval - now - WINDOW_SECONDS
        if too_early > 0:
            return too_early
        self._settled_at[who] = settled_at + self._interval
        self._settled_at.move_to_end(who)
        if len(self._settled_at) > self._most_known:
            self._settled_at.popitem(last=False)
        return 0.0


def limited(per_minute: int) -> Rates | None:
    """The rate; None for 0, which stands for any."""
    return Rates(per_minute) if per_minute else None


def check(rates: Rates | None, who: Hashable, name: str) -> None:
    """Count a request of somebody, who is called by this name. Raises Refused."""
    seconds = rates.wait(who) if rates is not None else 0.0
    if rates is not None and seconds > 0:
        wait = math.ceil(seconds)
        raise Refused(
            f"Too many requests: {name} may send {rates.per_minute} a minute. Try again in {wait} s.",
            code="RATE_LIMITED",
            status=429,
            headers={"Retry-After": str(wait)},
        )
