"""Fixtures of the isolation tests: two merchants, and a client that observes the effects of operations."""

import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from connect.stripe_api.gateway import Gateway
from testing.processes import Simulator
from testing.service import STRIPE_KEY, running
from testing.statements import Statements
from testing.subscriptions import create_price
from tests.isolation.answers import Observed
from tests.isolation.connection import connected
from tests.isolation.merchants import create_parties
from tests.isolation.turns import Parties


@pytest.fixture(autouse=True)
def garbage_collected_once() -> Iterator[None]:
    """Collect garbage only after each test. Garbage collections during a test would take a fifth of its CPU
    time, because they examine each new part of a document.
    """
    gc.disable()
    yield
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
async def parties(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Parties]:
    """Return two onboarded merchants and a service without a worker, so that only the test changes data."""
    async with running(database_url, simulator, tmp_path) as service:
        both = await create_parties(service)
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    price = await create_price(gateway, "price")
    await gateway.close()
    # The number of Stripe calls of a merchant is not limited, because only two merchants send all operations.
    # The cost is almost unlimited, because a document selects everything.
    settings = {
        "WORKER": "off",
        "STRIPE_CALLS_PER_MINUTE_OF_MERCHANT": "0",
        "MAX_COST": "10000000",
        "MERCHANTS_MAY_EMBED": "all",
        "SERVICE_PRICES": price,
    }
    async with running(database_url, simulator, tmp_path, **settings) as service:
        yield service, *both


@pytest.fixture
async def observed(parties: Parties, statements: Statements) -> AsyncIterator[Observed]:
    async with connected(parties[0]) as connection:
        yield Observed(parties[0], connection, statements)
