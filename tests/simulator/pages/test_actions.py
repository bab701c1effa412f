"""The buttons on the pages: they play scenarios, and lose, hold or send notifications."""

import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from testing.processes import Simulator
from testing.service import eventually
from tests.simulator.conftest import Stripe, statuses

PLATFORM = "/dashboard/test/connect/accounts"


@pytest.fixture
async def browser(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """Return an HTTP client that shows redirects instead of following them."""
    async with httpx.AsyncClient(base_url=sim.base_url, trust_env=False, verify=False) as client:
        yield client


async def subscribe(sim: Simulator, url: str = "http://127.0.0.1:9/closed") -> None:
    """Create an event destination for updates of accounts. By default, nothing listens at the URL."""
    body = {
        "name": "tests",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v2.core.account.updated"],
        "events_from": ["@accounts"],
        "webhook_endpoint": {"url": url},
    }
    headers = {"Authorization": "Bearer sk_test_local", "Stripe-Version": "2026-10-28.endive"}
    sim.client.post("/v2/core/event_destinations", json=body, headers=headers).raise_for_status()


async def test_a_button_plays_a_scenario_and_redirects_to_the_account(
    api: Stripe, browser: httpx.AsyncClient
) -> None:
    account = (await api.create())["id"]
    page = (await browser.get(f"{PLATFORM}/{account}")).text
    assert set(re.findall(r'id="play-(\w+)"', page)) >= {"activate", "past_due", "reject", "close"}
    played = await browser.post(
        f"/accounts/{account}/scenario", data={"scenario": "activate", "from": "account"}
    )
    assert (played.status_code, played.headers["location"]) == (303, f"{PLATFORM}/{account}#scenarios")
    assert statuses(await api.fetch(account)) == ("active", "active")
    assert (
        await browser.post(f"/accounts/{account}/scenario", data={"scenario": "vanish"})
    ).status_code == 422
    assert (await browser.post("/accounts/acct_x/scenario", data={"scenario": "close"})).status_code == 422


async def test_the_next_notification_of_one_account_is_lost_and_can_be_sent_again(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    await subscribe(sim)
    first, second = [(await api.create(display_name=name))["id"] for name in ("First", "Second")]
    await browser.post("/losses", data={"account": first, "from": "account"})
    assert (
        "The next notification of this account will be lost."
        in (await browser.get(f"{PLATFORM}/{first}")).text
    )
    for account in (second, first, first):
        sim.control(f"accounts/{account}", {"scenario": "touch"})
    assert sim.control("losses") == {}
    sent = {(one["status"], _account(one)) for one in sim.control("deliveries")["data"]}
    assert ("dropped", first) in sent
    assert ("dropped", second) not in sent
    (lost,) = sim.control("deliveries?status=dropped")["data"]

    groups = re.findall(r"<summary><span>(.*?)</span>", (await browser.get("/")).text)
    assert groups == ["First", "Second"]
    again = await browser.post(
        f"/events/{lost['event']}/redeliver", data={"from": "account", "account": first}
    )
    assert again.headers["location"] == f"{PLATFORM}/{first}#deliveries"
    assert len(sim.control(f"deliveries?event={lost['event']}")["data"]) == 2
    assert (await browser.post("/events/evt_unknown/redeliver")).status_code == 404


def _account(delivery: dict[str, str]) -> str:
    return str(json.loads(delivery["payload"])["context"])


async def test_a_button_ends_the_loss_of_notifications_of_all_accounts(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    await subscribe(sim)
    account = (await api.create())["id"]
    assert sim.control("losses", {"count": 3}) == {"*": 3}
    sim.control(f"accounts/{account}", {"scenario": "touch"})
    assert sim.control("losses") == {"*": 2}
    await browser.post("/losses", data={"action": "stop"})
    assert sim.control("losses") == {}
    for wrong in ({"account": "acct_x"}, {"count": -1}, {"number": 1}):
        with pytest.raises(RuntimeError, match=r"No such account|count|number"):
            sim.control("losses", wrong)


async def test_notifications_are_held_and_sent_with_buttons(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    await subscribe(sim)
    account = (await api.create())["id"]
    await browser.post("/deliveries", data={"action": "hold"})
    sim.control(f"accounts/{account}", {"scenario": "touch"})
    assert "All notifications are held." in (await browser.get("/")).text
    assert sim.control("deliveries/counts")["statuses"]["held"] == 1
    await browser.post("/deliveries", data={"action": "live"})

    async def attempted() -> bool:
        return any(one["attempts"] for one in sim.control("deliveries")["data"])

    await eventually(attempted)


async def test_each_change_of_an_account_alters_the_number_of_changes(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    before = (await browser.get("/changes")).text
    assert (await browser.get("/changes")).text == before
    account = (await api.create())["id"]
    created = (await browser.get("/changes")).text
    assert created != before
    sim.control(f"accounts/{account}", {"scenario": "activate"})
    assert (await browser.get("/changes")).text != created


async def test_an_account_page_names_a_missing_document_of_an_owner(
    api: Stripe, browser: httpx.AsyncClient
) -> None:
    account = (await api.create())["id"]
    form = {"scenario": "owner_document", "from": "account"}
    assert (await browser.post(f"/accounts/{account}/scenario", data=form)).status_code == 303
    assert "Identity document of an owner" in (await browser.get(f"{PLATFORM}/{account}")).text
