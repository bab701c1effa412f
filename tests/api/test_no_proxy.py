"""NO_PROXY with addresses, networks and names."""

import httpx
import pytest

from api import no_proxy


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
