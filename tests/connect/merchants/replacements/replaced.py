"""Merchants whose accounts can be replaced, and their accounts."""

import dataclasses
from typing import Any

from connect.merchants import accounts
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, TimelineEntry
from testing.processes import Simulator
from tests.connect.conftest import SHOP

GERMAN = dataclasses.replace(SHOP, country="DE", display_name="Laden")


async def created(gateway: Gateway) -> tuple[Merchant, str]:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    return merchant, await present(merchant)


async def present(merchant: Merchant) -> str:
    return (await ConnectedAccount.get(merchant_id=merchant.id)).stripe_account_id


async def closed(gateway: Gateway) -> tuple[Merchant, str]:
    merchant, account = await created(gateway)
    return await accounts.close(gateway, merchant, actor="tests"), account


def at_stripe(simulator: Simulator) -> dict[str, dict[str, Any]]:
    return {account["id"]: account for account in simulator.control("accounts")["data"]}


async def messages(kind: str = "CREATED") -> list[tuple[str, str | None]]:
    rows = await TimelineEntry.filter(kind=kind).order_by("id")
    return [(row.message, row.actor) for row in rows]
