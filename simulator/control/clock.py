"""Advances the simulated clock, and does the work that falls due."""

import math

from simulator.accounts import records
from simulator.billing import course as billing
from simulator.control import audits, later
from simulator.money import ledger, payments, refunds
from simulator.money.checkout import sessions
from simulator.money.disputes import course
from simulator.money.payouts import payouts, schedule
from simulator.state import State

WORKS: dict[str, later.Work] = {
    **payments.WORKS,
    **refunds.WORKS,
    **course.WORKS,
    **sessions.WORKS,
    **payouts.WORKS,
    **billing.WORKS,
    "free": ledger.free,
    "pay_out": schedule.pay_out,
}


def advance(state: State, seconds: float) -> None:
    """Advance the clock, and do the work that falls due, each at its own time. A negative number turns the
    clock back.
    """
    offset = float(state.control("clock")["offset"]) + seconds
    while (wait := _next(state) - state.now()) <= offset - float(state.control("clock")["offset"]):
        state.steer("clock", {"offset": float(state.control("clock")["offset"]) + max(wait, 0.0)})
        pass_time(state)
    state.steer("clock", {"offset": offset})
    pass_time(state)


def _next(state: State) -> float:
    """Return the time of the next work, or infinity."""
    moments = [*state.timers.values(), *(at for at, _, _ in state.later[:1])]
    return min(moments, default=math.inf)


def pass_time(state: State) -> None:
    """Make the account changes that are due, do the scheduled work that is due, and check the payments."""
    records.pass_time(state)
    later.pass_time(state, WORKS)
    audits.check(state)
