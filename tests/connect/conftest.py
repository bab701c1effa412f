"""The product's own rooms over real parts: a connected database, the real SDK, the simulator."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from connect.merchants.inputs import NewMerchant
from testing.processes import Simulator

if TYPE_CHECKING:
    from connect.gateway import Gateway

SHOP = NewMerchant("shop-1", "Shop Example", "owner@shop.example", "US")


@pytest.fixture
async def gateway(simulator: Simulator) -> "AsyncIterator[Gateway]":
    """Calls that are tried once and soon given up, so that a test sees each outcome."""
    # Tests of pure rules import neither the SDK nor a database.
    from connect.gateway import Gateway
    from testing.environment import STRIPE_KEY

    found = Gateway(STRIPE_KEY, simulator.base_url, timeout=2, retries=0)
    yield found
    await found.close()
