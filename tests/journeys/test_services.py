"""The platform's service in a real browser: it begins, a renewal fails, and another card pays the renewal."""

from datetime import datetime, timedelta

import pytest
from playwright.async_api import expect

from connect.merchants.rules.wire import wire_time
from connect.stripe_api.gateway import Gateway
from testing.environment import STRIPE_KEY
from testing.processes import Simulator
from testing.subscriptions import create_price
from tests.journeys.shop import DAY, MERCHANT, Shop

START = """
mutation ($input: StartServiceInput!) {
  startService(input: $input) { ... on StartServicePayload { url } }
}
"""
PORTAL = """
mutation ($input: CreateBillingPortalLinkInput!) {
  createBillingPortalLink(input: $input) { ... on CreateBillingPortalLinkPayload { url } }
}
"""
SERVICE = """
subscription {
  merchantChanged(by: {externalId: "shop-1"}) {
    service {
      status access graceUntil summary currentPeriodEndsAt
      dunning { attempts nextAttemptAt invoices { status remaining { decimal } attempts } }
      invoices { status total { decimal } remaining { decimal } attempts createdAt }
    }
  }
}
"""


@pytest.fixture
async def more_settings(simulator: Simulator) -> dict[str, str]:
    """The price of the platform's service: 20.00 USD a month."""
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    price = await create_price(gateway, "basic")
    await gateway.close()
    return {"SERVICE_PRICES": price}


async def ask(shop: Shop, mutation: str, **given: str) -> str:
    """With the merchant's token, request a page of Stripe. Returns the address of the page."""
    new = {"merchant": {"externalId": "shop-1"}, **given}
    (result,) = (await shop.service.graphql(mutation, {"input": new}, **MERCHANT)).values()
    return str(result["url"])


def retries(at: datetime) -> str:
    """The notice of the billing portal about an overdue payment."""
    day = f"{at.day} {at:%b}"
    return f"The last payment failed. The next attempt, on {day}, charges the card above."


async def change_card(shop: Shop, number: str, *, notice: str | None = None) -> None:
    """Change the card in the billing portal on the phone, and go back to the shop."""
    await shop.phone.goto(await ask(shop, PORTAL, returnTo=f"{shop.app.origin}/?paid=portal"))
    await expect(shop.phone.locator("#overdue")).to_have_text([notice] if notice is not None else [])
    for name, value in {"number": number, "expiry": "12/34", "cvc": "123"}.items():
        await shop.phone.fill(f"#{name}", value)
    await shop.submit("#change-card")
    await shop.phone.click("#back")
    await shop.is_back("portal")


@pytest.mark.one_database
async def test_a_renewal_fails_and_another_card_settles_it(shop: Shop) -> None:
    addresses = {"successUrl": f"{shop.app.origin}/?paid=service", "cancelUrl": f"{shop.app.origin}/"}
    await shop.phone.goto(await ask(shop, START, **addresses))
    await shop.follow(SERVICE)
    await expect(shop.phone.locator("#terms")).to_have_text("The price is due every month.")
    await shop.pay_by_card("4242424242424242")
    await shop.is_back("service")
    first = {"status": "PAID", "total": "20.00", "remaining": "0.00"}
    shown = await shop.merchant_shows(
        service={
            "status": "ACTIVE",
            "access": "FULL",
            "summary": "The subscription is active.",
            "graceUntil": None,
            "dunning": None,
            "invoices": [first],
        }
    )
    begun = shown["service"]
    starts = datetime.fromisoformat(begun["invoices"][0]["createdAt"])
    ends = datetime.fromisoformat(begun["currentPeriodEndsAt"])

    await change_card(shop, "4000000000000341")
    # The new invoice stays a draft for an hour.
    shop.pass_time((ends - starts).total_seconds() + 3601)
    charged = ends + timedelta(hours=1)
    overdue = {"status": "OPEN", "remaining": "20.00", "attempts": 1}
    await shop.merchant_shows(
        service={
            "status": "PAST_DUE",
            "access": "GRACE",
            "summary": (
                "The last payment failed. Stripe tries again. Paying the open invoice or changing the card "
                "settles it."
            ),
            "graceUntil": wire_time(charged + timedelta(days=14)),
            "dunning": {
                "attempts": 1,
                "nextAttemptAt": wire_time(charged + timedelta(days=1)),
                "invoices": [overdue],
            },
            "invoices": [overdue, first],
        }
    )
    await change_card(shop, "4242424242424242", notice=retries(charged + timedelta(days=1)))
    # The start page of the local Stripe has buttons that advance the clock.
    await shop.phone.goto(f"{shop.service.simulator.base_url}/")
    await shop.submit(f"#pass-{DAY}")
    await shop.merchant_shows(
        service={
            "status": "ACTIVE",
            "access": "FULL",
            "summary": "The subscription is active.",
            "graceUntil": None,
            "dunning": None,
            "invoices": [{"status": "PAID", "remaining": "0.00", "attempts": 2}, first],
        }
    )
