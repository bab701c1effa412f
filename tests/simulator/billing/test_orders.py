"""Subscriptions that the platform creates by a call: charged, incomplete, with sent invoices, or refused."""

from typing import Any

from tests.simulator.billing.conftest import DAY, Billing
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import refused


async def test_a_call_with_a_card_begins_the_subscription(billing: Billing) -> None:
    await billing.events()
    made = await billing.order(default_payment_method="pm_card_visa", metadata={"a": "1"})
    assert (made["status"], made["latest_invoice"]["status"], made["metadata"]) == (
        "active",
        "paid",
        {"a": "1"},
    )
    assert await billing.events() == [
        "customer.subscription.created",
        "customer.subscription.incomplete",
        "invoice.created",
        "invoice.finalized",
        "invoice_payment.paid",
        "invoice.paid",
        "customer.subscription.updated",
        "customer.subscription.active",
    ]
    await billing.renew(made)
    assert (await billing.subscription(made["id"]))["latest_invoice"]["amount_paid"] == 4000


async def test_a_subscription_is_incomplete_until_its_first_payment(billing: Billing) -> None:
    declined = await billing.order(default_payment_method="pm_card_visa_chargeDeclined")
    assert (declined["status"], declined["latest_invoice"]["attempt_count"]) == ("incomplete", 1)
    await billing.submit(declined["latest_invoice"]["hosted_invoice_url"], number="4242424242424242")
    assert (await billing.subscription(declined["id"]))["status"] == "active"
    waiting = await billing.order(payment_behavior="default_incomplete")
    assert (waiting["status"], waiting["latest_invoice"]["attempt_count"]) == ("incomplete", 0)
    billing.shop.pass_time(23 * 3600 + 1)
    over = await billing.subscription(waiting["id"])
    assert (over["status"], over["latest_invoice"]["status"]) == ("incomplete_expired", "void")
    trial = await billing.order(trial_period_days=7)
    assert (trial["status"], trial["latest_invoice"]["status"]) == ("trialing", "paid")


async def test_a_sent_invoice_is_due_after_days_until_due(billing: Billing) -> None:
    made = await billing.order(collection_method="send_invoice", days_until_due=10)
    assert (made["status"], made["days_until_due"], made["latest_invoice"]["status"]) == (
        "active",
        10,
        "draft",
    )
    await billing.events()
    billing.shop.pass_time(3601)
    assert await billing.events() == ["invoice.finalized", "invoice.sent"]
    billing.shop.pass_time(10 * DAY)
    assert await billing.events() == [
        "invoice.overdue",
        "customer.subscription.past_due",
        "customer.subscription.updated",
    ]
    late = await billing.subscription(made["id"])
    invoice = late["latest_invoice"]
    finalized = invoice["status_transitions"]["finalized_at"]
    assert (late["status"], invoice["due_date"], invoice["attempt_count"]) == (
        "past_due",
        finalized + 10 * DAY,
        0,
    )
    billing.shop.pass_time(30 * DAY)
    assert (await billing.subscription(made["id"]))["status"] == "canceled"
    paid = await billing.order(collection_method="send_invoice", days_until_due=1)
    billing.shop.pass_time(2 * DAY)
    url = (await billing.subscription(paid["id"]))["latest_invoice"]["hosted_invoice_url"]
    await billing.events()
    declined = await billing.submit(url, number="4000000000009995")
    assert (declined.status_code, await billing.events()) == (422, ["invoice.payment_failed"])
    assert (await billing.subscription(paid["id"]))["latest_invoice"]["attempt_count"] == 1
    await billing.submit(url, number="4242424242424242")
    assert (await billing.subscription(paid["id"]))["status"] == "active"


async def test_a_price_changes_from_the_next_period(billing: Billing) -> None:
    made = await billing.order(default_payment_method="pm_card_visa")
    other = await billing.add_price(500)
    item = made["items"]["data"][0]["id"]
    change: Any = {"items": [{"id": item, "price": other, "quantity": 3}], "proration_behavior": "none"}
    changed = plain(await billing.shop.v1.subscriptions.update_async(made["id"], change))
    (one,) = changed["items"]["data"]
    assert (one["price"]["id"], one["plan"]["amount"], one["quantity"]) == (other, 500, 3)
    await billing.renew(made)
    assert (await billing.subscription(made["id"]))["latest_invoice"]["total"] == 1500


async def test_a_call_that_stripe_refuses_creates_nothing(billing: Billing) -> None:
    once: Any = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Once"}}
    one_time = plain(await billing.shop.v1.prices.create_async(once))["id"]
    yearly = await billing.add_price(100, interval="year")
    made = await billing.order(payment_behavior="default_incomplete")
    change = billing.shop.v1.subscriptions.update_async
    item = made["items"]["data"][0]["id"]
    orders: list[dict[str, Any]] = [
        {},
        {"customer_account": "acct_1Unknown"},
        {"items": [{"price": "price_unknown"}]},
        {"items": [{"price": one_time}]},
        {"items": [{"price": billing.price}, {"price": yearly}]},
        {"collection_method": "send_invoice"},
        {"days_until_due": 3},
        {"default_payment_method": "pm_unknown"},
    ]
    assert [(await refused(billing.order(**order)))[1:3] for order in orders] == [
        ("resource_missing", None),  # there is no card, and no parameter lets the merchant pay later
        ("resource_missing", "customer_account"),
        ("resource_missing", "items[0][price]"),
        (None, "items[0][price]"),
        (None, "items"),
        (None, "days_until_due"),
        (None, "days_until_due"),
        ("resource_missing", "payment_method"),
    ]
    items: list[Any] = [[{"price": yearly}], [{"id": "si_1"}], [{"id": item, "price": yearly}]]
    assert [(await refused(change(made["id"], {"items": one})))[1:3] for one in items] == [
        ("parameter_missing", "items[0][id]"),
        ("resource_missing", "items[0][id]"),
        (None, "items[0][price]"),
    ]
    query: Any = {"customer_account": billing.shop.account, "status": "all"}
    assert len((await billing.shop.v1.subscriptions.list_async(query)).data) == 1
