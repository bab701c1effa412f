from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0011_fee_policies_of_merchants')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Dispute',
            fields=[
                ('id', fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ('payment', fields.ForeignKeyField('models.Payment', source_field='payment_id', db_constraint=True, to_field='id', related_name='disputes', on_delete=OnDelete.CASCADE)),
                ('stripe_dispute_id', fields.CharField(unique=True, max_length=255)),
                ('merchant_id', fields.UUIDField()),
                ('merchant_external_id', fields.CharField(max_length=255)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('status', fields.CharField(max_length=32)),
                ('kind', fields.CharField(max_length=16)),
                ('needs_response', fields.BooleanField()),
                ('due_by', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('respond_by', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('document', fields.TextField(unique=False)),
                ('row_version', fields.IntField(default=1)),
            ],
            options={'table': 'dispute', 'app': 'models', 'indexes': [Index(fields=['respond_by', 'id']), Index(fields=['merchant_id', 'respond_by', 'id']), Index(fields=['status', 'respond_by', 'id']), Index(fields=['created_at', 'id']), Index(fields=['merchant_id', 'created_at', 'id']), Index(fields=['status', 'created_at', 'id']), Index(fields=['payment_id'])], 'pk_attr': 'id', 'table_description': 'A dispute of a payment, and everything that clients can read of it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Merchant',
            name='responses',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
