"""Payouts of merchants' accounts, and the balance transactions inside them."""

import uuid
from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from models.account import StripeRequest
from models.ids import uuid7
from models.merchant import Merchant
from models.sql import Select


class Payout(Model):
    """The mirror of one payout of a connected account, and everything that clients can read of it.

    Only `connect.finances.payouts` writes the derived columns and the document. Amounts are in minor units,
    currencies in upper case.
    """

    # The id contains the time of the creation at Stripe (`models.ids.past_uuid7`).
    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="payouts", on_delete=fields.CASCADE
    )
    # The external id of the merchant, which never changes.
    merchant_external_id = fields.CharField(max_length=255)
    # If the merchant's account was replaced after the payout, this is a former account of the merchant.
    stripe_account_id = fields.CharField(max_length=255)
    stripe_payout_id = fields.CharField(max_length=255, unique=True)
    created_at = fields.DatetimeField()
    # JSON text of `connect.finances.rules.payouts.Snapshot`.
    snapshot = fields.TextField()

    # The number of the last fetch that was started, and of the last fetch that was written
    # (docs/decisions/0005).
    fetches_started = fields.IntField(default=1)
    fetch_applied = fields.IntField(default=1)
    # When the last written fetch began. The fetch covers all notifications that arrived before that time.
    fetch_began_at = fields.DatetimeField(null=True)
    synced_at = fields.DatetimeField()
    synced_by = fields.CharField(max_length=32)
    # When to read the transactions inside the payout. Null until Stripe has reconciled the payout, and after
    # the last attempt.
    transactions_due_at = fields.DatetimeField(null=True)
    attempts = fields.SmallIntField(default=0)
    # When all transactions inside the payout were stored. They add up to its amount.
    transactions_at = fields.DatetimeField(null=True)

    # Derived columns for filtering, and for finding problems.
    status = fields.CharField(max_length=16)
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    arrives_at = fields.DatetimeField()
    # When a fetch first showed that the payout had failed.
    failed_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    # Derived: the JSON text for clients, in wire form (see `connect.finances.rules.payout_document`).
    document = fields.TextField()
    document_version = fields.IntField()
    row_version = fields.IntField(default=1)

    class Meta:
        table = "payout"
        # Each index is for the list of payouts, the mirror, or the rebuilding of documents
        # (docs/decisions/0017).
        indexes = (
            ("merchant_id", "id"),
            ("merchant_id", "status", "id"),
            ("status", "id"),
            ("transactions_due_at",),
            ("document_version", "id"),
        )


class PayoutRequest(StripeRequest):
    """The request for a payout outside the schedule.

    `external_id` is the platform's own id of the payout, unique for each merchant.
    """

    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="payout_requests", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255)
    external_id = fields.CharField(max_length=255)
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    actor = fields.CharField(max_length=255)
    # Null until Stripe has answered.
    stripe_payout_id = fields.CharField(max_length=255, null=True, unique=True)

    class Meta:
        table = "payout_request"
        unique_together = (("merchant_id", "external_id"),)
        indexes = (("state", "run_at"), ("state", "id"))


class PayoutTransaction(Model):
    """A balance transaction inside a payout. Rows are never changed.

    `payment_id` is the payment whose charge, refund or dispute moved the money. It is null if there is no
    payment, or if the payment was not known yet when the row was stored.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    payout_id: uuid.UUID
    payout: fields.ForeignKeyRelation[Payout] = fields.ForeignKeyField(
        "models.Payout", related_name="transactions", on_delete=fields.CASCADE
    )
    stripe_transaction_id = fields.CharField(max_length=255)
    type = fields.CharField(max_length=255)
    category = fields.CharField(max_length=255)
    amount = fields.BigIntField()
    fee = fields.BigIntField()
    net = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    stripe_source_id = fields.CharField(max_length=255, null=True)
    payment_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "payout_transaction"
        unique_together = (("payout_id", "stripe_transaction_id"),)
        indexes = (("payout_id", "id"),)


async def latest_transactions(
    payout_ids: Sequence[uuid.UUID], limit: int, after: str | None
) -> list[PayoutTransaction]:
    """The newest transactions of each payout that are older than the id `after`, at most `limit` of each.

    Runs one statement for any number of payouts.
    """
    columns = (
        "id, payout_id, stripe_transaction_id, type, category, amount, fee, net, currency, stripe_source_id, "
        "payment_id, created_at"
    )
    rows = await Select().newest_of_each(columns, "payout_transaction", "payout_id", payout_ids, limit, after)
    return [PayoutTransaction(**row) for row in rows]
