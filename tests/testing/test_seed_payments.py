"""Seeded payments equal payments that the service writes."""

import pytest

from connect.payments.mirror import documents
from connect.payments.rules.state import DisputeState, PaymentState, RefundState
from models import ConnectedAccount, Dispute, Payment, PaymentEntry, PaymentObject
from testing import payment_shapes, seed, seed_payments

PAYMENTS = 400


async def test_rebuilding_a_seeded_payment_changes_no_column(database: str) -> None:
    await seed.seed(database, 20, payments=PAYMENTS)
    before = await Payment.all().order_by("id").values()
    assert len(before) == PAYMENTS
    assert all(row["stripe_account_id"] != payment_shapes.ACCOUNT for row in before)
    owners = {row.stripe_account_id: row.merchant_id for row in await ConnectedAccount.all()}
    assert {row["merchant_id"] for row in before} <= set(owners.values())
    assert all(owners[row["stripe_account_id"]] == row["merchant_id"] for row in before)
    assert await documents.rebuild(everything=True) == PAYMENTS
    after = await Payment.all().order_by("id").values()
    assert all(row.pop("row_version") == 1 for row in before)
    assert all(row.pop("row_version") > 1 for row in after)
    assert after == before
    # The disputes keep their versions, because their rebuilt documents are unchanged.
    assert {row.row_version for row in await Dispute.all()} == {1}


async def test_the_same_seed_gives_the_same_payments(database: str) -> None:
    await seed.seed(database, 20, payments=PAYMENTS, seed=7)
    rows = await Payment.all().order_by("id").values()
    assert await PaymentEntry.all().distinct().values_list("payment_id", flat=True)
    assert await PaymentObject.filter(stripe_object_id__contains=payment_shapes.KEY).count() == 0
    seconds = [row["created_at"] for row in rows]
    assert seconds == sorted(seconds)
    orders = [row["external_id"] for row in rows if row["external_id"] is not None]
    assert orders[0] >= seed_payments.external_id(1)
    assert orders[-1] <= seed_payments.external_id(PAYMENTS)
    for model in seed.MODELS:
        await model.all().delete()
    await seed.seed(database, 20, payments=PAYMENTS, seed=7)
    assert await Payment.all().order_by("id").values() == rows


@pytest.mark.one_database
async def test_seeded_payments_have_nearly_every_state(database: str) -> None:  # noqa: ARG001
    # The state does not depend on the amount, so use only the cases with one amount.
    cases = [case for case in payment_shapes.cases() if case.amount == 500]
    payments = [payment_shapes.shape(case).payment for case in cases]
    assert {state.value for state in PaymentState} - {one.state for one in payments} == {
        "REQUIRES_ACTION",
        "FAILED",
    }
    assert {state.value for state in RefundState} == {one.refund_state for one in payments}
    assert {state.value for state in DisputeState} - {one.dispute_state for one in payments} == {
        "UNDER_REVIEW",
        "PREVENTED",
        "UNKNOWN",
    }
