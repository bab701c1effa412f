"""Payments in a real browser: a customer pays on a phone, and the shop's page follows each payment live."""

import pytest
from playwright.async_api import expect

from api.graphiql.examples import examples
from tests.journeys.shop import DAY, MERCHANT, REFRESH, Shop, payment

ONBOARD = """
mutation ($to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: "shop-1"}, returnTo: $to}) {
    ... on CreateOnboardingLinkPayload { url }
  }
}
"""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
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
    await shop.follow(payment("order-1"))
    await shop.shows(state="AWAITING_CUSTOMER")
    await expect(phone.locator("#total")).to_have_text("$25.00 USD")
    await shop.pay_by_card("4000000000009995")
    await expect(phone.locator("#declined")).to_have_text("Your card has insufficient funds.")
    await shop.shows(state="ATTEMPT_FAILED")
    await shop.pay_by_card("4242424242424242")
    await shop.is_back("order-1")
    await shop.shows(state="SUCCEEDED")
    shop.pass_time(2)
    paid = await shop.shows(applicationFee="1.25", net="22.72")
    assert paid["amountReceived"] == {"decimal": "25.00"}
    assert paid["method"] == {"type": "card", "brand": "visa", "last4": "4242"}

    await phone.goto(f"{shop.dashboard}/payments/{paid['stripePaymentIntentId']}")
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
    await shop.follow(payment("order-1"))
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
    await shop.follow(payment("debit"))
    await shop.phone.check("#method-us_bank_account")
    await shop.pay(account="000222222227")
    await shop.is_back("debit")
    await shop.shows(state="PROCESSING")

    first = await shop.checkout("late")
    shop.pass_time(4 * DAY + 1)
    await shop.shows(state="FAILED")
    assert (await shop.checkout("debit"))["payment"] == {"state": "FAILED"}

    await shop.follow(payment("late"))
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
