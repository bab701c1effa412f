from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0005_search_and_lists')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AccountReplacement',
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
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', db_constraint=True, to_field='id', related_name='replacements', on_delete=OnDelete.CASCADE)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('actor', fields.CharField(max_length=255)),
            ],
            options={'table': 'account_replacement', 'app': 'models', 'indexes': [Index(fields=['state', 'run_at']), Index(fields=['merchant_id', 'id'])], 'pk_attr': 'id', 'table_description': 'The request for another account of a merchant, in place of the account `stripe_account_id`.'},
            bases=['AccountRequest'],
        ),
        ops.CreateModel(
            name='FormerAccount',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', db_constraint=True, to_field='id', related_name='former', on_delete=OnDelete.CASCADE)),
                ('stripe_account_id', fields.CharField(unique=True, max_length=255)),
                ('snapshot', fields.TextField(unique=False)),
                ('disconnected_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ever_active_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('fetch_applied', fields.IntField()),
                ('synced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('replaced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'former_account', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'replaced_at'])], 'pk_attr': 'id', 'table_description': 'The last known state of an account that a replacement took from its merchant.'},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='AccountCreation',
            options={'table': 'account_creation', 'app': 'models', 'indexes': [Index(fields=['state', 'run_at']), Index(fields=['state', 'id']), Index(fields=['external_id'])], 'pk_attr': 'id', 'table_description': 'The request for the first account of a merchant.'},
        ),
        ops.AddField(
            model_name='Merchant',
            name='former_accounts',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
