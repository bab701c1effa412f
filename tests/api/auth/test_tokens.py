"""The Authorization header, the token's form, and the cache of verified tokens."""

import json
import zlib
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine

from api.auth.tokens import Authenticator
from connect.scope import Principal, Role
from tests.api.auth.identity_provider import (
    OPERATOR,
    RS,
    SECRET,
    Provider,
    claims,
    encoded,
    hs256,
    refusal,
    without_address,
)
from tests.api.auth.refusals import (
    ALGORITHM,
    EXPIRED,
    KIND,
    MALFORMED,
    NO_TOKEN,
    NOT_ASCII,
    NOT_SIGNED,
    NOT_UTF8,
    OTHER_API,
    OTHER_ISSUER,
    ROLE,
    SIGNATURE,
    TOO_LONG,
    unusable,
)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_bearer_is_case_insensitive(authenticator: Authenticator, scheme: str) -> None:
    assert await authenticator.principal(RS.bearer().replace("Bearer", scheme)) == OPERATOR


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        (None, NO_TOKEN),
        ("", NO_TOKEN),
        ("Bearer", NO_TOKEN),
        ("Bearer  ", NO_TOKEN),
        ("Basic dXNlcjpwYXNz", NO_TOKEN),
        ("eyJhbGciOiJub25lIn0.e30.", NO_TOKEN),
        ("Bearer " + "x" * 16385, TOO_LONG),
        ("Bearer " + "x" * 16384, NOT_SIGNED),
        ("Bearer t\u00f6ken", NOT_ASCII),
        ("Bearer \ud800", NOT_ASCII),
        ("Bearer a.b", NOT_SIGNED),
        ("Bearer a.b.c", MALFORMED),
        ("Bearer ..", MALFORMED),
        (f"Bearer {encoded([])}.{encoded({})}.", MALFORMED),
        (f"Bearer {encoded(b'[' * 5000)}.{encoded({})}.", MALFORMED),
        (f"Bearer {encoded({'alg': 'dir', 'enc': 'A256GCM'})}..aa.bb.cc", NOT_SIGNED),
        (f"Bearer {encoded({})}.{encoded({})}.", ALGORITHM),
        (f"Bearer {encoded({'alg': ['RS256']})}.{encoded({})}.", ALGORITHM),
        (f"Bearer {encoded({'alg': 'RS256', 'kid': 7})}.{encoded({})}.", MALFORMED),
        (f"Bearer {encoded({'alg': 'RS256', 'kid': None})}.{encoded({})}.", MALFORMED),
    ],
)
async def test_malformed_tokens_are_refused_without_a_request_to_the_provider(
    authenticator: Authenticator, provider: Provider, authorization: str | None, message: str
) -> None:
    assert await refusal(authenticator, authorization) == message
    assert provider.requests == []


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt", "application/JWT"])
async def test_typ_may_be_jwt_or_at_jwt_or_missing(http: httpx.AsyncClient, typ: str) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await authenticator.principal(hs256({"alg": "HS256", "typ": typ}, claims())) == OPERATOR
    assert await authenticator.principal(hs256({"alg": "HS256"}, claims())) == OPERATOR


@pytest.mark.parametrize(
    "typ",
    [
        "dpop+jwt",
        "logout+jwt",
        "secevent+jwt",
        "application/logout+jwt",
        "",
        " JWT",
        "JOSE",
        7,
        None,
        ["JWT"],
    ],
)
async def test_other_kinds_of_token_are_refused(http: httpx.AsyncClient, typ: Any) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await refusal(authenticator, hs256({"alg": "HS256", "typ": typ}, claims())) == KIND


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
async def test_json_that_is_not_utf8_is_refused(http: httpx.AsyncClient, encoding: str) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    header, payload = {"alg": "HS256"}, claims()
    parts = [json.dumps(part).encode(encoding) for part in (header, payload)]
    assert await refusal(authenticator, hs256(parts[0], payload)) == NOT_UTF8
    assert await refusal(authenticator, hs256(header, parts[1])) == NOT_UTF8
    latin = json.dumps(claims(sub="\u00e9"), ensure_ascii=False).encode("latin-1")
    assert await refusal(authenticator, hs256(header, latin)) == MALFORMED


async def test_nested_and_compressed_tokens_are_refused(http: httpx.AsyncClient) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    good = hs256({"alg": "HS256"}, claims())
    for header, payload in (
        ({"cty": "JWT"}, good.removeprefix("Bearer ").encode()),
        ({"zip": "DEF"}, zlib.compress(b'{"iss": "https://id.example"}').replace(b"\x00", b"\x01")),
        ({}, more(claims(), '"x": ' + "[" * 2500 + "]" * 2500)),
        ({}, more(claims(), '"exp": ' + "9" * 5000)),
        ({}, json.dumps([claims()]).encode()),
    ):
        assert await refusal(authenticator, hs256({"alg": "HS256"} | header, payload)) == MALFORMED


async def test_if_a_claim_is_repeated_the_last_value_is_used(http: httpx.AsyncClient) -> None:
    """RFC 7519 lets a parser use the last of several claims with the same name.

    PyJWT's checks and our own checks must use the same one.
    """
    authenticator = without_address(http, hs256_secret=SECRET)
    twice = hs256({"alg": "HS256"}, more(claims(), '"role": "service", "aud": "connectql"'))
    assert await authenticator.principal(twice) == Principal("user-1", Role.SERVICE)
    for repeated, message in (
        ('"exp": 1', EXPIRED),
        ('"aud": "another"', OTHER_API),
        ('"iss": "another"', OTHER_ISSUER),
        ('"role": "none"', ROLE),
        ('"sub": ""', unusable("sub")),
    ):
        assert await refusal(authenticator, hs256({"alg": "HS256"}, more(claims(), repeated))) == message
    assert await refusal(authenticator, hs256(b'{"alg": "HS256", "alg": "none"}', claims())) == ALGORITHM


def more(payload: dict[str, Any], members: str) -> bytes:
    """Return the payload as JSON with additional members, which may repeat names."""
    return f"{json.dumps(payload)[:-1]}, {members}}}".encode()


async def test_a_cached_token_expires(http: httpx.AsyncClient) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        token = hs256({"alg": "HS256"}, claims(exp=timedelta(seconds=60)))
        other = hs256({"alg": "HS256"}, claims(exp=timedelta(seconds=600)))
        for seconds in (0, 0, 89.9):  # the clocks may differ by thirty seconds
            clock.move_to(1_800_000_000 + seconds)
            assert await authenticator.principal(token) == OPERATOR
        clock.move_to(1_800_000_090)
        assert await refusal(authenticator, token) == EXPIRED
        assert await refusal(authenticator, token) == EXPIRED
        assert await authenticator.principal(other) == OPERATOR


async def test_the_cache_compares_the_whole_token(http: httpx.AsyncClient) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    token = hs256({"alg": "HS256"}, claims())
    assert await authenticator.principal(token) == OPERATOR
    # The last character of a signature has unused bits, so the test changes the first character.
    content, _, signature = token.rpartition(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert await refusal(authenticator, f"{content}.{changed}") == SIGNATURE
    assert await refusal(authenticator, token + "A") in {SIGNATURE, MALFORMED}


async def test_a_token_of_12_kb_is_accepted(authenticator: Authenticator) -> None:
    """A token that lists 225 groups is this long."""
    groups = [f"aaaaaaaa-bbbb-cccc-dddd-{number:012}" for number in range(225)]
    token = RS.bearer(groups=groups)
    assert 12_000 < len(token) < 13_000
    for _ in range(2):
        assert await authenticator.principal(token) == OPERATOR
