"""createOnboardingLink returns a link that works once and is never stored, and sets a cookie."""

import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from connect.stripe_api.gateway import Answer, Gateway
from models import OnboardingLink
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import ORIGIN, RETURN_TO, Service
from testing.state import read_state, read_tables

LINK = """
mutation ($input: CreateOnboardingLinkInput!) {
  createOnboardingLink(input: $input) {
    __typename
    ... on CreateOnboardingLinkPayload {
      url expiresAt
      merchant {
        externalId onboarding { started linksIssued lastLinkIssuedAt lastReturnedAt } nextAction { kind }
        timeline(first: 1) { edges { node { kind actor } } }
      }
    }
    ... on Error { message }
    ... on StripeRefusedError { code requestId }
    ... on StripeUnavailableError { retryAfterSeconds merchant { externalId } }
  }
}
"""


async def post_link(
    service: Service,
    external_id: str = "shop-1",
    *,
    role: str = "operator",
    merchant: str | None = None,
    **fields: Any,
) -> httpx.Response:
    link_input = {"merchant": {"externalId": external_id}, "returnTo": RETURN_TO, **fields}
    return await service.post(LINK, {"input": link_input}, role=role, merchant=merchant)


async def create_link(service: Service, external_id: str = "shop-1", **fields: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await post_link(service, external_id, **fields)).json()["data"][
        "createOnboardingLink"
    ]
    return result


