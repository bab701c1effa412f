import base64
import json
import zlib
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
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

NO_TOKEN = "There is no bearer token. Send the header Authorization: Bearer <token>."
TOO_LONG = "The token is too long. Send one of at most 16384 bytes."
NOT_SIGNED = "The token is opaque or encrypted, not a signed JWT. Ask for one with the audience 'connectql'."
NOT_ASCII = "The token is not ASCII text. Send the token exactly as issued."
MALFORMED = "The token is malformed. Ask the identity provider for a new one."
ALGORITHM = (
    "The token's algorithm is not accepted. "
    "Sign with one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA."
)
CRITICAL = "The token's header has critical extensions. Use a token without crit."
SIGNATURE = "The token's signature is wrong. Send the token exactly as issued."
EXPIRED = "The token has expired. Ask the identity provider for a new one."
NOT_YET = "The token is not valid yet. Compare this API's clock with its issuer's."
OTHER_ISSUER = "The token has another issuer. Ask 'https://id.example' for one."
OTHER_API = "The token is for another API. Ask for one with the audience 'connectql'."
KIND = "The token is of another kind. Send an access token: typ JWT or at+jwt."
NOT_UTF8 = "The token's JSON is not in UTF-8. Ask the identity provider for a new one."
TIMES = "The token's times are not numbers. Use numbers for exp, nbf and iat."
ROLE = "The token has no known role. Set its claim 'role' to operator, service or merchant."


def lacks(claim: str) -> str:
    return f"The token has no '{claim}'. It needs iss, aud, exp and sub."


def unusable(claim: str) -> str:
    return (
        f"The token's claim '{claim}' is unusable. Set it to 1 to 255 characters without control characters."
    )


# --- the header


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_is_bearer_in_any_case(authenticator: Authenticator, scheme: str) -> None:
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


# --- algorithms and keys (RFC 8725, 3.1 to 3.5 and 3.10)


@pytest.mark.parametrize("signer", [RS, ES, ED], ids=lambda signer: signer.algorithm)
async def test_a_published_key_verifies_its_algorithm(authenticator: Authenticator, signer: Signer) -> None:
    assert await authenticator.principal(signer.bearer()) == OPERATOR
    assert await authenticator.principal(signer.bearer(headers={})) == OPERATOR  # the only matching key


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


async def test_a_foreign_signature_is_refused(authenticator: Authenticator) -> None:
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
        ({"crit": ["exp"], "exp": 1}, MALFORMED),  # PyJWT itself refuses all but b64
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


# --- the shared secret


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


# --- kind, encoding and repetition (RFC 8725, 3.7 and 3.11)


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt", "application/JWT"])
async def test_typ_must_name_an_access_token_or_be_missing(http: httpx.AsyncClient, typ: str) -> None:
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
async def test_json_in_other_encodings_than_utf8_is_refused(http: httpx.AsyncClient, encoding: str) -> None:
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


async def test_the_last_of_repeated_claims_counts(http: httpx.AsyncClient) -> None:
    """RFC 7519 allows this. PyJWT's checks and our own must read the same value."""
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


