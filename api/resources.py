"""Opens the database, the Stripe client and the telemetry with the settings of this process."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from api.configuration.settings import Settings
from api.configuration.variables import SettingsError
from api.telemetry import telemetry
from api.telemetry.telemetry import Telemetry
from connect.platform import pacing
from connect.platform.feed import Feed
from connect.stripe_api import call_counts
from connect.stripe_api.gateway import Gateway
from models import database

if TYPE_CHECKING:
    from api.graphql.endpoint import Endpoint


async def migrate(settings: Settings) -> None:
    await database.migrate(
        settings.database_url, pooler=settings.database_pooler, profile=settings.database_profile
    )


@contextlib.asynccontextmanager
async def open_database(
    settings: Settings, on_query: Callable[[Any], None] | None = None
) -> AsyncIterator[None]:
    """Connect to the database. At the end, or if connecting fails, all connections are closed."""
    try:
        await database.connect(
            settings.database_url,
            connections=settings.database_connections,
            pooler=settings.database_pooler,
            profile=settings.database_profile,
            on_query=on_query,
        )
        yield
    finally:
        # An open SQLite connection has a thread that would keep the process alive.
        await database.close()


@contextlib.asynccontextmanager
async def open_gateway(settings: Settings) -> AsyncIterator[Gateway]:
    gateway = Gateway(
        settings.stripe_api_key,
        settings.stripe_api_base,
        settings.ca_file,
        context=settings.stripe_context,
        timeout=settings.stripe_timeout_seconds,
    )
    try:
        yield gateway
    finally:
        await gateway.close()


@contextlib.asynccontextmanager
async def open_counted_gateway(settings: Settings) -> AsyncIterator[Gateway]:
    """Open a Stripe client whose calls are counted in the database. The database must be open."""
    async with open_gateway(settings) as gateway, call_counts.saving(gateway.counts):
        yield gateway


def worker_pace(settings: Settings) -> pacing.Wait:
    """The pacing of calls to Stripe by workers and commands."""
    return pacing.for_workers(
        settings.stripe_calls_per_second,
        settings.database_silence_seconds,
        of_operation=settings.stripe_calls_per_second_of_operation,
    )


def start_telemetry(settings: Settings) -> Telemetry:
    """Return the metrics and traces of this process. The caller must close the result."""
    chosen = settings.telemetry
    return telemetry.start(metrics=chosen.metrics_port is not None, exporter=chosen.exporter)


@contextlib.asynccontextmanager
async def serve_metrics(
    settings: Settings,
    telemetry: Telemetry,
    gateway: Gateway,
    feed: Feed,
    endpoint: "Endpoint | None" = None,
) -> AsyncIterator[None]:
    """Serve /metrics on its own port, if the port is set. In a separate worker, `endpoint` is None.

    Raises SettingsError if the port cannot be used.
    """
    metrics, host, port = telemetry.metrics, settings.telemetry.metrics_host, settings.telemetry.metrics_port
    if metrics is None or port is None:
        yield
        return
    from api.telemetry import exposition, samples  # noqa: PLC0415 - not loaded if metrics are off

    platform = samples.Platform(settings.stripe_calls_per_second)
    metrics.add(platform.samples)
    metrics.add(lambda: samples.of_process(feed, gateway.counts))
    if endpoint is not None:
        metrics.add(lambda: samples.of_endpoint(endpoint))
    async with contextlib.AsyncExitStack() as closing:
        try:
            await closing.enter_async_context(
                exposition.serving(host, port, metrics.registry, platform.refresh)
            )
        except OSError as error:
            raise _unusable_port(error) from None
        yield


def check_metrics_port(settings: Settings) -> None:
    """Raise SettingsError if the port of /metrics cannot be used.

    Call it before the server starts, because the server would log an error of `serve_metrics` with a stack
    trace.
    """
    host, port = settings.telemetry.metrics_host, settings.telemetry.metrics_port
    if port is None:
        return
    from api.telemetry import exposition  # noqa: PLC0415 - not loaded if metrics are off

    try:
        exposition.bind(host, port).close()
    except OSError as error:
        raise _unusable_port(error) from None


def _unusable_port(error: OSError) -> SettingsError:
    problem = f"CONNECTQL_METRICS_PORT cannot be used: {error.strerror}."
    return SettingsError([f"{problem} Each process on a machine needs its own port."])
