"""Early fraud warnings: the card that raises them, when they stop being actionable, and their lists."""

from typing import Any

import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused

CREATED, UPDATED = "radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"


async def warnings(shop: Shop, **query: Any) -> list[dict[str, Any]]:
    """Return the warnings of the account, newest first."""
    listed = await shop.v1.radar.early_fraud_warnings.list_async(query, shop.scope)
    return [plain(one) for one in listed.data]


async def test_the_test_card_raises_a_warning_and_moves_no_money(shop: Shop) -> None:
    made = await shop.pay(method="pm_card_createIssuerFraudRecord")
    shop.pass_time(2)
    (found,) = await warnings(shop, payment_intent=made["id"])
    assert found["id"].startswith("issfr_1")
    assert (found["actionable"], found["fraud_type"], found["charge"]) == (
        True,
        "misc",
        made["latest_charge"],
    )
    kinds = [kind for kind, _ in await shop.events()]
    assert kinds == [
        *("payment_intent.created", "charge.succeeded", CREATED, "payment_intent.succeeded"),
        "charge.updated",
    ]
    assert (await shop.get(made["id"], "latest_charge"))["latest_charge"]["disputed"] is False
    balances = shop.simulator.control("ledger")["balances"][shop.account]
    assert sum(sums.get("usd", 0) for sums in balances.values()) == 941


async def test_a_warning_is_not_actionable_after_a_full_refund_or_a_dispute(shop: Shop) -> None:
    made = await shop.pay(method="pm_card_createIssuerFraudRecord")
    await shop.refund(made, amount=400)
    assert [one["actionable"] for one in await warnings(shop)] == [True]
    await shop.refund(made)
    assert [one["actionable"] for one in await warnings(shop)] == [False]
    assert [kind for kind, _ in await shop.events()][-3:] == ["refund.created", "charge.refunded", UPDATED]
    disputed = await shop.pay(method="pm_card_createIssuerFraudRecord")
    shop.simulator.control(f"payments/{disputed['id']}", {"scenario": "dispute", "inquiry": True})
    assert [one["actionable"] for one in await warnings(shop)] == [False, False]
    assert [kind for kind, _ in await shop.events()][-2:] == ["charge.dispute.created", UPDATED]


async def test_a_warning_of_the_control_plane_is_not_actionable_after_a_refund(shop: Shop) -> None:
    made = await shop.pay()
    order = {"scenario": "warn", "fraud_type": "made_with_stolen_card"}
    shop.simulator.control(f"payments/{made['id']}", order)
    await shop.refund(made)
    shop.simulator.control(f"payments/{made['id']}", {"scenario": "warn"})
    found = await warnings(shop, charge=made["latest_charge"])
    assert [(one["actionable"], one["fraud_type"]) for one in found] == [
        (False, "misc"),
        (False, "made_with_stolen_card"),
    ]
    shown = shop.simulator.control(f"payments?intent={made['id']}")["data"][0]
    assert shown["warnings"] == found[::-1]
    debit = await shop.pay(method="pm_usBankAccount_success")
    for intent, more, text in ((made, {"fraud_type": "none"}, "fraud_type"), (debit, {}, "card payment")):
        with pytest.raises(RuntimeError, match=text):
            shop.simulator.control(f"payments/{intent['id']}", {"scenario": "warn", **more})


async def test_warnings_are_found_in_their_scope_only(shop: Shop) -> None:
    made = await shop.pay(method="pm_card_createIssuerFraudRecord")
    (found,) = await warnings(shop, expand=["data.charge", "data.payment_intent"])
    assert (found["charge"]["id"], found["payment_intent"]["id"]) == (made["latest_charge"], made["id"])
    calls = shop.v1.radar.early_fraud_warnings
    shown = await calls.retrieve_async(found["id"], {"expand": ["charge"]}, shop.scope)
    assert shown.charge.payment_intent == made["id"]
    missing = await refused(calls.retrieve_async(found["id"]))
    assert missing[:3] == (404, "resource_missing", "early_fraud_warning")
    assert (await calls.list_async()).data == []
    unknown = await refused(calls.list_async({"charge": "ch_none"}, shop.scope))
    assert unknown[:3] == (400, "resource_missing", "charge")
