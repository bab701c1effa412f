"""The code in docs/building-an-app.md and docs/mobile-apps.md compiles and works."""

import json
import re
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from connect.merchants.rules.status.status import Status
from connect.merchants.wording.statuses import STATUS_TITLES, TONES
from testing.processes import ROOT, Simulator
from testing.service import running
from tests.clients.conftest import HERE, NODE, PACKAGE, needs, run_node
from tests.journeys.app import hosting

pytestmark = pytest.mark.one_database

TEXT = (ROOT / "docs/building-an-app.md").read_text(encoding="utf-8")
MOBILE = (ROOT / "docs/mobile-apps.md").read_text(encoding="utf-8")
RENAME = """
mutation {
  updateMerchant(input: { merchant: { externalId: "shop-1" }, displayName: "Caps" }) { __typename }
}
"""
MADE = str(PACKAGE / "dist/.made")


def blocks(text: str, *languages: str) -> list[str]:
    """The code blocks of a document that are in these languages."""
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


FILES = {re.match(r"// (\S+)", block)[1]: block for block in blocks(TEXT, "ts", "tsx")}  # type: ignore[index]


@pytest.fixture
def guide() -> Iterator[Path]:
    """A folder with the guide's files. It is inside the package, so they can import the package by name."""
    folder = PACKAGE / ".guide" / uuid4().hex
    shutil.copytree(PACKAGE / "tests/guide", folder)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    for number, text in enumerate(blocks(MOBILE, "ts")):
        (folder / f"mobile-{number}.ts").write_text(text)
    yield folder
    shutil.rmtree(folder)


def call(folder: Path, url: str) -> None:
    """Let the files call this service."""
    for name in FILES:
        text = (folder / name).read_text()
        text = text.replace("http://localhost:8000", url).replace(
            "ws://localhost:8000", url.replace("http", "ws")
        )
        (folder / name).write_text(text)


def variables(text: str) -> dict[str, str]:
    """The settings in a shell script, by their names without the prefix CONNECTQL_."""
    return dict(re.findall(r"^CONNECTQL_(\w+)=(.*)$", text, re.MULTILINE))


