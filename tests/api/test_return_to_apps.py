"""Links return to apps that have a scheme of their own, and web views are refused."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from testing import confidential
from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import RETURN_TO, Service, running
from testing.waits import PATIENCE

pytestmark = [pytest.mark.one_database, pytest.mark.without_worker]

LINKS = {
    "onboarding": """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to}) {
    __typename
    ... on CreateOnboardingLinkPayload { url }
    ... on ReturnUrlNotAllowedError { message fields { name code } }
  }
}
""",
    "dashboard": """
mutation ($id: String!, $to: URL!) {
  createDashboardLink(input: {merchant: {externalId: $id}, returnTo: $to}) {
    __typename
    ... on CreateDashboardLinkPayload { url }
    ... on ReturnUrlNotAllowedError { message fields { name code } }
  }
}
""",
}
APP = "com.example.app:///connect?tab=payments#top"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
BROWSERS = {
    "Custom Tabs": f"{ANDROID} Mobile Safari/537.36",
    "Safari": f"{IPHONE} Version/26.0 Mobile/15E148 Safari/604.1",
    "Chrome on an iPhone": f"{IPHONE} CriOS/142.0.0.0 Mobile/15E148 Safari/604.1",
    "Firefox on an iPhone": f"{IPHONE} FxiOS/144.0 Mobile/15E148 Safari/605.1.15",
    "Firefox": "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0",
    "Edge": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "a web app on the Home Screen of an iPhone": f"{IPHONE} Mobile/15E148",
    "a web app on the Home Screen of an iPad": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "none": "",
}
WEB_VIEWS = {
    "Android": "Mozilla/5.0 (Linux; Android 10; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/142.0.0.0 Mobile Safari/537.36",
    "Facebook": f"{IPHONE} Mobile/15E148 Safari/604.1 [FBAN/FBIOS;FBAV/500.0.0.0.1]",
    "Instagram": f"{ANDROID} Mobile Safari/537.36 Instagram 400.0.0.0.1 Android",
    "Electron": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) app/1.0.0 "
    "Chrome/142.0.0.0 Electron/39.0.0 Safari/537.36",
}


@pytest.fixture
async def service(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    schemes = "com.example.app,myapp"
    async with running(database_url, simulator, tmp_path, RETURN_SCHEMES=schemes) as result:
        drop_deliveries(result)
        await result.create()
        yield result


async def refresh_address(service: Service, kind: str, return_to: str) -> str:
    """Issue a link for the browser `service.http`.

    Return the address to which the second use of the link leads.
    """
    answer = (await service.post(LINKS[kind], {"id": "shop-1", "to": return_to})).json()["data"]
    (result,) = answer.values()
    assert "url" in result, result
    async with httpx.AsyncClient(trust_env=False, timeout=30 * PATIENCE) as stripe:
        await stripe.get(result["url"])
        url: str = (await stripe.get(result["url"])).headers["location"]
    confidential.keep("link's address", url.rpartition("=")[2])
    return url


class Page(HTMLParser):
    """The address that a page opens automatically (`refresh`), the address of its button, and the number of
    its scripts.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.refresh: str | None = None
        self.button: str | None = None
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.scripts += tag == "script"
        if tag == "meta" and values.get("http-equiv") == "refresh":
            self.refresh = str(values["content"]).removeprefix("0;url=")
        if tag == "a":
            self.button = values["href"]


def opened(answer: httpx.Response) -> str:
    """The address in the app that a page opens."""
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert answer.headers["cache-control"] == "no-store"
    page = Page(answer.text)
    assert page.refresh == page.button
    assert page.button is not None
    assert page.scripts == 0
    return page.button


def stranger(service: Service) -> httpx.AsyncClient:
    """A browser without the link's cookie."""
    return httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=30 * PATIENCE)


async def test_a_finished_form_opens_the_app(service: Service) -> None:
    refresh = await refresh_address(service, "onboarding", APP)
    back = refresh.replace("/refresh?", "/return?")
    app = "com.example.app:///connect?tab=payments&onboarding=returned"
    async with stranger(service) as browser:
        assert opened(await browser.get(back)) == f"{app}#top"
    assert opened(await service.http.get(back)) == f"{app}&merchant=shop-1&status=ONBOARDING#top"


