from tortoise import migrations
from tortoise.migrations import operations as ops
from models.audit import TRIGGERS
from models.dialect_sql import RunSQLOfDialect
from models.ids import uuid7
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0027_forgotten_payers')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('actor', fields.CharField(null=True, max_length=255)),
                ('role', fields.CharField(max_length=16)),
                ('client', fields.CharField(max_length=64)),
                ('action', fields.CharField(max_length=64)),
                ('subject', fields.CharField(null=True, max_length=255)),
                ('outcome', fields.CharField(max_length=64)),
                ('request_id', fields.CharField(null=True, max_length=128)),
                ('details', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'audit_entry', 'app': 'models', 'indexes': [Index(fields=['actor', 'id']), Index(fields=['action', 'id']), Index(fields=['subject', 'id'])], 'pk_attr': 'id', 'table_description': 'An action of a caller, an administrator or a worker. Rows are never changed.'},
            bases=['Model'],
        ),
        RunSQLOfDialect(TRIGGERS),
    ]
