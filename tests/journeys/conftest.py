"""Fixtures for onboarding: the platform's app, the service, the local Stripe and a browser.

App and service share a host, as app.example and api.app.example share a site. Stripe has another host.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from testing import processes
from testing.processes import Simulator
from testing.service import Service, running
from tests.journeys.app import App, serving


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """One local Stripe for these tests. A review ends when a test advances the clock of Stripe by an hour."""
    with processes.simulator(REVIEW_SECONDS="3600", RETRY_SECONDS="0.2,0.5,1") as running:
        yield running


@pytest.fixture
async def app() -> AsyncIterator[App]:
    async with serving() as result:
        yield result


@pytest.fixture
async def service(
    database_url: str, simulator: Simulator, tmp_path: Path, app: App
) -> AsyncIterator[Service]:
    """The service, configured to return browsers to the app."""
    stripe = simulator.base_url.replace("127.0.0.1", "localhost")
    async with running(
        database_url, simulator, tmp_path, RETURN_ORIGINS=app.origin, STRIPE_API_BASE=stripe
    ) as result:
        yield result
