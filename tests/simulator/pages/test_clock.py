"""The form that advances the clock."""

import httpx

from testing.processes import Simulator


def test_the_clock_advances_only_by_whole_seconds_and_at_most_by_a_month(sim: Simulator) -> None:
    def post(seconds: str) -> int:
        answer = httpx.post(f"{sim.base_url}/clock", data={"seconds": seconds}, trust_env=False)
        return answer.status_code

    assert [post(seconds) for seconds in ("", "-1", "1.5", "9999999")] == [422] * 4
    assert sim.control("clock", {})["offset"] == 0
    assert post("86400") == 303
    assert sim.control("clock", {})["offset"] == 86400
