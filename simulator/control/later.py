"""Work scheduled for a later time of the simulated clock."""

import heapq
import itertools
from collections.abc import Callable

from simulator.state import Json, State, token

Work = Callable[[State, str], None]
_numbers = itertools.count()


def schedule(state: State, seconds: float, work: str, target: str, key: str | None = None) -> None:
    """Schedule the work on the target after this delay. `pass_time` finds the work by its name.

    Work whose `key` is already scheduled is not scheduled again.
    """
    if key in state.all("later"):
        return
    record: Json = {"id": key or token("later_"), "at": state.now() + seconds, "work": work, "target": target}
    state.save("later", record["id"], record)
    heapq.heappush(state.later, (record["at"], next(_numbers), record["id"]))


def load(state: State) -> None:
    """Load the scheduled work of an earlier run or a saved state."""
    state.later = [(record["at"], next(_numbers), key) for key, record in state.all("later").items()]
    heapq.heapify(state.later)


def is_due(state: State) -> bool:
    """Whether any work is due."""
    return bool(state.later) and state.later[0][0] <= state.now()


def pass_time(state: State, works: dict[str, Work]) -> None:
    """Do the work that is due, the earliest first. Work may schedule more work."""
    while is_due(state):
        _, _, key = heapq.heappop(state.later)
        record = state.all("later").get(key)
        if record is not None:
            state.drop("later", key)
            works[record["work"]](state, record["target"])
