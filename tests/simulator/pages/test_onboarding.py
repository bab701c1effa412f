"""Account links and the hosted onboarding form."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import ACCOUNT, Stripe, items, statuses

DOCUMENT = "identity.individual.documents.primary_verification.front_back.front"
REFRESH = "https://app.example/refresh"
RETURN = "https://app.example/return"


@pytest.fixture
async def browser(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """Return an HTTP client that shows redirects instead of following them."""
    async with httpx.AsyncClient(base_url=sim.base_url, trust_env=False, verify=False) as client:
        yield client


def proposed(html: str) -> dict[str, str]:
    """Return the values with which a form is prefilled."""
    values = dict(re.findall(r'<input id="(\w+)" name="\w+" type="\w+" value="([^"]*)"', html))
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        values[name] = re.findall(r'<option value="(\w+)" selected', options)[0]
    return values


async def walk(browser: httpx.AsyncClient, url: str, **answers: str) -> tuple[list[str], str]:
    """Submit each step with its prefilled values. Return the steps and the final URL."""
    steps = []
    answer = await browser.get(url)
    while answer.headers["location"].startswith("/onboarding/"):
        place = answer.headers["location"]
        steps.append(place.rpartition("/")[2])
        page = await browser.get(place)
        form = {**proposed(page.text), "accept": "yes", **answers}
        answer = await browser.post(place, data=form)
        assert answer.status_code == 303, answer.text
    return steps, answer.headers["location"]


async def test_an_account_link_has_the_same_fields_as_at_stripe(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    assert "id" not in link
    assert re.fullmatch(rf"{sim.base_url}/r/{account['id']}/alu_test_\w{{40}}", link["url"])
    onboarding = {"refresh_url": REFRESH, "return_url": RETURN, "collection_options": None}
    assert link["use_case"] == {"type": "account_onboarding", "account_onboarding": onboarding}
    assert link["livemode"] is False


async def test_an_account_with_the_full_dashboard_gets_no_update_link(api: Stripe) -> None:
    account = await api.create()
    use_case: Any = {"type": "account_update", "account_update": {"refresh_url": REFRESH}}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await api.client.v2.core.account_links.create_async({"account": account["id"], "use_case": use_case})
    assert caught.value.user_message == 'Invalid type: must be one of ["account_onboarding"]'


async def test_submitting_all_steps_starts_a_review_and_then_activates_the_account(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    assert await walk(browser, link["url"]) == (["business", "person", "bank", "terms"], RETURN)
    reviewed = await api.fetch(account["id"])
    assert statuses(reviewed) == ("pending", "pending")
    assert items(reviewed) == [
        ("identity.business_details.id_numbers", "stripe"),
        ("identity.individual.id_numbers", "stripe"),
        (DOCUMENT, "stripe"),
        ("external_account", "stripe"),
    ]
    detail = {"code": "requirements_pending_verification", "resolution": "no_resolution"}
    capability = reviewed["configuration"]["merchant"]["capabilities"]["card_payments"]
    assert capability["status_details"] == [detail]
    sim.control("clock", {"advance_seconds": 61})
    active = await api.fetch(account["id"])
    assert statuses(active) == ("active", "active")
    assert active["requirements"]["entries"] == []
    assert active["requirements"]["summary"] is None
    changed = [
        event["data"]["updated_capability"]
        for event in await api.events(object_id=account["id"])
        if event["type"] == "v2.core.account[configuration.merchant].capability_status_updated"
    ]
    assert sorted(changed) == ["card_payments"] * 2 + ["stripe_balance.payouts"] * 2
    returned = await api.events(types=["v2.core.account_link.returned"])
    assert [event["data"] for event in returned] == [
        {"account_id": account["id"], "configurations": ["merchant"], "use_case": "account_onboarding"}
    ]
    assert "related_object" not in returned[0]


async def test_each_step_saves_its_answers_even_if_the_visitor_leaves(
    api: Stripe, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    first = (await browser.get(link["url"])).headers["location"]
    page = await browser.get(first)
    assert "Simulated Stripe:" in page.text
    assert "this is not a real onboarding, and no data leaves this machine" in page.text
    second = (await browser.post(first, data=proposed(page.text))).headers["location"]
    left = await browser.get(f"{second.rpartition('/')[0]}/leave")
    assert left.headers["location"] == RETURN
    saved = await api.fetch(account["id"])
    assert saved["identity"]["business_details"]["registered_name"] == "Test Shop LLC"
    assert items(saved)[0] == ("identity.individual.given_name", "user")
    assert statuses(saved) == ("restricted", "restricted")
    types = [event["type"] for event in await api.events(object_id=account["id"])]
    assert "v2.core.account[identity].updated" in types
    assert "v2.core.account[requirements].updated" in types
    # The old address of the form no longer works. A new link continues with the next step.
    assert (await browser.get(second)).headers["location"] == REFRESH
    again = await api.link(account["id"])
    assert (await walk(browser, again["url"]))[0] == ["person", "bank", "terms"]


async def test_saved_answers_are_shown_and_not_asked_again(api: Stripe, browser: httpx.AsyncClient) -> None:
    profile = {"business_url": "https://known.example"}
    account = await api.create(
        identity={"country": "US"}, defaults={**ACCOUNT["defaults"], "profile": profile}
    )
    link = await api.link(account["id"])
    page = await browser.get((await browser.get(link["url"])).headers["location"])
    assert "business_url" not in proposed(page.text)
    assert "https://known.example" in page.text


async def test_a_bad_answer_is_explained_and_nothing_is_saved(
    api: Stripe, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    place = (await browser.get(link["url"])).headers["location"]
    form = proposed((await browser.get(place)).text)
    wrong = {"business_url": "no url", "business_phone": "xx", "business_postal_code": "xx", "tax_id": "xx"}
    answer = await browser.post(place, data={**form, **wrong, "registered_name": "Kept"})
    assert answer.status_code == 422
    assert "4 answers need a change:" in answer.text
    fields = re.findall(r'<input id="(\w+)".*?aria-invalid="true" aria-describedby="(\S+)"', answer.text)
    assert fields == [
        (name, f"{name}-error")
        for name in ("business_postal_code", "business_phone", "tax_id", "business_url")
    ]
    errors = dict(re.findall(r'<p class="error" id="(\w+)-error">(.*?)</p>', answer.text))
    assert errors["business_phone"] == "Enter a phone number with its country code, such as +15555550100."
    assert proposed(answer.text)["registered_name"] == "Kept"
    assert items(await api.fetch(account["id"])) == items(account)


@pytest.mark.parametrize(
    ("country", "postal_code", "bank", "number"),
    [
        ("DE", "10119", "DE89370400440532013000", "de_hrn"),
        ("GB", "EC2A 3DU", "00012345", "gb_crn"),
        ("UY", "10000", "000123456789", "tax_id"),
    ],
)
async def test_the_form_is_prefilled_with_data_for_the_country(
    api: Stripe, browser: httpx.AsyncClient, country: str, postal_code: str, bank: str, number: str
) -> None:
    account = await api.create(identity={"country": country})
    link = await api.link(account["id"])
    place = (await browser.get(link["url"])).headers["location"]
    form = proposed((await browser.get(place)).text)
    assert form["business_postal_code"] == postal_code
    assert (await browser.post(place, data=form)).status_code == 303
    saved = (await api.fetch(account["id"]))["identity"]["business_details"]
    assert (saved["address"]["country"], saved["id_numbers"][0]["type"]) == (country, number)
    assert bank in (await browser.get(place.replace("/business", "/bank"))).text


async def test_a_visitor_goes_back_to_an_earlier_step_and_changes_an_answer(
    api: Stripe, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    business = (await browser.get(link["url"])).headers["location"]
    form = proposed((await browser.get(business)).text)
    person = (await browser.post(business, data={**form, "registered_name": "Typo Ltd"})).headers["location"]
    page = (await browser.get(person)).text
    assert f'<a href="{business}">Your business</a>' in page
    assert f'<a id="back" href="{business}">Back to your business</a>' in page
    again = proposed((await browser.get(business)).text)
    assert again == {**form, "registered_name": "Typo Ltd"}
    changed = await browser.post(business, data={**again, "registered_name": "Right Ltd"})
    assert changed.headers["location"] == person
    saved = await api.fetch(account["id"])
    assert saved["identity"]["business_details"]["registered_name"] == "Right Ltd"


async def test_a_rejected_document_is_required_again_until_a_good_one_is_accepted(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    await walk(browser, (await api.link(account["id"]))["url"], document="bad")
    assert statuses(await api.fetch(account["id"])) == ("pending", "pending")
    sim.control("clock", {"advance_seconds": 61})
    failed = await api.fetch(account["id"])
    assert statuses(failed) == ("restricted", "restricted")
    assert items(failed) == [(DOCUMENT, "user")]
    entry = failed["requirements"]["entries"][0]
    assert entry["errors"][0]["code"] == "verification_document_expired"
    assert entry["reference"]["type"] == "person"
    link = await api.link(account["id"])
    assert await walk(browser, link["url"], document="good") == (["person"], RETURN)
    assert items(await api.fetch(account["id"]))[0] == (DOCUMENT, "stripe")
    sim.control("clock", {"advance_seconds": 61})
    assert statuses(await api.fetch(account["id"])) == ("active", "active")


async def test_a_bank_account_can_be_added_later(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    await walk(browser, (await api.link(account["id"]))["url"], later="1")
    sim.control("clock", {"advance_seconds": 61})
    assert statuses(await api.fetch(account["id"])) == ("active", "restricted")
    await walk(browser, (await api.link(account["id"]))["url"])
    assert statuses(await api.fetch(account["id"])) == ("active", "active")


async def test_a_link_works_once(api: Stripe, browser: httpx.AsyncClient) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    assert (await browser.get(link["url"])).headers["location"].startswith("/onboarding/onb_")
    second = await browser.get(link["url"])
    assert (second.status_code, second.headers["location"]) == (302, REFRESH)


async def test_a_prefetch_uses_up_the_link(api: Stripe, browser: httpx.AsyncClient) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    await browser.head(link["url"])
    assert (await browser.get(link["url"])).headers["location"] == REFRESH


async def test_unusable_links_redirect_to_the_refresh_url(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    mistyped = await browser.get(f"/r/{account['id']}/alu_test_unknown")
    assert (mistyped.status_code, mistyped.headers["location"]) == (302, REFRESH)
    assert (await browser.get("/r/acct_unknown/alu_test_unknown")).status_code == 404
    sim.control("clock", {"advance_seconds": 601})
    assert (await browser.get(link["url"])).headers["location"] == REFRESH
    closing = await api.link(account["id"])
    sim.control(f"accounts/{account['id']}", {"scenario": "close"})
    assert (await browser.get(closing["url"])).headers["location"] == REFRESH


async def test_a_link_expires_at_the_time_in_expires_at(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    link = await api.link(account["id"])
    created, expires_at = (datetime.fromisoformat(link[name]) for name in ("created", "expires_at"))
    assert expires_at - created == timedelta(minutes=5)
    other = await api.link(account["id"])
    sim.control("clock", {"advance_seconds": 290})
    assert (await browser.get(link["url"])).headers["location"] != REFRESH
    sim.control("clock", {"advance_seconds": 10})
    assert (await browser.get(other["url"])).headers["location"] == REFRESH


async def test_the_dashboard_shows_the_four_tasks_of_a_merchant(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = await api.create()
    path = f"/dashboard/{account['id']}"
    before = (await browser.get(path)).text
    assert "There are no credentials for this Dashboard yet" in before
    titles = ["Onboarding requirements", "Balance and reports", "Disputes and refunds", "Payouts"]
    assert re.findall(r"<h2>(.*?)</h2>", before) == titles
    form = await browser.post(f"{path}/onboarding")
    assert form.headers["location"].startswith("/onboarding/onb_")
    sim.control(f"accounts/{account['id']}", {"scenario": "activate"})
    after = (await browser.get(path)).text
    assert "no credentials" not in after
    assert "Automatic, every business day." in after
    assert (await browser.get("/")).text.count(path) == 1


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("dashboard", ""),
        ("account/status", "#requirements"),
        ("balance/overview", "#balance"),
        ("disputes", "#disputes"),
        ("settings/payouts", "#payouts"),
    ],
)
async def test_paths_of_stripes_dashboard_redirect_to_sections_of_the_page(
    api: Stripe, browser: httpx.AsyncClient, page: str, section: str
) -> None:
    path = f"/dashboard/{(await api.create())['id']}"
    assert (await browser.get(f"{path}/test/{page}")).headers["location"] == f"{path}{section}"
    assert not section or f'id="{section[1:]}"' in (await browser.get(path)).text
    for unknown in (f"{path}/test/payments", f"{path}/{page}", f"/dashboard/acct_x/test/{page}"):
        assert (await browser.get(unknown)).status_code == 404


async def test_the_platforms_dashboard_shows_a_connected_account(
    api: Stripe, sim: Simulator, browser: httpx.AsyncClient
) -> None:
    account = (await api.create(display_name="Shop Example"))["id"]
    path = f"/dashboard/test/connect/accounts/{account}"
    before = (await browser.get(path)).text
    assert "<h1>Shop Example</h1>" in before
    assert "identity.individual.given_name" in before
    assert "v2.core.account.created" in before
    sim.control(f"accounts/{account}", {"scenario": "activate"})
    after = (await browser.get(path)).text
    assert re.findall(r"<code>(\w+(?:\.\w+)?)</code><span class=\"badge active\">", after) == [
        "card_payments",
        "stripe_balance.payouts",
    ]
    assert "No action is required." in after
    assert f'href="/dashboard/{account}"' in after
    assert (await browser.get("/dashboard/test/connect/accounts/acct_x")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/dashboard/{}", "/dashboard/test/connect/accounts/{}", "/static/style.css"]
)
async def test_no_page_refers_to_another_host(api: Stripe, browser: httpx.AsyncClient, path: str) -> None:
    account = await api.create()
    text = (await browser.get(path.format(account["id"]))).text
    assert re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", text) == []
