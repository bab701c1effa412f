from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Merchant',
            name='merchant_document',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Merchant',
            name='status_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Merchant',
            name='updated_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['status', 'awaiting_action_from', 'status_since', 'id']),
        ),
    ]
