"""Fixtures for tests of `connect`: a gateway with the real SDK, connected to the simulator."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from connect.merchants.inputs import NewMerchant
from testing.processes import Simulator

if TYPE_CHECKING:
    from connect.stripe_api.gateway import Gateway

SHOP = NewMerchant("shop-1", "Shop Example", "owner@shop.example", "US")


@pytest.fixture
async def gateway(simulator: Simulator) -> "AsyncIterator[Gateway]":
    """A gateway without retries, so that a test sees the result of each call."""
    # Tests of pure rules import neither the SDK nor a database.
    from connect.stripe_api.gateway import Gateway
    from testing.environment import STRIPE_KEY

    result = Gateway(STRIPE_KEY, simulator.base_url, timeout=30, retries=0)
    yield result
    await result.close()
