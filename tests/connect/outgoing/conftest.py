"""A shop that can charge, with the real SDK, the local Stripe and both databases."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from testing.processes import Simulator

if TYPE_CHECKING:
    from connect.stripe_api.gateway import Gateway
    from testing.payments import Shop


@pytest.fixture
async def shop(database: str, gateway: "Gateway", simulator: Simulator) -> "AsyncIterator[Shop]":  # noqa: ARG001
    """A merchant whose account can charge. The local Stripe audits its sums at the end of the test."""
    from testing.payments import open_shop

    yield await open_shop(gateway, simulator)
    assert simulator.control("ledger")["faults"] == []
