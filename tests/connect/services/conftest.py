"""Fixtures: a platform with a price, and a merchant whose account exists at the local Stripe."""

import uuid
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from testing.processes import Simulator

if TYPE_CHECKING:
    from connect.stripe_api.gateway import Gateway
    from testing.subscriptions import Biller


@pytest.fixture
async def biller(database: str, gateway: "Gateway", simulator: Simulator) -> "AsyncIterator[Biller]":  # noqa: ARG001
    """A merchant whose account can charge, and a price of the platform. The ledger is audited at the end."""
    from connect.merchants import accounts
    from testing.payments import open_shop
    from testing.subscriptions import Biller, create_price

    shop = await open_shop(gateway, simulator)
    await accounts.refresh(gateway, shop.merchant, actor="tests")
    yield Biller(shop, await create_price(gateway, str(uuid.uuid4())))
    assert simulator.control("ledger")["faults"] == []


@pytest.fixture
async def new_biller(database: str, gateway: "Gateway", simulator: Simulator) -> "Biller":  # noqa: ARG001
    """A biller of a merchant that cannot charge yet, so that its account can be replaced."""
    from connect.merchants import accounts
    from models import ConnectedAccount
    from testing.payments import Shop
    from testing.subscriptions import Biller, create_price
    from tests.connect.conftest import SHOP

    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    shop = Shop(gateway, simulator, merchant, account.stripe_account_id)
    return Biller(shop, await create_price(gateway, str(uuid.uuid4())))
