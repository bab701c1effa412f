"""Settings: every variable, every default and every problem."""

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from api import settings as settings_module
from api.auth.providers import AuthSettings, Provider
from api.settings import Settings, SettingsError
from connect.scope import Role
from testing.processes import ROOT

KEY = "sk_test_" + "K" * 24
LIVE_KEY = "sk_live_" + "L" * 24
SIGNING = "whsec_" + "S" * 32
SHARED = "shared-secret-of-48-bytes-" + "H" * 22
PASSWORD = "hunter2-password"
PRODUCTION = {
    "PUBLIC_URL": "https://connect.example",
    "DATABASE_URL": "sqlite:////srv/connectql.db",
    "RETURN_ORIGINS": "https://app.example",
    "STRIPE_API_KEY": KEY,
    "WEBHOOK_SECRETS": SIGNING,
    "AUTH_ISSUER": "https://id.example",
    "AUTH_AUDIENCE": "connectql",
    "JWKS_URL": "https://id.example/jwks",
}


def environment(changed: Mapping[str, str | None], base: Mapping[str, str] = PRODUCTION) -> dict[str, str]:
    merged: dict[str, str | None] = {**base, **changed}
    return {f"CONNECTQL_{name}": value for name, value in merged.items() if value is not None}


def read(**changed: str | None) -> Settings:
    return settings_module.read(environment(changed))


def problems(**changed: str | None) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        read(**changed)
    assert str(refused.value) == "\n".join(f"- {problem}" for problem in refused.value.problems)
    return refused.value.problems


def test_the_defaults_are_those_of_production() -> None:
    assert read() == Settings(
        production=True,
        host="127.0.0.1",
        port=8000,
        public_url="https://connect.example",
        database_url="sqlite:////srv/connectql.db",
        database_direct_url=None,
        database_pooler="auto",
        database_connections=14,
        stripe_api_key=KEY,
        stripe_api_base=None,
        ca_file=None,
        stripe_timeout_seconds=8,
        webhook_secrets=(SIGNING,),
        webhook_url="https://connect.example/webhooks/stripe",
        stripe_calls_per_second=20,
        stripe_calls_per_minute_of_merchant=20,
        stripe_calls_per_minute_of_caller=600,
        return_origins=frozenset({"https://app.example"}),
        browser_origins=frozenset({"https://app.example"}),
        websocket_origins=frozenset({"https://app.example"}),
        auth=AuthSettings(
            (Provider("https://id.example", ("connectql",), jwks_url="https://id.example/jwks"),)
        ),
        graphiql=False,
        persisted_operations={},
        only_persisted=False,
        worker=True,
        stale_after=timedelta(hours=6),
        backfill_after=timedelta(minutes=1),
        drain_seconds=5,
        live_connections=5000,
        live_connections_of_one=50,
        requests_per_minute=1200,
        address_requests_per_minute=0,
        keep_alive_seconds=75,
        trusted_proxies=(),
        heartbeat_seconds=15,
        idle_seconds=60,
        max_cost=150_000,
        execution_seconds=30,
        kept_answers_bytes=64 * 1024 * 1024,
        log_json=True,
        log_level="info",
    )


def test_development_has_its_own_defaults() -> None:
    result = read(ENVIRONMENT="development", PUBLIC_URL=None, RETURN_ORIGINS=None, PORT="8123")
    assert (result.production, result.public_url) == (False, "http://localhost:8123")
    assert (result.graphiql, result.log_json, result.return_origins) == (
        True,
        False,
        frozenset(),
    )


