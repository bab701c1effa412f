"""Payments on merchants' accounts, the requests that create them, and the platform's fees."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tortoise import fields
from tortoise.exceptions import DoesNotExist
from tortoise.models import Model

from models.account import StripeRequest
from models.ids import uuid7
from models.merchant import Merchant
from models.sql import Select

# The origins of payments: created by this service, or at Stripe (in the Dashboard, by a payment link, or by
# another service).
API, STRIPE = "API", "STRIPE"


class Payment(Model):
    """The mirror of one payment on a connected account, and everything that clients can read of it.

    Only `connect.payments.mirror.documents` writes the derived columns and the document. Amounts are in minor
    units, currencies in upper case.
    """

    # The id contains the time at which the payment was created by this service, or at Stripe
    # (`models.ids.past_uuid7`). Lists are sorted by the id.
    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="payments", on_delete=fields.CASCADE
    )
    # The external id of the merchant, which never changes.
    merchant_external_id = fields.CharField(max_length=255)
    # The account of the payment. If the merchant's account is replaced, this value does not change, and is
    # then a former account of the merchant.
    stripe_account_id = fields.CharField(max_length=255)
    # API or STRIPE.
    origin = fields.CharField(max_length=16)
    # The platform's id of the order. Null if the payment was created at Stripe.
    external_id = fields.CharField(max_length=255, null=True)
    created_at = fields.DatetimeField()
    # The fee that was decided at the creation, or later at the capture: JSON text of
    # `connect.payments.rules.money.fees.AppliedFeePolicy`. Null without a fee.
    fee = fields.TextField(null=True)

    # When cancelPayment was first called. The payment may have been paid before Stripe was asked.
    cancel_requested_at = fields.DatetimeField(null=True)

    # The current session and intent. If the page of a payment expires, the payment can get another session.
    stripe_checkout_session_id = fields.CharField(max_length=255, null=True, unique=True)
    stripe_payment_intent_id = fields.CharField(max_length=255, null=True, unique=True)
    # JSON text of `connect.payments.rules.snapshot.Snapshot`. Null until Stripe has answered.
    snapshot = fields.TextField(null=True)

    # The number of the last fetch that was started, and of the last fetch that was written
    # (docs/decisions/0005).
    fetches_started = fields.IntField(default=0)
    fetch_applied = fields.IntField(default=0)
    # When the last written fetch began. The fetch covers all notifications that arrived before that time.
    fetch_began_at = fields.DatetimeField(null=True)
    synced_at = fields.DatetimeField(null=True)
    synced_by = fields.CharField(max_length=32, null=True)
    # When to fetch again, for example because Stripe has not booked the balance transaction or the fee yet.
    complete_at = fields.DatetimeField(null=True)
    completions = fields.SmallIntField(default=0)

    # Columns for filtering and searching. Most of them are derived from the snapshot.
    state = fields.CharField(max_length=32)
    refund_state = fields.CharField(max_length=16)
    dispute_state = fields.CharField(max_length=16)
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    livemode = fields.BooleanField(null=True)
    # SHA-256 of the payer's e-mail in lower case. The e-mail itself is not stored.
    payer_email_hash = fields.CharField(max_length=64, null=True)
    last4 = fields.CharField(max_length=4, null=True)

    # When the data about the payer was removed for good. Later fetches leave the data out.
    payer_forgotten_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    # Derived: the JSON text for clients, in wire form (see `connect.payments.rules.document`).
    document = fields.TextField()
    document_version = fields.IntField()
    row_version = fields.IntField(default=1)

    class Meta:
        table = "payment"
        unique_together = (("merchant_id", "external_id"),)
        # Each index is for the payment list, the mirror, or the rebuilding of documents
        # (docs/decisions/0017).
        indexes = (
            ("merchant_id", "id"),
            ("merchant_id", "state", "id"),
            ("state", "id"),
            ("refund_state", "id"),
            ("refund_state", "state", "id"),
            ("dispute_state", "id"),
            ("external_id", "id"),
            ("payer_email_hash", "id"),
            ("last4", "id"),
            ("currency", "amount", "id"),
            ("complete_at",),
            ("document_version", "id"),
        )


class PaymentObject(Model):
    """An object at Stripe that belongs to a payment: its events lead to the payment.

    `id` is our own id, which is also the id of the object's node for clients.
    """

    stripe_object_id = fields.CharField(max_length=255, primary_key=True)
    # `checkout.session`, `payment_intent`, `charge`, `refund`, `dispute` or `radar.early_fraud_warning`.
    kind = fields.CharField(max_length=32)
    id = fields.UUIDField(unique=True, default=uuid7)
    payment_id: uuid.UUID
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="objects", on_delete=fields.CASCADE
    )

    class Meta:
        table = "payment_object"
        indexes = (("payment_id", "kind"),)


class PaymentEntry(Model):
    """One observed change of a payment, or an action.

    Rows are never changed. Only eraseMerchant, the retention rule `timelines` and the refusal of a payment's
    creation delete rows.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    payment_id: uuid.UUID
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="entries", on_delete=fields.CASCADE
    )
    at = fields.DatetimeField()
    kind = fields.CharField(max_length=32)
    message = fields.TextField()
    actor = fields.CharField(max_length=255, null=True)
    before = fields.JSONField[dict[str, object]](null=True)
    after = fields.JSONField[dict[str, object]](null=True)
    # The number of the fetch that showed the change.
    fetch = fields.IntField(null=True)

    class Meta:
        table = "payment_entry"
        indexes = (("payment_id", "id"),)