# --- claims (RFC 8725, 3.8 and 3.9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"exp": timedelta(seconds=-29)}, None),
        ({"exp": timedelta(seconds=-30)}, EXPIRED),
        ({"nbf": timedelta(seconds=30)}, None),
        ({"nbf": timedelta(seconds=31)}, NOT_YET),
        ({"iat": timedelta(seconds=30)}, None),
        ({"iat": timedelta(seconds=31)}, NOT_YET),
    ],
)
async def test_clocks_may_differ_by_thirty_seconds(
    http: httpx.AsyncClient, changes: dict[str, Any], message: str | None
) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    with time_machine.travel(1_800_000_000, tick=False):
        token = hs256({"alg": "HS256"}, claims(**changes))
        if message is None:
            assert await authenticator.principal(token) == OPERATOR
        else:
            assert await refusal(authenticator, token) == message


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
    # The last character of a signature has unused bits, so change the first one.
    content, _, signature = token.rpartition(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert await refusal(authenticator, f"{content}.{changed}") == SIGNATURE
    assert await refusal(authenticator, token + "A") in {SIGNATURE, MALFORMED}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"iss": ...}, lacks("iss")),
        ({"iss": None}, lacks("iss")),
        ({"iss": ISSUER + "/"}, OTHER_ISSUER),
        ({"iss": [ISSUER]}, OTHER_ISSUER),
        ({"aud": ...}, lacks("aud")),
        ({"aud": []}, lacks("aud")),
        ({"aud": "connectql-admin"}, OTHER_API),
        ({"aud": ["connect", "ql"]}, OTHER_API),
        ({"aud": {"connectql": 1}}, OTHER_API),
        ({"exp": ...}, lacks("exp")),
        ({"exp": timedelta(seconds=-31)}, EXPIRED),
        ({"exp": "soon"}, MALFORMED),
        ({"exp": "9999999999"}, TIMES),
        ({"exp": float("inf")}, MALFORMED),
        ({"exp": float("nan")}, MALFORMED),
        ({"nbf": timedelta(seconds=90)}, NOT_YET),
        ({"nbf": None}, MALFORMED),
        ({"nbf": True}, TIMES),
        ({"iat": timedelta(seconds=90)}, NOT_YET),
        ({"iat": "1"}, TIMES),
        ({"sub": ...}, lacks("sub")),
        ({"sub": 7}, MALFORMED),
        ({"sub": ""}, unusable("sub")),
        ({"sub": "x" * 256}, unusable("sub")),
        ({"sub": "a\x00b"}, unusable("sub")),
        ({"role": ...}, ROLE),
        ({"role": ""}, ROLE),
        ({"role": "admin"}, ROLE),
        ({"role": " operator"}, ROLE),
        ({"role": "\u017fervice"}, ROLE),  # a long s, which is S in upper case
        ({"role": ["admin"]}, ROLE),
        ({"role": [["operator"]]}, ROLE),
        ({"role": {"operator": True}}, ROLE),
        ({"role": True}, ROLE),
        ({"role": "merchant"}, unusable("merchant")),
        ({"role": ["guest", "merchant"]}, unusable("merchant")),
        ({"role": "merchant", "merchant": None}, unusable("merchant")),
        ({"role": "merchant", "merchant": ""}, unusable("merchant")),
        ({"role": "merchant", "merchant": 42}, unusable("merchant")),
        ({"role": "merchant", "merchant": ["m"]}, unusable("merchant")),
        ({"role": "merchant", "merchant": "x" * 256}, unusable("merchant")),
        ({"role": "merchant", "merchant": "a\nb"}, unusable("merchant")),
        ({"role": "merchant", "merchant": "a\x7f"}, unusable("merchant")),
        ({"role": "merchant", "merchant": "\ud800"}, unusable("merchant")),
    ],
)
async def test_invalid_claims_are_refused(
    http: httpx.AsyncClient, changes: dict[str, Any], message: str
) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await refusal(authenticator, hs256({"alg": "HS256"}, claims(**changes))) == message


@pytest.mark.parametrize(
    ("changes", "principal"),
    [
        ({"aud": ["other", AUDIENCE]}, OPERATOR),
        ({"exp": timedelta(seconds=-10)}, OPERATOR),  # within the leeway of 30 seconds
        ({"exp": 9999999999.5}, OPERATOR),
        ({"nbf": timedelta(seconds=20), "iat": timedelta(seconds=20)}, OPERATOR),
        ({"iat": ...}, OPERATOR),
        ({"role": "OPERATOR"}, OPERATOR),
        ({"role": "Operator", "merchant": "bakery"}, OPERATOR),
        ({"role": ["operator"]}, OPERATOR),
        ({"role": ["merchant", 7, "Operator", "service"]}, OPERATOR),
        ({"role": ["merchant", "service"], "merchant": 42}, Principal("user-1", Role.SERVICE)),
        ({"role": ["admin", "merchant"], "merchant": "bakery"}, Principal("user-1", Role.MERCHANT, "bakery")),
        ({"role": "service", "merchant": 42, "sub": "x" * 255}, Principal("x" * 255, Role.SERVICE)),
        ({"role": "merchant", "merchant": "bakery"}, Principal("user-1", Role.MERCHANT, "bakery")),
        (
            {"role": "MERCHANT", "merchant": "\u00e9" * 255},
            Principal("user-1", Role.MERCHANT, "\u00e9" * 255),
        ),
    ],
)
async def test_claims_become_the_principal(
    http: httpx.AsyncClient, changes: dict[str, Any], principal: Principal
) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await authenticator.principal(hs256({"alg": "HS256"}, claims(**changes))) == principal


async def test_the_claim_names_can_be_configured(http: httpx.AsyncClient) -> None:
    role, merchant = "https://connectql/role", "https://connectql/merchant"
    authenticator = without_address(http, hs256_secret=SECRET, role_claims=(role,), merchant_claim=merchant)
    named = {role: "merchant", merchant: "bakery", "merchant": "another"}
    assert await authenticator.principal(hs256({"alg": "HS256"}, claims(**named))) == Principal(
        "user-1", Role.MERCHANT, "bakery"
    )
    assert await refusal(authenticator, hs256({"alg": "HS256"}, claims())) == ROLE.replace(
        "'role'", f"'{role}'"
    )
    unnamed = hs256({"alg": "HS256"}, claims(**{role: "merchant", "merchant": "bakery"}))
    assert await refusal(authenticator, unnamed) == unusable(merchant)


