"""Notifications that get lost: the next ones about one account, or the next ones about any account."""

from simulator.state import Json, State
from simulator.wire.errors import Refused

EVERYBODY = "*"


def find(state: State) -> Json:
    """Return the number of notifications to lose, by account."""
    return state.control("losses")


def add(state: State, account: object, count: int) -> Json:
    """Lose the next `count` notifications about an account, or about any account.

    A count of 0 ends the loss.
    """
    key = str(account or EVERYBODY)
    if key != EVERYBODY and key not in state.all("account"):
        raise Refused("resource_missing", f"No such account: '{key}'", 404)
    if not 0 <= count <= 1000:
        raise Refused("parameter_invalid", "count: must be from 0 to 1000")
    _set(state, key, count)
    return find(state)


def take(state: State, account: str | None) -> bool:
    """Whether to lose a notification about this account now. If so, reduce the remaining losses by one."""
    left = find(state)
    for key in (account, EVERYBODY):
        if key is not None and left.get(key, 0) > 0:
            _set(state, key, left[key] - 1)
            return True
    return False


def _set(state: State, key: str, count: int) -> None:
    left = {name: number for name, number in find(state).items() if name != key}
    state.save("control", "losses", left | ({key: count} if count else {}))
