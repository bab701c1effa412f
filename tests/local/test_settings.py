"""The ports of `make run` and `python -m local`."""

import click
import pytest

from local.settings import place


def test_either_variable_sets_the_port_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "SIMULATOR_PORT", "START_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONNECTQL_PORT", "9000")
    assert place().webhook_url == "http://127.0.0.1:9000/webhooks/stripe"
    monkeypatch.setenv("PORT", "9001")
    assert place().port == 9001
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("CONNECTQL_PORT", "x")
    with pytest.raises(click.ClickException, match=r"^CONNECTQL_PORT must be a port .*: make run PORT=8000$"):
        place()
