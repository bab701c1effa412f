"""Fixtures: a merchant who can charge, and a browser in the merchant's Dashboard."""

from collections.abc import AsyncIterator

import httpx
import pytest

from testing.processes import Simulator
from tests.simulator.money.conftest import Shop
from tests.simulator.money.conftest import shop as shop


@pytest.fixture
async def browser(sim: Simulator, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """Return an HTTP client for the merchant's Dashboard, which does not follow redirects."""
    url = f"{sim.base_url}/dashboard/{shop.account}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as client:
        yield client