def test_every_variable_is_read(tmp_path: Path) -> None:
    manifest = tmp_path / "relay.json"
    manifest.write_text('{"viewer": "{ viewer { role } }"}')
    development = {
        "ENVIRONMENT": "development",
        "HOST": "::1",
        "PORT": "65535",
        "PUBLIC_URL": "http://connect.example:8080/sub/",
        "DATABASE_URL": f"postgresql://connectql:{PASSWORD}@db.example/connectql",
        "STRIPE_API_KEY": KEY.replace("sk_", "rk_"),
        "STRIPE_API_BASE": "http://127.0.0.1:12111",
        "STRIPE_TIMEOUT_SECONDS": "80",
        "WEBHOOK_SECRETS": f" {SIGNING} ,{SIGNING}2,",
        "WEBHOOK_URL": "http://hooks.example/stripe",
        "STRIPE_CALLS_PER_SECOND": "100",
        "STRIPE_CALLS_PER_MINUTE_OF_MERCHANT": "0",
        "STRIPE_CALLS_PER_MINUTE_OF_CALLER": "1200",
        "RETURN_ORIGINS": "http://app.example:3000, https://admin.example",
        "BROWSER_ORIGINS": "http://shop.example capacitor://localhost",
        "WEBSOCKET_ORIGINS": "tauri://localhost",
        "AUTH_ISSUER": "issuer",
        "AUTH_AUDIENCE": "audience, api://audience",
        "AUTH_AUDIENCE_CLAIM": "client_id",
        "JWKS_URL": "http://id.example/jwks?app=1",
        "JWKS_FILE": "pyproject.toml",
        "HS256_SECRET": SHARED,
        "DEVELOPMENT_KEY_FILE": "var/key.json",
        "AUTH_ROLE_CLAIM": "https://claims.example/role,scope",
        "AUTH_ROLES": "app operator=operator, app=shop = merchant,owner=merchant,",
        "AUTH_MERCHANT_CLAIM": "https://claims.example/merchant",
        "AUTH_REQUIRED_CLAIMS": "token_use=access, azp=a,azp=b,sid",
        "AUTH_ISSUER_2": "second",
        "AUTH_AUDIENCE_2": "audience",
        "JWKS_URL_2": "http://second.example/jwks",
        "AUTH_ISSUER_3": "third",
        "AUTH_AUDIENCE_3": "audience",
        "JWKS_FILE_3": "pyproject.toml",
        "GRAPHIQL": "off",
        "PERSISTED_OPERATIONS": str(manifest),
        "ONLY_PERSISTED": "on",
        "WORKER": "off",
        "STALE_AFTER_SECONDS": "2592000",
        "BACKFILL_AFTER_SECONDS": "120",
        "DRAIN_SECONDS": "7",
        "LIVE_CONNECTIONS": "6",
        "LIVE_CONNECTIONS_OF_ONE": "5",
        "REQUESTS_PER_MINUTE": "30",
        "ADDRESS_REQUESTS_PER_MINUTE": "40",
        "KEEP_ALIVE_SECONDS": "620",
        "TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16",
        "HEARTBEAT_SECONDS": "3",
        "IDLE_SECONDS": "2",
        "MAX_COST": "100",
        "EXECUTION_SECONDS": "600",
        "KEPT_ANSWERS_MB": "2",
        "DATABASE_DIRECT_URL": f"postgresql://connectql:{PASSWORD}@direct.example/connectql",
        "DATABASE_POOLER": "transaction",
        "DATABASE_CONNECTIONS": "4",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "debug",
    }
    assert settings_module.read(environment({}, development)) == Settings(
        production=False,
        host="::1",
        port=65535,
        public_url="http://connect.example:8080/sub",
        database_url=f"postgresql://connectql:{PASSWORD}@db.example/connectql",
        database_direct_url=f"postgresql://connectql:{PASSWORD}@direct.example/connectql",
        database_pooler="transaction",
        database_connections=4,
        stripe_api_key="rk_test_" + "K" * 24,
        stripe_api_base="http://127.0.0.1:12111",
        ca_file=None,
        stripe_timeout_seconds=80,
        webhook_secrets=(SIGNING, f"{SIGNING}2"),
        webhook_url="http://hooks.example/stripe",
        stripe_calls_per_second=100,
        stripe_calls_per_minute_of_merchant=0,
        stripe_calls_per_minute_of_caller=1200,
        return_origins=frozenset({"http://app.example:3000", "https://admin.example"}),
        browser_origins=frozenset({"http://shop.example", "capacitor://localhost"}),
        websocket_origins=frozenset({"tauri://localhost"}),
        auth=AuthSettings(
            (
                Provider(
                    "issuer",
                    ("audience", "api://audience"),
                    audience_claim="client_id",
                    jwks_url="http://id.example/jwks?app=1",
                    jwks_file=Path("pyproject.toml"),
                    role_claims=("https://claims.example/role", "scope"),
                    roles={"app operator": Role.OPERATOR, "app=shop": Role.MERCHANT, "owner": Role.MERCHANT},
                    merchant_claim="https://claims.example/merchant",
                    required_claims={"token_use": ("access",), "azp": ("a", "b"), "sid": ()},
                ),
                Provider("second", ("audience",), jwks_url="http://second.example/jwks", suffix="_2"),
                Provider("third", ("audience",), jwks_file=Path("pyproject.toml"), suffix="_3"),
            ),
            hs256_secret=SHARED,
            development_key_file=Path("var/key.json"),
        ),
        graphiql=False,
        persisted_operations={"viewer": "{ viewer { role } }"},
        only_persisted=True,
        worker=False,
        stale_after=timedelta(days=30),
        backfill_after=timedelta(minutes=2),
        drain_seconds=7,
        live_connections=6,
        live_connections_of_one=5,
        requests_per_minute=30,
        address_requests_per_minute=40,
        keep_alive_seconds=620,
        trusted_proxies=("10.0.0.1", "10.1.0.0/16"),
        heartbeat_seconds=3,
        idle_seconds=2,
        max_cost=100,
        execution_seconds=600,
        kept_answers_bytes=2 * 1024 * 1024,
        log_json=True,
        log_level="debug",
    )


