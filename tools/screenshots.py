"""`python -m tools.screenshots [trial] [demo]`: take the screenshots of `make run` and of `make demo`."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, async_playwright, expect

from local.stripe import OLD_SHOP
from testing import browser, processes
from testing.processes import ROOT, free_port
from testing.service import eventually

IMAGES = ROOT / "docs/images"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
# The merchant of the demo whose pages the screenshots show.
SHOWN = "Harbour Street Coffee"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


async def take(chromium: Browser, url: str, simulator_url: str) -> None:
    """Take screenshots of the onboarding form on a phone, and of GraphiQL on a desktop."""
    async with _page(chromium, **DESK) as page:
        await page.goto(f"{url}/graphql")
        await _execute(page, "CreateMerchant", "created")
        await _execute(page, "Onboard", "expiresAt")
        link = await page.locator(".graphiql-response").get_by_text(f'"{simulator_url}/r/').inner_text()
        async with _page(chromium, **PHONE) as phone:
            await phone.goto(link.strip('"'))
            await phone.click("#submit")
            await expect(phone.locator("form")).to_have_attribute("id", "person")
            await phone.screenshot(path=IMAGES / "onboarding.png")
        async with httpx.AsyncClient(base_url=simulator_url, trust_env=False) as stripe:
            accounts = (await stripe.get("/simulator/accounts")).json()["data"]
            (account,) = (one["id"] for one in accounts if one["id"] != OLD_SHOP["id"])
            await stripe.post(f"/simulator/accounts/{account}", json={"scenario": "fail_document"})
        await _execute(page, "MerchantStatus", "ACTION_REQUIRED")
        await page.get_by_label("Hide editor tools").click()
        await page.mouse.move(0, 0)
        await page.screenshot(path=IMAGES / "graphiql.png")


async def take_demo(chromium: Browser, start_url: str, url: str) -> None:
    """Take screenshots of the demo: the start page, the app, the board and the local Stripe."""
    async with _page(chromium, **DESK) as page:
        await page.goto(start_url)
        await expect(page.locator("#more-merchants")).to_have_text("Show all 40")
        await page.screenshot(path=IMAGES / "start.png")
        await page.locator("#more-merchants").click()
        row = page.locator("#merchant-rows li", has_text=SHOWN)
        account = await row.get_by_text("Scenarios").get_attribute("href")
        if await page.locator("a#portal").count():
            await row.get_by_text("Demo app").click()
            await expect(page.locator("h1")).to_contain_text("work")
            await page.wait_for_load_state("networkidle")
            await page.screenshot(path=IMAGES / "portal.png")
            async with _page(chromium, **PHONE) as phone:
                await phone.goto(start_url)
                await phone.locator("#more-merchants").click()
                await phone.locator("#merchant-rows li", has_text=SHOWN).get_by_text("Demo app").click()
                await expect(phone.locator("h1")).to_contain_text("work")
                await phone.wait_for_load_state("networkidle")
                await phone.screenshot(path=IMAGES / "portal-phone.png")
        assert account is not None
        await page.goto(account.partition("#")[0])
        await page.screenshot(path=IMAGES / "local-stripe.png")
        answer = await page.goto(f"{url}/board")
        if answer is not None and answer.ok:
            await page.wait_for_timeout(3000)  # a fixed time, because the board keeps a connection open
            await page.screenshot(path=IMAGES / "board.png")


@contextlib.asynccontextmanager
async def _page(chromium: Browser, **look: Any) -> AsyncIterator[Page]:
    context = await chromium.new_context(**look)
    yield await context.new_page()
    await context.close()


async def _execute(page: Page, operation: str, answer: str) -> None:
    """Open an operation's tab, press the button, and wait for the answer."""
    await page.locator(".graphiql-tab-button", has_text=operation).click()

    async def press() -> bool:
        await page.get_by_label("Execute query").click()
        with contextlib.suppress(AssertionError):
            await expect(page.locator(".graphiql-response")).to_contain_text(answer, timeout=1000)
            return True
        return False

    await eventually(press)


@contextlib.asynccontextmanager
async def _served(*arguments: str) -> AsyncIterator[tuple[str, str, str]]:
    """Run `python -m local` in a folder of its own. Yields the addresses of the API, the local Stripe and the
    start page.
    """
    port, simulator_port, start_port = free_port(), free_port(), free_port()
    url = f"http://localhost:{port}"
    ports = {"PORT": port, "SIMULATOR_PORT": simulator_port, "START_PORT": start_port}
    environment = {"PYTHONPATH": str(ROOT)} | {name: str(number) for name, number in ports.items()}
    with (
        tempfile.TemporaryDirectory() as folder,  # var/ is here, so that the project's var/ stays unchanged
        processes.running(
            ["-m", "local", *arguments],
            env=environment,
            ready=f"http://127.0.0.1:{start_port}/merchants",
            cwd=Path(folder),
            timeout=300,
        ),
    ):
        yield url, f"http://127.0.0.1:{simulator_port}", f"http://localhost:{start_port}"


async def main(names: Sequence[str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = browser.executable()
    if path is None:
        sys.exit(browser.ABSENT)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=list(browser.ARGUMENTS))
        if "trial" in names:
            async with _served() as (url, simulator_url, _):
                await take(chromium, url, simulator_url)
        if "demo" in names:
            async with _served("demo") as (url, _, start_url):
                await take_demo(chromium, start_url, url)
        await chromium.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or ("trial", "demo")))
