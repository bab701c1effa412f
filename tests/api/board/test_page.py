"""The page of the operator board: its settings, its content security policy and its built files."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.board import page as board
from api.configuration import settings as settings_module
from api.configuration.board_settings import BoardSettings
from testing.processes import Simulator
from testing.service import running
from tests.api.test_graphiql import PRODUCTION

SIGN_IN = BoardSettings(
    is_served=True,
    issuer="https://id.example/tenant",
    client_id="board</script>",
    scopes=("openid", "offline_access"),
    audience=None,
    resource="https://connect.example/graphql",
    provider_origins=frozenset({"https://login.example"}),
)


def settings_in(page: str) -> Any:
    element = re.search(r'<script type="application/json" id="settings">([^<]*)</script>', page)
    assert element
    return json.loads(element[1])


def test_the_page_names_the_provider_and_only_existing_files() -> None:
    page = board.page(SIGN_IN, path='/pay&"ments', token=None)
    assert settings_in(page) == {
        "base": '/pay&"ments/board',
        "endpoint": '/pay&"ments/graphql',
        "token": None,
        "provider": {
            "issuer": "https://id.example/tenant",
            "clientId": "board</script>",
            "scopes": "openid offline_access",
            "audience": None,
            "resource": "https://connect.example/graphql",
        },
    }
    named = re.findall(r'(?:src|href)="/pay&amp;&quot;ments/board/static/([^"]+)"', page)
    assert named == ["board.css", "board.js"]
    assert [name for name in named if not (board.STATIC / name).is_file()] == []


def test_the_policy_lets_the_page_call_only_this_service_and_the_provider() -> None:
    policy = board.headers(SIGN_IN)["Content-Security-Policy"].split("; ")
    assert "connect-src 'self' https://id.example https://login.example" in policy
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'"} <= set(policy)
    assert "unsafe" not in str(policy)


def test_the_script_and_the_style_stay_small() -> None:
    """The limits apply to the compressed files. A browser loads the second font only for rare letters."""
    sizes = {file.name: len(gzip.compress(file.read_bytes(), mtime=0)) for file in board.STATIC.iterdir()}
    assert sizes["board.js"] < 65_000
    assert sizes["board.css"] < 8_000
    assert sum(sizes.values()) < 210_000


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_production_serves_the_board_only_when_configured(database_url: str) -> None:
    answers = {}
    for served in ("off", "on"):
        variables = {
            **PRODUCTION,
            "CONNECTQL_DATABASE_URL": database_url,
            "CONNECTQL_BOARD": served,
            "CONNECTQL_BOARD_CLIENT_ID": "board",
        }
        app = create_app(settings_module.read(variables))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="https://connect.example") as http,
        ):
            paths = ("/board", "/board/", "/board/merchants/shop%2F1", "/board/static/board.js")
            answers[served] = [await http.get(path) for path in paths]
            # Clients resolve `..` before they send the request, so this is a page of the board.
            assert (await http.get("/board/static/../page.py")).status_code == (
                200 if served == "on" else 404
            )
            assert (await http.get("/board/static/%2e%2e/page.py")).status_code == 404
    assert [answer.status_code for answer in answers["off"]] == [404] * 4
    assert [answer.status_code for answer in answers["on"]] == [200] * 4
    page = answers["on"][2]
    assert settings_in(page.text)["provider"]["issuer"] == "https://id.example"
    assert settings_in(page.text)["token"] is None
    assert "connect-src 'self' https://id.example;" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert answers["on"][3].headers["Cache-Control"] == "no-cache"
    assert answers["on"][3].headers["Content-Type"].startswith("text/javascript")


@pytest.mark.one_database
async def test_only_a_local_browser_gets_the_operators_token(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, BOARD="on", WORKER="off") as service:
        port = service.settings.port
        for host, has_token in [(f"localhost:{port}", True), (f"evil.example:{port}", False)]:
            page = await service.http.get("/board", headers={"Host": host})
            assert (settings_in(page.text)["token"] is not None) is has_token, host
