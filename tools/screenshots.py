"""`python -m tools.screenshots`: take the README's pictures from a running service."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, async_playwright, expect

from local.__main__ import OLD_SHOP
from testing import browser, processes
from testing.processes import ROOT, free_port
from testing.service import eventually

IMAGES = ROOT / "docs/images"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


async def take(chromium: Browser, url: str, simulator_url: str) -> None:
    """Take a picture of onboarding's person step on a phone, and one of GraphiQL on a desktop."""
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


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = browser.executable()
    if path is None:
        sys.exit(browser.ABSENT)
    port, simulator_port = free_port(), free_port()
    url = f"http://localhost:{port}"
    environment = {"PYTHONPATH": str(ROOT), "PORT": str(port), "SIMULATOR_PORT": str(simulator_port)}
    with (
        tempfile.TemporaryDirectory() as folder,  # var/ is here, so that the project's var/ stays unchanged
        processes.running(["-m", "local"], env=environment, ready=f"{url}/readyz", cwd=Path(folder)),
    ):
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=path, args=list(browser.ARGUMENTS))
            await take(chromium, url, f"http://127.0.0.1:{simulator_port}")
            await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
