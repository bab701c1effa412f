from tortoise import migrations
from tortoise.migrations import operations as ops
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0022_client_versions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ChangeBatch',
            fields=[
                ('number', fields.BigIntField(primary_key=True, unique=True, db_index=True, generated=False)),
                ('changes', fields.TextField(unique=False)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'change_batch', 'app': 'models', 'pk_attr': 'number', 'table_description': 'Committed changes: their payloads, separated by spaces. The numbers have no gaps.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PendingChange',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('payload', fields.CharField(max_length=255)),
            ],
            options={'table': 'pending_change', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A published change that no batch contains yet. `payload` is the text of `models.changes.Change`.'},
            bases=['Model'],
        ),
    ]
