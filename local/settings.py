"""The settings of `make run` and `make demo`: the data folder, the ports, and the API's environment."""

import os
from dataclasses import dataclass
from pathlib import Path

import click

VAR = Path("var")
KEY_FILE = VAR / "development-key.json"
ISSUER, AUDIENCE = "connectql-local", "connectql"
# The ports on which the development servers of React, Angular, Vite and Vue serve an app.
APP_PORTS = (3000, 3001, 4200, 5173, 5174, 8080)
HOSTS = ("localhost", "127.0.0.1")
SIMULATOR_KEY = "sk_test_local"
PUBLISHABLE_KEY = "pk_test_local"


@dataclass(frozen=True)
class Place:
    """A data folder, and the ports of the processes that use it."""

    folder: Path = VAR
    port: int = 8000
    simulator_port: int = 12111
    start_port: int = 8010

    @property
    def secret_file(self) -> Path:
        return self.folder / "webhook-secret"

    @property
    def start_url(self) -> str:
        return f"http://localhost:{self.start_port}"

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/stripe"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def ports(self) -> dict[str, int]:
        """The ports. The keys are the names of their environment variables."""
        stripe = {"SIMULATOR_PORT": self.simulator_port} if own_stripe() else {}
        return {"PORT": self.port, **stripe, "START_PORT": self.start_port}

    @property
    def app_origins(self) -> tuple[str, ...]:
        """The origins of the apps on this machine, which may use the API and the start server."""
        ports = (self.port, self.start_port, *APP_PORTS)
        return tuple(f"http://{host}:{number}" for number in ports for host in HOSTS)


def place(folder: Path = VAR) -> Place:
    """Read the ports from the environment. The API's port is PORT, or CONNECTQL_PORT if PORT is not set."""
    name = "PORT" if os.environ.get("PORT") or not os.environ.get("CONNECTQL_PORT") else "CONNECTQL_PORT"
    found = Place(folder, _port(name, 8000), _port("SIMULATOR_PORT", 12111), _port("START_PORT", 8010))
    names = list(found.ports)
    for position, name in enumerate(names):
        for other in names[position + 1 :]:
            if found.ports[name] == found.ports[other]:
                raise click.ClickException(
                    f"{name} and {other} are both {found.ports[name]}: choose different ports"
                )
    return found


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        remedy = f"make run {name.removeprefix('CONNECTQL_')}={default}"
        raise click.ClickException(f"{name} must be a port from 1 to 65535: {remedy}")
    return int(value)


def api_environment(here: Place, secret: str) -> dict[str, str]:
    """Return the API's environment.

    Environment variables that are not empty override the defaults, but not the port, and not the values that
    the local Stripe needs.
    """
    defaults = {
        "CONNECTQL_ENVIRONMENT": "development",
        "CONNECTQL_PUBLIC_URL": f"http://localhost:{here.port}",
        # A database with accounts of the local Stripe must not be used with the real one.
        "CONNECTQL_DATABASE_URL": f"sqlite:///{here.folder}/connectql{'' if own_stripe() else '-stripe'}.db",
        "CONNECTQL_RETURN_ORIGINS": ",".join(here.app_origins),
        "CONNECTQL_AUTH_ISSUER": ISSUER,
        "CONNECTQL_AUTH_AUDIENCE": AUDIENCE,
        "CONNECTQL_DEVELOPMENT_KEY_FILE": str(KEY_FILE),
        "CONNECTQL_LOG_LEVEL": "warning",
        "CONNECTQL_BOARD": "on",
        "CONNECTQL_MERCHANTS_MAY_EMBED": "all",
        "CONNECTQL_MERCHANTS_MAY_REFUND": "on",
    }
    fixed = {"CONNECTQL_PORT": str(here.port)}
    if own_stripe():
        fixed["CONNECTQL_STRIPE_API_KEY"] = SIMULATOR_KEY
        fixed["CONNECTQL_STRIPE_PUBLISHABLE_KEY"] = PUBLISHABLE_KEY
        fixed["CONNECTQL_STRIPE_API_BASE"] = here.simulator_url
        fixed["CONNECTQL_STRIPE_DASHBOARD_BASE"] = f"{here.simulator_url}/dashboard"
        fixed["CONNECTQL_WEBHOOK_SECRETS"] = secret
        fixed["CONNECTQL_WEBHOOK_URL"] = here.webhook_url
    return {**defaults, **{name: value for name, value in os.environ.items() if value}, **fixed}


def own_stripe() -> bool:
    """Return whether to use the local Stripe. It is used if no key of the real Stripe is set."""
    names = ("CONNECTQL_STRIPE_API_KEY", "CONNECTQL_STRIPE_API_KEY_FILE")
    return not any(os.environ.get(name) for name in names)


def stay_on_this_machine() -> None:
    """Send requests between the processes directly, even if the environment names a proxy."""
    if own_stripe():
        # No request leaves this machine, and a SOCKS proxy would need a library that is not installed.
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            del os.environ[name]
    else:
        for name in ("no_proxy", "NO_PROXY"):
            os.environ[name] = ",".join(filter(None, ("127.0.0.1", "localhost", os.environ.get(name))))
