"""Valid production settings, and functions that return the result or the problems of changed settings."""

from collections.abc import Mapping

import pytest

from api.configuration import settings as settings_module
from api.configuration.settings import Settings, SettingsError

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