async def test_roles_have_the_providers_names_exactly(http: httpx.AsyncClient) -> None:
    roles = {"connectql-operator": Role.OPERATOR, "Shop Owner": Role.MERCHANT, "backend": Role.SERVICE}
    authenticator = without_address(http, hs256_secret=SECRET, roles=roles, role_claims=("roles", "scope"))

    async def principal(**changes: Any) -> Principal:
        return await authenticator.principal(hs256({"alg": "HS256"}, claims(**changes)))

    assert await principal(roles="connectql-operator") == OPERATOR
    assert await principal(roles=["Shop Owner"], merchant="bakery") == Principal(
        "user-1", Role.MERCHANT, "bakery"
    )
    assert await principal(roles=["Shop Owner"], scope="openid backend") == Principal("user-1", Role.SERVICE)
    for unknown in (
        "operator",
        "Connectql-operator",
        "connectql-operator ",
        "connectql-operator,x",
        "shop owner",
    ):
        message = await refusal(
            authenticator, hs256({"alg": "HS256"}, claims(roles=[unknown], role="operator"))
        )
        assert message == (
            "The token has no known role. Set its claim 'roles' or 'scope' to "
            "'connectql-operator', 'Shop Owner' or 'backend'."
        )


async def test_the_audience_may_be_in_another_claim(http: httpx.AsyncClient) -> None:
    authenticator = without_address(http, hs256_secret=SECRET, audience_claim="client_id")
    token = hs256({"alg": "HS256"}, claims(aud=..., client_id="connectql"))
    assert await authenticator.principal(token) == OPERATOR
    missing = "The token has no 'client_id'. It needs iss, client_id, exp and sub."
    for changes, message in (
        ({}, missing),
        ({"client_id": ""}, missing),
        ({"client_id": []}, missing),
        ({"client_id": None}, missing),
        ({"client_id": "another"}, OTHER_API),
        ({"client_id": ["another"]}, OTHER_API),
        ({"client_id": ["connectql", 7]}, OTHER_API),
        ({"client_id": {"connectql": 1}}, OTHER_API),
        ({"client_id": 7}, OTHER_API),
    ):
        assert await refusal(authenticator, hs256({"alg": "HS256"}, claims(**changes))) == message


@pytest.mark.parametrize("changes", [{"token_use": "id"}, {"typ": "ID"}, {"at_hash": "x"}, {"c_hash": "x"}])
async def test_id_tokens_are_refused_without_any_setting(
    http: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    authenticator = without_address(http, hs256_secret=SECRET)
    assert await refusal(authenticator, hs256({"alg": "HS256"}, claims(**changes))) == (
        "This is an ID token, which is for the app itself. Send the access token."
    )


async def test_claims_can_be_required(http: httpx.AsyncClient) -> None:
    required = {"token_use": ("access",), "azp": ("web", "app"), "sid": ()}
    authenticator = without_address(http, hs256_secret=SECRET, required_claims=required)
    good = {"token_use": "access", "azp": "app", "sid": "s"}
    assert await authenticator.principal(hs256({"alg": "HS256"}, claims(**good))) == OPERATOR
    for changes, claim, remedy in (
        ({"token_use": "refresh"}, "token_use", "It must be 'access'."),
        ({"azp": ...}, "azp", "It must be 'web' or 'app'."),
        ({"sid": ""}, "sid", "It must have a value."),
    ):
        assert await refusal(authenticator, hs256({"alg": "HS256"}, claims(**{**good, **changes}))) == (
            f"The token's claim '{claim}' is not accepted. {remedy} An ID token is no access token."
        )


async def test_a_token_of_12_kb_is_accepted(authenticator: Authenticator) -> None:
    """A list of 157 groups makes tokens this long."""
    groups = [f"aaaaaaaa-bbbb-cccc-dddd-{number:012}" for number in range(225)]
    token = RS.bearer(groups=groups)
    assert 12_000 < len(token) < 13_000
    for _ in range(2):
        assert await authenticator.principal(token) == OPERATOR


# --- garbage


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


@settings(max_examples=150, deadline=None)
@given(st.text() | st.binary().map(lambda octets: octets.decode("latin-1")))
@example("Bearer \x00")
async def test_arbitrary_text_is_refused(everything: Authenticator, text: str) -> None:
    assert await outcome(everything, text) is None
    assert await outcome(everything, "Bearer " + text) is None


@settings(max_examples=150, deadline=None)
@given(HEADERS, st.binary() | JSON, st.binary(max_size=80))
async def test_arbitrary_unsigned_tokens_are_refused(
    everything: Authenticator, header: Any, payload: Any, signature: bytes
) -> None:
    assert (
        await outcome(everything, f"Bearer {encoded(header)}.{encoded(payload)}.{encoded(signature)}") is None
    )


@settings(max_examples=200, deadline=None)
@given(CLAIMS | JSON | st.binary())
async def test_arbitrary_signed_content_gives_a_valid_principal_or_is_refused(
    everything: Authenticator, payload: Any
) -> None:
    principal = await outcome(everything, hs256({"alg": "HS256"}, payload))
    if principal:
        assert (payload["iss"], principal.subject) == (ISSUER, payload["sub"])
        assert (principal.merchant is not None) == (principal.role is Role.MERCHANT)
