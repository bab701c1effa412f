import asyncio
import gzip
import os
import socket
from pathlib import Path
from typing import Any

import httpx
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
    NEW,
    OPERATOR,
    RS,
    SECRET,
    UNKNOWN_KEY,
    Clock,
    Provider,
    Signer,
    claims,
    hs256,
    key_set,
    refusal,
    without_address,
)

UNAVAILABLE = "Authentication is temporarily unavailable. Try again in a moment."


# --- the address of a key set


async def test_fifty_requests_at_a_cold_start_fetch_the_keys_once(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.delay = 0.05
    signers = [RS, ES, ED] * 16 + [RS, ES]
    got = await asyncio.gather(*(authenticator.principal(signer.bearer()) for signer in signers))
    assert got == [OPERATOR] * 50
    assert provider.requests == ["/jwks"]


async def test_a_cancelled_request_does_not_cancel_the_fetch(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.delay = 0.05
    first = asyncio.create_task(authenticator.principal(RS.bearer()))
    second = asyncio.create_task(authenticator.principal(RS.bearer()))
    await asyncio.sleep(0.01)
    first.cancel()
    assert await second == OPERATOR
    assert first.cancelled()
    assert provider.requests == ["/jwks"]


async def test_a_new_key_is_found_without_a_restart(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    provider.publish(NEW)
    clock.now += 30
    assert await authenticator.principal(NEW.bearer()) == OPERATOR
    assert await refusal(authenticator, ED.bearer()) == UNKNOWN_KEY  # the old key was removed
    assert provider.requests == ["/jwks"] * 2


async def test_unknown_kids_fetch_the_keys_at_most_every_thirty_seconds(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 1
    clock.now += 29
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 1
    clock.now += 1
    unknown = (NEW.bearer(headers={"kid": f"k{number}"}) for number in range(100))
    assert set(await asyncio.gather(*(refusal(authenticator, token) for token in unknown))) == {UNKNOWN_KEY}
    assert len(provider.requests) == 2
    clock.now += 30
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 3


async def test_a_withdrawn_key_is_refused_after_ten_minutes(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    provider.publish(RS)
    clock.now += 600
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert len(provider.requests) == 1
    clock.now += 1
    assert await refusal(authenticator, ED.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 2


async def test_cached_keys_stay_in_use_during_an_outage(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    provider.status = 503
    clock.now += 601
    with structlog.testing.capture_logs() as logs:
        assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert logs == [
        {
            "event": "key_set_not_refreshed",
            "log_level": "warning",
            "error": "ValueError: The identity provider answered 503.",
            "cached_keys": 3,
        }
    ]
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 2  # the cool-down applies here too

    clock.now += 30
    provider.delay = 0.3
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert provider.answers == 2  # requests do not wait for the next answer

    await asyncio.sleep(0.4)
    assert (len(provider.requests), provider.answers) == (3, 3)
    provider.status, provider.delay = 200, 0
    provider.publish(NEW)
    clock.now += 30
    assert await authenticator.principal(NEW.bearer()) == OPERATOR


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 404},
        {"status": 302, "headers": {"Location": "/stranger"}},
        {"body": b""},
        {"body": b"<html>"},
        {"body": b"[]"},
        {"body": b"{}"},
        {"body": b'{"keys": {}}'},
        {"body": key_set()},
        {"body": key_set({"kty": "RSA"})},
        {"body": key_set(ED.jwk) + b" " * 256 * 1024},
        {"body": gzip.compress(key_set(ED.jwk)), "headers": {"Content-Encoding": "gzip"}},
    ],
    ids=",".join,
)
async def test_without_keys_authentication_is_unavailable_until_the_next_fetch(
    authenticator: Authenticator, provider: Provider, clock: Clock, answer: dict[str, Any]
) -> None:
    vars(provider).update(answer)
    for _ in range(2):
        with pytest.raises(jwks.KeysUnavailable) as unavailable:
            await authenticator.principal(ED.bearer())
        assert str(unavailable.value) == UNAVAILABLE
    assert provider.requests == ["/jwks"]
    provider.status = 200
    provider.headers = {}
    provider.publish(ED)
    clock.now += 1
    assert await authenticator.principal(ED.bearer()) == OPERATOR


async def test_an_unreachable_provider_is_unavailable(http: httpx.AsyncClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    authenticator = without_address(http, jwks_url=f"http://127.0.0.1:{port}/jwks", hs256_secret=SECRET)
    with pytest.raises(jwks.KeysUnavailable):
        await authenticator.principal(ED.bearer())
    assert await authenticator.principal(hs256({"alg": "HS256"}, claims())) == OPERATOR


@pytest.mark.parametrize("slow", [{"delay": 1}, {"drip": True}], ids=["silent", "dripping"])
async def test_a_provider_that_answers_too_slowly_is_unavailable(
    provider: Provider, http: httpx.AsyncClient, slow: dict[str, Any]
) -> None:
    vars(provider).update(slow)
    keys = jwks.RemoteKeys(provider.url, http, timeout_seconds=0.1)
    with structlog.testing.capture_logs() as logs, pytest.raises(jwks.KeysUnavailable):
        await keys.find("ed", "EdDSA")
    assert [log["error"] for log in logs] == ["TimeoutError: "]


async def test_an_endless_key_set_is_cut_off_at_256_kib(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.drip, provider.drop = True, b" " * 64 * 1024
    with structlog.testing.capture_logs() as logs, pytest.raises(jwks.KeysUnavailable):
        await authenticator.principal(ED.bearer())
    assert [log["error"] for log in logs] == ["ValueError: The key set is larger than 262144 bytes."]


async def test_rsa_keys_below_2048_bits_are_not_used(
    authenticator: Authenticator, provider: Provider
) -> None:
    almost = Signer("almost", "RS256", rsa.generate_private_key(65537, 2047))
    provider.publish(RS, almost)
    assert await authenticator.principal(RS.bearer()) == OPERATOR
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        token = almost.bearer()
    assert await refusal(authenticator, token) == UNKNOWN_KEY


async def test_a_key_set_of_256_kib_is_accepted(authenticator: Authenticator, provider: Provider) -> None:
    provider.body += b" " * (256 * 1024 - len(provider.body))
    assert await authenticator.principal(ED.bearer()) == OPERATOR


# --- entries of a key set

P384 = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP384R1()).public_key(), as_dict=True)
WEAK = Signer("ed", "RS256", rsa.generate_private_key(65537, 1024))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # the test signs with WEAK
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
    """One usable key is enough."""
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


async def test_logs_contain_neither_tokens_nor_keys(authenticator: Authenticator, provider: Provider) -> None:
    provider.body = key_set(ED.jwk, ED.jwk | {"use": "enc"})
    with structlog.testing.capture_logs() as logs:
        await authenticator.principal(ED.bearer())
        await refusal(authenticator, NEW.bearer())
    assert logs == [
        {
            "event": "key_set_read",
            "log_level": "info",
            "keys": 1,
            "skipped": 1,
            "reasons": ["not for signatures"],
        }
    ]


# --- a JWKS file


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


async def test_an_unusable_key_set_file_stops_the_start(http: httpx.AsyncClient, tmp_path: Path) -> None:
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


# --- garbage

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(st.sampled_from([RS.jwk, ES.jwk]), st.dictionaries(st.sampled_from([*RS.jwk, *ES.jwk]), JSON), JSON)
def test_an_arbitrary_entry_does_not_affect_a_valid_key(
    jwk: dict[str, Any], changes: Any, entry: Any
) -> None:
    keys = jwks.parse(key_set(ED.jwk, jwk | changes, entry))
    assert keys[0].key_id == "ed"
