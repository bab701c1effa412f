from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0012_disputes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Service',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', unique=True, db_constraint=True, to_field='id', related_name='services', on_delete=OnDelete.CASCADE)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('stripe_subscription_id', fields.CharField(null=True, max_length=255)),
                ('snapshot', fields.TextField(null=True, unique=False)),
                ('is_open', fields.BooleanField(default=False)),
                ('grace_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('fetches_started', fields.IntField(default=0)),
                ('fetch_applied', fields.IntField(default=0)),
                ('synced_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'service', 'app': 'models', 'indexes': [Index(fields=['stripe_account_id']), Index(fields=['stripe_subscription_id']), Index(fields=['grace_until']), Index(fields=['is_open', 'synced_at'])], 'pk_attr': 'id', 'table_description': "The mirror of a merchant's subscription and its latest invoices."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ServiceRequest',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('idempotency_key', fields.CharField(unique=True, max_length=255)),
                ('input', fields.TextField(unique=False)),
                ('body', fields.TextField(unique=False)),
                ('state', fields.CharField(default='PENDING', max_length=16)),
                ('attempts', fields.IntField(default=0)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('run_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('error_code', fields.CharField(null=True, max_length=255)),
                ('error_message', fields.TextField(null=True, unique=False)),
                ('request_id', fields.CharField(null=True, max_length=255)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', db_constraint=True, to_field='id', related_name='service_requests', on_delete=OnDelete.CASCADE)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('number', fields.IntField()),
                ('stripe_session_id', fields.CharField(null=True, max_length=255)),
            ],
            options={'table': 'service_request', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'number'])], 'pk_attr': 'id', 'table_description': 'A request for a Checkout page on which a merchant subscribes. Its key has the merchant and `number`.'},
            bases=['StripeRequest'],
        ),
        ops.AddField(
            model_name='Merchant',
            name='service',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
