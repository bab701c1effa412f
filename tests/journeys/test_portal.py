"""The built merchant portal in a browser, on a phone and on a desktop."""

import gzip
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, Request, Route, expect

from testing.payments import CARD
from testing.processes import Simulator
from testing.service import Service
from testing.subscriptions import make_price
from tests.clients.conftest import run_node
from tests.journeys import portal as portals
from tests.journeys.portal import DIST, PHONE, Portal, audit
from tests.journeys.shop import DAY, Shop
from tests.journeys.test_onboarding import fill_in

pytestmark = pytest.mark.one_database

# Size limits for the scripts and styles that every page loads. Their compressed size counts.
MOST_SCRIPT_BYTES = 140_000
MOST_STYLE_BYTES = 8_000
TRANSLATED = "Die Ware kam nicht an."
# Compiles two texts as the build does, and formats the one with a parameter.
COMPILE = """
import { IntlMessageFormat } from 'intl-messageformat'
import config from './vite.config.ts'
const texts = JSON.stringify({ plain: '<b>Hut</b>', named: 'Für <b>{name}</b>' })
const { code } = config.plugins[0].transform.handler(texts)
const { default: made } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
console.log(made.plain, new IntlMessageFormat(made.named, 'de').format({ name: 'Jenny' }))
"""


@pytest.fixture(autouse=True)
def _built() -> None:
    if not (DIST / ".made").exists():
        if os.environ.get("CI"):
            pytest.fail("The portal is not built; `make test` builds it")
        pytest.skip("the portal is not built; `make portal` builds it")


@pytest.fixture
async def app() -> AsyncIterator[Portal]:
    async with portals.serving() as portal:
        yield portal


@pytest.fixture
def more_settings(simulator: Simulator) -> dict[str, str]:
    return {
        "MERCHANTS_MAY_REFUND": "on",
        "SERVICE_PRICES": make_price(simulator),
        "STRIPE_DASHBOARD_BASE": f"{simulator.base_url}/dashboard",
    }


async def sign_in(page: Page, portal: Portal, service: Service, name: str = "Shop shop-1") -> None:
    """Pick the merchant on the page that replaces a login."""
    portal.service = service
    await page.goto(portal.url)
    await expect(page.locator("h1")).to_have_text("Who are you today?")
    assert await audit(page) == []
    await page.get_by_role("button", name=name).click()


async def translate(route: Route) -> None:
    """Add the translation of one of the API's texts to the catalog in the built script."""
    script = await (await route.fetch()).text()
    own = f'"api.dispute.reason.product_not_received":"{TRANSLATED}",'
    await route.fulfill(
        body=script.replace('"app.title"', own + '"app.title"', 1), content_type="text/javascript"
    )


def heading(page: Page) -> Any:
    return expect(page.locator("h1"))


async def test_tags_in_a_translation_are_shown_as_text() -> None:
    printed = await run_node(DIST.parent, "dist/.made", "--input-type=module", "--eval", COMPILE)
    assert printed == "<b>Hut</b> Für <b>Jenny</b>\n"


async def test_a_merchant_onboards_on_a_phone_and_the_page_follows(
    page: Page, app: Portal, service: Service
) -> None:
    await page.set_viewport_size(PHONE)
    created = await service.create()
    account = created["merchant"]["account"]["stripeAccountId"]
    app.lifetime = 6
    await sign_in(page, app, service)
    await heading(page).to_have_text(
        "Your onboarding is not finished: Stripe still needs some information before payments can start."
    )
    errand = page.locator(".errand").first
    await errand.locator("summary").click()
    await expect(errand.locator(".errand-help")).to_be_visible()
    await expect(page.locator(".task")).to_have_count(4)
    assert await audit(page) == []

    # The same tab opens Stripe's form and returns.
    await page.get_by_role("button", name="Start onboarding").click()
    await fill_in(page, app)
    await expect(page.locator(".notice")).to_contain_text("Stripe is checking your information")
    assert page.url == app.url
    assert await audit(page) == []
    # Record what the page says about its connection while tokens expire.
    await page.evaluate(
        "window.words = [];"
        "new MutationObserver(() => words.push(document.querySelector('.connection')?.textContent))"
        ".observe(document.body, { subtree: true, childList: true })"
    )
    tokens = app.tokens
    async with page.expect_event("websocket", timeout=20_000):
        pass  # the service has closed the connection with the expired token
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await heading(page).to_have_text("Payments and payouts work; nothing needs attention.")
    assert app.tokens > tokens
    assert set(await page.evaluate("words")) <= {None}

    # While the browser is offline, the page says so. Once the browser is online again, the page shows the
    # changes that it missed.
    await page.context.set_offline(True)
    await expect(page.locator(".connection")).to_contain_text("You are offline")
    assert await audit(page) == []
    service.simulator.control(f"accounts/{account}", {"scenario": "due_soon"})
    await page.context.set_offline(False)
    await expect(page.locator(".connection")).to_have_count(0)
    await heading(page).to_contain_text("is needed to keep them working")

    # The session has ended: the page gets no token, and does not call this a lost connection.
    app.is_refusing = True
    refusal = {"errors": [{"message": "The token is not valid.", "extensions": {"code": "UNAUTHENTICATED"}}]}
    await page.route(f"{service.url}/graphql", lambda route: route.fulfill(status=401, json=refusal))
    await page.get_by_role("link", name="Payments", exact=True).click()
    ended = page.get_by_role("alert")
    await expect(ended).to_contain_text("Your session could not be renewed")
    assert await audit(page) == []
    await page.unroute(f"{service.url}/graphql")
    app.is_refusing = False
    await ended.get_by_role("button", name="Try again").click()
    await expect(page.locator(".empty")).to_contain_text("Your first payment will appear here")
    app.is_refusing = True
    await page.route(f"{service.url}/graphql", lambda route: route.fulfill(status=401, json=refusal))
    await page.get_by_role("link", name="Disputes", exact=True).click()
    await ended.get_by_role("button", name="Sign in again").click()
    await heading(page).to_have_text("Who are you today?")