@pytest.mark.parametrize("kind", ["onboarding", "dashboard"])
async def test_an_expired_link_opens_the_app(service: Service, kind: str) -> None:
    refresh = await refresh_address(service, kind, "myapp:/connect?a='&b=%22")
    async with stranger(service) as browser:
        answer = await browser.get(refresh)
    assert opened(answer) == f"myapp:/connect?a='&b=%22&{kind}=expired"
    # A native app then requests a new link, which the browser can open.
    app = {"Authorization": f"Bearer {service.token('merchant', 'shop-1')}"}
    variables = {"id": "shop-1", "to": "myapp:/connect"}
    async with stranger(service) as native, stranger(service) as browser:
        body = {"query": LINKS[kind], "variables": variables}
        (result,) = (await native.post("/graphql", json=body, headers=app)).json()["data"].values()
        assert (await browser.get(result["url"], follow_redirects=True)).status_code == 200
    # The browser with the cookie gets a new link.
    renewed = await service.http.get(refresh)
    assert renewed.status_code == 302
    assert renewed.headers["location"].startswith(f"{service.simulator.base_url}/r/acct_")


@pytest.mark.parametrize("kind", ["onboarding", "dashboard"])
async def test_a_scheme_that_is_not_registered_is_refused(service: Service, kind: str) -> None:
    neutral = "The platform has not registered the scheme of returnTo"
    for caller, message in (
        ({}, f"{neutral} (setting CONNECTQL_RETURN_SCHEMES)."),
        ({"role": "merchant", "merchant": "shop-1"}, f"{neutral}."),
    ):
        variables = {"id": "shop-1", "to": "otherapp://connect"}
        (result,) = (await service.graphql(LINKS[kind], variables, **caller)).values()
        assert result == {
            "__typename": "ReturnUrlNotAllowedError",
            "message": message,
            "fields": [{"name": "returnTo", "code": "URL_NOT_ALLOWED"}],
        }


@pytest.mark.slow
async def test_a_scheme_that_was_removed_from_the_settings_opens_nothing(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, RETURN_SCHEMES="myapp") as service:
        await service.create()
        refresh = await refresh_address(service, "onboarding", "myapp://connect")
    async with running(database_url, simulator, tmp_path) as service:
        for path in ("refresh", "return"):
            answer = await service.http.get(f"/onboarding/{path}?{refresh.partition('?')[2]}")
            assert answer.status_code == 404
            assert "myapp" not in answer.text


@pytest.mark.parametrize("kind", ["onboarding", "dashboard"])
async def test_a_web_view_gets_the_reason_instead_of_a_link(service: Service, kind: str) -> None:
    refresh = await refresh_address(service, kind, RETURN_TO)
    service.simulator.control("calls", method="DELETE")
    for web_view in WEB_VIEWS.values():
        agent = {"User-Agent": web_view}
        answer = await service.http.get(refresh, headers=agent)  # with the cookie
        assert answer.status_code == 403
        assert "do not work inside an app" in answer.text
        page = Page(answer.text)
        assert (page.refresh, page.button, page.scripts) == (None, f"{RETURN_TO}&{kind}=web_view", 0)
        assert (await service.http.get(f"/{kind}/refresh?link=x", headers=agent)).status_code == 404
    assert "POST /v2/core/account_links" not in service.simulator.control("calls")["calls"]


async def test_a_web_view_may_return_to_the_app(service: Service) -> None:
    refresh = await refresh_address(service, "onboarding", APP)
    agent = {"User-Agent": WEB_VIEWS["Facebook"]}
    answer = await service.http.get(refresh.replace("/refresh?", "/return?"), headers=agent)
    assert opened(answer).startswith("com.example.app:///connect?")


async def test_a_browser_that_is_no_web_view_renews_its_link(service: Service) -> None:
    for browser in BROWSERS.values():
        refresh = await refresh_address(service, "onboarding", APP)
        renewed = await service.http.get(refresh, headers={"User-Agent": browser})
        assert renewed.headers["location"].startswith(f"{service.simulator.base_url}/r/acct_"), browser
