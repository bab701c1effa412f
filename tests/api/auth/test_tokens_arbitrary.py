"""Random tokens for one and for two issuers: 40 of each kind, 16 in `make test-fast`, 2,000 in `make
properties`.
"""

from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.auth import providers
from api.auth.tokens import Authenticator, Unauthenticated
from connect.scope import Principal, Role
from tests.api.auth.identity_provider import (
    AUDIENCE,
    ED,
    ES,
    ISSUER,
    RS,
    SECRET,
    accepting,
    encoded,
    hs256,
    key_set,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["none", "HS256", "RS256", "ES256", "EdDSA"]) | JSON,
        "kid": st.sampled_from(["rs", "es", "ed", "development"]) | JSON,
        "typ": JSON,
        "crit": JSON,
        "b64": JSON,
    },
)


CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "iss": st.sampled_from([ISSUER, "https://two.example"]) | JSON,
        "aud": st.just(AUDIENCE) | JSON,
        "sub": JSON,
        "exp": st.just(9999999999) | JSON,
        "nbf": JSON,
        "iat": JSON,
        "jti": JSON,
        "role": st.sampled_from(["operator", "merchant"]) | JSON,
        "merchant": JSON,
    },
)


@pytest.fixture(scope="module", params=["one issuer", "two issuers"])
def everything(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Authenticator:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "jwks.json").write_bytes(key_set(RS.jwk, ES.jwk, ED.jwk))
    second = providers.Provider("https://two.example", ("two",), jwks_file=folder / "jwks.json", suffix="_2")
    whole = accepting(
        *([second] if request.param == "two issuers" else []),
        hs256_secret=SECRET,
        jwks_file=folder / "jwks.json",
        development_key_file=folder / "development-key.json",
    )
    return Authenticator(whole, httpx.AsyncClient(verify=False, trust_env=False))


async def outcome(authenticator: Authenticator, authorization: str) -> Principal | None:
    try:
        return await authenticator.principal(authorization)
    except Unauthenticated:
        return None


@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(st.text() | st.binary().map(lambda octets: octets.decode("latin-1")))
@example("Bearer \x00")
async def test_arbitrary_text_is_refused(everything: Authenticator, text: str) -> None:
    assert await outcome(everything, text) is None
    assert await outcome(everything, "Bearer " + text) is None


@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(HEADERS, st.binary() | JSON, st.binary(max_size=80))
async def test_arbitrary_unsigned_tokens_are_refused(
    everything: Authenticator, header: Any, payload: Any, signature: bytes
) -> None:
    assert (
        await outcome(everything, f"Bearer {encoded(header)}.{encoded(payload)}.{encoded(signature)}") is None
    )


@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(CLAIMS | JSON | st.binary())
async def test_arbitrary_signed_content_gives_a_valid_principal_or_is_refused(
    everything: Authenticator, payload: Any
) -> None:
    principal = await outcome(everything, hs256({"alg": "HS256"}, payload))
    if principal:
        assert (payload["iss"], principal.subject) == (ISSUER, payload["sub"])
        assert (principal.merchant is not None) == (principal.role is Role.MERCHANT)
