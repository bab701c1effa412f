"""The course of a subscription, on the clock of the local Stripe."""

from typing import Any

import pytest

from tests.simulator.billing.conftest import DAY, Billing
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import refused

BEGUN = [
    *("checkout.session.completed", "customer.subscription.created", "customer.subscription.active"),
    *("invoice.created", "invoice.finalized", "invoice_payment.paid", "invoice.paid"),
]


async def test_a_paid_session_begins_a_subscription_that_renews_each_month(billing: Billing) -> None:
    made = await billing.subscribe()
    assert await billing.events() == BEGUN
    (item,) = made["items"]["data"]
    assert (made["status"], made["customer_account"], item["quantity"]) == (
        "active",
        billing.shop.account,
        2,
    )
    first = made["latest_invoice"]
    assert (first["status"], first["amount_paid"], first["billing_reason"]) == (
        "paid",
        4000,
        "subscription_create",
    )
    assert first["parent"]["subscription_details"]["subscription"] == made["id"]
    end = item["current_period_end"]
    billing.shop.pass_time(end - billing.shop.now() + 10)
    drafted = await billing.subscription(made["id"])
    assert (drafted["latest_invoice"]["status"], drafted["latest_invoice"]["number"]) == ("draft", None)
    assert drafted["items"]["data"][0]["current_period_start"] == end
    billing.shop.pass_time(3600)
    renewed = await billing.subscription(made["id"])
    assert (renewed["status"], renewed["latest_invoice"]["status"]) == ("active", "paid")
    assert await billing.events() == [
        *("invoice.created", "customer.subscription.updated"),
        *("invoice.finalized", "invoice_payment.paid", "invoice.paid"),
    ]
    # Twelve more months bring twelve more invoices.
    billing.shop.pass_time(366 * DAY)
    invoices = plain(await billing.shop.v1.invoices.list_async({"subscription": made["id"], "limit": 100}))
    assert [one["status"] for one in invoices["data"]] == ["paid"] * 14
    balance = plain(await billing.shop.v1.balance.retrieve_async())
    charged = 14 * (4000 - 146)
    assert sum(one["amount"] for one in balance["available"] + balance["pending"]) == charged


@pytest.mark.parametrize(
    ("after", "status", "last"),
    [
        ("cancel", "canceled", "customer.subscription.deleted"),
        ("unpaid", "unpaid", "customer.subscription.updated"),
        ("past_due", "past_due", "invoice.payment_failed"),
    ],
)
async def test_a_failed_renewal_is_retried_eight_times_in_two_weeks(
    billing: Billing, after: str, status: str, last: str
) -> None:
    billing.shop.simulator.control("billing", {"after_retries": after})
    made = await billing.subscribe()
    billing.shop.simulator.control(f"subscriptions/{made['id']}", {"scenario": "card"})
    await billing.events()
    await billing.renew(made)
    late = await billing.subscription(made["id"])
    invoice = late["latest_invoice"]
    assert (late["status"], invoice["status"], invoice["attempt_count"]) == ("past_due", "open", 1)
    assert round((invoice["next_payment_attempt"] - billing.shop.now()) / DAY) == 1
    assert (await billing.events())[-4:] == [
        *("invoice.finalized", "invoice.payment_failed"),
        *("customer.subscription.past_due", "customer.subscription.updated"),
    ]
    billing.shop.pass_time(14 * DAY)
    ended = await billing.subscription(made["id"])
    invoice = ended["latest_invoice"]
    assert (ended["status"], invoice["status"], invoice["attempt_count"]) == (status, "open", 9)
    assert invoice["next_payment_attempt"] is None
    assert (await billing.events())[-1] == last
    if after == "unpaid":
        billing.shop.pass_time(31 * DAY)
        assert (await billing.subscription(made["id"]))["latest_invoice"]["status"] == "draft"


async def test_the_invoice_page_takes_another_card_and_ends_the_dunning(billing: Billing) -> None:
    made = await billing.subscribe()
    billing.shop.simulator.control(f"subscriptions/{made['id']}", {"scenario": "card"})
    await billing.renew(made)
    url = (await billing.subscription(made["id"]))["latest_invoice"]["hosted_invoice_url"]
    await billing.events()
    declined = await billing.submit(url, number="4000000000009995")
    assert (declined.status_code, "insufficient funds" in declined.text) == (422, True)
    assert (await billing.submit(url, number="4242424242424242")).status_code == 200
    paid = await billing.subscription(made["id"])
    assert (paid["status"], paid["latest_invoice"]["status"]) == ("active", "paid")
    assert await billing.events() == [
        *("invoice.payment_failed", "invoice_payment.paid", "invoice.paid"),
        *("customer.subscription.updated", "customer.subscription.active"),
    ]
    pay = billing.shop.v1.invoices.pay_async(paid["latest_invoice"]["id"])
    assert (await refused(pay))[3] == "Invoice is already paid"


@pytest.mark.parametrize(("behavior", "status"), [("cancel", "canceled"), ("pause", "paused")])
async def test_a_trial_without_a_card_ends_as_its_settings_say(
    billing: Billing, behavior: str, status: str
) -> None:
    data = {"trial_period_days": 7, "trial_settings": {"end_behavior": {"missing_payment_method": behavior}}}
    made = await billing.subscribe("", subscription_data=data, payment_method_collection="if_required")
    assert (made["status"], made["default_payment_method"], made["latest_invoice"]["total"]) == (
        "trialing",
        None,
        0,
    )
    billing.shop.pass_time(4 * DAY + 10)
    assert (await billing.events())[-1] == "customer.subscription.trial_will_end"
    billing.shop.pass_time(3 * DAY)
    assert (await billing.subscription(made["id"]))["status"] == status


async def test_a_trial_with_a_card_that_declines_ends_in_dunning(billing: Billing) -> None:
    made = await billing.subscribe("4000000000000341", subscription_data={"trial_period_days": 7})
    assert made["default_payment_method"]["card"]["last4"] == "0341"
    billing.shop.pass_time(7 * DAY + 3700)
    assert (await billing.subscription(made["id"]))["status"] == "past_due"


async def test_a_declined_first_payment_leaves_the_session_open(billing: Billing) -> None:
    session = await billing.session()
    answer = await billing.submit(session["url"], number="4000000000000002")
    assert answer.status_code == 422
    found = plain(await billing.shop.v1.checkout.sessions.retrieve_async(session["id"]))
    assert (found["status"], found["payment_intent"], found["subscription"]) == ("open", None, None)
    listed = await billing.shop.v1.subscriptions.list_async({"customer_account": billing.shop.account})
    assert listed.data == []


async def test_scenarios_renew_pause_resume_and_cancel_a_subscription(billing: Billing) -> None:
    made = await billing.subscribe()

    def play(scenario: str) -> Any:
        return billing.shop.simulator.control(f"subscriptions/{made['id']}", {"scenario": scenario})

    assert play("renew")["latest_invoice"] != made["latest_invoice"]["id"]
    assert (await billing.subscription(made["id"]))["latest_invoice"]["status"] == "paid"
    assert play("pause")["status_details"]["paused"]["subscription"]["type"] == "pause_requested"
    assert play("resume")["status"] == "active"
    assert play("cancel")["status"] == "canceled"
