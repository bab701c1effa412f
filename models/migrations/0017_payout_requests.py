from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0016_answers_to_disputes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PayoutRequest',
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
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', db_constraint=True, to_field='id', related_name='payout_requests', on_delete=OnDelete.CASCADE)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('external_id', fields.CharField(max_length=255)),
                ('amount', fields.BigIntField()),
                ('currency', fields.CharField(max_length=3)),
                ('actor', fields.CharField(max_length=255)),
                ('stripe_payout_id', fields.CharField(null=True, unique=True, max_length=255)),
            ],
            options={'table': 'payout_request', 'app': 'models', 'unique_together': (('merchant_id', 'external_id'),), 'indexes': [Index(fields=['state', 'run_at']), Index(fields=['state', 'id'])], 'pk_attr': 'id', 'table_description': 'The request for a payout outside the schedule.'},
            bases=['StripeRequest'],
        ),
    ]
