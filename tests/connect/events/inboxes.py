"""Events in the inbox, and workers that handle them."""

import json
from typing import Any

from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.merchants import accounts
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, StripeEvent
from tests.connect.conftest import SHOP

POLICY = inbox.Policy(debounce=0, lease=30, first_pause=60, max_attempts=3)


async def opened(gateway: Gateway) -> str:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    return (await ConnectedAccount.get(merchant_id=merchant.id)).stripe_account_id


async def record(*notifications: dict[str, Any]) -> list[bool]:
    return [
        bool(await inbox.record([inbox.arrival(n, json.dumps(n).encode(), HANDLERS, livemode=False)], POLICY))
        for n in notifications
    ]


async def work(gateway: Gateway, worker: str = "worker") -> int:
    return await inbox.work(gateway, worker, POLICY, HANDLERS)


async def states() -> dict[str, tuple[str, int]]:
    return {row.stripe_event_id: (row.state, row.attempts) for row in await StripeEvent.all()}
