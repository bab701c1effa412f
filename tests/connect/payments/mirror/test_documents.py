"""A rebuild writes outdated documents of payments again."""

import json

import pytest

from connect.payments.mirror import documents
from connect.payments.rules import document
from models import Merchant, Payment
from testing.merchants import build_merchant, store
from testing.stored_payments import add_payment

pytestmark = pytest.mark.usefixtures("database")


async def shop() -> Merchant:
    built = build_merchant("shop-1")
    await store([built])
    return built.merchant


async def test_a_rebuild_writes_only_outdated_documents() -> None:
    merchant = await shop()
    old, new, newer = [await add_payment(merchant, f"order-{number}", "refunded") for number in range(3)]
    before = {row.id: row for row in await Payment.all()}
    await Payment.filter(id=old.id).update(document_version=0, document='{"old": true}', state="UNKNOWN")
    await Payment.filter(id=newer.id).update(document_version=document.VERSION + 1)
    assert await documents.rebuild() == 1
    after = {row.id: row for row in await Payment.all()}
    assert json.loads(after[old.id].document) == json.loads(before[old.id].document)
    assert (after[old.id].state, after[old.id].document_version) == ("SUCCEEDED", document.VERSION)
    assert after[old.id].updated_at == before[old.id].updated_at
    assert after[new.id].row_version == before[new.id].row_version
    assert after[newer.id].row_version == before[newer.id].row_version
    assert await documents.rebuild(everything=True) == 3
