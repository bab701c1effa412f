"""The command line: `connectql`, or `python -m api` in a checkout. `--help` lists the commands."""

import gc

gc.disable()  # until `main`, because garbage collections take a fifth of the import time

# isort: split
import asyncio
import contextlib
import functools
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import click
import uvloop
from dotenv import load_dotenv
from strawberry.printer import print_schema
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.writer import format_migration_name

from api import resources
from api.app import create_app
from api.commands import accounts_file, importing, recovering
from api.commands import audit as audit_commands
from api.commands import doctor as examination
from api.commands import init as initial
from api.commands import manifests as manifest_commands
from api.commands import retention as retention_commands
from api.configuration import no_proxy, stripe_settings
from api.configuration import settings as settings_module
from api.configuration.settings import Settings, SettingsError
from api.configuration.variables import PREFIX
from api.server import logs, server
from api.version import VERSION
from api.worker import Worker
from connect.errors import ConnectError
from connect.events import destinations
from connect.events.handlers import ENABLED_EVENTS
from connect.finances import payouts
from connect.inputs.web_address import convert_if_valid
from connect.merchants.mirror import documents
from connect.payments.mirror import documents as payment_documents
from connect.platform.feed import Feed
from connect.platform.records import manifests as client_manifests
from connect.stripe_api.gateway import Gateway
from models import database, outage
from resolvers.federation.sdl import print_subgraph
from resolvers.schema import build
from resolvers.schema import schema as graphql_schema

# The path is relative to the current folder. The installed package has no such file.
SCHEMA_FILE = Path("schema.graphql")

NOT_MIGRATED = (
    "the database does not have the tables of this release, and this command changes nothing. Run `python -m "
    "api migrate` first."
)


@contextlib.contextmanager
def remedies() -> Iterator[None]:
    """If the settings, Stripe or the database cause an expected error, exit with its remedy."""
    try:
        yield
    except SettingsError as error:
        raise click.ClickException(f"the settings are invalid:\n{error}") from None
    except ConnectError as error:
        raise click.ClickException(error.message) from None
    except database.Forbidden as error:
        raise click.ClickException(str(error)) from None
    except Exception as error:
        reason = outage.reason(error)
        if reason is None:
            raise
        remedy = "Check CONNECTQL_DATABASE_URL and that the server runs."
        raise click.ClickException(f"the database cannot be reached: {reason}. {remedy}") from None


def load() -> Settings:
    """Read the settings from the environment and .env. Exits with the remedies if they are invalid."""
    load_dotenv(Path(".env"), interpolate=False)
    with remedies():
        settings = settings_module.read(os.environ)
    logs.configure(
        json=settings.log_json, level=settings.log_level, traced=settings.telemetry.exporter is not None
    )
    no_proxy.clean()
    return settings


@contextlib.asynccontextmanager
async def connected(
    settings: Settings, on_query: Callable[[Any], None] | None = None, *, migrates: bool = True
) -> AsyncIterator[None]:
    """Migrate the database and connect to it. Without `migrates`, missing migrations are an error."""
    if migrates:
        await resources.migrate(settings)
    elif not database.is_there(settings.database_url):
        raise click.ClickException(NOT_MIGRATED)
    async with resources.open_database(settings, on_query):
        if not migrates and not await database.is_migrated():
            raise click.ClickException(NOT_MIGRATED)
        yield