class PaymentCreation(StripeRequest):
    """The request for a Checkout Session or a PaymentIntent of a payment.

    If Stripe refuses the request, the payment can be deleted, but this row is kept. So `payment_id` is not a
    foreign key. A page that replaces an expired page has its own request, with the next number.
    """

    merchant_id = fields.UUIDField()
    payment_id = fields.UUIDField()
    number = fields.IntField(default=1)
    # CHECKOUT or INTENT.
    kind = fields.CharField(max_length=16)
    stripe_account_id = fields.CharField(max_length=255)
    external_id = fields.CharField(max_length=255)

    class Meta:
        table = "payment_creation"
        unique_together = (("payment_id", "number"),)
        indexes = (("state", "run_at"), ("state", "id"), ("merchant_id", "external_id"))


class RefundRequest(StripeRequest):
    """The request for a refund of a payment. Its id is the id of the refund's node.

    `external_id` is the platform's own id of the refund, unique for each payment.
    """

    merchant_id = fields.UUIDField()
    payment_id: uuid.UUID
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="refund_requests", on_delete=fields.CASCADE
    )
    external_id = fields.CharField(max_length=255)
    amount = fields.BigIntField()
    actor = fields.CharField(max_length=255)
    # Null until Stripe has answered.
    stripe_refund_id = fields.CharField(max_length=255, null=True, unique=True)

    class Meta:
        table = "refund_request"
        unique_together = (("payment_id", "external_id"),)
        indexes = (("state", "run_at"), ("state", "id"))


class ApplicationFee(Model):
    """A fee that Stripe booked for the platform, and the sum of its refunds.

    The revenue is the sum of the fees less the sum of their refunds (`ApplicationFeeRefund`). `payment_id` is
    null until the payment is known. Stripe may book the fee in the platform's currency, so amount and
    currency may differ from the request.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    stripe_fee_id = fields.CharField(max_length=255, unique=True)
    stripe_account_id = fields.CharField(max_length=255)
    stripe_charge_id = fields.CharField(max_length=255, null=True)
    payment_id = fields.UUIDField(null=True)
    amount = fields.BigIntField()
    amount_refunded = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    created_at = fields.DatetimeField()
    fetches_started = fields.IntField(default=0)
    fetch_applied = fields.IntField(default=0)
    synced_at = fields.DatetimeField()

    class Meta:
        table = "application_fee"
        indexes = (("created_at",), ("payment_id",), ("stripe_charge_id",))


class ApplicationFeeRefund(Model):
    """A part of an application fee that went back to the merchant."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    stripe_fee_refund_id = fields.CharField(max_length=255, unique=True)
    fee_id: uuid.UUID
    fee: fields.ForeignKeyRelation[ApplicationFee] = fields.ForeignKeyField(
        "models.ApplicationFee", related_name="refunds", on_delete=fields.CASCADE
    )
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    created_at = fields.DatetimeField()

    class Meta:
        table = "application_fee_refund"
        indexes = (("created_at",), ("fee_id",))


class FeeReturn(StripeRequest):
    """The return of a part of the fee after a refund, made here or at Stripe.

    The state is KEPT if the platform keeps its fees.
    """

    merchant_id = fields.UUIDField()
    payment_id: uuid.UUID
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="fee_returns", on_delete=fields.CASCADE
    )
    stripe_refund_id = fields.CharField(max_length=255, unique=True)
    stripe_fee_id = fields.CharField(max_length=255)

    class Meta:
        table = "fee_return"
        indexes = (("state", "run_at"),)


def has_order(select: Select, merchant_id: object, external_id: str) -> list[str]:
    """Conditions on the payment table for the payment of one order."""
    return [f"merchant_id = {select.value(merchant_id)}", f"external_id = {select.value(external_id)}"]


def has_orders(select: Select, orders: Sequence[tuple[str, str]]) -> str:
    """A condition on the payment table for the payments of orders.

    An order is a pair: the external ids of the merchant and of the payment.
    """
    wanted = select.pairs(orders, "wanted")
    return (
        "(merchant_id, external_id) IN (SELECT merchant.id, wanted.column2 "  # noqa: S608
        f"FROM {wanted} JOIN merchant ON merchant.external_id = wanted.column1)"
    )


def is_of_merchant(select: Select, merchant_external_id: str, merchant_id: str = "merchant_id") -> str:
    """A condition on the payment table for one merchant. `merchant_id` is an expression for the column.

    If it is the column itself, the database can use an index that starts with the merchant's id.
    """
    merchant = f"SELECT id FROM merchant WHERE external_id = {select.value(merchant_external_id)}"  # noqa: S608
    return f"{merchant_id} = ({merchant})"


