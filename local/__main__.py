"""`python -m local` starts the local Stripe and the API; `python -m local token` prints a token."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import click
import httpx
from dotenv import load_dotenv

from api.auth import development
from api.server import logs
from connect.errors import ConnectError, StripeNotFound
from connect.events import destinations
from connect.scope import Role
from connect.stripe_api.gateway import Gateway
from local.processes import Processes, alone, check_free

VAR = Path("var")
KEY_FILE = VAR / "development-key.json"
SECRET_FILE = VAR / "webhook-secret"
ISSUER, AUDIENCE = "connectql-local", "connectql"
# The ports on which the development servers of React, Angular, Vite and Vue serve an app.
APP_PORTS = (3000, 3001, 4200, 5173, 5174, 8080)
SIMULATOR_KEY = "sk_test_local"
PUBLISHABLE_KEY = "pk_test_local"
# The price of the platform's own product, for startService.
PRICE = {
    "currency": "usd",
    "unit_amount": "2000",
    "recurring[interval]": "month",
    "product_data[name]": "Premium plan",
    "nickname": "Premium plan",
    "lookup_key": "premium",
}
# An account for the examples of adoptMerchant.
OLD_SHOP = {"id": "acct_OldShop", "display_name": "Old Shop", "contact_email": "old@shop.example"}


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """ConnectQL on this machine."""
    if context.invoked_subcommand is None:
        run()


@main.command()
@click.argument("role")
@click.argument("merchant", default="")
@click.argument("ttl", default="")
@click.argument("subject", default="")
def token(role: str, merchant: str, ttl: str, subject: str) -> None:
    """Print a development token for ROLE: operator, service, or merchant with its external id.

    It expires after TTL seconds, by default twelve hours. The API accepts it for 30 more seconds.
    """
    load_dotenv(Path(".env"), interpolate=False)
    try:
        token_role = Role[role.upper()]
    except KeyError:
        raise click.ClickException(
            "ROLE must be operator, service or merchant: make token ROLE=operator"
        ) from None
    if token_role is Role.MERCHANT and not merchant:
        raise click.ClickException("name the merchant: make token ROLE=merchant MERCHANT=<externalId>")
    if ttl and not (ttl.isascii() and ttl.isdigit() and 1 <= len(ttl) <= 9 and int(ttl) > 0):
        raise click.ClickException("TTL must be a number of seconds: make token ROLE=operator TTL=60")
    settings = api_environment(8000, 12111, "")
    try:
        text = development.token(
            Path(settings["CONNECTQL_DEVELOPMENT_KEY_FILE"]),
            issuer=settings["CONNECTQL_AUTH_ISSUER"],
            audience=settings["CONNECTQL_AUTH_AUDIENCE"].split(",")[0].strip(),
            role=token_role,
            merchant=merchant or None,
            subject=subject or None,
            lifetime_seconds=int(ttl) if ttl else development.LIFETIME_SECONDS,
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(text)


@main.command("import")
@click.argument("file", default="")
@click.option("--dry-run", is_flag=True)
def import_(file: str, *, dry_run: bool) -> None:
    """Run `python -m api import` with the settings of `make run`, which must be running."""
    load_dotenv(Path(".env"), interpolate=False)
    _stay_on_this_machine()
    if not file:
        raise click.ClickException("FILE must be a CSV file: make import FILE=accounts.csv")
    if _own_stripe() and not SECRET_FILE.exists():
        raise click.ClickException("start `make run` first, with the same PORT and SIMULATOR_PORT")
    secret = SECRET_FILE.read_text().split()[1] if _own_stripe() else ""
    environment = api_environment(_port("PORT", 8000), _port("SIMULATOR_PORT", 12111), secret)
    options = ["--dry-run"] if dry_run else []
    command = [sys.executable, "-m", "api", "import", *options, "--", file]
    os.execve(sys.executable, command, {**os.environ, **environment})  # noqa: S606 -- our own module


def run() -> None:
    """Start all processes, print their addresses, and stop them on Ctrl-C or when one ends."""
    load_dotenv(Path(".env"), interpolate=False)
    logs.configure(json=False, level="warning")
    _stay_on_this_machine()
    port, simulator_port = _port("PORT", 8000), _port("SIMULATOR_PORT", 12111)
    if port == simulator_port:
        raise click.ClickException(f"PORT and SIMULATOR_PORT are both {port}: choose different ports")
    ports = {"PORT": port, "SIMULATOR_PORT": simulator_port} if _own_stripe() else {"PORT": port}
    with alone(VAR), Processes() as processes:
        for name, number in ports.items():
            check_free(name, number)
        secret, offered = "", {}
        if _own_stripe():
            simulator = {"SIMULATOR_PORT": str(simulator_port), "SIMULATOR_STATE": str(VAR / "simulator.db")}
            processes.start("local Stripe", "simulator", simulator)
            processes.wait_for(f"http://127.0.0.1:{simulator_port}/simulator/health")
            _open_old_shop(simulator_port)
            offered = {"CONNECTQL_SERVICE_PRICES": _price(simulator_port)}
            secret = asyncio.run(_destination(port, simulator_port))
        processes.start("API", "api", offered | api_environment(port, simulator_port, secret))
        processes.wait_for(f"http://127.0.0.1:{port}/readyz")
        click.echo(_welcome(port, simulator_port if _own_stripe() else None))
        processes.watch()


def api_environment(port: int, simulator_port: int, secret: str) -> dict[str, str]:
    """Return the API's environment. Variables that are set and not empty override these defaults."""
    defaults = {
        "CONNECTQL_ENVIRONMENT": "development",
        "CONNECTQL_PUBLIC_URL": f"http://localhost:{port}",
        # A database with accounts of the local Stripe must not be used with the real one.
        "CONNECTQL_DATABASE_URL": f"sqlite:///{VAR}/connectql{'' if _own_stripe() else '-stripe'}.db",
        "CONNECTQL_RETURN_ORIGINS": ",".join(
            f"http://{host}:{number}" for number in (port, *APP_PORTS) for host in ("localhost", "127.0.0.1")
        ),
        "CONNECTQL_AUTH_ISSUER": ISSUER,
        "CONNECTQL_AUTH_AUDIENCE": AUDIENCE,
        "CONNECTQL_DEVELOPMENT_KEY_FILE": str(KEY_FILE),
        "CONNECTQL_LOG_LEVEL": "warning",
        "CONNECTQL_MERCHANTS_MAY_EMBED": "all",
    }
    fixed = {"CONNECTQL_PORT": str(port)}
    if _own_stripe():
        fixed["CONNECTQL_STRIPE_API_KEY"] = SIMULATOR_KEY
        fixed["CONNECTQL_STRIPE_PUBLISHABLE_KEY"] = PUBLISHABLE_KEY
        fixed["CONNECTQL_STRIPE_API_BASE"] = f"http://127.0.0.1:{simulator_port}"
        fixed["CONNECTQL_STRIPE_DASHBOARD_BASE"] = f"http://127.0.0.1:{simulator_port}/dashboard"
        fixed["CONNECTQL_WEBHOOK_SECRETS"] = secret
        fixed["CONNECTQL_WEBHOOK_URL"] = _webhook_url(port)
    return {**defaults, **{name: value for name, value in os.environ.items() if value}, **fixed}


