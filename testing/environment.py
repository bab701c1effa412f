"""The settings of every service under test, and tokens that the service accepts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.auth import development
from connect.scope import Role
from testing import confidential, portable

ISSUER, AUDIENCE = "tests", "connectql"
ORIGIN = "http://app.example:3000"
STRIPE_KEY = "sk_test_" + "T" * 24
KEY_FILE = "development-key.json"


def settings(
    database_url: str, stripe_url: str, signing_secret: str, folder: Path, **changed: str
) -> dict[str, str]:
    """The environment of a service. Keyword arguments are settings without their prefix."""
    return prefixed(
        {
            "ENVIRONMENT": "development",
            "DATABASE_URL": database_url,
            "DATABASE_PROFILE": portable.profile(database_url),
            "DATABASE_SILENCE_SECONDS": "20",  # on a busy machine, a late answer does not mean an outage
            "STRIPE_API_KEY": confidential.keep("API key", STRIPE_KEY),
            "STRIPE_API_BASE": stripe_url,
            "WEBHOOK_SECRETS": confidential.keep("signing secret", signing_secret),
            "RETURN_ORIGINS": ORIGIN,
            "AUTH_ISSUER": ISSUER,
            "AUTH_AUDIENCE": AUDIENCE,
            "DEVELOPMENT_KEY_FILE": str(folder / KEY_FILE),
            **changed,
        }
    )


def prefixed(changed: Mapping[str, str]) -> dict[str, str]:
    """Settings by their names in the environment. OpenTelemetry's variables do not get our prefix."""
    return {
        name if name.startswith("OTEL_") else f"CONNECTQL_{name}": value for name, value in changed.items()
    }


def token(folder: Path, role: Role = Role.OPERATOR, merchant: str | None = None, **changed: Any) -> str:
    """A token signed with the development key in a service's folder."""
    text = development.token(
        folder / KEY_FILE, issuer=ISSUER, audience=AUDIENCE, role=role, merchant=merchant, **changed
    )
    return confidential.keep("token", text)
