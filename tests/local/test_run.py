"""The addresses, tokens and examples of `make run`, with a terminal and a browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from click.testing import CliRunner
from playwright.async_api import BrowserContext, Page, Response, expect

from local.__main__ import main
from testing import axe
from testing.operations import CREATE, new_merchant
from testing.processes import free_port
from tests.local.terminal import Terminal, clone, make

VIEWER = "{ viewer { subject role merchant { externalId } } }"
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+\n")
# Unreachable proxies, and a .env file with blank values.
PROXY = {"http_proxy": "http://127.0.0.1:9", "ALL_PROXY": "socks5://127.0.0.1:9"}
BLANK = "CONNECTQL_STRIPE_API_KEY=\nCONNECTQL_WEBHOOK_SECRETS=\nCONNECTQL_AUTH_ISSUER=\nCONNECTQL_PORT=\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """One `make run` for several tests, with unreachable proxies and a .env file of blank values."""
    folder = clone(tmp_path_factory.mktemp("user") / "connectql")
    (folder / ".env").write_text(BLANK)
    terminal = Terminal(folder, SIMULATOR_REVIEW_SECONDS="3600", **PROXY)
    try:
        terminal.wait_for("Ctrl-C ends everything.")
        yield terminal
    finally:
        terminal.clean_up()


def test_the_banner_shows_addresses_that_answer(run: Terminal) -> None:
    assert f"  start here    http://localhost:{run.start_port}/ " in run.output
    assert f"  GraphiQL      http://localhost:{run.port}/graphql " in run.output
    assert f"  local Stripe  http://127.0.0.1:{run.simulator_port} " in run.output
    assert "  data          var/ " in run.output
    assert "Installing" not in run.output
    assert run.http.get(f"http://localhost:{run.port}/readyz").json()["status"] == "ready"
    assert run.http.get(f"http://127.0.0.1:{run.simulator_port}/").status_code == 200


def test_make_import_reads_accounts_of_the_local_stripe(run: Terminal, shared_folder: Path) -> None:
    account = {"id": "acct_Imported", "display_name": "Imported"}
    run.http.post(
        f"http://127.0.0.1:{run.simulator_port}/simulator/accounts", json=account
    ).raise_for_status()
    (run.folder / "accounts.csv").write_text("external_id,stripe_account_id\nimported,acct_Imported\n")
    ports = f"PORT={run.port}", f"SIMULATOR_PORT={run.simulator_port}"
    judged = make(run.folder, "-s", "import", "FILE=accounts.csv", "DRY=1", *ports)
    assert (judged.stdout, judged.returncode) == ("2\tadoptable\timported\tacct_Imported\n1 adoptable\n", 0)
    assert "FILE must be a CSV file" in make(run.folder, "-s", "import", *ports).stderr
    assert "start `make run` first" in make(shared_folder, "-s", "import", "FILE=accounts.csv").stderr


@pytest.mark.parametrize(
    ("arguments", "viewer"),
    [
        (["ROLE=service"], {"subject": "development-service", "role": "SERVICE"}),
        (["ROLE=merchant", "MERCHANT=shop-9"], {"subject": "development-merchant", "role": "MERCHANT"}),
        (["ROLE=operator", "SUBJECT=jane doe"], {"subject": "jane doe", "role": "OPERATOR"}),
    ],
)
def test_make_token_prints_only_a_valid_token(
    run: Terminal, arguments: list[str], viewer: dict[str, str]
) -> None:
    result = make(run.folder, "-s", "token", *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    assert JWT.fullmatch(result.stdout)
    data = run.graphql(VIEWER, token=result.stdout.strip())["viewer"]
    assert data == {**viewer, "merchant": None}


@pytest.mark.parametrize(("ttl", "seconds"), [([], 12 * 3600), (["", "60"], 60)])
def test_a_token_is_valid_for_its_ttl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ttl: list[str], seconds: int
) -> None:
    monkeypatch.chdir(tmp_path)
    text = CliRunner().invoke(main, ["token", "--", "operator", *ttl]).stdout.strip()
    claims = jwt.decode(text, options={"verify_signature": False})
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("development-operator", seconds)


TTL = "TTL must be a number of seconds: make token ROLE=operator TTL=60"


def test_make_token_explains_a_wrong_argument(shared_folder: Path) -> None:
    refused = make(shared_folder, "-s", "token", "ROLE=operator", "TTL=5m")
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert f"Error: {TTL}\n" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        *((["operator", "", wrong], TTL) for wrong in ("0", "-5", "1.5", "9999999999")),
        (["admin"], "ROLE must be operator, service or merchant: make token ROLE=operator"),
        (["", "", "", ""], "ROLE must be operator, service or merchant: make token ROLE=operator"),
        (["merchant", ""], "MERCHANT must be an external id: make token ROLE=merchant MERCHANT=<externalId>"),
    ],
)
def test_wrong_arguments_of_a_token_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], remedy: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(main, ["token", "--", *arguments])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"Error: {remedy}\n"


async def test_the_examples_in_graphiql_lead_to_an_active_merchant(
    run: Terminal, page: Page, external_requests: list[str]
) -> None:
    graphiql = f"http://localhost:{run.port}/graphql"
    await page.goto(graphiql)
    created = (await execute(page, "CreateMerchant"))["createMerchant"]
    assert (created["__typename"], created["created"]) == ("CreateMerchantPayload", True)
    assert created["merchant"]["status"] == "ONBOARDING"
    assert (await execute(page, "CreateMerchant"))["createMerchant"]["created"] is False

    linked = (await execute(page, "Onboard"))["createOnboardingLink"]
    assert linked["__typename"] == "CreateOnboardingLinkPayload"
    async with page.context.expect_page() as opened:
        await page.locator("#bar a").click()
    form = await opened.value
    assert await page.locator("#bar a").get_attribute("href") == linked["url"]
    addresses: list[str] = []
    form.on("framenavigated", lambda frame: addresses.append(frame.url))
    for step in ("business", "person", "bank", "terms"):
        await expect(form.locator("form")).to_have_attribute("id", step)
        if step == "terms":
            await form.check("#accept")
        await form.click("#submit")
    await expect(form.locator("#bar")).to_contain_text(
        "Back from Stripe's form: shop-1 is now PENDING_REVIEW."
    )
    (returned,) = [address for address in addresses if "onboarding=" in address]
    assert parse_qs(urlsplit(returned).query) == {
        "onboarding": ["returned"],
        "merchant": ["shop-1"],
        "status": ["PENDING_REVIEW"],
    }

    standing = (await execute(page, "MerchantStatus"))["merchant"]
    assert (standing["status"], standing["requirements"]["dueCount"]) == ("PENDING_REVIEW", 0)
    await page.get_by_role("button", name="Watch", exact=True).click()
    await page.get_by_label("Execute query").click()
    await expect(page.locator(".graphiql-response")).to_contain_text('"status": "PENDING_REVIEW"')
    run.control("clock", {"advance_seconds": 3600})
    await expect(page.locator(".graphiql-response")).to_contain_text('"status": "ACTIVE"')
    await page.get_by_label("Stop query").click()
    standing = (await execute(page, "MerchantStatus"))["merchant"]
    assert standing["status"] == "ACTIVE"
    await check_dashboard_pages(page, run, standing)
    platform = (await execute(page, "Platform"))["platform"]
    assert {"status": "ACTIVE", "count": 1} in platform["statusCounts"]
    assert platform["problems"] == []
    assert external_requests == []


async def test_start_page_and_local_stripe_are_accessible_and_follow_changes(
    run: Terminal, page: Page, external_requests: list[str]
) -> None:
    created = run.graphql(CREATE, {"input": new_merchant("start-1", country="DE", displayName="Start Shop")})
    account = created["createMerchant"]["merchant"]["account"]["stripeAccountId"]
    start, stripe = f"http://localhost:{run.start_port}/", f"http://127.0.0.1:{run.simulator_port}"
    found: list[Any] = []

    await page.goto(start)
    row = page.locator("#merchant-rows li", has_text="Start Shop")
    await expect(row.locator(".badge")).to_have_text("Onboarding")
    await page.get_by_label("Merchant", exact=True).check()
    field = page.get_by_label("External id of the merchant")
    await page.get_by_role("button", name="Make a token").click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("start-1")
    await page.get_by_label("Lifetime").select_option("60")
    await expect(page.locator("#token-command")).to_have_text(
        "make -s token ROLE=merchant MERCHANT=start-1 TTL=60"
    )
    await page.get_by_role("button", name="Make a token").click()
    await expect(page.locator("#token-life")).to_contain_text("Expires in")
    await expect(field).to_have_attribute("aria-invalid", "false")
    token = await page.locator("#token-text").inner_text()
    viewer = run.graphql(VIEWER, token=token)["viewer"]
    assert (viewer["role"], viewer["merchant"]) == ("MERCHANT", {"externalId": "start-1"})
    found += await axe.problems(page)

    for path in ("/", "/nothing", f"/dashboard/{account}"):
        await page.goto(f"{stripe}{path}")
        found += await axe.problems(page)
    await page.click("#complete")
    await page.fill("#business_phone", "xx")
    await page.click("#submit")
    await expect(page.locator("#business_phone")).to_be_focused()
    await expect(page.locator("#business_phone")).to_have_attribute(
        "aria-describedby", re.compile("^business_phone-error")
    )
    found += await axe.problems(page)

    await page.goto(f"{stripe}/dashboard/test/connect/accounts/{account}")
    await page.click("#play-activate")
    await expect(page.locator("#state")).to_have_text("active")
    found += await axe.problems(page)
    run.control(f"accounts/{account}", {"scenario": "past_due"})
    await expect(page.locator("#state")).to_have_text("restricted")
    await expect(page.locator("#deliveries .badge.active").first).to_have_text("delivered")
    assert (found, external_requests) == ([], [])


async def check_dashboard_pages(page: Page, run: Terminal, standing: dict[str, Any]) -> None:
    """Open this merchant's Dashboard pages on a phone without a link, and then the Dashboard with a link."""
    tasks = standing["dashboard"]["tasks"]
    urls = [standing["nextAction"]["url"], standing["dashboard"]["url"], *(task["url"] for task in tasks)]
    sections = ["", "", "requirements", "balance", "disputes", "payouts"]
    phone = await page.context.new_page()
    await phone.set_viewport_size({"width": 390, "height": 844})
    for url, section in zip(urls, sections, strict=True):
        assert url.startswith(f"http://127.0.0.1:{run.simulator_port}/dashboard/acct_")
        await phone.goto(url)
        await expect(phone.locator("h1")).to_have_text("Shop Example")
        if section:
            await expect(phone.locator(f"#{section}")).to_be_in_viewport()
        assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    await expect(phone.locator("#signed-in")).to_have_count(0)

    linked = (await execute(page, "OpenDashboard"))["createDashboardLink"]
    assert linked["__typename"] == "CreateDashboardLinkPayload"
    async with page.context.expect_page() as opened:
        await page.locator("#bar a").click()
    dashboard = await opened.value
    await expect(dashboard.locator("#signed-in")).to_have_text("Signed in through an account link.")
    # The link was used. A browser without the cookie gets no new link, and returns to GraphiQL.
    stranger = await new_context(page)
    expired = await stranger.new_page()
    await expired.goto(linked["url"])
    await expect(expired.locator("#bar")).to_contain_text(
        'The link into the Dashboard was used or has expired. Run "OpenDashboard" for a new one.'
    )
    await stranger.close()


async def new_context(page: Page) -> BrowserContext:
    browser = page.context.browser
    assert browser is not None
    return await browser.new_context()


async def execute(page: Page, operation: str) -> dict[str, Any]:
    """Run the operation of a tab and return the data that GraphiQL shows."""
    await page.locator(".graphiql-tab-button", has_text=operation).click()

    async with page.expect_response(lambda response: _is_about(response, operation)) as answered:
        await page.get_by_label("Execute query").click()
    body = json.loads(await (await answered.value).text())
    assert "errors" not in body, body
    data: dict[str, Any] = body["data"]
    await expect(page.locator(".graphiql-response")).to_contain_text(next(iter(data)))
    return data


def _is_about(answer: Response, operation: str) -> bool:
    sent = answer.request.post_data or ""
    return re.search(rf"(query|mutation) {operation}\b", sent) is not None


def test_a_second_run_over_the_same_data_is_refused(run: Terminal) -> None:
    refused = make(run.folder, "-s", "run", PORT=str(free_port()), SIMULATOR_PORT=str(free_port()))
    assert refused.returncode != 0
    assert "Error: another `make run` or `make demo` uses the data in" in refused.stderr
