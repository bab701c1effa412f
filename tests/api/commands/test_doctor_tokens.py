"""The doctor's checks of the token keys and of a token."""

from asyncio import to_thread
from pathlib import Path

import jwt
import pytest

from testing.deployment import deployment
from testing.processes import Simulator, free_port
from tests.api.auth.identity_provider import RS, Provider
from tests.api.doctor_lines import (
    KEYS,
    NO_KEYS,
    doctor,
    listing,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_key_sets_are_fetched(
    database: str, simulator: Simulator, tmp_path: Path, provider: Provider
) -> None:
    file = tmp_path / "jwks.json"
    file.write_text('{"keys": []}')
    changed = {"JWKS_URL": provider.url, "JWKS_FILE": str(file), "HS256_SECRET": "hunter2" + "s" * 40}
    service = deployment(database, simulator, tmp_path)
    code, lines = await to_thread(doctor, service, **changed)
    assert [line for line in lines if "token keys" in line] == [
        "ok       token keys: CONNECTQL_JWKS_URL has 3 usable keys (ES256, EdDSA, RS256).",
        NO_KEYS,
        "ok       token keys: CONNECTQL_HS256_SECRET is long enough.",
        KEYS,
    ]
    assert code == 1
    away = {**changed, "JWKS_URL": f"http://127.0.0.1:{free_port()}/jwks", "JWKS_FILE": ""}
    _, lines = await to_thread(doctor, service, **away)
    assert next(line for line in lines if "token keys" in line) == (
        "PROBLEM  token keys: CONNECTQL_JWKS_URL provides no keys. ConnectError. Check CONNECTQL_JWKS_URL "
        "and the network: without keys every request is refused."
    )


def test_a_token_is_checked_with_the_settings(
    simulator: Simulator, tmp_path: Path, provider: Provider
) -> None:
    file = tmp_path / "token.txt"
    shared = "hunter2" + "s" * 40
    service = deployment(f"sqlite:///{tmp_path / 'connectql.db'}", simulator, tmp_path, HS256_SECRET=shared)

    def line(token: str, **changed: str) -> tuple[int, str]:
        file.write_text(f"Bearer {token}\n")
        done = service.command("doctor", "--token", str(file), **changed)
        assert (done.stderr, "hunter2" in done.stdout, token in done.stdout) == ("", False, False)
        (line,) = [line for line in done.stdout.splitlines() if " token: " in line]
        return done.returncode, line

    claims = {"iss": "tests", "aud": "connectql", "sub": "jane", "exp": 4_000_000_000}
    merchant = jwt.encode({**claims, "shop": {"id": "bakery"}, "roles": ["owner", "member"]}, shared)
    nested = {"AUTH_ROLE_CLAIM": "roles", "AUTH_ROLES": "owner=merchant", "AUTH_MERCHANT_CLAIM": "shop.id"}
    accepted = "ok       token: is accepted with the role merchant of the merchant 'bakery'."
    assert line(merchant, **nested)[1] == accepted
    assert line(merchant) == (
        1,
        (
            "PROBLEM  token: is refused. The token has no known role. "
            "Set its claim 'role' to operator, service or merchant."
        ),
    )
    assert line("7kGZq2c9sYhQm")[1] == (
        "PROBLEM  token: is refused. The token is opaque or encrypted, not a signed JWT. "
        "Ask for one with the audience 'connectql'."
    )
    rs256 = jwt.encode(claims, RS.private, "RS256", {"kid": "rs"})
    assert line(rs256, JWKS_URL=f"http://127.0.0.1:{free_port()}/jwks")[1] == (
        "PROBLEM  token: is refused. Authentication is temporarily unavailable. Try again in a moment."
    )
    assert line(jwt.encode({**claims, "role": "service"}, RS.private, "RS256"), JWKS_URL=provider.url)[1] == (
        "ok       token: is accepted with the role service."
    )
    broken = tmp_path / "jwks.json"
    broken.write_text("{}")
    assert line(rs256, JWKS_FILE=str(broken))[1] == (
        f"PROBLEM  token: cannot be checked. {broken} is not a usable JWKS file: "
        'The key set is not a JSON object with a list "keys".'
    )
    assert listing(tmp_path) == [broken, file], "the doctor creates neither a database nor a development key"
