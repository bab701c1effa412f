"""Algorithms and keys (RFC 8725, 3.1 to 3.5 and 3.10), and the shared secret."""

import base64
import json
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from api.auth.tokens import Authenticator
from tests.api.auth.identity_provider import (
    ED,
    ES,
    NEW,
    OPERATOR,
    RS,
    SECRET,
    STRANGER,
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
    without_address,
)
from tests.api.auth.refusals import ALGORITHM, CRITICAL, MALFORMED, SIGNATURE


@pytest.mark.parametrize("signer", [RS, ES, ED], ids=lambda signer: signer.algorithm)
async def test_a_published_key_verifies_its_algorithm(authenticator: Authenticator, signer: Signer) -> None:
    assert await authenticator.principal(signer.bearer()) == OPERATOR
    assert await authenticator.principal(signer.bearer(headers={})) == OPERATOR  # without kid


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "HS256", "HS384", "HS512", "ES256K", "ES521", "RS1", "RS256 ", "\ud800"]
)
async def test_other_algorithms_are_refused(
    authenticator: Authenticator, provider: Provider, algorithm: str
) -> None:
    token = f"Bearer {encoded({'alg': algorithm, 'kid': 'rs'})}.{encoded(claims())}"
    assert await refusal(authenticator, token + ".") == ALGORITHM
    assert await refusal(authenticator, token + "." + RS.bearer().rpartition(".")[2]) == ALGORITHM
    assert provider.requests == []


def encodings(public: Any) -> set[bytes]:
    """The encodings of a public key that an attacker could try as a shared secret."""
    encoding, form = serialization.Encoding, serialization.PublicFormat
    written = [
        public.public_bytes(*kind)
        for kind in (
            (encoding.PEM, form.SubjectPublicKeyInfo),
            (encoding.DER, form.SubjectPublicKeyInfo),
            (encoding.PEM, form.PKCS1),
            (encoding.DER, form.PKCS1),
            (encoding.OpenSSH, form.OpenSSH),
        )
    ]
    modulus = public.public_numbers().n
    written += [modulus.to_bytes(256), str(modulus).encode(), f"{modulus:x}".encode()]
    return {
        changed
        for text in written
        for changed in (
            text,
            text.strip(),
            text + b"\n",
            text.replace(b"\n", b"\r\n"),
            text.replace(b"\n", b""),
            base64.b64encode(text),
            base64.urlsafe_b64encode(text).rstrip(b"="),
        )
    }


async def test_a_public_key_does_not_verify_hs256(
    provider: Provider, authenticator: Authenticator, http: httpx.AsyncClient
) -> None:
    with_secret = Authenticator(accepting(jwks_url=provider.url, hs256_secret=SECRET), http)
    for secret in (*encodings(RS.private.public_key()), json.dumps(RS.jwk).encode(), b""):
        for header in ({"alg": "HS256", "kid": "rs"}, {"alg": "HS256"}):
            forged = hs256(header, claims(), secret)
            assert await refusal(authenticator, forged) == ALGORITHM
            assert await refusal(with_secret, forged) == SIGNATURE


async def test_a_published_symmetric_key_is_not_used(
    authenticator: Authenticator, provider: Provider
) -> None:
    oct_key = {"kty": "oct", "k": encoded(SECRET.encode()), "kid": "oct"}
    provider.body = key_set(RS.jwk, oct_key, oct_key | {"alg": "RS256"}, oct_key | {"alg": "HS256"})
    assert await refusal(authenticator, hs256({"alg": "HS256", "kid": "oct"}, claims())) == ALGORITHM
    assert await refusal(authenticator, hs256({"alg": "RS256", "kid": "oct"}, claims())) == UNKNOWN_KEY


