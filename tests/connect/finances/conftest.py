"""A shop that can charge, with the real SDK, the local Stripe and both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from testing.processes import Simulator

if TYPE_CHECKING:
    from connect.stripe_api.gateway import Gateway
    from testing.payments import Shop


@pytest.fixture
async def shop(database: str, gateway: "Gateway", simulator: Simulator) -> "AsyncIterator[Shop]":  # noqa: ARG001
    """A merchant whose account can charge and be paid out. The ledger is audited at the end."""
    from connect.merchants.mirror import mirror
    from models import ConnectedAccount
    from testing.payments import open_shop

    # The local Stripe makes payouts at 01:00 UTC. Move its clock past that time, so that no payout empties
    # the balance of a test.
    if datetime.now(UTC).hour == 0:
        simulator.control("clock", {"advance_seconds": 3600})
    shop = await open_shop(gateway, simulator)
    await mirror.refresh(gateway, await ConnectedAccount.get(), "webhook")
    yield shop
    assert simulator.control("ledger")["faults"] == []