@click.group(invoke_without_command=True)
@click.version_option(VERSION, prog_name="connectql", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """ConnectQL. Without a command, it serves the API."""
    gc.freeze()  # garbage collections skip the modules, even while the migrations of a new database run
    gc.enable()
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Serve the API (and, unless CONNECTQL_WORKER=off, run a worker in the same process)."""
    settings = load()
    # Exit with 0 on SIGTERM. uvicorn handles the signal while it runs, and then raises it again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with remedies():
        resources.check_metrics_port(settings)
        uvloop.run(resources.migrate(settings))
    app = create_app(settings)
    server.run(app, settings)


@main.command()
def worker() -> None:
    """Run only a worker, beside replicas that serve with CONNECTQL_WORKER=off."""
    settings = load()

    async def run() -> None:
        telemetry, feed, stopping = resources.start_telemetry(settings), Feed(), asyncio.Event()
        async with contextlib.AsyncExitStack() as closing:
            closing.push_async_callback(telemetry.close)
            await closing.enter_async_context(connected(settings, telemetry.on_query))
            gateway = await closing.enter_async_context(resources.open_counted_gateway(settings))
            gateway.on_end = telemetry.on_call
            await closing.enter_async_context(resources.serve_metrics(settings, telemetry, gateway, feed))
            worker = Worker(gateway, settings, feed, telemetry)
            listening = asyncio.create_task(feed.listen(settings.feed_url))
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stopping.set)
            worker.start()
            await stopping.wait()
            await worker.stop()
            listening.cancel()

    with remedies():
        uvloop.run(run())


@main.command()
def migrate() -> None:
    """Apply missing migrations. Each start of the service applies them too."""
    settings = load()
    with remedies():
        uvloop.run(resources.migrate(settings))


@main.command()
def rebuild() -> None:
    """Rebuild every document of merchants, payments and payouts from the mirror."""
    settings = load()

    async def run() -> int:
        async with connected(settings):
            merchants = await documents.rebuild(everything=True)
            payments = await payment_documents.rebuild(everything=True)
            return merchants + payments + await payouts.rebuild(everything=True)

    with remedies():
        click.echo(f"{uvloop.run(run())} documents written")


@main.group()
def audit() -> None:
    """Read the audit log of all actions and their actors."""


@audit.command()
@click.option(
    "--since",
    type=audit_commands.TIME,
    help="Export the entries from this time on, such as 2026-01-31 or 2026-01-31T10:00Z.",
)
@click.option("--until", type=audit_commands.TIME, help="Export only entries before this time.")
@click.option(
    "--format", "style", type=click.Choice(list(audit_commands.FORMATS)), default="jsonl", show_default=True
)
def export(since: datetime | None, until: datetime | None, style: str) -> None:
    """Print the entries, oldest first, as JSON lines or CSV. Times without a zone are in UTC."""
    _with_database(
        lambda _: audit_commands.export(since, until, style, functools.partial(click.echo, nl=False))
    )


@main.command()
@click.option("--delete", "deletes", is_flag=True, help="Remove the expired data now.")
def retention(*, deletes: bool) -> None:
    """Count the expired data. With --delete, remove it, as a worker does once a day.

    The settings CONNECTQL_RETAIN_..._DAYS set how long data is kept.
    """
    _with_database(
        lambda settings: retention_commands.run(settings.retention, click.echo, deletes=deletes),
        migrates=deletes,
    )


@main.command()
@click.argument("url")
def destination(url: str) -> None:
    """Create the event destination at Stripe that sends notifications to URL, and print its signing secret.

    Needs only CONNECTQL_STRIPE_API_KEY, and for the key of an organization CONNECTQL_STRIPE_CONTEXT. Stripe
    shows the secret once: copy it to CONNECTQL_WEBHOOK_SECRETS.
    """
    load_dotenv(Path(".env"), interpolate=False)
    logs.configure(json=False, level="warning")
    no_proxy.clean()

    async def run() -> destinations.Destination:
        settings = stripe_settings.read(os.environ)
        gateway = Gateway(settings.key, settings.base, settings.ca_file, context=settings.context)
        try:
            return await destinations.create(gateway, convert_if_valid(url))
        finally:
            await gateway.close()

    with remedies():
        new_destination = uvloop.run(run())
    click.echo(f"created {new_destination.id}", err=True)
    click.echo(new_destination.signing_secret)


@main.command()
@click.option(
    "--env-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(".env"),
    show_default=True,
    help="The file to write.",
)
@click.option("--replace", is_flag=True, help="Change an existing file without asking.")
@click.option("--key-file", type=click.File(), help="A file with Stripe's key; - reads standard input.")
@click.option("--public-url", help="The address of this service for browsers and Stripe.")
@click.option("--return-origins", help="The origins of your app, separated by commas.")
def init(
    env_file: Path,
    *,
    replace: bool,
    key_file: TextIO | None,
    public_url: str | None,
    return_origins: str | None,
) -> None:
    """Set up the service with a Stripe API key: create the event destination and write the settings.

    In a terminal, the command asks for the settings that are missing. Scripts pass options, and set all other
    settings in CONNECTQL_ variables. These settings are written into the file, too. An existing file keeps
    its other settings. The exit code is 1 if the doctor finds a problem.
    """
    if env_file.exists() and not replace:
        if not sys.stdin.isatty():
            raise click.ClickException(f"{env_file} exists. Use --replace to change it.")
        click.confirm(f"{env_file} exists. Change it? Its other settings are kept", abort=True, err=True)
    logs.configure(json=False, level="error")
    no_proxy.clean()
    known = initial.read_file(env_file) | {
        name: value for name, value in os.environ.items() if name.startswith(PREFIX) and value
    }
    options = {
        "STRIPE_API_KEY": key_file.read().strip() if key_file is not None else None,
        "PUBLIC_URL": public_url,
        "RETURN_ORIGINS": return_origins,
    }
    known |= {f"{PREFIX}{name}": value for name, value in options.items() if value}
    if key_file is not None:
        known.pop(f"{PREFIX}STRIPE_API_KEY_FILE", None)
    with remedies():
        values = initial.complete(known, _ask)
        code = uvloop.run(initial.run(values, env_file, os.environ, click.echo))
    sys.exit(code)


def _ask(text: str, default: str = "", *, is_secret: bool = False) -> str:
    """Ask in a terminal, without showing a secret. Return the default if there is no terminal."""
    if not sys.stdin.isatty():
        return default
    shown = f"{text}, not shown" if is_secret else text
    answer: str = click.prompt(
        shown, default=default, hide_input=is_secret, show_default=bool(default), err=True
    )
    return answer


@main.command()
def events() -> None:
    """Print the types of the events that the service handles, in one line, for `stripe listen --events`."""
    click.echo(",".join(ENABLED_EVENTS))


@main.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Check the accounts and store nothing.")
def import_(file: BinaryIO, *, dry_run: bool) -> None:
    """Adopt the existing Stripe accounts that a CSV file lists. FILE is a path, or - for standard input.

    The first line names the columns: external_id and stripe_account_id, and optionally display_name and
    contact_email. Repeat the command to continue an interrupted import: it calls Stripe only for accounts
    without a merchant. The exit code is 1 if a line failed.
    """
    settings = load()
    logs.configure(json=settings.log_json, level="error")  # the output of the import names each failure

    async def run(table: accounts_file.Table) -> bool:
        async with (
            connected(settings, migrates=not dry_run),
            resources.open_counted_gateway(settings) as gateway,
        ):
            paced = gateway.with_pacing(resources.worker_pace(settings))
            return await importing.run(paced, table, click.echo, dry_run=dry_run)

    with remedies():
        table = accounts_file.read(file.read())
        if table.ignored:
            click.echo(importing.printable(f"ignored columns: {', '.join(table.ignored)}"), err=True)
        succeeded = uvloop.run(run(table))
    sys.exit(0 if succeeded else 1)


@main.command()
@click.option(
    "--since",
    required=True,
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="A time shortly before the backup began, or before the loss, in UTC.",
)
@click.option("--dry-run", is_flag=True, help="List what is missing, and store nothing.")
def recover(since: datetime, *, dry_run: bool) -> None:
    """Restore lost data from Stripe: merchants, payments, and the requests for refunds and payouts.

    Run the command after the database was restored from a backup, before the service starts. The command
    looks at all accounts. For each account that is neither closed nor disconnected, it also looks at the
    payments, refunds and payouts that were created after --since. The exit code is 1 if a line needs an
    operator: docs/operating.md describes the lines.
    """
    settings = load()
    logs.configure(json=settings.log_json, level="error")

    async def run() -> bool:
        async with (
            connected(settings, migrates=not dry_run),
            resources.open_counted_gateway(settings) as gateway,
        ):
            paced = gateway.with_pacing(resources.worker_pace(settings))
            return await recovering.run(paced, since.replace(tzinfo=UTC), click.echo, dry_run=dry_run)

    with remedies():
        is_complete = uvloop.run(run())
    sys.exit(0 if is_complete else 1)


@main.group(invoke_without_command=True)
@click.pass_context
def manifests(context: click.Context) -> None:
    """List the versions of clients, with their published operations and their usage."""
    if context.invoked_subcommand is None:
        _with_database(lambda _: manifest_commands.list_versions(click.echo))


@manifests.command()
@click.argument("client")
@click.argument("version")
@click.argument("file", type=click.Path(path_type=Path))
def add(client: str, version: str, file: Path) -> None:
    """Publish the operations of a client's version. All processes serve them within a second.

    FILE is a manifest of Apollo or Relay. Its operations must be valid.
    """

    async def run(settings: Settings) -> None:
        documents = manifest_commands.read(
            client, version, file, settings.persisted_operations, settings.subgraph
        )
        await manifest_commands.add(client, version, documents, click.echo)

    _with_database(run)


@manifests.command()
@click.argument("client")
@click.argument("version")
@click.option("--even-if-used", is_flag=True, help="Retire a version even if it was used in the last 7 days.")
def retire(client: str, version: str, *, even_if_used: bool) -> None:
    """End the publication of a version's operations. All processes forget them within about ten seconds."""
    _with_database(lambda _: manifest_commands.retire(client, version, even_if_used=even_if_used))


def _with_database(run: Callable[[Settings], Awaitable[None]], *, migrates: bool = True) -> None:
    """Connect to the migrated database and call `run`. Exits with the remedy after an expected error."""
    settings = load()

    async def connect() -> None:
        async with connected(settings, migrates=migrates):
            await run(settings)

    with remedies():
        try:
            uvloop.run(connect())
        except (ValueError, retention_commands.Busy, client_manifests.ManifestRefused) as error:
            raise click.ClickException(str(error)) from None


@main.command()
@click.option("--token", type=click.File(), help="A file with a token to check; - reads standard input.")
def doctor(token: TextIO | None) -> None:
    """Check all dependencies of the service and name remedies. Changes nothing.

    Each line begins with ok, ? (a warning, or a check that could not run) or PROBLEM. The exit code is 1 if
    there is a problem.
    """
    load_dotenv(Path(".env"), interpolate=False)
    logs.configure(json=False, level="error")
    for entry in no_proxy.clean():
        ignored = f"the entry {entry} is ignored. {no_proxy.REMEDY}"
        click.echo(examination.Line(examination.Mark.WARNING, "NO_PROXY", ignored))
    text = token.read().strip().removeprefix("Bearer ") if token is not None else None
    sys.exit(uvloop.run(examination.run(os.environ, click.echo, text)))


@main.command()
@click.option("--check", is_flag=True, help="Fail when schema.graphql differs from the code.")
def schema(*, check: bool) -> None:
    """Write schema.graphql from the code."""
    text = print_schema(graphql_schema) + "\n"
    if not check:
        SCHEMA_FILE.write_text(text, encoding="utf-8")
    elif SCHEMA_FILE.read_text(encoding="utf-8") != text:
        raise click.ClickException("schema.graphql is stale; run: make schema")


@main.command()
def subgraph() -> None:
    """Print the schema as a subgraph of Apollo Federation, for the composition of a supergraph.

    Needs no settings. If CONNECTQL_FEDERATION_PREFIX is set, the prefix is added to the types and root fields
    in CONNECTQL_FEDERATION_PREFIXED, or to those in its default list.
    """
    load_dotenv(Path(".env"), interpolate=False)
    with remedies():
        names = settings_module.read_subgraph(os.environ)
    click.echo(print_subgraph(build(names)), nl=False)


@main.command()
@click.argument("name", default="")
@click.option("--check", is_flag=True, help="Fail when a migration is missing.")
def makemigrations(name: str, *, check: bool) -> None:
    """Write a migration for changes of the models."""

    async def run() -> None:
        config = database.config("sqlite:///unused")
        async with TortoiseContext() as context:
            await context.init(config=config)
            if context.apps is None:
                raise click.ClickException("the models cannot be loaded")
            for writer in await MigrationAutodetector(context.apps, config["apps"]).changes():
                if check:
                    raise click.ClickException(f"a migration is missing: {writer.name}; run: make migrations")
                if name:
                    writer.name = format_migration_name(int(writer.name.split("_", 1)[0]), name)
                click.echo(writer.write())

    uvloop.run(run())


if __name__ == "__main__":
    sys.exit(main())
