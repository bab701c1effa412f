"""The hosted Checkout page, as a browser without JavaScript uses it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from testing.processes import Simulator
from tests.simulator.money.conftest import Shop, refused

CARD = {"email": "jo@example.com", "expiry": "12/34", "cvc": "123", "name": "Jo", "country": "US"}


@pytest.fixture
async def browser(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """Return an HTTP client that shows redirects instead of following them."""
    async with httpx.AsyncClient(base_url=sim.base_url, trust_env=False, verify=False) as client:
        yield client


async def submit(browser: httpx.AsyncClient, url: str, number: str, **more: str) -> httpx.Response:
    """Pay with a card."""
    return await browser.post(url, data={**CARD, "method": "card", "number": number, **more})


async def fetch(shop: Shop, session: dict[str, Any], *expand: str) -> Any:
    """Return a session."""
    query: Any = {"expand": list(expand)} if expand else {}
    return await shop.v1.checkout.sessions.retrieve_async(session["id"], query, shop.scope)


async def test_a_card_pays_and_the_payer_returns_to_the_shop(shop: Shop, browser: httpx.AsyncClient) -> None:
    session = await shop.checkout()
    page = await browser.get(session["url"])
    assert (page.status_code, "$25.00 USD" in page.text, "Hat" in page.text) == (200, True, True)
    assert 'href="https://shop.example/cart"' in page.text
    assert "<script" not in page.text
    answer = await submit(browser, session["url"], "4242 4242 4242 4242")
    assert answer.headers["location"] == f"https://shop.example/done?id={session['id']}"
    done = await fetch(shop, session, "payment_intent.latest_charge")
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert (done.customer_details.email, done.payment_intent.status) == ("jo@example.com", "succeeded")
    assert (done.payment_intent.application_fee_amount, done.payment_intent.metadata["order"]) == (100, "1")
    assert done.payment_intent.latest_charge.billing_details.name == "Jo"
    shop.pass_time(2)
    assert await shop.events() == [
        ("payment_intent.created", "account"),
        ("charge.succeeded", "account"),
        ("payment_intent.succeeded", "account"),
        ("checkout.session.completed", "account"),
        ("application_fee.created", "platform"),
        ("charge.updated", "account"),
    ]
    again = await browser.get(session["url"])
    assert "You have completed this payment." in again.text
    assert (await submit(browser, session["url"], "4242424242424242")).status_code == 200
    assert len((await shop.v1.charges.list_async({}, shop.scope)).data) == 1


async def test_a_decline_keeps_the_session_open_and_another_card_pays(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    session = await shop.checkout()
    for number, text in (
        ("4242424242424241", "Your card number is incorrect."),
        ("4000000000009995", "Your card has insufficient funds."),
        ("4000000000000069", "Your card has expired."),
    ):
        page = await submit(browser, session["url"], number)
        assert page.status_code == 422
        assert re.findall(r'id="declined">([^<]*)<', page.text) == [text]
    assert (await fetch(shop, session)).status == "open"
    assert (await submit(browser, session["url"], "5555555555554444")).status_code == 303
    done = await fetch(shop, session)
    charges = await shop.v1.charges.list_async({"payment_intent": done.payment_intent}, shop.scope)
    assert [one.status for one in charges.data] == ["succeeded", "failed", "failed"]
    assert [kind for kind, _ in await shop.events()] == [
        "payment_intent.created",
        *("charge.failed", "payment_intent.payment_failed") * 2,
        *("charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"),
    ]


async def test_3d_secure_fails_and_then_succeeds(shop: Shop, browser: httpx.AsyncClient) -> None:
    session = await shop.checkout()
    bank = (await submit(browser, session["url"], "4000000000003220")).headers["location"]
    assert "Confirm your payment of $25.00 USD" in (await browser.get(bank)).text
    back = await browser.post(bank, data={"result": "fail"})
    assert back.headers["location"] == session["url"]
    assert "We are unable to authenticate your payment method." in (await browser.get(session["url"])).text
    bank = (await submit(browser, session["url"], "4000000000003220")).headers["location"]
    done = await browser.post(bank, data={"result": "complete"})
    assert done.headers["location"] == f"https://shop.example/done?id={session['id']}"
    assert (await browser.post(bank, data={"result": "complete"})).status_code == 404
    assert [kind for kind, _ in await shop.events()] == [
        "payment_intent.created",
        "payment_intent.requires_action",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(
    ("account", "status", "events"),
    [
        ("000123456789", "paid", ("charge.succeeded", "payment_intent.succeeded", "succeeded")),
        ("000222222227", "unpaid", ("charge.failed", "payment_intent.payment_failed", "failed")),
    ],
)
async def test_a_bank_debit_succeeds_or_fails_later(
    shop: Shop, browser: httpx.AsyncClient, account: str, status: str, events: tuple[str, ...]
) -> None:
    session = await shop.checkout()
    form = {**CARD, "method": "us_bank_account", "account": account}
    assert (await browser.post(session["url"], data=form)).status_code == 303
    done = await fetch(shop, session, "payment_intent")
    assert (done.status, done.payment_status, done.payment_intent.status) == (
        "complete",
        "unpaid",
        "processing",
    )
    shop.pass_time(181)
    assert (await fetch(shop, session)).payment_status == status
    assert [kind for kind, _ in await shop.events()][:7] == [
        "payment_intent.created",
        "payment_intent.processing",
        "charge.pending",
        "checkout.session.completed",
        *events[:2],
        f"checkout.session.async_payment_{events[2]}",
    ]
    charge = (await shop.v1.charges.list_async({}, shop.scope)).data[0]
    assert charge.failure_code == (None if status == "paid" else "insufficient_funds")


async def test_an_expired_session_accepts_no_payment(shop: Shop, browser: httpx.AsyncClient) -> None:
    session = await shop.checkout()
    await submit(browser, session["url"], "4000000000000002")
    shop.pass_time(86401)
    assert "This page has expired" in (await browser.get(session["url"])).text
    assert "This page has expired" in (await submit(browser, session["url"], "4242424242424242")).text
    done = await fetch(shop, session, "payment_intent")
    assert (done.status, done.payment_intent.status) == ("expired", "canceled")
    assert (await browser.get("/c/pay/cs_none")).status_code == 404


async def test_the_intent_of_an_open_session_can_be_neither_confirmed_nor_canceled(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    session = await shop.checkout()
    await submit(browser, session["url"], "4000000000000002")
    intent = (await fetch(shop, session)).payment_intent
    for call in (shop.v1.payment_intents.cancel_async, shop.v1.payment_intents.confirm_async):
        assert (await refused(call(intent, {}, shop.scope)))[1] == "payment_intent_unexpected_state"
