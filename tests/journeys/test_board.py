"""The operator board in a browser: its pages at both screen sizes, its actions, live changes and sign-in."""

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from models import PeriodicTask, StripeEvent, now
from testing.environment import AUDIENCE
from testing.faults import inject_fault
from testing.merchants import rename
from testing.processes import ROOT, Simulator, free_port
from testing.service import CREATE, Service, eventually, running
from testing.waits import until
from tests.clients.conftest import NODE

CLIENTS = ROOT / "tests" / "clients"
AXE = CLIENTS / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
IMPORT = """
mutation ($merchants: [ImportMerchantInput!]!) {
  importMerchants(input: {merchants: $merchants}) {
    ... on ImportMerchantsPayload { results { outcome } }
  }
}
"""
PAYMENTS = "{ payments(first: 50) { edges { node { externalId } } } disputes { edges { node { id } } } }"
# Nothing listens at the endpoint's URL, and no event of its type happens.
ENDPOINT = """
mutation ($url: URL!) {
  createEventEndpoint(input: {url: $url, description: "Bookkeeping", types: ["merchant.removed"]}) {
    __typename
  }
}
"""
CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "ten-1"}}) { __typename } }'
# Each page, with a text that the page shows only after it has loaded its data.
PAGES = {
    "": "Disputed Shop",
    "/actions": "Stripe refused 1 creation",
    "/actions?who=MERCHANT": "Disputed Shop",
    "/merchants": "Overdue Shop",
    "/merchants/ten-9": "Payments and payouts work",
    "/payments": "made at Stripe",
    "/disputes": "Fraudulent",
    "/payouts": "closed",
    "/pipes?events=FAILED": "Replay",
    "/endpoints": "https://127.0.0.1",
    "/history": "Dismissed",
}


@dataclass(frozen=True)
class Board:
    """A service's board in a browser, and the errors that the browser reports."""

    service: Service
    page: Page
    complaints: list[str]

    async def open(self, path: str = "") -> None:
        await self.page.goto(f"{self.service.url}/board{path}")

    async def violations(self) -> list[str]:
        """The rules of axe that the page violates, each with the first element that violates it."""
        found = await self.page.evaluate("axe.run().then(({ violations }) => violations)")
        return [f"{self.page.url} {one['id']}: {one['nodes'][0]['html']}" for one in found]

    async def is_too_wide(self) -> bool:
        width: bool = await self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return width


@pytest.fixture
def complaints(page: Page) -> list[str]:
    texts: list[str] = []
    page.on("pageerror", lambda error: texts.append(str(error)))
    page.on("console", lambda message: texts.append(message.text) if message.type == "error" else None)
    return texts


@pytest.fixture
async def board(
    database_url: str, simulator: Simulator, tmp_path: Path, page: Page, complaints: list[str]
) -> AsyncIterator[Board]:
    """A board without sign-in. The platform has ten merchants, a failed event and a refused creation."""
    if not AXE.exists():
        pytest.skip("axe is not installed; `make test` installs it")
    settings = {"BOARD": "on", "EVENT_PRIVATE_HOSTS": "127.0.0.1", "EVENT_KEYS": "e" * 32}
    async with running(database_url, simulator, tmp_path, **settings) as service:
        await load_platform(service)
        await service.graphql(ENDPOINT, {"url": f"https://127.0.0.1:{free_port()}/events"})
        await page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
        yield Board(service, page, complaints)


async def load_platform(service: Service) -> None:
    simulator = service.simulator
    simulator.control("platforms", json.loads((ROOT / "simulator/platforms/ten-merchants.json").read_text()))
    merchants = [
        {"externalId": f"ten-{number}", "stripeAccountId": f"acct_ten{number:04}"} for number in range(1, 11)
    ]
    answer = await service.graphql(IMPORT, {"merchants": merchants})
    assert {one["outcome"] for one in answer["importMerchants"]["results"]} == {"ADOPTED"}
    await PeriodicTask.filter(name="payment_sweep").update(due_at=await now())
    refusal = {"error": {"code": "connect_profile_not_submitted", "message": "Complete your profile."}}
    inject_fault(service, "/v2/core/accounts", {"status": 400, "body": refusal})
    await service.create("shop-refused")

    async def has_money() -> bool:
        found = await service.graphql(PAYMENTS)
        return len(found["payments"]["edges"]) >= 20 and len(found["disputes"]["edges"]) == 1

    await eventually(has_money, seconds=90)
    handled = await StripeEvent.filter(state="HANDLED").order_by("id").first()
    assert handled is not None
    handled.state = "FAILED"
    await handled.save(update_fields=["state"])


