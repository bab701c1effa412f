"""Disputes of payments. Also counts the disputes, failed refunds and warnings to which a merchant must
respond.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tortoise import fields
from tortoise.models import Model

from models.account import StripeRequest
from models.payment import Payment
from models.sql import Select

# A failed refund needs attention for this long. Stripe does not show whether the customer was repaid in
# another way.
REFUND_ATTENTION = timedelta(days=30)
_FAILED, _WARNED = "refund_state = 'FAILED'", "dispute_state = 'WARNED'"


class Dispute(Model):
    """A dispute of a payment, and everything that clients can read of it.

    Only `connect.disputes.rows` writes it, in the transaction of its payment's mirror.
    """

    # The id of the dispute's `PaymentObject`.
    id = fields.UUIDField(primary_key=True)
    payment_id: uuid.UUID
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="disputes", on_delete=fields.CASCADE
    )
    stripe_dispute_id = fields.CharField(max_length=255, unique=True)
    merchant_id = fields.UUIDField()
    # The external id of the merchant, which never changes.
    merchant_external_id = fields.CharField(max_length=255)
    stripe_account_id = fields.CharField(max_length=255)

    # Derived columns for filtering and sorting. `status` repeats the status in the document.
    status = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=16)
    needs_response = fields.BooleanField()
    due_by = fields.DatetimeField(null=True)
    # `due_by` if the dispute needs a response, or else `NO_DEADLINE`. It is never null, so that lists can be
    # sorted by it.
    respond_by = fields.DatetimeField()
    created_at = fields.DatetimeField()

    # Derived: the JSON text for clients, in wire form (see `connect.disputes.rules.document`).
    document = fields.TextField()
    row_version = fields.IntField(default=1)

    class Meta:
        table = "dispute"
        # Each index except the last is for one order of the dispute list: of all disputes, of one merchant's
        # disputes, or of disputes with one status.
        indexes = (
            ("respond_by", "id"),
            ("merchant_id", "respond_by", "id"),
            ("status", "respond_by", "id"),
            ("created_at", "id"),
            ("merchant_id", "created_at", "id"),
            ("status", "created_at", "id"),
            ("payment_id",),
        )


class DisputeRequest(StripeRequest):
    """An answer to a dispute. Its body has the evidence in encrypted form until Stripe has answered.

    `input` is a keyed hash of the client's input. For the kind ACCEPT, it is the version of the dispute.
    """

    merchant_id = fields.UUIDField()
    payment_id = fields.UUIDField()
    dispute_id: uuid.UUID
    dispute: fields.ForeignKeyRelation[Dispute] = fields.ForeignKeyField(
        "models.Dispute", related_name="requests", on_delete=fields.CASCADE
    )
    # STAGE, SUBMIT or ACCEPT.
    kind = fields.CharField(max_length=16)
    actor = fields.CharField(max_length=255)
    # The version of the dispute that the caller has read. Each further attempt compares it with the current
    # version.
    expected_version = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "dispute_request"
        indexes = (("state", "run_at"), ("state", "id"), ("dispute_id", "id"))


class Responses(NamedTuple):
    """The numbers of disputes, failed refunds and warnings to which one merchant must respond.

    `due_by` is the earliest deadline of the disputes.
    """

    disputes: int
    due_by: datetime | None
    failed_refunds: int
    warnings: int


async def count_responses(merchant_id: uuid.UUID) -> Responses:
    """Count the disputes, failed refunds and warnings of a merchant, in one statement."""
    select = Select()

    def disputes(what: str) -> str:
        of_merchant = f"merchant_id = {select.value(merchant_id)}"
        return f"(SELECT {what} FROM dispute WHERE {of_merchant} AND needs_response)"  # noqa: S608

    def payments(condition: str, age: timedelta | None = None) -> str:
        # Few payments meet this condition, but one merchant may have many payments. So SQLite must not use
        # the index of the merchant.
        merchant = f"{select.no_index_on_sqlite('merchant_id')} = {select.value(merchant_id)}"
        recent = f" AND updated_at > {select.moment(-age)}" if age is not None else ""
        return f"(SELECT count(*) FROM payment WHERE {merchant} AND {condition}{recent})"  # noqa: S608

    columns = [
        f"{disputes('count(*)')} AS disputes",
        f"{disputes('min(due_by)')} AS due_by",
        f"{payments(_WARNED)} AS warnings",
        f"{payments(_FAILED, REFUND_ATTENTION)} AS failed_refunds",
    ]
    (row,) = await select.execute(f"SELECT {', '.join(columns)}")
    due_by = row["due_by"]
    if isinstance(due_by, str):
        due_by = datetime.fromisoformat(due_by)
    if due_by is not None:
        due_by = due_by.replace(tzinfo=due_by.tzinfo or UTC)
    return Responses(row["disputes"], due_by, row["failed_refunds"], row["warnings"])
