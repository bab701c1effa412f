"""A scenario file creates a whole platform with its disputes and failures, and creates it only once."""

import json
from typing import Any

import httpx
import pytest

from simulator.platforms import files
from testing.processes import Simulator
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop


async def test_ten_merchants_have_two_overdue_subscriptions_a_dispute_and_a_failed_payout(
    shop: Shop,
) -> None:
    order = files.read("ten-merchants")
    accounts = shop.simulator.control("platforms", order)["accounts"]
    assert (len(accounts), accounts[0], accounts[-1]) == (10, "acct_ten0001", "acct_ten0010")
    subscriptions = [
        (await shop.v1.subscriptions.list_async({"customer_account": account, "status": "all"})).data
        for account in accounts
    ]
    assert [found[0].status if found else None for found in subscriptions] == [
        *["active"] * 6,
        *["past_due"] * 2,
        *[None] * 2,
    ]
    late = await shop.v1.invoices.list_async({"customer_account": accounts[6], "limit": 1})
    assert late.data[0].hosted_invoice_url.startswith(f"{shop.simulator.base_url}/i/")
    disputes = await shop.v1.disputes.list_async({}, {"stripe_account": accounts[8]})
    assert [(one.status, one.reason) for one in disputes.data] == [("needs_response", "fraudulent")]
    payouts = await shop.v1.payouts.list_async({}, {"stripe_account": accounts[9]})
    assert [(one.status, one.failure_code) for one in payouts.data] == [("failed", "account_closed")]
    charges = await shop.v1.charges.list_async({}, {"stripe_account": accounts[0]})
    assert [one.amount for one in charges.data] == [2500] * 3
    # Sending the same file again creates nothing. The fixture audits the sums after the test.
    before = shop.simulator.control("ledger")["balances"]
    shop.simulator.control("platforms", order)
    assert shop.simulator.control("ledger")["balances"] == before
    account: Any = {"include": ["configuration.merchant"]}
    found = plain(await shop.client.v2.core.accounts.retrieve_async(accounts[0], account))
    assert found["configuration"]["merchant"]["capabilities"]["card_payments"]["status"] == "active"


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"merchants": [{"colour": "red"}]}, "colour: unknown field. A group has the fields"),
        ({"merchants": [{}, {"count": 0}]}, "count: must be from 1 to 500"),
        ({"merchants": [{"subscription": "late"}]}, "subscription: must be one of active, trialing"),
        ({"merchants": [{"dispute": "bad"}]}, "dispute: must be one of fraudulent"),
        (
            {"merchants": [{"count": 2}, {"payout_failure": "bad"}]},
            "payout_failure: must be one of account_closed",
        ),
        ({"merchants": [{"count": 2}, {"country": "RU"}]}, "country: must be one of AT"),
        ({"merchants": [{}, {"name": 5}]}, "name: must be a text"),
        ({"merchants": [{}, {"status": ["activate"]}]}, "status: must be one of activate"),
        ({"merchants": [{}, {"payments": 2.0}]}, "payments: must be from 0 to 500"),
        ({"merchants": [{}, {"country": "BR", "payments": 1}]}, "Application fees are not allowed"),
        (
            {"merchants": [{}, {"amount": 50, "fee": 50, "payout_failure": "account_closed"}]},
            "payout_failure: the fees leave no money to pay out",
        ),
        ({"merchants": "ten"}, "merchants: a list of groups"),
        ({"name": "a b", "merchants": []}, "name: 1 to 20 letters and digits"),
        ({"merchants": [{"count": 500}, {}]}, "merchants: at most 500"),
    ],
)
def test_an_invalid_scenario_file_creates_nothing(
    sim: Simulator, order: dict[str, Any], message: str
) -> None:
    answer = httpx.post(f"{sim.base_url}/simulator/platforms", content=json.dumps(order), trust_env=False)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]
    assert sim.control("accounts")["count"] == 0
