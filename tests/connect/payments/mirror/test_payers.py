"""The payer's data is removed from a payment for good, and a later fetch does not restore it."""

import json

from connect.payments import refunds
from connect.payments.mirror import adoption, mirror, payers
from connect.payments.refunds import NewRefund
from connect.payments.rules.snapshot import decode
from models import Payment
from testing.payments import Shop

PAYER = {"receipt_email": "bob@payer.example", "description": "A hat for Bob", "metadata": {"name": "Bob"}}


async def test_a_later_fetch_does_not_restore_the_payers_data(shop: Shop) -> None:
    intent = await shop.elsewhere(**PAYER)
    payment = await adoption.adopt(
        shop.gateway, shop.merchant.id, shop.account, "payment_intent", intent, "webhook"
    )
    assert payment is not None
    row = await Payment.get(id=payment.id)
    assert (row.last4, row.payer_email_hash is None, "Bob" in row.document) == ("4242", False, True)
    assert await payers.forget([row.id, row.id]) == 1
    assert not await holds_payer()
    await refunds.refund(shop.gateway, await Payment.get(), NewRefund(external_id="refund-1"), actor="tests")
    await mirror.refresh(shop.gateway, await Payment.get(), "webhook", kinds=["refund"])
    row = await Payment.get()
    (refund,) = decode(row.snapshot).refunds
    assert (refund.amount, row.refund_state) == (1000, "FULL")
    assert not await holds_payer()


async def holds_payer() -> bool:
    row = await Payment.get()
    document = json.loads(row.document)
    assert document["method"]["brand"] == "visa"
    assert document["amountReceived"]["minorUnits"] == 1000
    known = (row.last4, row.payer_email_hash, document["method"]["last4"], document["description"])
    return any(known) or "Bob" in f"{row.document}{row.snapshot}" or "4242" in (row.snapshot or "")