async def test_each_file_compiles_and_the_app_works_with_three_clients(
    guide: Path, database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    await generate(guide)
    assert await run_node(guide, MADE, str(PACKAGE / "node_modules/typescript/bin/tsc"), "-p", ".") == ""
    await run_node(guide, MADE, "backend/create-key.ts")
    settings = variables("\n".join(blocks(TEXT, "sh")))
    assert settings["AUTH_AUDIENCE"] == "connectql"
    settings["JWKS_FILE"] = str(guide / "jwks.json")
    settings["PERSISTED_OPERATIONS"] = str(PACKAGE / "persisted-documents.json")
    async with running(database_url, simulator, tmp_path, **settings) as service:
        call(guide, service.url)
        result = json.loads(await run_node(guide, MADE, "main.ts"))
    assert result == {
        "signedOut": "Sign in again.",
        "signedUp": ["shop-1", "shop-1"],
        "viewer": ["jo", "MERCHANT", "shop-1"],
        "apollo": "Hats",
        "relay": "Hats",
        "live": ["Hats", "Hats", "Hats"],
        "persisted": "Hats",
        "refund": {"text": "This payment was not found.", "fields": {}},
        "forbidden": ["FORBIDDEN"],
        "amounts": ["12,34\u00a0€", 1250, None],
    }


async def generate(guide: Path) -> None:
    """Run the guide's configuration of graphql-codegen on the guide's operation."""
    (block,) = blocks(TEXT, "json")
    config = json.loads(block)
    (operation,) = blocks(TEXT, "graphql")
    (guide / "src/desk.graphql").write_text(operation)
    own, package = config["documents"]
    ((output, generated),) = config["generates"].items()
    config |= {
        "schema": str(ROOT / config["schema"]),
        "documents": [
            str(guide / own),
            str(PACKAGE / package.removeprefix("node_modules/@connectql/client/")),
        ],
        "generates": {str(guide / output): generated},
        "silent": True,
    }
    (guide / "codegen.json").write_text(json.dumps(config))
    tool = "node_modules/@graphql-codegen/cli/esm/bin.js"
    await run_node(HERE, "node_modules/.made", tool, "--config", str(guide / "codegen.json"))


async def test_the_page_notices_the_return_from_stripe_and_changes_and_reconnects(
    guide: Path, database_url: str, simulator: Simulator, tmp_path: Path, page: Page
) -> None:
    async def issue(_request: Request) -> Response:
        return JSONResponse({"token": service.token("merchant", "shop-1"), "expiresAt": "2999-01-01"})

    async def show(_request: Request) -> Response:
        return HTMLResponse(
            '<!doctype html><title>Shop</title><script type="module" src="/page.js"></script>'
        )

    routes: list[BaseRoute] = [
        Route("/portal", show),
        Route("/page.js", lambda _: FileResponse(guide / "page.js")),
        Route("/connectql-token", issue, methods=["POST"]),
    ]
    bound = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with (
        hosting(bound, routes),
        running(database_url, simulator, tmp_path, RETURN_ORIGINS=origin) as service,
    ):
        created = await service.create("shop-1", displayName="Hats")
        account = created["merchant"]["account"]["stripeAccountId"]
        call(guide, service.url)
        bundle = ["--bundle", "--format=esm", "--jsx=automatic", "--outfile=page.js", "--log-level=error"]
        await run_node(guide, MADE, str(PACKAGE / "node_modules/esbuild/bin/esbuild"), "browser.tsx", *bundle)
        address = f"{origin}/portal?tab=payments"
        await page.goto(address)
        await page.get_by_role("button", name="Start onboarding").click()
        await page.click("#leave")
        await expect(page.get_by_text("Welcome back.")).to_be_visible()
        await expect(page).to_have_url(address)
        await expect(page.locator("[data-tone=NEUTRAL]")).to_have_text("Onboarding")
        service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
        await expect(page.locator("[data-tone=POSITIVE]")).to_have_text("Active")
        await page.context.set_offline(True)
        await expect(page.get_by_text("Reconnecting …")).to_be_visible()
        await service.graphql(RENAME)
        await page.context.set_offline(False)
        await expect(page.get_by_role("heading")).to_have_text("Caps")
        await expect(page.get_by_text("Reconnecting …")).to_be_hidden()


def test_each_module_of_the_packed_package_can_be_imported(tmp_path: Path) -> None:
    needs(PACKAGE, MADE)
    assert blocks(TEXT, "sh")[0] == "make client\ncd clients/typescript && npm pack\n"
    pack = [str(NODE.with_name("npm")), "pack", "--silent", "--pack-destination", str(tmp_path)]
    subprocess.run(pack, cwd=PACKAGE, check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tgz")
    modules = tmp_path / "node_modules"
    with tarfile.open(archive) as tar:
        tar.extractall(modules / "@connectql", filter="data")
    (modules / "@connectql/package").rename(modules / "@connectql/client")
    for peer in (PACKAGE / "node_modules").iterdir():
        (modules / peer.name).symlink_to(peer)
    (tmp_path / "main.mjs").write_text(
        "import { createTokenSource } from '@connectql/client'\n"
        "import { urqlExecute } from '@connectql/client/urql'\n"
        "import { apolloExecute } from '@connectql/client/apollo'\n"
        "import { useLiveMerchant } from '@connectql/client/react'\n"
        "console.log([createTokenSource, urqlExecute, apolloExecute, useLiveMerchant].every(Boolean))"
    )
    run = subprocess.run([NODE, "main.mjs"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("true\n", "")


def test_the_table_of_statuses_is_complete() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| ([A-Z]+) \| [^|]+ \|$", TEXT, re.MULTILINE)
    assert rows == [(one.name, STATUS_TITLES[one], TONES[one].value) for one in Status]
