"""Payments in a real browser: a customer pays on a phone, and the shop's page follows each payment live.

The phone runs no JavaScript, so these journeys also show that Stripe's pages here do not need it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, expect

from api.graphiql.examples import examples
from testing.service import Service
from tests.journeys.app import App

DAY = 86400
MERCHANT: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
ONBOARD = """
mutation ($to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: "shop-1"}, returnTo: $to}) {
    ... on CreateOnboardingLinkPayload { url }
  }
}
"""
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
WATCH = """
subscription ($order: String!) {
  paymentChanged(by: {order: {merchant: {externalId: "shop-1"}, externalId: $order}}) {
    state refundState
    amountReceived { decimal } amountRefunded { decimal } applicationFee { decimal } net { decimal }
    method { type brand last4 }
    stripePaymentIntentId
  }
}
"""
SUBSCRIBE = """
({ endpoint, token, query, order }) => {
  window.seen = [];
  window.stop?.();
  const client = graphqlWs.createClient({
    url: endpoint.replace(/^http/, "ws"),
    connectionParams: { Authorization: `Bearer ${token}` },
  });
  window.stop = client.subscribe({ query, variables: { order } }, {
    next: ({ data }) => seen.push(data.paymentChanged),
    error: console.error,
    complete() {},
  });
}
"""
# The newest message has these values. Amounts are compared by their decimals.
SHOWS = """
(expected) => {
  const payment = seen.at(-1) ?? {};
  const value = (name) => payment[name]?.decimal ?? payment[name];
  return Object.entries(expected).every(([name, text]) => value(name) === text);
}
"""


@dataclass
class Shop:
    """The shop: its page, which follows one payment, and the phone of a customer or of the merchant."""

    service: Service
    app: App
    page: Page
    phone: Page
    account: str

    async def activate(self) -> None:
        self.service.simulator.control(f"accounts/{self.account}", {"scenario": "activate"})
        await self.service.graphql(REFRESH)

    async def checkout(self, order: str) -> dict[str, Any]:
        """Ask for the page of an order of 25.00 USD with a fee of 1.25 USD, as the shop's server does."""
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

    async def follow(self, order: str) -> None:
        """Follow the payment on the shop's page, with the merchant's token."""
        await self.page.goto(self.app.origin)
        settings = {
            "endpoint": f"{self.service.url}/graphql",
            "token": self.service.token(**MERCHANT),
            "query": WATCH,
            "order": order,
        }
        await self.page.evaluate(SUBSCRIBE, settings)

    async def shows(self, **expected: str) -> None:
        """Wait until the shop's page shows these values of the payment. It sends no request."""
        await self.page.wait_for_function(SHOWS, arg=expected)

    async def last(self) -> dict[str, Any]:
        result: dict[str, Any] = await self.page.evaluate("seen.at(-1)")
        return result

    async def pay(self, **fields: str) -> None:
        """Fill in the page on the phone and submit it."""
        for name, value in {"email": "jo@example.com", "name": "Jo", **fields}.items():
            await self.phone.fill(f"#{name}", value)
        assert await self.phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await self.phone.click("#submit")

    async def pay_by_card(self, number: str) -> None:
        await self.pay(number=number, expiry="12/34", cvc="123")

    async def is_back(self, order: str) -> None:
        await self.phone.wait_for_url(f"{self.app.origin}/?paid={order}")

    def pass_time(self, seconds: float) -> None:
        self.service.simulator.control("clock", {"advance_seconds": seconds})


@pytest.fixture
async def shop(page: Page, app: App, service: Service) -> AsyncIterator[Shop]:
    """A merchant that is not onboarded. The local Stripe audits its sums at the end of the test."""
    created = await service.create("shop-1", capabilities=["card_payments", "ach_debit_payments"])
    browser = page.context.browser
    assert browser is not None
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, java_script_enabled=False
    )
    phone = await context.new_page()
    yield Shop(service, app, page, phone, created["merchant"]["account"]["stripeAccountId"])
    assert service.simulator.control("ledger")["faults"] == []


