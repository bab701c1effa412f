"""Connected accounts and the requests that create them."""

import uuid

from tortoise import fields
from tortoise.exceptions import DoesNotExist
from tortoise.models import Model

from models.ids import uuid7
from models.merchant import Merchant
from models.sql import Select


class ConnectedAccount(Model):
    """The mirror of one account at Stripe.

    `connect.merchants.rules.snapshot` reads and writes `snapshot`, which is JSON text. The other columns
    serve filters and indexes.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.OneToOneRelation[Merchant] = fields.OneToOneField(
        "models.Merchant", related_name="account", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255, unique=True)
    snapshot = fields.TextField()
    closed = fields.BooleanField(default=False)
    disconnected_at = fields.DatetimeField(null=True)
    # The number of requirement entries beyond the limit of the snapshot.
    entries_cut = fields.IntField(default=0)

    # The numbers of the last fetch that was started, and of the last one written (docs/decisions/0005).
    fetches_started = fields.IntField(default=0)
    fetch_applied = fields.IntField(default=0)
    synced_at = fields.DatetimeField()
    synced_by = fields.CharField(max_length=32)

    class Meta:
        table = "connected_account"
        indexes = (("closed", "synced_at"), ("entries_cut",))


class AccountCreation(Model):
    """A request to create an account, stored before it is sent to Stripe.

    It outlives a merchant that Stripe refused, so `merchant_id` is not a foreign key.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id = fields.UUIDField(unique=True)
    external_id = fields.CharField(max_length=255)
    idempotency_key = fields.CharField(max_length=255, unique=True)
    # The client's input in canonical form; a repeated input must be equal.
    input = fields.TextField()
    # The request's body; each attempt sends the same bytes.
    body = fields.TextField()
    # PENDING, SUCCEEDED, REFUSED.
    state = fields.CharField(max_length=16, default="PENDING")
    attempts = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    run_at = fields.DatetimeField()
    error_code = fields.CharField(max_length=255, null=True)
    error_message = fields.TextField(null=True)
    request_id = fields.CharField(max_length=255, null=True)
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account_creation"
        indexes = (("state", "run_at"), ("state", "id"), ("external_id",))


async def start_fetch(account_id: uuid.UUID) -> int:
    """Add 1 to `fetches_started` of this account with one statement. Returns the new number."""
    statement = Select()
    rows = await statement.execute(
        f"UPDATE connected_account SET fetches_started = fetches_started + 1 "  # noqa: S608
        f"WHERE id = {statement.value(account_id)} RETURNING fetches_started"
    )
    if not rows:
        raise DoesNotExist(ConnectedAccount)
    return int(rows[0]["fetches_started"])