def test_a_blank_variable_counts_as_unset() -> None:
    assert read(HOST=" ", PORT="", GRAPHIQL="  ", JWKS_FILE="") == read()
    assert read(PORT=" 80 ").port == 80


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ENVIRONMENT": "staging"}, ["CONNECTQL_ENVIRONMENT must be one of: development, production."]),
        ({"PORT": "0"}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        ({"PORT": "65536"}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        ({"PORT": "8e3"}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        ({"PORT": "-1"}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        ({"PORT": "٨٠"}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        ({"PORT": "0000000000080000"}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        ({"PORT": "8" * 5000}, ["CONNECTQL_PORT must be a whole number from 1 to 65535."]),
        (
            {"STALE_AFTER_SECONDS": "0"},
            ["CONNECTQL_STALE_AFTER_SECONDS must be a whole number from 1 to 2592000."],
        ),
        ({"GRAPHIQL": "true"}, ["CONNECTQL_GRAPHIQL must be one of: on, off."]),
        (
            {"ONLY_PERSISTED": "on"},
            ["CONNECTQL_ONLY_PERSISTED=on needs a manifest in CONNECTQL_PERSISTED_OPERATIONS."],
        ),
        (
            {"PERSISTED_OPERATIONS": "/nowhere.json"},
            ["CONNECTQL_PERSISTED_OPERATIONS: /nowhere.json cannot be read: No such file or directory."],
        ),
        (
            {"PERSISTED_OPERATIONS": "pyproject.toml"},
            ["CONNECTQL_PERSISTED_OPERATIONS: pyproject.toml is not JSON in UTF-8."],
        ),
        ({"WORKER": "no"}, ["CONNECTQL_WORKER must be one of: on, off."]),
        ({"LOG_FORMAT": "xml"}, ["CONNECTQL_LOG_FORMAT must be one of: json, text."]),
        ({"LOG_LEVEL": "INFO"}, ["CONNECTQL_LOG_LEVEL must be one of: debug, info, warning, error."]),
        (
            {"STRIPE_API_KEY": None},
            [
                (
                    "CONNECTQL_STRIPE_API_KEY is missing. Set a key of your Stripe sandbox (sk_test_...), "
                    "or use `make run`, which starts a local Stripe."
                )
            ],
        ),
        (
            {"STRIPE_API_KEY": KEY.replace("sk_", "pk_")},
            ["CONNECTQL_STRIPE_API_KEY is not a secret key. Secret keys begin with sk_test_ or sk_live_."],
        ),
        (
            {"STRIPE_API_KEY": LIVE_KEY, "STRIPE_API_BASE": "https://elsewhere.example"},
            ["A live key must be sent to Stripe only. Remove CONNECTQL_STRIPE_API_BASE."],
        ),
        (
            {"STRIPE_API_KEY": LIVE_KEY, "ENVIRONMENT": "development"},
            ["A live key needs CONNECTQL_ENVIRONMENT=production."],
        ),
        (
            {"STRIPE_API_KEY": LIVE_KEY.replace("sk_", "rk_"), "ENVIRONMENT": "development"},
            ["A live key needs CONNECTQL_ENVIRONMENT=production."],
        ),
        (
            {"STRIPE_API_BASE": "localhost:12111"},
            ["CONNECTQL_STRIPE_API_BASE must be an http(s) address, such as http://127.0.0.1:12111."],
        ),
        (
            {"WEBHOOK_SECRETS": " , "},
            [
                (
                    "CONNECTQL_WEBHOOK_SECRETS is missing. Create an event destination "
                    "(python -m api destination) and set its signing secret (whsec_...)."
                )
            ],
        ),
        (
            {"WEBHOOK_SECRETS": f"{SIGNING},{KEY}"},
            ["CONNECTQL_WEBHOOK_SECRETS contains a value that is not a signing secret (whsec_...)."],
        ),
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
                    f"CONNECTQL_AUTH_REQUIRED_CLAIMS: {entry!r} is no requirement. "
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
            {"PUBLIC_URL": "http://connect.example"},
            ["CONNECTQL_PUBLIC_URL must be an https address in production."],
        ),
        (
            {"RETURN_ORIGINS": None},
            ["CONNECTQL_RETURN_ORIGINS is missing. List the origins of your app: https://app.example"],
        ),
        (
            {"RETURN_ORIGINS": "http://app.example"},
            ["CONNECTQL_RETURN_ORIGINS must contain only https origins in production."],
        ),
        (
            {"DATABASE_URL": None},
            ["CONNECTQL_DATABASE_URL is missing. Production has no default database."],
        ),
        (
            {"JWKS_URL": None, "JWKS_FILE": "/nowhere/jwks.json"},
            ["CONNECTQL_JWKS_FILE: the file /nowhere/jwks.json does not exist."],
        ),
        (
            {"ENVIRONMENT": "development", "DEVELOPMENT_KEY_FILE": "var/key.json", "HOST": "0.0.0.0"},
            [
                (
                    "Development tokens need a loopback address. "
                    "Remove CONNECTQL_HOST or CONNECTQL_DEVELOPMENT_KEY_FILE."
                )
            ],
        ),
        (
            {"DEVELOPMENT_KEY_FILE": "var/key.json"},
            [
                (
                    "Development tokens are refused in production. Remove CONNECTQL_DEVELOPMENT_KEY_FILE, "
                    "or set CONNECTQL_ENVIRONMENT=development."
                )
            ],
        ),
        (
            {"DATABASE_URL": "mysql://root@db.example/connectql"},
            ["CONNECTQL_DATABASE_URL: The database URL must begin with sqlite:// or postgresql://"],
        ),
    ],
)
def test_each_problem_names_the_variable_and_the_remedy(
    changed: dict[str, str | None], expected: list[str]
) -> None:
    assert problems(**changed) == expected


@pytest.mark.parametrize(
    "address",
    [
        "connect.example",
        "ftp://connect.example",
        "https://",
        "https://connect.example?a=1",
        "https://connect.example/#a",
        "https://connect.example:https",
        "https://connect.example:99999",
        "https://[::1",
        "https://user:secret@connect.example",
    ],
)
def test_the_public_url_must_be_an_address(address: str) -> None:
    result = problems(ENVIRONMENT="development", PUBLIC_URL=address)
    assert result == [
        "CONNECTQL_PUBLIC_URL must be the address of this service, such as https://api.example."
    ]


@pytest.mark.parametrize(
    "value",
    [
        "https://app.example/",
        "https://app.example/connect",
        "https://App.example",
        "https://app.example:443",
        "https://*.example",
        "app.example",
        "null",
        "*",
        "https://[::1",
        "https://app.example:port",
    ],
)
def test_origins_must_be_spelled_as_browsers_spell_them(value: str) -> None:
    assert problems(ENVIRONMENT="development", RETURN_ORIGINS=f"https://good.example,{value}") == [
        (f"CONNECTQL_RETURN_ORIGINS: {value!r} is not an origin. Write https://app.example, without a path.")
    ]
    assert read(RETURN_ORIGINS="https://app.example:8443,https://[::1]").return_origins == {
        "https://app.example:8443",
        "https://[::1]",
    }


def test_the_trusted_authorities_are_a_file() -> None:
    authorities = ROOT / "pyproject.toml"
    result = settings_module.read({**environment({}), "SSL_CERT_FILE": f" {authorities} "})
    assert result.ca_file == authorities
    with pytest.raises(SettingsError) as refused:
        settings_module.read({**environment({}), "SSL_CERT_FILE": "/nowhere/ca.pem"})
    assert refused.value.problems == ["SSL_CERT_FILE: the file /nowhere/ca.pem does not exist."]


def test_pages_origins_follow_the_return_origins_unless_they_are_set() -> None:
    returns, browsers, sockets = (frozenset({f"https://{name}.example"}) for name in "abc")
    for changed, expected in (
        ({}, (returns, returns, returns)),
        ({"BROWSER_ORIGINS": "https://b.example"}, (returns, browsers, browsers)),
        ({"WEBSOCKET_ORIGINS": "https://c.example"}, (returns, returns, sockets)),
        (
            {"BROWSER_ORIGINS": "https://b.example", "WEBSOCKET_ORIGINS": "https://c.example"},
            (returns, browsers, sockets),
        ),
    ):
        result = read(RETURN_ORIGINS="https://a.example", **changed)
        assert (result.return_origins, result.browser_origins, result.websocket_origins) == expected


@pytest.mark.parametrize("name", ["BROWSER_ORIGINS", "WEBSOCKET_ORIGINS"])
def test_pages_of_apps_and_extensions_have_origins_of_their_own(name: str) -> None:
    apps = {
        *("capacitor://localhost", "ionic://localhost", "tauri://localhost", "https://localhost"),
        *("https://tauri.localhost", "http://tauri.localhost", "http://localhost", "http://localhost:5173"),
        *("app://obsidian.md", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"),
        "safari-web-extension://5E0E2F0A-1B2C-4D3E-8F4A-5B6C7D8E9F00",
    }
    result = read(**{name: ",".join(sorted(apps))})
    assert getattr(result, name.lower()) == apps
    assert result.return_origins == {"https://app.example"}
    for value in (
        *("capacitor://localhost/", "capacitor://", "capacitor:localhost", "Capacitor://localhost"),
        *("null", "*", "file://", "file://localhost", "https://app.example/", "javascript://localhost"),
        *("https://*.example", "tauri://localhost:port", "capacitor://user@localhost", "app://a?b"),
    ):
        assert problems(**{name: value}) == [
            (
                f"CONNECTQL_{name}: {value!r} is not an origin. "
                "Write https://app.example or capacitor://localhost, without a path."
            )
        ]
    assert problems(**{name: "http://shop.example"}) == [
        f"CONNECTQL_{name} must not contain http origins in production, except those of localhost."
    ]
    assert problems(RETURN_ORIGINS="capacitor://localhost")[0].startswith("CONNECTQL_RETURN_ORIGINS: ")


def test_trusted_proxies_must_be_addresses_or_networks() -> None:
    good = ("10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "0.0.0.0/0", "192.0.2.1/32")
    assert read(TRUSTED_PROXIES=",".join(good)).trusted_proxies == good
    assert read(TRUSTED_PROXIES="*").trusted_proxies == ("*",)
    for value, remedy in (
        *(
            (wrong, "is not an address or a network. Write 10.0.0.1, 10.0.0.0/8 or fd00::/8.")
            for wrong in (
                "10.0.0",
                "10.0.0.256",
                "10.0.0.0/33",
                "10.0.0.0-10.0.0.9",
                "proxy",
                "10.*",
                "[::1]",
            )
        ),
        ("10.0.0.1/8", "is an address with a length. Write the network: 10.0.0.0/8."),
        ("fd00::1/8", "is an address with a length. Write the network: fd00::/8."),
    ):
        assert problems(TRUSTED_PROXIES=f"192.0.2.1,{value}") == [
            f"CONNECTQL_TRUSTED_PROXIES: {value!r} {remedy}"
        ]
    assert problems(TRUSTED_PROXIES="*,10.0.0.1") == [
        "CONNECTQL_TRUSTED_PROXIES: * trusts every address. Write it alone, or list the proxies."
    ]


def test_quotes_around_a_value_are_refused(tmp_path: Path) -> None:
    def quoted(name: str) -> str:
        return (
            f"CONNECTQL_{name} is in quotes, which belong to the value here (docker run --env-file passes "
            "them on). Remove them."
        )

    for changed in (
        {"AUTH_ISSUER": '"https://id.example"'},
        {"AUTH_ISSUER": "'https://id.example'"},
        {"AUTH_AUDIENCE": '"a","b"'},
        {"PORT": '"8000"'},
        {"GRAPHIQL": "'on'"},
        {"RETURN_ORIGINS": '" https://app.example "'},
        {"WEBHOOK_SECRETS": f'"{SIGNING}"'},
        {"DATABASE_URL": '"sqlite:////srv/connectql.db"'},
        {"HOST": '""'},
    ):
        assert problems(**changed) == [quoted(*changed)], changed
    file = tmp_path / "key"
    file.write_text(f'"{KEY}"\n')
    assert problems(STRIPE_API_KEY=None, STRIPE_API_KEY_FILE=str(file)) == [quoted("STRIPE_API_KEY_FILE")]
    assert read(AUTH_AUDIENCE="it's").auth.providers[0].audiences == ("it's",)


def test_dollars_and_braces_in_the_env_file_are_literal(tmp_path: Path) -> None:
    secret = "whsec_${HOME}$HOME$(id)" + "s" * 20
    (tmp_path / ".env").write_text(f"CONNECTQL_WEBHOOK_SECRETS={secret}\nCONNECTQL_PORT=${{PORT}}\n")
    script = """if True:
        import atexit, os
        from api.__main__ import main
        atexit.register(lambda: print(os.environ["CONNECTQL_WEBHOOK_SECRETS"]))
        main(["doctor"], standalone_mode=False)
    """
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": "/root", "PORT": "8000"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.splitlines()[-1] == secret
    assert "CONNECTQL_PORT must be a whole number from 1 to 65535." in ended.stdout


def test_all_problems_are_reported_at_once() -> None:
    assert len(problems(**dict.fromkeys(PRODUCTION))) == 7
    assert [problem.split(" ")[0] for problem in problems(**dict.fromkeys(PRODUCTION), PORT="x")] == [
        "CONNECTQL_PORT",
        "CONNECTQL_STRIPE_API_KEY",
        "CONNECTQL_WEBHOOK_SECRETS",
        "Set",
        "No",
        "CONNECTQL_DATABASE_URL",
        "CONNECTQL_PUBLIC_URL",
        "CONNECTQL_RETURN_ORIGINS",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"STRIPE_API_KEY": f"pk_{KEY}"},
        {"STRIPE_API_KEY": LIVE_KEY, "ENVIRONMENT": "development", "STRIPE_API_BASE": "http://x.example"},
        {"WEBHOOK_SECRETS": f"{SIGNING},{KEY}"},
        {"HS256_SECRET": SHARED[:31]},
        {"HS256_SECRET": SHARED, "HS256_SECRET_FILE": "/nowhere"},
        {"PUBLIC_URL": f"https://user:{PASSWORD}@connect.example"},
        {"JWKS_URL": f"https://user:{PASSWORD}@id.example"},
        {"DATABASE_URL": f"postgresql://user:{PASSWORD}/@db.example/connectql"},
        {"DATABASE_URL": f"postgresql://user:{PASSWORD}@db.example/connectql?replication=x"},
        {"DATABASE_URL": f"postgresql://user:{PASSWORD}@db.example"},
        {"DATABASE_URL": f"mysql://user:{PASSWORD}@db.example/connectql"},
        {"DATABASE_URL": f"sqlite://{PASSWORD}/file.db"},
    ],
)
def test_problems_contain_no_secret(changed: dict[str, str]) -> None:
    shown = repr(problems(**changed))
    assert "CONNECTQL_" in shown
    for secret in (KEY, LIVE_KEY, SIGNING, SHARED[:31], PASSWORD):
        assert secret not in shown


def test_the_repr_contains_no_secret() -> None:
    shown = repr(read(HS256_SECRET=SHARED, DATABASE_URL=f"postgresql://user:{PASSWORD}@db.example/connectql"))
    assert "https://connect.example" in shown
    for secret in (KEY, SIGNING, SHARED, PASSWORD):
        assert secret not in shown


def test_secrets_can_be_read_from_files(tmp_path: Path) -> None:
    url = f"postgresql://user:{PASSWORD}@db.example/connectql"
    contents = {
        "STRIPE_API_KEY": f"{KEY}\n",
        "WEBHOOK_SECRETS": f"{SIGNING}\n{SIGNING}2\n",
        "HS256_SECRET": f"  {SHARED}\n\n",
        "DATABASE_URL": url,
    }
    files = {}
    for name, content in contents.items():
        file = tmp_path / name
        file.write_text(content)
        files[f"{name}_FILE"] = str(file)
    result = read(**dict.fromkeys(contents), **files)
    assert (result.stripe_api_key, result.webhook_secrets) == (KEY, (SIGNING, f"{SIGNING}2"))
    assert (result.auth.hs256_secret, result.database_url) == (SHARED, url)


def test_unusable_secret_files_are_refused(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe" + KEY.encode())
    empty = tmp_path / "empty"
    empty.write_text("\n")
    gone = "CONNECTQL_STRIPE_API_KEY is missing."
    assert problems(STRIPE_API_KEY=None, STRIPE_API_KEY_FILE=str(missing))[0] == (
        f"CONNECTQL_STRIPE_API_KEY_FILE: {missing} cannot be read: No such file or directory."
    )
    assert problems(STRIPE_API_KEY=None, STRIPE_API_KEY_FILE=str(binary))[0] == (
        f"CONNECTQL_STRIPE_API_KEY_FILE: {binary} is not UTF-8 text."
    )
    assert problems(STRIPE_API_KEY=None, STRIPE_API_KEY_FILE=str(empty))[0].startswith(gone)
    assert problems(STRIPE_API_KEY_FILE=str(binary)) == [
        "CONNECTQL_STRIPE_API_KEY and CONNECTQL_STRIPE_API_KEY_FILE are both set. Keep one."
    ]


def test_the_stripe_settings_can_be_read_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    base = "http://127.0.0.1:12111"
    assert settings_module.stripe({"CONNECTQL_STRIPE_API_KEY": KEY}) == (KEY, None, None)
    named = {"CONNECTQL_STRIPE_API_KEY_FILE": str(file), "CONNECTQL_STRIPE_API_BASE": base}
    assert settings_module.stripe({**named, "SSL_CERT_FILE": str(file)}) == (KEY, base, file)
    for variables, problem in (
        ({}, "CONNECTQL_STRIPE_API_KEY is missing."),
        ({"CONNECTQL_STRIPE_API_KEY": "pk_test_1"}, "CONNECTQL_STRIPE_API_KEY is not a secret key."),
        ({"CONNECTQL_STRIPE_API_KEY": LIVE_KEY}, "A live key must be sent to Stripe only."),
    ):
        with pytest.raises(SettingsError) as refused:
            settings_module.stripe({"CONNECTQL_STRIPE_API_BASE": base, **variables})
        assert len(refused.value.problems) == 1
        assert refused.value.problems[0].startswith(problem)


class Recorder(Mapping[str, str]):
    """An environment that records the names of the variables that were read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_the_example_file_describes_every_variable_that_is_read() -> None:
    recorder = Recorder()
    for read_all in (settings_module.read, settings_module.stripe):
        with pytest.raises(SettingsError):
            read_all(recorder)
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {}
    for before, line in itertools.pairwise(lines):
        if shown := re.fullmatch(r"#([A-Z0-9_]+)=(.+)", line):
            assert re.fullmatch(r"# .+\.", before), line
            named[shown[1]] = shown[2]
        else:
            assert line == "" or line.startswith("# "), line
    assert set(named) == recorder.names | {"PORT", "SIMULATOR_PORT"}


def test_the_example_file_shows_defaults_and_no_secret() -> None:
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"(?m)^#CONNECTQL_([A-Z0-9_]+)=(.+)$", text))
    assert {shown[name] for name in ("STRIPE_API_KEY", "WEBHOOK_SECRETS", "HS256_SECRET")} == {
        "sk_test_...",
        "whsec_...",
        "...",
    }
    elsewhere = {
        "DATABASE_DIRECT_URL",
        "DEVELOPMENT_KEY_FILE",
        "STRIPE_API_BASE",
        "HS256_SECRET",
        "JWKS_FILE",
        "PERSISTED_OPERATIONS",
        "ADDRESS_REQUESTS_PER_MINUTE",
        "TRUSTED_PROXIES",
        "BROWSER_ORIGINS",
        "WEBSOCKET_ORIGINS",
        "AUTH_ROLES",
        "AUTH_REQUIRED_CLAIMS",
    }
    examples = {
        name: value
        for name, value in shown.items()
        if name not in {*PRODUCTION, *elsewhere} and not name.endswith(("_FILE", "_2"))
    }
    assert read(**examples) == read()
    unset = {n for n in shown if n.endswith("_FILE")} | {
        "DATABASE_DIRECT_URL",
        "HS256_SECRET",
        "PERSISTED_OPERATIONS",
        "JWKS_FILE_2",
    }
    database = PRODUCTION["DATABASE_URL"]  # production refuses the default, which the file shows
    assert read(**{**shown, **dict.fromkeys(unset), "DATABASE_URL": database})


def test_serving_without_settings_prints_the_remedies(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "api"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    first, *rest = ended.stderr.splitlines()
    assert first == "Error: the settings are invalid:"
    assert rest == [f"- {problem}" for problem in _problems_of({})]
    assert any("make run" in line for line in rest)
    assert list(tmp_path.iterdir()) == []


def _problems_of(variables: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        settings_module.read(variables)
    return refused.value.problems
