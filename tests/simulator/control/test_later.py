"""Scheduled work is done in the order of its time, and survives a restart."""

from pathlib import Path

from simulator.control import later
from simulator.settings import Settings
from simulator.state import State


def test_work_is_done_in_the_order_of_its_time_even_after_a_restart(tmp_path: Path) -> None:
    settings = Settings("", 0, tmp_path / "state.db", 0, 0, (0,))
    state = State(settings)
    later.schedule(state, 30, "note", "late")
    later.schedule(state, 10, "note", "early")
    later.schedule(state, 20, "note", "once", "key")
    later.schedule(state, 20, "note", "twice", "key")
    state.close()
    state = State(settings)
    later.load(state)
    done: list[str] = []
    works: dict[str, later.Work] = {"note": lambda _, target: done.append(target)}
    later.pass_time(state, works)
    assert done == []
    state.steer("clock", {"offset": 25.0})
    later.pass_time(state, works)
    assert done == ["early", "once"]
    state.steer("clock", {"offset": 31.0})
    later.pass_time(state, works)
    assert done == ["early", "once", "late"]
    assert state.all("later") == {}
    state.close()
