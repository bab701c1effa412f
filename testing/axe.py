"""Checks the accessibility of pages with the rules of axe-core, and whether they fit on a phone.

axe-core is a package of tests/clients, which `make test` installs.
"""

import os
from typing import Any, Literal

import pytest
from playwright.async_api import Page, ViewportSize

from testing.processes import ROOT

AXE = ROOT / "tests/clients/node_modules/axe-core/axe.min.js"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[ViewportSize, Scheme], ...] = ((PHONE, "dark"), (DESKTOP, "light"))
_RUN = """
async () => (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
"""

_NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def problems(page: Page) -> list[Any]:
    """Return the page's violations on a phone in dark mode and on a desktop in light mode.

    A page that is wider than the screen counts as a violation, too.
    """
    if not AXE.exists():
        if os.environ.get("CI"):
            pytest.fail("axe-core is not installed; `make test` installs it")
        pytest.skip("axe-core is not installed; `make test` installs it")
    found: list[Any] = []
    for size, scheme in LOOKS:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.evaluate(_NEXT_FRAME)  # until then, parts of the page may have their old colors
        # The page's security policy forbids scripts of other origins, but does not apply to `evaluate`.
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        found += [(page.url, scheme, *one) for one in await page.evaluate(_RUN)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((page.url, "too wide", size))
    return found