def has_object(select: Select, stripe_object_id: str) -> str:
    """A condition on the payment table for the payment of an object at Stripe."""
    value = select.value(stripe_object_id)
    return f"id = (SELECT payment_id FROM payment_object WHERE stripe_object_id = {value})"  # noqa: S608


async def latest_payment_entries(
    payment_ids: Sequence[uuid.UUID], limit: int, after: str | None
) -> list[PaymentEntry]:
    """The newest entries of each payment that are older than the entry `after`, at most `limit` of each.

    Runs one statement for any number of payments. The entries have only the columns that clients see.
    """
    columns = "id, payment_id, at, kind, message, actor"
    rows = await Select().newest_of_each(columns, "payment_entry", "payment_id", payment_ids, limit, after)
    return [PaymentEntry(**row) for row in rows]


class Owner(NamedTuple):
    """The payment of an object at Stripe, and when its last written fetch began."""

    payment_id: uuid.UUID
    merchant_id: uuid.UUID
    stripe_account_id: str
    fetch_began_at: datetime | None


async def find_owner(stripe_object_id: str) -> Owner | None:
    """The payment to which an object at Stripe belongs, or None if none is known. Reads only the columns that
    most events about payments need.
    """
    select = Select()
    rows = await select.matches(
        ("payment.id", "payment.merchant_id", "payment.stripe_account_id", "payment.fetch_began_at"),
        "payment_object JOIN payment ON payment.id = payment_object.payment_id",
        [f"payment_object.stripe_object_id = {select.value(stripe_object_id)}"],
    )
    if not rows:
        return None
    id_, merchant_id, account, began_at = rows[0]
    if select.is_sqlite:
        id_, merchant_id = uuid.UUID(id_), uuid.UUID(merchant_id)
        began_at = datetime.fromisoformat(began_at) if began_at is not None else None
    return Owner(id_, merchant_id, account, began_at)


async def start_fetch(row_id: uuid.UUID, table: str = "payment") -> tuple[int, datetime]:
    """Add 1 to `fetches_started` of this row. Returns the new number, and the database's time. Raises
    DoesNotExist.
    """
    statement = Select()
    rows = await statement.execute(
        f"UPDATE {table} SET fetches_started = fetches_started + 1 "  # noqa: S608
        f"WHERE id = {statement.value(row_id)} "
        f"RETURNING fetches_started, {statement.moment()} AS began_at"
    )
    if not rows:
        raise DoesNotExist(Payment)
    began_at = rows[0]["began_at"]
    return rows[0]["fetches_started"], datetime.fromisoformat(began_at) if statement.is_sqlite else began_at


async def start_fee_fetch(fee_id: uuid.UUID) -> int:
    """Add 1 to `fetches_started` of this fee. Returns the new number. Raises DoesNotExist."""
    statement = Select()
    rows = await statement.execute(
        f"UPDATE application_fee SET fetches_started = fetches_started + 1 "  # noqa: S608
        f"WHERE id = {statement.value(fee_id)} RETURNING fetches_started"
    )
    if not rows:
        raise DoesNotExist(ApplicationFee)
    return int(rows[0]["fetches_started"])


async def sums_by_month(table: str, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
    """The sums of the amounts in `application_fee` or `application_fee_refund`, by month and currency.

    Includes the rows with `created_at` at or after `since` and before `until`. Each result has the month in
    UTC (`2026-01`), the currency and the sum.
    """
    statement = Select()
    month = "substr(created_at, 1, 7)"
    if not statement.is_sqlite:
        month = "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM')"
    rows = await statement.execute(
        f"SELECT {month} AS month, currency, sum(amount) AS total FROM {table} "  # noqa: S608
        f"WHERE created_at >= {statement.value(since)} AND created_at < {statement.value(until)} "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [(row["month"], row["currency"], int(row["total"])) for row in rows]


async def claim_completions(pauses: Sequence[timedelta], limit: int) -> list[uuid.UUID]:
    """Plan the next fetch of the payments whose `complete_at` has come, and return their ids.

    `pauses[n]` is the pause before fetch `n`, counted from 0. After the last of these fetches, no further
    fetch is planned. Workers that claim at the same time get different payments. If a worker dies, its
    payments are fetched at their next planned times.
    """
    statement = Select()
    cases = [f"WHEN {done} THEN {statement.moment(pause)}" for done, pause in enumerate(pauses[1:])]
    next_at = f"CASE completions {' '.join(cases)} ELSE NULL END" if cases else "NULL"
    due = (
        f"SELECT id FROM payment WHERE complete_at <= {statement.moment()} "  # noqa: S608
        f"ORDER BY complete_at LIMIT {limit}"
    )
    rows = await statement.execute(
        f"UPDATE payment SET complete_at = {next_at}, completions = completions + 1 "  # noqa: S608
        f"WHERE {statement.is_free('id', due)} RETURNING id"
    )
    return [row["id"] if isinstance(row["id"], uuid.UUID) else uuid.UUID(row["id"]) for row in rows]
