"""A shop of the platform: a page that shows live data, and the phone of a customer or of the merchant.

The phone runs no JavaScript, so the journeys also show that the local Stripe's pages do not need it.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page
from playwright.async_api import TimeoutError as NotInTime

from testing.service import Service
from testing.waits import PATIENCE
from tests.journeys.app import App

DAY = 86400
MERCHANT: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
REFRESH = 'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
CHECKOUT = """
mutation ($input: CreateCheckoutInput!) {
  createCheckout(input: $input) {
    __typename
    ... on CreateCheckoutPayload { created url payment { id state stripePaymentIntentId } }
    ... on PaymentNotPayableError { message payment { state } }
  }
}
"""
PAYMENT = """
subscription {
  paymentChanged(by: {order: {merchant: {externalId: "shop-1"}, externalId: "ORDER"}}) {
    state refundState disputeState summary
    amountReceived { decimal } amountRefunded { decimal } applicationFee { decimal } net { decimal }
    method { type brand last4 }
    stripePaymentIntentId
    disputes {
      status kind explanation needsResponse dueBy
      amount { decimal } withdrawn { decimal } fee { decimal }
      nextAction { kind label deadline }
      evidence { state submissionCount }
    }
  }
}
"""
SUBSCRIBE = """
({ endpoint, token, queries }) => {
  window.seen = {};
  window.client?.dispose();
  window.client = graphqlWs.createClient({
    url: endpoint.replace(/^http/, "ws"),
    connectionParams: { Authorization: `Bearer ${token}` },
  });
  for (const query of queries) {
    client.subscribe({ query }, {
      next: ({ data }) => Object.assign(seen, data),
      error: console.error,
      complete() {},
    });
  }
}
"""
# Whether the newest message of a subscription has these values. An amount is compared by its `decimal`.
SHOWS = """
({ name, expected }) => {
  const has = (value, part) => {
    if (part === null || typeof part !== "object") return (value?.decimal ?? value) === part;
    if (Array.isArray(part) && part.length !== value?.length) return false;
    return value != null && Object.entries(part).every(([key, one]) => has(value[key], one));
  };
  return has(seen[name], expected);
}
"""
SECONDS_TO_SHOW = 20 * PATIENCE


def payment(order: str) -> str:
    """The subscription to the payment of an order."""
    return PAYMENT.replace("ORDER", order)


@dataclass
class Shop:
    """The shop's page, and the phone that a customer or the merchant uses."""

    service: Service
    app: App
    page: Page
    phone: Page
    account: str

    @property
    def dashboard(self) -> str:
        """The address of the merchant's Dashboard at the local Stripe."""
        return f"{self.service.simulator.base_url}/dashboard/{self.account}"

    async def activate(self) -> None:
        self.service.simulator.control(f"accounts/{self.account}", {"scenario": "activate"})
        await self.service.graphql(REFRESH)

    async def checkout(self, order: str) -> dict[str, Any]:
        """Request the page for an order of 25.00 USD with a fee of 1.25 USD, as the shop's server does."""
        new = {
            "merchant": {"externalId": "shop-1"},
            "externalId": order,
            "lines": [
                {"name": "Hat", "quantity": 2, "unitAmount": {"minorUnits": 1250, "currency": "USD"}},
            ],
            "successUrl": f"{self.app.origin}/?paid={order}",
            "cancelUrl": f"{self.app.origin}/?cart={order}",
            "fee": {"minorUnits": 125, "currency": "USD"},
        }
        answer = await self.service.graphql(CHECKOUT, {"input": new}, role="service")
        result: dict[str, Any] = answer["createCheckout"]
        return result

    async def follow(self, *queries: str) -> None:
        """Subscribe on the shop's page, with the merchant's token."""
        await self.page.goto(self.app.origin)
        settings = {
            "endpoint": f"{self.service.url}/graphql",
            "token": self.service.token(**MERCHANT),
            "queries": queries,
        }
        await self.page.evaluate(SUBSCRIBE, settings)

    async def shows(self, **expected: Any) -> Any:
        """Wait until the page shows these values of its payment, and return all values.

        The page gets them through its subscription, and sends no request.
        """
        return await self._shows("paymentChanged", expected)

    async def merchant_shows(self, **expected: Any) -> Any:
        """Wait until the page shows these values of the merchant, and return all values."""
        return await self._shows("merchantChanged", expected)

    async def _shows(self, name: str, expected: dict[str, Any]) -> Any:
        try:
            await self.page.wait_for_function(
                SHOWS,
                arg={"name": name, "expected": expected},
                polling=100,  # milliseconds; by default, the page is checked at each frame
                timeout=SECONDS_TO_SHOW * 1000,
            )
        except NotInTime:
            shown = await self.page.evaluate("name => seen[name]", name)
            pytest.fail(f"The page shows {shown}, and not {expected}")
        return await self.page.evaluate("name => seen[name]", name)

    async def submit(self, button: str = "#submit") -> None:
        """Press a button on the phone. Fails if the page is wider than the screen."""
        # Take the document from the button, because a page that is still loading may have no document yet.
        fits = "button => button.ownerDocument.documentElement.scrollWidth <= innerWidth"
        assert await self.phone.locator(button).evaluate(fits)
        await self.phone.click(button)

    async def pay(self, **fields: str) -> None:
        """Fill in the page on the phone and submit it."""
        for name, value in {"email": "jo@example.com", "name": "Jo", **fields}.items():
            await self.phone.fill(f"#{name}", value)
        await self.submit()

    async def pay_by_card(self, number: str) -> None:
        await self.pay(number=number, expiry="12/34", cvc="123")

    async def is_back(self, order: str) -> None:
        await self.phone.wait_for_url(f"{self.app.origin}/?paid={order}")

    def pass_time(self, seconds: float) -> None:
        self.service.simulator.control("clock", {"advance_seconds": seconds})
