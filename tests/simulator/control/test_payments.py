"""Scenarios of payments: a bank decides, a merchant acts, a refund fails."""

import pytest

from testing.processes import Simulator
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop


async def debit(shop: Shop, method: str = "pm_usBankAccount_processing") -> str:
    """Start a bank debit, and return the id of its intent."""
    made = await shop.pay(method=method)
    assert made["status"] == "processing"
    return str(made["id"])


async def test_a_scenario_ends_a_bank_debit(shop: Shop) -> None:
    intent = await debit(shop)
    shop.simulator.control(f"payments/{intent}", {"scenario": "succeed"})
    shop.pass_time(2)
    charge = (await shop.get(intent, "latest_charge.balance_transaction"))["latest_charge"]
    assert (charge["status"], charge["balance_transaction"]["type"]) == ("succeeded", "payment")
    assert (charge["id"][:3], charge["balance_transaction"]["fee"]) == ("py_", 8)


async def test_a_failed_bank_debit_names_the_reason(shop: Shop) -> None:
    intent = await debit(shop)
    shop.simulator.control(f"payments/{intent}", {"scenario": "fail", "code": "account_closed"})
    found = await shop.get(intent, "latest_charge")
    assert (found["status"], found["latest_charge"]["failure_code"]) == (
        "requires_payment_method",
        "account_closed",
    )
    assert found["last_payment_error"]["decline_code"] == "account_closed"
    with pytest.raises(RuntimeError, match="not processing"):
        shop.simulator.control(f"payments/{intent}", {"scenario": "succeed"})


async def test_the_refund_of_a_bank_debit_is_pending_first(shop: Shop) -> None:
    intent = await debit(shop, "pm_usBankAccount_success")
    shop.pass_time(181)
    refund = await shop.refund({"id": intent})
    assert (refund["id"][:4], refund["status"]) == ("pyr_", "pending")
    shop.simulator.control(f"payments/{refund['id']}", {"scenario": "succeed"})
    assert (await shop.v1.refunds.retrieve_async(refund["id"], {}, shop.scope)).status == "succeeded"


async def test_a_refund_fails_with_a_reason(shop: Shop) -> None:
    made = await shop.pay()
    shop.simulator.control(f"payments/{made['id']}", {"scenario": "refund", "amount": 250})
    refund = (await shop.v1.refunds.list_async({}, shop.scope)).data[0].id
    shop.simulator.control(f"payments/{refund}", {"scenario": "fail", "reason": "lost_or_stolen_card"})
    found = plain(await shop.v1.refunds.retrieve_async(refund, {"expand": ["charge"]}, shop.scope))
    assert (found["amount"], found["failure_reason"], found["charge"]["amount_refunded"]) == (
        250,
        "lost_or_stolen_card",
        0,
    )


async def test_a_scenario_expires_a_session(shop: Shop) -> None:
    session = await shop.checkout()
    found = shop.simulator.control(f"payments/{session['id']}", {"scenario": "expire"})
    assert (found["status"], found["url"]) == ("expired", None)


@pytest.mark.parametrize(
    ("place", "message"), [("pi_none", "No such payment_intent"), ("cs_none", "No such checkout.session")]
)
def test_an_unknown_object_is_refused(sim: Simulator, place: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        sim.control(f"payments/{place}", {"scenario": "fail"})


async def test_a_bank_takes_back_a_debit_that_had_succeeded(shop: Shop) -> None:
    made = await shop.pay(method="pm_usBankAccount_success", application_fee_amount=50)
    with pytest.raises(RuntimeError, match="has succeeded"):
        shop.simulator.control(f"payments/{made['id']}", {"scenario": "return"})
    shop.pass_time(181)
    await shop.refund(made, amount=300)
    shop.pass_time(5 * 86400)
    before = len(await shop.events())
    order = {"scenario": "return", "code": "account_closed"}
    shop.simulator.control(f"payments/{made['id']}", order)
    found = await shop.get(made["id"], "latest_charge.failure_balance_transaction")
    charge = found["latest_charge"]
    assert (found["status"], charge["status"], charge["failure_code"]) == (
        "succeeded",
        "failed",
        "account_closed",
    )
    row = charge["failure_balance_transaction"]
    assert (row["type"], row["reporting_category"], row["amount"]) == (
        "payment_failure_refund",
        "charge_failure",
        -700,
    )
    assert [kind for kind, _ in (await shop.events())[before:]] == ["charge.failed", "charge.updated"]
    with pytest.raises(RuntimeError, match="has succeeded"):
        shop.simulator.control(f"payments/{made['id']}", order)


async def test_a_bank_debit_fails_days_later(shop: Shop) -> None:
    shop.simulator.control("money", {"debit_seconds": 3 * 86400})
    intent = await debit(shop, "pm_usBankAccount_insufficientFunds")
    shop.pass_time(3 * 86400 - 60)
    assert (await shop.get(intent))["status"] == "processing"
    shop.pass_time(61)
    found = await shop.get(intent)
    assert found["last_payment_error"]["decline_code"] == "insufficient_funds"


async def test_a_fee_is_booked_later_than_its_payment(shop: Shop) -> None:
    shop.simulator.control("money", {"booking_seconds": 600, "fee_seconds": 3600})
    made = await shop.pay(application_fee_amount=100)
    seen = []
    for seconds in (0, 601, 3601):
        shop.pass_time(seconds)
        charge = (await shop.get(made["id"], "latest_charge"))["latest_charge"]
        seen.append((charge["balance_transaction"] is not None, charge["application_fee"] is not None))
    assert seen == [(False, False), (True, False), (True, True)]
    assert (await shop.events())[3:] == [
        ("charge.updated", "account"),
        ("application_fee.created", "platform"),
        ("charge.updated", "account"),
    ]
    at_once = await shop.pay(application_fee_amount=100)
    shop.simulator.control(f"payments/{at_once['id']}", {"scenario": "book"})
    charge = (await shop.get(at_once["id"], "latest_charge.application_fee"))["latest_charge"]
    assert charge["application_fee"]["amount"] == 100


async def test_a_scenario_expires_an_authorization(shop: Shop) -> None:
    made = await shop.pay(capture_method="manual")
    found = shop.simulator.control(f"payments/{made['id']}", {"scenario": "expire"})
    assert (found["status"], found["cancellation_reason"]) == ("canceled", "expired")
    with pytest.raises(RuntimeError, match="has the status canceled"):
        shop.simulator.control(f"payments/{made['id']}", {"scenario": "expire"})


async def test_all_payments_are_shown_with_their_objects(shop: Shop) -> None:
    session = await shop.checkout()
    made = await shop.pay(method="pm_card_createDispute", application_fee_amount=50)
    shop.pass_time(2)
    paid, unused = shop.simulator.control("payments")["data"]
    assert (unused["session"]["id"], unused["intent"], paid["session"]) == (session["id"], None, None)
    assert paid["intent"]["id"] == made["id"]
    assert paid["charge"]["balance_transaction"] == paid["balance_transaction"]["id"]
    assert (paid["application_fee"]["amount"], paid["refunds"]) == (50, [])
    assert [-row["amount"] for row in paid["disputes"][0]["balance_transactions"]] == [made["amount"]]
    assert shop.simulator.control(f"payments?intent={made['id']}")["data"] == [paid]
    for none in ("intent=pi_none", "session=cs_none", f"session={session['id']}"):
        assert shop.simulator.control(f"payments?{none}")["data"] == []
