"""Each problem names the variable and the remedy."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from api.configuration import settings as settings_module
from api.configuration.settings import SettingsError
from connect.embedded.components import Component
from testing import processes
from tests.api.production import KEY, LIVE_KEY, PRODUCTION, SIGNING, problems, read

ORGANIZATION_KEY = "sk_org_test_" + "k" * 24


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
            {"RETAIN_EVENTS_DAYS": "34", "RETAIN_LINKS_DAYS": "0"},
            ["CONNECTQL_RETAIN_EVENTS_DAYS must be at least 35, or 0 to keep the data forever."],
        ),
        (
            {"STALE_AFTER_SECONDS": "0"},
            ["CONNECTQL_STALE_AFTER_SECONDS must be a whole number from 1 to 2592000."],
        ),
        (
            {"FEE_POLICY": "EUR 2,5%, USD 3% + 0.305"},
            [
                (
                    "CONNECTQL_FEE_POLICY: '5%' is not a currency followed by its fee. Write, for example, "
                    "EUR 2.5% + 0.30 min 0.50 max 20, USD 3%."
                ),
                "CONNECTQL_FEE_POLICY: 'USD 3% + 0.305': '0.305' has too many decimals. USD has 2.",
            ],
        ),
        *(
            (
                {"WALLET_DOMAINS": value},
                [
                    (
                        f"CONNECTQL_WALLET_DOMAINS: {value!r} is not a domain. "
                        "Write app.example, without a scheme."
                    )
                ],
            )
            for value in (
                *("https://app.example", "app.example/pay", "app.example:443", "localhost", "127.0.0.1"),
                *("me@app.example", "a..example", "app.example."),
            )
        ),
        ({"GRAPHIQL": "true"}, ["CONNECTQL_GRAPHIQL must be one of: on, off."]),
        (
            {"BOARD": "on"},
            [
                (
                    "CONNECTQL_BOARD_CLIENT_ID is missing. Register the board at your identity provider, or "
                    "set CONNECTQL_BOARD=off."
                )
            ],
        ),
        (
            {"BOARD": "on", "BOARD_CLIENT_ID": "board", "BOARD_ISSUER": "id.example"},
            [
                (
                    "CONNECTQL_BOARD_ISSUER must be the address of your identity provider, such as "
                    "https://id.example. The default is CONNECTQL_AUTH_ISSUER."
                )
            ],
        ),
        (
            {
                "BOARD": "on",
                "BOARD_CLIENT_ID": "board",
                "BOARD_ISSUER": "http://id.example",
                "BOARD_PROVIDER_ORIGINS": "https://login.example/token",
            },
            [
                "CONNECTQL_BOARD_ISSUER must be an https address in production.",
                (
                    "CONNECTQL_BOARD_PROVIDER_ORIGINS: 'https://login.example/token' is not an origin. "
                    "Write https://login.example, without a path."
                ),
            ],
        ),
        (
            {"ONLY_PERSISTED": "on", "FEDERATION": "on"},
            [
                (
                    "CONNECTQL_ONLY_PERSISTED=on and CONNECTQL_FEDERATION=on exclude each other: a router "
                    "sends operations of its own. Publish operations at the router."
                )
            ],
        ),
        (
            {"PERSISTED_OPERATIONS": "/nowhere.json"},
            ["CONNECTQL_PERSISTED_OPERATIONS: /nowhere.json cannot be read: No such file or directory."],
        ),
        (
            {"PERSISTED_OPERATIONS": "pyproject.toml"},
            ["CONNECTQL_PERSISTED_OPERATIONS: pyproject.toml is not JSON in UTF-8."],
        ),
        (
            {"FEDERATION": "on", "FEDERATION_PREFIX": "my_", "FEDERATION_PREFIXED": "Error,Query.nothing,ID"},
            [
                "CONNECTQL_FEDERATION_PREFIX must be letters and digits, the first a capital letter.",
                (
                    "CONNECTQL_FEDERATION_PREFIXED: 'ID' is neither a type nor a root field, such as "
                    "Query.node."
                ),
                (
                    "CONNECTQL_FEDERATION_PREFIXED: 'Query.nothing' is neither a type nor a root field, such "
                    "as Query.node."
                ),
            ],
        ),
        (
            {"FEDERATION": "on", "FEDERATION_PREFIX": "Payment", "FEDERATION_PREFIXED": "TimelineEdge"},
            ["CONNECTQL_FEDERATION_PREFIXED: a type has the name 'PaymentTimelineEdge' already."],
        ),
        ({"WORKER": "no"}, ["CONNECTQL_WORKER must be one of: on, off."]),
        ({"FEE_ON_REFUND": "half"}, ["CONNECTQL_FEE_ON_REFUND must be one of: keep, return."]),
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
            [
                (
                    "CONNECTQL_STRIPE_API_KEY is not a key that ConnectQL can use. Set a secret key "
                    "(sk_test_... or sk_live_...), a restricted key (rk_test_... or rk_live_...) or the "
                    "key of an organization (sk_org_test_... or sk_org_live_...)."
                )
            ],
        ),
        (
            {"STRIPE_API_KEY": ORGANIZATION_KEY},
            [
                (
                    "CONNECTQL_STRIPE_CONTEXT is missing. The key of an organization (sk_org_...) needs the "
                    "id of the platform's account (acct_...)."
                )
            ],
        ),
        (
            {"STRIPE_API_KEY": ORGANIZATION_KEY, "STRIPE_CONTEXT": "acct_1Platform/acct_2Shop"},
            [
                (
                    "CONNECTQL_STRIPE_CONTEXT must be the id of the platform's account (acct_...), without a "
                    "path."
                )
            ],
        ),
        (
            {"STRIPE_CONTEXT": "acct_1Platform"},
            [
                (
                    "CONNECTQL_STRIPE_CONTEXT is only for the key of an organization (sk_org_...). Remove "
                    "it: the key of an account already identifies its account."
                )
            ],
        ),
        (
            {
                "STRIPE_API_KEY": ORGANIZATION_KEY.replace("test", "live"),
                "STRIPE_CONTEXT": "acct_1Platform",
                "ENVIRONMENT": "development",
            },
            ["A live key needs CONNECTQL_ENVIRONMENT=production."],
        ),
        (
            {"STRIPE_PUBLISHABLE_KEY": "sk_test_x"},
            [
                (
                    "CONNECTQL_STRIPE_PUBLISHABLE_KEY is not a publishable key. Set the platform's key "
                    "(pk_test_... or pk_live_...)."
                )
            ],
        ),
        (
            {"MERCHANTS_MAY_EMBED": "payouts_list, issuing_card"},
            [
                (
                    "CONNECTQL_MERCHANTS_MAY_EMBED: 'issuing_card' is not an embedded component. Write all, "
                    "or names of: " + ", ".join(sorted(component.value for component in Component)) + "."
                )
            ],
        ),
        (
            {"SERVICE_PRICES": "price_a prod_b"},
            ["CONNECTQL_SERVICE_PRICES: 'prod_b' is not the id of a price (price_...)."],
        ),
        (
            {"STRIPE_PUBLISHABLE_KEY": "pk_live_x"},
            [
                (
                    "CONNECTQL_STRIPE_PUBLISHABLE_KEY belongs to another mode. Set the publishable key of "
                    "the sandbox, which is the mode of CONNECTQL_STRIPE_API_KEY."
                )
            ],
        ),
        (
            {"STRIPE_API_KEY": LIVE_KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_x"},
            [
                (
                    "CONNECTQL_STRIPE_PUBLISHABLE_KEY belongs to another mode. Set the publishable key of "
                    "live mode, which is the mode of CONNECTQL_STRIPE_API_KEY."
                )
            ],
        ),
        (
            {"STRIPE_API_KEY": LIVE_KEY, "STRIPE_API_BASE": "https://elsewhere.example"},
            ["A live key must be sent to Stripe only. Remove CONNECTQL_STRIPE_API_BASE."],
        ),
        (
            {"STRIPE_API_KEY": LIVE_KEY, "STRIPE_DASHBOARD_BASE": "https://elsewhere.example"},
            ["With a live key, merchants use Stripe's Dashboard. Remove CONNECTQL_STRIPE_DASHBOARD_BASE."],
        ),
        (
            {"DATABASE_PROFILE": "portable"},
            ["CONNECTQL_DATABASE_PROFILE=portable is for PostgreSQL only. Remove it."],
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
            {"RETURN_SCHEMES": "https"},
            [
                (
                    "CONNECTQL_RETURN_SCHEMES: 'https' is not an app's scheme. List web addresses in "
                    "CONNECTQL_RETURN_ORIGINS."
                )
            ],
        ),
        (
            {"RETURN_SCHEMES": "capacitor"},
            [
                (
                    "CONNECTQL_RETURN_SCHEMES: 'capacitor' is the scheme of pages inside a web view, which "
                    "browsers cannot open. Write a scheme that the app registers, such as com.example.app."
                )
            ],
        ),
        *(
            (
                {"RETURN_SCHEMES": scheme},
                [
                    (
                        f"CONNECTQL_RETURN_SCHEMES: {scheme!r} belongs to browsers or to the system. Write a "
                        "scheme of your own, such as com.example.app."
                    )
                ],
            )
            for scheme in (
                *("javascript", "vbscript", "data", "blob", "about", "view-source", "file", "filesystem"),
                *("intent", "android-app", "content", "market", "chrome-extension", "ms-settings", "tel"),
                *("mailto", "sms", "itms-apps", "x-apple-health", "web+pay", "wss", "ftp"),
                *("microsoft-edge", "googlechrome", "googlechromes", "brave", "safari-https"),
            )
        ),
        *(
            (
                {"RETURN_SCHEMES": scheme},
                [
                    (
                        f"CONNECTQL_RETURN_SCHEMES: {scheme!r} is not a scheme. Write it in lower case and "
                        "without a colon: com.example.app."
                    )
                ],
            )
            for scheme in (
                "myapp://",
                "myapp:",
                "MyApp",
                "JavaScript",
                "a",
                "1app",
                "my_app",
                "caf\u00e9",
                "x" * 65,
            )
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


def test_quotes_around_a_value_are_refused(tmp_path: Path) -> None:
    def quoted(name: str) -> str:
        return (
            f"CONNECTQL_{name} is in quotes, and the quotes are part of the value (docker run --env-file "
            "keeps them). Remove them."
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


def test_all_problems_are_reported_together() -> None:
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


@pytest.mark.slow
def test_serving_without_settings_prints_the_remedies(tmp_path: Path) -> None:
    ended = processes.run(["-m", "api"], env={"PYTHONPATH": str(processes.ROOT)}, cwd=tmp_path)
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
