"""payoutChanged, payoutListChanged and merchantChanged follow payouts and balances as they change."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.finances import calls, mirror, payouts
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount
from testing.environment import STRIPE_KEY
from testing.service import Service
from testing.subscribers import Socket, socket
from tests.resolvers.finances.test_manual_payouts import BY, CREATE, funded, order
from tests.resolvers.payments.mutations.test_checkout import run

ONE = "subscription ($by: PayoutRef!) { payoutChanged(by: $by) { status externalId } }"
LIST = """
subscription ($filter: PayoutFilter) {
  payoutListChanged(filter: $filter) { change payout { status } }
}
"""
BALANCE = """
subscription ($by: MerchantRef!) {
  merchantChanged(by: $by) { balance { isNegative amounts { available { minorUnits } } } }
}
"""
PENDING = {"filter": {"status": ["PENDING"]}}


async def next_change(client: Socket) -> tuple[str, str | None]:
    message = (await client.data())["payoutListChanged"]
    return message["change"], message["payout"] and message["payout"]["status"]


async def next_balance(client: Socket) -> dict[str, Any] | None:
    message = (await client.data())["merchantChanged"]
    shown: dict[str, Any] | None = message["balance"]
    return shown and {**shown, "amounts": [one["available"]["minorUnits"] for one in shown["amounts"]]}


@pytest.fixture
async def gateway(idle: Service) -> AsyncIterator[Gateway]:
    gateway = Gateway(STRIPE_KEY, idle.simulator.base_url)
    yield gateway
    await gateway.close()


@pytest.mark.slow
async def test_a_payout_and_the_balance_reach_their_subscribers(idle: Service, gateway: Gateway) -> None:
    account = await funded(idle)
    idle.simulator.control("switches", {"platform_controls_payouts": True})
    owner = await ConnectedAccount.get()
    token = idle.token("merchant", "shop-1")
    async with (
        socket(idle, token=idle.token()) as operator,
        socket(idle, token=token) as own,
        socket(idle, token=token) as followed,
        socket(idle, token=token) as balance,
        socket(idle, token=idle.token("merchant", "shop-2")) as other,
    ):
        for client in (operator, own, other):
            await client.subscribe(LIST, PENDING)
            assert await next_change(client) == ("READ", None)
        await balance.subscribe(BALANCE, {"by": BY})
        await next_balance(balance)
        await mirror.refresh(gateway, owner, "webhook", {mirror.Part.BALANCE})
        assert await next_balance(balance) == {"isNegative": False, "amounts": [941]}

        made = await run(idle, CREATE, order())
        assert made["created"] is True
        for client in (operator, own):
            assert await next_change(client) == ("CHANGED", "PENDING")
        since = datetime.now(UTC) - timedelta(days=2)
        (listed,) = [one async for page in calls.recent_payouts(gateway, account, since) for one in page]
        by = {"by": {"stripePayoutId": listed["id"]}}
        await followed.subscribe(ONE, by)
        assert await followed.data() == {"payoutChanged": {"status": "PENDING", "externalId": "p-1"}}
        idle.simulator.control("clock", {"advance_seconds": 120})
        await payouts.refresh(gateway, owner, listed["id"], "webhook")
        for client in (operator, own):
            assert await next_change(client) == ("LEFT", "IN_TRANSIT")
        assert await followed.data() == {"payoutChanged": {"status": "IN_TRANSIT", "externalId": "p-1"}}
        await mirror.refresh(gateway, owner, "webhook", {mirror.Part.BALANCE})
        while (shown := await next_balance(balance)) == {"isNegative": False, "amounts": [941]}:
            pass  # messages about the merchant's timeline come first
        assert shown == {"isNegative": False, "amounts": [641]}

        await other.subscribe(ONE, by, id="2")
        (error,) = (await other.receive())["payload"]["errors"]
        assert (error["message"], error["extensions"]["code"]) == ("There is no such payout.", "NOT_FOUND")
