"""The refresh and return addresses: a browser with the cookie gets a new link, others are redirected."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.pages.onboarding import cookie
from connect.merchants import links
from models import Merchant, OnboardingLink, TimelineEntry, now
from testing.processes import Simulator
from testing.service import Service, eventually, running
from tests.api.onboarding_links import (
    account_calls,
    account_id,
    ask,
    check_headers,
    issue,
    stranger,
    with_parameters,
)

REFRESH = """
mutation ($id: String!) {
  refreshMerchant(input: {merchant: {externalId: $id}}) {
    ... on RefreshMerchantPayload { merchant { status } }
    ... on Error { message }
  }
}
"""


@pytest.fixture
def service(service: Service) -> Service:
    """Drop all events, so that only requests to the tested addresses change anything."""
    service.simulator.control("deliveries", {"mode": "drop"})
    return service


async def count_link_calls(service: Service) -> int:
    calls: dict[str, int] = service.simulator.control("calls")["calls"]
    return calls.get("POST /v2/core/account_links", 0)


@pytest.mark.one_database
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


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_a_rejected_unsupported_or_closed_account_gets_a_page_instead_of_a_link(
    service: Service,
) -> None:
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


@pytest.mark.one_database
async def test_a_disconnected_account_gets_a_page_instead_of_a_link(service: Service) -> None:
    await service.create()
    link = await issue(service)
    service.simulator.control("deliveries", {"mode": "live"})
    service.simulator.control(f"accounts/{await account_id()}", {"scenario": "deauthorize"})

    async def is_gone() -> bool:
        return (await Merchant.get()).status == "DISCONNECTED"

    await eventually(is_gone)
    assert await ask(service.http, link.refresh) == (409, "")
    # Stripe refuses the fetch, but the browser is still redirected.
    assert await ask(service.http, link.back) == (
        302,
        with_parameters(onboarding="returned", merchant="shop-1", status="DISCONNECTED"),
    )


@pytest.mark.one_database
async def test_if_stripe_fails_the_browser_gets_a_page_instead_of_a_redirect(service: Service) -> None:
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
    # Failed renewals do not count towards the limit of renewals.
    assert (await OnboardingLink.get()).refreshes == 0
    for _ in range(links.MAX_REFRESHES):
        assert (await ask(service.http, link.refresh))[1].startswith(f"{service.simulator.base_url}/r/")


@pytest.mark.slow
@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_other_methods_than_get_have_no_effect(service: Service) -> None:
    await service.create()
    link = await issue(service)
    before = await Merchant.all().values()
    service.simulator.control("calls", method="DELETE")
    for path in (link.refresh, link.back):
        head = await service.http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        check_headers(head)
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            assert (await service.http.request(method, path)).status_code == 405, method
    assert await Merchant.all().values() == before
    assert account_calls(service) == {}


@pytest.mark.one_database
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
