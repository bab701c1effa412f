"""Fixtures: a platform that bills its merchant."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop
from tests.simulator.money.conftest import shop as shop

DAY = 86400
CARD = {"expiry": "12 / 34", "cvc": "123", "email": "owner@shop.example"}
PATTERN = re.compile(r"v1\.(checkout\.session|customer\.subscription|invoice)")
CUSTOMER: Any = {"configuration": {"customer": {}}}


@dataclass
class Billing:
    """The platform, whose customer is the shop's account."""

    shop: Shop
    price: str
    seen: set[str] = field(default_factory=set)

    async def session(self, **more: Any) -> dict[str, Any]:
        """Create a Checkout Session for a subscription."""
        order: Any = {
            "mode": "subscription",
            "customer_account": self.shop.account,
            "line_items": [{"price": self.price, "quantity": 2}],
            "success_url": "https://platform.example/done?id={CHECKOUT_SESSION_ID}",
            **more,
        }
        return plain(await self.shop.v1.checkout.sessions.create_async(order))

    async def add_price(self, amount: int, interval: str = "month") -> str:
        """Create another recurring price of the platform. Returns its id."""
        order: Any = {
            "currency": "usd",
            "unit_amount": amount,
            "recurring": {"interval": interval},
            "product_data": {"name": "Other"},
        }
        return str(plain(await self.shop.v1.prices.create_async(order))["id"])

    async def order(self, **more: Any) -> dict[str, Any]:
        """Create a subscription by an API call. Returns it with its latest invoice."""
        order: Any = {
            "customer_account": self.shop.account,
            "items": [{"price": self.price, "quantity": 2}],
            **more,
        }
        made = plain(await self.shop.v1.subscriptions.create_async(order))
        return await self.subscription(made["id"])

    async def submit(self, url: str, **fields: str) -> httpx.Response:
        """Submit a form of the local Stripe's pages."""
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            return await client.post(url, data={**CARD, **fields})

    async def subscribe(self, number: str = "4242424242424242", **more: Any) -> dict[str, Any]:
        """Complete a new session with a card. Returns the subscription."""
        made = await self.session(**more)
        answer = await self.submit(made["url"], number=number)
        assert answer.headers["location"] == f"https://platform.example/done?id={made['id']}"
        session = plain(await self.shop.v1.checkout.sessions.retrieve_async(made["id"]))
        return await self.subscription(session["subscription"])

    async def subscription(self, identifier: str) -> dict[str, Any]:
        """Return a subscription with its latest invoice."""
        query: Any = {"expand": ["latest_invoice", "default_payment_method"]}
        return plain(await self.shop.v1.subscriptions.retrieve_async(identifier, query))

    async def events(self) -> list[str]:
        """Return the platform's new events about billing, oldest first."""
        page: Any = await self.shop.client.v2.core.events.list_async({"limit": 100})
        found = [one async for one in page.auto_paging_iter() if not one.context and PATTERN.match(one.type)]
        new = [one.type.removeprefix("v1.") for one in found[::-1] if one.id not in self.seen]
        self.seen |= {one.id for one in found}
        return new

    async def renew(self, made: dict[str, Any]) -> None:
        """Advance the clock until the invoice of the next period is finalized."""
        end = (await self.subscription(made["id"]))["items"]["data"][0]["current_period_end"]
        self.shop.pass_time(end - self.shop.now() + 3610)


@pytest.fixture
async def billing(shop: Shop) -> Billing:
    """A price of 20 dollars a month, and a merchant that is a customer."""
    await shop.client.v2.core.accounts.update_async(shop.account, CUSTOMER)
    order: Any = {
        "currency": "usd",
        "unit_amount": 2000,
        "recurring": {"interval": "month"},
        "product_data": {"name": "Premium"},
        "nickname": "Premium",
    }
    price = plain(await shop.v1.prices.create_async(order))
    return Billing(shop, price["id"])
