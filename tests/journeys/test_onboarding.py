"""Onboarding in a real browser: from the platform's app through Stripe's form and back."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from testing import processes
from testing.service import Service, eventually, running
from tests.journeys.app import LINK, App

REVIEW = 3600
DOCUMENT = "identity.individual.documents.primary_verification.front_back.front"
RETURNED = {"tab": "payments", "onboarding": "returned"}
EXPIRED = {"tab": "payments", "onboarding": "expired"}
MERCHANT = """
query ($id: String!) {
  merchant(by: { externalId: $id }) {
    status
    nextAction { kind by url }
    dashboard { type available unavailableReason url tasks { kind available attention } }
    canAcceptPayments
    canReceivePayouts
    requirements {
      dueCount
      pendingCount
      entries {
        key subject personId awaitingActionFrom deadline
        errors { code message explanation }
        restricts { capability deadline }
      }
    }
    onboarding { started linksIssued lastReturnedAt everActiveAt }
    freshness { source stale }
    timeline(first: 100) { edges { node { kind actor statusBefore statusAfter } } }
  }
}
"""


async def log_in(app: App, service: Service, external_id: str = "shop-1") -> str:
    """Create a merchant and log it in to the app. Returns the id of its account."""
    created = await service.create(external_id)
    app.endpoint = f"{service.url}/graphql"
    app.token, app.merchant = service.token("merchant", external_id), external_id
    account: str = created["merchant"]["account"]["stripeAccountId"]
    return account


async def read(service: Service) -> dict[str, Any]:
    """Return the merchant, read with its own token."""
    result: dict[str, Any] = (
        await service.graphql(MERCHANT, {"id": "shop-1"}, role="merchant", merchant="shop-1")
    )["merchant"]
    return result


async def wait_for(service: Service, status: str) -> dict[str, Any]:
    """Wait until the merchant has this status, and return the merchant. The reads never call Stripe."""

    async def look() -> dict[str, Any]:
        result = await read(service)
        return result if result["status"] == status else {}

    return await eventually(look)


def story(merchant: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the timeline, oldest first, without the entries about single steps of the form."""
    nodes = [edge["node"] for edge in reversed(merchant["timeline"]["edges"])]
    return [
        tuple(filter(None, (node["kind"], node["actor"], node["statusBefore"], node["statusAfter"])))
        for node in nodes
        if node["kind"] not in {"UPDATED", "REQUIREMENTS_CHANGED", "CAPABILITY_CHANGED"}
    ]


def step(url: str) -> str | None:
    """Return the step of Stripe's form that an address shows, or None for any other page."""
    parts = urlsplit(url).path.split("/")
    return parts[3] if len(parts) == 4 and parts[1] == "onboarding" and parts[2].startswith("onb_") else None


async def on_form(page: Page) -> str:
    """Wait for Stripe's form and return the step that it shows."""
    await page.wait_for_url(lambda url: step(url) is not None)
    result = step(page.url)
    assert result is not None
    await expect(page.locator("form")).to_have_attribute("id", result)
    return result


async def submit(page: Page, button: str = "#submit") -> None:
    """Submit a step and wait for the next page."""
    before = page.url
    await page.click(button)
    await page.wait_for_url(lambda url: url != before)


async def fill_in(page: Page, app: App, *, document: str = "good") -> list[str]:
    """Complete the form. Returns its steps."""
    steps: list[str] = []
    while not steps or not page.url.startswith(app.origin):
        steps.append(await on_form(page))
        if await page.locator(f"#document-{document}").count():
            await page.check(f"#document-{document}")
        if steps[-1] == "terms":
            await page.check("#accept")
        await submit(page)
    return steps


def marks(page: Page, app: App) -> dict[str, str]:
    """Return the query parameters of the address to which the browser returned."""
    address = urlsplit(page.url)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{app.origin}/connect"
    return dict(parse_qsl(address.query))


def refresh_addresses(page: Page) -> list[str]:
    """Return a list that records later requests to the refresh address. Used links lead to this address."""
    urls: list[str] = []
    page.on(
        "request", lambda request: urls.append(request.url) if "/onboarding/refresh?" in request.url else None
    )
    return urls


