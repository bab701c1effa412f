"""The mirror of the connected account, and the attempts at creating one."""

import uuid

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7
from models.merchant import Merchant


class ConnectedAccount(Model):
    """Stripe's account as last seen. A null section was never asked for, so it says nothing."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.OneToOneRelation[Merchant] = fields.OneToOneField(
        "models.Merchant", related_name="account", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255, unique=True)
    livemode = fields.BooleanField()
    stripe_created_at = fields.DatetimeField(null=True)
    dashboard = fields.TextField(null=True)
    closed = fields.BooleanField(default=False)
    disconnected_at = fields.DatetimeField(null=True)
    contact_email = fields.TextField(null=True)
    display_name = fields.TextField(null=True)
    country = fields.CharField(max_length=2, null=True)
    entity_type = fields.TextField(null=True)
    applied_configurations = fields.JSONField[list[str]]()
    metadata = fields.JSONField[dict[str, str]]()
    configuration = fields.JSONField[dict[str, object]](null=True)
    defaults = fields.JSONField[dict[str, object]](null=True)
    requirements = fields.JSONField[dict[str, object]](null=True)
    future_requirements = fields.JSONField[dict[str, object]](null=True)

    # Fetches are numbered when they start; an answer is written only when its number is above the last
    # one written. Numbers need no clock, so replicas cannot disagree about the order.
    fetches_started = fields.IntField(default=0)
    fetch_applied = fields.IntField(default=0)
    synced_at = fields.DatetimeField()
    synced_by = fields.CharField(max_length=32)
    # Not used any more, but written by replicas of the version before; a later migration drops it.
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        table = "connected_account"
        indexes = (("closed", "synced_at"),)


class AccountCreation(Model):
    """One intent to create an account at Stripe, written down before Stripe is asked.

    It outlives a merchant that Stripe refused, so it names the merchant without a foreign key.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id = fields.UUIDField(unique=True)
    external_id = fields.CharField(max_length=255)
    idempotency_key = fields.CharField(max_length=255, unique=True)
    input = fields.TextField()  # what the client asked for, canonical: a repeat must ask for the same
    body = fields.TextField()  # what Stripe is asked for, to the byte
    state = fields.CharField(max_length=16, default="PENDING")  # PENDING, SUCCEEDED, REFUSED
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