@pytest.mark.one_database
async def test_every_page_is_accessible_and_an_operator_works_with_the_board(
    board: Board, external_requests: list[str], tmp_path: Path
) -> None:
    page, service = board.page, board.service
    await check_accessibility(board)
    await board.open()
    await expect(page.get_by_role("heading", name="3 problems")).to_be_visible()

    # The operator uses the action that a problem offers.
    await page.get_by_role("button", name="Replay 1 event").click()
    await expect(page.get_by_text("1 event queued again.")).to_be_visible()
    await expect(page.get_by_role("heading", name="2 problems")).to_be_visible()
    assert await StripeEvent.filter(state="FAILED").count() == 0
    await page.get_by_role("link", name="Show refused creations").click()
    await expect(page.get_by_role("cell", name="Complete your profile.")).to_be_visible()

    await replay_on_the_page_of_a_merchant(board)
    await repair_an_endpoint(board)

    # Another client closes a merchant, and the page shows the change live.
    await page.get_by_role("link", name="Merchants").click()
    row = page.get_by_role("row").filter(has_text="ten-1").first
    await expect(page.get_by_text("10 found")).to_be_visible()
    await service.graphql(CLOSE)
    await expect(page.get_by_role("row").filter(has_text="Closed")).to_have_count(1)
    await page.get_by_label("Search").fill("overdue")
    await expect(page.get_by_text("2 found")).to_be_visible()
    await expect(row).to_have_count(0)

    # In an exported list, a name cannot become a formula.
    await rename("ten-9", "=1+1")
    await page.get_by_role("link", name="Who must act").click()
    await page.get_by_role("button", name="The merchant").click()
    await expect(page.get_by_role("heading", name="Merchants who must act")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export as CSV").click()
    saved = await download.value
    assert saved.suggested_filename == "merchants-must-act.csv"
    await saved.save_as(tmp_path / "exported.csv")
    rows = read_csv(tmp_path / "exported.csv")
    assert [row["Merchant"] for row in rows if row["External id"] == "ten-9"] == ["'=1+1"]

    # The operator dismisses the remaining problems, and the page says that all is well.
    await page.get_by_role("link", name="Overview").click()
    for problem in ("Creations refused", "Payouts failed"):
        await page.get_by_role("button", name=f"Dismiss: {problem}").click()
    await expect(page.get_by_role("heading", name="All well")).to_be_visible()

    assert external_requests == []
    assert board.complaints == []


async def replay_on_the_page_of_a_merchant(board: Board) -> None:
    event = await StripeEvent.exclude(merchant_id=None).order_by("id").first().prefetch_related("merchant")
    assert event is not None
    assert event.merchant is not None
    event.state = "FAILED"
    await event.save(update_fields=["state"])
    await board.open(f"/merchants/{event.merchant.external_id}")
    failed = board.page.get_by_role("region", name="Failed events")
    await failed.get_by_role("button", name=f"Replay {event.stripe_event_id}").click()
    await expect(failed).to_have_count(0)
    assert await StripeEvent.filter(state="FAILED").count() == 0


async def repair_an_endpoint(board: Board) -> None:
    page = board.page
    await page.get_by_role("link", name="Endpoints").click()
    endpoint = page.get_by_role("region", name="Bookkeeping")
    await expect(endpoint).to_contain_text("No delivery yet.")
    await endpoint.get_by_role("button", name="Send a test").click()
    await expect(endpoint.get_by_role("cell", name="Connection failed")).to_be_visible(timeout=30_000)
    await endpoint.get_by_role("button", name="Pause").click()
    await expect(endpoint.locator(".pill").first).to_have_text("Paused")
    await endpoint.get_by_role("button", name="and replay the missed events").click()
    await expect(page.get_by_text("The endpoint is enabled, and 0 missed events queued.")).to_be_visible()
    await expect(endpoint.locator(".pill").first).to_have_text("Enabled")


async def check_accessibility(board: Board) -> None:
    """Check every page on a desktop in light mode and on a phone in dark mode."""
    page = board.page
    found: list[str] = []
    for path, text in PAGES.items():
        await board.open(path)
        await expect(page.locator("main")).to_contain_text(text)
        await page.evaluate(AXE.read_text())
        for (size, viewport), scheme in zip(SIZES.items(), ("light", "dark"), strict=True):
            await page.set_viewport_size(viewport)  # type: ignore[arg-type]
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found += await board.violations()
            if await board.is_too_wide():
                found.append(f"{page.url} is too wide on a {size}")
    assert found == []
    await page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]


def read_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


