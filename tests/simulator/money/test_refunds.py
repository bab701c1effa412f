"""Full and partial refunds, refunds that return the fee, pending and failed refunds, and refused requests."""

from typing import Any

import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused


async def test_partial_refunds_cannot_exceed_the_amount(shop: Shop) -> None:
    made = await shop.pay(application_fee_amount=123)
    first = await shop.refund(made, amount=333, refund_application_fee=True, metadata={"a": "1"})
    assert (first["status"], first["amount"], first["metadata"]) == ("succeeded", 333, {"a": "1"})
    charge = (await shop.get(made["id"], "latest_charge"))["latest_charge"]
    assert (charge["amount_refunded"], charge["refunded"]) == (333, False)
    assert await refused(
        shop.v1.refunds.create_async({"charge": charge["id"], "amount": 700}, shop.scope)
    ) == (
        400,
        None,
        "amount",
        "Refund amount ($7.00) is greater than unrefunded amount on charge ($6.67)",
    )
    await shop.refund(made, refund_application_fee=True)
    refund = shop.v1.refunds.create_async({"charge": charge["id"]}, shop.scope)
    message = f"Charge {charge['id']} has already been refunded."
    assert await refused(refund) == (400, "charge_already_refunded", None, message)
    # 123 * 333 / 1000 is 40.96, rounded to 41. The second refund gives back the rest.
    fee = (await shop.v1.application_fees.list_async({"charge": charge["id"]})).data[0]
    assert [one.amount for one in fee.refunds.data] == [82, 41]
    assert (fee.amount_refunded, fee.refunded) == (123, True)
    # Everything except Stripe's own fee is given back.
    balances = shop.simulator.control("ledger")["balances"]
    merchant = balances[shop.account]
    assert merchant["available"]["usd"] + merchant["pending"]["usd"] == -59
    assert sum(sums["usd"] for sums in balances["acct_1SimulatedPlatform"].values()) == 0
    assert [kind for kind, _ in await shop.events()][3:] == [
        "application_fee.created",
        "charge.updated",
        "refund.created",
        "charge.refunded",
        "application_fee.refunded",
        "refund.created",
        "charge.refunded",
        "application_fee.refunded",
    ]


async def test_a_refund_gets_the_banks_reference_after_three_days(shop: Shop) -> None:
    refund = await shop.refund(await shop.pay())
    assert refund["destination_details"]["card"]["reference_status"] == "pending"
    shop.pass_time(3 * 86400 + 1)
    later = plain(await shop.v1.refunds.retrieve_async(refund["id"], {}, shop.scope))
    assert later["destination_details"]["card"]["reference_status"] == "available"
    updates = [kind for kind, _ in await shop.events() if kind.endswith("updated")]
    assert updates == ["charge.updated", "refund.updated", "charge.refund.updated"]


async def test_a_pending_refund_succeeds_later(shop: Shop) -> None:
    refund = await shop.refund(await shop.pay(method="pm_card_pendingRefund"))
    assert (refund["status"], refund["pending_reason"]) == ("pending", "processing")
    shop.pass_time(181)
    later = await shop.v1.refunds.retrieve_async(
        refund["id"], {"expand": ["balance_transaction"]}, shop.scope
    )
    assert (later.status, later.balance_transaction.amount, later.balance_transaction.fee) == (
        "succeeded",
        -1000,
        0,
    )


async def test_a_succeeded_refund_can_fail_and_return_the_money(shop: Shop) -> None:
    made = await shop.pay(method="pm_card_refundFail")
    refund = await shop.refund(made, amount=400)
    assert refund["status"] == "succeeded"
    shop.pass_time(181)
    query = {"expand": ["failure_balance_transaction", "charge"]}
    later = await shop.v1.refunds.retrieve_async(refund["id"], query, shop.scope)
    assert (later.status, later.failure_reason) == ("failed", "expired_or_canceled_card")
    assert (later.failure_balance_transaction.type, later.failure_balance_transaction.amount) == (
        "refund_failure",
        400,
    )
    assert later.charge.amount_refunded == 0
    assert [kind for kind, _ in await shop.events()][-4:] == [
        "refund.failed",
        "refund.updated",
        "charge.refund.updated",
        "charge.updated",
    ]
    assert (await shop.refund(made))["amount"] == 1000


