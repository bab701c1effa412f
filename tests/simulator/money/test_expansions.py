"""`expand` replaces ids by objects, up to four levels, and refuses other paths."""

from typing import Any

import pytest

from tests.simulator.money.conftest import Shop, refused


async def test_four_levels_are_expanded(shop: Shop) -> None:
    made = await shop.pay(application_fee_amount=10)
    await shop.refund(made, amount=300)
    path = "data.charge.payment_intent.latest_charge"
    page = await shop.v1.refunds.list_async({"expand": [path, "data.charge.refunds"]}, shop.scope)
    charge = page.data[0].charge
    assert charge.payment_intent.latest_charge.id == charge.id
    found = await shop.get(made["id"], "latest_charge.payment_intent.latest_charge.balance_transaction")
    inner = found["latest_charge"]["payment_intent"]["latest_charge"]
    assert inner["balance_transaction"]["amount"] == 1000
    assert [one.amount for one in charge.refunds.data] == [300]


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("latest_charge.colour", None, "This property cannot be expanded (latest_charge.colour)."),
        ("status", None, "This property cannot be expanded (status)."),
        (
            "latest_charge.payment_intent.latest_charge.payment_intent.latest_charge",
            "property_expansion_max_depth",
            (
                "You cannot expand more than 4 levels of a property. Property: "
                "latest_charge.payment_intent.latest_charge.payment_intent.latest_charge"
            ),
        ),
    ],
)
async def test_an_unknown_or_too_deep_path_is_refused(
    shop: Shop, path: str, code: str | None, message: str
) -> None:
    made = await shop.pay()
    query: Any = {"expand": [path]}
    found = await refused(shop.v1.payment_intents.retrieve_async(made["id"], query, shop.scope))
    assert found == (400, code, "expand", message)


async def test_a_path_of_a_list_begins_with_data(shop: Shop) -> None:
    query: Any = {"expand": ["latest_charge"]}
    found = await refused(shop.v1.payment_intents.list_async(query, shop.scope))
    assert found[3] == (
        "This property cannot be expanded (latest_charge). You may want to try expanding "
        "'data.latest_charge' instead."
    )


async def test_a_refused_path_changes_nothing(shop: Shop) -> None:
    made = await shop.pay()
    order = {"payment_intent": made["id"], "expand": ["charge.colour"]}
    found = await refused(shop.v1.refunds.create_async(order, shop.scope))
    assert found == (400, None, "expand", "This property cannot be expanded (charge.colour).")
    assert (await shop.v1.refunds.list_async({}, shop.scope)).data == []


async def test_a_path_of_an_empty_list_is_refused_too(shop: Shop) -> None:
    query: Any = {"expand": ["data.colour"]}
    found = await refused(shop.v1.refunds.list_async(query, shop.scope))
    assert found[3] == "This property cannot be expanded (data.colour)."


async def test_the_data_of_a_list_counts_as_a_level(shop: Shop) -> None:
    path = "data.charge.payment_intent.latest_charge.balance_transaction"
    query: Any = {"expand": [path]}
    found = await refused(shop.v1.refunds.list_async(query, shop.scope))
    message = f"You cannot expand more than 4 levels of a property. Property: {path}"
    assert found == (400, "property_expansion_max_depth", "expand", message)
