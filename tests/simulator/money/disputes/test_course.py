"""The course of disputes: withdrawals, answers, escalation, deadlines, and refunds during a dispute."""

from typing import Any

import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused


async def disputes(shop: Shop, intent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the disputes of an intent, newest first."""
    query = {"payment_intent": intent["id"]}
    return [plain(one) for one in (await shop.v1.disputes.list_async(query, shop.scope)).data]


async def opened(shop: Shop, method: str, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Pay with a test card that causes a dispute. Returns the intent and its only dispute."""
    made = await shop.pay(method=method, **more)
    (found,) = await disputes(shop, made)
    return made, found


def total(shop: Shop) -> int:
    """Return the balance of the account."""
    balance = shop.simulator.control("ledger")["balances"][shop.account]
    return int(sum(sums.get("usd", 0) for sums in balance.values()))


async def test_a_chargeback_withdraws_the_amount_and_a_fee_and_blocks_refunds(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDispute", application_fee_amount=100)
    assert (found["status"], found["reason"], found["amount"], found["network_reason_code"]) == (
        "needs_response",
        "fraudulent",
        1000,
        "10.4",
    )
    (row,) = found["balance_transactions"]
    assert (row["type"], row["reporting_category"], row["amount"], row["fee"], row["net"]) == (
        "adjustment",
        "dispute",
        -1000,
        1500,
        -2500,
    )
    shop.pass_time(2)
    charge = (await shop.get(made["id"], "latest_charge"))["latest_charge"]
    assert (charge["disputed"], charge["refunded"], found["is_charge_refundable"]) == (True, False, False)
    assert total(shop) == 1000 - 59 - 100 - 2500
    message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
    assert await refused(shop.refund(made)) == (400, "charge_disputed", None, message)
    # In recordings, Stripe books the payment after the dispute, and the platform keeps its fee.
    assert await shop.events() == [
        ("payment_intent.created", "account"),
        ("charge.succeeded", "account"),
        ("charge.dispute.created", "account"),
        ("charge.dispute.funds_withdrawn", "account"),
        ("payment_intent.succeeded", "account"),
        ("application_fee.created", "platform"),
        ("charge.updated", "account"),
    ]
    assert (await shop.v1.application_fees.list_async()).data[0].amount_refunded == 0


@pytest.mark.parametrize(
    ("text", "status", "expected", "events"),
    [
        (
            "winning_evidence",
            "won",
            941 - 1500,
            ["charge.dispute.funds_reinstated", "charge.dispute.closed", "charge.updated"],
        ),
        ("losing_evidence", "lost", 941 - 2500, ["charge.dispute.closed", "charge.updated"]),
    ],
)
async def test_evidence_decides_a_chargeback(
    shop: Shop, text: str, status: str, expected: int, events: list[str]
) -> None:
    made, found = await opened(shop, "pm_card_createDisputeProductNotReceived")
    shop.pass_time(2)
    order: Any = {"evidence": {"uncategorized_text": text}, "submit": False, "metadata": {"a": "1"}}
    staged = plain(await shop.v1.disputes.update_async(found["id"], order, shop.scope))
    assert (staged["status"], staged["evidence_details"]["submission_count"]) == ("needs_response", 0)
    order = {"evidence": {"product_description": "Hat"}}
    sent = plain(await shop.v1.disputes.update_async(found["id"], order, shop.scope))
    details = sent["evidence_details"]
    assert (sent["status"], details["submission_count"], details["has_evidence"]) == ("under_review", 1, True)
    before = len(await shop.events())
    shop.pass_time(6)
    (ended,) = await disputes(shop, made)
    assert (ended["status"], ended["evidence"]["product_description"], total(shop)) == (
        status,
        "Hat",
        expected,
    )
    assert [kind for kind, _ in (await shop.events())[before:]] == events
    if status == "won":
        assert [row["amount"] for row in ended["balance_transactions"]] == [-1000, 1000]
        assert (await shop.refund(made))["status"] == "succeeded"
    closed = (400, None, None, "This dispute is already closed")
    assert await refused(shop.v1.disputes.close_async(found["id"], {}, shop.scope)) == closed
    assert await refused(shop.v1.disputes.update_async(found["id"], order, shop.scope)) == closed


async def test_accepting_a_chargeback_loses_it(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDispute")
    closed = await shop.v1.disputes.close_async(found["id"], {"expand": ["charge"]}, shop.scope)
    assert (closed.status, closed.charge.id) == ("lost", made["latest_charge"])
    assert (await refused(shop.refund(made)))[1] == "charge_disputed"


async def test_a_chargeback_without_an_answer_is_lost_at_its_deadline(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDispute")
    due = found["evidence_details"]["due_by"]
    assert (due % 86400, 8 * 86400 <= due - found["created"] < 9 * 86400) == (86399, True)
    shop.pass_time(due - found["created"] + 1)
    (ended,) = await disputes(shop, made)
    assert (ended["status"], ended["evidence_details"]["past_due"]) == ("lost", True)


async def test_an_inquiry_moves_no_money_and_ends_after_120_days(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDisputeInquiry")
    assert (found["status"], found["balance_transactions"], found["is_charge_refundable"]) == (
        "warning_needs_response",
        [],
        True,
    )
    assert found["payment_method_details"]["card"]["case_type"] == "inquiry"
    assert [kind for kind, _ in await shop.events()][1:3] == ["charge.succeeded", "charge.dispute.created"]
    assert (await shop.refund(made, amount=400))["status"] == "succeeded"
    manual = {"scenario": "reschedule", "interval": "manual"}
    shop.simulator.control(f"balances/{shop.account}", manual)
    shop.pass_time(120 * 86400 + 1)
    (ended,) = await disputes(shop, made)
    assert (ended["status"], total(shop)) == ("warning_closed", 541)


async def test_an_escalation_makes_late_refunds_fail_and_withdraws_the_whole_amount(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDisputeInquiry")
    early = await shop.refund(made, amount=200)
    shop.pass_time(300)
    late = await shop.refund(made, amount=300)
    before = len(await shop.events())
    shop.simulator.control(f"payments/{found['id']}", {"scenario": "escalate"})
    found = (await disputes(shop, made))[0]
    assert (found["status"], [row["amount"] for row in found["balance_transactions"]]) == (
        "needs_response",
        [-1000],
    )
    states = [plain(await shop.v1.refunds.retrieve_async(one["id"], {}, shop.scope)) for one in (early, late)]
    assert [(one["status"], one["failure_reason"]) for one in states] == [
        ("succeeded", None),
        ("failed", "charge_for_pending_refund_disputed"),
    ]
    # The merchant has lost 1200 of a payment of 1000, and has paid the fees.
    assert total(shop) == 941 - 200 - 2500
    kinds = [kind for kind, _ in (await shop.events())[before:]]
    assert kinds[-3:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn", "charge.updated"]


async def test_a_full_refund_in_time_prevents_the_escalation(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDisputeInquiry")
    await shop.refund(made)
    shop.pass_time(300)
    order: Any = {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}}
    sent = await shop.v1.disputes.update_async(found["id"], order, shop.scope)
    assert sent.status == "warning_under_review"
    shop.pass_time(6)
    (ended,) = await disputes(shop, made)
    assert (ended["status"], ended["balance_transactions"]) == ("warning_closed", [])


async def test_one_charge_can_have_several_disputes(shop: Shop) -> None:
    made = await shop.pay(1001, method="pm_card_createMultipleDisputes")
    assert [one["amount"] for one in await disputes(shop, made)] == [500, 501]


async def test_a_dispute_of_a_bank_debit_is_lost_at_once(shop: Shop) -> None:
    made = await shop.pay(method="pm_usBankAccount_dispute")
    assert await disputes(shop, made) == []
    shop.pass_time(181)
    (found,) = await disputes(shop, made)
    assert (found["status"], found["reason"], found["evidence_details"]["due_by"]) == (
        "lost",
        "debit_not_authorized",
        None,
    )
    assert [kind for kind, _ in await shop.events()][3:8] == [
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
        "payment_intent.succeeded",
    ]


async def test_a_dispute_can_come_later_and_follows_the_capture(shop: Shop) -> None:
    shop.simulator.control("money", {"dispute_seconds": 60})
    made = await shop.pay(method="pm_card_createDispute", capture_method="manual")
    await shop.v1.payment_intents.capture_async(made["id"], {}, shop.scope)
    assert await disputes(shop, made) == []
    shop.pass_time(61)
    assert [one["status"] for one in await disputes(shop, made)] == ["needs_response"]
    assert [kind for kind, _ in await shop.events()][-3:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.updated",
    ]


async def test_the_control_plane_opens_and_decides_disputes(shop: Shop) -> None:
    made = await shop.pay()
    order = {"scenario": "dispute", "reason": "duplicate", "amount": 400}
    shop.simulator.control(f"payments/{made['id']}", order)
    (found,) = await disputes(shop, made)
    assert (found["reason"], found["amount"], found["status"]) == ("duplicate", 400, "needs_response")
    steps = {"answer": "under_review", "win": "won"}
    for scenario, status in steps.items():
        assert shop.simulator.control(f"payments/{found['id']}", {"scenario": scenario})["status"] == status
    with pytest.raises(RuntimeError, match="already closed"):
        shop.simulator.control(f"payments/{found['id']}", {"scenario": "lose"})
    for wrong, text in (({"reason": "none"}, "reason"), ({"amount": 1001}, "amount")):
        with pytest.raises(RuntimeError, match=text):
            shop.simulator.control(f"payments/{made['id']}", {"scenario": "dispute", **wrong})


async def test_disputes_are_found_in_their_scope_only(shop: Shop) -> None:
    made, found = await opened(shop, "pm_card_createDispute")
    missing = (404, "resource_missing", "dispute", f"No such dispute: '{found['id']}'")
    assert await refused(shop.v1.disputes.retrieve_async(found["id"])) == missing
    assert (await shop.v1.disputes.list_async()).data == []
    query: Any = {"charge": made["latest_charge"], "expand": ["data.charge", "data.payment_intent"]}
    (listed,) = (await shop.v1.disputes.list_async(query, shop.scope)).data
    assert (listed.charge.disputed, listed.payment_intent.id) == (True, made["id"])
    rows = shop.v1.balance_transactions
    source: Any = {"type": "adjustment", "expand": ["data.source"]}
    (row,) = (await rows.list_async(source, shop.scope)).data
    assert row.source.id == found["id"]
    # In recordings, the filter by source does not find the transaction of a dispute.
    assert (await rows.list_async({"source": found["id"]}, shop.scope)).data == []
