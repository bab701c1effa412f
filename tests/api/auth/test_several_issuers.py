"""Each issuer has its own audiences, keys and claims. The audiences, keys and claims of another issuer never
apply to a token.
"""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from api.auth import development, providers
from api.auth.tokens import Authenticator
from connect.scope import Principal, Role
from testing import confidential
from tests.api.auth.identity_provider import (
    ED,
    OPERATOR,
    RS,
    SECRET,
    UNKNOWN_KEY,
    Clock,
    Provider,
    Signer,
    accepting,
    claims,
    encoded,
    hs256,
    key_set,
    refusal,
)

STAFF = "https://staff.example"
# A key of the staff's issuer, with the same key id as a key of the other issuer.
FOREIGN = Signer("ed", "EdDSA", ed25519.Ed25519PrivateKey.generate())
SIGNATURE = "The token's signature is wrong. Send the token exactly as issued."
OTHER_ISSUER = "The token has another issuer. Ask 'https://id.example' or 'https://staff.example' for one."
MALFORMED = "The token is malformed. Ask the identity provider for a new one."


def staff(**changes: Any) -> dict[str, Any]:
    return {"iss": STAFF, "aud": "staff-api", "role": ..., "groups": ["admins"], **changes}


@pytest.fixture
def both(provider: Provider, http: httpx.AsyncClient, tmp_path: Path) -> Authenticator:
    file = tmp_path / "staff.json"
    file.write_bytes(key_set(FOREIGN.jwk))
    second = providers.Provider(
        STAFF,
        ("staff-api", "api://staff-api"),
        jwks_file=file,
        role_claims=("groups",),
        roles={"admins": Role.OPERATOR},
        suffix="_2",
    )
    provider.publish(ED, RS)
    return Authenticator(accepting(second, jwks_url=provider.url, hs256_secret=SECRET), http)


async def test_each_issuer_is_accepted_with_its_own_audiences_keys_and_roles(both: Authenticator) -> None:
    for _ in range(2):  # the second round is answered from the cache
        assert await both.principal(ED.bearer()) == OPERATOR
        assert await both.principal(hs256({"alg": "HS256"}, claims())) == OPERATOR
        assert await both.principal(FOREIGN.bearer(**staff())) == OPERATOR
        assert await both.principal(FOREIGN.bearer(**staff(aud=["api://staff-api"]))) == OPERATOR


@pytest.mark.parametrize(
    ("signer", "changes", "message"),
    [
        (
            ED,
            {"aud": "staff-api"},
            "The token is for another API. Ask for one with the audience 'connectql'.",
        ),
        (
            FOREIGN,
            staff(aud="connectql"),
            "The token is for another API. Ask for one with the audience 'staff-api' or 'api://staff-api'.",
        ),
        (ED, staff(), SIGNATURE),
        (FOREIGN, {}, SIGNATURE),
        (RS, staff(), UNKNOWN_KEY),
        (FOREIGN, {"groups": ["admins"]}, SIGNATURE),
        (
            FOREIGN,
            staff(groups=..., role="operator"),
            "The token has no known role. Set its claim 'groups' to 'admins'.",
        ),
        (
            ED,
            {"role": ..., "groups": ["admins"]},
            "The token has no known role. Set its claim 'role' to operator, service or merchant.",
        ),
        (FOREIGN, staff(iss=STAFF + "/"), OTHER_ISSUER),
        (ED, {"iss": "https://evil.example"}, OTHER_ISSUER),
        (ED, {"iss": ...}, OTHER_ISSUER),
    ],
)
async def test_a_token_cannot_combine_values_of_two_issuers(
    both: Authenticator, signer: Signer, changes: dict[str, Any], message: str
) -> None:
    assert await refusal(both, signer.bearer(**changes)) == message


async def test_the_shared_secret_applies_only_to_the_first_issuer(both: Authenticator) -> None:
    message = await refusal(both, hs256({"alg": "HS256"}, claims(**staff())))
    assert message.startswith("The token's algorithm is not accepted. ")
    public = json.dumps(FOREIGN.jwk).encode()
    assert await refusal(both, hs256({"alg": "HS256", "kid": "ed"}, claims(**staff()), public)) == message


async def test_an_unknown_issuer_causes_no_request(both: Authenticator, provider: Provider) -> None:
    """The issuer is read before the signature is verified, but no address is derived from the issuer."""
    for issuer in ("https://evil.example", provider.url, "", "file:///etc/passwd"):
        assert await refusal(both, ED.bearer(iss=issuer)) == OTHER_ISSUER
    for odd in (None, 7, True, ["https://id.example", STAFF], {STAFF: 1}):
        assert await refusal(both, hs256({"alg": "EdDSA", "kid": "ed"}, claims(iss=odd))) == OTHER_ISSUER
    assert provider.requests == []


async def test_if_a_token_has_several_issuers_the_last_one_is_used(both: Authenticator) -> None:
    """The issuer that chooses the keys must be the issuer that PyJWT checks."""
    payload = json.dumps(claims())[:-1]
    for last, message in ((STAFF, SIGNATURE), ("https://id.example", None)):
        repeated = f'{payload}, "iss": "{last}"}}'.encode()
        signed = f"{encoded({'alg': 'EdDSA', 'kid': 'ed'})}.{encoded(repeated)}"
        signature = base64.urlsafe_b64encode(ED.private.sign(signed.encode())).decode().rstrip("=")
        token = f"Bearer {confidential.keep('token', f'{signed}.{signature}')}"
        if message:
            assert await refusal(both, token) == message
        else:
            assert await both.principal(token) == OPERATOR


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b"[" * 5000, b'"text"'])
async def test_unreadable_claims_are_refused(both: Authenticator, payload: bytes) -> None:
    assert await refusal(both, hs256({"alg": "EdDSA", "kid": "ed"}, payload)) == MALFORMED


async def test_the_refusal_of_an_opaque_token_names_the_audiences_of_all_issuers(both: Authenticator) -> None:
    assert await refusal(both, "Bearer 7kGZq2c9sYhQm") == (
        "The token is opaque or encrypted, not a signed JWT. "
        "Ask for one with the audience 'connectql', 'staff-api' or 'api://staff-api'."
    )


async def test_issuers_with_the_same_jwks_url_share_its_keys(
    provider: Provider, http: httpx.AsyncClient, clock: Clock
) -> None:
    second = providers.Provider(STAFF, ("staff-api",), jwks_url=provider.url, suffix="_2")
    authenticator = Authenticator(accepting(second, jwks_url=provider.url), http, clock=clock)
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    token = RS.bearer(iss=STAFF, aud="staff-api", role="merchant", merchant="bakery")
    assert await authenticator.principal(token) == Principal("user-1", Role.MERCHANT, "bakery")
    assert provider.requests == ["/jwks"]


async def test_a_development_token_is_accepted_if_several_issuers_are_configured(
    http: httpx.AsyncClient, tmp_path: Path
) -> None:
    path = tmp_path / "development-key.json"
    second = providers.Provider(STAFF, ("staff-api",), jwks_file=tmp_path / "staff.json", suffix="_2")
    (tmp_path / "staff.json").write_bytes(key_set(FOREIGN.jwk))
    authenticator = Authenticator(accepting(second, development_key_file=path), http)
    token = development.token(
        path, issuer="https://id.example", audience="connectql", role=Role.OPERATOR, merchant=None
    )
    principal = await authenticator.principal(f"Bearer {confidential.keep('token', token)}")
    assert principal == Principal("development-operator", Role.OPERATOR)