async def test_a_key_verifies_only_its_own_algorithm(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    for kid, algorithm in (
        ("rs", "ES256"),
        ("ed", "RS256"),
        ("es", "EdDSA"),
        ("rs", "RS512"),
        ("rs", "PS256"),
        ("es", "ES384"),
    ):
        token = hs256({"alg": algorithm, "kid": kid}, claims())
        assert await refusal(authenticator, token) == UNKNOWN_KEY
        clock.now += 30
    assert provider.requests == ["/jwks"]  # a known kid causes no second request


async def test_a_wrong_signature_is_refused(authenticator: Authenticator) -> None:
    assert await refusal(authenticator, STRANGER.bearer()) == SIGNATURE
    head, payload, signature = ED.bearer().split(".")
    assert await refusal(authenticator, f"{head}.{encoded(claims(sub='other'))}.{signature}") == SIGNATURE
    assert await refusal(authenticator, f"{head}.{payload}.") == SIGNATURE
    for short in (RS, ES, ED):
        assert await refusal(authenticator, short.bearer().rpartition(".")[0] + ".YWJj") == SIGNATURE


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"crit": ["b64"], "b64": True}, CRITICAL),
        ({"crit": ["exp"], "exp": 1}, MALFORMED),  # PyJWT itself refuses every extension but b64
        ({"crit": []}, MALFORMED),
        ({"crit": "b64"}, MALFORMED),
        ({"b64": False}, MALFORMED),
    ],
)
async def test_critical_extensions_are_refused(
    http: httpx.AsyncClient, header: dict[str, Any], message: str
) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await refusal(authenticator, hs256({"alg": "HS256"} | header, claims())) == message


ODD = (
    "",
    " ed",
    "ED",
    "e\u0064\u0301",
    "\uff45\uff44",
    "\u202eed",
    "file:///etc/passwd",
    "http://169.254.169.254/",
)


async def test_keys_in_the_token_itself_are_ignored(authenticator: Authenticator, provider: Provider) -> None:
    elsewhere = provider.url.replace("/jwks", "/stranger")
    named = {"jwk": STRANGER.jwk, "jku": elsewhere, "x5u": elsewhere, "x5c": ["AAAA"]}
    for kid in (
        "ed",
        "stranger",
        elsewhere,
        "../stranger",
        "/etc/passwd",
        "' OR 1=1 --",
        "\x00",
        "x" * 5000,
        *ODD,
    ):
        message = SIGNATURE if kid == "ed" else UNKNOWN_KEY
        assert await refusal(authenticator, STRANGER.bearer(headers=named | {"kid": kid})) == message
    assert provider.requests == ["/jwks"]


async def test_a_token_without_kid_needs_exactly_one_key_of_its_algorithm(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.publish(RS, ED, NEW)
    assert await refusal(authenticator, ED.bearer(headers={})) == UNKNOWN_KEY
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert await authenticator.principal(RS.bearer(headers={})) == OPERATOR


async def test_two_keys_with_the_same_kid_and_algorithm_are_not_used(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.publish(ED, STRANGER, RS)
    assert await refusal(authenticator, ED.bearer()) == UNKNOWN_KEY
    assert await authenticator.principal(RS.bearer()) == OPERATOR


@pytest.mark.parametrize("header", [{}, {"kid": "any"}, {"kid": "development"}])
async def test_a_configured_secret_verifies_hs256(http: httpx.AsyncClient, header: dict[str, Any]) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await authenticator.principal(hs256({"alg": "HS256"} | header, claims())) == OPERATOR
    assert await refusal(authenticator, hs256({"alg": "HS256"}, claims(), b"another")) == SIGNATURE
    assert await refusal(authenticator, RS.bearer()) == UNKNOWN_KEY


async def test_a_short_secret_is_refused_at_startup(http: httpx.AsyncClient) -> None:
    assert without_address(http, hs256_secret="\u00e9" * 16)  # 32 bytes
    for secret, size in (("x" * 31, 31), ("\u00e9" * 15, 30), ("", 0)):
        with pytest.raises(ValueError, match="CONNECTQL_HS256_SECRET has") as refused:
            without_address(http, hs256_secret=secret)
        assert str(refused.value) == (
            f"CONNECTQL_HS256_SECRET has {size} bytes; HS256 needs at least 32. "
            "Make one with: openssl rand -base64 48"
        )


async def test_a_public_key_as_the_secret_is_refused_at_startup(http: httpx.AsyncClient) -> None:
    pem = RS.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for secret in (pem.decode(), json.dumps(RS.jwk)):
        with pytest.raises(ValueError, match="CONNECTQL_HS256_SECRET is a PEM, DER or JWK key"):
            without_address(http, hs256_secret=secret)


def test_the_repr_of_the_settings_hides_the_secret() -> None:
    assert SECRET not in repr(accepting(hs256_secret=SECRET))
