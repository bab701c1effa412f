"""Accounts under /v1: their creation, reads and account links, and their errors in v2."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import Stripe, error, plain

PLATFORM = "acct_1SimulatedPlatform"


@pytest.fixture
async def http(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client that sends the key as the user name, as curl does."""
    auth = httpx.BasicAuth("sk_test_v1", "")
    async with httpx.AsyncClient(base_url=sim.base_url, auth=auth, trust_env=False) as client:
        yield client


async def refusal(call: Any) -> tuple[int | None, str, str]:
    with pytest.raises(stripe.StripeError) as caught:
        await call
    details = error(caught.value)
    return caught.value.http_status, details["code"], details["message"]


async def test_the_account_of_the_key_is_the_platform(api: Stripe, http: httpx.AsyncClient) -> None:
    own = (await http.get("/v1/account")).json()
    assert (own["id"], own["object"]) == (PLATFORM, "account")
    account = (await api.create())["id"]
    merchant = await http.get("/v1/account", headers={"Stripe-Account": account})
    assert merchant.json()["id"] == account


@pytest.mark.parametrize(
    ("kind", "dashboard", "fees"),
    [
        ("standard", "full", "account"),
        ("express", "express", "application"),
        ("custom", "none", "application"),
    ],
)
async def test_an_account_is_created_by_type(
    http: httpx.AsyncClient, kind: str, dashboard: str, fees: str
) -> None:
    form = {"type": kind, "country": "DE", "email": "owner@shop.example", "metadata[a]": "1"}
    account = (await http.post("/v1/accounts", data=form)).json()
    assert (account["type"], account["controller"]["stripe_dashboard"]["type"]) == (kind, dashboard)
    assert account["controller"]["fees"] == {"payer": fees}
    assert (account["country"], account["default_currency"]) == ("DE", "eur")
    assert (account["email"], account["metadata"]) == ("owner@shop.example", {"a": "1"})
    assert (await http.get(f"/v1/accounts/{account['id']}")).json() == account


async def test_v2_accepts_a_new_account_of_v1_after_ten_minutes(
    api: Stripe, sim: Simulator, http: httpx.AsyncClient
) -> None:
    account = (await http.post("/v1/accounts", data={"type": "standard"})).json()["id"]
    await http.post(f"/v1/accounts/{account}", data={"metadata[foo]": "bar"})
    refused = (400, "account_not_yet_compatible_with_v2", "Account is not yet compatible with V2 APIs.")
    assert await refusal(api.fetch(account)) == refused
    assert await refusal(api.link(account)) == refused
    assert await refusal(api.client.v2.core.accounts.persons.list_async(account)) == refused
    assert plain(await api.client.v2.core.accounts.list_async())["data"] == []
    assert [event["type"] for event in await api.events()] == ["v1.account.updated"]
    sim.control("clock", {"advance_seconds": 600})
    assert (await api.fetch(account))["metadata"] == {"foo": "bar"}
    assert [event["type"] for event in await api.events()] == [
        "v2.core.account.created",
        "v1.account.updated",
    ]


async def test_scenarios_turn_an_account_into_a_v1_account(api: Stripe, sim: Simulator) -> None:
    account = (await api.create())["id"]
    sim.control(f"accounts/{account}", {"scenario": "new_v1_account", "seconds": 60})
    assert (await refusal(api.fetch(account)))[1] == "account_not_yet_compatible_with_v2"
    sim.control("clock", {"advance_seconds": 60})
    assert (await api.fetch(account))["id"] == account
    sim.control(f"accounts/{account}", {"scenario": "v1_only"})
    assert await refusal(api.fetch(account)) == (
        400,
        "v1_account_instead_of_v2_account",
        "V1 Account ID cannot be used in V2 Account APIs.",
    )
    customer = api.client.v2.core.accounts.retrieve_async("cus_1")
    assert (await refusal(customer))[1] == "v1_customer_instead_of_v2_account"


async def test_a_link_of_v1_opens_onboarding(sim: Simulator, http: httpx.AsyncClient) -> None:
    account = (await http.post("/v1/accounts", data={"type": "standard"})).json()["id"]
    urls = {"refresh_url": "https://app.example/refresh", "return_url": "https://app.example/return"}
    form = {"account": account, "type": "account_onboarding", **urls}
    link = (await http.post("/v1/account_links", data=form)).json()
    assert (link["object"], link["expires_at"] - link["created"]) == ("account_link", 300)
    opened = await http.get(link["url"].removeprefix(sim.base_url))
    assert opened.headers["location"].startswith("/onboarding/onb_")
    update = await http.post("/v1/account_links", data={**form, "type": "account_update"})
    assert update.json()["error"]["message"] == 'Invalid type: must be one of ["account_onboarding"]'


@pytest.mark.parametrize(
    ("answer", "status", "code"), [("not_found", 404, "not_found"), ("forbidden", 403, "forbidden")]
)
async def test_a_disconnected_account_is_not_accessible(
    api: Stripe, sim: Simulator, http: httpx.AsyncClient, answer: str, status: int, code: str
) -> None:
    account = (await api.create())["id"]
    sim.control(f"accounts/{account}", {"scenario": "deauthorize", "answer": answer})
    assert (await refusal(api.fetch(account)))[:2] == (status, code)
    context: Any = {"stripe_context": account}
    assert (await refusal(api.client.v2.core.events.list_async({}, context)))[:2] == (status, code)
    expected = (
        f"The provided key 'sk_test_***' does not have access to account '{account}' (or that account "
        "does not exist). Application access may have been revoked."
    )
    for path, headers in ((f"/v1/accounts/{account}", {}), ("/v1/account", {"Stripe-Account": account})):
        refused = await http.get(path, headers=headers)
        details = refused.json()["error"]
        assert (refused.status_code, details["code"], details["message"]) == (
            403,
            "account_invalid",
            expected,
        )
        assert (details["type"], details["doc_url"][-15:]) == ("invalid_request_error", "account-invalid")
