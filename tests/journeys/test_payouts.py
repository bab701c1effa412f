"""Payouts in a real browser: one payout comes back, and the next one arrives at another bank account."""

from typing import Any

import pytest
from playwright.async_api import expect

from testing.processes import Simulator
from tests.journeys.shop import DAY, Shop, payment

MERCHANT = """
subscription {
  merchantChanged(by: {externalId: "shop-1"}) {
    nextAction { kind by label deadline url }
    dashboard { tasks { kind attention explanation } }
    balance { amounts { available { decimal } pending { decimal } } }
    payoutObstacles { kind stoppedBy endedBy explanation remedy }
    payouts(first: 2) {
      edges {
        node {
          status summary amount { decimal } destination { last4 }
          failure { code explanation remedy wasPaid }
        }
      }
    }
  }
}
"""
BALANCE = [{"available": "22.72", "pending": "0.00"}]
FAILED = {"code": "no_account", "wasPaid": False}
BACK = "Your payout of 22.72 USD came back from the bank."


@pytest.fixture
def more_settings(simulator: Simulator) -> dict[str, str]:
    """Let the links of the shop's page open the Dashboard of the local Stripe."""
    return {"STRIPE_DASHBOARD_BASE": f"{simulator.base_url}/dashboard"}


def payouts(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"edges": [{"node": node} for node in nodes]}


def tasks(finances: tuple[int, str], schedule: str) -> dict[str, Any]:
    """The expected values of the second and the fourth Dashboard task."""
    attention, explanation = finances
    return {
        "tasks": {
            1: {"kind": "MANAGE_FINANCES", "attention": attention, "explanation": explanation},
            3: {"kind": "SCHEDULE_PAYOUTS", "explanation": schedule},
        }
    }


async def use_bank(shop: Shop, number: str) -> None:
    await shop.phone.fill("#number", number)
    await shop.submit("#replace-bank")


async def pay_out(shop: Shop) -> None:
    await shop.phone.goto(shop.dashboard)
    await shop.submit("#pay-out")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_payout_comes_back_and_the_next_one_goes_to_another_bank_account(shop: Shop) -> None:
    phone = shop.phone
    await shop.activate()
    await phone.goto(shop.dashboard)
    await use_bank(shop, "000111111116")
    await phone.select_option("#interval", "manual")
    await shop.submit("#reschedule")
    await phone.goto((await shop.checkout("order-1"))["url"])
    await shop.follow(payment("order-1"), MERCHANT)
    await shop.pay_by_card("4242424242424242")
    await shop.is_back("order-1")
    shop.pass_time(6 * DAY)
    manual = "Your schedule is manual, and 22.72 USD is available. Stripe pays it out only when you ask."
    await shop.merchant_shows(
        balance={"amounts": BALANCE},
        payoutObstacles=[{"kind": "SCHEDULE_MANUAL", "stoppedBy": "MERCHANT", "endedBy": "MERCHANT"}],
        dashboard=tasks((0, "Balance, payments and reports."), manual),
    )

    await pay_out(shop)
    await expect(phone.locator("#interval")).to_have_value("manual")
    sent = {"status": "IN_TRANSIT", "amount": "22.72", "failure": None}
    coming = "22.72 USD is on its way to the bank."
    await shop.merchant_shows(
        payouts=payouts({**sent, "destination": {"last4": "1116"}}),
        dashboard=tasks((0, "Balance, payments and reports."), coming),
    )
    shop.pass_time(4 * DAY)
    details = "The details of the bank account look wrong."
    remedy = "Check the account number and the bank code in the Stripe Dashboard."
    failed = {
        "status": "FAILED",
        "summary": details,
        "amount": "22.72",
        "destination": {"last4": "1116"},
        "failure": {**FAILED, "explanation": details, "remedy": remedy},
    }
    on_hold = "Payouts are on hold: one item (Bank account for payouts) is needed first."
    shown = await shop.merchant_shows(
        nextAction={
            "kind": "OPEN_DASHBOARD",
            "by": "MERCHANT",
            "label": "Provide the requested information in the Stripe Dashboard",
        },
        dashboard=tasks((1, BACK), on_hold),
        payoutObstacles=[
            {"kind": "INFORMATION_NEEDED", "stoppedBy": "STRIPE", "endedBy": "MERCHANT"},
            {"kind": "PAYOUT_FAILED", "endedBy": "MERCHANT", "explanation": details, "remedy": remedy},
        ],
        payouts=payouts(failed),
    )

    await phone.goto(shown["nextAction"]["url"])
    await use_bank(shop, "000123456789")
    shop.pass_time(3601)
    fix = {"label": "Fix the bank account for payouts in the Stripe Dashboard", "by": "MERCHANT"}
    await shop.merchant_shows(
        nextAction=fix, payoutObstacles=[{"kind": "PAYOUT_FAILED"}, {"kind": "SCHEDULE_MANUAL"}]
    )
    await pay_out(shop)
    await shop.merchant_shows(
        nextAction={"label": "Open the Stripe Dashboard", "by": None},
        payoutObstacles=[
            {
                "kind": "PAYOUT_FAILED",
                "endedBy": "BANK",
                "remedy": "Wait for the next payout, which is on its way to another bank account.",
            }
        ],
        dashboard=tasks((1, BACK), coming),
        payouts=payouts({**sent, "destination": {"last4": "6789"}}, failed),
    )
    shop.pass_time(4 * DAY)
    await shop.merchant_shows(
        dashboard=tasks(
            (0, "Balance, payments and reports."),
            "Stripe pays out only when you ask for it in the Stripe Dashboard.",
        ),
        payouts=payouts({"status": "PAID", "amount": "22.72", "failure": None}, failed),
        balance={"amounts": [{"available": "0.00", "pending": "0.00"}]},
    )
