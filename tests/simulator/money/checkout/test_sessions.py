"""Checkout Sessions: create, show, expire and list them, and their refusals."""

import time
from typing import Any

import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import ORDER, Shop, refused


def item(**data: Any) -> dict[str, Any]:
    """Return a line item with these fields of `price_data`."""
    price = {"currency": "usd", "unit_amount": 1250, "product_data": {"name": "Hat"}, **data}
    return {"quantity": 1, "price_data": {name: value for name, value in price.items() if value is not None}}


async def test_a_session_is_open_and_has_a_page_and_no_intent(shop: Shop) -> None:
    session = await shop.checkout(client_reference_id="order-1", metadata={"a": "1"})
    assert (session["status"], session["payment_status"], session["payment_intent"]) == (
        "open",
        "unpaid",
        None,
    )
    assert (session["amount_total"], session["currency"]) == (2500, "usd")
    assert session["expires_at"] - session["created"] == 86400
    assert session["url"] == f"{shop.simulator.base_url}/c/pay/{session['id']}"
    assert session["payment_method_types"] == ["card", "us_bank_account"]
    assert "line_items" not in session
    query: Any = {"expand": ["line_items.data.price.product"]}
    found = await shop.v1.checkout.sessions.retrieve_async(session["id"], query, shop.scope)
    line = found.line_items.data[0]
    assert (line.description, line.quantity, line.amount_total, line.price.product.name) == (
        "Hat",
        2,
        2500,
        "Hat",
    )
    lines = await shop.v1.checkout.sessions.line_items.list_async(session["id"], {}, shop.scope)
    assert [one.id for one in lines.data] == [line.id]


async def test_expire_ends_an_open_session_once(shop: Shop) -> None:
    session = await shop.checkout()
    expire = shop.v1.checkout.sessions.expire_async
    done = plain(await expire(session["id"], {}, shop.scope))
    assert (done["status"], done["url"]) == ("expired", None)
    assert (await refused(expire(session["id"], {}, shop.scope)))[3] == (
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status '
        "of `expired`."
    )
    assert [kind for kind, _ in await shop.events()] == ["checkout.session.expired"]


async def test_an_open_session_expires_automatically(shop: Shop) -> None:
    session = await shop.checkout(expires_at=int(time.time()) + 1860)
    shop.pass_time(1861)
    page = await shop.v1.checkout.sessions.list_async({"status": "expired"}, shop.scope)
    assert [one.id for one in page.data] == [session["id"]]


MINIMUM = "The Checkout Session's total amount due must add up to at least $0.50 usd"
CURRENCY = "line_items[0][price_data][currency]"
NO_CURRENCY = f"Missing required param: {CURRENCY}."
NO_PRICE = "No such price: 'price_none'"
ONE_CURRENCY = "All line items must have the same currency."
EARLY = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
LATE = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"line_items": [item(unit_amount=49)]}, (None, None, MINIMUM)),
        ({"line_items": [item(currency=None)]}, ("parameter_missing", CURRENCY, NO_CURRENCY)),
        ({"line_items": [{"price": "price_none"}]}, ("resource_missing", "line_items[0][price]", NO_PRICE)),
        ({"line_items": [item(), item(currency="eur")]}, (None, "line_items", ONE_CURRENCY)),
        ({"line_items": None}, ("parameter_missing", "line_items", "Missing required param: line_items.")),
        ({"expires_at": 60}, (None, "expires_at", EARLY)),
        ({"expires_at": 90000}, (None, "expires_at", LATE)),
        ({"success_url": "shop"}, ("url_invalid", "success_url", "Not a valid URL")),
        ({"mode": "setup"}, (None, "mode", "Invalid mode: must be payment or subscription")),
        ({"ui_mode": "hosted"}, (None, "ui_mode", "Invalid ui_mode: must be hosted_page")),
        ({"colour": "red"}, ("parameter_unknown", "colour", "Received unknown parameter: colour")),
    ],
)
async def test_an_invalid_session_is_refused_and_not_created(
    shop: Shop, change: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    if "expires_at" in change:
        change = {"expires_at": int(time.time()) + change["expires_at"]}
    order = {name: value for name, value in {**ORDER, **change}.items() if value is not None}
    made = await refused(shop.v1.checkout.sessions.create_async(order, shop.scope))
    assert made == (400, *expected)
    assert (await shop.v1.checkout.sessions.list_async({}, shop.scope)).data == []


async def test_payment_method_types_are_refused_since_endive(shop: Shop) -> None:
    order = {**ORDER, "payment_method_types": ["card"]}
    create = shop.v1.checkout.sessions.create_async
    assert (await refused(create(order, shop.scope)))[1] == "payment_method_types_no_longer_supported"
    earlier = {**shop.scope, "stripe_version": "2026-03-25.dahlia"}
    assert plain(await create(order, earlier))["payment_method_types"] == ["card"]


async def test_a_merchant_without_a_name_cannot_use_checkout(shop: Shop) -> None:
    nothing: Any = {"display_name": None, "identity": {"business_details": {"registered_name": None}}}
    await shop.client.v2.core.accounts.update_async(shop.account, nothing)
    status, _, _, message = await refused(shop.v1.checkout.sessions.create_async(ORDER, shop.scope))
    assert status == 400
    assert message.startswith("In order to use Checkout, you must set an account or business name")
