"""A JWKS file is read again when it changes, and must be usable at the start."""

import os
from pathlib import Path

import httpx
import pytest
import structlog

from tests.api.auth.identity_provider import (
    ED,
    NEW,
    OPERATOR,
    UNKNOWN_KEY,
    key_set,
    refusal,
    without_address,
)


async def test_a_changed_key_set_file_is_read_again(http: httpx.AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(key_set(ED.jwk))
    os.utime(path, (1, 1))
    authenticator = without_address(http, jwks_file=path)
    assert await authenticator.principal(ED.bearer()) == OPERATOR

    path.write_bytes(key_set(NEW.jwk))
    os.utime(path, (1, 1))
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    os.utime(path, (2, 2))
    assert await authenticator.principal(NEW.bearer()) == OPERATOR
    assert await refusal(authenticator, ED.bearer()) == UNKNOWN_KEY

    path.write_bytes(b'{"keys": [')
    with structlog.testing.capture_logs() as logs:
        assert await authenticator.principal(NEW.bearer()) == OPERATOR
        assert await authenticator.principal(NEW.bearer()) == OPERATOR
    assert [log["event"] for log in logs] == ["key_set_file_not_read"]
    path.unlink()
    with structlog.testing.capture_logs() as logs:
        assert await authenticator.principal(NEW.bearer()) == OPERATOR
        assert await authenticator.principal(NEW.bearer()) == OPERATOR
    assert [log["event"] for log in logs] == ["key_set_file_not_read"]


async def test_an_unusable_key_set_file_prevents_the_start(http: httpx.AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    with pytest.raises(FileNotFoundError):
        without_address(http, jwks_file=path)
    path.write_bytes(key_set({"kty": "oct", "k": "AAAA"}))
    with pytest.raises(ValueError, match="is not a usable JWKS file") as refused:
        without_address(http, jwks_file=path)
    assert str(refused.value) == (
        f"{path} is not a usable JWKS file: "
        "The key set has no key for verifying signatures "
        "(RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA). "
        "Skipped: unknown kind or curve."
    )
