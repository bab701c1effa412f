"""Opens the database and the client of Stripe with the settings of this process."""

import contextlib
from collections.abc import AsyncIterator

from api.configuration.settings import Settings
from connect.stripe_api import call_counts
from connect.stripe_api.gateway import Gateway
from models import database


async def migrate(settings: Settings) -> None:
    await database.migrate(
        settings.database_url, pooler=settings.database_pooler, profile=settings.database_profile
    )


@contextlib.asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[None]:
    """Connect to the migrated database. If connecting fails, all connections are closed."""
    try:
        await database.connect(
            settings.database_url,
            connections=settings.database_connections,
            pooler=settings.database_pooler,
            profile=settings.database_profile,
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
    """Open a client of Stripe whose calls are counted in the database, which must be open."""
    async with open_gateway(settings) as gateway, call_counts.saving(gateway.counts):
        yield gateway
