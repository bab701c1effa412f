from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0007_payments')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FeeReturn',
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
                ('merchant_id', fields.UUIDField()),
                ('payment', fields.ForeignKeyField('models.Payment', source_field='payment_id', db_constraint=True, to_field='id', related_name='fee_returns', on_delete=OnDelete.CASCADE)),
                ('stripe_refund_id', fields.CharField(unique=True, max_length=255)),
                ('stripe_fee_id', fields.CharField(max_length=255)),
            ],
            options={'table': 'fee_return', 'app': 'models', 'indexes': [Index(fields=['state', 'run_at'])], 'pk_attr': 'id', 'table_description': 'The return of a part of the fee after a refund, made here or at Stripe.'},
            bases=['StripeRequest'],
        ),
    ]
