"""`python -m local` starts the local Stripe and the API; `python -m local token` prints a token."""

import os
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from dotenv import dotenv_values, load_dotenv

from api.server import logs
from local import stripe, tokens
from local.processes import Processes, alone, check_free
from local.settings import Place, api_environment, own_stripe, place, stay_on_this_machine
from local.start import server
from local.start.startup import Startup

# For each parameter of `make token`, an example of a correct command.
EXAMPLES = {
    "role": "make token ROLE=operator",
    "merchant": "make token ROLE=merchant MERCHANT=<externalId>",
    "ttl": "make token ROLE=operator TTL=60",
}


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
    """Print a development token for ROLE: operator, service or merchant. A merchant needs its external id.

    The token expires after TTL seconds, by default after twelve hours. The API accepts it for 30 seconds
    longer.
    """
    load_dotenv(Path(".env"), interpolate=False)
    try:
        click.echo(tokens.issue(role, merchant, ttl, subject).text)
    except tokens.BadToken as error:
        message = f"{error.field.upper()} {error.text}: {EXAMPLES[error.field]}"
        raise click.ClickException(message) from None
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@main.command("import")
@click.argument("file", default="")
@click.option("--dry-run", is_flag=True)
def import_(file: str, *, dry_run: bool) -> None:
    """Run `python -m api import` with the settings of `make run`.

    The local Stripe must be running, unless the settings contain a key of the real Stripe.
    """
    load_dotenv(Path(".env"), interpolate=False)
    stay_on_this_machine()
    if not file:
        raise click.ClickException("FILE must be a CSV file: make import FILE=accounts.csv")
    here = place()
    if own_stripe() and not here.secret_file.exists():
        raise click.ClickException("start `make run` first, with the same PORT and SIMULATOR_PORT")
    secret = here.secret_file.read_text().split()[1] if own_stripe() else ""
    options = ["--dry-run"] if dry_run else []
    command = [sys.executable, "-m", "api", "import", *options, "--", file]
    environment = {**os.environ, **api_environment(here, secret)}
    os.execve(sys.executable, command, environment)  # noqa: S606 -- our own module


@main.command()
@click.option("--new", is_flag=True)
def demo(*, new: bool) -> None:
    """Build the demo app, make the demo's data unless the data is up to date, and run everything.

    The demo uses the local Stripe and its own settings, and ignores the settings in .env.
    """
    from local.demo import demo as made  # noqa: PLC0415 -- needs the development tools

    # Set the variables to empty texts, which count as unset. The API then also ignores their values in .env.
    for name in {*os.environ, *dotenv_values(".env")}:
        if name.startswith("CONNECTQL_") and name != "CONNECTQL_PORT":
            os.environ[name] = ""
    logs.configure(json=False, level="error")  # the log level of the demo's API
    stay_on_this_machine()
    here = place(made.FOLDER)
    with alone(here.folder):
        for name, number in here.ports.items():
            check_free(name, number)
        startup = Startup()
        with server.serving(here, startup):
            show(here.start_url)
            made.prepare(here, startup, is_new=new)
            serve(here, startup, settings=made.SETTINGS, faults=made.faults(), title="The demo is running.")


def run() -> None:
    """Start all processes, and print their addresses. If Ctrl-C is pressed or a process ends, stop all."""
    load_dotenv(Path(".env"), interpolate=False)
    logs.configure(json=False, level="warning")
    stay_on_this_machine()
    here = place()
    with alone(here.folder):
        for name, number in here.ports.items():
            check_free(name, number)
        startup = Startup()
        with server.serving(here, startup):
            show(here.start_url)
            serve(here, startup)


def serve(
    here: Place,
    startup: Startup,
    *,
    settings: Mapping[str, str] = MappingProxyType({}),
    faults: Sequence[Mapping[str, Any]] = (),
    title: str = "ConnectQL is running.",
) -> None:
    """Run everything until a signal arrives or a process ends.

    `faults` are set at the local Stripe before the API starts.
    """
    with Processes() as processes:
        secret, offered = "", {}
        if own_stripe():
            startup.report("The local Stripe is starting.")
            processes.start("local Stripe", "simulator", stripe.environment(here))
            processes.wait_for(f"{here.simulator_url}/simulator/health")
            stripe.set_faults(here, faults)
            stripe.open_old_shop(here)
            offered["CONNECTQL_SERVICE_PRICES"] = stripe.price(here)
            secret = stripe.signing_secret(here)
        startup.report("The API is starting.")
        processes.start("API", "api", {**offered, **api_environment(here, secret), **settings})
        processes.wait_for(f"http://127.0.0.1:{here.port}/readyz")
        startup.is_over = True
        click.echo(welcome(here, title))
        processes.watch()


def show(url: str) -> None:
    """Open a page in the browser if the user works at this machine's own display, unless OPEN is 0."""
    has_display = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    is_remote = os.environ.get("SSH_CONNECTION")
    if sys.stdout.isatty() and has_display and not is_remote and os.environ.get("OPEN") != "0":
        webbrowser.open(url)


def welcome(here: Place, title: str) -> str:
    stripe_line = (
        f"local Stripe  {here.simulator_url}   accounts, Dashboards, deliveries"
        if own_stripe()
        else "Stripe        the real one, with your key"
    )
    return f"""
{title}

  start here    {here.start_url}/   links to everything, and tokens
  board         http://localhost:{here.port}/board     for operators: problems, merchants, payments
  GraphiQL      http://localhost:{here.port}/graphql   an operator's token is set
  {stripe_line}
  data          {here.folder}/   kept between runs; make clean removes it

Tokens for other clients:
  make -s token ROLE=operator
  make -s token ROLE=merchant MERCHANT=shop-1 TTL=60

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
