"""NO_PROXY with addresses, networks and names."""

from pathlib import Path

import httpx
import pytest

from api import no_proxy
from testing.deployment import deployment
from testing.processes import Simulator


@pytest.mark.parametrize(
    ("value", "kept", "ignored"),
    [
        ("[::1],localhost", "::1,localhost", []),
        ("10.0.0.0/8, fd00::/8,.internal", ".internal", ["10.0.0.0/8", "fd00::/8"]),
        ("[fd00::]/8,127.0.0.1", "127.0.0.1", ["[fd00::]/8"]),
        ("*", "*", []),
        ("fe80::1,api.example:8443", "fe80::1,api.example:8443", []),
        ("", "", []),
    ],
)
async def test_a_client_starts_with_every_value_of_no_proxy(
    monkeypatch: pytest.MonkeyPatch, value: str, kept: str, ignored: list[str]
) -> None:
    assert no_proxy.usable(value) == (kept, ignored)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", value)
    no_proxy.clean()
    async with httpx.AsyncClient(trust_env=True):
        pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_service_starts_with_any_value_and_names_the_ignored_entries(
    database_url: str, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,[::1],10.0.0.0/8,[fd00::]/8")
    with deployment(database_url, simulator, tmp_path).serving() as process:
        (line,) = [line for line in process.output.splitlines() if "no_proxy_ignored" in line]
    assert "10.0.0.0/8" in line
    assert "fd00::]/8" in line
    assert "127.0.0.1" not in line
