"""Customers of an account, and the sessions that give an app access to one of them."""

from typing import Any

import stripe

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused

SHEET: dict[str, Any] = {"mobile_payment_element": {"enabled": True, "features": {}}}


async def test_a_customer_belongs_to_the_account_of_the_call(shop: Shop) -> None:
    order: Any = {"email": "a@b.example", "metadata": {"a": "1"}, "address": {"country": "AT"}}
    made = plain(await shop.v1.customers.create_async(order, shop.scope))
    assert (made["email"], made["address"]["country"], made["address"]["city"]) == ("a@b.example", "AT", None)
    assert await refused(shop.v1.customers.retrieve_async(made["id"])) == (
        404,
        "resource_missing",
        "id",
        f"No such customer: '{made['id']}'",
    )
    change: Any = {"name": "Ada", "metadata": {"a": "", "b": "2"}}
    await shop.v1.customers.update_async(made["id"], change, shop.scope)
    found = [
        (await shop.v1.customers.list_async({"email": email}, shop.scope)).data
        for email in ("a@b.example", "A@b.example")
    ]
    assert [(one.name, plain(one)["metadata"]) for one in found[0]] == [("Ada", {"b": "2"})]
    assert found[1] == []
    assert await shop.events() == [("customer.created", "account"), ("customer.updated", "account")]


async def test_a_payment_names_its_customer(shop: Shop) -> None:
    customer = (await shop.v1.customers.create_async({}, shop.scope)).id
    made = await shop.pay(customer=customer)
    await shop.pay()
    charge = (await shop.get(made["id"], "customer", "latest_charge"))["latest_charge"]
    assert (made["customer"], charge["customer"]) == (customer, customer)
    for service in (shop.v1.payment_intents, shop.v1.charges):
        page = await service.list_async({"customer": customer}, shop.scope)
        assert [one.customer for one in page.data] == [customer]
    missing = (400, "resource_missing", "customer", "No such customer: 'cus_none'")
    assert await refused(shop.pay(customer="cus_none")) == missing
    assert await refused(shop.checkout(customer="cus_none")) == missing
    session = await shop.checkout(customer=customer, expand=["customer"])
    assert session["customer"]["id"] == customer
    assert (await refused(shop.checkout(customer=customer, customer_email="a@b.example")))[0] == 400


async def test_a_customer_session_has_a_secret_for_the_enabled_components(shop: Shop) -> None:
    customer = (await shop.v1.customers.create_async({}, shop.scope)).id
    order: Any = {
        "customer": customer,
        "components": {
            "mobile_payment_element": {"enabled": True, "features": {"payment_method_save": "enabled"}}
        },
    }
    made = plain(await shop.v1.customer_sessions.create_async(order, shop.scope))
    assert made["client_secret"].startswith("cuss_secret_")
    assert (made["customer"], made["expires_at"] - made["created"], "id" in made) == (customer, 1800, False)
    parts = made["components"]
    assert [name for name, part in parts.items() if part["enabled"]] == ["mobile_payment_element"]
    assert parts["mobile_payment_element"]["features"]["payment_method_save"] == "enabled"
    assert parts["mobile_payment_element"]["features"]["payment_method_remove"] == "disabled"


async def test_a_customer_session_needs_the_accounts_customer_and_an_enabled_component(shop: Shop) -> None:
    create = shop.v1.customer_sessions.create_async
    own = (await shop.v1.customers.create_async({})).id
    found = [
        (await refused(create(order, shop.scope)))[:3]
        for order in (
            {"components": SHEET},
            {"customer": own},
            {"customer": own, "components": SHEET},
            {"customer": own, "components": {"mobile_payment_element": {}}},
        )
    ]
    assert found == [
        (400, "parameter_missing", "customer"),
        (400, "parameter_missing", "components"),
        (400, "resource_missing", "customer"),
        (400, "parameter_missing", "components"),
    ]
    off = {"customer": own, "components": {"payment_element": {"enabled": False}}}
    assert (await refused(create(off)))[2] == "components"


async def test_a_session_for_apps_needs_a_version_with_its_component(shop: Shop) -> None:
    customer = (await shop.v1.customers.create_async({}, shop.scope)).id
    order: Any = {"customer": customer, "components": SHEET}
    earlier: Any = {**shop.scope, "stripe_version": "2025-09-30.clover"}
    found = await refused(shop.v1.customer_sessions.create_async(order, earlier))
    assert found[:3] == (400, "parameter_unknown", "components[mobile_payment_element]")
    first: Any = {**shop.scope, "stripe_version": "2025-10-29.clover"}
    session: stripe.CustomerSession = await shop.v1.customer_sessions.create_async(order, first)
    assert session.customer == customer
