"""The start server gives tokens to pages of this machine only."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import jwt
import pytest

from local.settings import Place
from local.start.server import serving
from local.start.startup import Startup
from testing.processes import free_port
from testing.waits import PATIENCE

ORIGIN = "http://localhost:5173"


def finished() -> Startup:
    startup = Startup()
    startup.is_over = True
    return startup


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a start server whose API does not run. The development key is in a temporary folder."""
    folder = tmp_path_factory.mktemp("start")
    (folder / "dist/assets").mkdir(parents=True)
    (folder / "dist/index.html").write_text("the app")
    (folder / "dist/assets/app.js").write_text("code")
    here = Place(port=free_port(), start_port=free_port())
    with (
        pytest.MonkeyPatch.context() as changed,
        serving(here, finished(), portal=folder / "dist"),
        httpx.Client(base_url=here.start_url, trust_env=False, timeout=30 * PATIENCE) as client,
    ):
        changed.chdir(folder)
        yield client


def test_a_token_has_the_role_the_merchant_and_the_lifetime(http: httpx.Client) -> None:
    answer = http.get("/token", params={"role": "merchant", "merchant": "shop-1", "ttl": "60"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    claims = jwt.decode(made["token"], options={"verify_signature": False})
    assert (claims["role"], claims["merchant"], claims["exp"] - claims["iat"]) == ("merchant", "shop-1", 60)
    assert datetime.fromisoformat(made["expiresAt"]).timestamp() == claims["exp"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "role must be operator, service or merchant"),
        ("role=merchant", "merchant must be an external id"),
        ("role=operator&ttl=5m", "ttl must be a number of seconds"),
    ],
)
def test_a_wrong_parameter_is_refused(http: httpx.Client, query: str, message: str) -> None:
    answer = http.get(f"/token?{query}")
    assert (answer.status_code, answer.json()) == (400, {"error": {"message": message}})


@pytest.mark.parametrize("path", ["/", "/token?role=operator", "/merchants", "/portal/config.json"])
def test_a_request_for_another_host_name_is_refused(http: httpx.Client, path: str) -> None:
    """The host name belongs to a hostile site, but resolves to this machine."""
    answer = http.get(path, headers={"host": "hostile.example:8010"})
    assert (answer.status_code, answer.text) == (400, "Invalid host header")


def test_only_apps_on_this_machine_may_load_tokens(http: httpx.Client) -> None:
    def ask(**headers: str) -> tuple[int, str | None]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = http.get("/token?role=operator", headers=named)
        assert ("token" in answer.json()) == (answer.status_code == 200)
        return answer.status_code, answer.headers.get("access-control-allow-origin")

    assert ask() == (200, None)
    assert ask(origin=ORIGIN, sec_fetch_site="same-site") == (200, ORIGIN)
    assert ask(sec_fetch_site="same-origin") == (200, None)
    for origin in (
        "https://hostile.example",
        "null",
        "http://localhost:9999",
        "http://localhost:5173.hostile.example",
    ):
        assert ask(origin=origin) == (403, None)
    # A page of another site that loads the address as a script or an image sends no origin.
    assert ask(sec_fetch_site="cross-site") == (403, None)
    assert ask(sec_fetch_site="same-site") == (403, None)


def test_a_link_on_another_site_may_open_the_page(http: httpx.Client) -> None:
    answer = http.get("/", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_built_app_is_served_under_all_its_addresses(http: httpx.Client) -> None:
    texts = [http.get(f"/portal/{path}").text for path in ("", "payments/42", "assets/app.js")]
    assert texts == ["the app", "the app", "code"]
    for path in ("assets/other.js", "..%2f..%2fpyproject.toml"):
        missing = http.get(f"/portal/{path}")
        assert missing.status_code == 404
        assert "<h1>There is no such page</h1>" in missing.text
    assert http.get("/portal/config.json").json() | {"apiUrl": "", "subscriptionUrl": ""} == {
        "apiUrl": "",
        "subscriptionUrl": "",
        "tokenUrl": str(http.base_url.join("/token")),
        "merchantsUrl": str(http.base_url.join("/merchants")),
    }


def test_the_page_explains_how_to_build_a_missing_app(tmp_path: Path) -> None:
    here = Place(port=free_port(), start_port=free_port())
    with (
        serving(here, finished(), portal=tmp_path / "missing"),
        httpx.Client(
            base_url=f"http://127.0.0.1:{here.start_port}", trust_env=False, timeout=30 * PATIENCE
        ) as http,
    ):
        assert "<code>make demo</code> builds it" in http.get("/").text
        for path in ("/portal/", "/portal/assets/app.js"):
            missing = http.get(path)
            assert (missing.status_code, "The demo app is not built yet" in missing.text) == (404, True)
        assert "<h1>There is no such page</h1>" in http.get("/portals").text
        assert http.get("/merchants").json() == {"error": {"message": "The API does not answer."}}
