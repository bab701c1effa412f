"""NO_PROXY with addresses, networks and names."""

import json
from pathlib import Path

import httpx
import pytest

from api.configuration import no_proxy
from testing.deployment import command, deployment
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
def test_the_service_starts_with_any_no_proxy_and_logs_the_ignored_entries(
    database_url: str, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    value = "127.0.0.1,[::1],10.0.0.0/8,[fd00::]/8"
    monkeypatch.setenv("NO_PROXY", value)
    service = deployment(database_url, simulator, tmp_path)
    with service.serving(LOG_FORMAT="json") as process:
        (line,) = [line for line in process.output.splitlines() if "no_proxy_ignored" in line]
    logged = json.loads(line)
    assert (logged["level"], logged["logger"]) == ("warning", "settings")
    assert logged["entries"] == ["10.0.0.0/8", "[fd00::]/8"]

    examined = command(tmp_path, "doctor", **service.environment, NO_PROXY=value).stdout.splitlines()
    assert [line for line in examined if "NO_PROXY" in line] == [
        f"?        NO_PROXY: the entry {entry} is ignored. List addresses and names; networks have no effect."
        for entry in ("10.0.0.0/8", "[fd00::]/8")
    ]
