"""The claims of tokens (RFC 8725, 3.8 and 3.9)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine

from connect.scope import Principal, Role
from tests.api.auth.identity_provider import (
    AUDIENCE,
    ISSUER,
    OPERATOR,
    SECRET,
    claims,
    hs256,
    refusal,
    without_address,
)
from tests.api.auth.refusals import (
    EXPIRED,
    MALFORMED,
    NOT_YET,
    OTHER_API,
    OTHER_ISSUER,
    ROLE,
    TIMES,
    lacks,
    unusable,
)


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
async def test_the_principal_is_read_from_the_claims(
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


async def test_role_names_must_equal_the_configured_names(http: httpx.AsyncClient) -> None:
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
async def test_id_tokens_are_refused_by_default(http: httpx.AsyncClient, changes: dict[str, Any]) -> None:
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
            f"The token's claim '{claim}' is not accepted. {remedy} An ID token is not an access token."
        )
