"""The entries of a key set: unusable entries are skipped, and each key has one algorithm."""

from typing import Any

import jwt.warnings
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from api.auth import jwks
from api.auth.tokens import Authenticator
from tests.api.auth.identity_provider import (
    ED,
    ES,
    OPERATOR,
    RS,
    UNKNOWN_KEY,
    Provider,
    Signer,
    key_set,
    refusal,
)


async def test_rsa_keys_below_2048_bits_are_not_used(
    authenticator: Authenticator, provider: Provider
) -> None:
    almost = Signer("almost", "RS256", rsa.generate_private_key(65537, 2047))
    provider.publish(RS, almost)
    assert await authenticator.principal(RS.bearer()) == OPERATOR
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        token = almost.bearer()
    assert await refusal(authenticator, token) == UNKNOWN_KEY


P384 = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP384R1()).public_key(), as_dict=True)
WEAK = Signer("ed", "RS256", rsa.generate_private_key(65537, 1024))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # WEAK has 1,024 bits
@pytest.mark.parametrize(
    "entry",
    [
        ED.jwk | {"use": "enc"},
        ED.jwk | {"use": None},
        ED.jwk | {"use": ["sig"]},
        ED.jwk | {"alg": "RS256"},
        ED.jwk | {"alg": "HS256"},
        ED.jwk | {"alg": None},
        ED.jwk | {"alg": ["EdDSA"]},
        ED.jwk | {"crv": "Ed448"},
        ED.jwk | {"x": "AAAA"},
        ED.jwk | {"x": None},
        ED.jwk | {"kid": 7},
        ED.jwk | {"kid": ["ed"]},
        ED.jwk | {"kid": None},
        ED.jwk | OKPAlgorithm.to_jwk(ED.private, as_dict=True),  # a published private key
        {name: value for name, value in ED.jwk.items() if name != "x"},
        WEAK.jwk,
        RS.jwk | {"kid": "ed", "alg": "PS256"},
        RS.jwk | {"kid": "ed", "n": 7},
        RS.jwk | {"kid": "ed", "e": "AQ"},
        RS.jwk | {"kid": "ed", "e": ""},
        ES.jwk | {"kid": "ed", "y": "AAAA"},
        ES.jwk | {"kid": "ed", "x": ES.jwk["y"]},  # a point off the curve
        P384 | {"kid": "ed"},
        {"kty": "oct", "kid": "ed"},
        {"kty": ["OKP"], "kid": "ed"},
        {"kid": "ed"},
        {},
        [],
        None,
        "key",
        7,
    ],
)
async def test_unusable_entries_are_skipped(
    authenticator: Authenticator, provider: Provider, entry: Any
) -> None:
    provider.body = key_set(entry, RS.jwk, ES.jwk)
    for signer in (ED, WEAK, Signer("ed", "RS256", RS.private), Signer("ed", "ES256", ES.private)):
        assert await refusal(authenticator, signer.bearer()) == UNKNOWN_KEY
    assert await authenticator.principal(RS.bearer()) == OPERATOR
    assert await authenticator.principal(ES.bearer()) == OPERATOR


CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


@pytest.mark.parametrize(
    "algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
)
async def test_each_key_is_used_only_for_its_algorithm(
    authenticator: Authenticator, provider: Provider, algorithm: str
) -> None:
    private = RS.private if algorithm[1] == "S" and algorithm[0] in "RP" else ED.private
    if algorithm in CURVES:
        private = ec.generate_private_key(CURVES[algorithm])
    signer = Signer("key", algorithm, private)
    provider.publish(signer)
    assert await authenticator.principal(signer.bearer()) == OPERATOR
    for other in ("RS256", "RS512", "PS256", "PS512"):
        if other != algorithm:
            assert await refusal(authenticator, Signer("key", other, RS.private).bearer()) == UNKNOWN_KEY


async def test_a_key_without_an_algorithm_gets_the_default_of_its_kind(
    authenticator: Authenticator, provider: Provider
) -> None:
    es384 = Signer("es384", "ES384", ec.generate_private_key(ec.SECP384R1()))
    provider.body = key_set(
        *({name: value for name, value in key.jwk.items() if name != "alg"} for key in (RS, es384))
    )
    assert await authenticator.principal(RS.bearer()) == OPERATOR
    assert await authenticator.principal(es384.bearer()) == OPERATOR
    assert await refusal(authenticator, Signer("rs", "PS256", RS.private).bearer()) == UNKNOWN_KEY


async def test_a_curve_is_accepted_only_with_its_algorithm(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.body = key_set(ED.jwk, ES.jwk | {"alg": "ES384"}, P384 | {"kid": "p384", "alg": "ES256"})
    assert await refusal(authenticator, ES.bearer()) == UNKNOWN_KEY
    assert await authenticator.principal(ED.bearer()) == OPERATOR


async def test_skipped_keys_are_logged_with_the_reasons(
    authenticator: Authenticator, provider: Provider
) -> None:
    """The key set is accepted although only one of its keys is usable."""
    provider.body = key_set(
        RS.jwk | {"kid": "enc", "use": "enc", "alg": "RSA-OAEP"},
        RS.jwk | {"kid": "oaep", "alg": "RSA-OAEP-256"},
        {"kty": "OKP", "crv": "X25519", "x": "AAAA"},
        {"kty": "EC", "crv": "secp256k1", "x": "AAAA", "y": "AAAA", "alg": "ES256K"},
        ES.jwk | {"x": "AAAA"},
        P384 | {"d": "AAAA"},
        WEAK.jwk,
        "key",
        ED.jwk,
    )
    with structlog.testing.capture_logs() as logs:
        assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert logs == [
        {
            "event": "key_set_read",
            "log_level": "info",
            "keys": 1,
            "skipped": 8,
            "reasons": [
                "algorithm not accepted",
                "malformed",
                "not for signatures",
                "private key",
                "too short",
                "unknown kind or curve",
            ],
        }
    ]


async def test_use_and_alg_and_kid_are_optional(authenticator: Authenticator, provider: Provider) -> None:
    bare = [{k: v for k, v in key.jwk.items() if k not in {"use", "alg", "kid"}} for key in (RS, ES, ED)]
    provider.body = key_set(*bare)
    for signer in (RS, ES, ED):
        assert await authenticator.principal(signer.bearer(headers={})) == OPERATOR
        assert await refusal(authenticator, signer.bearer()) == UNKNOWN_KEY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.slow
@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(st.sampled_from([RS.jwk, ES.jwk]), st.dictionaries(st.sampled_from([*RS.jwk, *ES.jwk]), JSON), JSON)
def test_an_arbitrary_entry_does_not_affect_a_valid_key(
    jwk: dict[str, Any], changes: Any, entry: Any
) -> None:
    keys = jwks.parse(key_set(ED.jwk, jwk | changes, entry))
    assert keys[0].key_id == "ed"
