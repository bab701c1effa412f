"""Tokens in the form that each provider documents, with the settings in docs/identity-providers.md."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from api.auth.providers import AuthSettings
from api.auth.tokens import Authenticator
from api.configuration import settings as settings_module
from connect.scope import Principal, Role
from testing.processes import ROOT
from tests.api.auth.identity_provider import ES, RS, Provider, Signer, refusal

ES384 = Signer("es384", "ES384", ec.generate_private_key(ec.SECP384R1()))
USER = "aaaaaaaa-0000-4000-8000-000000000001"
TENANT = "11111111-2222-3333-4444-555555555555"
APP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
NO_ID_TOKENS = "This is an ID token, which is for the app itself. Send the access token."
OPERATOR, SERVICE, MERCHANT = Role.OPERATOR, Role.SERVICE, Role.MERCHANT


def documented(name: str) -> dict[str, str]:
    """The settings in a provider's section."""
    text = (ROOT / "docs/identity-providers.md").read_text()
    (section,) = [each for each in text.split("\n## ") if each.startswith(name)]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return dict(line.split("=", 1) for line in block.splitlines() if line)


def read(variables: Mapping[str, str]) -> AuthSettings:
    others = {
        "ENVIRONMENT": "development",
        "STRIPE_API_KEY": "sk_test_" + "K" * 24,
        "WEBHOOK_SECRETS": "whsec_" + "S" * 32,
    }
    variables = {**{f"CONNECTQL_{name}": value for name, value in others.items()}, **variables}
    return settings_module.read(variables).auth


# The claims of a user's access token at each provider. `...` removes one of the usual claims.
AUTH0 = {
    "iss": "https://example.eu.auth0.com/",
    "sub": "auth0|507f1f77bcf86cd799439020",
    "aud": ["https://connect.example/graphql", "https://example.eu.auth0.com/userinfo"],
    "azp": "my_client_id",
    "scope": "openid profile",
    "https://connect.example/roles": ["editor", "connectql-merchant"],
    "https://connect.example/merchant": "bakery",
    "role": ...,
}
CLERK = {
    "iss": "https://clerk.example.com",
    "sub": "user_123",
    "aud": ...,
    "azp": "https://app.example.com",
    "fva": [7, -1],
    "jti": "1234567890",
    "nbf": timedelta(seconds=-10),
    "o": {"id": "org_123", "rol": "admin", "slg": "bakery"},
    "sid": "sess_123",
    "v": 2,
    "metadata": {"role": "merchant"},
    "role": ...,
}
COGNITO = {
    "iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example",
    "sub": USER,
    "aud": ...,
    "cognito:groups": ["shop-owners", "eu-central-1_Example_Google"],
    "token_use": "access",
    "scope": "aws.cognito.signin.user.admin",
    "auth_time": 1562190524,
    "origin_jti": USER,
    "jti": USER,
    "client_id": "1example23456789",
    "username": "janedoe",
    "merchant": "bakery",
    "role": ...,
}
ENTRA_2 = {
    "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    "aud": APP,
    "azp": "00000000-1111-2222-3333-444444444444",
    "azpacr": "0",
    "oid": USER,
    "rh": "0.AXX.",
    "roles": ["merchant"],
    "scp": "access_as_user",
    "tid": TENANT,
    "uti": "fqiBqXLPj0eQa82S-IYFAA",
    "ver": "2.0",
    "extn.merchant": "bakery",
    "role": ...,
}
ENTRA_1 = {
    **ENTRA_2,
    "iss": f"https://sts.windows.net/{TENANT}/",
    "aud": f"api://{APP}",
    "ver": "1.0",
    "azp": ...,
    "azpacr": ...,
    "appid": "00000000-1111-2222-3333-444444444444",
    "appidacr": "0",
}
KEYCLOAK = {
    "iss": "https://keycloak.example/realms/shops",
    "sub": USER,
    "aud": ["connectql", "account"],
    "typ": "Bearer",
    "azp": "web-app",
    "sid": USER,
    "acr": "1",
    "realm_access": {"roles": ["default-roles-shops", "offline_access", "shop-owner"]},
    "resource_access": {"account": {"roles": ["manage-account"]}},
    "scope": "openid email profile",
    "merchant": "bakery",
    "role": ...,
}
LOGTO = {
    "iss": "https://example.logto.app/oidc",
    "sub": "foo123",
    "aud": "https://connect.example/graphql",
    "jti": "VovNyqJ5_tuYac89eTbpF",
    "client_id": "rkxl1ops7gs1756asdfgh",
    "scope": "read:shops",
    "roles": ["connectql-merchant"],
    "merchant": "bakery",
    "role": ...,
}
OKTA = {
    "ver": 1,
    "jti": "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
    "iss": "https://example.okta.com/oauth2/default",
    "aud": "api://connectql",
    "cid": "0oabucvyc38HLL1ef0h7",
    "uid": "00uid4BxXw6I6TV4m0g3",
    "scp": ["openid", "profile"],
    "sub": "jane@example.com",
    "groups": ["Everyone", "Shop Owners"],
    "merchant": "bakery",
    "role": ...,
}
SUPABASE = {
    "aal": "aal1",
    "amr": [{"method": "password", "timestamp": 1640991600}],
    "app_metadata": {
        "provider": "email",
        "providers": ["email"],
        "connectql_role": "merchant",
        "merchant": "bakery",
    },
    "aud": "authenticated",
    "email": "user@example.com",
    "iss": "https://abcdefghijklmnopqrst.supabase.co/auth/v1",
    "phone": "",
    "role": "authenticated",
    "session_id": USER,
    "sub": USER,
    "user_metadata": {"name": "Jane", "connectql_role": "operator", "role": "operator"},
    "is_anonymous": False,
}


