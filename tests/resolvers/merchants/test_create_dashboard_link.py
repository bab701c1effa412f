"""createDashboardLink returns a link into the Dashboard that works once and is never stored."""

import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from models import OnboardingLink, TimelineEntry
from testing import confidential
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import RETURN_TO, Service
from testing.state import read_state, read_tables

pytestmark = pytest.mark.without_worker

LINK = """
mutation ($input: CreateDashboardLinkInput!) {
  createDashboardLink(input: $input) {
    __typename
    ... on CreateDashboardLinkPayload {
      url expiresAt
      merchant {
        onboarding { started linksIssued }
        timeline(first: 1) { edges { node { kind actor message } } }
      }
    }
    ... on Error { message }
    ... on DashboardLinkRefusedError { code loginUrl }
    ... on StripeUnavailableError { retryAfterSeconds }
  }
}
"""


async def post_link(
    service: Service,
    external_id: str = "shop-1",
    *,
    role: str = "operator",
    merchant: str | None = None,
    return_to: str = RETURN_TO,
) -> httpx.Response:
    link_input = {"merchant": {"externalId": external_id}, "returnTo": return_to}
    return await service.post(LINK, {"input": link_input}, role=role, merchant=merchant)


async def create_link(service: Service, external_id: str = "shop-1", **caller: Any) -> dict[str, Any]:
    answer = await post_link(service, external_id, **caller)
    result: dict[str, Any] = answer.json()["data"]["createDashboardLink"]
    return result


def browser() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False)


@pytest.mark.one_database
async def test_the_link_opens_the_dashboard_once_and_is_stored_nowhere(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    answer = await post_link(service, role="merchant", merchant="shop-1")
    result = answer.json()["data"]["createDashboardLink"]
    assert result["__typename"] == "CreateDashboardLinkPayload"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", result["expiresAt"])
    # A link into the Dashboard does not count as a start of onboarding.
    assert result["merchant"]["onboarding"] == {"started": False, "linksIssued": 0}
    entry = {
        "kind": "LINK_ISSUED",
        "actor": "development-merchant",
        "message": "A link into the Dashboard was issued.",
    }
    assert result["merchant"]["timeline"]["edges"] == [{"node": entry}]

    (morsel,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert re.fullmatch("connectql_link_[0-9a-f]{16}", morsel.key)
    assert (morsel["path"], morsel["httponly"], morsel["samesite"]) == ("/dashboard", True, "Lax")

    async with browser() as stripe:
        account = urlsplit(result["url"]).path.split("/")[2]
        opened = await stripe.get(result["url"])
        assert (opened.status_code, opened.headers["location"]) == (302, f"/dashboard/{account}")
        again = await stripe.get(result["url"])
        refresh_url = again.headers["location"]
    assert refresh_url.startswith(f"{service.url}/dashboard/refresh?link=")
    address = refresh_url.rpartition("=")[2]
    confidential.keep("link's address", address)
    dump = str(await read_tables())
    token = urlsplit(result["url"]).path.rpartition("/")[2]
    for secret in (result["url"], token, address, morsel.value):
        assert secret not in dump
    assert RETURN_TO in dump  # the dump does contain the values that are stored


async def test_only_a_browser_with_the_cookie_of_a_used_link_gets_a_new_link(
    service: Service,
) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    result = await create_link(service)
    async with browser() as stripe:
        await stripe.get(result["url"])
        refresh_url = (await stripe.get(result["url"])).headers["location"]
        stranger = await stripe.get(refresh_url)
        assert stranger.status_code == 302
        query = parse_qs(urlsplit(stranger.headers["location"]).query)
        assert query["dashboard"] == ["expired"]
        assert not {"merchant", "status", "onboarding"} & query.keys()

        owner = await service.http.get(refresh_url)  # this client has the cookie
        assert owner.status_code == 302
        fresh = owner.headers["location"]
        assert fresh != result["url"]
        opened = await stripe.get(fresh)
        assert opened.headers["location"].startswith("/dashboard/acct_")
        assert (await stripe.get(fresh)).headers["location"] == refresh_url
    row = await OnboardingLink.get()
    assert (row.use_case, row.refreshes) == ("account_dashboard", 1)
    entry = await TimelineEntry.all().order_by("-id").first()
    assert entry is not None
    message = "A used or expired link into the Dashboard was replaced."
    assert (entry.kind, entry.actor, entry.message) == ("LINK_ISSUED", "browser", message)


@pytest.mark.one_database
async def test_an_expired_link_leads_to_the_refresh_address(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    result = await create_link(service)
    service.simulator.control("clock", {"advance_seconds": 301})
    async with browser() as stripe:
        answer = await stripe.get(result["url"])
    assert answer.headers["location"].startswith(f"{service.url}/dashboard/refresh?link=")


@pytest.mark.one_database
async def test_a_refusal_contains_the_address_of_the_login_page(service: Service) -> None:
    drop_deliveries(service)
    account = (await service.create("shop-1"))["merchant"]["account"]["stripeAccountId"]
    login_page = f"https://dashboard.stripe.com/{account}/test/dashboard"
    service.simulator.control("switches", {"dashboard_link_needs_onboarding": True})
    assert await create_link(service) == {
        "__typename": "DashboardLinkRefusedError",
        "message": "The account has not been onboarded.",
        "code": "account_dashboard_not_available",
        "loginUrl": login_page,
    }
    assert await create_link(service, role="merchant", merchant="shop-1") == {
        "__typename": "DashboardLinkRefusedError",
        "message": "Stripe issues no link into the Dashboard. Log in at loginUrl.",
        "code": "refused",
        "loginUrl": login_page,
    }
    assert await OnboardingLink.all().count() == 0


@pytest.mark.one_database
async def test_a_rejected_merchant_gets_a_link(service: Service) -> None:
    drop_deliveries(service)
    account = (await service.create("shop-1"))["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "reject"})
    await service.graphql(
        'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
    )
    assert await service.merchant("shop-1", "status") == {"status": "REJECTED"}
    assert (await create_link(service))["__typename"] == "CreateDashboardLinkPayload"


@pytest.mark.one_database
async def test_each_error_has_its_type_and_sets_no_cookie_and_stores_no_link(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    await store([build_merchant(kind, kind) for kind in ("creating", "closed", "disconnected")])
    before = await read_state(service)
    assert (await create_link(service, "nobody"))["__typename"] == "MerchantNotFoundError"
    elsewhere = "https://elsewhere.example/"
    assert (await create_link(service, return_to=elsewhere))["__typename"] == "ReturnUrlNotAllowedError"
    for external_id, message in {
        "creating": "The account is still being created at Stripe. Try again in a moment.",
        "closed": "The account is closed. The platform can open another one with replaceAccount.",
        "disconnected": "The account is disconnected. The platform can open another one with replaceAccount.",
    }.items():
        answer = await post_link(service, external_id)
        assert answer.json()["data"]["createDashboardLink"] == {
            "__typename": "MerchantNotReadyError",
            "message": message,
        }
        assert "set-cookie" not in answer.headers
    assert await read_state(service) == before
    for fault, expected in ((REFUSED, "DashboardLinkRefusedError"), (UNAVAILABLE, "StripeUnavailableError")):
        inject_fault(service, "/v2/core/account_links", fault)
        answer = await post_link(service)
        assert answer.json()["data"]["createDashboardLink"]["__typename"] == expected
        assert "set-cookie" not in answer.headers
        clear_faults(service)
    assert await OnboardingLink.all().count() == 0