@contextlib.contextmanager
def identity_provider(redirect_uri: str, *, seconds: int) -> Iterator[str]:
    """Run an OpenID provider whose access tokens live for this number of seconds. Yields its issuer."""
    issuer = f"http://127.0.0.1:{(port := free_port())}"
    env = {
        **os.environ,
        "PORT": str(port),
        "REDIRECT_URI": redirect_uri,
        "AUDIENCE": AUDIENCE,
        "SECONDS": str(seconds),
    }
    argv = [str(NODE), "identity_provider.js"]
    # The command `node` starts Node as its child, so both get the signal.
    process = subprocess.Popen(argv, cwd=CLIENTS, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until(lambda: is_ready(f"{issuer}/seen"))
        yield issuer
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def is_ready(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url, trust_env=False).is_success
    return False


async def sign_in(page: Page, name: str) -> None:
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Sign in").click()


async def visit_all_pages(page: Page) -> None:
    """Open all pages, and check that the API refuses none of their operations as unpublished."""
    pages = "Overview", "Who must act", "Payments", "Disputes", "Payouts", "Pipes", "Endpoints", "History"
    for name in pages:
        await page.get_by_role("navigation").get_by_role("link", name=name).click()
        await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        await expect(page.get_by_text("Loading …")).to_have_count(0)
        await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(page.locator(".connection.live")).to_be_visible()
    await page.get_by_role("link", name="Merchants").click()
    await page.get_by_role("link", name="Shop shop-1").click()
    await expect(page.get_by_role("heading", name="Shop shop-1")).to_be_visible()


async def end_session(page: Page, ask: Callable[[str], str]) -> None:
    """End the page's session at the provider. The page keeps its data, and a button signs in again."""
    ask("refuse")
    await page.wait_for_timeout(5_000)
    await page.get_by_role("button", name="Refresh from Stripe").click()
    await expect(page.get_by_text("Your session has ended.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Shop shop-1")).to_be_visible()
    ask("accept")
    await page.get_by_role("button", name="Sign in again").click()
    await expect(page.get_by_text("Your session has ended.")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Shop shop-1")).to_be_visible()


async def sign_out(page: Page) -> None:
    """Sign out of the board and of the provider, which sends the browser back."""
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Yes").click()
    await expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.one_database
async def test_a_real_identity_provider_signs_in_renews_tokens_and_refuses(
    database_url: str,
    simulator: Simulator,
    tmp_path: Path,
    page: Page,
    complaints: list[str],
    external_requests: list[str],
) -> None:
    port = free_port()
    home = f"http://127.0.0.1:{port}/board"
    # The service publishes the board's own operations. This manifest adds one for the test.
    manifest = tmp_path / "operations.json"
    manifest.write_text(json.dumps({"CreateMerchant": CREATE}))
    with identity_provider(home, seconds=5) as issuer:
        settings = {
            "PORT": str(port),
            "AUTH_ISSUER_2": issuer,
            "AUTH_AUDIENCE_2": AUDIENCE,
            "JWKS_URL_2": f"{issuer}/jwks",
            "BOARD": "on",
            "BOARD_ISSUER": issuer,
            "BOARD_CLIENT_ID": "board",
            "BOARD_RESOURCE": "https://connect.example/graphql",
            "ONLY_PERSISTED": "on",
            "PERSISTED_OPERATIONS": str(manifest),
        }

        def ask(path: str) -> str:
            return httpx.get(f"{issuer}/{path}", trust_env=False).text

        def seen() -> dict[str, Any]:
            answer: dict[str, Any] = json.loads(ask("seen"))
            return answer

        async with running(database_url, simulator, tmp_path, **settings) as service:
            await service.create("shop-1")
            # Sign-in fails while the provider is unavailable, and works afterwards.
            await page.route("**/openid-configuration", lambda route: route.abort())
            await page.goto(f"{home}/merchants/shop-1")
            await expect(page.get_by_role("heading", name="Sign-in failed")).to_be_visible()
            await page.unroute("**/openid-configuration")
            await page.get_by_role("button", name="Sign in").click()
            # A merchant can sign in, but the API refuses it.
            await sign_in(page, "shop-1")
            await expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()
            refusal = "You are shop-1, and your role is merchant."
            await expect(page.get_by_role("main")).to_contain_text(refusal)
            await page.get_by_role("button", name="Sign in as someone else").click()
            await sign_in(page, "olivia")
            # The browser returns to the page that it requested, and the address no longer contains the code.
            await expect(page.get_by_role("heading", name="Shop shop-1")).to_be_visible()
            assert page.url == f"{home}/merchants/shop-1"
            assert seen()["methods"] == ["S256", "S256"]
            assert seen()["codes"] == 2
            stored = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
            assert stored == "[{},{}]"

            await visit_all_pages(page)

            # The next operation renews an expired token, without a visit to the provider's page.
            before = seen()["refreshes"]
            await page.wait_for_timeout(5_000)
            await page.get_by_role("button", name="Refresh from Stripe").click()
            await expect(page.get_by_text("was read from Stripe.")).to_be_visible()
            assert seen()["codes"] == 2
            assert seen()["refreshes"] > before

            await end_session(page, ask)
            assert page.url == f"{home}/merchants/shop-1"
            assert seen()["codes"] == 3

            await sign_out(page)
            assert (page.url, seen()["revocations"]) == (home, 1)

            # The page does not use the code of a sign-in that this tab did not begin.
            await page.goto(f"{home}?code=stolen&state=unknown")
            await expect(page.get_by_role("heading", name="Sign-in failed")).to_be_visible()
            assert seen()["codes"] == 3
    assert external_requests == []
    # The browser itself reports the lost request, the refused token and the refused renewal.
    reported = "ERR_FAILED", "400", "401"
    assert [text for text in complaints if not any(one in text for one in reported)] == []
