"""Named points at which a proof can let the process die, as a crash would.

Only `torture.armed` arms one. Unarmed, a point is one call of an empty function.
"""

import os
import signal
from collections.abc import Callable

# In the order in which a creation passes them; `worker.*` are those of the inbox.
POINTS = (
    "create.arrived",  # the request is parsed and authorized
    "create.written",  # the merchant, the key and the body are committed
    "create.claimed",  # we are the one who asks Stripe
    "create.answered",  # Stripe has made the account; nothing of it is here
    "create.settled",  # everything is committed, nothing is answered
    "response.started",  # the head of the answer is sent
    "response.ended",  # its last byte is handed to the server
    "worker.claimed",  # events are leased
    "worker.fetched",  # the account is fetched, nothing is written
    "worker.written",  # the mirror is committed, the events not marked
)


def _pass(_name: str) -> None:
    """Nothing happens here."""


reach: Callable[[str], None] = _pass


def arm(name: str, passes: int = 1) -> None:
    """Die by SIGKILL when the point is reached for the given time. Raises ValueError for an unknown point."""
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
