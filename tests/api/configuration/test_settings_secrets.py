"""Secrets in the settings."""

from pathlib import Path

import pytest

from api.configuration import stripe_settings
from api.configuration.settings import SettingsError
from api.configuration.stripe_settings import StripeSettings
from tests.api.production import KEY, LIVE_KEY, PASSWORD, SHARED, SIGNING, problems, read


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
    alone = stripe_settings.read({"CONNECTQL_STRIPE_API_KEY": KEY})
    assert alone == StripeSettings(KEY, None, None, None)
    assert KEY not in repr(alone)
    named = {"CONNECTQL_STRIPE_API_KEY_FILE": str(file), "CONNECTQL_STRIPE_API_BASE": base}
    read_all = stripe_settings.read({**named, "SSL_CERT_FILE": str(file)})
    assert read_all == StripeSettings(KEY, None, base, file)
    organization = {
        "CONNECTQL_STRIPE_API_KEY": "sk_org_test_" + "k" * 24,
        "CONNECTQL_STRIPE_CONTEXT": "acct_1Platform",
    }
    assert stripe_settings.read(organization).context == "acct_1Platform"
    for variables, problem in (
        ({}, "CONNECTQL_STRIPE_API_KEY is missing."),
        (
            {"CONNECTQL_STRIPE_API_KEY": "pk_test_1"},
            "CONNECTQL_STRIPE_API_KEY is not a key that ConnectQL can use.",
        ),
        ({"CONNECTQL_STRIPE_API_KEY": "sk_org_test_1"}, "CONNECTQL_STRIPE_CONTEXT is missing."),
        ({"CONNECTQL_STRIPE_API_KEY": LIVE_KEY}, "A live key must be sent to Stripe only."),
    ):
        with pytest.raises(SettingsError) as refused:
            stripe_settings.read({"CONNECTQL_STRIPE_API_BASE": base, **variables})
        assert len(refused.value.problems) == 1
        assert refused.value.problems[0].startswith(problem)