async def refund_in_part(page: Page, service: Service) -> None:
    """Refund 10.00 of 25.00 USD. The page explains a wrong amount, a refusal, and an outage of Stripe."""
    ids: list[str] = []

    def note(request: Request) -> None:
        if "refundPayment(" in (request.post_data or "") and (sent := request.post_data_json):
            ids.append(sent["variables"]["input"]["externalId"])

    await expect(page.locator(".ledger-sum")).to_contain_text("$22.72")
    await page.get_by_role("button", name="Refund").click()
    amount = page.get_by_label("Amount in USD")
    await expect(amount).to_have_value("25.00")
    assert await audit(page) == []
    await amount.fill("ten")
    await page.get_by_role("button", name="Refund $").click()
    await expect(page.locator(".field-error")).to_have_text("Enter an amount, such as 12.50.")
    await amount.fill("90")
    await page.get_by_role("button", name="Refund $").click()
    await expect(page.get_by_role("alert")).to_contain_text("At most $25.00 can still go back")
    assert await audit(page) == []
    # Stripe is unavailable. A repeat with the same id is safe, even after the dialog was closed.
    page.on("request", note)
    fault = {"method": "POST", "path": "/v1/refunds", "kind": "status", "status": 503, "times": 20}
    service.simulator.control("faults", fault)
    await amount.fill("10")
    await page.get_by_role("button", name="Refund $").click()
    await expect(page.get_by_role("alert")).to_contain_text("Stripe does not answer at the moment")
    await page.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Refund", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await amount.fill("10")
    await page.get_by_role("button", name="Refund $").click()
    await expect(page.get_by_role("alert")).to_contain_text("Stripe does not answer at the moment")
    service.simulator.control("faults", method="DELETE")
    await page.get_by_role("button", name="Try again", exact=True).click()
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator(".head .chip")).to_have_text("Partly refunded")
    refunds = [refund["amount"] for paid in all_payments(service) for refund in paid["refunds"]]
    assert refunds == [1000]
    assert (len(ids), len(set(ids))) == (3, 1)
    await expect(page.get_by_role("button", name="Refund")).to_be_focused()
    assert await audit(page) == []


async def see_failures(page: Page, app: Portal) -> None:
    """A page explains what happened if it throws an error, or if a newer release has removed its file."""

    async def break_currencies(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace('"USD"', '"US"'))

    await page.route("**/graphql", break_currencies)
    await page.goto(f"{app.url}payments")
    await heading(page).to_have_text("This page does not work")
    await page.get_by_text("Details for support").click()
    await expect(page.locator("details")).to_contain_text("RangeError")
    assert await audit(page) == []
    await page.unroute("**/graphql")
    await page.get_by_role("button", name="Reload").click()
    await heading(page).to_have_text("Payments")

    async def add_key(route: Route) -> None:
        settings = await (await route.fetch()).json()
        await route.fulfill(json={**settings, "publishableKey": f"pk_test_{'1' * 24}"})

    await page.route("**/portal/config.json", add_key)
    await page.route("**/portal/assets/pure-*.js", lambda route: route.fulfill(status=404))
    await page.goto(app.url)
    await heading(page).to_have_text("There is a new version of this app")
    assert await audit(page) == []
    await page.unroute("**/portal/config.json")
    # The navigation still works.
    await page.get_by_role("link", name="Payments", exact=True).click()
    await heading(page).to_have_text("Payments")


