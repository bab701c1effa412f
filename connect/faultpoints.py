"""Named points at which a torture proof can kill the process.

Only `torture.armed` arms one. Unarmed, a point is one call of an empty function.
"""

import os
import signal
from collections.abc import Callable

# In the order of a creation; `worker.*` belong to the inbox.
POINTS = (
    "create.arrived",  # the request is parsed and authorized
    "create.written",  # the merchant, the key and the body are committed
    "create.claimed",  # this caller holds the lease and calls Stripe
    "create.answered",  # Stripe has created the account; it is not written here
    "create.settled",  # everything is committed, no response is sent
    "response.started",  # the response head is sent
    "response.ended",  # the last byte of the response is passed to the server
    "worker.claimed",  # events are leased
    "worker.fetched",  # the account is fetched but not written
    "worker.written",  # the mirror is committed, the events are not settled
)


def _pass(_name: str) -> None:
    """The unarmed point."""


reach: Callable[[str], None] = _pass


def arm(name: str, passes: int = 1) -> None:
    """Kill the process at the given pass of the point. Raises ValueError for an unknown point."""
    global reach  # noqa: PLW0603 -- a process is armed once, when it starts
    if name not in POINTS:
        raise ValueError(f"there is no fault point {name!r}; known are {', '.join(POINTS)}")
    left = passes

    def count(reached: str) -> None:
        nonlocal left
        if reached == name:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    reach = count