async def test_a_merchant_onboards_is_paid_after_a_decline_and_refunds_in_parts(
    shop: Shop, external_requests: list[str]
) -> None:
    phone = shop.phone
    link = await shop.service.graphql(ONBOARD, {"to": shop.app.return_to}, **MERCHANT)
    await phone.goto(link["createOnboardingLink"]["url"])
    for step in ("business", "person", "bank", "terms"):
        await expect(phone.locator("form")).to_have_attribute("id", step)
        if step == "terms":
            await phone.check("#accept")
        await phone.click("#submit")
    await phone.wait_for_url(f"{shop.app.origin}/connect?*onboarding=returned*")
    shop.pass_time(3600)
    await shop.service.graphql(REFRESH)

    await phone.goto((await shop.checkout("order-1"))["url"])
    await shop.follow("order-1")
    await shop.shows(state="AWAITING_CUSTOMER")
    await expect(phone.locator("#total")).to_have_text("$25.00 USD")
    await shop.pay_by_card("4000000000009995")
    await expect(phone.locator("#declined")).to_have_text("Your card has insufficient funds.")
    await shop.shows(state="ATTEMPT_FAILED")
    await shop.pay_by_card("4242424242424242")
    await shop.is_back("order-1")
    await shop.shows(state="SUCCEEDED")
    shop.pass_time(2)
    await shop.shows(applicationFee="1.25", net="22.72")
    paid = await shop.last()
    assert paid["amountReceived"] == {"decimal": "25.00"}
    assert paid["method"] == {"type": "card", "brand": "visa", "last4": "4242"}

    dashboard = f"{shop.service.simulator.base_url}/dashboard/{shop.account}"
    await phone.goto(f"{dashboard}/payments/{paid['stripePaymentIntentId']}")
    await phone.fill("#amount", "5.00")
    await phone.click("#refund")
    await shop.shows(refundState="PARTIAL", amountRefunded="5.00", state="SUCCEEDED")
    by_platform = await shop.service.graphql(dict(examples(shop.app.origin))["Refund"])
    assert by_platform["refundPayment"]["payment"] == {
        "refundState": "PARTIAL",
        "amountRefunded": {"decimal": "15.00", "currency": "USD"},
    }
    await shop.shows(refundState="PARTIAL", amountRefunded="15.00", state="SUCCEEDED")
    await phone.reload()
    await expect(phone.locator("#status")).to_have_text("partially refunded")
    await expect(phone.locator("#amount")).to_have_value("10.00")
    await phone.click("#refund")
    await shop.shows(refundState="FULL", amountRefunded="25.00", state="SUCCEEDED")
    await expect(phone.locator("#refund")).to_have_count(0)
    assert (await shop.checkout("order-1"))["payment"] == {"state": "SUCCEEDED"}
    assert external_requests == []


@pytest.mark.one_database
async def test_a_customer_confirms_a_payment_with_the_bank_at_the_second_attempt(shop: Shop) -> None:
    await shop.activate()
    await shop.phone.goto((await shop.checkout("order-1"))["url"])
    await shop.follow("order-1")
    await shop.pay_by_card("4000000000003220")
    await expect(shop.phone.locator("h1")).to_have_text("Confirm your payment of $25.00 USD")
    await shop.shows(state="REQUIRES_ACTION")
    await shop.phone.click("#fail")
    await expect(shop.phone.locator("#declined")).to_contain_text("unable to authenticate")
    await shop.shows(state="ATTEMPT_FAILED")
    await shop.pay_by_card("4000000000003220")
    await shop.shows(state="REQUIRES_ACTION")
    await shop.phone.click("#complete")
    await shop.is_back("order-1")
    await shop.shows(state="SUCCEEDED", amountReceived="25.00")


@pytest.mark.one_database
async def test_a_debit_fails_days_later_and_an_expired_page_is_replaced(shop: Shop) -> None:
    await shop.activate()
    shop.service.simulator.control("money", {"debit_seconds": 4 * DAY})
    await shop.phone.goto((await shop.checkout("debit"))["url"])
    await shop.follow("debit")
    await shop.phone.check("#method-us_bank_account")
    await shop.pay(account="000222222227")
    await shop.is_back("debit")
    await shop.shows(state="PROCESSING")

    first = await shop.checkout("late")
    shop.pass_time(4 * DAY + 1)
    await shop.shows(state="FAILED")
    assert (await shop.checkout("debit"))["payment"] == {"state": "FAILED"}

    await shop.follow("late")
    await shop.shows(state="EXPIRED")
    await shop.phone.goto(first["url"])
    await expect(shop.phone.locator("main")).to_contain_text("This page has expired")
    again = await shop.checkout("late")
    assert (again["created"], again["payment"]["id"]) == (False, first["payment"]["id"])
    assert again["url"] != first["url"]
    await shop.shows(state="AWAITING_CUSTOMER")
    await shop.phone.goto(again["url"])
    await shop.pay_by_card("4242424242424242")
    await shop.is_back("late")
    await shop.shows(state="SUCCEEDED", amountReceived="25.00")
