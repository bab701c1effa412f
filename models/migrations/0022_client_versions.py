from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0021_request_ids_of_entries')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ClientUse',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('day', fields.DateField()),
                ('client', fields.CharField(max_length=64)),
                ('version', fields.CharField(max_length=64)),
                ('operations', fields.BigIntField()),
                ('last_used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'client_use', 'app': 'models', 'unique_together': (('day', 'client', 'version'),), 'pk_attr': 'id', 'table_description': 'The number of operations that a version of a client sent on one day, in UTC.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OperationManifest',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('client', fields.CharField(max_length=64)),
                ('version', fields.CharField(max_length=64)),
                ('documents', fields.TextField(unique=False)),
                ('operations', fields.IntField()),
                ('added_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'operation_manifest', 'app': 'models', 'unique_together': (('client', 'version'),), 'pk_attr': 'id', 'table_description': 'The published operations of one version of a client.'},
            bases=['Model'],
        ),
    ]
