"""The inbox: every event notification that Stripe delivered, once."""

import uuid

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7
from models.merchant import Merchant


class StripeEvent(Model):
    """A notification that was received, or found missing, and how far its handling is.

    `account_key` groups notifications that one fetch answers: the account's id, or the event's own id while
    the account is not known.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    stripe_event_id = fields.CharField(max_length=255, unique=True)
    type = fields.CharField(max_length=255)
    stripe_account_id = fields.CharField(max_length=255, null=True)
    account_key = fields.CharField(max_length=255)
    livemode = fields.BooleanField()
    body = fields.TextField()
    stripe_created_at = fields.DatetimeField()  # when it arrived, if Stripe does not say
    received_at = fields.DatetimeField()
    # When it was found in Stripe's list of events; null for one that Stripe delivered, then or since.
    back_filled_at = fields.DatetimeField(null=True)

    state = fields.CharField(max_length=16, default="PENDING")  # PENDING, HANDLED, IGNORED, FAILED
    attempts = fields.IntField(default=0)
    run_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    last_error = fields.TextField(null=True)
    handled_at = fields.DatetimeField(null=True)
    merchant_id: uuid.UUID | None
    merchant: fields.ForeignKeyNullableRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="events", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "stripe_event"
        indexes = (("state", "run_at"), ("account_key", "state"), ("back_filled_at",))
