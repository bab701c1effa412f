"""The refresh and return addresses: a new link for the same browser, a redirect to the app for others."""

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.onboarding import cookie
from connect.merchants import links
from models import ConnectedAccount, Merchant, OnboardingLink, TimelineEntry, now
from testing import confidential
from testing.processes import Simulator
from testing.service import RETURN_TO, Service, eventually, running

ISSUE = """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to, collect: EVENTUALLY_DUE}) {
    __typename
    ... on CreateOnboardingLinkPayload { url expiresAt }
    ... on Error { message }
  }
}
"""
REFRESH = """
mutation ($id: String!) {
  refreshMerchant(input: {merchant: {externalId: $id}}) {
    ... on RefreshMerchantPayload { merchant { status } }
    ... on Error { message }
  }
}
"""
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


@dataclass
class Link:
    """An issued link, with the tokens in its address and in its cookie."""

    url: str
    token: str
    cookie: tuple[str, str]
    set_cookie: str

    @property
    def refresh(self) -> str:
        return f"/onboarding/refresh?link={self.token}"

    @property
    def back(self) -> str:
        return f"/onboarding/return?link={self.token}"


async def issue(service: Service, external_id: str = "shop-1", return_to: str = RETURN_TO) -> Link:
    """Issue a link for the browser `service.http`, which stores the cookie."""
    answer = await service.post(ISSUE, {"id": external_id, "to": return_to})
    payload = answer.json()["data"]["createOnboardingLink"]
    assert payload["__typename"] == "CreateOnboardingLinkPayload", payload
    set_cookie = answer.headers["set-cookie"]
    name, value = set_cookie.split(";")[0].split("=")
    # Stripe redirects the second use of a link to our refresh address.
    async with httpx.AsyncClient(trust_env=False, verify=False) as stripe:
        assert (await stripe.get(payload["url"])).headers["location"].startswith("/onboarding/")
        again = (await stripe.get(payload["url"])).headers["location"]
    token = again.removeprefix(f"{service.url}/onboarding/refresh?link=")
    assert re.fullmatch(r"[\w-]{43}", token)
    confidential.keep("link's address", token)
    return Link(payload["url"], token, (name, value), set_cookie)


@pytest.fixture
def service(service: Service) -> Service:
    """Drop all events, so only these routes change anything."""
    service.simulator.control("deliveries", {"mode": "drop"})
    return service


def stranger(service: Service, cookies: dict[str, str] | None = None) -> httpx.AsyncClient:
    """Return a browser without the link's cookie."""
    return httpx.AsyncClient(base_url=service.url, cookies=cookies, trust_env=False, verify=False)


