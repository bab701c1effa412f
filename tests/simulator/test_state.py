"""The state finds records by the values of their fields, also after a restart."""

from pathlib import Path

from simulator.settings import Settings
from simulator.state import State


def test_records_are_found_by_the_latest_values_of_fields_also_after_a_restart(tmp_path: Path) -> None:
    settings = Settings("", 0, tmp_path / "state.db", 0, 0, (0,))
    state = State(settings)
    session = {"id": "cs_1", "_account": "acct_1", "payment_intent": None}
    state.save("checkout.session", "cs_1", session)
    assert state.having("checkout.session", "payment_intent", None) == []
    state.save("checkout.session", "cs_1", session | {"payment_intent": "pi_1"})
    state.save("checkout.session", "cs_2", session | {"id": "cs_2"})
    for _ in range(2):
        found = [
            [one["id"] for one in state.having("checkout.session", field, value)]
            for field, value in (("payment_intent", "pi_1"), ("_account", "acct_1"), ("_account", "acct_2"))
        ]
        assert found == [["cs_1"], ["cs_1", "cs_2"], []]
        state.close()
        state = State(settings)
    state.reset()
    assert state.having("checkout.session", "_account", "acct_1") == []
    state.close()
