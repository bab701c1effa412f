"""Work that is due at a time of the simulated clock."""

from simulator.accounts import records
from simulator.control import audits, later
from simulator.money import ledger, payments, refunds
from simulator.money.checkout import sessions
from simulator.money.disputes import course
from simulator.state import State

WORKS: dict[str, later.Work] = {
    **payments.WORKS,
    **refunds.WORKS,
    **course.WORKS,
    **sessions.WORKS,
    "free": ledger.free,
}


def pass_time(state: State) -> None:
    """End reviews and deadlines of accounts, and do the scheduled work of money."""
    records.pass_time(state)
    later.pass_time(state, WORKS)
    audits.check(state)
