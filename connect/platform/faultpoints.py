"""Named points at which the torture tests can kill the process.

Only `torture.armed` arms a point. An unarmed point calls an empty function.
"""

import os
import signal
from collections.abc import Callable

# All fault points. Points with the same prefix are in the order in which a process reaches them.
POINTS = (
    "create.arrived",  # the request is parsed and authorized
    "create.written",  # the merchant, the key and the body are committed
    "create.claimed",  # this caller holds the lease and calls Stripe
    "create.answered",  # Stripe has created the account, but the database does not have it
    "create.settled",  # everything is committed, no response is sent
    "adopt.arrived",  # the adoption is parsed and authorized
    "adopt.fetched",  # the account is fetched, but not judged yet
    "adopt.judged",  # the account is adoptable, nothing is stored
    "adopt.written",  # the merchant and its mirror are committed, no response is sent
    "payment.arrived",  # the payment's input is parsed and authorized
    "payment.written",  # the payment, the key and the body are committed
    "payment.claimed",  # this caller holds the lease and calls Stripe
    "payment.answered",  # Stripe has created the session or intent, but the database does not have it
    "payment.settled",  # everything is committed, no response is sent
    "refund.arrived",  # the refund's input is parsed and authorized
    "refund.written",  # the request, its key and body are committed
    "refund.claimed",  # this caller holds the lease and calls Stripe
    "refund.answered",  # Stripe has created the refund, but the database does not have it
    "refund.settled",  # everything is committed, no response is sent
    "service.arrived",  # the input for a page of a service is parsed and authorized
    "service.written",  # the request, its key and body are committed
    "service.claimed",  # this caller holds the lease and calls Stripe
    "service.answered",  # Stripe has created the page, but the database does not have it
    "service.settled",  # everything is committed, no response is sent
    "fee_return.claimed",  # this worker holds the lease and calls Stripe
    "fee_return.answered",  # Stripe has returned the part of the fee, but the database does not have it
    "fee_return.settled",  # the return is committed
    "dispute.arrived",  # the answer to a dispute is parsed and authorized
    "dispute.written",  # the request, its key and encrypted body are committed
    "dispute.claimed",  # this caller holds the lease and calls Stripe
    "dispute.answered",  # Stripe has the answer, but the database has not recorded it
    "dispute.settled",  # everything is committed, no response is sent
    "payout.arrived",  # the input for a payout is parsed and authorized
    "payout.written",  # the request, its key and body are committed
    "payout.claimed",  # this caller holds the lease and calls Stripe
    "payout.answered",  # Stripe has created the payout, but the database does not have it
    "payout.settled",  # everything is committed, no response is sent
    "response.started",  # the response head is sent
    "response.ended",  # the last byte of the response is passed to the server
    "outgoing.numbered",  # events have their positions, nothing is sent
    "outgoing.claimed",  # deliveries are leased, nothing is sent
    "outgoing.sent",  # an endpoint has answered, the database has not recorded it
    "worker.claimed",  # events are leased
    "worker.fetched",  # an object is fetched but not written
    "worker.written",  # the mirror is committed, the events are not settled
)


def _pass(_name: str) -> None:
    """Do nothing, because no point is armed."""


reach: Callable[[str], None] = _pass


def arm(name: str, passes: int = 1) -> None:
    """Kill the process when it has reached the point `passes` times.

    Raises ValueError for an unknown point.
    """
    global reach  # noqa: PLW0603 -- a process is armed once, when it starts
    if name not in POINTS:
        raise ValueError(f"unknown fault point {name!r}; the fault points are {', '.join(POINTS)}")
    left = passes

    def count(reached: str) -> None:
        nonlocal left
        if reached == name:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    reach = count