async def keep_open(page: Page, app: App) -> tuple[Locator, list[str]]:
    """Open the app in a second tab. Return the statuses that it shows and a list of its later requests."""
    tab, urls = await page.context.new_page(), list[str]()
    tab.on("request", lambda request: urls.append(request.url))
    tab.on("websocket", lambda socket: urls.append(socket.url))
    await tab.goto(app.return_to)
    return tab.locator("#statuses li"), urls


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_merchant_goes_from_the_app_through_stripes_form_to_an_active_account(
    page: Page, app: App, service: Service, external_requests: list[str]
) -> None:
    account = await log_in(app, service)
    before = await read(service)
    assert before["status"] == "ONBOARDING"
    assert before["nextAction"] == {"kind": "START_ONBOARDING", "by": "MERCHANT", "url": None}
    assert before["dashboard"]["available"] is False
    assert before["dashboard"]["unavailableReason"] is not None
    assert [task["available"] for task in before["dashboard"]["tasks"]] == [False] * 4

    statuses, urls = await keep_open(page, app)
    await expect(statuses).to_have_text(["ONBOARDING"])
    urls.clear()
    link = await app.start_onboarding(page)
    assert await on_form(page) == "business"
    await page.fill("#registered_name", "Nadia's Bakery LLC")
    await submit(page)
    assert await on_form(page) == "person"
    await submit(page)
    assert await on_form(page) == "bank"
    await submit(page)
    assert await on_form(page) == "terms"
    await page.check("#accept")
    await submit(page)
    assert marks(page, app) == {**RETURNED, "merchant": "shop-1", "status": "PENDING_REVIEW"}

    reviewed = await wait_for(service, "PENDING_REVIEW")
    await expect(statuses).to_have_text(["ONBOARDING", "PENDING_REVIEW"])
    assert reviewed["nextAction"] == {"kind": "WAIT_FOR_STRIPE", "by": "STRIPE", "url": None}
    assert (reviewed["requirements"]["dueCount"], reviewed["requirements"]["pendingCount"]) == (0, 4)
    assert (reviewed["canAcceptPayments"], reviewed["canReceivePayouts"]) == (False, False)
    (stripe,) = service.simulator.control("accounts")["data"]
    assert stripe["id"] == account
    assert stripe["identity"]["business_details"]["registered_name"] == "Nadia's Bakery LLC"

    service.simulator.control("clock", {"advance_seconds": REVIEW})
    await expect(statuses).to_have_text(["ONBOARDING", "PENDING_REVIEW", "ACTIVE"])
    assert urls == []  # the first connection delivered every update
    active = await wait_for(service, "ACTIVE")
    assert active["requirements"] == {"dueCount": 0, "pendingCount": 0, "entries": []}
    assert (active["canAcceptPayments"], active["canReceivePayouts"]) == (True, True)
    assert active["dashboard"] == {
        "type": "FULL",
        "available": True,
        "unavailableReason": None,
        "url": f"https://dashboard.stripe.com/{account}/test/dashboard",
        "tasks": [
            {"kind": "COMPLETE_REQUIREMENTS", "available": True, "attention": 0},
            {"kind": "MANAGE_FINANCES", "available": True, "attention": 0},
            {"kind": "RESPOND_TO_DISPUTES_AND_REFUNDS", "available": True, "attention": 0},
            {"kind": "SCHEDULE_PAYOUTS", "available": True, "attention": 0},
        ],
    }
    assert active["nextAction"] == {
        "kind": "OPEN_DASHBOARD",
        "by": None,
        "url": f"https://dashboard.stripe.com/{account}/test/dashboard",
    }
    assert active["freshness"] == {"source": "webhook", "stale": False}
    assert (active["onboarding"]["started"], active["onboarding"]["linksIssued"]) == (True, 1)
    assert active["onboarding"]["lastReturnedAt"] < active["onboarding"]["everActiveAt"]
    entries = story(active)
    # Stripe's event can arrive before the browser returns, so the entry RETURNED has one of two positions.
    assert entries.index(("RETURNED", "browser")) in {3, 4}
    entries.remove(("RETURNED", "browser"))
    assert entries == [
        ("CREATED", "platform"),
        ("STATUS_CHANGED", "CREATING", "ONBOARDING"),
        ("LINK_ISSUED", "development-merchant"),
        ("STATUS_CHANGED", "ONBOARDING", "PENDING_REVIEW"),
        ("STATUS_CHANGED", "PENDING_REVIEW", "ACTIVE"),
    ]

    # The old link shows no form, only a way back.
    await page.goto(link)
    assert step(page.url) == "nothing"
    await submit(page, "#leave")
    assert marks(page, app) == {**RETURNED, "merchant": "shop-1", "status": "ACTIVE"}
    assert external_requests == []


