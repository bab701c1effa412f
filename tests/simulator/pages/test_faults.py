"""The form for faults."""

import re

import httpx

from testing.processes import Simulator

FORM = {"method": "POST", "path": "/v2/core/accounts", "kind": "delay", "seconds": "2.5", "times": "3"}


def test_a_fault_is_set_and_ended_on_the_page(sim: Simulator) -> None:
    with httpx.Client(base_url=sim.base_url, trust_env=False, verify=False) as browser:
        assert browser.post("/faults", data=FORM).status_code == 303
        (fault,) = sim.control("faults")["data"]
        assert (fault["kind"], fault["seconds"], fault["times"]) == ("delay", 2.5, 3)
        page = browser.get("/").text
        assert "<code>POST /v2/core/accounts</code>" in page
        assert "delay of 2.5 s" in page
        browser.post("/faults", data={"action": "clear"})
        assert sim.control("faults")["data"] == []


def test_an_invalid_number_is_explained_at_its_field(sim: Simulator) -> None:
    seconds, times = "number from 0 to 600", "whole number from 1 to 1,000,000"
    with httpx.Client(base_url=sim.base_url, trust_env=False, verify=False) as browser:
        for name, value, allowed in (
            *(("seconds", value, seconds) for value in ("nan", "inf", "-1", "601", "x")),
            *(("times", value, times) for value in ("0", "1.5", "x")),
            ("status", "99", "whole number from 100 to 599"),
        ):
            answer = browser.post("/faults", data={**FORM, name: value})
            assert answer.status_code == 422
            text = f"The {name} must be a {allowed}."
            assert re.findall(r'<p class="error" id="fault-(\w+)-error">(.*?)</p>', answer.text) == [
                (name, text)
            ]
            field = re.search(rf'<input id="fault-{name}"[^>]*>', answer.text)
            assert field is not None
            assert f'value="{value}" ' in field[0].replace("required", "").replace(">", " ")
            assert f'aria-describedby="fault-{name}-error"' in field[0]
        assert browser.post("/faults", data={**FORM, "kind": "vanish"}).status_code == 422
    assert sim.control("faults")["data"] == []
    refused = sim.client.post("/simulator/faults", content='{"kind": "delay", "seconds": 1e999}')
    assert (refused.status_code, "seconds: must be a finite number" in refused.text) == (400, True)
