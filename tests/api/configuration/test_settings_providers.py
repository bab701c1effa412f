"""Each problem of the settings for identity providers names the variable and the remedy."""

import pytest

from tests.api.production import SHARED, problems


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"AUTH_ISSUER": None},
            ["Set CONNECTQL_AUTH_ISSUER and CONNECTQL_AUTH_AUDIENCE: the tokens' iss and aud."],
        ),
        (
            {"AUTH_AUDIENCE": None},
            ["Set CONNECTQL_AUTH_ISSUER and CONNECTQL_AUTH_AUDIENCE: the tokens' iss and aud."],
        ),
        (
            {"JWKS_URL": None},
            [
                (
                    "No key can verify tokens. "
                    "Set CONNECTQL_JWKS_URL, CONNECTQL_JWKS_FILE or CONNECTQL_HS256_SECRET."
                )
            ],
        ),
        (
            {"AUTH_AUDIENCE": " , ", "AUTH_AUDIENCE_CLAIM": "client_id"},
            ["Set CONNECTQL_AUTH_ISSUER and CONNECTQL_AUTH_AUDIENCE: the tokens' iss and client_id."],
        ),
        (
            {"AUTH_AUDIENCE_CLAIM": "aud,client_id"},
            ["CONNECTQL_AUTH_AUDIENCE_CLAIM must name one claim."],
        ),
        (
            {"AUTH_MERCHANT_CLAIM": "merchant,shop"},
            ["CONNECTQL_AUTH_MERCHANT_CLAIM must name one claim."],
        ),
        (
            {"AUTH_ROLE_CLAIM": "role,realm_access..roles"},
            [
                (
                    "CONNECTQL_AUTH_ROLE_CLAIM: 'realm_access..roles' has an empty name. "
                    "Write the name of a claim, or a path such as realm_access.roles."
                )
            ],
        ),
        (
            {"AUTH_ROLES": "admin=operator,owner,=service,shop=Merchant,guest=none"},
            [
                (
                    f"CONNECTQL_AUTH_ROLES: {entry!r} is not a pair. "
                    "Write the provider's name, =, and operator, service or merchant."
                )
                for entry in ("owner", "=service", "shop=Merchant", "guest=none")
            ],
        ),
        (
            {"AUTH_ROLES": "admin=operator,admin=merchant"},
            ["CONNECTQL_AUTH_ROLES gives 'admin' two roles. Keep one."],
        ),
        (
            {"AUTH_REQUIRED_CLAIMS": "token_use=,=access,a..b"},
            [
                (
                    f"CONNECTQL_AUTH_REQUIRED_CLAIMS: {entry!r} is not a required claim. "
                    "Write a claim, or a claim, = and its value."
                )
                for entry in ("token_use=", "=access", "a..b")
            ],
        ),
        (
            {"AUTH_REQUIRED_CLAIMS": "azp=a,azp"},
            ["CONNECTQL_AUTH_REQUIRED_CLAIMS requires 'azp' with and without a value. Keep one."],
        ),
        (
            {"AUTH_ISSUER_2": "https://staff.example"},
            [
                "Set CONNECTQL_AUTH_ISSUER_2 and CONNECTQL_AUTH_AUDIENCE_2: the tokens' iss and aud.",
                (
                    "No key can verify tokens of CONNECTQL_AUTH_ISSUER_2. "
                    "Set CONNECTQL_JWKS_URL_2 or CONNECTQL_JWKS_FILE_2."
                ),
            ],
        ),
        (
            {"AUTH_ROLES_2": "admin", "HS256_SECRET": SHARED},
            [
                (
                    "CONNECTQL_AUTH_ROLES_2: 'admin' is not a pair. "
                    "Write the provider's name, =, and operator, service or merchant."
                ),
                "Set CONNECTQL_AUTH_ISSUER_2 and CONNECTQL_AUTH_AUDIENCE_2: the tokens' iss and aud.",
                (
                    "No key can verify tokens of CONNECTQL_AUTH_ISSUER_2. "
                    "Set CONNECTQL_JWKS_URL_2 or CONNECTQL_JWKS_FILE_2."
                ),
            ],
        ),
        (
            {
                "AUTH_ISSUER_2": "https://id.example",
                "AUTH_AUDIENCE_2": "another",
                "JWKS_URL_2": "https://id.example/jwks",
            },
            [
                (
                    "CONNECTQL_AUTH_ISSUER_2 repeats CONNECTQL_AUTH_ISSUER. "
                    "List all audiences of one issuer in CONNECTQL_AUTH_AUDIENCE."
                )
            ],
        ),
        (
            {
                "AUTH_ISSUER_2": "https://staff.example",
                "AUTH_AUDIENCE_2": "connectql",
                "JWKS_URL_2": "http://staff.example/jwks",
            },
            ["CONNECTQL_JWKS_URL_2 must be an https address in production."],
        ),
        (
            {
                "AUTH_ISSUER_3": "https://staff.example",
                "JWKS_URL_1": "https://id.example/jwks",
                "JWKS_URL_4": "",
            },
            [
                (
                    f"CONNECTQL_{name} belongs to no provider. "
                    "Number further providers 2, 3 and so on, without a gap."
                )
                for name in ("AUTH_ISSUER_3", "JWKS_URL_1")
            ],
        ),
        (
            {"HS256_SECRET": SHARED[:31]},
            [
                (
                    "CONNECTQL_HS256_SECRET has 31 bytes; HS256 needs at least 32. "
                    "Make one with: openssl rand -base64 48"
                )
            ],
        ),
        (
            {"JWKS_URL": "http://id.example/jwks"},
            ["CONNECTQL_JWKS_URL must be an https address in production."],
        ),
        (
            {"JWKS_URL": "file:///etc/jwks", "ENVIRONMENT": "development"},
            ["CONNECTQL_JWKS_URL must be the http(s) address of the issuer's keys."],
        ),
        (
            {"JWKS_URL": None, "JWKS_FILE": "/nowhere/jwks.json"},
            ["CONNECTQL_JWKS_FILE: the file /nowhere/jwks.json does not exist."],
        ),
    ],
)
def test_each_problem_of_a_provider_names_the_variable_and_the_remedy(
    changed: dict[str, str | None], expected: list[str]
) -> None:
    assert problems(**changed) == expected
