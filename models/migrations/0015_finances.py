from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0014_payment_refund_states')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Payout',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', db_constraint=True, to_field='id', related_name='payouts', on_delete=OnDelete.CASCADE)),
                ('merchant_external_id', fields.CharField(max_length=255)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('stripe_payout_id', fields.CharField(unique=True, max_length=255)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('snapshot', fields.TextField(unique=False)),
                ('fetches_started', fields.IntField(default=1)),
                ('fetch_applied', fields.IntField(default=1)),
                ('fetch_began_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('synced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('synced_by', fields.CharField(max_length=32)),
                ('transactions_due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.SmallIntField(default=0)),
                ('transactions_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('status', fields.CharField(max_length=16)),
                ('amount', fields.BigIntField()),
                ('currency', fields.CharField(max_length=3)),
                ('arrives_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('document', fields.TextField(unique=False)),
                ('document_version', fields.IntField()),
                ('row_version', fields.IntField(default=1)),
            ],
            options={'table': 'payout', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'id']), Index(fields=['merchant_id', 'status', 'id']), Index(fields=['status', 'id']), Index(fields=['transactions_due_at']), Index(fields=['document_version', 'id'])], 'pk_attr': 'id', 'table_description': 'The mirror of one payout of a connected account, and everything that clients can read of it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PayoutTransaction',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('payout', fields.ForeignKeyField('models.Payout', source_field='payout_id', db_constraint=True, to_field='id', related_name='transactions', on_delete=OnDelete.CASCADE)),
                ('stripe_transaction_id', fields.CharField(max_length=255)),
                ('type', fields.CharField(max_length=255)),
                ('category', fields.CharField(max_length=255)),
                ('amount', fields.BigIntField()),
                ('fee', fields.BigIntField()),
                ('net', fields.BigIntField()),
                ('currency', fields.CharField(max_length=3)),
                ('stripe_source_id', fields.CharField(null=True, max_length=255)),
                ('payment_id', fields.UUIDField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'payout_transaction', 'app': 'models', 'unique_together': (('payout_id', 'stripe_transaction_id'),), 'indexes': [Index(fields=['payout_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A balance transaction inside a payout. Rows are never changed.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ConnectedAccount',
            name='finances',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='ConnectedAccount',
            name='finances_due_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='ConnectedAccount',
            name='finances_started',
            field=fields.IntField(null=True),
        ),
        ops.AddIndex(
            model_name='ConnectedAccount',
            index=Index(fields=['finances_due_at']),
        ),
    ]
