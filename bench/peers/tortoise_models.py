"""The normalised tables as Tortoise's models."""

from tortoise import fields
from tortoise.models import Model


class Merchant(Model):
    id = fields.UUIDField(primary_key=True)
    external_id = fields.TextField()
    display_name = fields.TextField()
    contact_email = fields.TextField()
    country = fields.TextField()
    created_at = fields.DatetimeField()
    status = fields.TextField()
    summary = fields.TextField()
    action_kind = fields.TextField()
    action_by = fields.TextField(null=True)
    action_label = fields.TextField()
    action_deadline = fields.DatetimeField(null=True)
    action_url = fields.TextField(null=True)
    dashboard_type = fields.TextField()
    dashboard_available = fields.BooleanField()
    dashboard_unavailable_reason = fields.TextField(null=True)
    dashboard_url = fields.TextField(null=True)
    dashboard_tasks = fields.JSONField()
    can_accept_payments = fields.BooleanField()
    can_receive_payouts = fields.BooleanField()
    due_count = fields.IntField()
    pending_count = fields.IntField()
    nearest_deadline = fields.DatetimeField(null=True)
    transitions_at = fields.DatetimeField(null=True)
    future_due_count = fields.IntField()
    future_pending_count = fields.IntField()
    future_nearest_deadline = fields.DatetimeField(null=True)
    future_transitions_at = fields.DatetimeField(null=True)
    onboarding_started = fields.BooleanField()
    links_issued = fields.IntField()
    last_link_issued_at = fields.DatetimeField(null=True)
    last_returned_at = fields.DatetimeField(null=True)
    ever_active_at = fields.DatetimeField(null=True)
    synced_at = fields.DatetimeField(null=True)
    sync_source = fields.TextField(null=True)

    class Meta:
        table = "merchant"
        schema = "peers"


class Account(Model):
    id = fields.UUIDField(primary_key=True)
    merchant = fields.OneToOneField("models.Merchant", related_name="account")
    stripe_account_id = fields.TextField()
    livemode = fields.BooleanField()
    fees_collector = fields.TextField()
    losses_collector = fields.TextField()
    requirements_collector = fields.TextField()
    applied_configurations = fields.JSONField()
    closed = fields.BooleanField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "account"
        schema = "peers"


class Capability(Model):
    id = fields.BigIntField(primary_key=True)
    merchant = fields.ForeignKeyField("models.Merchant", related_name="capabilities")
    position = fields.IntField()
    name = fields.TextField()
    title = fields.TextField()
    status = fields.TextField()
    details = fields.JSONField()

    class Meta:
        table = "capability"
        schema = "peers"
        ordering = ("position",)


class Requirement(Model):
    id = fields.BigIntField(primary_key=True)
    merchant = fields.ForeignKeyField("models.Merchant", related_name="requirements")
    future = fields.BooleanField()
    position = fields.IntField()
    key = fields.TextField()
    title = fields.TextField()
    help = fields.TextField(null=True)
    subject = fields.TextField()
    person_id = fields.TextField(null=True)
    awaiting_action_from = fields.TextField()
    deadline = fields.TextField()
    reasons = fields.JSONField()
    errors = fields.JSONField()
    restricts = fields.JSONField()
    alternatives = fields.JSONField()

    class Meta:
        table = "requirement"
        schema = "peers"
        ordering = ("position",)


class Payment(Model):
    id = fields.UUIDField(primary_key=True)
    external_id = fields.TextField(null=True)
    origin = fields.TextField()
    state = fields.TextField()
    refund_state = fields.TextField()
    dispute_state = fields.TextField()
    summary = fields.TextField()
    created_at = fields.DatetimeField()
    livemode = fields.BooleanField(null=True)
    stripe_payment_intent_id = fields.TextField(null=True)
    currency = fields.TextField()
    amount = fields.BigIntField()
    amount_received = fields.BigIntField()
    amount_refunded = fields.BigIntField()
    fee_currency = fields.TextField(null=True)
    application_fee = fields.BigIntField(null=True)
    application_fee_refunded = fields.BigIntField(null=True)
    balance_currency = fields.TextField(null=True)
    stripe_fee = fields.BigIntField(null=True)
    net = fields.BigIntField(null=True)
    method_type = fields.TextField(null=True)
    method_brand = fields.TextField(null=True)
    method_last4 = fields.TextField(null=True)
    method_country = fields.TextField(null=True)
    method_funding = fields.TextField(null=True)
    method_wallet = fields.TextField(null=True)

    class Meta:
        table = "payment"
        schema = "peers"


class Refund(Model):
    id = fields.UUIDField(primary_key=True)
    payment = fields.ForeignKeyField("models.Payment", related_name="refunds")
    position = fields.IntField()
    external_id = fields.TextField(null=True)
    origin = fields.TextField()
    currency = fields.TextField()
    amount = fields.BigIntField()
    state = fields.TextField()
    explanation = fields.TextField()
    reason = fields.TextField(null=True)
    failure_reason = fields.TextField(null=True)
    stripe_refund_id = fields.TextField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "refund"
        schema = "peers"
        ordering = ("position",)
