"""`python -m local` starts the local Stripe and the API; `... token ROLE [MERCHANT]` prints a token."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click
from dotenv import load_dotenv

from api import development, logs
from connect import destinations
from connect.gateway import Gateway
from connect.scope import Role

VAR = Path("var")
KEY_FILE = VAR / "development-key.json"
SECRET_FILE = VAR / "webhook-secret"
ISSUER, AUDIENCE = "connectql-local", "connectql"
SIMULATOR_KEY = "sk_test_local"
START_SECONDS = 30


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """ConnectQL on this machine."""
    if context.invoked_subcommand is None:
        run()


@main.command()
@click.argument("role")
@click.argument("merchant", default="")
def token(role: str, merchant: str) -> None:
    """Print a development token for ROLE: operator, service, or merchant with its external id."""
    load_dotenv(Path(".env"))
    try:
        wanted = Role[role.upper()]
    except KeyError:
        raise click.ClickException(
            "ROLE must be operator, service or merchant: make token ROLE=operator"
        ) from None
    if wanted is Role.MERCHANT and not merchant:
        raise click.ClickException("name the merchant: make token ROLE=merchant MERCHANT=<externalId>")
    settings = api_environment(8000, 12111, "")
    click.echo(
        development.token(
            Path(settings["CONNECTQL_DEVELOPMENT_KEY_FILE"]),
            issuer=settings["CONNECTQL_AUTH_ISSUER"],
            audience=settings["CONNECTQL_AUTH_AUDIENCE"],
            role=wanted,
            merchant=merchant or None,
            role_claim=settings.get("CONNECTQL_AUTH_ROLE_CLAIM", "role"),
            merchant_claim=settings.get("CONNECTQL_AUTH_MERCHANT_CLAIM", "merchant"),
        )
    )


def run() -> None:
    """Start everything, say what is where, and end it all on Ctrl-C or when a part ends."""
    load_dotenv(Path(".env"))
    logs.configure(json=False, level="warning")
    port, simulator_port = _port("PORT", 8000), _port("SIMULATOR_PORT", 12111)
    own_stripe = "CONNECTQL_STRIPE_API_KEY" not in os.environ
    children: list[tuple[str, subprocess.Popen[bytes]]] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        secret = ""
        if own_stripe:
            simulator = {"SIMULATOR_PORT": str(simulator_port), "SIMULATOR_STATE": str(VAR / "simulator.db")}
            _start(children, "local Stripe", "simulator", simulator)
            _wait(children, f"http://127.0.0.1:{simulator_port}/simulator/health")
            secret = asyncio.run(_destination(port, simulator_port))
        _start(children, "API", "api", api_environment(port, simulator_port, secret))
        _wait(children, f"http://127.0.0.1:{port}/readyz")
        click.echo(_welcome(port, simulator_port if own_stripe else None))
        while all(child.poll() is None for _, child in children):
            time.sleep(0.2)
        _raise_ended(children)
    finally:
        click.echo("Stopping ...")
        # The API first, so that it can still talk to Stripe while it finishes.
        for _, child in reversed(children):
            child.terminate()
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def api_environment(port: int, simulator_port: int, secret: str) -> dict[str, str]:
    """The environment of the API: what is set already wins over these defaults."""
    defaults = {
        "CONNECTQL_ENVIRONMENT": "development",
        "CONNECTQL_PORT": str(port),
        "CONNECTQL_PUBLIC_URL": f"http://localhost:{port}",
        "CONNECTQL_DATABASE_URL": f"sqlite:///{VAR / 'connectql.db'}",
        "CONNECTQL_RETURN_ORIGINS": ",".join(f"http://localhost:{p}" for p in (port, 3000, 5173)),
        "CONNECTQL_AUTH_ISSUER": ISSUER,
        "CONNECTQL_AUTH_AUDIENCE": AUDIENCE,
        "CONNECTQL_DEVELOPMENT_KEY_FILE": str(KEY_FILE),
        "CONNECTQL_LOG_LEVEL": "warning",
    }
    if "CONNECTQL_STRIPE_API_KEY" not in os.environ:
        defaults["CONNECTQL_STRIPE_API_KEY"] = SIMULATOR_KEY
        defaults["CONNECTQL_STRIPE_API_BASE"] = f"http://127.0.0.1:{simulator_port}"
        defaults["CONNECTQL_WEBHOOK_SECRETS"] = secret
    return {**defaults, **os.environ}


async def _destination(port: int, simulator_port: int) -> str:
    """The signing secret of our event destination at the local Stripe; made at the first start.

    Stripe shows it once, so it is kept in var/ beside the destination's id. It guards nothing but this
    machine's local Stripe.
    """
    url = f"http://127.0.0.1:{port}/webhooks/stripe"
    gateway = Gateway(SIMULATOR_KEY, f"http://127.0.0.1:{simulator_port}")
    try:
        kept = SECRET_FILE.read_text() if SECRET_FILE.exists() else ""
        kept_id, _, secret = kept.strip().partition(" ")
        found = await destinations.find(gateway, url)
        if found is not None and found == kept_id:
            return secret
        if found is not None:
            await gateway.delete_event_destination(found)
        created = await destinations.create(gateway, url, "ConnectQL on this machine")
        SECRET_FILE.touch(mode=0o600)
        SECRET_FILE.write_text(f"{created.id} {created.signing_secret}\n")
        return created.signing_secret
    finally:
        await gateway.close()


def _start(
    children: list[tuple[str, subprocess.Popen[bytes]]], name: str, module: str, environment: dict[str, str]
) -> None:
    VAR.mkdir(exist_ok=True)
    # A session of its own: Ctrl-C reaches this process alone, which then ends the others in order.
    child = subprocess.Popen(  # noqa: S603 -- our own modules
        [sys.executable, "-m", module], env={**os.environ, **environment}, start_new_session=True
    )
    children.append((name, child))


def _wait(children: list[tuple[str, subprocess.Popen[bytes]]], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _raise_ended(children)
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- a loopback address of ours
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(f"nothing answers at {url}")


def _raise_ended(children: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    for name, child in children:
        if child.poll() is not None:
            raise click.ClickException(f"the {name} ended with exit code {child.returncode}; see above")


def _port(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= 65535:
        raise click.ClickException(f"{name} must be a port from 1 to 65535")
    return int(value)


def _welcome(port: int, simulator_port: int | None) -> str:
    stripe = (
        f"local Stripe  http://127.0.0.1:{simulator_port}   accounts, Dashboards, deliveries"
        if simulator_port
        else "Stripe        the real one, with your key"
    )
    return f"""
ConnectQL is running.

  GraphiQL      http://localhost:{port}/graphql   an operator's token is set already
  {stripe}
  data          {VAR}/   kept between runs; make clean removes it

Tokens for other clients:
  make -s token ROLE=operator
  make -s token ROLE=merchant MERCHANT=shop-1

Three things to try in GraphiQL, one in each tab:
  1. Create a merchant. Twice: you get the same one.
  2. Onboard: open the link, and fill in the form.
  3. Where does it stand? Before, meanwhile, and after.

Ctrl-C ends everything.
"""


if __name__ == "__main__":
    main()