@pytest.mark.one_database
async def test_a_rejected_document_is_requested_again_and_a_valid_one_activates_the_account(
    page: Page, app: App, service: Service
) -> None:
    await log_in(app, service)
    await app.start_onboarding(page)
    assert await fill_in(page, app, document="bad") == ["business", "person", "bank", "terms"]
    assert marks(page, app) == {**RETURNED, "merchant": "shop-1", "status": "PENDING_REVIEW"}

    service.simulator.control("clock", {"advance_seconds": REVIEW})
    failed = await wait_for(service, "ACTION_REQUIRED")
    assert failed["nextAction"] == {"kind": "RESUME_ONBOARDING", "by": "MERCHANT", "url": None}
    (stripe,) = service.simulator.control("accounts")["data"]
    (entry,) = failed["requirements"].pop("entries")
    assert failed["requirements"] == {"dueCount": 1, "pendingCount": 0}
    assert {"capability": "card_payments", "deadline": "PAST_DUE"} in entry.pop("restricts")
    assert entry == {
        "key": DOCUMENT,
        "subject": "PERSON",
        "personId": stripe["simulator"]["person"],
        "awaitingActionFrom": "MERCHANT",
        "deadline": "PAST_DUE",
        "errors": [
            {
                "code": "verification_document_expired",
                "message": "The document has expired. Upload one that is still valid.",
                "explanation": "The document has expired. Upload one that is still valid.",
            }
        ],
    }
    # The merchant has submitted the form and therefore has credentials for the Dashboard.
    assert failed["dashboard"]["available"] is True
    assert failed["dashboard"]["tasks"][0] == {
        "kind": "COMPLETE_REQUIREMENTS",
        "available": True,
        "attention": 1,
    }
    assert (failed["canAcceptPayments"], failed["canReceivePayouts"]) == (False, False)

    await app.start_onboarding(page)
    assert await on_form(page) == "person"
    await expect(page.locator("form input:not([name=document])")).to_have_count(0)
    assert await fill_in(page, app, document="good") == ["person"]
    assert marks(page, app)["status"] == "PENDING_REVIEW"

    service.simulator.control("clock", {"advance_seconds": REVIEW})
    active = await wait_for(service, "ACTIVE")
    assert active["requirements"] == {"dueCount": 0, "pendingCount": 0, "entries": []}
    assert [entry[1:] for entry in story(active) if entry[0] == "STATUS_CHANGED"] == [
        ("CREATING", "ONBOARDING"),
        ("ONBOARDING", "PENDING_REVIEW"),
        ("PENDING_REVIEW", "ACTION_REQUIRED"),
        ("ACTION_REQUIRED", "PENDING_REVIEW"),
        ("PENDING_REVIEW", "ACTIVE"),
    ]


@pytest.mark.one_database
async def test_a_merchant_that_leaves_early_continues_with_the_same_link(
    page: Page, app: App, service: Service
) -> None:
    await log_in(app, service)
    due = (await read(service))["requirements"]["dueCount"]
    link = await app.start_onboarding(page)
    assert await on_form(page) == "business"
    await submit(page)
    assert await on_form(page) == "person"
    await submit(page, "#leave")
    assert marks(page, app) == {**RETURNED, "merchant": "shop-1", "status": "ONBOARDING"}
    left = await read(service)
    assert left["status"] == "ONBOARDING"
    assert left["nextAction"] == {"kind": "RESUME_ONBOARDING", "by": "MERCHANT", "url": None}
    assert 0 < left["requirements"]["dueCount"] < due
    assert left["dashboard"]["available"] is False

    # The link has been used, but this browser has the cookie, so it gets a new link without the app.
    await page.goto(link)
    assert await on_form(page) == "person"
    again = await read(service)
    assert again["onboarding"]["linksIssued"] == 2
    assert story(again)[-1] == ("LINK_ISSUED", "browser")
    assert await fill_in(page, app) == ["person", "bank", "terms"]
    assert marks(page, app) == {**RETURNED, "merchant": "shop-1", "status": "PENDING_REVIEW"}


