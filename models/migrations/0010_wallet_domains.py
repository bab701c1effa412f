from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0009_payment_amounts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='WalletDomain',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('merchant', fields.ForeignKeyField('models.Merchant', source_field='merchant_id', db_constraint=True, to_field='id', related_name='wallet_domains', on_delete=OnDelete.CASCADE)),
                ('stripe_account_id', fields.CharField(max_length=255)),
                ('domain', fields.CharField(max_length=253)),
                ('stripe_domain_id', fields.CharField(null=True, max_length=255)),
                ('state', fields.CharField(default='PENDING', max_length=16)),
                ('apple_pay', fields.CharField(null=True, max_length=16)),
                ('google_pay', fields.CharField(null=True, max_length=16)),
                ('link', fields.CharField(null=True, max_length=16)),
                ('error_code', fields.CharField(null=True, max_length=255)),
                ('error_message', fields.TextField(null=True, unique=False)),
                ('attempts', fields.IntField(default=0)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('run_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'wallet_domain', 'app': 'models', 'unique_together': (('stripe_account_id', 'domain'),), 'indexes': [Index(fields=['run_at']), Index(fields=['state', 'updated_at'])], 'pk_attr': 'id', 'table_description': 'One domain on one account, as Stripe last judged it.'},
            bases=['Model'],
        ),
    ]