def no_role(claims: str, names: str) -> str:
    return f"The token has no known role. Set its claim {claims} to {names}."


def no_audience(audience: str) -> str:
    return f"The token is for another API. Ask for one with the audience {audience}."


def lacks(claim: str, audience_claim: str = "aud") -> str:
    return f"The token has no '{claim}'. It needs iss, {audience_claim}, exp and sub."


def unaccepted(claim: str, remedy: str) -> str:
    return f"The token's claim '{claim}' is not accepted. {remedy} An ID token is not an access token."


# For each provider: the name of its section in the document, the signing key, the header, valid claims, and
# changes of these claims, each with its outcome: a role with the merchant's external id, or a refusal.
CASES: dict[str, tuple[str, Signer, dict[str, Any], dict[str, Any], list[tuple[dict[str, Any], Any]]]] = {
    "Auth0": (
        "Auth0",
        RS,
        {"typ": "JWT"},
        AUTH0,
        [
            ({}, (MERCHANT, "bakery")),
            ({"https://connect.example/roles": ["connectql-operator"]}, (OPERATOR, None)),
            (
                {
                    "sub": "my_client_id@clients",
                    "aud": "https://connect.example/graphql",
                    "gty": "client-credentials",
                    "permissions": ["connectql:service"],
                    "https://connect.example/roles": ...,
                },
                (SERVICE, None),
            ),
            # An ID token is for the app, so its audience is the app and not this API.
            ({"aud": "my_client_id", "nonce": "n"}, no_audience("'https://connect.example/graphql'")),
            (
                {"https://connect.example/roles": ["operator"]},
                no_role(
                    "'https://connect.example/roles' or 'permissions'",
                    "'connectql-operator', 'connectql:service' or 'connectql-merchant'",
                ),
            ),
        ],
    ),
    "Auth0 with the profile of RFC 9068": (
        "Auth0",
        RS,
        {"typ": "at+jwt"},
        {**AUTH0, "azp": ..., "client_id": "my_client_id", "jti": "73WakrfVbNJBaAmhQtEeDv"},
        [({}, (MERCHANT, "bakery"))],
    ),
    "Clerk": (
        "Clerk",
        RS,
        {"cat": "cl_B7d4PD111AAA", "typ": "JWT"},
        CLERK,
        [
            ({}, (MERCHANT, "org_123")),
            ({"azp": "https://admin.example.com", "metadata": {"role": "operator"}}, (OPERATOR, None)),
            ({"azp": ...}, lacks("azp", "azp")),
            (
                {"azp": "https://evil.example"},
                no_audience("'https://app.example.com' or 'https://admin.example.com'"),
            ),
            ({"sid": ...}, unaccepted("sid", "It must have a value.")),
            ({"metadata": {}}, no_role("'metadata.role'", "operator, service or merchant")),
        ],
    ),
    "Cognito": (
        "Amazon Cognito",
        RS,
        {"typ": None},
        COGNITO,
        [
            ({}, (MERCHANT, "bakery")),
            (
                {"client_id": "2example98765432", "cognito:groups": ["shop-owners", "connectql-operators"]},
                (OPERATOR, None),
            ),
            (
                {"cognito:groups": ..., "scope": "connectql/service", "sub": "1example23456789"},
                (SERVICE, None),
            ),
            ({"client_id": ...}, lacks("client_id", "client_id")),
            ({"client_id": ..., "aud": "1example23456789"}, lacks("client_id", "client_id")),
            ({"client_id": "another"}, no_audience("'1example23456789' or '2example98765432'")),
            ({"token_use": "id"}, NO_ID_TOKENS),
            ({"token_use": ...}, unaccepted("token_use", "It must be 'access'.")),
        ],
    ),
    "Entra, version 2": (
        "Microsoft Entra",
        RS,
        {"typ": "JWT"},
        ENTRA_2,
        [
            ({}, (MERCHANT, "bakery")),
            ({"roles": ["operator"]}, (OPERATOR, None)),
            ({"roles": ["service"], "scp": ..., "idtyp": "app"}, (SERVICE, None)),
            # An ID token of an app that shares the API's registration.
            ({"azp": ..., "azpacr": ..., "scp": ...}, unaccepted("azp", "It must have a value.")),
            ({"tid": USER}, unaccepted("tid", f"It must be '{TENANT}'.")),
            ({"ver": "1.0"}, unaccepted("ver", "It must be '2.0'.")),
            ({"aud": f"api://{APP}"}, no_audience(f"'{APP}'")),
            (
                {"iss": f"https://login.microsoftonline.com/{USER}/v2.0"},
                (
                    f"The token has another issuer. Ask 'https://login.microsoftonline.com/{TENANT}/v2.0' "
                    f"or 'https://sts.windows.net/{TENANT}/' for one."
                ),
            ),
        ],
    ),
    "Entra, version 1": (
        "Microsoft Entra",
        RS,
        {"typ": "JWT", "x5t": "rs"},
        ENTRA_1,
        [
            ({}, (MERCHANT, "bakery")),
            ({"aud": APP, "roles": ["operator"]}, (OPERATOR, None)),
            ({"appid": ...}, unaccepted("appid", "It must have a value.")),
            ({"aud": "https://graph.microsoft.com"}, no_audience(f"'api://{APP}' or '{APP}'")),
        ],
    ),
    "Keycloak": (
        "Keycloak",
        RS,
        {"typ": "JWT"},
        KEYCLOAK,
        [
            ({}, (MERCHANT, "bakery")),
            ({"realm_access": {"roles": ["connectql-operator", "shop-owner"]}}, (OPERATOR, None)),
            (
                {
                    "aud": "connectql",
                    "realm_access": ...,
                    "resource_access": {"connectql": {"roles": ["connectql-service"]}},
                },
                (SERVICE, None),
            ),
            ({"aud": "account"}, no_audience("'connectql'")),
            ({"aud": ...}, lacks("aud")),
            ({"typ": "ID", "aud": "connectql"}, NO_ID_TOKENS),
            ({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}, NO_ID_TOKENS),
            ({"typ": "Refresh"}, unaccepted("typ", "It must be 'Bearer'.")),
            (
                {"realm_access": {"roles": "shop"}, "realm_access_roles": "shop-owner"},
                no_role(
                    "'realm_access.roles' or 'resource_access.connectql.roles'",
                    "'connectql-operator', 'connectql-service' or 'shop-owner'",
                ),
            ),
        ],
    ),
    "Logto": (
        "Logto",
        ES384,
        {"typ": "at+jwt"},
        LOGTO,
        [
            ({}, (MERCHANT, "bakery")),
            ({"roles": ["connectql-merchant", "connectql-operator"]}, (OPERATOR, None)),
            ({"roles": ..., "scope": "read:shops connectql:service"}, (SERVICE, None)),
            ({"aud": "rkxl1ops7gs1756asdfgh"}, no_audience("'https://connect.example/graphql'")),
        ],
    ),
    "Okta": (
        "Okta",
        RS,
        {"typ": None},
        OKTA,
        [
            ({}, (MERCHANT, "bakery")),
            ({"groups": ["Everyone", "ConnectQL Operators"]}, (OPERATOR, None)),
            ({"groups": ..., "uid": ..., "scp": ["connectql.service"]}, (SERVICE, None)),
            ({"cid": ..., "scp": ...}, unaccepted("cid", "It must have a value.")),
            ({"aud": "0oabucvyc38HLL1ef0h7", "at_hash": "x"}, no_audience("'api://connectql'")),
        ],
    ),
    "Supabase": (
        "Supabase",
        ES,
        {"typ": "JWT"},
        SUPABASE,
        [
            ({}, (MERCHANT, "bakery")),
            ({"app_metadata": {"connectql_role": "operator"}}, (OPERATOR, None)),
            ({"app_metadata": {}}, no_role("'app_metadata.connectql_role'", "operator, service or merchant")),
            ({"is_anonymous": True}, unaccepted("is_anonymous", "It must be 'false'.")),
            ({"aud": "anon"}, no_audience("'authenticated'")),
        ],
    ),
}