async def test_the_link_opens_the_form_once_and_is_stored_nowhere(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    answer = await post_link(service, role="merchant", merchant="shop-1")
    result = answer.json()["data"]["createOnboardingLink"]
    assert result["__typename"] == "CreateOnboardingLinkPayload"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", result["expiresAt"])
    merchant = result["merchant"]
    assert (merchant["onboarding"]["started"], merchant["onboarding"]["linksIssued"]) == (True, 1)
    assert merchant["onboarding"]["lastLinkIssuedAt"] is not None
    assert merchant["onboarding"]["lastReturnedAt"] is None
    assert merchant["nextAction"] == {"kind": "RESUME_ONBOARDING"}
    assert merchant["timeline"]["edges"] == [
        {"node": {"kind": "LINK_ISSUED", "actor": "development-merchant"}}
    ]

    # The cookie is sent only to the onboarding paths and is hidden from scripts.
    (header,) = answer.headers.get_list("set-cookie")
    (morsel,) = SimpleCookie(header).values()
    assert re.fullmatch("connectql_link_[0-9a-f]{16}", morsel.key)
    assert len(morsel.value) >= 43
    assert morsel["path"] == "/onboarding"
    assert (morsel["httponly"], morsel["samesite"], morsel["secure"]) == (True, "Lax", "")
    assert (morsel["max-age"], morsel["domain"]) == ("86400", "")

    # A second link has its own cookie and does not affect the first.
    second = await post_link(service)
    assert second.json()["data"]["createOnboardingLink"]["url"] != result["url"]
    (other,) = SimpleCookie(second.headers["set-cookie"]).values()
    assert other.key != morsel.key

    async with httpx.AsyncClient(trust_env=False) as browser:
        opened = await browser.get(result["url"])
        assert opened.status_code == 302
        assert opened.headers["location"].startswith("/onboarding/onb_")
        again = await browser.get(result["url"])
        refresh_url = again.headers["location"]
    assert refresh_url.startswith(f"{service.url}/onboarding/refresh?link=")
    dump = str(await read_tables())
    address = refresh_url.rpartition("=")[2]
    token = urlsplit(result["url"]).path.rpartition("/")[2]
    assert len(token) > 30
    for secret in (result["url"], token, address, morsel.value):
        assert secret not in dump
    assert RETURN_TO in dump  # the dump contains stored values


@pytest.mark.one_database
async def test_return_to_must_be_on_an_allowed_origin(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    before = await read_state(service)
    refused = [
        "",
        "/connect",
        "http://app.example",
        "https://app.example:3000",
        "http://app.example:3001/",
        "http://app.example:3000.evil.example/",
        "http://app.example:3000@evil.example/",
        "http://me@app.example:3000/",
        "http://me:word@app.example:3000/",
        "http://evil.example/?http://app.example:3000",
        "//app.example:3000/",
        "javascript:alert(1)//app.example:3000",
        "http://app.example:3000\\@evil.example/",
        " http://app.example:3000/",
        "http://app.example:3000/a b",
        "http://app.example:3000/\n",
        "http://app.example:x/",
        "http://sub.app.example:3000/",
        f"{ORIGIN}/{'x' * 2048}",
        "http://app.example:3000/\ud7ff\x00",
    ]
    for return_to in refused:
        assert await create_link(service, returnTo=return_to) == {
            "__typename": "ReturnUrlNotAllowedError",
            "message": "returnTo must be an absolute http(s) address on one of the origins that the platform "
            "allows (setting CONNECTQL_RETURN_ORIGINS).",
        }, return_to
    assert await read_state(service) == before
    for return_to in (ORIGIN, f"{ORIGIN}/", "HTTP://APP.example:3000/x?y=1#z"):
        assert (await create_link(service, returnTo=return_to))["__typename"] == "CreateOnboardingLinkPayload"
        assert await OnboardingLink.filter(return_to=return_to).count() == 1


@pytest.mark.one_database
async def test_stripe_gets_the_information_to_collect_and_the_row_of_the_link_stores_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Answer] = []
    create = Gateway.create_account_link

    async def create_and_keep(*args: Any, **named: Any) -> Answer:
        answers.append(await create(*args, **named))
        return answers[-1]

    monkeypatch.setattr(Gateway, "create_account_link", create_and_keep)
    drop_deliveries(service)
    await service.create("shop-1")
    for collect, expected in [({}, "currently_due"), ({"collect": "EVENTUALLY_DUE"}, "eventually_due")]:
        await OnboardingLink.all().delete()
        await create_link(service, **collect)
        assert (await OnboardingLink.get()).collect == expected
        sent = answers.pop()["use_case"]["account_onboarding"]["collection_options"]
        assert sent["fields"] == expected


@pytest.mark.one_database
async def test_each_error_has_its_type_and_sets_no_cookie_and_stores_no_link(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    await store([build_merchant(kind, kind) for kind in ("creating", "closed", "disconnected", "rejected")])
    before = await read_state(service)
    assert await create_link(service, "nobody") == {
        "__typename": "MerchantNotFoundError",
        "message": "There is no such merchant.",
    }
    for external_id, message in {
        "creating": "The account is still being created at Stripe. Try again in a moment.",
        "closed": "The account is closed. The platform can open another one with replaceAccount.",
        "disconnected": "The account is disconnected. The platform can open another one with replaceAccount.",
        "rejected": "Stripe accepts no further information for this account.",
    }.items():
        answer = await post_link(service, external_id)
        assert answer.json()["data"]["createOnboardingLink"] == {
            "__typename": "MerchantNotReadyError",
            "message": message,
        }
        assert "set-cookie" not in answer.headers
    assert await read_state(service) == before

    for fault, expected in [
        (REFUSED, {"__typename": "StripeRefusedError", "message": "Stripe says no.", "code": "not_today"}),
        (
            UNAVAILABLE,
            {
                "__typename": "StripeUnavailableError",
                "message": "Stripe gave no definite answer. Repeat the same request; repeats are safe.",
                "retryAfterSeconds": 2,
                "merchant": {"externalId": "shop-1"},
            },
        ),
    ]:
        inject_fault(service, "/v2/core/account_links", fault)
        answer = await post_link(service)
        result = answer.json()["data"]["createOnboardingLink"]
        result.pop("requestId", None)
        assert result == expected
        assert "set-cookie" not in answer.headers
        clear_faults(service)
    rows, accounts, _ = before
    now_rows, now_accounts, _ = await read_state(service)
    assert now_accounts == accounts
    # The refusal made the service fetch the account: its freshness changed, and nothing else.
    assert {name for name in rows if rows[name] != now_rows[name]} == {"connected_account", "merchant"}


@pytest.mark.one_database
async def test_a_refused_link_shows_at_once_that_the_account_was_closed_at_stripe(idle: Service) -> None:
    drop_deliveries(idle)
    created = await idle.create("shop-1")
    account_id = created["merchant"]["account"]["stripeAccountId"]
    idle.simulator.control(f"accounts/{account_id}", {"scenario": "close"})
    guidance = "status nextAction { kind isActionable }"
    assert await idle.merchant("shop-1", guidance) == {
        "status": "ONBOARDING",
        "nextAction": {"kind": "START_ONBOARDING", "isActionable": True},
    }
    for _ in range(2):
        assert await create_link(idle) == {
            "__typename": "MerchantNotReadyError",
            "message": "The account is closed. The platform can open another one with replaceAccount.",
        }
        assert await idle.merchant("shop-1", guidance) == {
            "status": "CLOSED",
            "nextAction": {"kind": "NONE", "isActionable": False},
        }
