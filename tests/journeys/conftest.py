"""Fixtures for onboarding: the platform's app, the service, the local Stripe and a browser.

The app and the service have the same host, so they are on the same site, as app.example and api.app.example
are. Stripe has another host.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from testing import processes
from testing.processes import Simulator
from testing.service import Service, running
from testing.waits import PATIENCE
from tests.journeys.app import App, serving
from tests.journeys.shop import Shop


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
def more_settings() -> dict[str, str]:
    """Additional settings of the service. A test file may override this fixture."""
    return {}


@pytest.fixture
async def service(
    database_url: str, simulator: Simulator, tmp_path: Path, app: App, more_settings: dict[str, str]
) -> AsyncIterator[Service]:
    """The service, configured to return browsers to the app."""
    stripe = simulator.base_url.replace("127.0.0.1", "localhost")
    settings = {"RETURN_ORIGINS": app.origin, "STRIPE_API_BASE": stripe, **more_settings}
    async with running(database_url, simulator, tmp_path, **settings) as result:
        yield result


@pytest.fixture
async def shop(page: Page, app: App, service: Service) -> AsyncIterator[Shop]:
    """A shop whose merchant is not onboarded. After the test, the fixture checks that the local Stripe's
    ledger has no faults.
    """
    created = await service.create("shop-1", capabilities=["card_payments", "ach_debit_payments"])
    browser = page.context.browser
    assert browser is not None
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, java_script_enabled=False
    )
    context.set_default_timeout(30_000 * PATIENCE)
    phone = await context.new_page()
    yield Shop(service, app, page, phone, created["merchant"]["account"]["stripeAccountId"])
    assert service.simulator.control("ledger")["faults"] == []
