"""Each change of a merchant, payment, dispute or payout writes its events in the same transaction."""

import ast
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tortoise.transactions import in_transaction

from connect.merchants.mirror import documents
from connect.merchants.rules.account.snapshot import decode, encode
from connect.outgoing.rules.changes import RULES, TYPE_NAMES
from connect.payments.mirror import documents as payment_documents
from connect.payments.mirror import fetches, mirror
from models import ConnectedAccount, Dispute, Merchant, OutgoingEvent, Payment, Payout, now
from models.transactions import repeatable
from testing.merchants import build_merchant, global_id, store
from testing.payments import Shop
from testing.processes import ROOT
from testing.statements import recorded
from testing.stored_payouts import add_payout


async def taken() -> list[OutgoingEvent]:
    """Return the events written since the last call, and delete them."""
    rows = await OutgoingEvent.all().order_by("id")
    await OutgoingEvent.all().delete()
    return rows


@pytest.mark.slow
def test_only_announcements_publish_changes_of_objects_that_have_events() -> None:
    files = [
        file for folder in ("connect", "models", "resolvers", "api") for file in (ROOT / folder).rglob("*.py")
    ]
    found = [(file.name, node.args[0].value) for file in files for node in constant_changes(file)]
    assert [one for one in found if one[1] in RULES] == []
    assert set(TYPE_NAMES) == set(RULES)


def constant_changes(file: Path) -> list[Any]:
    """The calls of `Change` in which the kind is a constant."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Change"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


async def test_a_payment_and_its_dispute_have_events(shop: Shop) -> None:
    await taken()
    payment = await shop.intent(payment_method="pm_card_createDispute")
    row = await Payment.get(id=payment.id)
    await mirror.refresh(shop.gateway, row, "webhook", kinds={fetches.DISPUTE})
    events = await taken()
    merchant = {"id": global_id("Merchant", shop.merchant.id), "externalId": shop.merchant.external_id}
    assert [(one.type, one.subject_type, one.merchant_id) for one in events] == [
        (kind, noun, shop.merchant.id)
        for kind, noun in (
            ("payment.created", "payment"),
            ("payment.state_changed", "payment"),
            ("dispute.created", "dispute"),
        )
    ]
    dispute = await Dispute.get()
    assert [one.subject_id for one in events] == [payment.id, payment.id, dispute.id]
    assert events[0].sequence < events[1].sequence <= (await Payment.get()).row_version
    assert events[2].sequence == dispute.row_version
    assert json.loads(events[1].data) == {
        "merchant": merchant,
        "externalId": "order-1",
        "state": "SUCCEEDED",
        "previousState": "UNKNOWN",
    }
    assert json.loads(events[2].data)["payment"] == {"id": global_id("Payment", payment.id)}

    # A fetch without a change writes no event, and neither does a rebuild for a new release.
    await mirror.refresh(shop.gateway, await Payment.get(), "webhook", kinds={fetches.DISPUTE})
    await Payment.filter(id=payment.id).update(document='{"state": "PROCESSING"}')
    await payment_documents.rebuild(everything=True)
    assert await taken() == []

    shop.play(dispute.stripe_dispute_id, "win")
    await mirror.refresh(shop.gateway, await Payment.get(), "webhook", kinds={fetches.DISPUTE})
    assert [(one.type, json.loads(one.data)["status"]) for one in await taken()] == [
        ("dispute.status_changed", "WON")
    ]


@pytest.mark.usefixtures("database")
async def test_an_event_is_written_only_with_its_change() -> None:
    one = build_merchant("shop-1")
    await store([one])
    await OutgoingEvent.all().delete()
    with pytest.raises(ZeroDivisionError):
        await _close(fail=True)
    assert await OutgoingEvent.all().count() == 0
    with recorded() as statements:
        await _close(fail=False)
    # One statement writes all events of a change.
    assert len([text for text in statements.texts if "outgoing_event" in text]) == 1
    assert [(row.type, json.loads(row.data)["status"]) for row in await taken()] == [
        ("merchant.status_changed", "CLOSED")
    ]
    payout = await add_payout(one.merchant)
    assert [(row.type, row.subject_id, row.position) for row in await taken()] == [
        ("payout.created", payout.id, None)
    ]
    assert (await Payout.get()).row_version == payout.row_version


@repeatable
async def _close(*, fail: bool) -> None:
    async with in_transaction():
        merchant, account = await Merchant.get(), await ConnectedAccount.get()
        account.snapshot = encode(msgspec.structs.replace(decode(account.snapshot), closed=True))
        await account.save()
        await documents.save(merchant, account, await now())
        if fail:
            raise ZeroDivisionError


@pytest.mark.unrepeated
async def test_a_merchant_that_stripe_refuses_has_events_of_its_creation_and_removal(database: str) -> None:  # noqa: ARG001
    one = build_merchant("shop-1", "creating")
    async with in_transaction():
        await documents.create(one.merchant)
        await documents.delete(one.merchant, await now())
    assert [(row.type, row.subject_id) for row in await taken()] == [
        ("merchant.created", one.merchant.id),
        ("merchant.removed", one.merchant.id),
    ]
