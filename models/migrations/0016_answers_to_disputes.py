from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0015_finances')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DisputeRequest',
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
                ('payment_id', fields.UUIDField()),
                ('dispute', fields.ForeignKeyField('models.Dispute', source_field='dispute_id', db_constraint=True, to_field='id', related_name='requests', on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharField(max_length=16)),
                ('actor', fields.CharField(max_length=255)),
                ('expected_version', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'dispute_request', 'app': 'models', 'indexes': [Index(fields=['state', 'run_at']), Index(fields=['state', 'id']), Index(fields=['dispute_id', 'id'])], 'pk_attr': 'id', 'table_description': 'An answer to a dispute. Its body has the evidence in encrypted form until Stripe has answered.'},
            bases=['StripeRequest'],
        ),
    ]