@pytest.mark.one_database
async def test_a_link_that_expired_before_it_was_opened_still_leads_to_the_form(
    page: Page, app: App, service: Service
) -> None:
    await log_in(app, service)
    link = await app.ask(page)
    service.simulator.control("clock", {"advance_seconds": 601})
    renewals = refresh_addresses(page)
    await page.goto(link)
    assert await on_form(page) == "business"
    assert len(renewals) == 1
    assert await fill_in(page, app) == ["business", "person", "bank", "terms"]
    assert marks(page, app) == {**RETURNED, "merchant": "shop-1", "status": "PENDING_REVIEW"}


@pytest.mark.one_database
async def test_another_browser_gets_no_link_from_the_refresh_address(
    page: Page, app: App, service: Service
) -> None:
    await log_in(app, service)
    link = await app.start_onboarding(page)
    assert await on_form(page) == "business"
    renewals = refresh_addresses(page)
    await page.goto(link)
    assert await on_form(page) == "business"
    before = await read(service)

    # Only this browser can renew the link. The link's cookie is hidden from scripts and from other paths.
    (cookie,) = await page.context.cookies(f"{service.url}/onboarding/refresh")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/onboarding")
    assert await page.context.cookies(f"{service.url}/graphql") == []
    other = await _browser(page).new_context()
    stranger = await other.new_page()
    await stranger.goto(renewals[0])
    assert marks(stranger, app) == EXPIRED
    await stranger.goto(renewals[0].replace("/refresh?", "/return?"))
    assert marks(stranger, app) == RETURNED
    assert await other.cookies() == []
    # The used link alone gives no access either.
    await stranger.goto(link)
    assert marks(stranger, app) == EXPIRED
    assert (await read(service))["onboarding"]["linksIssued"] == before["onboarding"]["linksIssued"] == 2


@pytest.mark.one_database
async def test_after_five_renewals_the_browser_returns_to_the_app(
    page: Page, app: App, service: Service
) -> None:
    await log_in(app, service)
    link = await app.start_onboarding(page)
    assert await on_form(page) == "business"
    for _ in range(5):
        await page.goto(link)
        assert await on_form(page) == "business"
    await page.goto(link)
    assert marks(page, app) == {**EXPIRED, "merchant": "shop-1", "status": "ONBOARDING"}
    assert (await read(service))["onboarding"]["linksIssued"] == 6
    # The app's button gives a new link.
    await app.start_onboarding(page)
    assert await on_form(page) == "business"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_links_that_expire_immediately_cause_no_redirect_loop(
    page: Page, app: App, database_url: str, tmp_path: Path
) -> None:
    with processes.simulator(LINK_SECONDS="0") as simulator:
        async with running(database_url, simulator, tmp_path, RETURN_ORIGINS=app.origin) as service:
            await log_in(app, service)
            renewals = refresh_addresses(page)
            await app.start_onboarding(page)
            await page.wait_for_url(f"{app.origin}/connect?*onboarding=*")
            assert marks(page, app) == {**EXPIRED, "merchant": "shop-1", "status": "ONBOARDING"}
            assert len(renewals) == 6


@pytest.mark.one_database
async def test_a_link_requested_by_a_server_leads_back_to_the_app_and_is_not_renewed(
    page: Page, app: App, service: Service
) -> None:
    await log_in(app, service)
    result = (await service.graphql(LINK, app.variables, role="service"))["createOnboardingLink"]
    assert result["__typename"] == "CreateOnboardingLinkPayload"
    await page.goto(result["url"])
    assert await fill_in(page, app) == ["business", "person", "bank", "terms"]
    assert marks(page, app) == RETURNED
    await wait_for(service, "PENDING_REVIEW")

    renewals = refresh_addresses(page)
    await page.goto(result["url"])
    assert marks(page, app) == EXPIRED
    assert len(renewals) == 1
    assert (await read(service))["onboarding"]["linksIssued"] == 1
    assert await page.context.cookies() == []


def _browser(page: Page) -> Browser:
    result = page.context.browser
    assert result is not None
    return result
