"""A merchant subscribes only once, and repeated and interrupted calls lead to one page that works."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest

from connect.errors import (
    AnswerUnusable,
    InvalidInput,
    MerchantNotReady,
    ServiceRunning,
    StripeRefused,
    StripeUnavailable,
)
from connect.merchants import accounts
from connect.merchants.rules.account.snapshot import decode
from connect.services import mirror, services
from models import ConnectedAccount, ServiceRequest, now
from testing.subscriptions import ORIGIN, Biller, create_price, read, submit
from tests.connect.conftest import SHOP

CREATE = "POST /v1/checkout/sessions"


async def test_a_page_begins_only_one_subscription(biller: Biller) -> None:
    page = await biller.start()
    again = await biller.start()
    assert (again.url, page.created, again.created) == (page.url, True, False)
    assert biller.shop.calls[CREATE] == 1
    account = await ConnectedAccount.get(merchant_id=biller.shop.merchant.id)
    assert decode(account.snapshot).applied_configurations == ("customer", "merchant")
    assert submit(page.url) == 303
    with pytest.raises(ServiceRunning) as caught:
        await biller.start()
    assert caught.value.merchant_row.id == biller.shop.merchant.id
    service = await biller.document()
    assert (service["status"], service["access"], service["dunning"]) == ("ACTIVE", "FULL", None)
    assert [one["status"] for one in service["invoices"]] == ["PAID"]
    stored = await ServiceRequest.all()
    assert not any(page.url in f"{one.body} {one.input}" for one in stored)
    # The call notices the end of the subscription without an event, so another subscription can begin.
    subscription = (await biller.service()).stripe_subscription_id
    biller.shop.simulator.control(f"subscriptions/{subscription}", {"scenario": "cancel"})
    assert (await biller.start()).created


async def test_simultaneous_calls_share_a_page(biller: Biller) -> None:
    pages = await asyncio.gather(*(biller.start() for _ in range(4)))
    assert len({page.url for page in pages}) == 1
    assert sum(page.created for page in pages) == 1
    assert biller.shop.calls[CREATE] == 1


async def test_a_call_with_another_input_closes_the_previous_page(biller: Biller) -> None:
    first = await biller.start()
    price = await create_price(biller.shop.gateway, "other", 3000)
    second = await biller.start(price=price, quantity=2, trial_days=7)
    assert second.url != first.url
    assert submit(first.url) == 200  # the page says that it is expired
    assert submit(second.url) == 303
    service = await mirror.refresh(biller.shop.gateway, await biller.service())
    assert service.is_open
    found = await biller.document()
    assert (found["status"], found["items"][0]["quantity"]) == ("TRIALING", 2)
    assert found["items"][0]["unitAmount"]["minorUnits"] == 3000


async def test_a_subscription_that_is_not_known_yet_prevents_another_page(biller: Biller) -> None:
    """The subscription began in Stripe's Dashboard, or on a page of this service, and its event has not
    arrived.
    """
    page = await biller.start()
    service = await mirror.refresh(biller.shop.gateway, await biller.service())
    assert (service.synced_at is not None, service.is_open) == (True, False)
    submit(page.url)
    await ServiceRequest.all().delete()
    with pytest.raises(ServiceRunning):
        await biller.start()


@pytest.mark.slow
async def test_a_page_of_a_replaced_account_begins_the_only_subscription(new_biller: Biller) -> None:
    biller, old = new_biller, new_biller.shop.account
    page = await biller.start()
    german = dataclasses.replace(SHOP, country="DE", display_name="Laden")
    await accounts.replace(biller.shop.gateway, biller.shop.merchant, old, german, actor="tests")
    assert submit(page.url) == 303
    with pytest.raises(ServiceRunning):
        await biller.start()
    service = await biller.service()
    assert (service.stripe_account_id, service.is_open) == (old, True)
    subscription = service.stripe_subscription_id
    biller.shop.simulator.control(f"subscriptions/{subscription}", {"scenario": "cancel"})
    assert (await biller.start()).created
    current = await ConnectedAccount.get(merchant_id=biller.shop.merchant.id)
    assert (await biller.service()).stripe_account_id == current.stripe_account_id != old


async def test_an_expired_page_is_replaced(biller: Biller) -> None:
    first = await biller.start()
    biller.shop.simulator.control("clock", {"advance_seconds": 86_500})
    second = await biller.start()
    assert (second.url != first.url, second.created) == (True, True)


async def test_a_lost_answer_causes_no_second_page(biller: Biller) -> None:
    biller.shop.simulator.control(
        "faults", {"path": "/v1/checkout/sessions", "kind": "reset_after", "times": 1}
    )
    with pytest.raises(StripeUnavailable):
        await biller.start()
    page = await biller.start()
    assert biller.shop.calls[CREATE] == 2  # both calls have the same idempotency key
    assert submit(page.url) == 303
    assert "Already done" in read(page.url)


async def test_the_service_gives_up_a_request_without_an_answer_after_a_day(biller: Biller) -> None:
    biller.shop.simulator.control(
        "faults", {"path": "/v1/checkout/sessions", "kind": "reset_after", "times": 1}
    )
    with pytest.raises(StripeUnavailable):
        await biller.start()
    await ServiceRequest.all().update(created_at=await now() - timedelta(days=1))
    page = await biller.start()
    assert [one.state for one in await ServiceRequest.all().order_by("number")] == ["REFUSED", "SUCCEEDED"]
    assert page.created


async def test_the_page_of_another_account_is_not_returned(biller: Biller) -> None:
    body = {
        "id": "cs_test_another",
        "object": "checkout.session",
        "status": "open",
        "customer_account": "acct_another",
        "url": "https://pay.example/another",
        "expires_at": 4_000_000_000,
    }
    fault = {"path": "/v1/checkout/sessions", "status": 200, "body": body}
    biller.shop.simulator.control("faults", fault)
    with pytest.raises(AnswerUnusable):
        await biller.start()
    page = await biller.start()
    assert page.url.startswith(biller.shop.simulator.base_url)


async def test_a_call_after_a_refusal_succeeds(biller: Biller) -> None:
    with pytest.raises(StripeRefused):
        await biller.start(price="price_unknown")
    assert (await biller.start()).created


async def test_merchants_can_choose_only_from_the_offered_prices(biller: Biller) -> None:
    with pytest.raises(InvalidInput) as caught:
        await biller.start(is_merchant=True, price="price_other", quantity=0, trial_days=7)
    assert [(one.name, one.code.name) for one in caught.value.fields] == [
        ("price", "NOT_AVAILABLE"),
        ("quantity", "OUT_OF_RANGE"),
        ("trialDays", "NOT_AVAILABLE"),
    ]
    assert (await biller.start(is_merchant=True)).created
    assert await ServiceRequest.all().count() == 1


async def test_the_portal_needs_a_service(biller: Biller) -> None:
    async def portal(address: str = f"{ORIGIN}/plans", *, cancels: bool = False) -> str:
        shop = biller.shop
        return await services.open_portal(
            shop.gateway, shop.merchant, address, origins={ORIGIN}, cancels=cancels
        )

    with pytest.raises(MerchantNotReady):
        await portal()
    submit((await biller.start()).url)
    await mirror.refresh(biller.shop.gateway, await biller.service())
    for cancels in (False, True):
        url = await portal(cancels=cancels)
        assert "Your subscription" in read(url)
    with pytest.raises(InvalidInput) as caught:
        await portal("https://other.example")
    assert caught.value.field == "returnTo"
