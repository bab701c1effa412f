"""A mobile app in a phone's browser: through Stripe's form and Dashboard, and back to the app."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from testing.processes import Simulator
from testing.service import Service, eventually, running

pytestmark = pytest.mark.one_database

APP = "com.example.app:///connect?tab=payments"
ONBOARD = """
mutation ($to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: "shop-1"}, returnTo: $to}) {
    ... on CreateOnboardingLinkPayload { url }
  }
}
"""
OPEN_DASHBOARD = """
mutation ($to: URL!) {
  createDashboardLink(input: {merchant: {externalId: "shop-1"}, returnTo: $to}) {
    ... on CreateDashboardLinkPayload { url }
  }
}
"""
ADDRESSES = "nextAction { url } dashboard { url tasks { url } } account { platformDashboardUrl }"
MERCHANT: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}


@pytest.fixture
async def service(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    """The service for an app that has its own URL scheme. Dashboard addresses lead to the local Stripe."""
    changed = {
        "RETURN_SCHEMES": "com.example.app",
        "STRIPE_DASHBOARD_BASE": f"{simulator.base_url}/dashboard",
    }
    async with running(database_url, simulator, tmp_path, **changed) as result:
        yield result


@pytest.fixture
async def phone(page: Page) -> Page:
    await page.set_viewport_size({"width": 390, "height": 844})
    return page


async def record_navigations(page: Page) -> list[str]:
    """Return a list that records each address of an app that the page tries to open."""
    opened: list[str] = []
    session = await page.context.new_cdp_session(page)
    await session.send("Page.enable")

    def record(event: dict[str, Any]) -> None:
        if event["url"].startswith("com.example.app:"):
            opened.append(event["url"])

    session.on("Page.frameRequestedNavigation", record)
    return opened


async def link(service: Service, mutation: str) -> str:
    """Request a link as a native app does: the cookie stays in the app's HTTP client."""
    (result,) = (await service.graphql(mutation, {"to": APP}, **MERCHANT)).values()
    url: str = result["url"]
    return url


async def expect_way_back(page: Page, opened: list[str], address: str) -> None:
    """Expect a page that tries to open this address of the app, and whose button opens it again."""
    button = page.get_by_role("link", name="Open the app")
    await expect(button).to_have_attribute("href", address)
    await expect(button).to_be_in_viewport()
    await expect(button).to_have_css("color", "rgb(255, 255, 255)")  # the policy permits the style
    await _until(opened, [address])
    # Chromium now asks whether to open the app, and its prompt blocks input to the page.
    await button.evaluate("element => element.click()")
    await _until(opened, [address, address])
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.clear()


async def _until(opened: list[str], expected: list[str]) -> None:
    async def has_opened() -> bool:
        return opened == expected

    await eventually(has_opened)


async def test_a_merchant_of_a_mobile_app_finishes_the_form_and_returns_to_the_app(
    phone: Page, service: Service, external_requests: list[str]
) -> None:
    await service.create()
    complaints: list[str] = []
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    phone.on("console", lambda message: complaints.append(message.text))
    opened = await record_navigations(phone)
    url = await link(service, ONBOARD)
    await phone.goto(url)
    for step in ("business", "person", "bank", "terms"):
        await expect(phone.locator("form")).to_have_attribute("id", step)
        if step == "terms":
            await phone.check("#accept")
        await phone.click("#submit")
    await expect_way_back(phone, opened, f"{APP}&onboarding=returned")
    # The used link leads back to the app, too.
    await phone.goto(url)
    await expect_way_back(phone, opened, f"{APP}&onboarding=expired")
    # Chromium opens an app automatically only after a user gesture, so the page needs its button.
    assert [line for line in complaints if "com.example.app:" not in line] == []
    assert [url for url in external_requests if not url.startswith("com.example.app:")] == []


async def test_the_dashboards_addresses_open_on_a_phone_without_a_link(phone: Page, service: Service) -> None:
    created = await service.create()
    account = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    refresh = 'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
    await service.graphql(refresh)
    merchant = await service.merchant("shop-1", ADDRESSES)
    pages = {
        merchant["nextAction"]["url"]: "h1",
        merchant["dashboard"]["url"]: "h1",
        **{
            task["url"]: section
            for task, section in zip(
                merchant["dashboard"]["tasks"],
                ("#requirements", "#balance", "#disputes", "#payouts"),
                strict=True,
            )
        },
        merchant["account"]["platformDashboardUrl"]: "#platform",
    }
    assert len(pages) == 6  # the next action has the same address as the home page
    for url, part in pages.items():
        assert url.startswith(f"{service.simulator.base_url}/dashboard/")
        await phone.goto(url)
        await expect(phone.locator("h1")).to_have_text("Shop shop-1")
        await expect(phone.locator(part)).to_be_in_viewport()
        assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    # With its own token, the merchant reads all addresses except that of the platform's Dashboard.
    mine = await service.graphql(f"{{ viewer {{ merchant {{ {ADDRESSES} }} }} }}", **MERCHANT)
    hidden = {**merchant, "account": {"platformDashboardUrl": None}}
    assert mine["viewer"]["merchant"] == hidden


async def test_a_link_into_the_dashboard_works_once_and_then_leads_back_to_the_app(
    phone: Page, service: Service
) -> None:
    await service.create()
    opened = await record_navigations(phone)
    url = await link(service, OPEN_DASHBOARD)
    await phone.goto(url)
    await expect(phone.locator("#signed-in")).to_be_visible()
    await phone.goto(url)
    await expect_way_back(phone, opened, f"{APP}&dashboard=expired")