async def ask(browser: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """Check the security headers. Return the status and the redirect's address, or "" without a redirect."""
    answer = await browser.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "set-cookie" not in answer.headers
    if answer.status_code != 302:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<script" not in answer.text
    return answer.status_code, answer.headers.get("location", "")


def account_calls(service: Service) -> dict[str, int]:
    """Return the calls to Stripe by name, except the worker's checks of the event destination."""
    calls: dict[str, int] = service.simulator.control("calls")["calls"]
    return {call: count for call, count in calls.items() if "account" in call}


async def count_link_calls(service: Service) -> int:
    calls: dict[str, int] = service.simulator.control("calls")["calls"]
    return calls.get("POST /v2/core/account_links", 0)


async def account_id() -> str:
    return (await ConnectedAccount.get()).stripe_account_id


def with_parameters(return_to: str = RETURN_TO, **parameters: str) -> str:
    return return_to + "".join(f"&{name}={value}" for name, value in parameters.items())


async def test_the_cookie_is_limited_to_the_onboarding_addresses(service: Service) -> None:
    await service.create()
    link = await issue(service)
    assert link.set_cookie == (
        f"{link.cookie[0]}={link.cookie[1]}; HttpOnly; Max-Age=86400; Path=/onboarding; SameSite=Lax"
    )
    assert re.fullmatch(r"connectql_link_[0-9a-f]{16}", link.cookie[0])
    assert re.fullmatch(r"[\w-]{43}", link.cookie[1])
    kept = repr(await OnboardingLink.all().values())
    assert not any(secret in kept for secret in (link.token, link.cookie[1], link.url))


def test_the_cookie_uses_the_public_path_behind_a_proxy() -> None:
    secure = "HttpOnly; Max-Age=86400; Path={}; SameSite=Lax; Secure"
    root, below = "https://connect.example", "https://api.example/connect"
    assert cookie("a", "b", "/onboarding", root) == f"a=b; {secure.format('/onboarding')}"
    assert cookie("a", "b", "/dashboard", below) == f"a=b; {secure.format('/connect/dashboard')}"


async def test_unknown_addresses_are_not_found(service: Service) -> None:
    await service.create()
    link = await issue(service)
    service.simulator.control("calls", method="DELETE")
    before = await Merchant.all().values()
    addresses = [
        "",
        "?link=",
        "?link=x",
        f"?link={link.token}x",
        f"?link={link.token[:-1]}",
        f"?link={link.token.swapcase()}",
        f"?link=%20{link.token}",
        f"?LINK={link.token}",
        f"?link={'x' * 128}",
        f"?link={link.token}{'x' * 20_000}",
        "?link=%00",
        "?link=%FF%FE",
        "?link=%ED%A0%80",
        "?link=%F0%9F%98%80",
        "?link=../../etc/passwd",
        "?link=<script>alert(1)</script>",
        "?link[]=1&link",
        "?" + "&" * 1000,
    ]
    for place in ("refresh", "return"):
        for address in addresses:
            assert await ask(service.http, f"/onboarding/{place}{address}") == (404, ""), (place, address)
    assert await Merchant.all().values() == before
    assert account_calls(service) == {}


async def test_only_the_browser_with_the_cookie_gets_a_new_link(service: Service) -> None:
    await service.create()
    link, other = await issue(service), await issue(service)
    calls_before = await count_link_calls(service)
    name, value = link.cookie
    for cookies in (
        {},
        {name: other.cookie[1]},
        {name: value[:-1]},
        {name: ""},
        {name: f'"{value}x"'},
        {name: "x" * 3000},
        {name: link.token},
        {other.cookie[0]: value},
        {"connectql_link": value},
    ):
        async with stranger(service, cookies) as browser:
            expected = with_parameters(onboarding="expired")
            assert await ask(browser, link.refresh) == (302, expected), cookies
    assert await count_link_calls(service) == calls_before
    assert (await Merchant.get()).links_issued == 2
    assert {row.refreshes for row in await OnboardingLink.all()} == {0}

    status, fresh = await ask(service.http, link.refresh)
    assert status == 302
    assert fresh.startswith(f"{service.simulator.base_url}/r/{await account_id()}/")
    assert fresh not in {link.url, other.url}
    async with stranger(service) as browser:
        opened = await browser.get(fresh)
        assert opened.headers["location"].startswith("/onboarding/onb_")
        assert (await browser.get(fresh)).headers["location"] == f"{service.url}{link.refresh}"
    merchant = await Merchant.get()
    assert (merchant.links_issued, await count_link_calls(service)) == (3, calls_before + 1)
    last = await TimelineEntry.filter(merchant_id=merchant.id).order_by("-id").first()
    assert last is not None
    assert (last.kind, last.actor) == ("LINK_ISSUED", "browser")


async def test_a_link_can_be_renewed_five_times_within_a_day(service: Service) -> None:
    await service.create()
    loop, old = await issue(service), await issue(service)
    stripe = service.simulator.base_url
    for _ in range(5):
        assert (await ask(service.http, loop.refresh))[1].startswith(f"{stripe}/r/")
    calls_before = await count_link_calls(service)
    ended = (302, with_parameters(onboarding="expired", merchant="shop-1", status="ONBOARDING"))
    for _ in range(2):
        assert await ask(service.http, loop.refresh) == ended
    row = await OnboardingLink.get(refreshes=0)
    await OnboardingLink.filter(id=row.id).update(created_at=await now() - timedelta(hours=24, seconds=5))
    assert await ask(service.http, old.refresh) == ended
    assert await count_link_calls(service) == calls_before
    await OnboardingLink.filter(id=row.id).update(created_at=await now() - timedelta(hours=23, minutes=59))
    assert (await ask(service.http, old.refresh))[1].startswith(f"{stripe}/r/")


async def test_concurrent_renewals_are_all_counted(service: Service) -> None:
    await service.create()
    link = await issue(service)
    answers = await asyncio.gather(*(ask(service.http, link.refresh) for _ in range(12)))
    stripe = f"{service.simulator.base_url}/r/"
    assert [location.startswith(stripe) for _, location in answers].count(True) == 5
    assert (await OnboardingLink.get()).refreshes == 5
    assert (await Merchant.get()).links_issued == 6


async def test_a_finished_account_gets_a_page_instead_of_a_link(service: Service) -> None:
    await service.create()
    link = await issue(service)
    account = await account_id()
    calls_before = await count_link_calls(service)
    for scenario, status in (("reject", "REJECTED"), ("unsupported", "UNSUPPORTED"), ("close", "CLOSED")):
        service.simulator.control(f"accounts/{account}", {"scenario": scenario})
        answer = await service.graphql(REFRESH, {"id": "shop-1"})
        assert answer["refreshMerchant"]["merchant"]["status"] == status
        assert await ask(service.http, link.refresh) == (409, ""), status
        assert await ask(service.http, link.back) == (
            302,
            with_parameters(onboarding="returned", merchant="shop-1", status=status),
        )
    assert await count_link_calls(service) == calls_before


async def test_a_disconnected_account_gets_a_page_instead_of_a_link(service: Service) -> None:
    await service.create()
    link = await issue(service)
    service.simulator.control("deliveries", {"mode": "live"})
    service.simulator.control(f"accounts/{await account_id()}", {"scenario": "deauthorize"})

    async def is_gone() -> bool:
        return (await Merchant.get()).status == "DISCONNECTED"

    await eventually(is_gone)
    assert await ask(service.http, link.refresh) == (409, "")
    # Stripe refuses the fetch, which must not delay the browser.
    assert await ask(service.http, link.back) == (
        302,
        with_parameters(onboarding="returned", merchant="shop-1", status="DISCONNECTED"),
    )


async def test_stripes_failures_give_a_page_instead_of_a_redirect(service: Service) -> None:
    await service.create()
    link = await issue(service)
    # An outage, a refusal, a refused key, and an unreadable answer.
    faults: list[dict[str, Any]] = [{"status": 503}, {"status": 400}, {"status": 401}, {"kind": "malformed"}]
    for fault in faults:
        at_once = {"Stripe-Should-Retry": "false"}
        path = "/v2/core/account_links"
        service.simulator.control("faults", {**fault, "path": path, "headers": at_once, "times": 9})
        assert await ask(service.http, link.refresh) == (503, ""), fault
        service.simulator.control("faults", method="DELETE")
    service.simulator.control("faults", {**faults[0], "path": path, "headers": at_once})
    assert (await service.http.get(link.refresh)).headers["Retry-After"] == "2"
    assert (await Merchant.get()).links_issued == 1
    # Renewals without an answer from Stripe do not count towards the five.
    assert (await OnboardingLink.get()).refreshes == 0
    for _ in range(links.MAX_REFRESHES):
        assert (await ask(service.http, link.refresh))[1].startswith(f"{service.simulator.base_url}/r/")


async def test_returning_fetches_the_account_without_an_event(service: Service) -> None:
    await service.create()
    link = await issue(service)
    account = await account_id()
    service.simulator.control(f"accounts/{account}", {"scenario": "review"})
    async with stranger(service) as browser:
        assert await ask(browser, link.back) == (302, with_parameters(onboarding="returned"))
    assert (await Merchant.get()).status == "PENDING_REVIEW"
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    assert await ask(service.http, link.back) == (
        302,
        with_parameters(onboarding="returned", merchant="shop-1", status="ACTIVE"),
    )
    merchant = await Merchant.get()
    assert merchant.status == "ACTIVE"
    assert merchant.last_returned_at is not None
    assert (await ConnectedAccount.get()).synced_by == "return"
    entries = await TimelineEntry.filter(merchant_id=merchant.id, kind="RETURNED").values_list("actor")
    assert entries == [("browser",), ("browser",)]

    # Without the cookie the account is fetched at most once a minute, and only on the first day of the link.
    service.simulator.control("calls", method="DELETE")
    async with stranger(service) as browser:
        assert await ask(browser, link.back) == (302, with_parameters(onboarding="returned"))
    assert account_calls(service) == {}
    created_at = (await OnboardingLink.get()).created_at
    await OnboardingLink.all().update(created_at=created_at - timedelta(days=2))
    assert (await ask(service.http, link.back))[0] == 302
    assert account_calls(service) == {}
    await OnboardingLink.all().update(created_at=created_at)

    # During an outage of Stripe the stored status is used.
    service.simulator.control(f"accounts/{account}", {"scenario": "past_due"})
    fault = {"path": "*", "method": "GET", "status": 503, "headers": {"Stripe-Should-Retry": "false"}}
    service.simulator.control("faults", fault)
    assert await ask(service.http, link.back) == (
        302,
        with_parameters(onboarding="returned", merchant="shop-1", status="ACTIVE"),
    )


async def test_a_browser_walks_to_the_form_and_back(service: Service) -> None:
    await service.create()
    link = await issue(service)
    fresh = (await ask(service.http, link.refresh))[1]
    opened = await service.http.get(fresh)
    form = httpx.URL(fresh).join(opened.headers["location"])
    left = await service.http.get(form.join("leave"))
    assert left.headers["location"] == f"{service.url}{link.back}"
    home = (await ask(service.http, left.headers["location"]))[1]
    assert home == with_parameters(onboarding="returned", merchant="shop-1", status="ONBOARDING")


async def test_the_apps_own_parameters_stay_unchanged(service: Service) -> None:
    await service.create()
    app = "http://app.example:3000"
    marks = "onboarding=returned&merchant=shop-1&status=ONBOARDING"
    cases = {
        app: (f"{app}?onboarding=returned", f"{app}?{marks}"),
        f"{app}/a#b?c": (f"{app}/a?onboarding=returned#b?c", f"{app}/a?{marks}#b?c"),
        f"{app}/?tab": (f"{app}/?tab&onboarding=returned", f"{app}/?tab&{marks}"),
        f"{app}/?q=a%20b+c&q=%FF;d&e=": (
            f"{app}/?q=a%20b+c&q=%FF;d&e=&onboarding=returned",
            f"{app}/?q=a%20b+c&q=%FF;d&e=&{marks}",
        ),
    }
    assert await returns(service, list(cases)) == cases


async def returns(service: Service, addresses: list[str]) -> dict[str, tuple[str, str]]:
    """Return the redirects of a browser without and with the cookie, for each of these `returnTo`."""
    results = {}
    for return_to in addresses:
        link = await issue(service, return_to=return_to)
        async with stranger(service) as browser:
            results[return_to] = (await ask(browser, link.back))[1], (await ask(service.http, link.back))[1]
    return results


async def test_the_parameters_of_an_earlier_return_are_removed(service: Service) -> None:
    await service.create()
    app = "http://app.example:3000/"
    marks = "onboarding=returned&merchant=shop-1&status=ONBOARDING"
    cases = {
        f"{app}?onboarding=x&%6Fnboarding=y&merchant=shop-9&status=ACTIVE&z=1": (
            f"{app}?z=1&onboarding=returned",
            f"{app}?z=1&{marks}",
        ),
        f"{app}?{marks}": (f"{app}?onboarding=returned", f"{app}?{marks}"),
        f"{app}?merchant&status=&merchant=a+b#x": (f"{app}?onboarding=returned#x", f"{app}?{marks}#x"),
        f"{app}?Merchant=1&merchants=2&my.status=3": (
            f"{app}?Merchant=1&merchants=2&my.status=3&onboarding=returned",
            f"{app}?Merchant=1&merchants=2&my.status=3&{marks}",
        ),
    }
    assert await returns(service, list(cases)) == cases


async def test_external_ids_are_encoded_in_the_address(service: Service) -> None:
    await service.create("a&b=ü/1")
    link = await issue(service, "a&b=ü/1")
    location = (await ask(service.http, link.back))[1]
    assert location == with_parameters(
        onboarding="returned", merchant="a%26b%3D%C3%BC%2F1", status="ONBOARDING"
    )


async def test_an_origin_that_was_removed_from_the_settings_gets_no_redirect(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path) as service:
        await service.create()
        link = await issue(service)
    other = "http://other.example:3000"
    async with running(database_url, simulator, tmp_path, RETURN_ORIGINS=other) as service:
        for path in (link.refresh, link.back):
            assert await ask(service.http, path) == (404, "")


async def test_other_methods_than_get_have_no_effect(service: Service) -> None:
    await service.create()
    link = await issue(service)
    before = await Merchant.all().values()
    service.simulator.control("calls", method="DELETE")
    for path in (link.refresh, link.back):
        head = await service.http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert {name: head.headers.get(name) for name in HEADERS} == HEADERS
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            assert (await service.http.request(method, path)).status_code == 405, method
    assert await Merchant.all().values() == before
    assert account_calls(service) == {}


async def test_links_of_several_merchants_in_one_browser_stay_separate(service: Service) -> None:
    accounts = {}
    for name in ("shop-1", "shop-2"):
        accounts[name] = (await service.create(name))["merchant"]["account"]["stripeAccountId"]
    first = await issue(service, "shop-1")
    second = await issue(service, "shop-2", "http://app.example:3000/two?a=1")
    again = await issue(service, "shop-1")
    assert len({first.cookie[0], second.cookie[0], again.cookie[0]}) == 3
    for link, account in ((first, "shop-1"), (second, "shop-2"), (again, "shop-1")):
        location = (await ask(service.http, link.refresh))[1]
        assert location.startswith(f"{service.simulator.base_url}/r/{accounts[account]}/")
    assert await ask(service.http, first.back) == (
        302,
        with_parameters(onboarding="returned", merchant="shop-1", status="ONBOARDING"),
    )
    assert await ask(service.http, second.back) == (
        302,
        with_parameters(
            "http://app.example:3000/two?a=1", onboarding="returned", merchant="shop-2", status="ONBOARDING"
        ),
    )