async def test_with_a_switch_refunds_stay_pending_until_the_balance_covers_them(shop: Shop) -> None:
    switches = {"refund_needs_available_balance": True, "platform_controls_payouts": True}
    shop.simulator.control("switches", switches)
    # An automatic payout during the hour that passes below would leave no balance for the refund.
    manual: Any = {"payments": {"payouts": {"schedule": {"interval": "manual"}}}}
    await shop.v1.balance_settings.update_async(manual, shop.scope)
    refund = await shop.refund(await shop.pay())
    assert (refund["status"], refund["pending_reason"], refund["balance_transaction"]) == (
        "pending",
        "insufficient_funds",
        None,
    )
    await shop.pay(5000, "pm_card_bypassPending")
    shop.pass_time(3601)
    later = plain(await shop.v1.refunds.retrieve_async(refund["id"], {}, shop.scope))
    assert (later["status"], later["pending_reason"]) == ("succeeded", None)


NO_TARGET = "One of the following params should be provided for this request: payment_intent or charge."
TOO_SMALL = "This value must be greater than or equal to 1."
BAD_REASON = "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer"
NO_FEE = "Attempting to refund_application_fee on {charge}, but it has no application fee"
NOT_PAID = "This PaymentIntent ({open}) does not have a successful charge to refund."


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({}, (400, None, None, NO_TARGET)),
        ({"charge": "ch_none"}, (404, "resource_missing", "id", "No such charge: 'ch_none'")),
        ({"payment_intent": "paid", "amount": 0}, (400, "parameter_invalid_integer", "amount", TOO_SMALL)),
        ({"payment_intent": "paid", "reason": "none"}, (400, None, "reason", BAD_REASON)),
        (
            {"payment_intent": "paid", "refund_application_fee": "true"},
            (400, None, "refund_application_fee", NO_FEE),
        ),
        ({"payment_intent": "open"}, (400, None, "payment_intent", NOT_PAID)),
    ],
)
async def test_an_invalid_refund_is_refused_and_not_created(
    shop: Shop, order: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    paid = await shop.pay()
    opened = plain(
        await shop.v1.payment_intents.create_async({"amount": 1000, "currency": "usd"}, shop.scope)
    )
    ids = {"paid": paid["id"], "open": opened["id"]}
    body = {name: ids.get(value, value) for name, value in order.items()}
    found = await refused(shop.v1.refunds.create_async(body, shop.scope))
    message = expected[3].format(charge=paid["latest_charge"], **ids)
    assert found == (*expected[:3], message)
    assert (await shop.v1.refunds.list_async({}, shop.scope)).data == []


async def test_a_refund_of_an_authorization_is_refused(shop: Shop) -> None:
    made = await shop.pay(capture_method="manual")
    refund = shop.v1.refunds.create_async({"payment_intent": made["id"]}, shop.scope)
    assert "you must cancel the PaymentIntent." in (await refused(refund))[3]


async def test_the_refunds_of_a_payment_are_listed(shop: Shop) -> None:
    payments = [await shop.pay() for _ in range(2)]
    ids = [(await shop.refund(payments[0], amount=amount))["id"] for amount in (100, 200)]
    await shop.refund(payments[1])
    query = {"payment_intent": payments[0]["id"]}
    assert [one.id for one in (await shop.v1.refunds.list_async(query, shop.scope)).data] == ids[::-1]
    missing = await refused(shop.v1.refunds.list_async({"payment_intent": "pi_none"}, shop.scope))
    assert missing[:3] == (400, "resource_missing", "payment_intent")