async def test_a_merchant_reads_and_refunds_payments(page: Page, app: Portal, shop: Shop) -> None:
    """In this test, the page of the fixture `shop` shows the portal on a desktop."""
    service = shop.service
    await shop.activate()
    for order, number in (
        ("order-1", "4242424242424242"),
        ("order-2", "4000000000002685"),
        ("order-3", "4000000000000002"),
    ):
        pay((await shop.checkout(order))["url"], number)
    shop.pass_time(2)
    await page.route("**/portal/assets/index-*.js", translate)
    await sign_in(page, app, service)
    await expect(page.locator(".hero")).to_contain_text("Answer a dispute")
    await page.get_by_role("link", name="Payments", exact=True).click()
    await heading(page).to_have_text("Payments")
    rows = page.locator("a.row")
    await expect(rows).to_have_count(3)
    assert await audit(page) == []
    await page.get_by_label("Failed").check()
    await expect(rows).to_have_count(1)
    await page.get_by_label("All", exact=True).check()
    await page.get_by_role("searchbox").fill("order-1")
    await expect(rows).to_have_count(1)
    await page.get_by_role("searchbox").fill("nothing")
    await expect(page.locator(".empty")).to_contain_text("No payment matches")
    assert await audit(page) == []
    await page.get_by_role("link", name="Show all payments").click()
    # The period of seven days ends today.
    async with page.expect_request(lambda request: "createdFrom" in (request.post_data or "")) as sent:
        await page.get_by_label("Period").select_option("7")
    period = (await sent.value).post_data_json
    assert period
    days = "since => (new Date().setHours(0, 0, 0, 0) - new Date(since)) / 86_400_000"
    assert await page.evaluate(days, period["variables"]["filter"]["createdFrom"]) == 6

    await rows.filter(has_text="order-1").click()
    await refund_in_part(page, service)

    # The list shows the dispute and its reason, and the dispute's page names the evidence to provide.
    await page.get_by_role("link", name="Disputes").click()
    await expect(page.locator(".due")).to_have_count(1)
    await expect(page.locator(".due a")).to_have_text(TRANSLATED)
    assert await audit(page) == []
    await page.locator(".due a").click()
    await expect(page.locator(".evidence").first).to_be_visible()
    assert await audit(page) == []
    # The bank decides the dispute while the page is open.
    (dispute,) = [one for paid in all_payments(service) for one in paid["disputes"]]
    service.simulator.control(f"payments/{dispute['id']}", {"scenario": "win"})
    await expect(page.locator(".head .chip")).to_have_text("Won")
    await see_failures(page, app)


async def test_a_merchant_sees_why_it_is_not_paid_and_what_its_plan_costs(
    page: Page, app: Portal, shop: Shop
) -> None:
    service = shop.service
    await shop.activate()
    balance = f"balances/{shop.account}"
    service.simulator.control(balance, {"scenario": "replace_bank", "number": "000111111116"})
    pay((await shop.checkout("order-1"))["url"], "4242424242424242")
    shop.pass_time(2)
    await sign_in(page, app, service)
    await page.get_by_role("link", name="Payouts", exact=True).first.click()
    await expect(page.locator(".balance")).to_contain_text("$22.72")
    await expect(page.locator(".empty")).to_contain_text("No payout yet")
    assert await audit(page) == []
    shop.pass_time(10 * DAY)
    await expect(page.locator(".why")).to_contain_text("The details of the bank account look wrong.")
    await expect(page.locator("a.row .chip")).to_have_text("Failed")
    assert await audit(page) == []
    await page.locator("a.row").click()
    await expect(page.get_by_text("Check the account number and the bank code")).to_be_visible()
    assert await audit(page) == []

    await page.get_by_role("link", name="Plan").click()
    assert await audit(page) == []
    # If the browser goes back from Stripe's page and restores this page, the page's button works again.
    begin = page.get_by_role("button", name="Start your plan")
    stripe = f"{service.simulator.base_url}/**".replace("127.0.0.1", "*")
    await page.route(stripe, lambda route: route.fulfill(status=204))
    async with page.expect_request(lambda request: request.is_navigation_request()):
        await begin.click()
    await expect(begin).to_be_disabled()
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await expect(begin).to_be_enabled()
    await page.unroute(stripe)
    await begin.click()
    await page.wait_for_url(stripe)
    for name, value in {**CARD, "number": "4242424242424242"}.items():
        if await page.locator(f"input#{name}").count():
            await page.fill(f"#{name}", value)
    await page.click("#submit")
    await page.wait_for_url(f"{app.url}plan")
    await expect(page.locator(".head .chip")).to_have_text("Full access")
    await expect(page.locator(".terms")).to_contain_text("$20.00")
    await expect(page.locator(".row")).to_have_count(1)
    assert await audit(page) == []
    await page.get_by_role("button", name="Switch merchant").click()
    await heading(page).to_have_text("Who are you today?")
    assert await page.evaluate("sessionStorage.length") == 0


def test_the_built_files_are_small() -> None:
    document = (DIST / "index.html").read_text()
    sizes = {
        suffix: sum(
            len(gzip.compress(file.read_bytes()))
            for file in (DIST / "assets").glob(f"*.{suffix}")
            if file.name in document
        )
        for suffix in ("js", "css")
    }
    assert 0 < sizes["js"] < MOST_SCRIPT_BYTES
    assert 0 < sizes["css"] < MOST_STYLE_BYTES


def all_payments(service: Service) -> list[dict[str, Any]]:
    """The payments at the local Stripe."""
    data: list[dict[str, Any]] = service.simulator.control("payments")["data"]
    return data


def pay(url: str, number: str) -> None:
    """Pay on Stripe's page as a customer. Stripe may decline the card."""
    form = {**CARD, "method": "card", "number": number}
    answer = httpx.post(url, data=form, trust_env=False)
    assert answer.status_code in {303, 422}, answer.text
