from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PeriodicTask',
            fields=[
                ('name', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('leased_by', fields.CharField(null=True, max_length=64)),
                ('state', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'periodic_task', 'app': 'models', 'pk_attr': 'name', 'table_description': 'One recurring task: when it is due, who is at it, and what it found (`connect.platform.periodic`).'},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='StripeEvent',
            options={'table': 'stripe_event', 'app': 'models', 'indexes': [Index(fields=['state', 'run_at']), Index(fields=['account_key', 'state']), Index(fields=['back_filled_at'])], 'pk_attr': 'id', 'table_description': 'A notification that was received, or found missing, and how far its handling is.'},
        ),
        ops.AddField(
            model_name='StripeEvent',
            name='back_filled_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='StripeEvent',
            index=Index(fields=['back_filled_at']),
        ),
    ]
