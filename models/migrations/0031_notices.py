from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0030_index_of_erasures')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Notice',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('key', fields.CharField(unique=True, max_length=128)),
                ('kind', fields.CharField(max_length=16)),
                ('merchant_id', fields.UUIDField()),
                ('subject_id', fields.UUIDField()),
                ('deadline', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('days', fields.SmallIntField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('resolved_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('mail_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('mail_attempts', fields.SmallIntField(default=0)),
            ],
            options={'table': 'notice', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'created_at']), Index(fields=['resolved_at', 'id']), Index(fields=['mail_at'])], 'pk_attr': 'id', 'table_description': 'A notice about a merchant that was written as an outgoing event, until its cause has ended.'},
            bases=['Model'],
        ),
    ]
