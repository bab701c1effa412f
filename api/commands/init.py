"""`connectql init`: sets up the service with a Stripe API key.

Asks for the settings that are missing, creates the event destination, writes the settings into a file,
migrates the database, runs the doctor, and prints the information that a frontend needs.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from dotenv import dotenv_values

from api import resources
from api.commands import doctor
from api.configuration import settings as settings_module
from api.configuration.settings import DEFAULT_DATABASE, Settings
from api.configuration.variables import PREFIX
from connect.errors import ConnectError
from connect.events import destinations
from connect.events.destinations import DestinationStatus
from connect.stripe_api.gateway import LIVE_KEYS, Gateway
from models import database, outage

# Stands for the signing secret until Stripe has created the destination.
_PENDING = "whsec_pending"
# Values that need no quotes in the file.
_PLAIN = re.compile(r"[^\s'\"#\\]*")
# Addresses of this machine, which Stripe cannot reach.
_LOCAL = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:localhost|127\.0\.0\.1|\[::1\])(?::(?P<port>[0-9]+))?(?:/.*)?"
)

DEVELOPMENT = {
    "AUTH_ISSUER": "connectql-local",
    "AUTH_AUDIENCE": "connectql",
    "DEVELOPMENT_KEY_FILE": "var/development-key.json",
}


class NotSetUp(ConnectError):
    """The service cannot be set up. The message says how to correct this. Neither a file nor a new
    destination is left behind.
    """


class Ask(Protocol):
    """Asks a person, or returns the default if nobody can answer."""

    def __call__(self, text: str, /, default: str = "", *, is_secret: bool = False) -> str: ...


def complete(known: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """Return the known variables, and answers or defaults for the missing ones. With a live key, the default
    environment is production.
    """
    values = {name: value for name, value in known.items() if value}

    def missing(*names: str) -> bool:
        return not any(values.get(f"{PREFIX}{name}") for name in names)

    def settle(name: str, text: str, default: str = "", *, is_secret: bool = False) -> None:
        if missing(name, f"{name}_FILE") and (answer := ask(text, default, is_secret=is_secret).strip()):
            values[f"{PREFIX}{name}"] = answer

    settle("STRIPE_API_KEY", "Stripe's secret or restricted key (sk_... or rk_...)", is_secret=True)
    is_live = _key(values).startswith(LIVE_KEYS)
    values.setdefault(f"{PREFIX}ENVIRONMENT", "production" if is_live else "development")
    is_production = values[f"{PREFIX}ENVIRONMENT"] == "production"
    port = values.get(f"{PREFIX}PORT", "8000")
    local = "" if is_production else f"http://localhost:{port}"
    settle("PUBLIC_URL", "The address of this service for browsers and Stripe", local)
    local_address = _LOCAL.fullmatch(values.get(f"{PREFIX}PUBLIC_URL", ""))
    if local_address and local_address["port"]:
        values.setdefault(f"{PREFIX}PORT", local_address["port"])
    if missing("RETURN_SCHEMES"):
        app = "" if is_production else "http://localhost:3000"
        settle("RETURN_ORIGINS", "The origins of your app, separated by commas", app)
    if is_production:
        settle("DATABASE_URL", "The database (postgresql://user:password@host/database)", is_secret=True)
    elif missing("DATABASE_URL", "DATABASE_URL_FILE"):
        values[f"{PREFIX}DATABASE_URL"] = DEFAULT_DATABASE
    if missing("AUTH_ISSUER", "HS256_SECRET", "HS256_SECRET_FILE", "DEVELOPMENT_KEY_FILE"):
        otherwise = "" if is_production else " (leave empty to use tokens that this machine signs)"
        settle("AUTH_ISSUER", f"The issuer of the tokens{otherwise}")
        if not missing("AUTH_ISSUER"):
            settle("AUTH_AUDIENCE", "The audience of the tokens", "connectql")
            if missing("JWKS_FILE"):
                settle("JWKS_URL", "The address of the issuer's keys (jwks_uri)")
        elif not is_production:
            values |= {f"{PREFIX}{name}": value for name, value in DEVELOPMENT.items()}
    address = values.get(f"{PREFIX}WEBHOOK_URL") or values.get(f"{PREFIX}PUBLIC_URL", "")
    if missing("STRIPE_API_BASE") and _LOCAL.fullmatch(address):
        settle("WEBHOOK_SECRETS", "The secret that `stripe listen --print-secret` prints", is_secret=True)
    return values


async def run(
    values: Mapping[str, str], file: Path, environment: Mapping[str, str], say: Callable[[str], object]
) -> int:
    """Create the destination, write the file, and run the doctor. Returns the exit code.

    Raises SettingsError, NotSetUp, StripeRefused or StripeUnavailable before anything is written.
    """
    has_file = f"{PREFIX}WEBHOOK_SECRETS_FILE" in values
    has_secret = has_file or f"{PREFIX}WEBHOOK_SECRETS" in values
    pending = {} if has_secret else {f"{PREFIX}WEBHOOK_SECRETS": _PENDING}
    settings = settings_module.read({**environment, **values, **pending})
    # Create the file before the destination, because Stripe shows a new destination's secret only once.
    with _private_file(file) as private:
        async with (
            resources.open_gateway(settings) as gateway,
            _new_secret(gateway, settings, say, has_secret=has_secret, has_file=has_file) as new,
        ):
            written = {**values, **new}
            # If the file cannot be written, `_new_secret` deletes the new destination.
            with _refusing(file):
                private.write_text(format_file(written), encoding="utf-8")
                private.replace(file)
    say(f"wrote {file}, which only you may read")
    code = await _examine(settings, {**environment, **written}, say)
    say(_for_frontends(settings))
    return code


def read_file(file: Path) -> dict[str, str]:
    """Return the variables in the file, or no variables if the file does not exist."""
    return {name: value for name, value in dotenv_values(file, interpolate=False).items() if value}


def format_file(values: Mapping[str, str]) -> str:
    """Return the content of a file with these variables, in the format that python-dotenv reads."""
    lines = [f"{name}={_quoted(value)}\n" for name, value in values.items()]
    return "# Written by `connectql init`. Keep this file secret.\n" + "".join(lines)


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _key(values: Mapping[str, str]) -> str:
    file = values.get(f"{PREFIX}STRIPE_API_KEY_FILE")
    with contextlib.suppress(OSError, UnicodeDecodeError):  # the check of the settings reports the problem
        return values.get(f"{PREFIX}STRIPE_API_KEY") or (Path(file).read_text().strip() if file else "")
    return ""


@contextlib.asynccontextmanager
async def _new_secret(
    gateway: Gateway, settings: Settings, say: Callable[[str], object], *, has_secret: bool, has_file: bool
) -> AsyncIterator[dict[str, str]]:
    """Create the destination if it is missing, and yield the variable with its secret.

    If no destination is created, yields no variable. No destination is created if Stripe cannot reach the
    address, or if the secrets are in a file of their own, because only the owner of that file changes it. If
    the block fails, the new destination is deleted, because nobody would have its secret.

    Raises NotSetUp if the secret is missing and no destination can be created, because Stripe cannot reach
    the address or already has a destination for it.
    """
    url = settings.webhook_url
    check = await destinations.check(gateway, url)  # also shows whether Stripe accepts the key
    is_unreachable = settings.stripe_api_base is None and _LOCAL.fullmatch(url) is not None
    if is_unreachable and not has_secret:
        raise NotSetUp(
            f"Stripe cannot reach {url}. Set CONNECTQL_WEBHOOK_SECRETS to the secret that `stripe listen "
            "--print-secret` prints, or CONNECTQL_PUBLIC_URL to the address of a tunnel."
        )
    if is_unreachable or has_file:
        yield {}
        return
    if check.status is not DestinationStatus.MISSING:
        if not has_secret:
            raise NotSetUp(
                f"Stripe has the event destination {check.id} for {url} already, and does not show its "
                "secret again. Set CONNECTQL_WEBHOOK_SECRETS to the secret, or delete the destination in "
                "Stripe's Dashboard (Workbench > Webhooks), and repeat."
            )
        yield {}
        return
    created = await destinations.create(gateway, url)
    try:
        yield {f"{PREFIX}WEBHOOK_SECRETS": created.signing_secret}
    except BaseException:
        await gateway.delete_event_destination(created.id)
        raise
    say(f"created the event destination {created.id} for {url}")


@contextlib.contextmanager
def _private_file(file: Path) -> Iterator[Path]:
    """Yield a new file in the folder of `file`, which only its owner may read. The new file is removed at the
    end unless the block has renamed it.

    Raises NotSetUp if the file cannot be created.
    """
    with _refusing(file):
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """Raise NotSetUp if the block cannot write the file."""
    try:
        yield
    except OSError as error:
        raise NotSetUp(f"{file} cannot be written: {error.strerror}.") from None


async def _examine(settings: Settings, environment: Mapping[str, str], say: Callable[[str], object]) -> int:
    """Migrate the database and run the doctor, but ignore its check of workers, because no worker has been
    started yet.

    Returns the exit code.
    """
    try:
        await resources.migrate(settings)
    except Exception as error:
        # The doctor reports an outage and missing migrations, so only other errors are raised.
        if outage.reason(error) is None and not isinstance(error, database.Forbidden):
            raise
    code = 0
    async for line in doctor.examine(environment):
        if line.subject != "workers":
            say(str(line))
            code = max(code, int(line.mark is doctor.Mark.PROBLEM))
    return code


def _for_frontends(settings: Settings) -> str:
    base, auth = settings.public_url, settings.auth
    if auth.development_key_file is not None:
        tokens = f"signed by this machine; GraphiQL at {base}/graphql has an operator's token"
    else:
        issuers = ", ".join(provider.issuer for provider in auth.providers if provider.issuer)
        audiences = ", ".join(one for provider in auth.providers for one in sorted(provider.audiences))
        tokens = f"JWTs of {issuers or 'your backend'} for the audience {audiences}"
    lines = {
        "GraphQL": f"{base}/graphql   with the header Authorization: Bearer <token>",
        "subscriptions": f"{base.replace('http', 'ws', 1)}/graphql   with the same header in connection_init",
        "tokens": tokens,
        "pages that may call": ", ".join(sorted(settings.browser_origins)) or "none",
        "onboarding returns to": ", ".join(sorted(settings.return_origins | settings.return_schemes)),
    }
    if settings.stripe_publishable_key:
        lines["publishable key"] = settings.stripe_publishable_key
    width = max(map(len, lines)) + 2
    shown = "\n".join(f"  {name:<{width}}{value}" for name, value in lines.items())
    return f"\nA frontend needs:\n{shown}\n\nStart the service: connectql serve"
