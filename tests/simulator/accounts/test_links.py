"""Account links: their use cases, versions and refusals."""

from typing import Any

import httpx
import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import Stripe, error, plain

REFRESH = "https://app.example/refresh"
BEFORE, AFTER = "2026-08-26.dahlia", "2026-09-30.endive"
DASHBOARD = "2026-11-18.endive"


async def create(api: Stripe, account: str | None, case: Any, version: str = DASHBOARD) -> dict[str, Any]:
    """Create a link for a use case, with this version of the API."""
    body: Any = {"account": account, "use_case": case}
    options: Any = {"stripe_version": version}
    return plain(await api.client.v2.core.account_links.create_async(body, options))


async def refusal(api: Stripe, account: str | None, case: Any, version: str = DASHBOARD) -> tuple[str, str]:
    """Return the code and the message of a refused link."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await create(api, account, case, version)
    details = error(caught.value)
    return details["code"], details["message"]


def onboarding(**flow: Any) -> dict[str, Any]:
    return {"type": "account_onboarding", "account_onboarding": {"refresh_url": REFRESH, **flow}}


def dashboard(**flow: Any) -> dict[str, Any]:
    return {"type": "account_dashboard", "account_dashboard": {"refresh_url": REFRESH, **flow}}


async def test_each_missing_field_is_refused_with_stripes_message(api: Stripe) -> None:
    account = (await api.create())["id"]
    for chosen, case, path in (
        (None, onboarding(), "account"),
        (account, None, "use_case.type"),
        (account, {"account_onboarding": {"refresh_url": REFRESH}}, "use_case.type"),
        (account, {"type": "account_onboarding"}, "use_case.account_onboarding.refresh_url"),
        (account, {"type": "account_dashboard"}, "use_case.account_dashboard.refresh_url"),
    ):
        expected = ("parameter_missing", f"{path}: required request field missing")
        assert await refusal(api, chosen, case) == expected


async def test_configurations_are_required_and_compared_before_2026_09_30(api: Stripe) -> None:
    account = (await api.create())["id"]
    path = "use_case.account_onboarding.configurations"
    missing = ("parameter_missing", f"{path}: required request field missing")
    assert await refusal(api, account, onboarding(), BEFORE) == missing
    for named in (["customer"], ["customer", "merchant"]):
        code, _ = await refusal(api, account, onboarding(configurations=named), BEFORE)
        assert code == "configs_must_match_to_use_account_links"
    link = await create(api, account, onboarding(configurations=["merchant"]), BEFORE)
    assert link["use_case"]["account_onboarding"]["configurations"] == ["merchant"]


async def test_configurations_are_unknown_from_2026_09_30_on(api: Stripe) -> None:
    account = (await api.create())["id"]
    unknown = ("parameter_unknown", "use_case.account_onboarding.configurations: unknown field")
    assert await refusal(api, account, onboarding(configurations=["merchant"]), AFTER) == unknown
    link = await create(api, account, onboarding(), AFTER)
    assert "configurations" not in link["use_case"]["account_onboarding"]


async def test_a_dashboard_link_has_only_its_refresh_url(api: Stripe, sim: Simulator) -> None:
    account = (await api.create())["id"]
    link = await create(api, account, dashboard())
    assert link["url"].startswith(f"{sim.base_url}/r/{account}/alu_test_")
    assert link["use_case"] == {"type": "account_dashboard", "account_dashboard": {"refresh_url": REFRESH}}
    unknown = ("parameter_unknown", "use_case.account_dashboard.return_url: unknown field")
    assert await refusal(api, account, dashboard(return_url=REFRESH)) == unknown


async def test_a_dashboard_link_is_refused_before_version_2026_11_18(api: Stripe) -> None:
    account = (await api.create())["id"]
    unknown = ("parameter_unknown", "use_case.account_dashboard: unknown field")
    assert await refusal(api, account, dashboard(), "2026-10-28.endive") == unknown
    only_type = {"type": "account_dashboard"}
    code, _ = await refusal(api, account, only_type, "2026-10-28.endive")
    assert code == "parameter_invalid"


async def test_only_accounts_with_a_stripe_hosted_dashboard_get_a_dashboard_link(api: Stripe) -> None:
    application = {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}}
    express = (await api.create(dashboard="express", defaults=application))["id"]
    assert (await create(api, express, dashboard()))["account"] == express
    none = (await api.create(dashboard="none", defaults=application))["id"]
    assert (await refusal(api, none, dashboard()))[0] == "account_dashboard_not_available"


async def test_a_dashboard_link_opens_the_dashboard_once(api: Stripe, sim: Simulator) -> None:
    account = (await api.create())["id"]
    link = await create(api, account, dashboard())
    events = await api.events()
    async with httpx.AsyncClient(base_url=sim.base_url, trust_env=False) as browser:
        first = await browser.get(link["url"])
        assert first.headers["location"] == f"/dashboard/{account}"
        assert "Signed in through an account link" in (await browser.get(f"/dashboard/{account}")).text
        assert (await browser.get(link["url"])).headers["location"] == REFRESH
    async with httpx.AsyncClient(base_url=sim.base_url, trust_env=False) as stranger:
        assert "Signed in" not in (await stranger.get(f"/dashboard/{account}")).text
    assert await api.events() == events


async def test_a_dashboard_link_expires_after_five_minutes(api: Stripe, sim: Simulator) -> None:
    account = (await api.create())["id"]
    link = await create(api, account, dashboard())
    sim.control("clock", {"advance_seconds": 300})
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert (await browser.get(link["url"])).headers["location"] == REFRESH


async def test_switches_choose_the_unknown_behaviour_of_dashboard_links(api: Stripe, sim: Simulator) -> None:
    account = (await api.create())["id"]
    sim.control("switches", {"dashboard_link_needs_onboarding": True, "dashboard_link_asks_to_log_in": True})
    refused = await refusal(api, account, dashboard())
    assert refused == ("account_dashboard_not_available", "The account has not been onboarded.")
    sim.control(f"accounts/{account}", {"scenario": "activate"})
    link = await create(api, account, dashboard())
    async with httpx.AsyncClient(base_url=sim.base_url, trust_env=False) as browser:
        login = (await browser.get(link["url"])).headers["location"]
        assert login == f"/dashboard/{account}/login"
        assert "Log in to the Dashboard" in (await browser.get(login)).text
        assert (await browser.post(login)).headers["location"] == f"/dashboard/{account}"
        assert "Signed in" in (await browser.get(f"/dashboard/{account}")).text
