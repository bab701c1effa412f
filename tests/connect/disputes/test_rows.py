"""The rows and the counts of disputes are updated together with the mirror of their payments."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from connect.disputes import rows
from connect.disputes.rules import responses
from connect.disputes.rules.responses import Responses
from connect.merchants.mirror.documents import NO_DEADLINE
from connect.payments.mirror import documents, fetches, mirror
from connect.payments.rules.snapshot import decode
from models import Dispute, Merchant, Payment
from testing.payments import Shop
from testing.statements import recorded


async def refreshed(shop: Shop, payment: Payment, kind: str = fetches.DISPUTE) -> None:
    row = await Payment.get(id=payment.id)
    await mirror.refresh(shop.gateway, row, "webhook", kinds={kind})


async def counted(shop: Shop) -> Responses:
    return responses.decode((await Merchant.get(id=shop.merchant.id)).responses)


async def task(shop: Shop) -> dict[str, Any]:
    document = json.loads((await Merchant.get(id=shop.merchant.id)).document)
    task: dict[str, Any] = document["dashboard"]["tasks"][2]
    return task


async def test_a_dispute_has_a_row_with_its_cost_and_is_counted_until_it_is_decided(shop: Shop) -> None:
    payment = await shop.intent(payment_method="pm_card_createDispute")
    await refreshed(shop, payment)
    row = await Dispute.get()
    document = json.loads(row.document)
    assert document == json.loads((await Payment.get()).document)["disputes"][0]
    assert (row.status, row.kind, row.needs_response) == ("NEEDS_RESPONSE", "CHARGEBACK", True)
    assert (document["withdrawn"]["minorUnits"], document["fee"]["minorUnits"]) == (1000, 1500)
    assert document["explanation"] == "The cardholder says that somebody else made this payment."
    assert row.respond_by == row.due_by != NO_DEADLINE
    assert await counted(shop) == Responses(disputes=1, due_by=row.due_by)
    assert (await Merchant.get()).next_deadline_at == row.due_by
    shown = await task(shop)
    assert (shown["attention"], shown["explanation"]) == (1, "One dispute needs a response.")
    assert shown["deadline"] == document["dueBy"] == document["nextAction"]["deadline"]

    # Another fetch without a change writes neither the dispute nor the merchant.
    before = (await Dispute.get()).row_version, (await Merchant.get()).row_version
    await refreshed(shop, payment)
    assert ((await Dispute.get()).row_version, (await Merchant.get()).row_version) == before

    shop.play(str(row.stripe_dispute_id), "win")
    await refreshed(shop, payment)
    row = await Dispute.get()
    document = json.loads(row.document)
    assert (row.status, row.respond_by) == ("WON", NO_DEADLINE)
    assert (document["withdrawn"]["minorUnits"], document["fee"]["minorUnits"]) == (0, 1500)
    assert await counted(shop) == Responses()
    assert (await Merchant.get()).next_deadline_at == NO_DEADLINE
    assert (await task(shop))["attention"] == 0


async def test_an_inquiry_moves_no_money_and_ends_with_a_full_refund_or_becomes_a_chargeback(
    shop: Shop,
) -> None:
    first = await shop.intent(payment_method="pm_card_createDisputeInquiry")
    second = await shop.intent("order-2", payment_method="pm_card_createDisputeInquiry")
    for payment in (first, second):
        await refreshed(shop, payment)
    found = {row.payment_id: row for row in await Dispute.all()}
    assert {row.kind for row in found.values()} == {"INQUIRY"}
    assert {json.loads(row.document)["withdrawn"] for row in found.values()} == {None}
    assert (await counted(shop)).disputes == 2
    shop.play(str(first.stripe_payment_intent_id), "refund")
    await refreshed(shop, first, fetches.REFUND)
    assert (await counted(shop)).disputes == 1
    shop.play(found[second.id].stripe_dispute_id, "escalate")
    await refreshed(shop, second)
    escalated = await Dispute.get(payment_id=second.id)
    assert (escalated.kind, escalated.id) == ("CHARGEBACK", found[second.id].id)
    assert json.loads(escalated.document)["withdrawn"]["minorUnits"] == 1000
    assert (await counted(shop)).disputes == 1


async def test_several_disputes_a_failed_refund_and_a_warning_are_counted_together(shop: Shop) -> None:
    several = await shop.intent(payment_method="pm_card_createMultipleDisputes")
    await refreshed(shop, several)
    assert await Dispute.filter(payment_id=several.id).count() == 2
    refunded = await shop.intent("order-2")
    shop.play(str(refunded.stripe_payment_intent_id), "refund")
    await refreshed(shop, refunded, fetches.REFUND)
    refund = decode((await Payment.get(id=refunded.id)).snapshot).refunds[0]
    shop.play(refund.id, "fail")
    await refreshed(shop, refunded, fetches.REFUND)
    warned = await shop.intent("order-3", payment_method="pm_card_createIssuerFraudRecord")
    await refreshed(shop, warned, fetches.WARNING)
    due_by = (await Dispute.first()).due_by  # type: ignore[union-attr]
    expected = Responses(disputes=2, due_by=due_by, failed_refunds=1, warnings=1)
    assert await counted(shop) == expected
    assert (await task(shop))["explanation"] == (
        "2 disputes need a response. One refund failed. "
        "A bank may soon dispute one payment; a full refund usually avoids that."
    )
    # Simulate payments that a release without the table of disputes has stored.
    await Dispute.all().delete()
    await Merchant.all().update(responses=None)
    assert await documents.rebuild(everything=True) == 3
    assert await Dispute.all().count() == 2
    assert await counted(shop) == expected


async def test_a_refund_that_failed_long_ago_is_no_longer_counted(shop: Shop) -> None:
    payment = await shop.intent()
    shop.play(str(payment.stripe_payment_intent_id), "refund")
    await refreshed(shop, payment, fetches.REFUND)
    refund = decode((await Payment.get(id=payment.id)).snapshot).refunds[0]
    shop.play(refund.id, "fail")
    await refreshed(shop, payment, fetches.REFUND)
    assert await counted(shop) == Responses(failed_refunds=1)
    old = (await Payment.get()).updated_at - timedelta(days=31)
    await Payment.all().update(updated_at=old)
    await rows.count_again(shop.merchant.id)
    assert await counted(shop) == Responses()


async def test_disputes_that_are_fetched_at_the_same_time_are_all_counted(shop: Shop) -> None:
    payments = [
        await shop.intent(f"order-{number}", payment_method="pm_card_createDispute") for number in range(4)
    ]
    await asyncio.gather(*(refreshed(shop, payment) for payment in payments))
    assert (await counted(shop)).disputes == 4


async def test_a_payment_without_disputes_needs_no_additional_statements(shop: Shop) -> None:
    payment = await shop.intent()
    with recorded() as recording:
        await refreshed(shop, payment, fetches.INTENT)
    assert not [text for text in recording.texts if '"dispute"' in text or '"merchant"' in text]
