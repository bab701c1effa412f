import json
import stat
import threading
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from api.auth import development
from api.auth.providers import AuthSettings, Provider
from api.auth.tokens import Authenticator, Unauthenticated
from connect.scope import Principal, Role


def token(path: Path, role: Role = Role.OPERATOR, merchant: str | None = None, **changes: Any) -> str:
    return development.token(
        path, issuer="https://id.example", audience="connectql", role=role, merchant=merchant, **changes
    )


async def principal(settings: AuthSettings, bearer: str) -> Principal:
    async with httpx.AsyncClient(verify=False, trust_env=False) as http:
        return await Authenticator(settings, http).principal(f"Bearer {bearer}")


def accepting(path: Path | None) -> AuthSettings:
    return AuthSettings((Provider("https://id.example", ("connectql",)),), development_key_file=path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "development-key.json"


def test_the_key_is_created_once_and_only_its_owner_can_read_it(path: Path) -> None:
    key = development.key(path)
    content = path.read_bytes()
    assert (key.key_id, key.algorithm_name) == ("development", "EdDSA")
    assert not hasattr(key.key, "sign")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert development.key(path).key == key.key
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_concurrent_starts_share_one_key(path: Path) -> None:
    starts = threading.Barrier(8)
    keys = []

    def start() -> None:
        starts.wait()
        development._create(path)  # unlike `key`, does not look for the file first
        keys.append(development.key(path).key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert all(key == keys[0] for key in keys)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": 7}']
)
def test_a_damaged_key_file_is_refused_with_the_remedy(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(ValueError, match="contains no Ed25519 key") as refused:
        development.key(path)
    assert str(refused.value) == (
        f"{path} contains no Ed25519 key. Delete it; the next start creates a new one."
    )


async def test_a_development_token_is_accepted_only_with_the_key_that_signed_it(path: Path) -> None:
    operator = token(path)
    assert await principal(accepting(path), operator) == Principal("development-operator", Role.OPERATOR)
    service = token(path, Role.SERVICE, "ignored", subject="importer")
    assert await principal(accepting(path), service) == Principal("importer", Role.SERVICE)
    merchant = token(path, Role.MERCHANT, "bakery")
    assert await principal(accepting(path), merchant) == Principal(
        "development-merchant", Role.MERCHANT, "bakery"
    )
    for elsewhere in (accepting(None), accepting(path.with_name("another.json"))):
        with pytest.raises(Unauthenticated):
            await principal(elsewhere, operator)


@pytest.fixture
def private(path: Path) -> jwt.PyJWK:
    development.key(path)
    return jwt.PyJWK(json.loads(path.read_bytes()), "EdDSA")


async def test_the_key_verifies_only_tokens_with_its_kid_and_algorithm(
    path: Path, private: jwt.PyJWK
) -> None:
    claims = jwt.decode(token(path), options={"verify_signature": False})
    for headers in ({}, {"kid": "Development"}, {"kid": str(path)}):
        with pytest.raises(Unauthenticated, match="key is unknown"):
            await principal(accepting(path), jwt.encode(claims, private, headers=headers))
    signed = jwt.encode(claims, "x" * 32, "HS256", {"kid": "development"})
    with pytest.raises(Unauthenticated, match="algorithm is not accepted"):
        await principal(accepting(path), signed)


async def test_a_token_expires_after_twelve_hours(path: Path) -> None:
    claims = jwt.decode(token(path), options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 12 * 3600
    with pytest.raises(Unauthenticated, match="has expired"):
        await principal(accepting(path), token(path, lifetime_seconds=-31))


async def test_a_development_token_uses_the_claim_names_of_the_provider(path: Path) -> None:
    keycloak = Provider(
        "https://id.example",
        ("connectql", "another"),
        audience_claim="azp",
        role_claims=("realm_access.roles",),
        roles={"connectql-operator": Role.OPERATOR},
        merchant_claim="https://connectql/merchant",
        required_claims={"typ": ("Bearer",)},
    )
    settings = AuthSettings((keycloak,), development_key_file=path)
    merchant = token(path, Role.MERCHANT, "bakery")
    assert await principal(settings, merchant) == Principal("development-merchant", Role.MERCHANT, "bakery")
    assert (settings.issuer, settings.audience) == ("https://id.example", "connectql")


@pytest.mark.parametrize("merchant", [None, ""])
def test_a_merchants_token_needs_a_merchant(path: Path, merchant: str | None) -> None:
    with pytest.raises(ValueError, match="needs a merchant") as refused:
        token(path, Role.MERCHANT, merchant)
    assert str(refused.value) == "A merchant's token needs a merchant: ROLE=merchant MERCHANT=<externalId>"
