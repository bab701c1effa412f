"""Merchants who subscribe to the platform's own product at the local Stripe."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from connect.services import services
from connect.services.inputs import NewService
from connect.services.rules.access import GRACE
from connect.services.services import Page
from connect.stripe_api.gateway import Gateway
from models import Merchant, Service
from testing.environment import STRIPE_KEY
from testing.payments import CARD, Shop
from testing.processes import Simulator
from testing.waits import PATIENCE

ORIGIN = "https://app.example"
VISA = "4242424242424242"


async def create_price(gateway: Gateway, key: str, amount: int = 2000) -> str:
    """Create a monthly price in dollars on the platform's account. Returns its id."""
    body = {
        "currency": "usd",
        "unit_amount": amount,
        "recurring": {"interval": "month"},
        "product_data": {"name": "Premium"},
    }
    answer = await gateway.call(
        "prices.create", "post", "/v1/prices", body, account=None, idempotency_key=key
    )
    return str(answer["id"])


def make_price(simulator: Simulator, interval: str = "month") -> str:
    """Create a price in dollars on the platform's account, without a gateway. Returns its id."""
    body = {
        "currency": "usd",
        "unit_amount": "2000",
        "recurring[interval]": interval,
        "product_data[name]": "Premium",
    }
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    answer = simulator.client.post("/v1/prices", data=body, headers=headers)
    return str(answer.raise_for_status().json()["id"])


def submit(url: str, number: str = VISA) -> int:
    """Submit the form of a page of the local Stripe. Returns the status of the answer."""
    return httpx.post(
        url, data={**CARD, "number": number}, trust_env=False, timeout=30 * PATIENCE
    ).status_code


def read(url: str) -> str:
    """Read a page of the local Stripe."""
    return httpx.get(url, trust_env=False, timeout=30 * PATIENCE).text


@dataclass(frozen=True)
class Biller:
    """A merchant that the platform bills."""

    shop: Shop
    price: str

    async def start(self, *, is_merchant: bool = False, grace: timedelta = GRACE, **changed: Any) -> Page:
        """Start the service of the merchant."""
        new = NewService(success_url=f"{ORIGIN}/done", cancel_url=f"{ORIGIN}/plans", **changed)
        return await services.start(
            self.shop.gateway,
            self.shop.merchant,
            new,
            origins={ORIGIN},
            prices=(self.price,),
            is_merchant=is_merchant,
            grace=grace,
        )

    async def order(self, **more: Any) -> None:
        """Create a subscription of the merchant directly at Stripe, as the platform's own code can."""
        items = [{"price": self.price, "quantity": 1}]
        body = {"customer_account": self.shop.account, "items": items, **more}
        await self.shop.gateway.call(
            "subscriptions.create", "post", "/v1/subscriptions", body, account=None, idempotency_key=str(body)
        )

    async def service(self) -> Service:
        """The mirror of the merchant's service."""
        return await Service.get(merchant_id=self.shop.merchant.id)

    async def document(self) -> Any:
        """The service as clients read it."""
        merchant = await Merchant.get(id=self.shop.merchant.id)
        return json.loads(merchant.document)["service"]