def _open_old_shop(simulator_port: int) -> None:
    """Open the account at the local Stripe, unless an earlier run has opened it."""
    url = f"http://127.0.0.1:{simulator_port}/simulator/accounts"
    httpx.post(url, json=OLD_SHOP, trust_env=False).raise_for_status()


def _price(simulator_port: int) -> str:
    """Return the id of the platform's price at the local Stripe. The first start creates it."""
    url, headers = (
        f"http://127.0.0.1:{simulator_port}/v1/prices",
        {"Authorization": f"Bearer {SIMULATOR_KEY}"},
    )
    with httpx.Client(trust_env=False, headers=headers) as http:
        found = http.get(url, params={"active": "true", "limit": 100}).raise_for_status().json()["data"]
        known = [one["id"] for one in found if one["lookup_key"] == PRICE["lookup_key"]]
        return str(known[0] if known else http.post(url, data=PRICE).raise_for_status().json()["id"])


async def _destination(port: int, simulator_port: int) -> str:
    """Return the signing secret of our event destination at the local Stripe. The first start creates it.

    Stripe shows a secret only once, so a file in var/ stores the secret with the destination's id. The
    secret protects only the local Stripe of this machine.
    """
    url = _webhook_url(port)
    gateway = Gateway(SIMULATOR_KEY, f"http://127.0.0.1:{simulator_port}")
    try:
        stored = SECRET_FILE.read_text() if SECRET_FILE.exists() else ""
        stored_id, _, secret = stored.strip().partition(" ")
        current = await destinations.check(gateway, url)
        if current.id is not None and current.id == stored_id and not current.problems:
            return secret
        # The stored secret is lost, an earlier run used another port, or the destination has problems.
        for old in filter(None, {current.id, stored_id}):
            with contextlib.suppress(StripeNotFound):
                await gateway.delete_event_destination(old)
        destination = await destinations.create(gateway, url, "ConnectQL on this machine")
    except ConnectError as error:
        raise click.ClickException(f"the local Stripe cannot be used: {error.message}") from None
    finally:
        await gateway.close()
    SECRET_FILE.touch(mode=0o600)
    SECRET_FILE.write_text(f"{destination.id} {destination.signing_secret}\n")
    return destination.signing_secret


def _webhook_url(port: int) -> str:
    return f"http://127.0.0.1:{port}/webhooks/stripe"


def _own_stripe() -> bool:
    """Tell whether to use the local Stripe, because no key of the real Stripe is set."""
    names = ("CONNECTQL_STRIPE_API_KEY", "CONNECTQL_STRIPE_API_KEY_FILE")
    return not any(os.environ.get(name) for name in names)


def _stay_on_this_machine() -> None:
    """Keep requests between the processes away from the environment's proxy."""
    if _own_stripe():
        # No request leaves this machine, and a SOCKS proxy would need a library that is not installed.
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            del os.environ[name]
    else:
        for name in ("no_proxy", "NO_PROXY"):
            os.environ[name] = ",".join(filter(None, ("127.0.0.1", "localhost", os.environ.get(name))))


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise click.ClickException(f"{name} must be a port from 1 to 65535: make run {name}={default}")
    return int(value)


def _welcome(port: int, simulator_port: int | None) -> str:
    stripe = (
        f"local Stripe  http://127.0.0.1:{simulator_port}   accounts, Dashboards, deliveries"
        if simulator_port
        else "Stripe        the real one, with your key"
    )
    return f"""
ConnectQL is running.

  GraphiQL      http://localhost:{port}/graphql   an operator's token is set
  {stripe}
  data          {VAR}/   kept between runs; make clean removes it

Tokens for other clients:
  make -s token ROLE=operator
  make -s token ROLE=merchant MERCHANT=shop-1

Five things to try in GraphiQL, one in each tab:
  1. Create a merchant. Run it twice: the second run returns the same one.
  2. Onboard: open the link above the editor, and fill in the form.
  3. Open the Dashboard: the link above the editor leads there and works once.
  4. Merchant status: run it before, during and after onboarding.
  5. Take a payment: open the link, and pay with the card 4242 4242 4242 4242. Then run Payments.

Ctrl-C ends everything.
"""


if __name__ == "__main__":
    main()
