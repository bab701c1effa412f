"""The settings of the Stripe client, and their checks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.configuration.variables import SettingsError, Variables
from connect.inputs.web_address import is_address
from connect.stripe_api.gateway import LIVE_KEYS, ORGANIZATION_KEY, SANDBOX_KEYS

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9]{1,250}")


@dataclass(frozen=True, slots=True)
class StripeSettings:
    """The settings of the Stripe client. The command `destination` needs no other settings."""

    key: str = field(repr=False)
    context: str | None
    base: str | None
    ca_file: Path | None


def read(environment: Mapping[str, str]) -> StripeSettings:
    variables = Variables(environment)
    settings = StripeSettings(
        variables.secret("STRIPE_API_KEY") or "",
        variables.text("STRIPE_CONTEXT"),
        variables.address("STRIPE_API_BASE"),
        variables.ca_file(),
    )
    found = [*variables.problems, *problems(settings.key, settings.context, settings.base)]
    if found:
        raise SettingsError(found)
    return settings


def publishable_key_problems(publishable: str | None, key: str) -> Iterator[str]:
    """Yield the problem of a publishable key that has the wrong form, or a mode other than the API key's."""
    if publishable is None:
        return
    if not publishable.startswith(("pk_test_", "pk_live_")):
        yield (
            "CONNECTQL_STRIPE_PUBLISHABLE_KEY is not a publishable key. Set the platform's key (pk_test_... "
            "or pk_live_...)."
        )
    elif publishable.startswith("pk_live_") != key.startswith(LIVE_KEYS):
        mode = "live mode" if key.startswith(LIVE_KEYS) else "the sandbox"
        yield (
            f"CONNECTQL_STRIPE_PUBLISHABLE_KEY belongs to another mode. Set the publishable key of {mode}, "
            "which is the mode of CONNECTQL_STRIPE_API_KEY."
        )


def problems(key: str, context: str | None, base: str | None) -> Iterator[str]:
    if not key:
        yield (
            "CONNECTQL_STRIPE_API_KEY is missing. Set a key of your Stripe sandbox (sk_test_...), "
            "or use `make run`, which starts a local Stripe."
        )
    elif not key.startswith((*LIVE_KEYS, *SANDBOX_KEYS)):
        yield (
            "CONNECTQL_STRIPE_API_KEY is not a key that ConnectQL can use. Set a secret key (sk_test_... or "
            "sk_live_...), a restricted key (rk_test_... or rk_live_...) or the key of an organization "
            "(sk_org_test_... or sk_org_live_...)."
        )
    if key.startswith(ORGANIZATION_KEY):
        if not context:
            yield (
                "CONNECTQL_STRIPE_CONTEXT is missing. The key of an organization (sk_org_...) needs the id "
                "of the platform's account (acct_...)."
            )
        elif not _ACCOUNT.fullmatch(context):
            yield (
                "CONNECTQL_STRIPE_CONTEXT must be the id of the platform's account (acct_...), without a "
                "path."
            )
    elif context:
        yield (
            "CONNECTQL_STRIPE_CONTEXT is only for the key of an organization (sk_org_...). Remove it: "
            "the key of an account already identifies its account."
        )
    if base and key.startswith(LIVE_KEYS):
        yield "A live key must be sent to Stripe only. Remove CONNECTQL_STRIPE_API_BASE."
    elif base and not is_address(base):
        yield "CONNECTQL_STRIPE_API_BASE must be an http(s) address, such as http://127.0.0.1:12111."
