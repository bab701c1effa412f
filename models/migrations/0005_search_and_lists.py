from tortoise import migrations
from tortoise.migrations import operations as ops
from models.collation import CodePointField
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0004_links_into_the_dashboard')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MerchantWord',
            fields=[
                ('entry', CodePointField(primary_key=True, unique=True, db_index=True, max_length=128)),
            ],
            options={'table': 'merchant_word', 'app': 'models', 'pk_attr': 'entry', 'table_description': 'A word by which a merchant is found.'},
            bases=['Model'],
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['contact_email_folded', 'id'],
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['external_id_folded', 'id'],
        ),
        ops.AddField(
            model_name='Merchant',
            name='livemode',
            field=fields.BooleanField(null=True),
        ),
        ops.AddField(
            model_name='Merchant',
            name='search_words',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Merchant',
            name='status_order',
            field=fields.SmallIntField(null=True),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['country', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['livemode', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['status_order', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['status_since', 'id']),
        ),
    ]
