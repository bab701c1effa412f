"""The return address: a visit causes a fetch of the account and a redirect to the app."""

from datetime import timedelta

import httpx
import pytest

from models import ConnectedAccount, Merchant, OnboardingLink, TimelineEntry
from testing.service import Service
from tests.api.onboarding_links import (
    account_calls,
    account_id,
    ask,
    issue,
    stranger,
    with_parameters,
)

pytestmark = pytest.mark.without_worker


@pytest.fixture
def service(service: Service) -> Service:
    """Drop all events, so that only requests to the return address change anything."""
    service.simulator.control("deliveries", {"mode": "drop"})
    return service


async def test_a_visit_of_the_return_address_fetches_the_account_without_an_event(service: Service) -> None:
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

    # Without the cookie, the account is fetched at most once a minute. A link older than a day causes no
    # fetch.
    service.simulator.control("calls", method="DELETE")
    async with stranger(service) as browser:
        assert await ask(browser, link.back) == (302, with_parameters(onboarding="returned"))
    assert account_calls(service) == {}
    created_at = (await OnboardingLink.get()).created_at
    await OnboardingLink.all().update(created_at=created_at - timedelta(days=2))
    assert (await ask(service.http, link.back))[0] == 302
    assert account_calls(service) == {}
    await OnboardingLink.all().update(created_at=created_at)

    # During an outage of Stripe, the app gets the stored status.
    fault = {"path": "*", "method": "GET", "status": 503, "headers": {"Stripe-Should-Retry": "false"}}
    service.simulator.control("faults", {**fault, "times": 99})
    service.simulator.control(f"accounts/{account}", {"scenario": "past_due"})
    assert await ask(service.http, link.back) == (
        302,
        with_parameters(onboarding="returned", merchant="shop-1", status="ACTIVE"),
    )


@pytest.mark.one_database
async def test_a_browser_can_go_to_the_form_and_return(service: Service) -> None:
    await service.create()
    link = await issue(service)
    fresh = (await ask(service.http, link.refresh))[1]
    opened = await service.http.get(fresh)
    form = httpx.URL(fresh).join(opened.headers["location"])
    left = await service.http.get(form.join("leave"))
    assert left.headers["location"] == f"{service.url}{link.back}"
    home = (await ask(service.http, left.headers["location"]))[1]
    assert home == with_parameters(onboarding="returned", merchant="shop-1", status="ONBOARDING")


@pytest.mark.one_database
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
    """For each value of `returnTo`, return the redirects of a browser without and of one with the cookie."""
    results = {}
    for return_to in addresses:
        link = await issue(service, return_to=return_to)
        async with stranger(service) as browser:
            results[return_to] = (await ask(browser, link.back))[1], (await ask(service.http, link.back))[1]
    return results


@pytest.mark.one_database
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


@pytest.mark.one_database
async def test_external_ids_are_encoded_in_the_address(service: Service) -> None:
    await service.create("a&b=ü/1")
    link = await issue(service, "a&b=ü/1")
    location = (await ask(service.http, link.back))[1]
    assert location == with_parameters(
        onboarding="returned", merchant="a%26b%3D%C3%BC%2F1", status="ONBOARDING"
    )