@pytest.mark.parametrize(
    ("section", "signer", "header", "shape", "changes", "outcome"),
    [
        pytest.param(section, signer, header, shape, changes, outcome, id=f"{name} {number}")
        for name, (section, signer, header, shape, cases) in CASES.items()
        for number, (changes, outcome) in enumerate(cases)
    ],
)
async def test_the_documented_settings_accept_or_refuse_a_providers_tokens(
    provider: Provider,
    http: httpx.AsyncClient,
    section: str,
    signer: Signer,
    header: dict[str, Any],
    shape: dict[str, Any],
    changes: dict[str, Any],
    outcome: str | tuple[Role, str | None],
) -> None:
    provider.publish(RS, ES, ES384)
    documented_auth = read(documented(section))
    auth = replace(
        documented_auth,
        providers=tuple(replace(each, jwks_url=provider.url) for each in documented_auth.providers),
    )
    authenticator = Authenticator(auth, http)
    token = signer.bearer(headers={"kid": signer.kid, **header}, **{**shape, **changes})
    if isinstance(outcome, str):
        assert await refusal(authenticator, token) == outcome
    else:
        subject = {**shape, **changes}["sub"]
        assert await authenticator.principal(token) == Principal(subject, *outcome)


def test_every_documented_provider_is_tested() -> None:
    text = (ROOT / "docs/identity-providers.md").read_text()
    sections = [each.splitlines()[0] for each in text.split("\n## ") if "```sh" in each]
    assert sections == list(dict.fromkeys(section for section, *_ in CASES.values()))
    for section in sections:
        assert all(each.jwks_url for each in read(documented(section)).providers)
