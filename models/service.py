"""The services for which merchants pay the platform. Each service is a subscription, whose customer is the
merchant's account.
"""

import uuid

from tortoise import fields
from tortoise.exceptions import DoesNotExist
from tortoise.models import Model

from models.account import StripeRequest
from models.ids import uuid7
from models.merchant import Merchant
from models.sql import Select


class Service(Model):
    """The mirror of a merchant's subscription and its latest invoices.

    Only `connect.services` and `connect.merchants.erasure` write it. The column `service` of the merchant's
    row has the JSON text for clients.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="services", on_delete=fields.CASCADE, unique=True
    )
    # The account that is the customer of the subscription.
    stripe_account_id = fields.CharField(max_length=255)
    # Null until the merchant has subscribed.
    stripe_subscription_id = fields.CharField(max_length=255, null=True)
    # The stored parts of Stripe's last answers (`connect.services.rules.snapshot`).
    snapshot = fields.TextField(null=True)
    # True until the subscription has ended. The sweep fetches subscriptions that have not ended.
    is_open = fields.BooleanField(default=False)
    # When the merchant's access ends, unless the open invoice is paid before that time.
    grace_until = fields.DatetimeField(null=True)
    fetches_started = fields.IntField(default=0)
    fetch_applied = fields.IntField(default=0)
    # When the last written fetch began.
    synced_at = fields.DatetimeField(null=True)

    class Meta:
        table = "service"
        indexes = (
            ("stripe_account_id",),
            ("stripe_subscription_id",),
            ("grace_until",),
            ("is_open", "synced_at"),
        )


class ServiceRequest(StripeRequest):
    """A request for a Checkout page on which a merchant subscribes. Its key has the merchant and `number`."""

    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="service_requests", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255)
    number = fields.IntField()
    # Null until Stripe has answered.
    stripe_session_id = fields.CharField(max_length=255, null=True)

    class Meta:
        table = "service_request"
        indexes = (("merchant_id", "number"),)


async def start_service_fetch(service_id: uuid.UUID) -> int:
    """Add 1 to `fetches_started` of this service with one statement. Returns the new number. Raises
    DoesNotExist.
    """
    statement = Select()
    rows = await statement.execute(
        f"UPDATE service SET fetches_started = fetches_started + 1 "  # noqa: S608
        f"WHERE id = {statement.value(service_id)} RETURNING fetches_started"
    )
    if not rows:
        raise DoesNotExist(Service)
    return int(rows[0]["fetches_started"])
